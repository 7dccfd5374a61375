import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { customerKey, customerOf } from '../../src/domain/marketplace';
import { planSetFor } from '../../src/domain/sync';
import { choicesFrom } from '../../src/domain/sync-bulk';
import { connectwise } from '../../src/psa/connectwise';
import { adapterOf } from '../../src/psa';
import { bulkGround, bulkPlans, groundFor, plansOn } from '../../src/storage/bulk';
import { confirmSync } from '../../src/storage/confirm';
import { factsOf, gridFacts, monthFacts } from '../../src/storage/grid';
import { storedForAll } from '../../src/storage/stored';
import { markApplied } from '../../src/storage/marks';
import type { Database } from '../../src/storage/db';
import { CONNECTION, december, demo, devices, january, mail, NOW, seeded, users } from '../demo/demo';

const cedar = devices('Cedar Ridge Law');
const asked = (customer: typeof cedar, agreementId: string | null) => ({ customer, connection: CONNECTION, agreementId, psaCompany: null });

describe('the facts of a customer', () => {
  test('are the same for one customer as among all', async () => {
    const db = await demo();
    const [month, stored] = await Promise.all([monthFacts(db, '2020-12', '2021-01-03', DEFAULT_CALENDAR), storedForAll(db)]);
    for (const customer of [cedar, mail('bayviewdental.com'), mail('eastfieldvet.com'), users('Northgate Auto')]) {
      const { agreementId = null } = (await db.choices.get([customerKey(customer), CONNECTION])) ?? {};
      expect(factsOf(month, stored, asked(customer, agreementId))).toEqual(
        await gridFacts(db, { ...asked(customer, agreementId), ...december }),
      );
    }
  });

  test('name the import, the company, the link, the count and the start of the subscription', async () => {
    const db = await demo();
    const facts = await gridFacts(db, { ...asked(mail('1stwestinsurance.com'), null), ...december });
    const { vendor, productName, company, link, count, subscriptionStart, imports, synced, held, psaLines } = facts;
    expect({ vendor, productName, company, link, quantities: count.counts.map(({ quantity }) => quantity), subscriptionStart }).toEqual({
      vendor: 'Proofpoint',
      productName: 'Proofpoint',
      company: null,
      link: null,
      quantities: ['15'],
      subscriptionStart: '2020-07-01',
    });
    expect([imports.length, synced, held, psaLines]).toEqual([1, null, null, null]);
  });

  test('change their fingerprint with the usage, and only with it', async () => {
    const db = await demo();
    const of = async (when: typeof december | typeof january) => (await gridFacts(db, { ...asked(cedar, null), ...when })).fingerprint;
    expect(await of(december)).toBe(await of(december));
    expect(await of(december)).not.toBe(await of(january));
  });

  test('refuse a connection that is not there', async () => {
    const db = await demo();
    await expect(gridFacts(db, { ...asked(cedar, null), connection: 'gone', ...december })).rejects.toThrow('record is damaged');
  });

  test('of a missed month hold what the recurring lines held when it was invoiced', async () => {
    const db = await seeded();
    expect((await missed(db)).held).toEqual(new Map());
    await syncCedar(db);
    expect([...((await missed(db)).held ?? [])]).toEqual([['northvault-workstation', '22']]);
  });
});

describe('all customers at once', () => {
  test('those that changed and need no look have plans, the others say why not', async () => {
    const db = await demo();
    const customers = [cedar, devices('Bayview Dental'), devices('Eastfield Veterinary'), mail('bayviewdental.com')];
    const items = await bulkPlans(db, { customers, ...december, calendar: DEFAULT_CALENDAR }, adapterOf);
    expect(
      items.map(({ customer, plans, problems }) => [
        customer.site,
        plans.flatMap(({ plan }) => plan.requests.map(({ operation }) => operation)),
        problems.map(({ code }) => code),
      ]),
    ).toEqual([
      ['Cedar Ridge Law', ['update'], []],
      ['Bayview Dental', [], ['nothing to sync']],
      ['Eastfield Veterinary', [], ['choice is not remembered']],
      ['bayviewdental.com', [], ['sub-products have no product', 'no product bound']],
    ]);
  });

  test('each one has the same plans and warnings from the ground of it alone, handed to another thread', async () => {
    const db = await seeded();
    await confirmCedar(db);
    const customers = (await db.choices.toArray()).map(({ customer }) => customerOf(customer));
    const question = { customers, ...december, calendar: DEFAULT_CALENDAR, withWarnings: true, withBases: true };
    const ground = await bulkGround(db, question);
    const alone = customers.flatMap((customer) =>
      plansOn(structuredClone(groundFor(ground, [customer])), { ...question, customers: [customer] }, adapterOf),
    );
    expect(alone).toEqual(await bulkPlans(db, question, adapterOf));
    expect(new Set(alone.map(({ plans }) => plans.length))).toEqual(new Set([0, 1]));
    expect(groundFor(ground, [cedar]).stored.lines.size).toBeLessThan(ground.stored.lines.size);
  });

  test('one whose delivery is open waits for it', async () => {
    const db = await seeded();
    await confirmCedar(db);
    const [item] = await bulkPlans(db, { customers: [cedar], ...december, calendar: DEFAULT_CALENDAR }, adapterOf);
    expect(item?.problems.map(({ code }) => code)).toEqual(['delivery is not settled']);
  });
});

test('a line that the PSA holds under our key and nobody remembers is remembered by its sync', async () => {
  const db = await seeded();
  const bayview = devices('Bayview Dental');
  const choice = await db.choices.get([customerKey(bayview), CONNECTION]);
  await db.synced.where('customer').equals(customerKey(bayview)).delete();
  const facts = await gridFacts(db, { ...asked(bayview, choice?.agreementId ?? null), ...december });
  const choices = choicesFrom(facts, { option: 'multi-product', zero: 'date', agreementId: choice?.agreementId ?? '' });
  const plans = planSetFor(facts, choices, connectwise);
  expect(plans.ok && plans.value.map(({ plan }) => plan.requests)).toEqual([[]]);
  if (!plans.ok || facts.company === null) return;
  const { customer, company, connection, period, today } = facts;
  await confirmSync(db, NOW, { customer, company, connection, period, today, choices, plans: plans.value });
  const [synced] = await db.synced.where('customer').equals(customerKey(bayview)).toArray();
  expect(synced?.lines.map(({ subProducts, quantity, lineId }) => [subProducts, quantity, lineId])).toEqual([
    [['northvault-server'], '2', null],
    [['northvault-workstation'], '14', null],
  ]);
});

async function missed(db: Database) {
  return gridFacts(db, { ...asked(cedar, null), period: '2020-12', today: '2021-02-03' });
}

async function syncCedar(db: Database): Promise<void> {
  await markApplied(db, NOW, await confirmCedar(db));
}

async function confirmCedar(db: Database): Promise<string> {
  const choice = await db.choices.get([customerKey(cedar), CONNECTION]);
  const facts = await gridFacts(db, { ...asked(cedar, choice?.agreementId ?? null), ...december });
  const choices = choicesFrom(facts, { option: 'multi-product', zero: 'date', agreementId: choice?.agreementId ?? '' });
  const plans = planSetFor(facts, choices, connectwise);
  if (!plans.ok || facts.company === null) throw new Error('Cedar Ridge Law cannot be planned');
  const { customer, company, connection, period, today } = facts;
  return confirmSync(db, NOW, { customer, company, connection, period, today, choices, plans: plans.value });
}
