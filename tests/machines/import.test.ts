import { describe, expect, test } from 'vitest';
import { createActor, fromCallback, fromPromise } from 'xstate';
import type { Inspection, ImporterReply, Review } from '../../src/domain/importing.ts';
import { problem } from '../../src/domain/problem.ts';
import type { ImportRecord } from '../../src/domain/usage.ts';
import { importChart, NO_ANSWERS, type ImporterOrder, type ImportEvent, type PickedFile } from '../../src/machines/import.ts';

const dated: Inspection = { files: [], source: 'pax8', undated: false, csv: null };
const undated: Inspection = { ...dated, source: 'proofpoint-essentials', undated: true };
const review: Review = {
  importId: 'id',
  counts: { read: 3, accepted: 3, rejected: 0, blank: 0, warned: 0 },
  periods: ['2020-12'],
  reasons: [],
  samples: [],
  copies: 0,
  overlap: [],
  registry: { companies: 0, products: 0, subscriptions: 0, summaries: 0 },
  clean: true,
};
const record: ImportRecord = {
  id: 'id',
  seq: 1,
  source: 'pax8',
  profile: null,
  state: 'committed',
  files: [],
  counts: review.counts,
  slices: 1,
  periods: ['2020-12'],
  final: null,
  complete: false,
  at: '2020-12-20T00:00:00.000Z',
};
const picked: ImportEvent = { type: 'files.picked', files: [{ name: 'a.json', blob: new Blob(['{}']) }] };
const inspected = (inspection: Inspection): ImporterReply => ({ type: 'inspected', inspection });
const staged = (more: Partial<Review> = {}): ImporterReply => ({ type: 'staged', review: { ...review, ...more } });

function start() {
  const orders: ImporterOrder[] = [];
  const log = { started: 0, ended: 0, swept: 0, orders };
  const actor = createActor(
    importChart.provide({
      actors: {
        importer: fromCallback<ImporterOrder, { files: readonly PickedFile[] }>(({ receive }) => {
          log.started++;
          receive((order) => orders.push(order));
          return () => {
            log.ended++;
          };
        }),
        'sweep what was staged': fromPromise(() => {
          log.swept++;
          return Promise.resolve(undefined);
        }),
      },
    }),
  ).start();
  const hear = (reply: ImporterReply) => actor.send({ type: 'importer.replied', reply });
  const settled = () => new Promise<void>((resolve) => actor.subscribe((state) => (state.hasTag('busy') ? undefined : resolve())));
  return { actor, log, hear, settled, where: () => actor.getSnapshot().value };
}

describe('files that need no answer', () => {
  test('are read at once and wait for Import', () => {
    const { actor, log, hear, where } = start();
    actor.send(picked);
    hear(inspected(dated));
    expect([where(), log.orders]).toEqual([{ working: 'staging' }, [{ type: 'stage', answers: NO_ANSWERS }]]);
    hear(staged());
    expect(where()).toEqual({ working: 'reviewing' });
    actor.send({ type: 'import' });
    expect([where(), log.orders.at(-1)]).toEqual([{ working: 'committing' }, { type: 'commit', complete: false }]);
    hear({ type: 'committed', record, assigned: 2 });
    expect([where(), actor.getSnapshot().context.assigned, log.ended]).toEqual(['done', 2, 1]);
  });

  test('go straight in when Import was pressed while they were read and nothing is to decide', () => {
    const { actor, hear, where } = start();
    actor.send(picked);
    actor.send({ type: 'import' });
    hear(inspected(dated));
    hear(staged());
    expect(where()).toEqual({ working: 'committing' });
  });

  test('wait all the same when something is to decide', () => {
    const { actor, hear, where } = start();
    actor.send(picked);
    actor.send({ type: 'import' });
    hear(inspected(dated));
    hear(staged({ clean: false }));
    expect(where()).toEqual({ working: 'reviewing' });
  });

  test('that were imported before end as known', () => {
    const { actor, hear, where } = start();
    actor.send(picked);
    hear(inspected(dated));
    hear({ type: 'known', record });
    expect([where(), actor.getSnapshot().context.record]).toEqual(['known', record]);
  });
});

