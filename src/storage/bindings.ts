import type { Binding, Connection, ProductExport, PsaProduct } from '../domain/agreement';
import { shiftPeriod, type Day, type Period } from '../domain/calendar';
import { add, lineTotal, ZERO, type Decimal } from '../domain/decimal';
import { customerOf, versionFor } from '../domain/marketplace';
import type { PlannedOne } from '../domain/sync';
import type { SyncedLine } from '../domain/synced';
import { ALWAYS, write, type Database } from './db';
import { decide } from './decide';
import { OUTCOME_TABLES } from './deliveries';
import { confirmPlans } from './plans';

/** The bindings of a product and its sub-products that hold in a period, the top-level product first. */
export async function bindingsFor(db: Database, connection: string, product: string, period: Period): Promise<Binding[]> {
  const versions = await db.bindings.where('[connection+product]').equals([connection, product]).toArray();
  const names = [...new Set(versions.map(({ subProduct }) => subProduct))].sort((left, right) =>
    (left ?? '').localeCompare(right ?? '', 'en'),
  );
  return names.flatMap(
    (name) =>
      versionFor(
        versions.filter(({ subProduct }) => subProduct === name),
        period,
      ) ?? [],
  );
}

/** The bindings of every product of a connection that hold in a period. */
export async function allBindings(db: Database, connection: string, period: Period): Promise<Binding[]> {
  const versions = await db.bindings.filter((binding) => binding.connection === connection).toArray();
  const products = [...new Set(versions.map(({ product }) => product))];
  return (await Promise.all(products.map((product) => bindingsFor(db, connection, product, period)))).flat();
}

/** Which thing of the marketplace stands for which product of the PSA. `subProduct` null is the top-level product. */
export interface BindingPlace {
  readonly connection: string;
  readonly product: string;
  readonly subProduct: string | null;
}

/** Binds to a product that the PSA has. A new version: older periods keep the binding that they had. */
export function bindProduct(
  db: Database,
  now: string,
  { psaProduct, ...place }: BindingPlace & { readonly psaProduct: PsaProduct; readonly from: Period | null },
): Promise<Binding> {
  const { id, identifier, description, taxable } = psaProduct;
  return addVersion(db, now, 'product bound', {
    ...place,
    psaProductId: id,
    identifier,
    description,
    taxable,
    origin: 'bound',
    exportPlan: null,
    until: null,
  });
}

/** Binds to a product that the export plan makes; its id is known once that plan is delivered or marked. */
export function exportProduct(db: Database, now: string, { connection, from, exportPlan, exported }: ExportDraft): Promise<Binding> {
  const { product, subProduct, identifier, name, taxable } = exported;
  return addVersion(db, now, 'product exported', {
    connection,
    product,
    subProduct,
    psaProductId: null,
    identifier,
    description: name,
    taxable,
    origin: 'exported',
    exportPlan,
    from,
    until: null,
  });
}

export interface ExportDraft {
  readonly connection: string;
  readonly from: Period | null;
  readonly exportPlan: string;
  readonly exported: ProductExport;
}

/** From `from` on nothing is bound there; earlier periods keep what they had. */
export function unbind(
  db: Database,
  now: string,
  { connection, product, subProduct, from }: BindingPlace & { readonly from: Period },
): Promise<void> {
  const until = shiftPeriod(from, -1);
  return decide(db, now, ['bindings'], async ({ audit }) => {
    const versions = await db.bindings.where('[connection+product]').equals([connection, product]).toArray();
    const holding = versions.filter((version) => version.subProduct === subProduct && (version.until === null || version.until > until));
    await db.bindings.bulkPut(holding.map((version) => ({ ...version, until })));
    await audit('product unbound', subProduct ?? product, { connection, product, from, versions: holding.map(({ seq }) => seq) });
  });
}

/**
 * Gives exported products their ids as soon as the PSA lists them under our key, as after a sync file that somebody else applied.
 * Answers how many were found.
 */
export function settleExports(db: Database, now: string, connection: string, products: readonly PsaProduct[]): Promise<number> {
  return write(db, now, ['bindings', 'plans'], async ({ audit }) => {
    const waiting = await db.bindings.filter((binding) => binding.connection === connection && binding.psaProductId === null).toArray();
    let settled = 0;
    for (const binding of waiting) {
      const plan = binding.exportPlan === null ? undefined : await db.plans.get(binding.exportPlan);
      const request = plan?.plan.requests.find(({ line }) => line.product === binding.identifier);
      const found = products.filter(
        ({ reference, identifier }) =>
          reference !== null && reference === request?.line.lineKey && identifier.toLowerCase() === binding.identifier.toLowerCase(),
      );
      if (found.length !== 1 || found[0] === undefined) continue;
      await db.bindings.put({ ...binding, psaProductId: found[0].id, exportPlan: null });
      await audit('exported product found', binding.subProduct ?? binding.product, { connection, psaProductId: found[0].id });
      settled += 1;
    }
    return settled;
  });
}

