import { expect, test } from 'vitest';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, journeysOf, linesIn } from '../psa/journeys.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { collectionOf } from './cases.ts';
import { runCollection } from './newman.ts';

const journeysAt = (readBack: boolean) =>
  fixtures
    .filter(({ adapter }) => adapter.can.readBack === readBack)
    .flatMap((fixture) => journeysOf(fixture).map((journey) => [fixture.adapter.id, journey.name, fixture, journey] as const));

test.each(journeysAt(false))(
  '%s, whose lines nobody can read: "%s" is sent without a look, and bills',
  async (_psa, _name, fixture, journey) => {
    const { adapter, account, base } = fixture;
    const plans = journey.plans([]);
    const server = await startHttpSandbox({ seed: fixture.sandbox(journey.held), cors: false, base });
    try {
      const ran = await runCollection(collectionOf(plans, adapter), { ...account, baseUrl: server.url });
      expect(ran.failures).toEqual([]);
      expect(ran.checks).toBeGreaterThan(0);
      const requests = plans.flatMap((plan) => plan.requests);
      expect(server.state().ledger.map(({ method, path }) => [method, path])).toEqual(requests.map(({ method, path }) => [method, path]));
      expect(billing(fixture, server.state())).toEqual(journey.bills);
    } finally {
      await server.close();
    }
  },
);

test.each(journeysAt(true))('%s, twice against a PSA that remembers: "%s" happens exactly once', async (_psa, _name, fixture, journey) => {
  const { adapter, account, base } = fixture;
  const server = await startHttpSandbox({ seed: fixture.sandbox(journey.held), cors: false, base });
  try {
    const collection = collectionOf(journey.plans(linesIn(fixture, fixture.sandbox(journey.held))), adapter);
    const first = await runCollection(collection, { ...account, baseUrl: server.url });
    expect(first.failures).toEqual([]);
    expect(first.checks).toBeGreaterThan(0);
    const { ledger, tables } = server.state();
    const second = await runCollection(collection, { ...account, baseUrl: server.url });
    expect(second.failures).toEqual([]);
    expect(server.state().ledger).toEqual(ledger);
    expect(server.state().tables).toEqual(tables);
    const cost = (lines: typeof journey.bills) => (adapter.limits.keepsCost ? lines : lines.map((line) => ({ ...line, cost: null })));
    expect(cost(billing(fixture, server.state()))).toEqual(cost(journey.bills));
  } finally {
    await server.close();
  }
});
