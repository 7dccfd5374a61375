import { describe, expect, it } from 'vitest';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';
import type { PsaRequest } from '../../src/psa/psa';
import type { Change } from '../../src/domain/change';
import * as scene from './scene';

describe('the outbox', () => {
  it('creates, updates, ends and exports, each proven by reading it back', async () => {
    const stage = await staged([
      [scene.exportOf()],
      [scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500'), scene.endOf('pro', 2, null)],
    ]);
    const report = await scene.run(stage);
    expect(report).toEqual({ stopped: null, cancelled: false, counts: counts({ sent: 5 }), duplicates: 0, lookAgainAt: null });
    expect(stage.endpoint.effects().map(({ effect, table, key }) => [effect, table, key])).toEqual([
      ['created', 'catalog', scene.EXPORTED],
      ['created', 'additions', scene.keyOf('business')],
      ['changed', 'additions', scene.keyOf('advanced')],
      ['changed', 'additions', scene.keyOf('pro')],
    ]);
    const rows = await rowsOf(stage);
    expect(rows.map(({ state, proof }) => [state, proof])).toEqual([
      ['sent', 'read back'],
      ['sent', 'read back'],
      ['sent', 'read back'],
      ['sent', 'answered'],
      ['sent', 'read back'],
    ]);
  });
});

type Staged = scene.Stage & { readonly endpoint: ReturnType<typeof createEndpoint>; readonly plans: readonly string[] };

async function staged(
  plans: readonly (readonly Change[])[],
  faults: (request: PsaRequest) => EndpointFault | null = () => null,
): Promise<Staged> {
  const endpoint = createEndpoint(scene.seed());
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf();
  const frozen = plans.map((changes) => scene.planOf(changes));
  await confirmPlans(db, scene.NOW, { plans: frozen.map((plan) => ({ plan, withheld: [] })), connection, today: scene.TODAY });
  return { db, connection, endpoint, clock: scene.createClock(), fetch: fetchOf(endpoint, faults), plans: frozen.map(({ id }) => id) };
}

async function rowsOf({ db, plans }: Staged) {
  return (await Promise.all(plans.map((plan) => deliveriesOfPlan(db, plan)))).flat();
}

function counts(some: Partial<Record<'pending' | 'sending' | 'sent' | 'refused' | 'unknown', number>>) {
  return { pending: 0, sending: 0, sent: 0, refused: 0, unknown: 0, ...some };
}
