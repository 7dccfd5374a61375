import { describe, expect, test } from 'vitest';
import type { PsaLine } from '../../src/domain/agreement';
import { findLine } from '../../src/domain/proof';
import type { Plan } from '../../src/domain/plan';
import { write } from '../../src/storage/db';
import { confirmPlans } from '../../src/storage/plans';
import { sendAgain } from '../../src/storage/send-again';
import * as scene from '../delivery/scene';
import { createEndpoint, fetchOf, type EndpointFault } from '../support/endpoint';
import { createChange, d, NOTHING, updateChange } from '../support/plans.ts';
import { fixture } from './fixtures/autotask.ts';
import { heldLine, keyFor, linesIn, plan, TODAY } from './journeys.ts';

const believed = { quantity: d('12'), price: null, cost: null, name: null, productId: '41', endDate: null };
const here = { agreementId: '12', product: fixture.product, lineKey: keyFor(fixture) };
const to15 = () => plan(fixture, [updateChange({ ...here, before: believed, after: { ...NOTHING, quantity: d('15') } })], []);

describe('a delta whose outcome nobody knows', () => {
  test('that was applied is proven by the units that the contract service has by then, and never goes again', async () => {
    const world = await worldOf(to15(), ['reset after']);
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['sent', 'probed', null]], [15], 1]);
  });

  test('that was not applied goes again, but only after the quarantine and a read that shows the old units', async () => {
    const world = await worldOf(to15(), ['reset before']);
    await scene.run(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['unknown', null, 'outcome is unknown']], [12], 1]);
    world.clock.pass(9 * 60_000);
    await scene.run(world.stage);
    expect([await world.outcome(), world.sent()]).toEqual([[['unknown', null, 'outcome is unknown']], 1]);
    world.clock.pass(2 * 60_000);
    await scene.run(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['sent', 'read back', null]], [15], 2]);
  });

  test('with units that are neither the old nor the wanted ones stops for a person, however long it waits', async () => {
    const world = await worldOf(to15(), ['reset before']);
    await scene.run(world.stage);
    world.setUnits(13);
    world.clock.pass(60 * 60_000);
    await scene.drain(world.stage);
    expect([(await world.outcome()).map(([state]) => state), world.units(), world.sent()]).toEqual([['unknown'], [13], 1]);
  });

  test('never goes onto other units than it was planned from, not even by the partner’s word', async () => {
    const world = await worldOf(to15(), []);
    world.setUnits(13);
    await scene.run(world.stage);
    expect(await world.outcome()).toEqual([['refused', null, 'line was changed meanwhile']]);
    const [row] = await world.stage.db.deliveries.toArray();
    await sendAgain(world.stage.db, scene.NOW, row?.id ?? '', true);
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['refused', null, 'line was changed meanwhile']], [13], 0]);
  });

  test('that lands late, within the quarantine, is found and not sent again', async () => {
    const world = await worldOf(to15(), ['late']);
    await scene.run(world.stage);
    world.clock.pass(5 * 60_000);
    world.endpoint.landLate();
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['sent', 'probed', null]], [15], 1]);
  });

  test('that lands after the quarantine and a second sending doubles: the next read of the line tells it from what was synced', async () => {
    const world = await worldOf(to15(), ['late']);
    await scene.run(world.stage);
    world.clock.pass(11 * 60_000);
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units()]).toEqual([[['sent', 'read back', null]], [15]]);
    world.endpoint.landLate();
    expect(world.units()).toEqual([18]);
    const next = updateChange({ ...here, before: { ...believed, quantity: d('15') }, after: { ...NOTHING, quantity: d('16') } });
    const [request] = plan(fixture, [next], []).requests;
    if (request === undefined) throw new Error('no request');
    expect(findLine(request, world.lines(), { day: TODAY, lineId: '900', besides: null, proven: false, keyless: false })).toMatchObject({
      ...{ kind: 'different', field: 'quantity', believed: '15', found: '18' },
    });
  });

  test('that the browser sends twice by itself is a conflict at the read back, not a success', async () => {
    const world = await worldOf(to15(), ['twice']);
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units(), world.sent()]).toEqual([[['unknown', null, 'line was changed meanwhile']], [18], 1]);
  });

  test('that was answered as done, but whose units stay the old ones, never goes again by itself', async () => {
    const world = await worldOf(to15(), []);
    world.freeze();
    await scene.drain(world.stage);
    world.clock.pass(60 * 60_000);
    await scene.drain(world.stage);
    expect([(await world.outcome()).map(([state]) => state), world.units(), world.sent()]).toEqual([['unknown'], [12], 1]);
  });
});

