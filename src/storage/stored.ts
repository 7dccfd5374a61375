import type { Agreement, Binding, Connection, PsaLine } from '../domain/agreement';
import { LOOKUP_KINDS, type Around } from '../domain/change';
import { customerKey, versionFor, type Assignment, type Company, type SubProduct } from '../domain/marketplace';
import type { PriceVersion } from '../domain/price';
import type { RuleVersion } from '../domain/rule';
import type { Synced } from '../domain/synced';
import type { Database } from './db';
import type { GridQuestion, MonthFacts } from './grid-question';
import { agreementsOfCompany, mirrorOf, type LinesMirror } from './mirrors';
import type { CompanyLink, Mirror } from './rows';

/** Rows that the facts of customers are looked up in: those of one customer, or of all. */
export interface Stored {
  readonly connections: ReadonlyMap<string, Connection>;
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  readonly companies: ReadonlyMap<string, Company>;
  readonly links: ReadonlyMap<string, CompanyLink>;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly subProducts: ReadonlyMap<string, readonly SubProduct[]>;
  readonly prices: ReadonlyMap<string, readonly PriceVersion[]>;
  /** Rules by their product. */
  readonly rules: ReadonlyMap<string, readonly RuleVersion[]>;
  readonly synced: ReadonlyMap<string, Synced>;
  readonly syncedOf: ReadonlyMap<string, readonly Synced[]>;
  /** Of each company, and each by itself. */
  readonly agreements: ReadonlyMap<string, Read<Agreement>>;
  readonly agreementById: ReadonlyMap<string, Agreement>;
  readonly lines: ReadonlyMap<string, LinesMirror>;
  /** Of each agreement, whose the recurring lines are that carry no key and that we remember, by their ids. */
  readonly holders: ReadonlyMap<string, Holders>;
  /** What the PSA of each connection offers to choose from. */
  readonly lookups: ReadonlyMap<string, Around['lookups']>;
}
/** A PSA may have no field for our key: then memory alone says which customer a line is of, and under which key. */
export type Holders = ReadonlyMap<string, { readonly customer: string; readonly lineKey: string }>;
interface Read<T> {
  readonly rows: readonly T[];
  readonly readAt: string;
}

/** Every row that facts may need, read at once: for many customers. */
export async function storedForAll(db: Database): Promise<Stored> {
  const [connections, assignments, companies, links, bindings, subProducts, prices, rules, synced, mirrors] = await Promise.all([
    db.connections.toArray(),
    db.assignments.toArray(),
    db.companies.toArray(),
    db.links.toArray(),
    db.bindings.toArray(),
    db.subProducts.toArray(),
    db.prices.toArray(),
    db.rules.toArray(),
    db.synced.toArray(),
    db.mirrors.toArray(),
  ]);
  const lines = new Map<string, LinesMirror>();
  const agreements = new Map<string, Read<Agreement>>();
  for (const mirror of oldestFirst(mirrors)) {
    if (mirror.kind === 'lines') lines.set(placeKey(mirror.connection, mirror.scope), mirror);
    if (mirror.kind !== 'agreements') continue;
    const { connection, scope, readAt } = mirror;
    const own = grouped(mirror.rows, ({ companyId }) => companyId);
    if (scope !== '' && !own.has(scope)) own.set(scope, []);
    for (const [company, rows] of own) agreements.set(placeKey(connection, company), { rows, readAt });
  }
  return {
    ...indexOf({ connections, assignments, companies, links, bindings, subProducts, prices, rules, synced }),
    agreements,
    agreementById: agreementsIn(mirrors),
    lines,
    holders: holdersIn(synced, lines),
    lookups: lookupsIn(mirrors),
  };
}

function oldestFirst<T extends { readonly readAt: string }>(mirrors: readonly T[]): T[] {
  return [...mirrors].sort((left, right) => (left.readAt < right.readAt ? -1 : 1));
}

/** Every agreement as it was last read. */
function agreementsIn(mirrors: readonly Mirror[]): Map<string, Agreement> {
  return new Map(
    oldestFirst(mirrors).flatMap((mirror) =>
      mirror.kind === 'agreements' ? mirror.rows.map((row) => [placeKey(mirror.connection, row.id), row] as const) : [],
    ),
  );
}

