import { waitFor } from 'xstate';
import { DEFAULT_CALENDAR, periodOf, shiftPeriod, type Day, type Period } from '../../src/domain/calendar';
import type { SyncOption } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import { UsagePacker } from '../../src/domain/pack';
import { isUnsynced } from '../../src/domain/standing';
import type { PlanSet } from '../../src/domain/sync';
import type { BulkItem } from '../../src/domain/sync-bulk';
import { startAutoSync, type AutoSyncMeans } from '../../src/machines/auto-sync-actors';
import { vault } from '../../src/machines/credentials-actors';
import { send } from '../../src/machines/deliver-actors';
import { readIntoMirror } from '../../src/machines/read-psa-actors';
import { adapterOf } from '../../src/psa';
import { assignCompany } from '../../src/storage/assignments';
import { autoSyncQueue } from '../../src/storage/auto-sync';
import { bindProduct } from '../../src/storage/bindings';
import { bulkPlans } from '../../src/storage/bulk';
import { rememberChoice } from '../../src/storage/choices';
import { write, type Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { endOfLine } from '../../src/storage/end-line';
import { monthStanding } from '../../src/storage/month';
import { confirmPlans } from '../../src/storage/plans';
import { reconciliations } from '../../src/storage/reconciliation';
import { undoOf } from '../../src/storage/undo';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf, type Endpoint, type EndpointFault } from '../support/endpoint';
import { lockManager } from '../support/locks';
import { usageLine } from '../support/usage';
import { agreementOf, changedByHand, chargesIn, invoicesIn, psaOf, recurringIn, type ByHand, type Held } from './psa';
import { COST, SUB_PRODUCTS, type Counts, type SubProduct } from './reference';

/** How a customer is billed from the beginning. Every site starts at the company of its own name. */
export interface Customers {
  readonly sites: readonly string[];
  /** Companies beside those of the sites. */
  readonly others: readonly string[];
  readonly option: (site: string) => SyncOption;
  readonly zero: 'date' | 'zero';
}

/** Products of the PSA for the top-level product and each sub-product: those that are bound first, and those that they may be bound to anew. */
export const PRODUCTS = { top: ['40', '50'], business: ['41', '51'], pro: ['42', '52'] } as const;

/** A partner, a PSA that goes wrong as told, and the months one after the other. */
export class World {
  readonly db: Database;
  readonly #companies: readonly string[];
  readonly #zero: 'date' | 'zero';
  readonly #endpoint: Endpoint;
  readonly #clock = scene.createClock('2020-01-01T00:00:00.000Z');
  readonly #connection = scene.connectionOf();
  #today: Day = '2020-01-01';
  #faults: EndpointFault[] = [];
  #reads = 0;

