import { describe, expect, test } from 'vitest';
import { changesBasis, syncBasis } from '../../src/domain/basis';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { customerKey } from '../../src/domain/marketplace';
import { freezePlan, planText } from '../../src/domain/plan';
import { planAgain } from '../../src/domain/plan-again';
import { problem } from '../../src/domain/problem';
import { planSetFor } from '../../src/domain/sync';
import { adapterOf } from '../../src/psa';
import { connectwise } from '../../src/psa/connectwise';
import { assignCompany } from '../../src/storage/assignments';
import { basisOf } from '../../src/storage/bases';
import { bindProduct, unbind } from '../../src/storage/bindings';
import { bulkPlans } from '../../src/storage/bulk';
import { saveCompany } from '../../src/storage/companies';
import { confirmSync } from '../../src/storage/confirm';
import { saveConnection } from '../../src/storage/connections';
import type { Database } from '../../src/storage/db';
import { commitImport, stageChunk, stageImport } from '../../src/storage/imports';
import { linkCompany } from '../../src/storage/links';
import { markApplied } from '../../src/storage/marks';
import { plannedAgain } from '../../src/storage/plan-again';
import { confirmPlans } from '../../src/storage/plans';
import { setPrice } from '../../src/storage/prices';
import type { PlanRecord } from '../../src/storage/rows';
import { addRule } from '../../src/storage/rules';
import { saveNameTemplate } from '../../src/storage/settings';
import { undoOf } from '../../src/storage/undo';
import { CONNECTION, december, mail, NOW, seeded, syncOf } from '../demo/demo';
import { usageImport, usageLine } from '../support/usage';

const customer = mail('1stwestinsurance.com');
const LATER = '2021-02-09T08:00:00.000Z';
const SAME = { made: true, differs: [] } as const;

/** The seed customer's December, confirmed with the bindings that its wizard chose. */
async function confirmed(): Promise<{ db: Database; record: PlanRecord }> {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  if (company === undefined) throw new Error('the demo has the company');
  await assignCompany(db, NOW, { customer, company: company.id, from: null, evidence: 'partner' });
  const { facts, choices } = await syncOf(db, customer);
  const plans = planSetFor(facts, choices, connectwise);
  if (!plans.ok) throw new Error(JSON.stringify(plans.error));
  const basis = syncBasis(facts, choices);
  const sync = { customer, company, connection: facts.connection, period: facts.period, today: facts.today, choices };
  const id = await confirmSync(db, NOW, { ...sync, plans: plans.value.map((one) => ({ ...one, basis })) });
  return { db, record: await recordOf(db, id) };
}

async function recordOf(db: Database, id: string): Promise<PlanRecord> {
  const record = await db.plans.get(id);
  if (record === undefined) throw new Error('it was confirmed');
  return record;
}

/** A file of February that says something else of December, a price, a rule and everything else that a plan rests on. */
async function changeEverything(db: Database): Promise<void> {
  const { record, chunks } = usageImport([usageLine({ quantity: decimalOf(17), unitPrice: decimalOf(4) })], { source: 'pax8' });
  await stageImport(db, LATER, { ...record, slices: chunks.length });
  for (const chunk of chunks) await stageChunk(db, LATER, chunk);
  const named = { product: null, summary: null, id: null, name: 'Proofpoint Business', unit: 'Seat' };
  const nothing = { companies: [], products: [], subscriptions: [], summaries: [] };
  await commitImport(db, LATER, { ...record, slices: chunks.length }, { ...nothing, named: [named] });
  const empty = { site: '', how: '', percent: '', overCost: '', least: '', currency: '', places: '', until: '' };
  const place = { ...empty, product: 'proofpoint', subProduct: 'proofpoint-business', from: '2020-12', reason: 'Later' };
  await addRule(db, LATER, { ...place, kind: 'minimum', quantity: '20' });
  const price = { subProduct: 'proofpoint-business', company: null, price: decimalOf(9), cost: null, currency: 'USD' };
  await setPrice(db, LATER, { ...price, from: null, until: null });
  await saveNameTemplate(db, LATER, { text: '{customer}', collapse: false });
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  if (company === undefined) throw new Error('the demo has the company');
  await saveCompany(db, LATER, { ...company, name: 'Another name' });
  await linkCompany(db, LATER, { connection: CONNECTION, company: company.id, psaCompany: { id: '999', name: 'Elsewhere' } });
  await assignCompany(db, LATER, { customer, company: 'own', from: null, evidence: 'partner' });
  const bound = { connection: CONNECTION, product: 'proofpoint', subProduct: 'proofpoint-business' };
  await unbind(db, LATER, { ...bound, from: '2020-12' });
  const psaProduct = {
    id: '77',
    identifier: 'OTHER',
    description: '',
    taxable: null,
    price: null,
    cost: null,
    active: true,
    reference: null,
  };
  await bindProduct(db, LATER, { ...bound, from: null, psaProduct });
  const connection = await db.connections.get(CONNECTION);
  if (connection === undefined) throw new Error('the demo has a connection');
  await saveConnection(db, LATER, { ...connection, name: 'Renamed' });
}