describe('decisions', () => {
  function reviewing(more: Partial<Review>) {
    const run = start();
    run.actor.send(picked);
    run.hear(inspected(dated));
    run.hear(staged({ clean: false, ...more }));
    const can = () => run.actor.getSnapshot().can({ type: 'import' });
    return { ...run, can };
  }
  const overlap = [{ product: 'proofpoint', added: 0, changed: 0, repeated: 1, unmentioned: 1, changes: [], silent: [] }];

  test('bad rows keep the good ones out until the partner says so', () => {
    const { actor, can } = reviewing({ counts: { ...review.counts, rejected: 1 } });
    expect(can()).toBe(false);
    actor.send({ type: 'good.only', goodOnly: true });
    expect(can()).toBe(true);
  });

  test('counts that are not mentioned have to be kept or be 0, and the commit says which', () => {
    const { actor, can, log } = reviewing({ overlap });
    expect(can()).toBe(false);
    actor.send({ type: 'complete.chosen', complete: true });
    expect(can()).toBe(true);
    actor.send({ type: 'import' });
    expect(log.orders.at(-1)).toEqual({ type: 'commit', complete: true });
  });

  test('nothing good and no names cannot be imported', () => {
    const { actor, can } = reviewing({ counts: { read: 1, accepted: 0, rejected: 1, blank: 0, warned: 0 } });
    actor.send({ type: 'good.only', goodOnly: true });
    expect(can()).toBe(false);
  });

  test('copies that are real usage are read again', () => {
    const { actor, log, where } = reviewing({ copies: 1 });
    actor.send({ type: 'copies.chosen', copies: 'each' });
    expect([where(), log.orders.at(-1)]).toEqual([{ working: 'staging' }, { type: 'stage', answers: { ...NO_ANSWERS, copies: 'each' } }]);
  });
});

describe('questions', () => {
  test('come before undated files are read, and can be changed later', () => {
    const { actor, hear, log, where } = start();
    actor.send(picked);
    actor.send({ type: 'import' });
    hear(inspected(undated));
    expect(where()).toEqual({ working: 'asking' });
    const answers = { ...NO_ANSWERS, final: '2020-12' };
    actor.send({ type: 'answers.given', answers, wanted: false });
    hear(staged());
    expect([where(), log.orders]).toEqual([{ working: 'reviewing' }, [{ type: 'stage', answers }]]);
    actor.send({ type: 'answers.changed' });
    expect(where()).toEqual({ working: 'asking' });
  });
});

describe('the way out', () => {
  test('Cancel ends the worker at once and sweeps what it staged', async () => {
    const { actor, hear, log, settled, where } = start();
    actor.send(picked);
    hear(inspected(dated));
    actor.send({ type: 'cancel' });
    expect([where(), log.ended]).toEqual(['sweeping', 1]);
    await settled();
    expect([where(), log.swept, actor.getSnapshot().context.inspection]).toEqual(['idle', 1, null]);
  });

  test('a failure ends the worker, sweeps and keeps the reason', async () => {
    const { actor, hear, log, settled, where } = start();
    actor.send(picked);
    hear({ type: 'failed', problem: problem('storage is full', {}) });
    await settled();
    expect([where(), log.ended, log.swept, actor.getSnapshot().context.problem]).toEqual(['failed', 1, 1, { code: 'storage is full' }]);
  });

  test('another tab that imports is left alone: nothing is swept', () => {
    const { actor, hear, log, where } = start();
    actor.send(picked);
    hear({ type: 'failed', problem: problem('another import is running', {}) });
    expect([where(), log.ended, log.swept]).toEqual(['failed', 1, 0]);
  });

  test('other files start over, whatever was going on', () => {
    const { actor, hear, log, where } = start();
    actor.send(picked);
    hear(inspected(dated));
    hear(staged());
    actor.send(picked);
    expect([where(), log.started, log.ended, actor.getSnapshot().context.review]).toEqual([{ working: 'inspecting' }, 2, 1, null]);
  });

  test('a commit cannot be cancelled half way', () => {
    const { actor, hear, where } = start();
    actor.send(picked);
    hear(inspected(dated));
    hear(staged());
    actor.send({ type: 'import' });
    actor.send({ type: 'cancel' });
    actor.send(picked);
    expect(where()).toEqual({ working: 'committing' });
  });
});
