import { describe, expect, test } from 'vitest';
import { exactCompany, suggestCompanies } from '../../src/domain/company-match';
import { planSetFor } from '../../src/domain/sync';
import { gridFor } from '../../src/domain/sync-grid';
import { connectwise } from '../../src/psa/connectwise';
import { assignByEvidence, assignCompany, EVIDENCE } from '../../src/storage/assignments';
import { write } from '../../src/storage/db';
import { bindingsFor } from '../../src/storage/bindings';
import { CONNECTION, december, january, mail, NOW, seeded, standingOf, syncOf } from './demo';

const customer = mail('1stwestinsurance.com');

describe('1stwestinsurance.com', () => {
  test('has 15 Business users, and no company', async () => {
    const db = await seeded();
    const { account, company, flag, count, cost, price, margin } = await standingOf(db, customer);
    expect({ account, company, flag, how: count.how, cost, price, margin }).toEqual({
      account: '1stwestinsurance.com',
      company: null,
      flag: 'needs company',
      how: 'snapshot',
      cost: '36.6',
      price: '45',
      margin: '8.4',
    });
    expect(count.counts.map(({ name, quantity, unit }) => [name, quantity, unit])).toEqual([['Proofpoint Business', '15', 'User']]);
  });

  test('is suggested 1st West Insurance by its name, which is not enough to assign it', async () => {
    const db = await seeded();
    await write(db, NOW, EVIDENCE, (writing) => assignByEvidence(db, writing));
    const { company, account } = await standingOf(db, customer);
    const seen = { site: customer.site, account, namedCompany: null };
    const companies = await db.companies.toArray();
    const found = suggestCompanies(seen, companies);
    expect([company, found[0]?.item.name, found[0]?.score, found[0]?.reason, exactCompany(seen, companies)]).toEqual([
      null,
      '1st West Insurance',
      0.97,
      { kind: 'same name' },
      null,
    ]);
  });

  test('finds nothing bound for December, and everything to bind in the PSA', async () => {
    const db = await seeded();
    expect([
      await bindingsFor(db, CONNECTION, 'proofpoint', '2020-12'),
      (await bindingsFor(db, CONNECTION, 'proofpoint', '2020-11')).map(({ description }) => description),
    ]).toEqual([[], ['Proofpoint', 'Proofpoint Advanced', 'Proofpoint Business']]);
  });

  test('is created with the numbers of the guide once its company is assigned', async () => {
    const db = await seeded();
    const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
    await assignCompany(db, NOW, { customer, company: company?.id ?? null, from: null, evidence: 'partner' });
    const { facts, choices } = await syncOf(db, customer);
    const [line, ...others] = gridFor(facts, choices, connectwise).lines;
    expect(others).toEqual([]);
    expect({ ...line, lineKey: null, changes: null }).toEqual({
      slot: 'proofpoint-business',
      lineKey: null,
      status: 'Creating',
      subProducts: ['proofpoint-business'],
      product: { id: '902', identifier: 'PROOFPOINT-BUSINESS', use: null },
      name: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
      usageDate: '2021-01-03',
      effectiveDate: '2020-07-01',
      sentDate: '2020-07-01',
      syncedQuantity: '15',
      quantity: '15',
      reason: null,
      rules: [],
      cost: '2.44',
      price: '3',
      total: '45',
      margin: '8.4',
      currency: 'USD',
      marketplacePrice: null,
      marketplaceCost: null,
      inPsa: null,
      delta: '15',
      candidates: [],
      blocks: [],
      warnings: [],
      again: false,
      settled: 0,
      changes: null,
    });
    const set = planSetFor(facts, choices, connectwise);
    expect(set.ok && set.value.flatMap(({ plan }) => plan.requests.map(({ method, path }) => [method, path]))).toEqual([
      ['POST', '/finance/agreements/502/additions'],
    ]);
  });

  test('counts the same in January', async () => {
    const db = await seeded();
    const quantities = async (when: typeof december | typeof january) =>
      (await standingOf(db, customer, when)).movements.map(({ previous, current }) => [previous, current]);
    expect([await quantities(december), await quantities(january)]).toEqual([[['15', '15']], [['15', '15']]]);
  });
});