describe('a confirmed plan made again', () => {
  test('has the same hash, from what was kept with it and from what is remembered of its time', async () => {
    const { db, record } = await confirmed();
    expect(await plannedAgain(db, record, connectwise)).toEqual({ kept: SAME, known: { ...SAME, inputs: [] } });
  });

  test('has it also after a late file and after every decision about it was changed', async () => {
    const { db, record } = await confirmed();
    await markApplied(db, LATER, record.id);
    await changeEverything(db);
    const { company, count } = (await syncOf(db, customer)).facts;
    expect([company, count.counts.map(({ quantity }) => quantity)]).toEqual([null, ['20']]);
    expect(await plannedAgain(db, record, connectwise)).toEqual({ kept: SAME, known: { ...SAME, inputs: [] } });
  });

  test('says which parts a planner of another version makes otherwise', async () => {
    const { db, record } = await confirmed();
    const requests: typeof connectwise.requests = (change, around) => {
      const made = connectwise.requests(change, around);
      return made.ok ? { ...made, value: made.value.map((request) => ({ ...request, path: `${request.path}/new` })) } : made;
    };
    const again = { made: true, differs: ['requests'] };
    expect(await plannedAgain(db, record, { ...connectwise, requests })).toEqual({ kept: again, known: { ...again, inputs: [] } });
    const refused = problem('line is gone', { line: 'x' });
    const refuses = { ...connectwise, requests: () => ({ ok: false, error: [refused] }) as const };
    const none = { made: false, problems: [refused] };
    expect(await plannedAgain(db, record, refuses)).toEqual({ kept: none, known: { ...none, inputs: [] } });
  });

  test('says which input is not what it was, where something other than this page changed the past', async () => {
    const { db, record } = await confirmed();
    const assignment = await db.assignments.filter(({ site }) => site === customer.site).last();
    if (assignment === undefined) throw new Error('it was assigned');
    await db.assignments.put({ ...assignment, company: 'own' });
    const { kept, known } = (await plannedAgain(db, record, connectwise)) ?? {};
    expect([kept, known?.inputs]).toEqual([SAME, ['company', 'link']]);
  });

  test('is refused where the kept input is not what its hash says, and has none in a plan of an older version', async () => {
    const { db, record } = await confirmed();
    const { basis, ...older } = record;
    expect(await plannedAgain(db, older, connectwise)).toBeNull();
    const hash = basis?.hash ?? '';
    await db.bases.update(hash, { text: (await db.bases.get(hash))?.text.replace('"15"', '"16"') ?? '' });
    await expect(plannedAgain(db, record, connectwise)).rejects.toMatchObject({
      problem: problem('record is damaged', { what: `basis ${hash}` }),
    });
  });

  test('is the same for every customer of a sync of many, of which texts are kept once', async () => {
    const db = await seeded();
    const customers = (await db.choices.toArray())
      .map(({ customer: key }) => key.split('\u001f'))
      .map(([product = '', site = '']) => ({ product, site }));
    const asked = { customers, ...december, calendar: DEFAULT_CALENDAR, withBases: true };
    const plans = (await bulkPlans(db, asked, adapterOf)).flatMap((item) => item.plans);
    const connection = await db.connections.get(CONNECTION);
    if (connection === undefined) throw new Error('the demo has a connection');
    const records = await confirmPlans(db, NOW, { plans, connection, today: december.today });
    const again = await Promise.all(records.map((record) => plannedAgain(db, record, connectwise)));
    expect(again).toEqual(records.map(() => ({ kept: SAME, known: { ...SAME, inputs: [] } })));
    const common = new Set((await db.bases.toArray()).map((basis) => basis.common));
    expect([records.length, await db.bases.count()]).toEqual([4, 4 + common.size - 1]);
  });
});

describe('a plan that takes another back', () => {
  test('is made again from its own changes', async () => {
    const { db, record } = await confirmed();
    await markApplied(db, LATER, record.id);
    const undo = await undoOf(db, record.id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf);
    if (!undo.ok || undo.value.planned === null) throw new Error(JSON.stringify(undo));
    const { planned, connection } = undo.value;
    const { plan } = planned;
    await confirmPlans(db, LATER, { plans: [planned], connection, today: december.today });
    const undone = await recordOf(db, plan.id);
    expect(await plannedAgain(db, undone, connectwise)).toEqual({ kept: SAME, known: null });
    expect(undone.customer).toBe(customerKey(customer));
  });
});

test('a basis is kept as text and read as it was', async () => {
  const { db, record } = await confirmed();
  const basis = await basisOf(db, record.basis?.hash ?? '');
  if (basis.kind !== 'sync') throw new Error('it was a sync');
  const plan = planAgain(basis, 'lines', connectwise);
  expect([plan.ok && plan.value !== null && planText(plan.value), syncBasis(basis.facts, basis.choices).hash]).toEqual([
    planText(record.plan),
    record.basis?.hash,
  ]);
  expect(planAgain(basis, 'export', connectwise)).toEqual({ ok: true, value: null });
  const draft = { ...record.plan, changes: [] };
  const around = { linesOf: () => null, settings: {}, lookups: {}, readable: true };
  expect(changesBasis(draft, around).hash).toBe(changesBasis(draft, around).hash);
  expect(freezePlan(draft, connectwise.requests, around).ok).toBe(true);
});

test('neither a basis nor the journal keeps what an address carries behind its path, in which some relays have a secret', async () => {
  const db = await seeded();
  const before = await db.connections.get(CONNECTION);
  if (before === undefined) throw new Error('the demo has a connection');
  await saveConnection(db, NOW, { ...before, protocol: 'relay', url: 'https://relay.example/run?sig=hush' });
  const { facts, choices } = await syncOf(db, mail('foxhollowrealty.com'));
  await saveConnection(db, LATER, before);
  const kept = JSON.stringify([await db.journal.toArray(), syncBasis(facts, choices)]);
  expect([kept.includes('https://relay.example/run'), kept.includes('hush')]).toEqual([true, false]);
});
