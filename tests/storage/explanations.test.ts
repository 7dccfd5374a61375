import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { gridFor } from '../../src/domain/sync-grid';
import type { RuleVersion } from '../../src/domain/rule';
import { planSetFor } from '../../src/domain/sync';
import { connectwise } from '../../src/psa/connectwise';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { derivationOfCount, derivationOfLine } from '../../src/storage/explanations';
import { derivationOfPast } from '../../src/storage/past-derivation';
import { commitImport, stageChunk, stageImport } from '../../src/storage/imports';
import { confirmPlans } from '../../src/storage/plans';
import { setPrice } from '../../src/storage/prices';
import { usageImport, usageLine } from '../support/usage';
import { december, mail, NOW, seeded, standingOf, syncOf } from '../demo/demo';

const customer = mail('1stwestinsurance.com');

describe('the seed customer’s 15', () => {
  test('is explained by the row of the file, the snapshot day, the source, the company, the binding and the sum', async () => {
    const db = await withCompany();
    const { facts, choices } = await syncOf(db, customer);
    const line = firstOf(gridFor(facts, choices, connectwise).lines);
    expect(await derivationOfLine(db, { facts, choices, rules: connectwise, line })).toEqual(SEED);
  });

  test('is the same before it is assigned, without company, product and connection', async () => {
    const db = await seeded();
    const standing = await standingOf(db, customer);
    expect(await derivationOfCount(db, { standing, subProduct: 'proofpoint-business', calendar: DEFAULT_CALENDAR })).toEqual({
      ...SEED,
      mapping: [{ what: 'no company', value: null, from: { site: '1stwestinsurance.com' } }],
    });
  });
});

describe('rules of the partner', () => {
  const place = {
    product: 'proofpoint',
    subProduct: 'proofpoint-business',
    site: null,
    from: null,
    until: null,
    reason: 'Contract of July',
  };
  const minimum: RuleVersion = { ...place, kind: 'minimum', quantity: decimalOf(20), seq: 9001 };
  const markup: RuleVersion = {
    ...{ ...place, reason: '' },
    ...{ kind: 'markup', percent: decimalOf(50), overCost: null, least: null, currency: null, seq: 9002 },
  };
  const by = (figure: 'quantity' | 'price', before: string, after: string, rule: RuleVersion) => ({
    ...{ what: 'by a rule', value: after },
    from: { figure, name: 'Proofpoint Business', applied: { rule, before, after } },
  });

  test('stand behind what was counted and priced, with the number that each one found', async () => {
    const db = await withCompany();
    await db.rules.bulkAdd([minimum, markup]);
    const { facts, choices } = await syncOf(db, customer);
    const { quantity, price, total } = await derivationOfLine(db, {
      ...{ facts, choices, rules: connectwise, line: firstOf(gridFor(facts, choices, connectwise).lines) },
    });
    expect([quantity, price]).toEqual([
      [SEED.quantity[0], by('quantity', '15', '20', minimum), ...SEED.quantity.slice(1)],
      [SEED.price[0], by('price', '3', '3.66', markup)],
    ]);
    expect(total.map(({ value }) => value)).toEqual(['73.2']);
  });

  test('are those that a past plan rests on, also when they were ended since', async () => {
    const db = await withCompany();
    await db.rules.bulkAdd([minimum, markup]);
    const past = await confirmed(db);
    await db.rules.put({ ...minimum, until: '2020-11' });
    await db.rules.add({ ...minimum, seq: 9003, quantity: decimalOf(50) });
    const { quantity, price } = await derivationOfPast(db, past);
    expect([quantity.map(({ what, value }) => [what, value]), price.map(({ what, value }) => [what, value])]).toEqual([
      [
        ['row', '15'],
        ['by a rule', '20'],
        ['date', null],
        ['source', null],
      ],
      [
        ['of the usage', '3'],
        ['by a rule', '3.66'],
      ],
    ]);
  });
});

