import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedContract } from '../support/contract.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { additionRow, createChange, planOf, sandboxOf, updateChange } from '../support/plans.ts';
import { cases, collectionOf } from './cases.ts';
import { runCollection } from './newman.ts';
import { startPrism } from './prism.ts';

const ACCOUNT = { companyId: 'acme', publicKey: 'public', privateKey: 'private', clientId: '00000000-0000-4000-8000-000000000000' };
const everyPlan = cases.flatMap(({ plans }) => plans);

describe('against a validating mock of the closed contract', () => {
  let prism: Awaited<ReturnType<typeof startPrism>>;
  beforeAll(async () => {
    prism = await startPrism(closedContract('connectwise'));
  });
  afterAll(() => prism.close());

  test('the collection of every kind of change runs without a failure', async () => {
    const requests = everyPlan.flatMap((plan) => plan.requests);
    const reads = requests.filter(({ operation }) => operation === 'read').length;
    const run = await runCollection(collectionOf(everyPlan), { ...ACCOUNT, baseUrl: prism.url, readBack: 'off' });
    expect(run.failures).toEqual([]);
    expect(run.sent).toBe(3 * (requests.length - reads) + reads);
  });

  test.each([
    ['a misspelt field', '\\"quantity\\"', '\\"quantitty\\"'],
    ['a number as text', '\\"quantity\\": 15', '\\"quantity\\": \\"15\\"'],
    ['a bare date', 'T00:00:00Z\\"', '\\"'],
  ])('a body with %s is refused', async (_name, right, wrong) => {
    const collection = collectionOf([planOf([createChange()])]);
    expect(collection).toContain(right);
    const run = await runCollection(collection.replaceAll(right, wrong), { ...ACCOUNT, baseUrl: prism.url, readBack: 'off' });
    expect(run.failures.map((failure) => failure.split(':')[0])).toEqual([
      '1b. Create 1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
    ]);
  });

  test('a run without the client id is refused', async () => {
    const collection = collectionOf([planOf([createChange()])]).replaceAll('"key": "clientId"', '"key": "x-client"');
    const run = await runCollection(collection, { ...ACCOUNT, baseUrl: prism.url, readBack: 'off' });
    expect(run.failures).not.toEqual([]);
  });
});

describe('twice against a PSA that remembers', () => {
  test.each(cases)('"$name" happens exactly once', async ({ plans, tables, effects }) => {
    const server = await startHttpSandbox({ seed: sandboxOf(tables), cors: false });
    try {
      const collection = collectionOf(plans);
      const first = await runCollection(collection, { ...ACCOUNT, baseUrl: server.url });
      expect(first.failures).toEqual([]);
      expect(first.checks).toBeGreaterThan(0);
      const state = server.state();
      const second = await runCollection(collection, { ...ACCOUNT, baseUrl: server.url });
      expect(second.failures).toEqual([]);
      expect(server.state()).toEqual(state);
      expect(server.ledger().effects.map(({ effect, table, key }) => `${effect} ${table} ${key ?? ''}`)).toEqual(effects);
    } finally {
      await server.close();
    }
  });

  test('with read-back off the second run bills the line again, so the check above can fail', async () => {
    const server = await startHttpSandbox({ seed: sandboxOf(), cors: false });
    try {
      const collection = collectionOf([planOf([createChange()])]);
      await runCollection(collection, { ...ACCOUNT, baseUrl: server.url, readBack: 'off' });
      await runCollection(collection, { ...ACCOUNT, baseUrl: server.url, readBack: 'off' });
      expect(server.ledger().effects).toHaveLength(2);
    } finally {
      await server.close();
    }
  });

  test('a line that somebody changed meanwhile is not sent, and shows as a failure', async () => {
    const server = await startHttpSandbox({ seed: sandboxOf({ additions: [additionRow({ quantity: 99 })] }), cors: false });
    try {
      const run = await runCollection(collectionOf([planOf([updateChange()])]), { ...ACCOUNT, baseUrl: server.url });
      expect(run.failures.length).toBeGreaterThan(0);
      expect(server.ledger().effects).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test('a look that fails sends nothing', async () => {
    const server = await startHttpSandbox({ seed: sandboxOf(), cors: false });
    try {
      server.setFaults([{ match: { method: 'GET', path: '/additions' }, kind: '500 before', times: 1 }]);
      const run = await runCollection(collectionOf([planOf([createChange()])]), { ...ACCOUNT, baseUrl: server.url });
      expect(run.failures.length).toBeGreaterThan(0);
      expect(server.ledger().effects).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test('a second copy shows as a failure', async () => {
    const seed = sandboxOf({ additions: [additionRow({ quantity: 15 }), additionRow({ id: 901, quantity: 15 })] });
    const server = await startHttpSandbox({ seed, cors: false });
    try {
      const run = await runCollection(collectionOf([planOf([createChange()])]), { ...ACCOUNT, baseUrl: server.url });
      expect(run.failures.length).toBeGreaterThan(0);
      expect(server.ledger().effects).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
