import { shiftDay } from '../../domain/calendar';
import type { PsaRequest } from '../../psa/psa';
import type { Handled, Row, SandboxState } from '../sandbox';
import { fieldsIn, RECURRING_SERVICE, rulesIn } from './fields';
import { ADJUSTMENT, CONTRACT_SERVICE, errorsIn } from './rules';
import { dayIn, done, noted, numberIn, recordIn, refusal, rowIn, rowsOf, textIn, withRows } from './tables';

const at = (day: string) => `${day}T00:00:00Z`;

/** The only way to another number of units: a delta from a day on. It makes the contract service where the contract has none. */
export function adjust(state: SandboxState, request: PsaRequest): Handled {
  const body = recordIn(request.body);
  const errors = errorsIn(body, rulesIn(state, 'ContractServiceAdjustments', ADJUSTMENT));
  const byId = body['contractServiceID'] !== undefined;
  if (!byId && (body['contractID'] === undefined || body['serviceID'] === undefined))
    errors.push('A contractServiceID, or contractID and serviceID, is required.');
  if (errors.length > 0) return { state, answer: refusal(500, ...errors) };
  const held = rowsOf(state, 'contractServices').find((row) =>
    byId ? row['id'] === body['contractServiceID'] : row['contractID'] === body['contractID'] && row['serviceID'] === body['serviceID'],
  );
  const contract = rowIn(state, 'contracts', held?.['contractID'] ?? body['contractID']);
  if (contract === null || (byId && held === undefined)) return { state, answer: refusal(500, 'Reference value on field does not exist.') };
  if (contract['contractType'] !== RECURRING_SERVICE)
    return { state, answer: refusal(500, 'Services can only be adjusted on recurring service contracts.') };
  const day = dayIn(body['effectiveDate']);
  if (day < dayIn(contract['startDate']) || day > dayIn(contract['endDate']))
    return { state, answer: refusal(500, 'The effective date must be within the contract period.') };
  return held === undefined ? created(state, request, contract) : changed(state, request, held);
}

function created(state: SandboxState, request: PsaRequest, contract: Row): Handled {
  const body = recordIn(request.body);
  const service = rowIn(state, 'services', body['serviceID']);
  if (service === null || service['isActive'] === false)
    return { state, answer: refusal(500, 'The service does not exist or is inactive.') };
  if (numberIn(body['unitChange']) <= 0) return { state, answer: refusal(500, 'The units of a service cannot be negative.') };
  const id = state.nextId;
  const [price, cost] = [body['adjustedUnitPrice'] ?? service['unitPrice'] ?? 0, body['adjustedUnitCost'] ?? service['unitCost'] ?? 0];
  const row: Row = {
    ...{ id, contractID: contract['id'] ?? null, serviceID: service['id'] ?? null, unitPrice: price, unitCost: cost },
    ...{ invoiceDescription: service['invoiceDescription'] ?? service['name'] ?? '', internalDescription: null },
  };
  const units = unitsRow(id + 1, row, numberIn(body['unitChange']), dayIn(body['effectiveDate']), dayIn(contract['endDate']));
  const withLine = withRows(state, 'contractServices', [...rowsOf(state, 'contractServices'), row]);
  const withUnits = withRows(withLine, 'contractServiceUnits', [...rowsOf(state, 'contractServiceUnits'), units]);
  return done({ ...noted(withUnits, request, { effect: 'created', table: 'contractServices', id, key: null }), nextId: id + 3 }, id + 2);
}

/** The period that the day lies in is split; every later one changes, too. */
function changed(state: SandboxState, request: PsaRequest, line: Row): Handled {
  const body = recordIn(request.body);
  const change = numberIn(body['unitChange']);
  const day = dayIn(body['effectiveDate']);
  const own = rowsOf(state, 'contractServiceUnits').filter((row) => row['contractServiceID'] === line['id']);
  const later = own.filter((row) => dayIn(row['endDate']) >= day);
  if (later.length === 0) return { state, answer: refusal(500, 'There are no units to adjust on this date.') };
  if (later.some((row) => row['approveAndPostDate'] !== null))
    return { state, answer: refusal(500, 'The period was approved and posted.') };
  if (later.some((row) => numberIn(row['units']) + change < 0))
    return { state, answer: refusal(500, 'The units of a service cannot be negative.') };
  if (change === 0) return done({ ...state, nextId: state.nextId + 1 }, state.nextId);
  let nextId = state.nextId;
  const rows = rowsOf(state, 'contractServiceUnits').flatMap((row) => {
    if (!later.includes(row)) return [row];
    const next = { ...row, units: numberIn(row['units']) + change };
    if (dayIn(row['startDate']) >= day) return [next];
    nextId += 1;
    return [
      { ...row, endDate: at(shiftDay(day, -1)) },
      { ...next, id: nextId - 1, startDate: at(day) },
    ];
  });
  const entry = { effect: 'changed', table: 'contractServices', id: numberIn(line['id']), key: line['internalDescription'] } as const;
  return done({ ...noted(withRows(state, 'contractServiceUnits', rows), request, entry), nextId: nextId + 1 }, nextId);
}

export function patchService(state: SandboxState, request: PsaRequest, contractId: number): Handled {
  const { id, ...written } = recordIn(request.body);
  const row = rowIn(state, 'contractServices', id);
  const readOnly = (fieldsIn(state, 'ContractServices') ?? [])
    .filter((field) => field['isReadOnly'] === true)
    .map(({ name }) => textIn(name));
  const errors = [
    ...errorsIn(recordIn(request.body), rulesIn(state, 'ContractServices', CONTRACT_SERVICE)),
    ...readOnly.filter((name) => name in written).map((name) => `The field ${name} is read-only.`),
  ];
  if (errors.length > 0) return { state, answer: refusal(500, ...errors) };
  if (row === null || row['contractID'] !== contractId) return { state, answer: refusal(404, 'No matching records found.') };
  const next: Row = { ...row, ...written };
  if (JSON.stringify(next) === JSON.stringify(row)) return done(state, numberIn(id));
  const rows = rowsOf(state, 'contractServices').map((each) => (each === row ? next : each));
  const entry = { effect: 'changed', table: 'contractServices', id: numberIn(id), key: next['internalDescription'] } as const;
  return done(noted(withRows(state, 'contractServices', rows), request, entry), numberIn(id));
}

/** Units of a contract service from a day on. */
export function unitsRow(id: number, line: Row, units: number, from: string, to: string): Row {
  return {
    id,
    contractServiceID: line['id'] ?? null,
    contractID: line['contractID'] ?? null,
    serviceID: line['serviceID'] ?? null,
    units,
    price: line['unitPrice'] ?? 0,
    cost: line['unitCost'] ?? 0,
    startDate: at(from),
    endDate: at(to),
    approveAndPostDate: null,
  };
}