/** The rows that the facts of one customer may need. */
export async function storedFor(
  db: Database,
  month: MonthFacts,
  { customer, connection: id, agreementId, psaCompany }: GridQuestion,
): Promise<Stored> {
  const [connections, assignments, bindings, subProducts, rules, synced] = await Promise.all([
    db.connections.toArray(),
    db.assignments.where('[product+site]').equals([customer.product, customer.site]).toArray(),
    db.bindings.where('[connection+product]').equals([id, customer.product]).toArray(),
    db.subProducts.where('product').equals(customer.product).toArray(),
    db.rules.where('product').equals(customer.product).toArray(),
    db.synced.where('customer').equals(customerKey(customer)).toArray(),
  ]);
  const company = await db.companies.get(versionFor(assignments, month.period)?.company ?? '');
  const link = company === undefined ? undefined : await db.links.get([id, company.id]);
  const place = psaCompany ?? link?.psaCompany;
  const counts = month.countOf(customer).counts;
  const keys = [...new Set([...subProducts.map((own) => own.key), ...counts.map(({ subProduct }) => subProduct)])];
  const held = synced.filter(({ connection }) => connection === id).flatMap(({ lines }) => lines.map((line) => line.agreementId));
  const documents = [...new Set([...(agreementId === null ? [] : [agreementId]), ...held])];
  const [prices, agreements, lines, lookups, old] = await Promise.all([
    db.prices.where('subProduct').anyOf(keys).toArray(),
    place === undefined ? undefined : agreementsOfCompany(db, id, place),
    Promise.all(documents.map((document) => mirrorOf(db, id, 'lines', document))),
    Promise.all(LOOKUP_KINDS.map((kind) => mirrorOf(db, id, kind))),
    synced.length === 0 ? [] : db.mirrors.where('[connection+kind]').equals([id, 'agreements']).toArray(),
  ]);
  const read = new Map(lines.flatMap((mirror) => (mirror === undefined ? [] : [[placeKey(id, mirror.scope), mirror]])));
  const isBound = ({ key, productId }: PsaLine) => key === null && bindings.some(({ psaProductId }) => psaProductId === productId);
  const shared = [...read.values()].some(({ rows }) => rows.some(isBound));
  return {
    ...indexOf({
      connections,
      assignments,
      companies: company === undefined ? [] : [company],
      links: link === undefined ? [] : [link],
      bindings,
      subProducts,
      prices,
      rules,
      synced,
    }),
    agreements: new Map(place === undefined || agreements === undefined ? [] : [[placeKey(id, place), agreements]]),
    agreementById: agreementsIn(old),
    lines: read,
    holders: holdersIn(shared ? await db.synced.where('connection').equals(id).toArray() : [], read),
    lookups: lookupsIn(lookups.filter((mirror) => mirror !== undefined)),
  };
}

/** Rows by what they are looked up with; what was read from PSAs is not among them. */
export function indexOf(rows: {
  connections: readonly Connection[];
  assignments: readonly Assignment[];
  companies: readonly Company[];
  links: readonly CompanyLink[];
  bindings: readonly Binding[];
  subProducts: readonly SubProduct[];
  prices: readonly PriceVersion[];
  rules: readonly RuleVersion[];
  synced: readonly Synced[];
}): Omit<Stored, 'agreements' | 'agreementById' | 'lines' | 'holders' | 'lookups'> {
  return {
    connections: new Map(rows.connections.map((row) => [row.id, row])),
    assignments: grouped(rows.assignments, customerKey),
    companies: new Map(rows.companies.map((row) => [row.id, row])),
    links: new Map(rows.links.map((row) => [placeKey(row.connection, row.company), row])),
    bindings: grouped(rows.bindings, ({ connection, product }) => placeKey(connection, product)),
    subProducts: grouped(rows.subProducts, ({ product }) => product),
    prices: grouped(rows.prices, ({ subProduct }) => subProduct),
    rules: grouped(rows.rules, ({ product }) => product),
    synced: new Map(rows.synced.map((row) => [row.key, row])),
    syncedOf: grouped(rows.synced, ({ customer }) => customer),
  };
}

export function holdersIn(records: readonly Synced[], lines: Stored['lines']): Map<string, Holders> {
  const keyless = new Map(
    [...lines].map(([place, { rows }]) => [
      place,
      new Set(rows.flatMap(({ id, key, kind }) => (key === null && kind === 'recurring' ? [id] : []))),
    ]),
  );
  const found = new Map<string, Map<string, { customer: string; lineKey: string }>>();
  for (const { customer, connection, lines: own } of records) {
    for (const { agreementId, lineId, lineKey, endedOn } of own) {
      const place = placeKey(connection, agreementId);
      if (endedOn !== null || lineId === null || keyless.get(place)?.has(lineId) !== true) continue;
      const there = found.get(place) ?? new Map<string, { customer: string; lineKey: string }>();
      found.set(place, there.set(lineId, { customer, lineKey }));
    }
  }
  return found;
}

function lookupsIn(mirrors: readonly Mirror[]): Map<string, Around['lookups']> {
  const found = new Map<string, Around['lookups']>();
  for (const mirror of mirrors) {
    const kind = LOOKUP_KINDS.find((own) => own === mirror.kind);
    if (kind !== undefined) found.set(mirror.connection, { ...found.get(mirror.connection), [kind]: mirror.rows });
  }
  return found;
}

/** How a row is found by its connection and a name in it. */
export function placeKey(connection: string, name: string): string {
  return `${connection}\u001f${name}`;
}

export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(keyOf(row));
    if (own === undefined) found.set(keyOf(row), [row]);
    else own.push(row);
  }
  return found;
}