describe('new units', () => {
  const newLine = () => plan(fixture, [createChange(here)], []);

  test.each([
    ['another quantity', { quantity: d('15') }, { quantity: d('16') }],
    ['another price', { quantity: null, price: d('3') }, { price: d('3.5') }],
  ])('are no double where a later plan of ours wrote %s before they were counted again', async (_, before, after) => {
    const world = await worldOf(newLine(), [], []);
    await scene.run(world.stage);
    const change = updateChange({ ...here, lineId: null, before: { ...believed, ...before }, after: { ...NOTHING, ...after } });
    await world.confirm(plan(fixture, [change], []));
    world.clock.pass(11 * 60_000);
    const { duplicates } = await scene.run(world.stage);
    expect([duplicates, (await world.outcome()).map(([state, , code]) => [state, code])]).toEqual([
      0,
      [1, 2, 3, 4, 5].map(() => ['sent', null]),
    ]);
  });

  test('that double in one sending are a conflict, and the text of the line waits', async () => {
    const world = await worldOf(newLine(), ['twice'], []);
    await scene.drain(world.stage);
    expect([await world.outcome(), world.units()]).toEqual([
      [
        ['unknown', null, 'line was changed meanwhile'],
        ['pending', null, null],
        ['pending', null, null],
      ],
      [30],
    ]);
  });

  test('are not added to a service that stands for somebody else since the plan was made', async () => {
    const world = await worldOf(newLine(), [], [{ ...heldLine(fixture), key: `tl1-${'0'.repeat(32)}` }]);
    await scene.drain(world.stage);
    expect([(await world.outcome())[0], world.units(), world.sent()]).toEqual([
      ['refused', null, 'product cannot repeat on the agreement'],
      [12],
      0,
    ]);
  });
});

/** A plan confirmed at an Autotask, whose writes meet the faults in order. */
async function worldOf(confirmed: Plan, faults: readonly EndpointFault[], held = [heldLine(fixture)]) {
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ psa: 'autotask', tenant: 'acme' });
  await write(db, scene.NOW, ['connections'], async () => {
    await db.connections.put(connection);
  });
  const confirm = (one: Plan) => confirmPlans(db, scene.NOW, { plans: [{ plan: one, withheld: [] }], connection, today: TODAY });
  await confirm(confirmed);
  const endpoint = createEndpoint(fixture.sandbox(held));
  const left = [...faults];
  let frozen = false;
  const fetch = fetchOf(
    {
      receive: (request, fault) => {
        const before = endpoint.state();
        const outcome = endpoint.receive(request, fault);
        if (frozen) endpoint.change(() => before);
        return outcome;
      },
    },
    (request) => (fixture.writes(request) ? (left.shift() ?? null) : null),
  );
  const clock = scene.createClock('2021-01-03T09:00:00.000Z');
  const rows = () => endpoint.state().tables['contractServiceUnits'] ?? [];
  return {
    confirm,
    ...{ endpoint, clock, stage: { db, connection, clock, fetch, adapter: fixture.adapter, today: TODAY, credentials: fixture.account } },
    outcome: async () =>
      (await db.deliveries.orderBy('id').toArray()).map(({ state, proof, problem }) => [state, proof, problem?.code ?? null] as const),
    lines: (): readonly PsaLine[] => linesIn(fixture, endpoint.state()),
    units: () => linesIn(fixture, endpoint.state()).map(({ quantity }) => Number(quantity)),
    sent: () => endpoint.runs().filter(({ method, path, body }) => fixture.writes({ method: method as 'POST', path, body })).length,
    setUnits: (units: number) =>
      endpoint.change((state) => ({
        ...state,
        tables: { ...state.tables, contractServiceUnits: rows().map((row) => ({ ...row, units })) },
      })),
    /** The PSA answers as if it wrote, and writes nothing. */
    freeze: () => {
      frozen = true;
    },
  };
}
