import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures } from '../psa/fixtures/index.ts';
import { journeysOf, linesIn } from '../psa/journeys.ts';
import type { PsaAdapter } from '../../src/psa/psa';
import { closedContract, type Contract } from '../support/contract.ts';
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

/** A contract that asks for a token everywhere asks for it at the sign-in, too, where there is none yet. */
function withOpenSignIn(contract: Contract, { signIn }: PsaAdapter): Contract {
  const path = `/${signIn?.path ?? ''}`;
  const post = contract.paths[path]?.['post'];
  return post === undefined ? contract : { ...contract, paths: { ...contract.paths, [path]: { post: { ...post, security: [] } } } };
}
