import { expect, test } from 'vitest';
import { parseDecimal, type Decimal } from '../../src/domain/decimal';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { planSetFor } from '../../src/domain/sync';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import { gridFor } from '../../src/domain/sync-grid';
import { stepProblems } from '../../src/domain/sync-steps';
import { send } from '../../src/machines/deliver-actors';
import { halopsa } from '../../src/psa/halopsa';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { confirmSync } from '../../src/storage/confirm';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { assignCompany } from '../../src/storage/assignments';
import { codes, december, demo, january, mail, NOW, seeded } from './demo';

const HALO = 'demo-halopsa';
const SEED = mail('1stwestinsurance.com');
const INVOICE = '-502';

test('the demo has read every list that the wizard asks for, and the lines of every recurring invoice', async () => {
  const db = await demo();
  const kinds = ['companies', 'agreements', 'products', 'categories'] as const;
  const counts = await Promise.all(kinds.map(async (kind) => (await mirrorOf(db, HALO, kind))?.rows.length));
  const lines = (await db.mirrors.toArray()).filter(({ connection, kind }) => connection === HALO && kind === 'lines');
  expect([counts, lines.length, lines.reduce((sum, { rows }) => sum + rows.length, 0)]).toEqual([[27, 28, 5, 2], 28, 4]);
});

test('the oddities of the recurring invoices are those that the wizard refuses or warns of', async () => {
  const db = await demo();
  const rows = (await mirrorOf(db, HALO, 'agreements'))?.rows ?? [];
  const use = { ...december, currency: 'USD', option: 'multi-product' } as const;
  const judged = rows.flatMap((row) => {
    const { refusals, warnings } = halopsa.judge(row, use);
    return refusals.length + warnings.length === 0 ? [] : [[row.id, codes(refusals), codes(warnings)]];
  });
  expect(judged).toEqual([
    ['-519', ['agreement is ended'], []],
    ['-520', ['agreement is inactive'], []],
    ['-521', ['agreement is in another currency'], []],
    ['-522', [], ['agreement prorates']],
    ['-523', ['agreement is not monthly'], []],
    ['-560', ['agreement is ended'], []],
  ]);
});

test('December is created beside the partner\u2019s own line, and an unchanged January has nothing to sync', async () => {
  const db = await synced();
  expect(
    (await linesInPsa(db)).map(({ id, item_shortdescription, qty_order, unit_price }) => [
      id,
      item_shortdescription,
      qty_order,
      unit_price,
    ]),
  ).toEqual([
    [1800, 'Managed workstation', 15, 45],
    [expect.any(Number), '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business', 15, 3],
  ]);
  const choices = { ...NO_CHOICES, agreementId: INVOICE };
  const facts = await factsFor(db, choices, january);
  expect(gridFor(facts, choices, halopsa).lines.map(({ status, syncedQuantity }) => [status, syncedQuantity])).toEqual([
    ['Unchanged', '15'],
  ]);
  expect(codes(stepProblems('grid', facts, choices, halopsa))).toEqual(['nothing to sync']);
});

test('a changed January is Updating, and its request sends the partner\u2019s own line back as it stands', async () => {
  const db = await synced();
  const before = await linesInPsa(db);
  const choices: SyncChoices = {
    ...NO_CHOICES,
    agreementId: INVOICE,
    edits: { 'proofpoint-business': { syncedQuantity: decimal('17'), reason: 'Two came later' } },
  };
  const facts = await factsFor(db, choices, january);
  expect(gridFor(facts, choices, halopsa).lines.map(({ status }) => status)).toEqual(['Updating']);
  expect(await confirmed(db, choices, january)).toEqual([['update', 'POST', '/RecurringInvoice']]);
  const after = await linesInPsa(db);
  expect(after[0]).toEqual(before[0]);
  expect(after.map(({ qty_order }) => qty_order)).toEqual([15, 17]);
});

