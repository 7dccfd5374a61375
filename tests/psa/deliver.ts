import type { Delivery } from '../../src/domain/delivery';
import type { Synced } from '../../src/domain/synced';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { confirmPlans } from '../../src/storage/plans';
import { write } from '../../src/storage/db';
import * as scene from '../delivery/scene';
import { bodyCheckOf, closedContract } from '../support/contract';
import { hasContracts } from '../support/contracts';
import { createEndpoint, fetchOf, type EndpointFault, type HandlerRun } from '../support/endpoint';
import type { PsaFixture } from './fixture.ts';
import { linesIn, TODAY, type Journey } from './journeys.ts';

/**
 * Through the real outbox, over a PSA that answers in its own shape. `fault` befalls the first run of every different write. `memory` is what
 * was remembered of the customer's lines before, `withheld` what the plan leaves out. In a `storm` every call, reads included, is answered
 * 429 that many times before it is heard. Where the vendor contracts are there, everything that was sent is held against them (a PSA that no
 * registry knows has none).
 */
export async function delivered(
  fixture: PsaFixture,
  journey: Pick<Journey, 'held' | 'plans'>,
  fault: EndpointFault | null,
  {
    start = fixture.sandbox(journey.held),
    again = false,
    memory = null,
    withheld = [],
    storm = 0,
  }: {
    readonly start?: SandboxState;
    readonly again?: boolean;
    readonly memory?: Synced | null;
    readonly withheld?: readonly string[];
    readonly storm?: number;
  } = {},
) {
  const db = await scene.freshDatabase();
  const { adapter, tenant, settings } = fixture;
  const connection = scene.connectionOf({ psa: adapter.id, tenant, settings });
  const plans = journey.plans(linesIn(fixture, fixture.sandbox(journey.held)));
  await write(db, scene.NOW, ['connections', 'synced'], async () => {
    await db.connections.put(connection);
    if (memory !== null) await db.synced.put(memory);
  });
  const confirm = () => confirmPlans(db, scene.NOW, { plans: plans.map((plan) => ({ plan, withheld })), connection, today: TODAY });
  await confirm();
  const endpoint = createEndpoint(start, fixture.sandboxes);
  const clock = scene.createClock('2021-01-03T09:00:00.000Z');
  const seen = new Set<string>();
  const asked = new Map<string, number>();
  const times: number[] = [];
  const fetch = fetchOf(endpoint, (request) => {
    times.push(clock.now().getTime());
    const once = `${request.method} ${request.path} ${JSON.stringify([request.query, request.body])}`;
    const heard = asked.get(once) ?? 0;
    asked.set(once, heard + 1);
    if (heard % (storm + 1) !== storm) return '429';
    if (!fixture.writes(request) || seen.has(once)) return null;
    seen.add(once);
    return fault;
  });
  const stage = {
    db,
    connection,
    clock,
    fetch,
    adapter,
    today: TODAY,
    credentials: fixture.account,
  };
  const { stopped } = await scene.run(stage);
  await scene.drain(stage);
  const open = () => db.deliveries.filter(({ state }) => state !== 'sent').count();
  for (let turns = 0; storm > 0 && turns < 12 && (await open()) > 0; turns += 1) await scene.drain(stage);
  if (again) {
    await confirm();
    await scene.drain(stage);
  }
  const runs = endpoint.runs();
  if (hasContracts && fixture.sandboxes === undefined) refuseForeign(fixture, runs);
  const rows: Delivery[] = await db.deliveries.orderBy('id').toArray();
  return {
    rows,
    synced: (await db.synced.toArray())[0] ?? null,
    state: { ...endpoint.state(), ledger: [] },
    runs,
    /** When each run began, by the clock that moves only when somebody waits. */
    times,
    /** Whether the sender gave up at some time, until somebody sent it on. */
    stopped,
    writes: runs.filter((each) => isWrite(fixture, each)),
  };
}

export function isWrite(fixture: PsaFixture, { method, path, body }: Pick<HandlerRun, 'method' | 'path' | 'body'>): boolean {
  return fixture.writes({ method: method as 'GET', path, body });
}

const checks = new Map<string, ReturnType<typeof bodyCheckOf>>();

/** The check of a PSA's bodies against its contract, made once. */
export function contractCheckOf({ adapter: { id } }: PsaFixture): ReturnType<typeof bodyCheckOf> {
  const check = checks.get(id) ?? bodyCheckOf(closedContract(id));
  checks.set(id, check);
  return check;
}

function refuseForeign(fixture: PsaFixture, runs: readonly HandlerRun[]): void {
  const check = contractCheckOf(fixture);
  for (const { method, path, body } of runs) {
    const wrong = check(method, path, body);
    if (wrong.length > 0) throw new Error(`${method} ${path} is not what the contract takes: ${wrong.join('; ')}`);
  }
}
