import { describe, expect, test } from 'vitest';
import { createActor as actorOf, fromPromise, waitFor, type Actor } from 'xstate';
import { problem, ProblemError, type Problem } from '../../src/domain/problem';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import { STEPS } from '../../src/domain/sync-steps';
import { placeOf, reached, wizard, type Check, type Survey } from '../../src/machines/wizard';
import { INPUT, reachedStates } from './wizard-paths';

describe('in every state that can be reached', () => {
  test('every place of the chart is among them', () => {
    const places = new Set(reachedStates().map(({ snapshot }) => placeOf(snapshot)));
    expect([...places].sort()).toEqual(
      [
        'agreement',
        'cancelled',
        'delivering',
        'grid',
        'needs company',
        'opening',
        'option',
        'products',
        'psa',
        'receipt',
        'stuck',
        'summary',
      ].sort(),
    );
  });

  test('the summary is only reached with every step before it looked at', () => {
    const summaries = reachedStates().filter(({ snapshot }) => placeOf(snapshot) === 'summary');
    expect(summaries.length).toBeGreaterThan(0);
    expect(summaries.filter(({ snapshot }) => STEPS.slice(0, 5).some((step) => !snapshot.context.done.includes(step)))).toEqual([]);
  });

  test('nothing is confirmed while a step has problems', () => {
    const confirming = reachedStates().filter(({ snapshot }) => JSON.stringify(snapshot.value) === '{"summary":"confirming"}');
    expect(confirming.length).toBeGreaterThan(0);
    expect(confirming.filter(({ snapshot }) => snapshot.context.problems.length > 0)).toEqual([]);
  });

  test('only a confirmed plan set is delivered or shown on a receipt', () => {
    const after = reachedStates().filter(({ snapshot }) => ['delivering', 'receipt'].includes(placeOf(snapshot)));
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter(({ snapshot }) => snapshot.context.set === null)).toEqual([]);
  });

  test('no way leads from a confirmed plan set back into the steps but planning anew', () => {
    const confirmed = reachedStates().filter(({ snapshot }) => snapshot.context.set !== null);
    expect(confirmed.filter(({ snapshot }) => STEPS.some((step) => step === placeOf(snapshot)))).toEqual([]);
  });

  test('cancel ends every resting step, and only before the confirmation', () => {
    const resting = reachedStates().filter(({ snapshot }) => snapshot.status === 'active' && !snapshot.hasTag('busy'));
    const wrong = resting.filter(({ snapshot }) => snapshot.can({ type: 'cancel' }) === (snapshot.context.set !== null));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('a resting step can always be continued, confirmed, left or begun again', () => {
    const resting = reachedStates().filter(({ snapshot }) => snapshot.status === 'active' && !snapshot.hasTag('busy'));
    const ways = ['continue', 'look again', 'company assigned', 'send the rest'] as const;
    const stuck = resting.filter(
      ({ snapshot }) => !ways.some((type) => snapshot.can({ type })) && !snapshot.can({ type: 'confirm', plan: 'plan-1' }),
    );
    expect(stuck.map(({ name }) => name)).toEqual([]);
  });

  test('no invocation fails without a sentence for the partner', () => {
    const after = reachedStates().filter(({ events }) => events.at(-1)?.type.startsWith('xstate.error.actor.') === true);
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter(({ snapshot }) => snapshot.context.problems.length === 0)).toEqual([]);
  });
});

