import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { customerKey, type UsageSummary } from '../../src/domain/marketplace';
import { syncedKey } from '../../src/domain/synced';
import { assignCompany } from '../../src/storage/assignments';
import { chooseBillingSource } from '../../src/storage/billing-source';
import { bindProduct, unbind } from '../../src/storage/bindings';
import { saveCompany } from '../../src/storage/companies';
import { write, type Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { newestDecisions, turnDecision } from '../../src/storage/decisions';
import { commitImport, stageChunk, stageImport } from '../../src/storage/imports';
import { journalOfDecisions } from '../../src/storage/journal';
import { linkCompany } from '../../src/storage/links';
import { monthStanding } from '../../src/storage/month';
import { setPrice } from '../../src/storage/prices';
import { addRule, endRule } from '../../src/storage/rules';
import { saveNameTemplate } from '../../src/storage/settings';
import { recordAt, standingThen, tablesThen } from '../../src/storage/then';
import { syncedLine } from '../support/grid';
import { usageImport, usageLine } from '../support/usage';

const PERIOD = '2020-12';
const asked = { period: PERIOD, today: '2021-01-03', calendar: DEFAULT_CALENDAR };
const PLACE = { connection: 'cw', product: 'proofpoint', subProduct: null };
const months = fc.constantFrom(null, '2020-11', '2020-12', '2021-01');
const sites = fc.constantFrom('a.example', 'b.example');
const companies = fc.constantFrom('c1', 'c2');
const numbers = fc.integer({ min: 0, max: 9 });

type Command = (db: Database, now: string) => Promise<unknown>;

/** Whatever a partner or a file may do to what a month rests on. */
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ site: sites, quantity: numbers, source: fc.constantFrom('x', 'y'), complete: fc.boolean(), summary: fc.boolean() })
    .map(imported),
  fc.record({ site: sites, source: fc.constantFrom('x', 'y') }).map(named),
  fc.record({ site: sites, company: companies, from: months }).map(
    ({ site, company, from }): Command =>
      (db, now) =>
        assignCompany(db, now, { customer: { product: 'proofpoint', site }, company, from, evidence: 'partner' }),
  ),
  fc.record({ company: fc.option(companies), price: numbers, from: months }).map(
    ({ company, price, from }): Command =>
      (db, now) =>
        setPrice(db, now, { ...LISTED, company, price: decimalOf(price), from }),
  ),
  fc.record({ quantity: numbers, site: fc.constantFrom('', 'a.example') }).map(
    ({ quantity, site }): Command =>
      (db, now) =>
        addRule(db, now, { ...RULE, kind: 'minimum', site, quantity: String(quantity) }),
  ),
  fc.constantFrom('2020-12', '2021-01').map((from): Command => async (db, now) => {
    const rule = await db.rules.toCollection().last();
    if (rule !== undefined) await endRule(db, now, { seq: rule.seq, from });
  }),
  numbers.map(
    (id): Command =>
      (db, now) =>
        bindProduct(db, now, { ...PLACE, from: null, psaProduct: { ...PRODUCT, id: String(id) } }),
  ),
  fc.constant<Command>((db, now) => unbind(db, now, { ...PLACE, from: '2021-01' })),
  fc.record({ id: companies, name: fc.constantFrom('Acme', 'Bolt') }).map(
    ({ id, name }): Command =>
      (db, now) =>
        saveCompany(db, now, { id, name, domains: [`${id}.example`], externalId: null, status: 'active', source: 'partner' }),
  ),
  fc.record({ company: companies, id: numbers }).map(
    ({ company, id }): Command =>
      (db, now) =>
        linkCompany(db, now, { connection: 'cw', company, psaCompany: { id: String(id), name: `PSA ${String(id)}` } }),
  ),
  fc.constantFrom('x', 'y').map(
    (source): Command =>
      (db, now) =>
        chooseBillingSource(db, now, 'proofpoint', source),
  ),
  fc.constantFrom('{customer}', '{product}').map(
    (text): Command =>
      (db, now) =>
        saveNameTemplate(db, now, { text, collapse: false }),
  ),
  fc
    .record({ site: sites, quantity: numbers, lineKey: fc.constantFrom('1', '2', '3'), how: fc.constantFrom('made', 'moved', 'gone') })
    .map(synced),
  fc.nat({ max: 2 }).map(turned),
);

const LISTED = { subProduct: 'proofpoint-business', cost: null, currency: 'USD', until: null };
const RULE = {
  ...{ product: 'proofpoint', subProduct: 'proofpoint-business', how: '', percent: '', overCost: '', least: '' },
  ...{ currency: '', places: '', from: '', until: '', reason: 'Contract' },
};
const PRODUCT = { identifier: 'PP', description: '', price: null, cost: null, taxable: null, active: true, reference: null };

function imported(file: { site: string; quantity: number; source: string; complete: boolean; summary: boolean }): Command {
  return async (db, now) => {
    const { site, quantity, source, complete, summary } = file;
    const of = summary ? { site: null, summary: `${source}-${site}`, product: null } : { site };
    const { record, chunks } = usageImport([usageLine({ ...of, quantity: decimalOf(quantity), unitPrice: null })], { source, complete });
    await stageImport(db, now, record);
    for (const chunk of chunks) await stageChunk(db, now, chunk);
    const product = summary ? null : 'Proofpoint';
    const known = { product, summary: of.summary ?? null, id: null, name: 'Proofpoint Business', unit: 'User' };
    await commitImport(db, now, record, { companies: [], products: [], subscriptions: [], summaries: [], named: [known] });
  };
}

