import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createActor, fromCallback, fromPromise, waitFor } from 'xstate';
import { DEFAULT_CALENDAR, finalDayOf, shiftDay, type Day, type Period } from '../../src/domain/calendar';
import { problem, ProblemError, type Problem } from '../../src/domain/problem';
import { autoSync, dueOn, type AutoSync } from '../../src/machines/auto-sync';
import { createLocks } from '../delivery/scene';

test('over years, leap days and all, each month is due once: from the 3rd of the next one', () => {
  const changes: [Day, Period][] = [];
  let last = '';
  for (let today = '2023-01-01'; today <= '2029-01-02'; today = shiftDay(today, 1)) {
    const due = dueOn(today);
    if (due !== last) changes.push([today, due]);
    last = due;
  }
  expect(changes.slice(0, 3)).toEqual([
    ['2023-01-01', '2022-11'],
    ['2023-01-03', '2022-12'],
    ['2023-02-03', '2023-01'],
  ]);
  expect(changes.slice(1).every(([today, due]) => today === finalDayOf(due) && today.endsWith('-03'))).toBe(true);
  expect([changes.length, changes.find(([, due]) => due === '2024-02')?.[0]]).toEqual([73, '2024-03-03']);
});

test('off until something goes by itself; then it runs, and rests until the next final day', async () => {
  const { actor, world } = tab(createWorld());
  expect(actor.getSnapshot().value).toBe('off');
  expect(await tick(actor, '2021-01-03', false)).toBe('off');
  world.imported.add('a 2020-12');
  expect([await tick(actor, '2021-01-03'), [...world.confirmed]]).toEqual(['done for the period', ['a 2020-12']]);
  expect(await tick(actor, '2021-02-01')).toBe('waiting for the final day');
  expect(await tick(actor, '2021-02-03')).toBe('done for the period');
  expect(await tick(actor, '2021-02-03', false)).toBe('off');
});

test('a laptop that was closed on the 3rd catches up, and usage that comes late goes with the next tick', async () => {
  const { actor, world } = tab(createWorld());
  world.imported.add('a 2020-12');
  await tick(actor, '2020-12-20');
  expect(world.confirmed).toEqual([]);
  await tick(actor, '2021-01-17');
  world.imported.add('b 2020-12');
  await tick(actor, '2021-01-17');
  await tick(actor, '2021-01-18');
  expect(world.confirmed).toEqual(['a 2020-12', 'b 2020-12']);
});

test('a tick that comes while it runs makes one more run, whatever came', async () => {
  const { actor, world } = tab(createWorld());
  const gate = createGate();
  world.before.plan = () => gate.passed;
  actor.send({ type: 'tick', today: '2021-01-03', on: true });
  await waitFor(actor, (snapshot) => snapshot.matches({ running: 'planning' }));
  for (const today of ['2021-01-03', '2021-02-03']) actor.send({ type: 'tick', today, on: true });
  world.imported.add('a 2020-12').add('a 2021-01');
  gate.open();
  await rested(actor);
  expect([world.planned, world.confirmed]).toEqual([
    ['2021-01-03', '2021-02-03'],
    ['a 2020-12', 'a 2021-01'],
  ]);
});

test('switched off while it runs, it is off when the run is over', async () => {
  const { actor } = tab(createWorld());
  actor.send({ type: 'tick', today: '2021-01-03', on: true });
  expect(await tick(actor, '2021-01-03', false)).toBe('off');
});

test.each(['plan', 'confirm', 'deliver'] as const)('a failure of %s is kept with its reason until the next tick', async (step) => {
  const { actor, world } = tab(createWorld());
  world.imported.add('a 2020-12');
  world.before[step] = () => Promise.reject(new ProblemError(problem('storage is full', {})));
  expect([await tick(actor, '2021-01-03'), actor.getSnapshot().context.problem]).toEqual(['failed', { code: 'storage is full' }]);
  world.before[step] = () => Promise.resolve();
  expect([await tick(actor, '2021-01-03'), actor.getSnapshot().context.problem, world.confirmed]).toEqual([
    'done for the period',
    null,
    ['a 2020-12'],
  ]);
});

test('two tabs take turns, and the second finds nothing left', async () => {
  const world = createWorld();
  const [one, two] = [tab(world).actor, tab(world).actor];
  world.imported.add('a 2020-12').add('b 2020-12');
  const gate = createGate();
  world.before.confirm = () => gate.passed;
  for (const actor of [one, two]) actor.send({ type: 'tick', today: '2021-01-03', on: true });
  await waitFor(one, (snapshot) => snapshot.matches({ running: 'confirming' }));
  expect(two.getSnapshot().value).toEqual({ running: 'due' });
  gate.open();
  await Promise.all([rested(one), rested(two)]);
  expect(world.confirmed).toEqual(['a 2020-12', 'b 2020-12']);
});

