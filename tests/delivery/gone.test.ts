import { describe, expect, it } from 'vitest';
import { problem } from '../../src/domain/problem';
import { markByReading, markDownloaded } from '../../src/storage/marks';
import { syncedOf } from '../../src/storage/synced';
import * as scene from './scene';
import { held, report, stageOf, type Staged } from './stage';

const CUSTOMER = 'proofpoint\u001fsite-0.com';

describe('the end of a line that is already gone', () => {
  it.each([
    ['whose id is known', '500'],
    ['that is found by its key', null],
  ])('%s is sent, proven by looking, and what follows it goes', async (_, lineId) => {
    const staged = await stageOf([[scene.endOf('advanced', 5, lineId), scene.createOf('business', 15)]], { seed: scene.seed([]) });
    expect(await scene.run(staged)).toEqual(report({ sent: lineId === null ? 3 : 2 }));
    expect((await staged.rows()).map(({ state, proof, attempts }) => [state, proof, attempts])).toEqual([
      ...(lineId === null ? [['sent', 'probed', 0]] : []),
      ['sent', 'probed', 0],
      ['sent', 'read back', 1],
    ]);
    expect(staged.endpoint.effects().map(({ effect, key }) => [effect, key])).toEqual([['created', scene.keyOf('business')]]);
    expect(await remembered(staged)).toEqual({ [scene.keyOf('advanced')]: '2026-03-31', [scene.keyOf('business')]: null });
  });

  it('is not proven by the lines of another agreement than the one it stood on', async () => {
    const moved = { ...scene.endOf('advanced', 5, '500'), agreementId: '11' };
    const staged = await stageOf([[moved, scene.createOf('business', 15)]], { connection: { protocol: 'file' } });
    const [plan] = staged.plans;
    await markDownloaded(staged.db, scene.NOW, plan?.id ?? '');
    expect(await markByReading(staged.db, scene.NOW, plan?.id ?? '', [], { today: scene.TODAY, keyless: false })).toBe(false);
    expect((await staged.rows()).map(({ state }) => state)).toEqual(['refused', 'refused']);
  });

  it('is applied where the lines that were read mark a sync file', async () => {
    const staged = await stageOf([[scene.endOf('advanced', 5, '500'), scene.endOf('pro', 2, null)]], { connection: { protocol: 'file' } });
    const [plan] = staged.plans;
    await markDownloaded(staged.db, scene.NOW, plan?.id ?? '');
    expect(await markByReading(staged.db, scene.NOW, plan?.id ?? '', [], { today: scene.TODAY, keyless: false })).toBe(true);
    expect((await staged.rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(await remembered(staged)).toEqual({ [scene.keyOf('advanced')]: '2026-03-31', [scene.keyOf('pro')]: '2026-03-31' });
  });

  it('is not taken for gone while two lines carry its key', async () => {
    const seed = scene.seed([scene.lineOf(501, 'pro', 2), scene.lineOf(502, 'pro', 2)]);
    const staged = await stageOf([[scene.endOf('pro', 2, null)]], { seed });
    expect(await scene.run(staged)).toEqual(report({ refused: 1, pending: 1 }));
    expect((await staged.rows())[0]?.problem).toEqual(problem('line exists more than once', { line: 'pro', ids: ['501', '502'] }));
    expect(held(staged, 'pro')).toHaveLength(2);
  });
});

async function remembered({ db }: Staged) {
  const lines = (await syncedOf(db, CUSTOMER, 'cw'))?.lines ?? [];
  return Object.fromEntries(lines.map(({ lineKey, endedOn }) => [lineKey, endedOn]));
}