describe('a confirmed plan', () => {
  test('is explained by what it rested on, whatever was imported, priced and assigned since', async () => {
    const db = await withCompany();
    const past = await confirmed(db);
    await setPrice(db, NOW, {
      ...{ subProduct: 'proofpoint-business', company: null, price: decimalOf(99), cost: null, currency: 'USD', from: null, until: null },
    });
    await assignCompany(db, NOW, { customer, company: null, from: null, evidence: 'partner' });
    await countAnew(db);
    expect((await standingOf(db, customer)).count.counts.map(({ quantity }) => quantity)).toEqual(['99']);
    expect(await derivationOfPast(db, past)).toEqual({
      ...SEED,
      mapping: [SEED.mapping[0], { what: 'bound here', value: null, from: { identifier: 'PROOFPOINT-BUSINESS', topLevel: false } }],
    });
  });

  test('says which import is gone, and keeps what was frozen', async () => {
    const db = await withCompany();
    const past = await confirmed(db);
    const [gone = ''] = past.record.plan.inputs.imports;
    await db.imports.delete(gone);
    const { quantity, price, total } = await derivationOfPast(db, past);
    expect([quantity, price, total]).toEqual([
      [
        { what: 'not counted', value: null, from: { period: '2020-12' } },
        { what: 'import is gone', value: null, from: { importId: gone } },
        { what: 'frozen', value: '15', from: { figure: 'quantity', derived: null } },
      ],
      [
        { what: 'nobody says', value: null, from: { figure: 'price', name: 'Proofpoint Business' } },
        { what: 'frozen', value: '3', from: { figure: 'price', derived: null } },
      ],
      SEED.total,
    ]);
  });
});

const name = 'Proofpoint Business';
const SEED = {
  quantity: [
    {
      what: 'row',
      value: '15',
      from: { name, file: 'usage-lines-2020-12.json', row: 2, date: '2020-12-19', importedAt: '2021-01-03T06:00:00.000Z', trial: false },
    },
    {
      what: 'date',
      value: null,
      from: { how: 'snapshot', date: '2020-12-19', period: '2020-12', snapshotDay: '2020-12-19', reason: null },
    },
    { what: 'source', value: null, from: { source: 'pax8', compared: [] } },
  ],
  price: [{ what: 'of the usage', value: '3', from: { figure: 'price', name } }],
  cost: [{ what: 'of the usage', value: '2.44', from: { figure: 'cost', name } }],
  total: [{ what: 'multiplied', value: '45', from: { quantity: '15', price: '3', currency: 'USD', exact: '45' } }],
  mapping: [
    { what: 'company', value: null, from: { name: '1st West Insurance', since: null, evidence: 'partner' } },
    { what: 'bound here', value: null, from: { identifier: 'PROOFPOINT-BUSINESS', topLevel: false } },
  ],
};

async function withCompany(): Promise<Database> {
  const db = await seeded();
  const company = (await db.companies.toArray()).find((one) => one.name === '1st West Insurance');
  await assignCompany(db, NOW, { customer, company: company?.id ?? null, from: null, evidence: 'partner' });
  return db;
}

async function confirmed(db: Database) {
  const { facts, choices } = await syncOf(db, customer);
  const set = planSetFor(facts, choices, connectwise);
  if (!set.ok) throw new Error('The plan is refused.');
  const record = firstOf(await confirmPlans(db, NOW, { plans: set.value, connection: facts.connection, today: december.today }));
  return { record, line: firstOf(record.plan.lines), rules: connectwise, calendar: DEFAULT_CALENDAR };
}

/** A newer import counts 99. */
async function countAnew(db: Database): Promise<void> {
  const { record, chunks } = usageImport([usageLine({ quantity: decimalOf(99) })], { state: 'staged' });
  await stageImport(db, NOW, record);
  for (const chunk of chunks) await stageChunk(db, NOW, chunk);
  await commitImport(db, NOW, record, { companies: [], products: [], subscriptions: [], summaries: [], named: [] });
}

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('There is none.');
  return first;
}
