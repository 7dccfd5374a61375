import type { Json } from '../domain/canonical';
import { isSame, newerThan, turned, type Decision, type RowImage } from '../domain/decision';
import { customerKey, type Customer } from '../domain/marketplace';
import { problem, ProblemError } from '../domain/problem';
import { DECIDED, write, type Database } from './db';
import type { PlanRecord } from './rows';

/** The newest decisions that can be taken back, or made again. */
export function newestDecisions(db: Database, most: number): Promise<Decision[]> {
  return db.undos.orderBy('seq').reverse().limit(most).toArray();
}

/** What the keys in decisions are called today. */
export interface DecisionNames {
  readonly companies: ReadonlyMap<string, string>;
  readonly connections: ReadonlyMap<string, string>;
  readonly products: ReadonlyMap<string, string>;
  readonly subProducts: ReadonlyMap<string, string>;
}

export async function decisionNames(db: Database): Promise<DecisionNames> {
  const [companies, connections, products, subProducts] = await Promise.all([
    db.companies.toArray(),
    db.connections.toArray(),
    db.products.toArray(),
    db.subProducts.toArray(),
  ]);
  const byId = (rows: readonly { readonly id: string; readonly name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  const byKey = (rows: readonly { readonly key: string; readonly name: string }[]) => new Map(rows.map(({ key, name }) => [key, name]));
  return { companies: byId(companies), connections: byId(connections), products: byKey(products), subProducts: byKey(subProducts) };
}

/**
 * Takes a decision back, or makes one again that was taken back: its rows become what they were. Throws `decision rests` when a newer one
 * touched the same, when a row was changed by something else, or when a plan was confirmed that rests on it.
 */
export function turnDecision(db: Database, now: string, seq: number): Promise<void> {
  return write(db, now, ['undos', 'plans', ...DECIDED], async ({ audit }) => {
    const decision = await db.undos.get(seq);
    if (decision === undefined) throw new ProblemError(problem('decision rests', { reason: 'gone' }));
    const images = turned(decision);
    if (newerThan(decision, await db.undos.toArray()) !== null) throw new ProblemError(problem('decision rests', { reason: 'newer' }));
    for (const { table, key, after } of images)
      if (table === 'companies' && after === null && (await isNamed(db, key as string)))
        throw new ProblemError(problem('decision rests', { reason: 'newer' }));
    const plans = await db.plans.where('seq').above(decision.seq).toArray();
    if (images.some((image) => plans.some((plan) => restsOn(plan, image))))
      throw new ProblemError(problem('decision rests', { reason: 'plan' }));
    for (const { table, key, before } of images) {
      const found = (await db.table(table).get(key as never)) as Json | undefined;
      if (!isSame(found ?? null, before)) throw new ProblemError(problem('decision rests', { reason: 'changed' }));
    }
    for (const { table, key, after } of images) {
      if (after === null) await db.table(table).delete(key as never);
      else await db.table(table).put(after);
    }
    const undone = decision.undone === null ? now : null;
    await db.undos.put({ ...decision, undone });
    await audit(undone === null ? 'decision made again' : 'decision taken back', decision.subject, { kind: decision.kind, record: seq });
  });
}

/** Whether anything stands on a company. */
async function isNamed(db: Database, company: string): Promise<boolean> {
  const named = (row: { readonly company: string | null }) => row.company === company;
  const found = await Promise.all([db.assignments.filter(named).count(), db.links.filter(named).count(), db.prices.filter(named).count()]);
  return found.some((rows) => rows > 0);
}

/** A frozen plan names the versions it rests on, and can be explained by them as long as they are there. */
function restsOn({ plan, customer, connection }: PlanRecord, { table, before, after }: RowImage): boolean {
  const row = (before ?? after) as unknown as Row;
  const { inputs } = plan;
  const version = `#${String(row.seq)}`;
  if (table === 'assignments') return customer === customerKey(row);
  if (table === 'synced') return customer === row.customer && connection === row.connection;
  if (table === 'links') return connection === row.connection && plan.company?.id === row.company;
  if (table === 'companies') return plan.company?.id === row.id;
  if (table === 'bindings')
    return connection === row.connection && inputs.bindings.includes(`${row.product}/${row.subProduct ?? ''}${version}`);
  if (table === 'rules') return inputs.rules?.includes(`${row.product}/${row.subProduct ?? ''}${version}`) === true;
  return table === 'prices' && inputs.prices.includes(`${row.subProduct ?? ''}${version}`);
}

/** What the rows of these tables have, each as far as its table has it. */
interface Row extends Customer {
  readonly id: string;
  readonly customer: string;
  readonly seq: number;
  readonly connection: string;
  readonly company: string;
  readonly subProduct: string | null;
}
