import { describe, expect, test } from 'vitest';
import { createActor, fromPromise } from 'xstate';
import { resumeWizard, type Shelf } from '../../src/machines/resume';
import { placeOf, wizard, type WizardContext } from '../../src/machines/wizard';
import { INPUT, isResting, reachedStates, type Reached } from './wizard-paths';

const same = ({ fingerprint }: WizardContext) => Promise.resolve({ fingerprint, deliveryIsOpen: false });
/** Looks the customer up for ever: what a fresh start is told from. */
const chart = wizard.provide({ actors: { survey: fromPromise(() => new Promise(() => undefined)) } });
const resting = reachedStates().filter(({ snapshot }) => isResting(snapshot));
const STEPS = ['psa', 'products', 'option', 'agreement', 'grid', 'summary', 'receipt'];
const kept = resting.filter(({ snapshot }) => STEPS.includes(placeOf(snapshot)));

describe('a reload', () => {
  test.each(kept.map((reached) => [reached.name, reached] as const))('at %s comes back to it with the same choices', async (_, reached) => {
    const actor = await resumeWizard(chart, shelfWith(savedOf(reached)), INPUT, same);
    const { value, context } = actor.getSnapshot();
    expect([value, context]).toEqual([reached.snapshot.value, reached.snapshot.context]);
  });

  test.each(['needs company', 'stuck'] as const)('at %s looks the customer up again', async (place) => {
    const found = resting.find(({ snapshot }) => placeOf(snapshot) === place);
    const actor = await resumeWizard(chart, shelfWith(found === undefined ? null : savedOf(found)), INPUT, same);
    expect(placeOf(actor.getSnapshot())).toBe('opening');
  });

  test('while an actor was busy begins where the wizard last rested, never in the middle', async () => {
    const busy = reachedStates().find(({ snapshot }) => JSON.stringify(snapshot.value) === '{"summary":"confirming"}');
    const actor = await resumeWizard(chart, shelfWith(busy === undefined ? null : savedOf(busy)), INPUT, same);
    expect(placeOf(actor.getSnapshot())).toBe('opening');
  });
});

describe('any doubt begins anew', () => {
  const grid = kept.find(({ snapshot }) => placeOf(snapshot) === 'grid');
  const saved = savedOf(grid ?? kept[0]!);
  const spoiled: readonly [string, unknown][] = [
    ['nothing was saved', undefined],
    ['something else was saved', 'grid'],
    ['another version wrote it', { ...saved, version: 2 }],
    ['the place is unknown', changed({ value: { pricing: 'resting' } })],
    ['the place is inside of another', changed({ value: { grid: 'sending' } })],
    ['a field is missing', changed({ context: { ...saved.snapshot.context, done: undefined } })],
    ['a field is new', changed({ context: { ...saved.snapshot.context, secret: 'x' } })],
    ['a number is a number', changed({ context: { ...saved.snapshot.context, choices: { ...choicesOf(), edits: { a: { price: 3 } } } } })],
    ['it is another customer', changed({ context: { ...saved.snapshot.context, site: 'another.com' } })],
    ['it is another month', changed({ context: { ...saved.snapshot.context, period: '2020-11' } })],
    ['it had ended', changed({ status: 'done' })],
  ];
  test.each(spoiled)('when %s', async (_, record) => {
    const actor = await resumeWizard(chart, shelfWith(record), INPUT, same);
    const { value, context } = actor.getSnapshot();
    expect([value, context.choices, context.done]).toEqual(['opening', { ...choicesOf() }, []]);
  });

  function choicesOf() {
    return { ...createActor(wizard, { input: INPUT }).getSnapshot().context.choices };
  }
  function changed(part: Record<string, unknown>) {
    return { ...saved, snapshot: { ...saved.snapshot, ...part } };
  }
});

test('usage that changed meanwhile is told, and the summary goes back to the lines', async () => {
  const summary = kept.find(({ snapshot }) => placeOf(snapshot) === 'summary');
  const actor = await resumeWizard(chart, shelfWith(savedOf(summary!)), INPUT, () =>
    Promise.resolve({ fingerprint: 'newer', deliveryIsOpen: false }),
  );
  const { context } = actor.getSnapshot();
  expect([placeOf(actor.getSnapshot()), context.usageChanged, context.fingerprint]).toEqual(['grid', true, 'newer']);
});

test('a delivery that is open outranks what was saved', async () => {
  const open = ({ fingerprint }: WizardContext) => Promise.resolve({ fingerprint, deliveryIsOpen: true });
  const at = (place: string) => kept.find(({ snapshot }) => placeOf(snapshot) === place)!;
  const summary = await resumeWizard(chart, shelfWith(savedOf(at('summary'))), INPUT, open);
  const receipt = await resumeWizard(chart, shelfWith(savedOf(at('receipt'))), INPUT, open);
  expect([placeOf(summary.getSnapshot()), placeOf(receipt.getSnapshot())]).toEqual(['opening', 'receipt']);
});

test('a step is saved when it rests, and cancel forgets it', async () => {
  const shelf = shelfWith(savedOf(kept.find(({ snapshot }) => placeOf(snapshot) === 'grid')!));
  const actor = await resumeWizard(chart, shelf, INPUT, same);
  actor.send({ type: 'back' });
  await shelf.settled();
  const before = JSON.stringify(shelf.record);
  actor.send({ type: 'cancel' });
  await shelf.settled();
  expect([before.includes('"agreement":"resting"'), shelf.record]).toEqual([true, null]);
});

function savedOf({ snapshot }: Reached) {
  const persisted = createActor(wizard, { input: INPUT, snapshot: snapshot }).getPersistedSnapshot();
  return JSON.parse(JSON.stringify({ version: 1, snapshot: persisted })) as {
    version: number;
    snapshot: { value: unknown; status: string; context: Record<string, unknown> };
  };
}

function shelfWith(record: unknown): Shelf & { record: unknown; settled: () => Promise<void> } {
  const shelf = {
    record,
    load: () => Promise.resolve(shelf.record),
    save: (saved: unknown) => Promise.resolve(void (shelf.record = saved)),
    clear: () => Promise.resolve(void (shelf.record = null)),
    settled: async () => {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
  return shelf;
}