/** A file that says whose the usage of a summary is, and brings companies of its own. */
function named({ site, source }: { site: string; source: string }): Command {
  return async (db, now) => {
    const summary: UsageSummary = {
      ...{ id: `${source}-${site}`, companyId: null, productId: 'p', resourceGroup: site, vendorName: 'Proofpoint' },
      ...{ subscriptionId: null, currency: 'USD', trial: false },
    };
    const { record } = usageImport([], { source });
    const company = { id: 'c1', name: `Of ${source}`, domains: [site], externalId: null, status: 'active', source } as const;
    await stageImport(db, now, { ...record, slices: 0 });
    const product = { id: 'p', name: 'Proofpoint', vendor: 'Proofpoint' };
    const found = { companies: [company], products: [product], subscriptions: [], summaries: [summary], named: [] };
    await commitImport(db, now, { ...record, slices: 0 }, found);
  };
}

/** A line comes first, changes in its place or is gone; those beside it stay. */
function synced(given: { site: string; quantity: number; lineKey: string; how: 'made' | 'moved' | 'gone' }): Command {
  const { site, quantity, lineKey, how } = given;
  return (db, now) =>
    write(db, now, ['synced'], async ({ audit }) => {
      const customer = customerKey({ product: 'proofpoint', site });
      const line = syncedLine({ lineKey, quantity: decimalOf(quantity), productId: null });
      const known = (await db.synced.get(syncedKey(customer, 'cw')))?.lines ?? [];
      const others = known.filter((one) => one.lineKey !== lineKey);
      const lines = { made: [line, ...others], moved: known.map((one) => (one.lineKey === lineKey ? line : one)), gone: others }[how];
      const frame = { customer, connection: 'cw', company: 'c1', agreementId: '12', option: 'multi-product', withheld: null } as const;
      await db.synced.put({ key: syncedKey(customer, 'cw'), ...frame, lines, ...(how === 'made' ? {} : { provenAt: now }) });
      await audit('line accepted', customer, null);
    });
}

/** Takes one of the newest decisions back or makes it again, where nothing stands in the way. */
function turned(at: number): Command {
  return async (db, now) => {
    const decision = (await newestDecisions(db, 3))[at];
    if (decision !== undefined) await turnDecision(db, now, decision.seq).catch(() => undefined);
  };
}

async function opened(): Promise<Database> {
  return openDatabase(`then-${crypto.randomUUID()}`, { newId: () => 'uuid' });
}

async function snapshotOf(db: Database, now: string) {
  const tables = await tablesThen(db, Infinity);
  const standing = await monthStanding(db, asked);
  const lastSeq = (await db.meta.get('database'))?.lastSeq ?? 0;
  const rows = Object.fromEntries(
    await Promise.all(Object.keys(tables).map(async (name) => [name, await db.table(name).toArray()] as const)),
  );
  return { now, rows, standing, lastSeq };
}

describe('what was known after a record', () => {
  test('is what a copy of that moment holds, whatever was decided, imported or taken back since', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { minLength: 2, maxLength: 14 }), async (acts) => {
        const db = await opened();
        const snapshots = [];
        for (const [at, act] of acts.entries()) {
          const now = new Date(Date.UTC(2021, 0, 3 + at)).toISOString();
          await act(db, now);
          snapshots.push(await snapshotOf(db, now));
        }
        for (const { now, rows, standing, lastSeq } of snapshots) {
          const tables = await tablesThen(db, await recordAt(db, now));
          expect([tables, lastSeq]).toEqual([rows, await recordAt(db, now)]);
          expect(await standingThen(db, tables, { ...asked, record: lastSeq })).toEqual(standing);
        }
        await db.delete();
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

test('a day before everything knows nothing', async () => {
  const db = await opened();
  await chooseBillingSource(db, '2021-01-03T08:00:00.000Z', 'proofpoint', 'x');
  const record = await recordAt(db, '2021-01-02T23:59:59.999Z');
  const tables = await tablesThen(db, record);
  expect([record, tables.settings, await standingThen(db, tables, { ...asked, record })]).toEqual([0, [], []]);
});

test('decisions of before the journal are told from what they kept, and what was taken back or made again from the audit', () => {
  const image = { table: 'settings', key: 'word', before: null, after: { key: 'word', value: 'mine' } };
  const decision = { seq: 3, at: 'first', kind: 'setting changed', subject: 'word', images: [image], undone: null };
  const turn = (seq: number, kind: string, record: number) => ({
    ...{ seq, at: `at ${String(seq)}`, kind, subject: 'word', data: { kind: 'setting changed', record }, prevHash: '', hash: '' },
  });
  const turns = [turn(5, 'decision taken back', 3), turn(7, 'decision made again', 3), turn(8, 'decision taken back', 99)];
  const row = (before: unknown) => [{ table: 'settings', key: 'word', before }];
  expect(journalOfDecisions([decision], turns)).toEqual([
    { seq: 3, at: 'first', rows: row(null) },
    { seq: 5, at: 'at 5', rows: row({ key: 'word', value: 'mine' }) },
    { seq: 7, at: 'at 7', rows: row(null) },
  ]);
});
