import { newestFinalPeriod, snapshotDayOf, type BillingCalendar } from '../domain/calendar';
import { isRecurring } from '../domain/change';
import type { Decimal } from '../domain/decimal';
import type { Derivation } from '../domain/derivation';
import { explain, type BindingBasis } from '../domain/explain';
import { billableCount } from '../domain/billable';
import { customerKey, type Customer } from '../domain/marketplace';
import { countMonth } from '../domain/month';
import type { PriceVersion } from '../domain/price';
import type { PlanLine } from '../domain/plan';
import { entriesByCustomer, siteCountOf, unknownCount } from '../domain/snapshot';
import type { PsaRules } from '../domain/sync-rules';
import type { Database } from './db';
import { assignmentOf, countBasis } from './explanations';
import { heldAt } from './held';
import { catalogue, committedUsage } from './month';
import { pricesFor } from './prices';
import type { PlanRecord } from './rows';

/**
 * How the numbers of a line of a confirmed plan came about: counted from the imports that the plan names, with the versions of its inputs and
 * of its day. What was imported, assigned, priced or bound since changes nothing; what is not here any more is named.
 */
export async function derivationOfPast(
  db: Database,
  {
    record,
    line,
    rules,
    calendar,
  }: { readonly record: PlanRecord; readonly line: PlanLine; readonly rules: PsaRules; readonly calendar: BillingCalendar },
): Promise<Derivation> {
  const { plan, period, option } = record;
  const customer: Customer = { product: plan.customer?.product ?? '', site: plan.customer?.site ?? '' };
  const assignment = await assignmentOf(db, customer, period, record.seq);
  const prices = (await pricesFor(db, line.subProducts)).filter(({ subProduct, seq }) =>
    plan.inputs.prices.includes(`${subProduct}#${String(seq)}`),
  );
  const counted = await countThen(db, record, { customer, calendar, prices });
  const pushed = plan.requests.some(
    ({ operation, line: { lineKey, after } }) => operation === 'update' && lineKey === line.lineKey && (after?.price ?? null) !== null,
  );
  return explain({
    ...counted,
    ...{ prices, companyId: plan.company?.id ?? null, option, limits: rules.limits, held: await heldThen(db, record, calendar) },
    company:
      plan.company === null ? null : { name: plan.company.name, assignment: assignment?.company === plan.company.id ? assignment : null },
    binding: await bindingThen(db, record, line),
    line: {
      ...(line as PlanLine & Record<'quantity' | 'syncedQuantity' | 'price' | 'cost' | 'total', Decimal | null>),
      ...{ currency: plan.currency, edit: null, keepsPrice: (line.status === 'Updating' || line.status === 'Unchanged') && !pushed },
    },
  });
}

async function countThen(
  db: Database,
  { plan, period }: PlanRecord,
  {
    customer,
    calendar,
    prices,
  }: { readonly customer: Customer; readonly calendar: BillingCalendar; readonly prices: readonly PriceVersion[] },
) {
  const [usage, names] = await Promise.all([committedUsage(db, [period]), catalogue(db)]);
  const used = usage.filter(({ record }) => plan.inputs.imports.includes(record.id));
  const here = new Set(used.map(({ record }) => record.id));
  const source = used[0]?.record.source;
  const billedBy = new Map(source === undefined ? [] : [[customer.product, source]]);
  const month = countMonth(used, names, period, { calendar, billedBy });
  const at = month.customers.indexOf(customerKey(customer));
  const count = at < 0 ? unknownCount(customer, period, null) : siteCountOf(month, at, entriesByCustomer(month)[at] ?? [], names);
  const seqs = (plan.inputs.rules ?? []).map((version) => Number(version.slice(version.lastIndexOf('#') + 1)));
  const rules = (await db.rules.bulkGet(seqs)).flatMap((rule) => (rule === undefined ? [] : [{ ...rule, from: null, until: null }]));
  const billed = billableCount(count, { rules, company: plan.company?.id ?? null, prices, subProducts: names.subProducts });
  const basis = await countBasis(db, billed, names, snapshotDayOf(period, calendar));
  return { ...basis, gone: plan.inputs.imports.filter((id) => !here.has(id)) };
}

/** A month whose invoice had gone by when the plan was confirmed billed only the difference. */
async function heldThen(db: Database, { customer, connection, period, option, confirmedOn, seq }: PlanRecord, calendar: BillingCalendar) {
  if (customer === null || option === null || isRecurring(option) || period >= newestFinalPeriod(confirmedOn, calendar)) return null;
  const plans = await db.plans.where('customer').equals(customer).toArray();
  return heldAt(
    db,
    plans.filter((other) => other.seq < seq),
    connection,
    period,
  );
}

/** Inputs name a binding as `product/sub-product#version`; the version of one that was made with the plan is 0. */
async function bindingThen(db: Database, { plan, connection }: PlanRecord, line: PlanLine): Promise<BindingBasis | null> {
  const product = plan.customer?.product ?? '';
  const [only] = line.subProducts;
  const places = [...(line.subProducts.length === 1 ? [`${product}/${only ?? ''}#`] : []), `${product}/#`];
  if (line.status === 'Ending') return null;
  for (const place of places) {
    const named = plan.inputs.bindings.find((input) => input.startsWith(place));
    if (named === undefined) continue;
    const seq = Number(named.slice(place.length));
    const topLevel = place === `${product}/#`;
    const found = seq === 0 ? undefined : await db.bindings.get([connection, product, seq]);
    if (found !== undefined) return { ...found, topLevel, version: seq };
    const identifier = plan.requests.find(({ line: { lineKey } }) => lineKey === line.lineKey)?.line.product ?? '';
    return { identifier, topLevel, origin: 'bound', from: null, version: null };
  }
  return null;
}