test('a tab that closes in the middle of its run gives its turn to the other', async () => {
  const world = createWorld();
  const [one, two] = [tab(world).actor, tab(world).actor];
  world.imported.add('a 2020-12');
  world.before.plan = () => new Promise(() => undefined);
  for (const actor of [one, two]) actor.send({ type: 'tick', today: '2021-01-03', on: true });
  await waitFor(one, (snapshot) => snapshot.matches({ running: 'planning' }));
  world.before.plan = () => Promise.resolve();
  one.stop();
  await rested(two);
  expect(world.confirmed).toEqual(['a 2020-12']);
});

const customers = ['a', 'b', 'c'];
const act = fc.oneof(
  fc.record({
    kind: fc.constant('tick' as const),
    tab: fc.nat(1),
    days: fc.oneof(fc.nat(3), fc.nat(80)),
    fails: fc.constantFrom(null, 'plan', 'confirm', 'deliver'),
  }),
  fc.record({ kind: fc.constant('import' as const), customer: fc.constantFrom(...customers), back: fc.nat(2) }),
  fc.record({ kind: fc.constant('pause' as const), customer: fc.constantFrom(...customers) }),
  fc.record({ kind: fc.constant('close' as const), tab: fc.nat(1) }),
);

test('whatever ticks, imports, pauses, failures and tabs: each customer and month once, and everything that holds is confirmed by the next tick', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const world = createWorld();
      const tabs = [tab(world).actor, tab(world).actor];
      let today = '2023-12-30';
      for (const one of acts) {
        if (one.kind === 'import') world.imported.add(`${one.customer} ${shiftDay(today, -31 * one.back).slice(0, 7)}`);
        else if (one.kind === 'pause') toggle(world.paused, one.customer);
        else if (one.kind === 'close') {
          tabs[one.tab]?.stop();
          tabs[one.tab] = tab(world).actor;
        } else {
          today = shiftDay(today, one.days);
          const failing = one.fails;
          if (failing !== null) world.before[failing] = () => Promise.reject(new Error('in the middle'));
          const actor = tabs[one.tab];
          if (actor === undefined) throw new Error('there are two tabs');
          await tick(actor, today);
          if (failing === null || failing === 'deliver') expect(left(world, today)).toEqual([]);
          if (failing !== null) world.before[failing] = () => Promise.resolve();
        }
        expect(new Set(world.confirmed).size).toBe(world.confirmed.length);
      }
    }),
    { numRuns: 150 },
  );
});

/** What stands around the chart: usage, pauses, and what was ever confirmed, as `customer month`. */
interface World {
  readonly imported: Set<string>;
  readonly paused: Set<string>;
  readonly confirmed: string[];
  readonly planned: Day[];
  readonly before: Record<'plan' | 'confirm' | 'deliver', () => Promise<unknown>>;
  readonly lock: ReturnType<typeof createLocks>;
}

function createWorld(): World {
  const before = { plan: () => Promise.resolve(), confirm: () => Promise.resolve(), deliver: () => Promise.resolve() };
  return { imported: new Set(), paused: new Set(), confirmed: [], planned: [], before, lock: createLocks() };
}

/** What holds every guard on a day: counted for the month that is due, not paused, not confirmed. */
function left({ imported, paused, confirmed }: World, today: Day): string[] {
  const due = dueOn(today);
  return customers
    .filter((one) => !paused.has(one))
    .map((one) => `${one} ${due}`)
    .filter((one) => imported.has(one) && !confirmed.includes(one));
}

function tab(world: World): { actor: AutoSync; world: World } {
  let queue: string[] = [];
  const machine = autoSync.provide({
    actors: {
      turn: fromCallback(({ sendBack }) => {
        const ended = createGate();
        let gone = false;
        void world.lock('turn', async () => {
          if (gone) return;
          sendBack({ type: 'turn taken' });
          await ended.passed;
        });
        return () => {
          gone = true;
          ended.open();
        };
      }),
      plan: fromPromise(async ({ input }) => {
        await world.before.plan();
        world.planned.push(input.today);
        queue = left(world, input.today);
        return { goes: queue.length, prepared: 0, waits: 0 };
      }),
      confirm: fromPromise(async () => {
        for (const [index, one] of queue.entries()) {
          if (index === 1) await world.before.confirm();
          if (!world.confirmed.includes(one)) world.confirmed.push(one);
        }
        if (queue.length < 2) await world.before.confirm();
        return { goes: queue.length, prepared: 0, waits: 0 };
      }),
      deliver: fromPromise<Problem | null>(async () => {
        await world.before.deliver();
        return null;
      }),
    },
  });
  const actor = createActor(machine, { input: { calendar: DEFAULT_CALENDAR } }).start();
  onTestFinished(() => void actor.stop());
  return { actor, world };
}

async function tick(actor: AutoSync, today: Day, on = true): Promise<unknown> {
  actor.send({ type: 'tick', today, on });
  return rested(actor);
}

async function rested(actor: AutoSync): Promise<unknown> {
  return (await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'))).value;
}

function toggle(set: Set<string>, value: string): void {
  if (!set.delete(value)) set.add(value);
}

function createGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}
