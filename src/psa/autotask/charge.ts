import type { ChargeChange, Lookup, RequestDraft } from '../../domain/change';
import { problem } from '../../domain/problem';
import { lengthOf, ruledOut } from './field-rules';
import { limits } from './limits';
import { write, type Making } from './making';
import { UNSURE } from './picklists';

/** The key goes into `purchaseOrderNumber`: a free text that is read back. Type and billing code are the tenant's own. */
export function newCharge(change: ChargeChange, making: Making): RequestDraft {
  const { check, around, problems } = making;
  const { after, agreementId, lineKey } = change;
  const contractID = check.id('contract', agreementId);
  const most = (field: string, documented: number) => lengthOf(around.lookups, 'ContractCharges', field, documented);
  const name = check.text('name', after.name ?? change.name, most('description', limits.lineName));
  const body = {
    contractID,
    chargeType: chosen('chargeType', 'charge type', making),
    billingCodeID: chosen('billingCode', 'billing code', making),
    datePurchased: check.day('date', change.on),
    name: name.slice(0, most('name', limits.oneTimeTitle)),
    description: name,
    unitQuantity: Number(check.quantity('quantity', after.quantity, 'any sign')),
    unitPrice: Number(check.price('price', after.price)),
    ...(after.cost === null ? {} : { unitCost: Number(check.price('cost', after.cost)) }),
    isBillableToCompany: true,
    purchaseOrderNumber: check.text('line key', lineKey, most('purchaseOrderNumber', limits.oneTimeKey)),
  };
  problems.push(...ruledOut(around, 'ContractCharges', body, 'new'));
  return write('charge', 'POST', `/V1.0/Contracts/${String(contractID)}/Charges`, body, {});
}

/** What the connection names (by id or by name), else the one that the tenant takes by itself; what nobody chose is asked for, never guessed. */
function chosen(rule: 'chargeType' | 'billingCode', field: string, { around, problems, check }: Making): number {
  const wanted = (around.settings[rule] ?? '').trim();
  const { rules } = around.lookups;
  const isId = /^\d+$/.test(wanted);
  if (rules === undefined) {
    if (isId) return check.id(field, wanted);
    problems.push(problem('choices were never read', { what: 'charge types and billing codes' }));
    return 0;
  }
  const prefix = `${rule}=`;
  const offered = rules.filter(({ id }) => id.startsWith(prefix));
  const isMeant = ({ id, name }: Lookup) => (isId ? id === `${prefix}${wanted}` : name.toLowerCase() === wanted.toLowerCase());
  const found = wanted === '' ? offered[0] : offered.find(isMeant);
  if (wanted === '' && found !== undefined && rules.some(({ id }) => id === UNSURE[rule].id)) {
    problems.push(problem('choice is needed', { field, choices: offered.map(({ name }) => name) }));
    return 0;
  }
  if (found !== undefined) return check.id(field, found.id.slice(prefix.length));
  problems.push(wanted === '' ? problem('text is missing', { field }) : problem('value is not accepted', { field, value: wanted }));
  return 0;
}
