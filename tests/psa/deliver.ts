import type { Delivery } from '../../src/domain/delivery';
import type { Synced } from '../../src/domain/synced';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { confirmPlans } from '../../src/storage/plans';
import { write } from '../../src/storage/db';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';
import type { PsaFixture } from './fixture.ts';
import { linesIn, TODAY, type Journey } from './journeys.ts';

/**
 * Through the real outbox, over a PSA that answers in its own shape. `fault` befalls the first run of every different write. `memory` is what
 * was remembered of the customer's lines before.
 */
export async function delivered(
  fixture: PsaFixture,
  journey: Pick<Journey, 'held' | 'plans'>,
  fault: EndpointFault | null,
  {
    start = fixture.sandbox(journey.held),
    again = false,
    memory = null,
  }: { readonly start?: SandboxState; readonly again?: boolean; readonly memory?: Synced | null } = {},
) {
  const db = await scene.freshDatabase();
  const { adapter, tenant, settings } = fixture;
  const connection = scene.connectionOf({ psa: adapter.id, tenant, settings });
  const plans = journey.plans(linesIn(fixture, fixture.sandbox(journey.held)));
  await write(db, scene.NOW, ['connections', 'synced'], async () => {
    await db.connections.put(connection);
    if (memory !== null) await db.synced.put(memory);
  });
  const confirm = () => confirmPlans(db, scene.NOW, { plans: plans.map((plan) => ({ plan, withheld: [] })), connection, today: TODAY });
  await confirm();
  const endpoint = createEndpoint(start, fixture.sandboxes);
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
  if (again) {
    await confirm();
    await scene.drain(stage);
  }
  const rows: Delivery[] = await db.deliveries.orderBy('id').toArray();
  return {
    rows,
    synced: (await db.synced.toArray())[0] ?? null,
    state: { ...endpoint.state(), ledger: [] },
    writes: endpoint.runs().filter(({ method, path, body }) => fixture.writes({ method: method as 'GET', path, body })),
  };
}
