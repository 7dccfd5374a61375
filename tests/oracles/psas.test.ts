import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, journeysOf, linesIn } from '../psa/journeys.ts';
import type { PsaAdapter } from '../../src/psa/psa';
import { closedContract, type Contract } from '../support/contract.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { collectionOf } from './cases.ts';
import { runCollection } from './newman.ts';
import { startPrism } from './prism.ts';

describe.each(fixtures.map((fixture) => [fixture.adapter.id, fixture] as const))('%s', (psa, fixture) => {
  const { adapter, account, spoils, base } = fixture;
  const journeys = journeysOf(fixture);
  const plansOf = (name: string) => {
    const journey = journeys.find((one) => one.name === name);
    if (journey === undefined) throw new Error(`no journey ${name}`);
    return journey.plans(linesIn(fixture, fixture.sandbox(journey.held)));
  };

  describe('against a validating mock of the closed contract', () => {
    let prism: Awaited<ReturnType<typeof startPrism>>;
    beforeAll(async () => {
      prism = await startPrism(withOpenSignIn(closedContract(psa), adapter), base);
    });
    afterAll(() => prism.close());
    const run = (collection: string) => runCollection(collection, { ...account, baseUrl: prism.url, readBack: 'off' });

    test.each(journeys.map(({ name }) => [name]))('the collection of "%s" runs without a failure', async (name) => {
      const ran = await run(collectionOf(plansOf(name), adapter));
      expect(ran.failures).toEqual([]);
      expect(ran.sent).toBeGreaterThan(0);
    });

    test.each(spoils)('a body with %s is refused', async (_name, right, wrong) => {
      const collection = collectionOf(plansOf('a new line'), adapter);
      expect(collection).toContain(right);
      expect((await run(collection.replaceAll(right, wrong))).failures).not.toEqual([]);
    });
  });
});

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

/** A contract that asks for a token everywhere asks for it at the sign-in, too, where there is none yet. */
function withOpenSignIn(contract: Contract, { signIn }: PsaAdapter): Contract {
  const path = `/${signIn?.path ?? ''}`;
  const post = contract.paths[path]?.['post'];
  return post === undefined ? contract : { ...contract, paths: { ...contract.paths, [path]: { post: { ...post, security: [] } } } };
}
