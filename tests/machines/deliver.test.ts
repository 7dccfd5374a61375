import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, type EventFrom } from 'xstate';
import { adjacencyMapToArray, getAdjacencyMap, type AdjacencyValue } from 'xstate/graph';
import { problem } from '../../src/domain/problem';
import { deliverMachine, type SendNews } from '../../src/machines/deliver';
import { reported } from '../delivery/stage';

describe('the outbox chart', () => {
  it.each([
    [{ 'all sent': 'resting' }, reported({ sent: 3 })],
    ['refused left', reported({ sent: 1, refused: 1, pending: 1 })],
    ['refused left', reported({ sent: 1, pending: 1 })],
    ['stopped', reported({ pending: 3 }, { stopped: problem('rate limit', { seconds: 60 }) })],
    ['stopped', reported({ sent: 1, pending: 2 }, { cancelled: true })],
  ])('rests in %j after its report', (state, told) => {
    const { actor, tell } = started();
    actor.send({ type: 'send' });
    tell({ type: 'reported', report: told });
    expect(actor.getSnapshot().value).toEqual(state);
    expect(actor.getSnapshot().context.report).toEqual(told);
  });

  it('looks again by itself when the quarantine ends, and not before', async () => {
    const { actor, tell, sent, quarantineEnds } = started();
    actor.send({ type: 'send', plans: ['p1'] });
    tell({ type: 'reported', report: reported({ unknown: 1 }, { lookAgainAt: '2026-04-03T09:10:00.000Z' }) });
    expect(actor.getSnapshot().value).toEqual({ 'unknown left': 'waiting' });
    expect(sent).toEqual([['p1']]);
    quarantineEnds();
    await Promise.resolve();
    await Promise.resolve();
    expect(actor.getSnapshot().matches('sending')).toBe(true);
    expect(sent).toEqual([['p1'], ['p1']]);
  });

  it('counts the copies once more when the quarantine is over, and adds what it finds', async () => {
    const { actor, tell, quarantineEnds } = started();
    actor.send({ type: 'send' });
    tell({ type: 'reported', report: reported({ sent: 3 }, { countAgainAt: '2026-04-03T09:10:00.000Z' }) });
    expect(actor.getSnapshot().value).toEqual({ 'all sent': 'waiting' });
    quarantineEnds();
    await Promise.resolve();
    await Promise.resolve();
    expect(actor.getSnapshot().value).toBe('counting');
    expect(actor.getSnapshot().hasTag('busy')).toBe(false);
    tell({ type: 'reported', report: reported({}, { duplicates: 1 }) });
    expect(actor.getSnapshot().value).toEqual({ 'all sent': 'resting' });
    expect(actor.getSnapshot().context.report).toEqual(reported({ sent: 3 }, { duplicates: 1 }));
  });

  it('leaves to a person what no look can settle', () => {
    const { actor, tell } = started();
    actor.send({ type: 'send' });
    tell({ type: 'reported', report: reported({ unknown: 1 }) });
    expect(actor.getSnapshot().value).toEqual({ 'unknown left': 'choosing' });
    expect(actor.getSnapshot().hasTag('needs a person')).toBe(true);
  });

  it('passes cancel on and stays busy until the current request is done', () => {
    const { actor, tell, heard } = started();
    actor.send({ type: 'send' });
    actor.send({ type: 'cancel' });
    actor.send({ type: 'cancel' });
    expect(actor.getSnapshot().value).toEqual({ sending: 'stopping' });
    expect(actor.getSnapshot().hasTag('busy')).toBe(true);
    expect(heard).toEqual(['cancel']);
    tell({ type: 'reported', report: reported({ sent: 1, pending: 1 }, { cancelled: true }) });
    expect(actor.getSnapshot().value).toBe('stopped');
  });

  it('counts what is done and says while the endpoint rests', () => {
    const { actor, tell } = started();
    actor.send({ type: 'send' });
    tell({ type: 'progress', progress: { kind: 'request', plan: 'p', n: 0, state: 'sending', line: 'Business' } });
    tell({ type: 'progress', progress: { kind: 'request', plan: 'p', n: 0, state: 'sent', line: 'Business' } });
    tell({ type: 'progress', progress: { kind: 'paused', seconds: 7, problem: problem('rate limit', { seconds: 7 }) } });
    const { at, paused } = actor.getSnapshot().context;
    expect({ at, paused }).toEqual({ at: { plan: 'p', n: 0, line: 'Business', done: 1 }, paused: 7 });
    tell({ type: 'progress', progress: { kind: 'resumed' } });
    expect(actor.getSnapshot().context.paused).toBe(null);
  });

  it('does not start a second run while one is under way', () => {
    const { actor, sent } = started();
    actor.send({ type: 'send' });
    actor.send({ type: 'send' });
    expect(sent).toEqual([[]]);
  });

  it('a failed database ends in "failed", and sending starts anew from what is on disk', () => {
    const { actor, tell, sent } = started();
    actor.send({ type: 'send' });
    tell({ type: 'failed', problem: problem('database was replaced', {}) });
    expect(actor.getSnapshot().context.problem).toEqual(problem('database was replaced', {}));
    actor.send({ type: 'send' });
    expect(actor.getSnapshot().context.problem).toBe(null);
    expect(sent).toEqual([[], []]);
  });

  it('from every reachable state a report, a failure, cancel or send leads to a known one', () => {
    const events: EventFrom<typeof deliverMachine>[] = [
      { type: 'send' },
      { type: 'cancel' },
      { type: 'failed', problem: problem('browser cannot lock', {}) },
      { type: 'reported', report: reported({ sent: 1 }) },
      { type: 'reported', report: reported({ sent: 1 }, { countAgainAt: '2026-04-03T09:10:00.000Z' }) },
      { type: 'reported', report: reported({ refused: 1 }) },
      { type: 'reported', report: reported({ unknown: 1 }) },
      { type: 'reported', report: reported({ unknown: 1 }, { lookAgainAt: '2026-04-03T09:10:00.000Z' }) },
      { type: 'reported', report: reported({}, { cancelled: true }) },
    ];
    const map = getAdjacencyMap(quiet(), {
      events,
      input: { connection: 'cw', plans: [] },
      serializeState: (snapshot) =>
        JSON.stringify([snapshot.value, snapshot.context.report?.lookAgainAt ?? null, snapshot.context.report?.countAgainAt ?? null]),
    });
    const states = new Set(adjacencyMapToArray(map).map(({ state }) => JSON.stringify(state.value)));
    expect([...states].sort()).toEqual(
      [
        'idle',
        { sending: 'running' },
        { sending: 'stopping' },
        { 'all sent': 'resting' },
        { 'all sent': 'waiting' },
        'refused left',
        { 'unknown left': 'choosing' },
        { 'unknown left': 'waiting' },
        { 'unknown left': 'resting' },
        'stopped',
        'failed',
      ]
        .map((value) => JSON.stringify(value))
        .sort(),
    );
    const resting = Object.values(
      map as Record<
        string,
        AdjacencyValue<ReturnType<ReturnType<typeof started>['actor']['getSnapshot']>, EventFrom<typeof deliverMachine>>
      >,
    );
    expect(resting.every(({ state }) => state.hasTag('busy') || state.can({ type: 'send' }))).toBe(true);
  });
});

function quiet() {
  return deliverMachine.provide({
    actors: { send: fromCallback(() => undefined), 'wait until': fromPromise(() => new Promise<null>(() => undefined)) },
  });
}

function started() {
  const sent: (readonly string[])[] = [];
  const heard: string[] = [];
  let tell: (news: SendNews) => void = () => undefined;
  let quarantineEnds: () => void = () => undefined;
  const machine = deliverMachine.provide({
    actors: {
      send: fromCallback(({ input, sendBack, receive }) => {
        sent.push(input.plans);
        tell = (news) => sendBack(news);
        receive(({ type }) => heard.push(type));
      }),
      'wait until': fromPromise(
        () =>
          new Promise<null>((resolve) => {
            quarantineEnds = () => resolve(null);
          }),
      ),
    },
  });
  const actor = createActor(machine, { input: { connection: 'cw', plans: [] } }).start();
  return { actor, sent, heard, tell: (news: SendNews) => tell(news), quarantineEnds: () => quarantineEnds() };
}