test('a customer who moves to another recurring invoice ends there and begins here, each with the lines of its own', async () => {
  const db = await synced();
  const choices = { ...NO_CHOICES, agreementId: '-503', link: { id: '1103', name: 'Bayview Dental' } };
  const facts = await factsFor(db, choices, january);
  const set = planSetFor(facts, choices, halopsa);
  const requests = set.ok ? (set.value[0]?.plan.requests ?? []) : [];
  expect(requests.map(({ operation, body }) => [operation, ...headersIn(body)])).toEqual([
    ['end', [-502, 2]],
    ['create', [-503, 2]],
  ]);
  const unread = { ...facts, linesByAgreement: new Map([...facts.linesByAgreement].filter(([id]) => id !== INVOICE)) };
  const refused = planSetFor(unread, choices, halopsa);
  expect(refused.ok ? [] : refused.error).toEqual([{ code: 'lines of the agreement were never read', agreement: INVOICE }]);
  expect(await confirmed(db, choices, january)).toEqual([
    ['end', 'POST', '/RecurringInvoice'],
    ['create', 'POST', '/RecurringInvoice'],
  ]);
  expect((await linesInPsa(db)).map(({ enddate }) => (enddate as string).slice(0, 10))).toEqual(['1900-01-01', '2021-01-31']);
  expect((await linesInPsa(db, -503)).map(({ qty_order }) => qty_order)).toEqual([22, 15]);
});

test('a line that HaloPSA counts by itself is warned of when it is taken over', async () => {
  const db = await demo();
  const customer = mail('willowcreekspa.com');
  const agreements = (await gridFacts(db, { customer, connection: HALO, psaCompany: null, agreementId: null, ...december })).agreements;
  const agreementId = agreements?.[0]?.id ?? null;
  const facts = await gridFacts(db, { customer, connection: HALO, psaCompany: null, agreementId, ...december });
  const bindings = await bindingsIn(db);
  const adopted = { ...NO_CHOICES, bindings, agreementId, edits: { 'proofpoint-business': { adopt: '1803' } } };
  const line = gridFor(facts, adopted, halopsa).lines.find(({ slot }) => slot === 'proofpoint-business');
  expect([line?.status, codes(line?.warnings ?? [])]).toEqual(['Updating', expect.arrayContaining(['line is counted by the PSA'])]);
});

async function synced(): Promise<Database> {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: SEED, company: company?.id ?? '', from: null, evidence: 'partner' });
  const choices = { ...NO_CHOICES, agreementId: INVOICE, bindings: await bindingsIn(db) };
  expect(await confirmed(db, choices, december)).toEqual([['create', 'POST', '/RecurringInvoice']]);
  return db;
}

/** Confirms the plan and delivers it through the page's own sandbox channel. Answers its requests; every one of them must arrive. */
async function confirmed(db: Database, choices: SyncChoices, when: typeof december | typeof january) {
  const facts = await factsFor(db, choices, when);
  const set = planSetFor(facts, choices, halopsa);
  if (!set.ok || facts.company === null) throw new Error(JSON.stringify(set));
  const { customer, company, connection, period, today } = facts;
  await confirmSync(db, NOW, { customer, company, connection, period, today, choices, plans: set.value });
  const locks = { request: async (_: string, __: unknown, work: (lock: object) => Promise<unknown>) => work({}) } as unknown as LockManager;
  const means = { db, now: () => new Date(`${today}T08:00:00.000Z`), today: () => today, newId: () => crypto.randomUUID(), locks };
  const report = await send(
    { ...means, wait: () => Promise.resolve() },
    { connection: HALO, plans: [] },
    { signal: new AbortController().signal },
  );
  const requests = set.value.flatMap(({ plan }) => plan.requests);
  expect(report.counts).toEqual({ pending: 0, sending: 0, sent: requests.length, refused: 0, unknown: 0 });
  return requests.map(({ operation, method, path }) => [operation, method, path]);
}

function factsFor(db: Database, { agreementId, link }: SyncChoices, when: typeof december | typeof january) {
  const asked = { customer: SEED, connection: HALO, agreementId, psaCompany: link?.id ?? null, calendar: DEFAULT_CALENDAR };
  return gridFacts(db, { ...asked, ...when });
}

async function bindingsIn(db: Database): Promise<SyncChoices['bindings']> {
  const products = (await mirrorOf(db, HALO, 'products'))?.rows ?? [];
  const pick = (name: string) => {
    const found = products.find(({ identifier }) => identifier === name);
    if (found === undefined) throw new Error(`no item ${name}`);
    return found;
  };
  return [
    { subProduct: null, psaProduct: pick('Proofpoint') },
    { subProduct: 'proofpoint-business', psaProduct: pick('Proofpoint Business') },
  ];
}

async function linesInPsa(db: Database, invoice = Number(INVOICE)) {
  const state = (await db.sandboxes.get(HALO))?.state as unknown as SandboxState;
  return (state.tables['lines'] ?? []).filter(({ ihid }) => ihid === invoice);
}

function headersIn(body: unknown): readonly (readonly [number, number])[] {
  return (body as readonly { id: number; lines: readonly unknown[] }[]).map(({ id, lines }) => [id, lines.length] as const);
}

function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
