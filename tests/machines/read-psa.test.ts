import { expect, test } from 'vitest';
import { createActor, fromCallback, fromPromise, type Actor } from 'xstate';
import { problem } from '../../src/domain/problem.ts';
import { readPsa, type ReadInput, type ReadNews, type TestOutcome } from '../../src/machines/read-psa.ts';

const EMPTY = { scopes: [], progress: { position: 0, rows: 0, paused: null }, found: [], problem: null, test: null };
const scopes = [{ kind: 'companies' }, { kind: 'agreements', companyId: null }] as const;

test('a reading shows its progress and rests with what it found', () => {
  const { actor, tell, inputs } = scene();
  actor.send({ type: 'read', scopes });
  tell({ type: 'progress', progress: { position: 1, rows: 1000, paused: null } });
  expect([actor.getSnapshot().value, actor.getSnapshot().hasTag('busy'), actor.getSnapshot().context.progress]).toEqual([
    'reading',
    true,
    { position: 1, rows: 1000, paused: null },
  ]);
  tell({ type: 'whole', found: [12, 1200] });
  expect([actor.getSnapshot().value, actor.getSnapshot().context]).toEqual([
    'idle',
    { ...EMPTY, connection: 'office', scopes, progress: { position: 1, rows: 1000, paused: null }, found: [12, 1200] },
  ]);
  expect(inputs).toEqual([{ connection: 'office', scopes }]);
});

test('a reading that fails rests with the reason, and the next one starts clean', () => {
  const { actor, tell } = scene();
  actor.send({ type: 'read', scopes });
  tell({ type: 'failed', problem: problem('rate limit', { seconds: 60 }) });
  expect(actor.getSnapshot().context.problem).toEqual(problem('rate limit', { seconds: 60 }));
  actor.send({ type: 'read', scopes });
  expect(actor.getSnapshot().context).toEqual({ ...EMPTY, connection: 'office', scopes });
});

test('cancel stops the reader and rests with nothing found', () => {
  const { actor, stopped } = scene();
  actor.send({ type: 'read', scopes });
  actor.send({ type: 'cancel' });
  expect([actor.getSnapshot().value, actor.getSnapshot().context.found, stopped()]).toEqual(['idle', [], 1]);
});

test('news of a reader that was cancelled changes nothing', () => {
  const { actor } = scene();
  actor.send({ type: 'whole', found: [3] });
  expect(actor.getSnapshot().context).toEqual({ ...EMPTY, connection: 'office' });
});

test('nothing to read is no reading', () => {
  const { actor } = scene();
  actor.send({ type: 'read', scopes: [] });
  expect(actor.getSnapshot().value).toBe('idle');
});

test.each<TestOutcome>([
  { kind: 'works' },
  { kind: 'refused', from: 'psa', status: 401, message: 'Provide valid credentials.' },
  { kind: 'no answer' },
])('a test rests with its outcome: $kind', async (outcome) => {
  const { actor, answerTest } = scene();
  actor.send({ type: 'test' });
  expect(actor.getSnapshot().value).toBe('testing');
  answerTest(outcome);
  await settled(actor);
  expect(actor.getSnapshot().context).toEqual({ ...EMPTY, connection: 'office', test: outcome });
});

function scene() {
  let tell: (news: ReadNews) => void = () => undefined;
  let answerTest: (outcome: TestOutcome) => void = () => undefined;
  let stops = 0;
  const inputs: ReadInput[] = [];
  const machine = readPsa.provide({
    actors: {
      read: fromCallback<{ type: 'never' }, ReadInput>(({ sendBack, input }) => {
        tell = sendBack;
        inputs.push(input);
        return () => {
          stops += 1;
        };
      }),
      test: fromPromise<TestOutcome, { readonly connection: string }>(
        () =>
          new Promise((resolve) => {
            answerTest = resolve;
          }),
      ),
    },
  });
  const actor = createActor(machine, { input: { connection: 'office' } }).start();
  return {
    actor,
    inputs,
    tell: (news: ReadNews) => tell(news),
    answerTest: (outcome: TestOutcome) => answerTest(outcome),
    stopped: () => stops,
  };
}

function settled(actor: Actor<typeof readPsa>): Promise<void> {
  return new Promise((resolve) => {
    const subscription = actor.subscribe((snapshot) => {
      if (!snapshot.matches('idle')) return;
      subscription.unsubscribe();
      resolve();
    });
  });
}