describe('the journey', () => {
  test('a fresh customer walks every step once and ends on the receipt', async () => {
    const actor = started(provided({}));
    const walked: string[] = [];
    await rest(actor);
    for (const step of STEPS) {
      walked.push(placeOf(actor.getSnapshot()));
      if (step === 'summary') actor.send({ type: 'confirm', plan: 'plan-1' });
      else actor.send({ type: 'continue' });
      if (step !== 'summary') await rest(actor);
    }
    await waitFor(actor, (snapshot) => placeOf(snapshot) === 'delivering');
    actor.send({ type: 'delivered' });
    expect([walked, placeOf(actor.getSnapshot()), actor.getSnapshot().context.set]).toEqual([[...STEPS], 'receipt', 'plan-1']);
  });

  test('what is remembered is skipped, shown as done, and can be changed', async () => {
    const actor = started(provided({ done: ['psa', 'products', 'option', 'agreement'] }));
    await rest(actor);
    const first = placeOf(actor.getSnapshot());
    const open = reached(actor.getSnapshot().context);
    actor.send({ type: 'go to', step: 'option' });
    const second = placeOf(actor.getSnapshot());
    actor.send({ type: 'choose option', option: 'single line' });
    actor.send({ type: 'continue' });
    await rest(actor);
    expect([first, open, second, placeOf(actor.getSnapshot()), actor.getSnapshot().context.choices.option]).toEqual([
      'grid',
      ['psa', 'products', 'option', 'agreement', 'grid'],
      'option',
      'grid',
      'single line',
    ]);
  });

  test('one look from the PSA leads to the lines, or to the first step that has a question', async () => {
    const ends = await Promise.all(
      [STEPS.slice(0, 4), STEPS.slice(0, 2)].map(async (done) => {
        const actor = started(provided({}, [], null, done));
        await rest(actor);
        actor.send({ type: 'to the lines', bindings: [BINDING] });
        await rest(actor);
        const { context } = actor.getSnapshot();
        return [placeOf(actor.getSnapshot()), reached(context).at(-1), context.choices.bindings];
      }),
    );
    expect(ends).toEqual([
      ['grid', 'grid', [BINDING]],
      ['option', 'option', [BINDING]],
    ]);
  });

  test('back never loses what was typed', async () => {
    const actor = started(provided({ done: ['psa', 'products', 'option', 'agreement'] }));
    await rest(actor);
    actor.send({
      type: 'edit line',
      slot: 'proofpoint-business',
      edit: { name: 'Mail security', syncedQuantity: '14' as never, reason: 'agreed' },
    });
    for (let back = 0; back < 4; back++) actor.send({ type: 'back' });
    const at = placeOf(actor.getSnapshot());
    expect([at, actor.getSnapshot().context.choices.edits]).toEqual([
      'psa',
      { 'proofpoint-business': { name: 'Mail security', syncedQuantity: '14', reason: 'agreed' } },
    ]);
  });

  test('a block stops Continue with its reason, and is gone with the next choice', async () => {
    const blocked = problem('price is missing', { subProduct: 'Business' });
    const actor = started(provided({ done: ['psa', 'products', 'option', 'agreement'] }, [blocked]));
    await rest(actor);
    actor.send({ type: 'continue' });
    await rest(actor);
    const stopped = [placeOf(actor.getSnapshot()), actor.getSnapshot().context.problems];
    actor.send({ type: 'edit line', slot: 'proofpoint-business', edit: { price: '3' as never } });
    expect([stopped, actor.getSnapshot().context.problems]).toEqual([['grid', [blocked]], []]);
  });

  test('usage that changed under the summary leads back to the lines', async () => {
    const actor = started(provided({ done: ['psa', 'products', 'option', 'agreement', 'grid'] }));
    await rest(actor);
    const before = placeOf(actor.getSnapshot());
    actor.send({ type: 'usage changed', fingerprint: 'another' });
    const { context } = actor.getSnapshot();
    expect([before, placeOf(actor.getSnapshot()), context.usageChanged, context.fingerprint]).toEqual(['summary', 'grid', true, 'another']);
  });

  test('a plan that is no longer the one on the screen is not confirmed', async () => {
    const chart = provided({ done: ['psa', 'products', 'option', 'agreement', 'grid'] }, [], problem('plan changed meanwhile', {}));
    const actor = started(chart);
    await rest(actor);
    actor.send({ type: 'confirm', plan: 'plan-0' });
    await rest(actor);
    const { context } = actor.getSnapshot();
    expect([placeOf(actor.getSnapshot()), context.set, context.problems]).toEqual(['grid', null, [problem('plan changed meanwhile', {})]]);
  });

  test.each([problem('delivery is not settled', { plan: 'plan-0' }), problem('sync file is not marked', { plan: 'plan-0' })])(
    'a confirmation that finds an open delivery ($code) leads to it, says why, and forgets it when the partner goes on',
    async (refused) => {
      const surveys: Partial<Survey>[] = [{ done: ['psa', 'products', 'option', 'agreement', 'grid'] }, { set: 'plan-0' }, {}];
      const actor = started(provided(() => surveys.shift() ?? {}, [], refused));
      await rest(actor);
      actor.send({ type: 'confirm', plan: 'plan-1' });
      await rest(actor);
      const { context } = actor.getSnapshot();
      const found = [placeOf(actor.getSnapshot()), context.set, context.problems];
      actor.send({ type: 'look again' });
      await rest(actor);
      expect([found, placeOf(actor.getSnapshot()), actor.getSnapshot().context.problems]).toEqual([
        ['receipt', 'plan-0', [refused]],
        'psa',
        [],
      ]);
    },
  );

  test('another PSA keeps the option and forgets what belongs to the first one', async () => {
    const choices = { ...NO_CHOICES, option: 'single line', agreementId: '12', skipped: true } as const;
    const actor = started(provided({ choices }));
    await rest(actor);
    actor.send({ type: 'choose connection', connection: 'second' });
    const { context } = actor.getSnapshot();
    expect([context.connection, context.choices]).toEqual(['second', { ...NO_CHOICES, option: 'single line' }]);
  });
});

const BINDING = {
  subProduct: null,
  psaProduct: { id: '1', identifier: 'PROOFPOINT', description: 'Proofpoint', taxable: true },
};

function started(chart: typeof wizard): Actor<typeof wizard> {
  return actorOf(chart, { input: INPUT }).start();
}

/** The chart with actors that answer at once. */
function provided(
  given: Partial<Survey> | (() => Partial<Survey>),
  problems: Check['problems'] = [],
  refused: Problem | null = null,
  ahead: Check['done'] = [],
) {
  const survey: Survey = { assigned: true, set: null, connection: 'cw', choices: NO_CHOICES, done: [], fingerprint: 'f' };
  const next = typeof given === 'function' ? given : () => given;
  return wizard.provide({
    actors: {
      survey: fromPromise(() => Promise.resolve({ ...survey, ...next() })),
      check: fromPromise(({ input: { step, context } }) =>
        Promise.resolve({
          problems,
          choices: context.choices,
          done: problems.length > 0 ? context.done : [...context.done.filter((one) => one !== 'grid'), step],
          fingerprint: 'f',
        }),
      ),
      lookAhead: fromPromise(({ input: { choices } }) => Promise.resolve({ problems: [], choices, done: ahead, fingerprint: 'f' })),
      confirm: fromPromise(() => (refused === null ? Promise.resolve('plan-1') : Promise.reject(new ProblemError(refused)))),
    },
  });
}

async function rest(actor: Actor<typeof wizard>): Promise<void> {
  await waitFor(actor, (snapshot) => !snapshot.hasTag('busy'));
}
