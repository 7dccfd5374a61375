import { firstDayOf, lastDayOf, shiftPeriod, DEFAULT_CALENDAR, type Day, type Period } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import { UsagePacker } from '../../src/domain/pack';
import { isUnsynced } from '../../src/domain/standing';
import type { BulkItem } from '../../src/domain/sync-bulk';
import { readIntoMirror } from '../../src/machines/read-psa-actors';
import { vault } from '../../src/machines/credentials-actors';
import { adapterOf } from '../../src/psa';
import { createSandbox } from '../../src/sandbox';
import type { Row } from '../../src/sandbox/sandbox';
import { bulkPlans } from '../../src/storage/bulk';
import { openDatabase, write, type Database } from '../../src/storage/db';
import { monthStanding } from '../../src/storage/month';
import { confirmPlans } from '../../src/storage/plans';
import { reconciliations } from '../../src/storage/reconciliation';
import { undoOf } from '../../src/storage/undo';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf, type Endpoint, type EndpointFault } from '../support/endpoint';
import { usageLine } from '../support/usage';

/** What a customer's file says of a month: users by sub-product, 0 where it reports none of one. Null is a customer whom no file names. */
export type Counts = Readonly<Record<SubProduct, number>> | null;
export const SUB_PRODUCTS = ['business', 'pro'] as const;
export type SubProduct = (typeof SUB_PRODUCTS)[number];

/** Open lines of ours in the PSA by site and sub-product: quantity and price of each, several where something is billed twice. */
export type Held = Readonly<Record<string, readonly (readonly [quantity: number, price: number])[]>>;

/** A partner, a PSA that goes wrong as told, and the months one after the other. */
export class World {
  readonly db: Database;
  readonly #endpoint: Endpoint;
  readonly #clock = scene.createClock('2020-01-01T00:00:00.000Z');
  readonly #connection = scene.connectionOf();
  #faults: EndpointFault[] = [];
  #reads = 0;

  private constructor(db: Database, endpoint: Endpoint) {
    this.db = db;
    this.#endpoint = endpoint;
  }