  private constructor(db: Database, { sites, others, zero }: Customers) {
    this.db = db;
    this.#companies = [...sites, ...others];
    this.#zero = zero;
    this.#endpoint = createEndpoint(psaOf(this.#companies, Object.values(PRODUCTS).flat()));
    vault.keep(this.#connection.id, scene.SECRETS);
  }

  /** Every company has one agreement, and the partner chose the option of each site once. */
  static async of(customers: Customers): Promise<World> {
    const db = await openDatabase(`years-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
    const world = new World(db, customers);
    await db.connections.add(world.#connection);
    await db.products.add({ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] });
    await db.subProducts.bulkAdd(
      SUB_PRODUCTS.map((key) => ({ key: keyOf(key), product: 'proofpoint', name: nameOf(key), unit: 'User', ids: [] })),
    );
    for (const [key, [first]] of Object.entries(PRODUCTS)) await world.bound(key as keyof typeof PRODUCTS, first, null);
    for (const [at, company] of world.#companies.entries()) {
      await db.companies.add({ id: company, name: company, domains: [], externalId: null, status: 'active', source: 'test' });
      await db.links.add({ connection: 'cw', company, psaCompany: String(at + 1), psaName: company, seq: at + 1 });
    }
    for (const site of customers.sites) {
      await world.assigned(site, site, null);
      await world.chosen(site, customers.option(site), site);
    }
    return world;
  }

  /** The page is opened on a day. The PSA invoices on the last day of each month. */
  opened(day: Day): void {
    this.#today = day;
    this.#clock.to(`${day}T09:00:00.000Z`);
    this.#endpoint.change((state) => invoicesIn(state, periodOf(day)));
  }

  /** Imports what a file says of a month, complete for the sites that it names. A price of null leaves it to the price list. */
  async imported(period: Period, counts: Readonly<Record<string, Counts>>, price: number | null): Promise<void> {
    const lines = Object.entries(counts).flatMap(([site, own]) => {
      const reported = SUB_PRODUCTS.filter((key) => own !== null && (own[key] > 0 || key === 'business'));
      return reported.map((key, row) =>
        usageLine({
          ...{ date: `${period}-19`, site, subProductName: nameOf(key), quantity: decimalOf(own?.[key] ?? 0), row: row + 1 },
          ...{ unitPrice: price === null ? null : decimalOf(price / 10_000), unitCost: decimalOf(COST / 10_000), file: `${period}.csv` },
        }),
      );
    });
    if (lines.length === 0) return;
    await write(this.db, this.now(), ['imports', 'usage'], async ({ next, audit }) => {
      const seq = next();
      const id = `import-${String(seq)}`;
      const packer = new UsagePacker(id);
      for (const line of lines) packer.add(line);
      const chunk = packer.finish();
      if (chunk !== null) await this.db.usage.add(chunk);
      const counted = { read: lines.length, accepted: lines.length, rejected: 0, blank: 0, warned: 0 };
      await this.db.imports.add({
        ...{ id, seq, source: 'test', profile: null, state: 'committed', files: [], slices: 1, periods: [period], final: null },
        ...{ complete: true, counts: counted, at: this.now() },
      });
      await audit('import committed', id, { period });
    });
  }

  assigned(site: string, company: string, from: Period | null): Promise<void> {
    return assignCompany(this.db, this.now(), { customer: customerOf(site), company, from, evidence: 'partner' });
  }

  /** What a wizard remembers of a customer when its sync was confirmed. */
  async chosen(site: string, option: SyncOption, company: string): Promise<void> {
    const place = { customer: customerKey(customerOf(site)), connection: 'cw', agreementId: agreementOf(this.#companies, company) };
    await rememberChoice(this.db, this.now(), { ...place, option, zero: this.#zero });
  }

  async bound(key: keyof typeof PRODUCTS, id: string, from: Period | null): Promise<void> {
    const psaProduct = {
      ...{ id, identifier: `P-${id}`, description: '', taxable: false, price: null, cost: null, active: true, reference: null },
    };
    const place = { connection: 'cw', product: 'proofpoint', subProduct: key === 'top' ? null : keyOf(key) };
    await bindProduct(this.db, this.now(), { ...place, from, psaProduct });
  }

  /** Somebody changes an open line of ours in the PSA. */
  changedByHand(id: string, how: ByHand, quantity: number): void {
    this.#endpoint.change((state) => changedByHand(state, id, how, quantity));
  }

  /** Reads the PSA, ends what stands there twice, then syncs everybody who changed here or there; the next writes meet the faults. Answers the questions that were left. */
  async synced(period: Period, faults: readonly EndpointFault[] = [], also: readonly string[] = []): Promise<readonly BulkItem[]> {
    await this.#read();
    await this.#copiesEnded(period);
    const items = await this.planned(period, [...new Set([...(await this.unsynced(period)), ...also])]);
    await this.#confirmed(
      items.flatMap(({ plans }) => plans),
      faults,
    );
    return items.filter(({ problems }) => problems.length > 0);
  }

  /** The sites that a sync has something to do for, as the page lists them and as comparing with the PSA tells. */
  async unsynced(period: Period): Promise<readonly string[]> {
    const standings = (await monthStanding(this.db, { period, today: this.#today })).flatMap((product) => product.standings);
    const changed = standings.filter(isUnsynced).map(({ customer }) => customer.site);
    const compared = await reconciliations(this.db, { period, today: this.#today, calendar: DEFAULT_CALENDAR }, adapterOf);
    const lines = compared.flatMap((found) => found.lines);
    const differing = lines.filter(({ verdict, usage }) => DIFFERENT.has(verdict) && usage !== null);
    return [...new Set([...changed, ...differing.flatMap(({ customer }) => customer?.site ?? [])])];
  }

  /** What a sync of these sites would do. Writes nothing. */
  planned(period: Period, sites: readonly string[]): Promise<BulkItem[]> {
    const asked = { period, today: this.#today, customers: sites.map(customerOf), calendar: DEFAULT_CALENDAR };
    return bulkPlans(this.db, asked, adapterOf);
  }

  /** Takes the newest sync of a customer back. Answers whether there was one of this period that can be. */
  async undone(period: Period, site: string): Promise<boolean> {
    const plans = await this.db.plans
      .where('customer')
      .equals(customerKey(customerOf(site)))
      .sortBy('seq');
    const newest = plans.at(-1);
    if (newest === undefined || newest.period !== period) return false;
    await this.#read();
    const undo = await undoOf(this.db, newest.id, { today: this.#today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok && undo.error.every(({ code }) => code === 'undo is not possible')) return false;
    if (!undo.ok) throw new Error(JSON.stringify(undo.error));
    if (undo.value.planned === null) return false;
    await this.#confirmed([undo.value.planned], []);
    return true;
  }

  /** The page is open and runs auto-sync once; it is closed as soon as nothing moves any more. */
  async byItself(faults: readonly EndpointFault[] = []): Promise<void> {
    this.#faults = [...faults];
    const actor = startAutoSync(this.#means());
    actor.send({ type: 'tick', today: this.#today, on: true });
    const { context } = await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
    actor.stop();
    this.#clock.pass(11 * 60_000);
    if (context.problem !== null && context.problem.code !== 'endpoint is unreachable') throw new Error(JSON.stringify(context.problem));
  }

  /** The partner approves everything that auto-sync prepared. */
  async approved(): Promise<void> {
    const { items } = await autoSyncQueue(this.db, { today: this.#today, calendar: DEFAULT_CALENDAR }, adapterOf);
    await this.#confirmed(
      items.filter(({ stopped }) => stopped === null).flatMap(({ plans }) => plans),
      [],
    );
  }

  /** Sends on what was cut short, each time as late as the report asks for, until nothing is open. */
  async drained(): Promise<void> {
    for (let turns = 0; turns < 12; turns += 1) {
      const { signal } = new AbortController();
      const { counts, duplicates, lookAgainAt, stopped } = await send(
        this.#means(),
        { connection: this.#connection.id, plans: [] },
        { signal },
      );
      if (duplicates + counts.refused > 0) throw new Error(JSON.stringify({ counts, duplicates }));
      if (lookAgainAt === null && stopped === null) return;
      if (lookAgainAt !== null) this.#clock.to(lookAgainAt);
      this.#clock.pass(1000);
    }
    throw new Error('something is never settled');
  }

  /** Every recurring line that the invoice of a period sees, those at quantity 0 among them. */
  recurring(period: Period): readonly Held[] {
    return recurringIn(this.#endpoint.state(), `${shiftPeriod(period, 1)}-01`);
  }
  /** Every charge that was ever made. */
  charges(): readonly Held[] {
    return chargesIn(this.#endpoint.state());
  }
  /** How many writes the PSA ever applied. */
  get effects(): number {
    return this.#endpoint.effects().length;
  }

  now(): string {
    return this.#clock.now().toISOString();
  }

  async #confirmed(plans: PlanSet, faults: readonly EndpointFault[]): Promise<void> {
    this.#faults = [...faults];
    if (plans.length > 0) await confirmPlans(this.db, this.now(), { plans, connection: this.#connection, today: this.#today });
    await this.drained();
  }

  async #copiesEnded(period: Period): Promise<void> {
    const compared = await reconciliations(this.db, { period, today: this.#today, calendar: DEFAULT_CALENDAR }, adapterOf);
    for (const line of compared.flatMap(({ lines }) => lines).filter(({ verdict }) => verdict === 'duplicate')) {
      const end = await endOfLine(this.db, line, { reason: 'a copy', period, today: this.#today }, adapterOf);
      if (!end.ok) throw new Error(JSON.stringify(end.error));
      await this.#confirmed([{ plan: end.value.plan, withheld: [] }], []);
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    this.#clock.pass(1000);
    const scopes = this.#companies.map((company) => ({ kind: 'lines', agreementId: agreementOf(this.#companies, company) }) as const);
    const agreements = { kind: 'agreements', companyId: null } as const;
    await readIntoMirror(this.#means(), this.#connection.id, [agreements, ...scopes], { signal: new AbortController().signal });
    this.#clock.pass(1000);
  }

  /** A page that is closed before anything long is over. */
  #means(): AutoSyncMeans {
    return {
      ...{ db: this.db, calendar: DEFAULT_CALENDAR, now: this.#clock.now, today: () => this.#today, locks: lockManager() },
      ...{ fetch: this.#fetch(), newId: () => `read-${String((this.#reads += 1))}` },
      plan: ({ queue }) => autoSyncQueue(this.db, queue, adapterOf),
      wait: (milliseconds) => {
        if (milliseconds > 120_000) return new Promise(() => undefined);
        this.#clock.pass(milliseconds);
        return Promise.resolve();
      },
    };
  }

  #fetch(): typeof fetch {
    return fetchOf(this.#endpoint, ({ method }) => (method === 'GET' ? null : (this.#faults.shift() ?? null)));
  }
}

const DIFFERENT: ReadonlySet<string> = new Set(['changed in the PSA', 'changed in both', 'missing']);

export function customerOf(site: string): Customer {
  return { product: 'proofpoint', site };
}
export function keyOf(key: SubProduct): string {
  return `proofpoint-${key}`;
}
function nameOf(key: SubProduct): string {
  return key === 'business' ? 'Proofpoint Business' : 'Proofpoint Pro';
}
