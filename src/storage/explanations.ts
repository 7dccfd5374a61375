import { snapshotDayOf, type BillingCalendar, type Day, type Period } from '../domain/calendar';
import type { Binding } from '../domain/agreement';
import type { Catalogue } from '../domain/catalogue';
import { isRecurring } from '../domain/change';
import { lineTotal } from '../domain/decimal';
import type { Derivation } from '../domain/derivation';
import { explain, type Basis, type BindingBasis } from '../domain/explain';
import type { GridLine } from '../domain/grid';
import { customerKey, versionFor, type Assignment, type Customer } from '../domain/marketplace';
import { quantitiesOf } from '../domain/other-sources';
import { priceOf } from '../domain/price';
import type { SiteCount } from '../domain/snapshot';
import type { Standing } from '../domain/standing';
import { bindingsWith, editsWith, type SyncChoices } from '../domain/sync-choices';
import type { SyncFacts } from '../domain/sync-facts';
import { limitsFor } from '../domain/sync-grid';
import type { PsaRules } from '../domain/sync-rules';
import type { Database } from './db';
import { countedMonth } from './month';
import { pricesFor } from './prices';
import { rowsOfCount } from './read-rows';

/** How the numbers of a line came about that a sync would make now. */
export async function derivationOfLine(
  db: Database,
  {
    facts,
    choices,
    rules,
    line,
  }: { readonly facts: SyncFacts; readonly choices: SyncChoices; readonly rules: PsaRules; readonly line: GridLine },
): Promise<Derivation> {
  const { count, customer, company, period, calendar, prices, held } = facts;
  const { option } = choices;
  return explain({
    ...(await countBasisNow(db, { count, customer, period, calendar })),
    ...{ prices, companyId: company?.id ?? null, option, limits: limitsFor(facts, rules), held: isRecurring(option) ? null : held },
    company: company === null ? null : { name: company.name, assignment: await assignmentOf(db, customer, period) },
    binding: line.status === 'Ending' ? null : bindingOf(bindingsWith(facts, choices), line.subProducts),
    line: {
      ...line,
      edit: editsWith(facts, choices)[line.slot] ?? {},
      keepsPrice: line.status === 'Updating' || line.status === 'Unchanged',
    },
  });
}

/** How the numbers of a count came about, whether a line bills it or not. */
export async function derivationOfCount(
  db: Database,
  { standing, subProduct, calendar }: { readonly standing: Standing; readonly subProduct: string; readonly calendar: BillingCalendar },
): Promise<Derivation> {
  const { count, customer, company, period } = standing;
  const prices = await pricesFor(db, [subProduct]);
  const own = count.counts.find((counted) => counted.subProduct === subProduct);
  const quantity = standing.movements.find((movement) => movement.subProduct === subProduct)?.current ?? null;
  const { price, cost, currency } = own === undefined ? NOTHING : priceOf(own, company?.id ?? null, prices, period);
  const total = quantity === null || price === null || currency === null ? null : lineTotal(quantity, price, currency);
  return explain({
    ...(await countBasisNow(db, { count, customer, period, calendar })),
    ...{ prices, companyId: company?.id ?? null, option: null, held: null, binding: null },
    limits: { quantityDecimals: null, priceDecimals: null },
    company: company === null ? null : { name: company.name, assignment: await assignmentOf(db, customer, period) },
    line: {
      ...{ status: null, subProducts: [subProduct], quantity, syncedQuantity: quantity, price, cost, total, currency },
      ...{ reason: null, edit: {}, keepsPrice: false },
    },
  });
}

const NOTHING = { price: null, cost: null, currency: null } as const;

interface Asked {
  readonly count: SiteCount;
  readonly customer: Customer;
  readonly period: Period;
  readonly calendar: BillingCalendar;
}

async function countBasisNow(db: Database, { count, customer, period, calendar }: Asked) {
  const { others, catalogue } = await countedMonth(db, period, calendar);
  const compared = others.flatMap(({ source, month }) => {
    const counts = quantitiesOf(month)(customerKey(customer));
    return counts === undefined ? [] : [{ source, counts }];
  });
  return { ...(await countBasis(db, count, catalogue, snapshotDayOf(period, calendar))), compared };
}

/** What a count rests on, of which no other source is asked and whose imports are all here. */
export async function countBasis(
  db: Database,
  count: SiteCount,
  catalogue: Catalogue,
  snapshotDay: Day,
): Promise<Pick<Basis, 'count' | 'snapshotDay' | 'rows' | 'gone' | 'compared' | 'nameOf'>> {
  const nameOf = (key: string) =>
    count.counts.find(({ subProduct }) => subProduct === key)?.name ?? catalogue.subProducts.get(key)?.name ?? key;
  return { count, snapshotDay, nameOf, rows: await rowsOfCount(db, count, catalogue), gone: [], compared: [] };
}

/** The assignment that holds in a period, of the versions before a sequence number. */
export async function assignmentOf(db: Database, customer: Customer, period: Period, before = Infinity): Promise<Assignment | null> {
  const versions = await db.assignments.where('[product+site]').equals([customer.product, customer.site]).toArray();
  const held = versions.filter(({ seq }) => seq < before);
  return versionFor(held, period) ?? null;
}

function bindingOf(bindings: readonly Binding[], subProducts: readonly string[]): BindingBasis | null {
  const own = subProducts.length === 1 ? bindings.find(({ subProduct }) => subProduct === subProducts[0]) : undefined;
  const found = own ?? bindings.find(({ subProduct }) => subProduct === null);
  return found === undefined ? null : { ...found, topLevel: found.subProduct === null, version: found.seq === 0 ? null : found.seq };
}
