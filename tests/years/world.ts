import { expect } from 'vitest';
import { waitFor } from 'xstate';
import type { Connection } from '../../src/domain/agreement';
import { canonicalJson } from '../../src/domain/canonical';
import { DEFAULT_CALENDAR, firstDayOf, periodOf, shiftPeriod, type Day, type Period } from '../../src/domain/calendar';
import type { SyncOption } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import type { Delivery } from '../../src/domain/delivery';
import { isHandWork } from '../../src/domain/hand-work';
import { customerKey, type Customer } from '../../src/domain/marketplace';
import { UsagePacker } from '../../src/domain/pack';
import { lineKeyOf, type PlanRequest } from '../../src/domain/plan';
import { isUnsynced } from '../../src/domain/standing';
import type { PlanSet } from '../../src/domain/sync';
import type { BulkItem } from '../../src/domain/sync-bulk';
import { startAutoSync, type AutoSyncMeans } from '../../src/machines/auto-sync-actors';
import { vault } from '../../src/machines/credentials-actors';
import { send } from '../../src/machines/deliver-actors';
import type { ReadScope } from '../../src/machines/read-psa';
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
import { markDelivery } from '../../src/storage/marks';
import { monthStanding } from '../../src/storage/month';
import { confirmPlans, withdrawPlan } from '../../src/storage/plans';
import { reconciliations } from '../../src/storage/reconciliation';
import { undoOf } from '../../src/storage/undo';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf, type Endpoint, type EndpointFault } from '../support/endpoint';
import { lockManager } from '../support/locks';
import { usageLine } from '../support/usage';
import { placeNamed, type HandEdit, type Held, type PlayedPsa, type Told } from './psa';
import { COST, SUB_PRODUCTS, type Counts, type SubProduct } from './reference';

/** How a customer is billed from the beginning. Every site starts at the company of its own name. */
export interface Customers {
  readonly psa: PlayedPsa;
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
  readonly psa: PlayedPsa;
  readonly #companies: readonly string[];
  readonly #zero: 'date' | 'zero';
  readonly #endpoint: Endpoint;
  readonly #clock = scene.createClock('2020-01-01T00:00:00.000Z');
  readonly #connection: Connection;
  /** What stands where the PSA has a key of ours and no text. */
  readonly #keys: ReadonlyMap<string, Place>;
  #today: Day = '2020-01-01';
  #faults: EndpointFault[] = [];
  #reads = 0;

