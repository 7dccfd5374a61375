import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { planInWorkers } from '../../src/machines/plan-worker-actors';
import { adapterOf } from '../../src/psa';
import { bulkPlans } from '../../src/storage/bulk';
import type { Database } from '../../src/storage/db';
import { partnerWith, siteOf } from '../bench/month.ts';

const CUSTOMERS = 1_100;
let db: Database;
beforeAll(async () => {
  db = await partnerWith(CUSTOMERS, 1);
});
afterAll(() => db.delete());

const question = {
  customers: Array.from({ length: CUSTOMERS }, (_, at) => ({ product: 'proofpoint', site: siteOf(CUSTOMERS - 1 - at) })),
  ...{ period: '2020-12', today: '2021-01-03', calendar: DEFAULT_CALENDAR },
};

test('workers that share the customers answer what one thread does, in the order that was asked for', async () => {
  const items = await planInWorkers({ database: db.name, ...question }, new AbortController().signal);
  expect(items).toEqual(await bulkPlans(db, question, adapterOf));
  expect(items.map(({ customer }) => customer)).toEqual(question.customers);
});

test('nobody to plan is no plan', async () => {
  expect(await planInWorkers({ database: db.name, ...question, customers: [] }, new AbortController().signal)).toEqual([]);
});

test('planning that is withdrawn, before or while the workers are at it, says so', async () => {
  const call = { database: db.name, ...question };
  const withdrawn = { problem: { code: 'request was withdrawn' } };
  await expect(planInWorkers(call, AbortSignal.abort())).rejects.toMatchObject(withdrawn);
  const controller = new AbortController();
  const planned = planInWorkers(call, controller.signal);
  controller.abort();
  await expect(planned).rejects.toMatchObject(withdrawn);
});

test('what a worker fails of is said', async () => {
  const call = { database: db.name, ...question, period: 'no period' };
  await expect(planInWorkers(call, new AbortController().signal)).rejects.toMatchObject({ problem: { code: 'unexpected' } });
});
