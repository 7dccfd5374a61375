import { expect } from 'vitest';
import type { Connection } from '../../src/domain/agreement';
import type { Change } from '../../src/domain/change';
import type { Delivery, DeliveryReport } from '../../src/domain/delivery';
import type { Plan } from '../../src/domain/plan';
import type { PsaRequest } from '../../src/psa/psa';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { deliveriesOfPlan } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import { createEndpoint, fetchOf, type Endpoint, type EndpointFault } from '../support/endpoint';
import * as scene from './scene';

export interface Staged extends scene.Stage {
  readonly endpoint: Endpoint;
  readonly plans: readonly Plan[];
  readonly rows: () => Promise<readonly Delivery[]>;
}

export interface Staging {
  readonly seed?: SandboxState;
  readonly connection?: Partial<Connection>;
  readonly faults?: (request: PsaRequest) => EndpointFault | null;
}

/** Plans of different customers, confirmed, before an endpoint that goes wrong as told. */
export async function stageOf(plans: readonly (readonly Change[])[], { seed, connection: changes, faults }: Staging = {}): Promise<Staged> {
  const endpoint = createEndpoint(seed ?? scene.seed());
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf(changes);
  const frozen = plans.map((requests, index) => scene.planOf(requests, `site-${index}.com`));
  await confirmPlans(db, scene.NOW, { plans: frozen.map((plan) => ({ plan, withheld: [] })), connection, today: scene.TODAY });
  const rows = async () => (await Promise.all(frozen.map(({ id }) => deliveriesOfPlan(db, id)))).flat();
  const fetch = fetchOf(endpoint, faults ?? (() => null));
  return { db, connection, endpoint, clock: scene.createClock(), fetch, plans: frozen, rows };
}

/** The first so many writes meet the faults, in order; reads and later writes do not. */
export function onWrites(...faults: readonly (EndpointFault | null)[]): (request: PsaRequest) => EndpointFault | null {
  const left = [...faults];
  return ({ method }) => (method === 'GET' ? null : (left.shift() ?? null));
}

export function onReads(...faults: readonly (EndpointFault | null)[]): (request: PsaRequest) => EndpointFault | null {
  const left = [...faults];
  return ({ method }) => (method === 'GET' ? (left.shift() ?? null) : null);
}

/** A whole report; when copies are counted again is the business of its own tests. */
export function report(counts: Partial<DeliveryReport['counts']>, more: Partial<DeliveryReport> = {}): DeliveryReport {
  const countAgainAt = expect.toSatisfy((at: unknown) => at === null || typeof at === 'string') as string;
  return { ...reported(counts, more), countAgainAt: more.countAgainAt === undefined ? countAgainAt : more.countAgainAt };
}

export function reported(counts: Partial<DeliveryReport['counts']>, more: Partial<DeliveryReport> = {}): DeliveryReport {
  const none = { pending: 0, sending: 0, sent: 0, refused: 0, unknown: 0 };
  return { stopped: null, cancelled: false, counts: { ...none, ...counts }, duplicates: 0, lookAgainAt: null, countAgainAt: null, ...more };
}

/** Additions of agreement 10 that the PSA holds for a sub-product. */
export function held(staged: Staged, subProduct: string): readonly { readonly id: number; readonly quantity: number }[] {
  const additions = staged.endpoint.state().tables['additions'] ?? [];
  return additions
    .filter((row) => row['serialNumber'] === scene.keyOf(subProduct))
    .map((row) => ({ id: Number(row['id']), quantity: Number(row['quantity']) }));
}