  private constructor(db: Database, { psa, sites, others, zero }: Customers) {
    this.db = db;
    this.psa = psa;
    this.#companies = [...sites, ...others];
    this.#zero = zero;
    this.#endpoint = createEndpoint(psa.seed(this.#companies, Object.values(PRODUCTS).flat()));
    const { adapter, tenant, settings, account } = psa.fixture;
    this.#connection = scene.connectionOf({ id: CONNECTION, psa: adapter.id, tenant, settings });
    this.#keys = new Map(sites.flatMap((site) => this.#companies.flatMap((_, at) => keysOf(psa, site, psa.agreement(at)))));
    vault.keep(CONNECTION, account);
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
      await db.links.add({ connection: CONNECTION, company, psaCompany: customers.psa.company(at), psaName: company, seq: at + 1 });
    }
    await world.#read([{ kind: 'choices' }]);
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
    this.#endpoint.change((state) => this.psa.invoices(state, periodOf(day)));
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
    const place = { customer: customerKey(customerOf(site)), connection: CONNECTION, agreementId: this.#agreement(company) };
    await rememberChoice(this.db, this.now(), { ...place, option, zero: this.#zero });
  }

  async bound(key: keyof typeof PRODUCTS, id: string, from: Period | null): Promise<void> {
    const psaProduct = {
      ...{ id, identifier: `P-${id}`, description: '', taxable: false, price: null, cost: null, active: true, reference: null },
    };
    const place = { connection: CONNECTION, product: 'proofpoint', subProduct: key === 'top' ? null : keyOf(key) };
    await bindProduct(this.db, this.now(), { ...place, from, psaProduct });
  }

  /** Somebody changes an open line of ours in the PSA, for the invoice to come. */
  changedByHand(edit: Omit<HandEdit, 'day'>): void {
    this.#endpoint.change((state) => this.psa.changedByHand(state, { ...edit, day: firstDayOf(periodOf(this.#today)) }));
  }

  /** Reads the PSA, ends what stands there twice, then syncs everybody who changed here or there; the next writes meet the faults. Answers the questions that were left. */
  async synced(
    period: Period,
    faults: readonly EndpointFault[] = [],
    also: readonly string[] = [],
    again = this.#companies.length,
  ): Promise<readonly BulkItem[]> {
    await this.#read();
    await this.#copiesEnded(period);
    const items = await this.planned(period, [...new Set([...(await this.unsynced(period)), ...also])]);
    const sent = await this.#confirmed(
      items.flatMap(({ plans }) => plans),
      faults,
    );
    if (sent === 'some were refused' && again > 0) return this.synced(period, [], also, again - 1);
    expect(sent).toBe('all');
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
    await this.#lookedAtByHand();
    await this.#workedByHand();
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
  async drained(): Promise<'all' | 'some were refused'> {
    let refused = 0;
    for (let turns = 0; turns < 12; turns += 1) {
      const { signal } = new AbortController();
      const { counts, duplicates, lookAgainAt, stopped } = await send(this.#means(), { connection: CONNECTION, plans: [] }, { signal });
      refused += counts.refused;
      if (duplicates > 0 || (refused > 0 && !this.#takesDocuments)) throw new Error(JSON.stringify({ counts, duplicates }));
      if (lookAgainAt === null && stopped === null) return refused === 0 ? 'all' : this.#withdrawn();
      if (lookAgainAt !== null) this.#clock.to(lookAgainAt);
      this.#clock.pass(1000);
    }
    throw new Error('something is never settled');
  }

  /** What follows a refused request is given up. */
  async #withdrawn(): Promise<'some were refused'> {
    const refused = new Set((await this.db.deliveries.where('state').equals('refused').toArray()).map(({ plan }) => plan));
    const left = await this.db.deliveries.where('state').equals('pending').toArray();
    for (const plan of new Set(left.map((row) => row.plan))) if (refused.has(plan)) await withdrawPlan(this.db, this.now(), plan);
    return 'some were refused';
  }

  /** Every recurring line that the invoice of a period sees, those at quantity 0 among them. */
  recurring(period: Period): readonly Held[] {
    return this.psa.recurring(this.#endpoint.state(), firstDayOf(shiftPeriod(period, 1))).map((told) => this.#held(told));
  }
  /** Every charge that was ever made. */
  charges(): readonly Held[] {
    return this.psa.charges(this.#endpoint.state()).map((told) => this.#held(told));
  }
  /** How many writes the PSA ever applied. */
  get effects(): number {
    return this.#endpoint.effects().length;
  }

  now(): string {
    return this.#clock.now().toISOString();
  }

  /** Whether each write holds all lines of an agreement: of two customers on one, the second waits until the first is read. */
  get #takesDocuments(): boolean {
    return this.psa.fixture.adapter.spoiled !== undefined;
  }

  async #confirmed(plans: PlanSet, faults: readonly EndpointFault[]): Promise<'all' | 'some were refused'> {
    this.#faults = [...faults];
    if (plans.length > 0) await confirmPlans(this.db, this.now(), { plans, connection: this.#connection, today: this.#today });
    const sent = await this.drained();
    const lost = await this.#lookedAtByHand();
    await this.#workedByHand();
    return lost ? 'some were refused' : sent;
  }

  /** Where nobody reads the PSA back, a person looks into it and says what became of a request. Answers whether one was lost. */
  async #lookedAtByHand(): Promise<boolean> {
    if (this.psa.fixture.adapter.can.readBack) return false;
    let lost = false;
    const bodyOf = (row: Delivery) => row.resolved?.body ?? '';
    for (;;) {
      const row = await this.db.deliveries.where('state').equals('unknown').first();
      if (row === undefined) return lost;
      const alike = (await this.db.deliveries.where('state').equals('sent').toArray()).filter((one) => bodyOf(one) === bodyOf(row));
      const made = this.#endpoint.effects().filter(({ body }) => canonicalJson(body) === bodyOf(row));
      const applied = made.length > alike.length;
      await markDelivery(this.db, this.now(), row.id, { applied });
      lost ||= !applied;
      if (applied) await this.drained();
      else await this.#withdrawn();
    }
  }

  /** What the PSA has no request for, a person does and ticks off. */
  async #workedByHand(): Promise<void> {
    for (const { id, plan, n, state } of await this.db.deliveries.orderBy('id').toArray()) {
      const request = (await this.db.plans.get(plan))?.plan.requests[n];
      if (state !== 'pending' || request === undefined || !isHandWork(request)) continue;
      this.#doneByHand(request);
      await markDelivery(this.db, this.now(), id, { applied: true });
    }
  }

  #doneByHand({ line, operation, before }: PlanRequest): void {
    const lines = this.psa.recurring(this.#endpoint.state(), this.#today);
    const isNamed = ({ name, agreement, product }: Told) =>
      name === (before?.name ?? line.name) && agreement === line.agreementId && product === (line.productId ?? product);
    const isMeant = (told: Told) =>
      line.lineId === null ? isNamed(told) && told.quantity === Number(before?.quantity ?? told.quantity) : told.id === line.lineId;
    const [own, ...others] = lines.filter(isMeant);
    if (own === undefined || others.length > 0) throw new Error(`nobody knows which line is meant: ${JSON.stringify({ line, lines })}`);
    const isEnd = operation === 'end' && line.after?.endDate !== null;
    const { quantity, price, name } = line.after ?? {};
    this.changedByHand({
      ...{ id: own.id, how: isEnd ? 'deleted' : 'another quantity', quantity: Number(quantity ?? own.quantity) },
      ...{ price: Number(price ?? own.price), name: name ?? own.name },
    });
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

  async #read(scopes: readonly ReadScope[] = this.#agreementsAndLines()): Promise<void> {
    this.#clock.pass(1000);
    await readIntoMirror(this.#means(), CONNECTION, scopes, { signal: new AbortController().signal });
    this.#clock.pass(1000);
  }

  #agreementsAndLines(): readonly ReadScope[] {
    const lines = this.#companies.map((company) => ({ kind: 'lines', agreementId: this.#agreement(company) }) as const);
    return [{ kind: 'agreements', companyId: null }, ...lines];
  }

  #agreement(company: string): string {
    return this.psa.agreement(this.#companies.indexOf(company));
  }

  #held({ agreement, name, ...told }: Told): Held {
    const company = this.#companies.find((one) => this.#agreement(one) === agreement) ?? agreement;
    return { ...told, company, ...(this.#keys.get(name) ?? placeNamed(name)) };
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
    return fetchOf(this.#endpoint, (request) => (this.psa.fixture.writes(request) ? (this.#faults.shift() ?? null) : null));
  }
}

export const CONNECTION = 'psa';

type Place = Pick<Held, 'site' | 'slot'>;

/** Every key that a recurring line of a site may carry on an agreement. */
function keysOf({ fixture }: PlayedPsa, site: string, agreementId: string): readonly (readonly [key: string, Place])[] {
  const identity = { psa: fixture.adapter.id, tenant: fixture.tenant, agreementId, vendor: 'Proofpoint', site, period: '2020-01' };
  const of = (slot: string, subProduct: string, option: SyncOption) =>
    [lineKeyOf({ ...identity, subProduct, option }), { site, slot }] as const;
  return [...SUB_PRODUCTS.map((key) => of(key, keyOf(key), 'multi-product')), of('*', 'proofpoint/*', 'single line')];
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