/** Customers whose open lines carry a product, and what the lines bill each time, in the connection's currency; `unknown` have no price. */
export interface Effect {
  readonly customers: readonly string[];
  readonly lines: number;
  readonly amount: Decimal;
  readonly currency: string;
  readonly unknown: number;
}

/** Customers of the connection whose open lines carry the PSA product because of this binding: their next sync needs another one. */
export async function effectOfUnbinding(db: Database, binding: Binding, period: Period): Promise<Effect> {
  const currency = (await db.connections.get(binding.connection))?.currency ?? '';
  if (binding.psaProductId === null) return { customers: [], lines: 0, amount: ZERO, currency, unknown: 0 };
  const synced = await db.synced.where('connection').equals(binding.connection).toArray();
  const bound = (await bindingsFor(db, binding.connection, binding.product, period)).map(({ subProduct }) => subProduct);
  const affected = synced
    .filter(({ customer }) => customerOf(customer).product === binding.product)
    .map(({ customer, lines }) => ({
      customer,
      lines: lines.filter((line) => line.endedOn === null && line.productId === binding.psaProductId && standsFor(binding, bound, line)),
    }))
    .filter(({ lines }) => lines.length > 0);
  const lines = affected.flatMap((one) => one.lines);
  const totals = lines.flatMap(({ quantity, price }) =>
    quantity === null || price === null ? [] : [lineTotal(quantity, price, currency)],
  );
  return {
    customers: affected.map(({ customer }) => customer),
    lines: lines.length,
    ...{ amount: add(ZERO, ...totals), currency, unknown: lines.length - totals.length },
  };
}

/** The top-level product stands for lines of several sub-products, and of those that have no binding of their own. */
function standsFor({ subProduct }: Binding, bound: readonly (string | null)[], { subProducts }: SyncedLine): boolean {
  const [only, ...more] = subProducts;
  if (only === undefined || more.length > 0) return subProduct === null;
  return subProduct === null ? !bound.includes(only) : only === subProduct;
}

function addVersion(db: Database, now: string, kind: string, draft: Omit<Binding, 'seq'>): Promise<Binding> {
  return decide(db, now, ['bindings'], async ({ next, audit }) => {
    const binding = { ...draft, seq: next() };
    await db.bindings.add(binding);
    const { connection, product, subProduct, psaProductId, identifier, exportPlan, from, seq } = binding;
    await audit(kind, subProduct ?? product, { connection, product, psaProductId, identifier, exportPlan, from, seq });
    return binding;
  });
}

/** Every version of a binding, newest last: with none, the first binding may hold for every month. */
export async function bindingVersions(db: Database, { connection, product, subProduct }: BindingPlace): Promise<Binding[]> {
  const versions = await db.bindings.where('[connection+product]').equals([connection, product]).sortBy('seq');
  return versions.filter((version) => version.subProduct === subProduct);
}

/** The names behind a product's keys; a product that no file named is called by its key. */
export async function namesOfPlace(
  db: Database,
  product: string,
  subProduct: string | null,
): Promise<{ readonly name: string; readonly product: string; readonly vendor: string }> {
  const [own, sub] = await Promise.all([db.products.get(product), subProduct === null ? undefined : db.subProducts.get(subProduct)]);
  const productName = own?.name ?? product;
  return { name: subProduct === null ? productName : (sub?.name ?? subProduct), product: productName, vendor: own?.vendor ?? productName };
}

/**
 * Export plans are confirmed as one set and their bindings are made in one transaction: neither stands without the other. They hold from
 * `from` on; where nothing was bound before, for every month.
 */
export function confirmExport(
  db: Database,
  now: string,
  draft: {
    readonly exports: readonly (Omit<PlannedOne, 'withheld'> & { readonly exported: ProductExport })[];
    readonly connection: Connection;
    readonly today: Day;
    readonly from: Period | null;
  },
): Promise<readonly Binding[]> {
  const { exports, connection, today, from } = draft;
  return db.transaction('rw', [...ALWAYS, 'bases', ...OUTCOME_TABLES], async () => {
    await confirmPlans(db, now, { plans: exports.map(({ exported: _, ...one }) => ({ ...one, withheld: [] })), connection, today });
    const bindings: Binding[] = [];
    for (const { plan, exported } of exports) {
      const place = { connection: connection.id, product: exported.product, subProduct: exported.subProduct };
      const first = (await bindingVersions(db, place)).length === 0;
      bindings.push(await exportProduct(db, now, { connection: connection.id, from: first ? null : from, exportPlan: plan.id, exported }));
    }
    return bindings;
  });
}
