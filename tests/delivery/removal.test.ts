import { describe, expect, it } from 'vitest';
import { removeCopy } from '../../src/delivery/removal';
import type { Delivery, Removal } from '../../src/domain/delivery';
import { problem } from '../../src/domain/problem';
import { leftSending, recoverSending } from '../../src/storage/deliveries';
import type { EndpointFault } from '../support/endpoint';
import * as scene from './scene';
import { held, stageOf, type Staged } from './stage';

const UNKNOWN = problem('outcome is unknown', { line: 'acme.com - acme.com - business' });
const LATER = '2026-04-03T09:11:00.000Z';

describe('the removal of a copy', () => {
  it('is on disk before its call, and what came of it after', async () => {
    const { staged, copy, remove, row } = await doubled();
    const during: (readonly Removal[] | undefined)[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      if (init?.method === 'DELETE') during.push((await row()).removals);
      return staged.fetch(url, init);
    };
    const after = await remove({ ...staged, fetch });
    expect([during, after.removals, after.duplicates]).toEqual([
      [[{ copy, state: 'sending', attempts: 1, sentAt: staged.clock.now().toISOString(), problem: null }]],
      [{ copy, state: 'sent', attempts: 1, sentAt: staged.clock.now().toISOString(), problem: null }],
      [],
    ]);
    const kinds = (await staged.db.audit.toArray()).map(({ kind }) => kind).filter((kind) => kind.startsWith('removal'));
    expect(kinds).toEqual(['removal sending', 'removal unknown', 'removal sent']);
  });

  it.each([
    ['before it was applied', false],
    ['after it was applied', true],
  ])('cut short %s leaves its trace, is looked for, and never goes blindly again', async (_, applied) => {
    const { staged, copy, remove, row, removals } = await doubled();
    const dies: typeof fetch = async (url, init) => {
      if (init?.method !== 'DELETE') return staged.fetch(url, init);
      if (applied) await staged.fetch(url, init);
      return new Promise(() => undefined);
    };
    void remove({ ...staged, fetch: dies });
    await expect.poll(async () => (await row()).removals?.[0]?.state).toBe('sending');
    await expect.poll(() => removals().length).toBe(applied ? 1 : 0);
    expect((await leftSending(staged.db)).map(({ id }) => id)).toEqual([(await row()).id]);

    const next = await remove(staged);
    const left = applied
      ? { state: 'sent', problem: null }
      : { state: 'unknown', problem: expect.objectContaining({ code: UNKNOWN.code }) as object };
    expect([next.removals, next.duplicates]).toEqual([[expect.objectContaining({ copy, attempts: 1, ...left })], applied ? [] : [copy]]);
    expect(removals()).toHaveLength(applied ? 1 : 0);
    staged.clock.to(LATER);
    const last = await remove(staged);
    expect([last.duplicates, removals().length, held(staged, 'business').map(({ id }) => String(id))]).toEqual([[], 1, [last.lineId]]);
  });

  it('found at start after a crash is unknown', async () => {
    const { staged, remove, row } = await doubled();
    void remove({ ...staged, fetch: (url, init) => (init?.method === 'DELETE' ? new Promise(() => undefined) : staged.fetch(url, init)) });
    await expect.poll(async () => (await row()).removals?.[0]?.state).toBe('sending');
    expect(await recoverSending(staged.db, LATER, 'other')).toBe(0);
    expect(await recoverSending(staged.db, LATER, staged.connection.id)).toBe(1);
    expect([(await row()).state, (await row()).removals?.map(({ state }) => state)]).toEqual(['sent', ['unknown']]);
    expect(await leftSending(staged.db)).toEqual([]);
  });

  it('without an answer waits for the quarantine, and goes three times at most', async () => {
    const { staged, remove, removals, faults } = await doubled();
    faults.push(...Array.from({ length: 9 }, () => 'reset before' as const));
    const seen: (number | undefined)[] = [];
    for (let press = 0; press < 5; press += 1) {
      seen.push((await remove(staged)).removals?.[0]?.attempts, (await remove(staged)).removals?.[0]?.attempts);
      staged.clock.pass(11 * 60_000);
    }
    expect([seen, removals().length]).toEqual([[1, 1, 2, 2, 3, 3, 3, 3, 3, 3], 3]);
    expect(new Set(removals().map(({ path }) => path)).size).toBe(1);
  });

  it.each([
    ['reset after', 'sent', null],
    ['500 after', 'sent', null],
    ['reset before', 'unknown', UNKNOWN.code],
    ['500 before', 'unknown', UNKNOWN.code],
    ['refuse', 'refused', 'request was refused'],
    ['locked out', 'refused', 'credentials were refused'],
    ['429', 'refused', 'rate limit'],
  ] as const)('%s: it is %s', async (fault, state, code) => {
    const { staged, copy, remove, faults } = await doubled();
    faults.push(fault);
    const after = await remove(staged);
    expect(after.removals?.map((one) => [one.state, one.problem?.code ?? null])).toEqual([[state, code]]);
    expect([after.duplicates, after.state]).toEqual([state === 'sent' ? [] : [copy], 'sent']);
  });

  it('that was refused may be tried again at once', async () => {
    const { staged, remove, faults } = await doubled();
    faults.push('refuse');
    await remove(staged);
    expect((await remove(staged)).removals).toEqual([expect.objectContaining({ state: 'sent', attempts: 1, problem: null })]);
  });

  it('says why the PSA could not be read, and sends nothing', async () => {
    const { staged, remove, removals } = await doubled();
    const fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(remove({ ...staged, fetch })).rejects.toMatchObject({ problem: { code: 'endpoint is unreachable' } });
    expect(removals()).toEqual([]);
  });
});

/** A line that the browser sent twice, and the means to remove the copy; further faults meet the next writes. */
async function doubled() {
  const faults: EndpointFault[] = ['twice'];
  const staged = await stageOf([[scene.createOf('business', 15)]], {
    faults: ({ method }) => (method === 'GET' ? null : (faults.shift() ?? null)),
  });
  await scene.run(staged);
  const [plan] = staged.plans;
  const row = async (): Promise<Delivery> => (await staged.rows())[0]!;
  const copy = (await row()).duplicates[0] ?? '';
  const remove = async (with_: Staged) => removeCopy(scene.meansOf(with_), plan!, await row(), copy);
  return { staged, copy, row, remove, faults, removals: () => staged.endpoint.runs().filter(({ method }) => method === 'DELETE') };
}
