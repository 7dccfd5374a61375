import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/domain/delivery';
import { confirmPlans } from '../../src/storage/plans';
import { write } from '../../src/storage/db';
import * as scene from '../delivery/scene';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, journeysOf, linesIn, TODAY, type Journey } from '../psa/journeys.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';

const FAULTS: readonly (EndpointFault | null)[] = [
  ...[null, 'reset before', 'reset after', '500 before', '500 after', 'html', 'empty', 'truncated', 'hang after', '429', 'wrong id'],
] as const;

describe.each(fixtures.map((fixture) => [fixture.adapter.id, fixture] as const))('%s', (_, fixture) => {
  const journeys = fixture.adapter.can.readBack ? journeysOf(fixture) : [];
  const cases = journeys.flatMap((journey) => FAULTS.map((fault) => [journey.name, fault, journey] as const));

  test.runIf(cases.length > 0).each(cases)(
    '%s, when each first answer of a write goes wrong (%s): it is there once',
    async (_name, fault, journey) => {
      const { rows, state } = await delivered(fixture, journey, fault);
      expect(rows.map(({ state: outcome }) => outcome)).toEqual(rows.map(() => 'sent'));
      expect(withoutCost(billing(fixture, state), fixture)).toEqual(withoutCost(journey.bills, fixture));
    },
  );

  test.runIf(journeys.length > 0).each(journeys.map((journey) => [journey.name, journey] as const))(
    '%s, confirmed again after it was delivered, sends nothing',
    async (_name, journey) => {
      const first = await delivered(fixture, journey, null);
      const second = await delivered(fixture, journey, null, first.state);
      expect(second.writes).toEqual([]);
      expect(second.state).toEqual(first.state);
    },
  );
});

/** Through the real outbox, over a PSA that answers in its own shape. `fault` befalls the first run of every different write. */
async function delivered(fixture: PsaFixture, journey: Journey, fault: EndpointFault | null, start = fixture.sandbox(journey.held)) {
  const db = await scene.freshDatabase();
  const { adapter, tenant, settings } = fixture;
  const connection = scene.connectionOf({ psa: adapter.id, tenant, settings });
  const plans = journey.plans(linesIn(fixture, fixture.sandbox(journey.held)));
  await write(db, scene.NOW, ['connections'], async () => {
    await db.connections.put(connection);
  });
  await confirmPlans(db, scene.NOW, { plans: plans.map((plan) => ({ plan, withheld: [] })), connection, today: TODAY });
  const endpoint = createEndpoint(start);
  const seen = new Set<string>();
  const fetch = fetchOf(endpoint, (request) => {
    const once = `${request.method} ${request.path} ${JSON.stringify(request.body)}`;
    if (!fixture.writes(request) || seen.has(once)) return null;
    seen.add(once);
    return fault;
  });
  const stage = {
    db,
    connection,
    clock: scene.createClock('2021-01-03T09:00:00.000Z'),
    fetch,
    adapter,
    today: TODAY,
    credentials: fixture.account,
  };
  await scene.drain(stage);
  const rows: Delivery[] = await db.deliveries.orderBy('id').toArray();
  return {
    rows,
    state: { ...endpoint.state(), ledger: [] },
    writes: endpoint.runs().filter(({ method, path, body }) => fixture.writes({ method: method as 'GET', path, body })),
  };
}

/** A PSA whose lines have no cost is not asked for one. */
function withoutCost<T extends { readonly cost: string | null }>(lines: readonly T[], { adapter }: PsaFixture): readonly T[] {
  return adapter.limits.keepsCost ? lines : lines.map((line) => ({ ...line, cost: null }));
}