  /** Every site is its own company with one agreement, and the partner chose the option of each once. */
  static async of(sites: readonly string[]): Promise<World> {
    const db = await openDatabase(`years-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
    const world = new World(db, createEndpoint(psaOf(sites)));
    await db.connections.add(world.#connection);
    await db.products.add({ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] });
    await db.subProducts.bulkAdd(
      SUB_PRODUCTS.map((key) => ({ key: keyOf(key), product: 'proofpoint', name: nameOf(key), unit: 'User', ids: [] })),
    );
    await db.bindings.bulkAdd(
      [null, ...SUB_PRODUCTS].map((key, at) => ({
        ...{ connection: 'cw', product: 'proofpoint', subProduct: key === null ? null : keyOf(key), psaProductId: String(40 + at) },
        ...{ identifier: `P-${String(at)}`, description: '', taxable: false, origin: 'bound' as const, exportPlan: null },
        ...{ from: null, until: null, seq: at + 1 },
      })),
    );
    for (const [at, site] of sites.entries()) {
      await db.companies.add({ id: site, name: site, domains: [], externalId: null, status: 'active', source: 'test' });
      await db.assignments.add({ ...customerOf(site), company: site, from: null, until: null, seq: at + 1, evidence: 'partner' });
      await db.links.add({ connection: 'cw', company: site, psaCompany: String(at + 1), psaName: site, seq: at + 1 });
      await db.choices.add({
        ...{ customer: customerKey(customerOf(site)), connection: 'cw', option: 'multi-product', agreementId: String(at + 10) },
        ...{ zero: 'date', at: '2020-01-01T00:00:00.000Z' },
      });
    }
    return world;
  }

  /** Imports what a file says of a month, complete for the sites that it names. */
  async imported(period: Period, counts: Readonly<Record<string, Counts>>, price: number): Promise<void> {
    const lines = Object.entries(counts).flatMap(([site, own]) => {
      const reported = SUB_PRODUCTS.filter((key) => own !== null && (own[key] > 0 || key === 'business'));
      return reported.map((key, row) =>
        usageLine({
          ...{ date: `${period}-19`, site, subProductName: nameOf(key), quantity: decimalOf(own?.[key] ?? 0), row: row + 1 },
          ...{ unitPrice: decimalOf(price), unitCost: decimalOf(1), file: `${period}.csv` },
        }),
      );
    });
    if (lines.length === 0) return;
    await write(this.db, this.#now(), ['imports', 'usage'], async ({ next, audit }) => {
      const seq = next();
      const id = `import-${String(seq)}`;
      const packer = new UsagePacker(id);
      for (const line of lines) packer.add(line);
      const chunk = packer.finish();
      if (chunk !== null) await this.db.usage.add(chunk);
      await this.db.imports.add({
        ...{
          id,
          seq,
          source: 'test',
          profile: null,
          state: 'committed',
          files: [],
          slices: 1,
          periods: [period],
          final: null,
          complete: true,
        },
        ...{ counts: { read: lines.length, accepted: lines.length, rejected: 0, blank: 0, warned: 0 }, at: this.#now() },
      });
      await audit('import committed', id, { period });
    });
  }

  /** It is the day on which a period became final. */
  finalOf(period: Period): void {
    this.#clock.to(`${this.#today(period)}T09:00:00.000Z`);
    this.#endpoint.change((state) => ({
      ...state,
      tables: {
        ...state.tables,
        agreements: (state.tables['agreements'] ?? []).map((row) => ({
          ...row,
          nextInvoiceDate: `${lastDayOf(shiftPeriod(period, 1))}T00:00:00Z`,
        })),
      },
    }));
  }

  /** Somebody writes another quantity onto a line in the PSA. Answers whether there was one. */
  edited(site: string, key: SubProduct, quantity: number): boolean {
    let found = false;
    this.#endpoint.change((state) => ({
      ...state,
      tables: {
        ...state.tables,
        additions: (state.tables['additions'] ?? []).map((row) => {
          if (!isOpenRow(row, '9999-01-01') || !isOf(row, site, key)) return row;
          found = true;
          return { ...row, quantity };
        }),
      },
    }));
    return found;
  }

  /** Reads the PSA, then syncs everybody who changed here or there; the next writes meet the faults. Answers the questions that were left. */
  async synced(period: Period, faults: readonly EndpointFault[] = []): Promise<readonly BulkItem[]> {
    await this.#read();
    const when = { period, today: this.#today(period) };
    const standings = (await monthStanding(this.db, when)).flatMap((product) => product.standings);
    const changed = standings.filter(isUnsynced).map(({ customer }) => customer);
    const byHand = (await this.#editedByHand(period)).filter((site) => !changed.some((own) => own.site === site));
    const customers = [...changed, ...byHand.map(customerOf)];
    const items = await bulkPlans(this.db, { ...when, customers, calendar: DEFAULT_CALENDAR }, adapterOf);
    const plans = items.flatMap((item) => item.plans);
    if (plans.length > 0) await this.#confirmed(period, plans, faults);
    return items.filter(({ problems }) => problems.length > 0);
  }

  /** Takes the newest sync of a customer back. Answers whether there was one of this period. */
  async undone(period: Period, site: string): Promise<boolean> {
    const plans = await this.db.plans
      .where('customer')
      .equals(customerKey(customerOf(site)))
      .sortBy('seq');
    const newest = plans.at(-1);
    if (newest === undefined || newest.period !== period) return false;
    await this.#read();
    const undo = await undoOf(this.db, newest.id, { today: this.#today(period), calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok || undo.value.planned === null) throw new Error(JSON.stringify(undo));
    await this.#confirmed(period, [undo.value.planned], []);
    return true;
  }

  /** What the PSA would invoice for a period, of our lines. */
  held(period: Period): Held {
    const day = firstDayOf(shiftPeriod(period, 1));
    const rows = (this.#endpoint.state().tables['additions'] ?? []).filter((row) => isOpenRow(row, day) && row['quantity'] !== 0);
    const lines: Record<string, (readonly [number, number])[]> = {};
    for (const row of rows) {
      const [site = '', , key = ''] = textOf(row, 'invoiceDescription').split(' - ');
      const place = `${site} ${key.replace('Proofpoint ', '').toLowerCase()}`;
      lines[place] = [...(lines[place] ?? []), [Number(row['quantity']), Number(row['unitPrice'])]];
    }
    return lines;
  }

  async #confirmed(period: Period, plans: Parameters<typeof confirmPlans>[2]['plans'], faults: readonly EndpointFault[]): Promise<void> {
    this.#faults = [...faults];
    await confirmPlans(this.db, this.#now(), { plans, connection: this.#connection, today: this.#today(period) });
    const fetch = fetchOf(this.#endpoint, ({ method }) => (method === 'GET' ? null : (this.#faults.shift() ?? null)));
    const report = await scene.drain({ db: this.db, connection: this.#connection, clock: this.#clock, fetch, today: this.#today(period) });
    const { counts, duplicates } = report;
    if (counts.pending + counts.sending + counts.unknown + counts.refused > 0 || duplicates > 0) throw new Error(JSON.stringify(report));
  }

  async #read(): Promise<void> {
    this.#clock.pass(1000);
    vault.keep(this.#connection.id, scene.SECRETS);
    const means = {
      ...{ db: this.db, now: this.#clock.now, newId: () => `read-${String((this.#reads += 1))}` },
      ...{ fetch: fetchOf(this.#endpoint, () => null), wait: () => Promise.resolve() },
    };
    const ids = (this.#endpoint.state().tables['agreements'] ?? []).map((row) => textOf(row, 'id'));
    const scopes = [
      { kind: 'agreements', companyId: null } as const,
      ...ids.map((agreementId) => ({ kind: 'lines', agreementId }) as const),
    ];
    await readIntoMirror(means, this.#connection.id, scopes, { signal: new AbortController().signal });
    this.#clock.pass(1000);
  }

  async #editedByHand(period: Period): Promise<readonly string[]> {
    const when = { period, today: this.#today(period), calendar: DEFAULT_CALENDAR };
    const found = await reconciliations(this.db, when, adapterOf);
    return found.flatMap(({ lines }) =>
      lines
        .filter(({ verdict }) => verdict === 'changed in the PSA' || verdict === 'changed in both')
        .map(({ customer }) => customer?.site ?? ''),
    );
  }

  #today(period: Period): Day {
    return `${shiftPeriod(period, 1)}-03`;
  }
  #now(): string {
    return this.#clock.now().toISOString();
  }
}

export function placeOf(site: string, key: SubProduct): string {
  return `${site} ${key}`;
}

function customerOf(site: string): Customer {
  return { product: 'proofpoint', site };
}
function keyOf(key: SubProduct): string {
  return `proofpoint-${key}`;
}
function nameOf(key: SubProduct): string {
  return key === 'business' ? 'Proofpoint Business' : 'Proofpoint Pro';
}

function isOf(row: Row, site: string, key: SubProduct): boolean {
  return textOf(row, 'invoiceDescription') === `${site} - ${site} - ${nameOf(key)}`;
}
function textOf(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
function isOpenRow(row: Row, day: string): boolean {
  const end = row['cancelledDate'];
  return typeof end !== 'string' || end.slice(0, 10) >= day;
}

function psaOf(sites: readonly string[]) {
  return createSandbox({
    psa: 'connectwise',
    tables: {
      companies: sites.map((name, at) => ({ id: at + 1, identifier: `c${String(at)}`, name, deletedFlag: false })),
      agreements: sites.map((site, at) => ({
        ...{ id: at + 10, name: 'Managed services', company: { id: at + 1, name: site }, startDate: '2019-01-01T00:00:00Z' },
        ...{ noEndingDateFlag: true, cancelledFlag: false, agreementStatus: 'Active', oneTimeFlag: false, prorateFlag: false },
        ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { id: 1, currencyCode: 'USD' }, billableProductInvoice: true },
      })),
      catalog: [40, 41, 42].map((id, at) => ({
        id,
        identifier: `P-${String(at)}`,
        description: '',
        inactiveFlag: false,
        productClass: 'Agreement',
      })),
      subcategories: [{ id: 3, name: 'Cloud' }],
      types: [{ id: 4, name: 'Agreement' }],
      additions: [],
    },
  });
}
