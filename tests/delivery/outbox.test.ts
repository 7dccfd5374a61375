import { describe, expect, it, vi } from 'vitest';
import { deliver } from '../../src/delivery/outbox';
import { removeCopy } from '../../src/delivery/removal';
import type { DeliveryProgress } from '../../src/domain/delivery';
import { problem } from '../../src/domain/problem';
import { connectwise } from '../../src/psa/connectwise';
import { sendAgain } from '../../src/storage/send-again';
import type { EndpointFault } from '../support/endpoint';
import * as scene from './scene';
import { held, onReads, onWrites, report, stageOf } from './stage';

const QUARANTINE_ENDS = '2026-04-03T09:10:00.000Z';

describe('a delivery', () => {
  it('creates, updates, ends and exports, each proven by reading it back', async () => {
    const lines = [scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500'), scene.endOf('pro', 2, null)];
    const staged = await stageOf([[scene.exportOf()], lines]);
    expect(await scene.run(staged)).toEqual(report({ sent: 5 }));
    expect(staged.endpoint.effects().map(({ effect, table, key }) => [effect, table, key])).toEqual([
      ['created', 'catalog', scene.EXPORTED],
      ['created', 'additions', scene.keyOf('business')],
      ['changed', 'additions', scene.keyOf('advanced')],
      ['changed', 'additions', scene.keyOf('pro')],
    ]);
    expect((await staged.rows()).map(({ proof }) => proof)).toEqual(['read back', 'read back', 'read back', 'answered', 'read back']);
  });

  it('puts the id of an exported product into the line that uses it, as the number that the PSA gave', async () => {
    const staged = await stageOf([[scene.exportOf()], [scene.createOf('shield', 3, { use: scene.EXPORTED_ID, product: 'MAIL-SHIELD' })]]);
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
    const sent = staged.endpoint.effects().at(-1)?.body as { readonly product: unknown };
    expect(sent.product).toEqual({ id: staged.endpoint.effects()[0]?.id });
  });

  it('leaves a line alone until the product that it needs is exported', async () => {
    const staged = await stageOf([[scene.createOf('shield', 3, { use: scene.EXPORTED_ID, product: 'MAIL-SHIELD' })]]);
    expect(await scene.run(staged)).toEqual(report({ pending: 1 }));
    expect(staged.endpoint.runs()).toEqual([]);
  });

  it('sends nothing for a line that already is as wanted', async () => {
    const staged = await stageOf([[scene.updateOf('advanced', 4, 5, '500'), scene.createOf('business', 15)]], {
      seed: scene.seed([
        scene.lineOf(500, 'advanced', 5),
        scene.lineOf(502, 'business', 15, { product: { id: 40, identifier: 'PP-BUS' }, unitPrice: 3, unitCost: 2 }),
      ]),
    });
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
    expect(staged.endpoint.effects()).toEqual([]);
    expect((await staged.rows()).map(({ proof, lineId }) => [proof, lineId])).toEqual([
      ['probed', '500'],
      ['probed', '502'],
    ]);
  });

  it('stops before a line that somebody changed, and sends anyway only when the partner says so', async () => {
    const staged = await stageOf([[scene.updateOf('advanced', 4, 6, '500')]]);
    expect(await scene.run(staged)).toEqual(report({ refused: 1 }));
    const [row] = await staged.rows();
    expect(row?.problem).toEqual(problem('line was changed meanwhile', { line: 'advanced', field: 'quantity', believed: '4', found: '5' }));
    expect(staged.endpoint.effects()).toEqual([]);
    await sendAgain(staged.db, scene.NOW, row?.id ?? '', true);
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect(held(staged, 'advanced')).toEqual([{ id: 500, quantity: 6 }]);
  });

  it('does not create beside a line with our key that holds something else', async () => {
    const business = { product: { id: 40, identifier: 'PP-BUS' }, unitPrice: 3, unitCost: 2 };
    const staged = await stageOf([[scene.createOf('business', 15)]], { seed: scene.seed([scene.lineOf(502, 'business', 14, business)]) });
    expect(await scene.run(staged)).toEqual(report({ refused: 1 }));
    expect(staged.endpoint.effects()).toEqual([]);
  });

  it('refuses to change a line that is gone', async () => {
    const staged = await stageOf([[scene.updateOf('advanced', 5, 6, '500')]], { seed: scene.seed([]) });
    expect(await scene.run(staged)).toEqual(report({ refused: 1 }));
    expect((await staged.rows())[0]?.problem).toEqual(problem('line is gone', { line: 'advanced' }));
  });

  it('creates a line again whose last one was ended', async () => {
    const ended = scene.lineOf(502, 'business', 14, { cancelledDate: '2026-02-28T00:00:00Z', product: { id: 40, identifier: 'PP-BUS' } });
    const staged = await stageOf([[scene.createOf('business', 15)]], { seed: scene.seed([ended]) });
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect(held(staged, 'business').map(({ quantity }) => quantity)).toEqual([14, 15]);
  });

  it('stops one customer at a refusal and goes on with the next', async () => {
    const staged = await stageOf(
      [[scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')], [scene.updateOf('pro', 2, 3, '501')]],
      { faults: onWrites('refuse') },
    );
    expect(await scene.run(staged)).toEqual(report({ refused: 1, pending: 1, sent: 1 }));
    expect((await staged.rows())[0]?.problem).toEqual(
      problem('request was refused', { status: 400, message: 'InvalidObject: The endpoint does not like it.' }),
    );
  });

  it('ends the run when the credentials are refused, with everything kept for later', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)], [scene.updateOf('pro', 2, 3, '501')]], {
      faults: onWrites('locked out'),
    });
    const refused = problem('credentials were refused', { status: 401, message: 'Unauthorized: The key was revoked.' });
    expect(await scene.run(staged)).toEqual(report({ pending: 2 }, { stopped: refused }));
    expect(await scene.run(staged)).toEqual(report({ sent: 2 }));
  });

  it('stops after the current request when it is cancelled', async () => {
    const controller = new AbortController();
    const staged = await stageOf([[scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]]);
    const progress = (news: DeliveryProgress) => {
      if (news.kind === 'request' && news.state === 'sending') controller.abort();
    };
    expect(await scene.run({ ...staged, signal: controller.signal, progress })).toEqual(
      report({ sent: 1, pending: 1 }, { cancelled: true }),
    );
  });

  it('sends nothing that waited for its turn when it was cancelled', async () => {
    const controller = new AbortController();
    const staged = await stageOf([[scene.createOf('business', 15)]], { connection: { rateLimit: 1 } });
    const wait = (milliseconds: number) => {
      controller.abort();
      staged.clock.pass(milliseconds / 2);
      return Promise.resolve();
    };
    const means = { ...scene.meansOf({ ...staged, signal: controller.signal }), wait };
    expect(await deliver(means)).toEqual(report({ pending: 1 }, { cancelled: true }));
    expect(staged.endpoint.runs().map(({ method }) => method)).toEqual(['GET']);
  });

  it('asks for no more requests a minute than the connection allows', async () => {
    const staged = await stageOf([[scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]], {
      connection: { rateLimit: 2 },
    });
    await scene.run(staged);
    expect(staged.endpoint.runs()).toHaveLength(5);
    expect(staged.clock.now().getTime() - Date.parse(scene.NOW)).toBe(120_000);
  });

  it.each([
    [100_000, 2],
    [2, 100_000],
  ])('of %i requests a minute of the connection and %i of the PSA, the smaller one paces', async (rateLimit, requestsPerMinute) => {
    const staged = await stageOf([[scene.createOf('business', 15), scene.updateOf('advanced', 5, 6, '500')]], {
      connection: { rateLimit },
    });
    const adapter = { ...connectwise, limits: { ...connectwise.limits, requestsPerMinute } };
    await scene.run({ ...staged, adapter });
    expect(staged.endpoint.runs()).toHaveLength(5);
    expect(staged.clock.now().getTime() - Date.parse(scene.NOW)).toBe(120_000);
  });
});

describe('a limit', () => {
  it.each([
    ['429' as const, 7_000],
    ['429 hidden' as const, 60_000],
  ])('%s is waited for, and the same request goes again', async (fault, waited) => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites(fault) });
    const pauses: DeliveryProgress[] = [];
    expect(await scene.run({ ...staged, progress: (news) => void pauses.push(news) })).toEqual(report({ sent: 1 }));
    expect(staged.clock.now().getTime() - Date.parse(scene.NOW)).toBe(waited);
    expect(pauses.filter(({ kind }) => kind !== 'request').map(({ kind }) => kind)).toEqual(['paused', 'resumed']);
    expect((await staged.rows())[0]?.attempts).toBe(1);
  });

  it('that never ends ends the run, and the request stays pending', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], {
      faults: onWrites(...Array.from({ length: 9 }, () => '429' as const)),
    });
    expect(await scene.run(staged)).toEqual(report({ pending: 1 }, { stopped: problem('rate limit', { seconds: 60 }) }));
  });
});

describe('an outcome that nothing proves', () => {
  const applied: readonly EndpointFault[] = [
    'reset after',
    'hang after',
    'empty',
    'html',
    'truncated',
    '500 after',
    'slow body',
    'no cors',
  ];
  it.each(applied)('%s: it was applied, and a look finds it: one line, one handler run', async (fault) => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites(fault) });
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect((await staged.rows())[0]?.proof).toBe('probed');
    expect(staged.endpoint.runs().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('an answer with the id of another line: the read-back finds ours', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites('wrong id') });
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect((await staged.rows())[0]?.lineId).toBe(String(held(staged, 'business')[0]?.id));
  });

  const absent: readonly EndpointFault[] = ['reset before', 'hang before', '500 before', 'redirect', 'late'];
  it.each(absent)('%s: it is not there, so it waits for the quarantine before the same bytes go again', async (fault) => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites(fault) });
    expect(await scene.run(staged)).toEqual(report({ unknown: 1 }, { lookAgainAt: QUARANTINE_ENDS }));
    expect(await scene.run(staged)).toEqual(report({ unknown: 1 }, { lookAgainAt: QUARANTINE_ENDS }));
    staged.endpoint.landLate();
    expect(await scene.drain(staged)).toEqual(report({ sent: 1 }));
    expect(held(staged, 'business')).toHaveLength(1);
    const bodies = staged.endpoint
      .runs()
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => body);
    expect(bodies.length).toBe(fault === 'late' ? 1 : 2);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('goes three times at most; then a person decides', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], {
      faults: onWrites(...Array.from({ length: 9 }, () => 'reset before' as const)),
    });
    expect(await scene.drain(staged)).toEqual(report({ unknown: 1 }));
    expect(staged.endpoint.runs().filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  it('stays unknown while the PSA cannot be read, and ends the run', async () => {
    let posted = false;
    const staged = await stageOf([[scene.createOf('business', 15)]], {
      faults: ({ method }) => {
        posted ||= method === 'POST';
        return posted ? 'reset after' : null;
      },
    });
    const stopped = problem('endpoint is unreachable', { url: 'http://psa.test' });
    expect(await scene.run(staged)).toEqual(report({ unknown: 1 }, { stopped }));
  });

  it('sends nothing at all when the first read finds nobody', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onReads('reset before', 'reset before', 'reset before') });
    const stopped = problem('endpoint is unreachable', { url: 'http://psa.test' });
    expect(await scene.run(staged)).toEqual(report({ pending: 1 }, { stopped }));
    expect(staged.endpoint.effects()).toEqual([]);
  });

  it('an update that was not applied goes again after the quarantine, as the absolute value that it is', async () => {
    const staged = await stageOf([[scene.updateOf('advanced', 5, 6, '500')]], { faults: onWrites('500 before') });
    expect(await scene.run(staged)).toEqual(report({ unknown: 1 }, { lookAgainAt: QUARANTINE_ENDS }));
    expect(await scene.drain(staged)).toEqual(report({ sent: 1 }));
    expect(held(staged, 'advanced')).toEqual([{ id: 500, quantity: 6 }]);
  });
});

describe('what the browser repeats by itself', () => {
  it('is counted by the read-back, shown, and removed by a button', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites('twice') });
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }, { duplicates: 1 }));
    const [row] = await staged.rows();
    const [plan] = staged.plans;
    if (row === undefined || plan === undefined) throw new Error('there is one row');
    const copies = held(staged, 'business');
    expect([row.lineId, ...row.duplicates].sort()).toEqual(copies.map(({ id }) => String(id)).sort());
    const after = await removeCopy(scene.meansOf(staged), plan, row, row.duplicates[0] ?? '');
    expect(after.duplicates).toEqual([]);
    expect(held(staged, 'business').map(({ id }) => String(id))).toEqual([row.lineId]);
  });

  it('is looked for among what other plans of the customer made only where there is a copy at all', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]]);
    await scene.run(staged);
    const asked = vi.spyOn(staged.db.plans, 'where');
    const [one] = await scene.booksOf(staged.db, staged.connection.id, () => new Date(scene.NOW)).uncounted(600_000);
    expect([one?.row.n, asked.mock.calls]).toEqual([0, []]);
    expect([await one?.others(), asked.mock.calls]).toEqual([[], [['customer']]]);
  });

  it('is found by a second count when it lands after the first', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites('late') });
    const again = staged.fetch;
    const browser: typeof fetch = async (url, init) => again(url, init).catch(() => again(url, init));
    expect(await scene.run({ ...staged, fetch: browser })).toEqual(report({ sent: 1 }, { countAgainAt: QUARANTINE_ENDS }));
    staged.endpoint.landLate();
    expect(await scene.run({ ...staged, fetch: browser })).toEqual(report({}, { countAgainAt: QUARANTINE_ENDS }));
    staged.clock.to(QUARANTINE_ENDS);
    expect(await scene.run({ ...staged, fetch: browser })).toEqual(report({}, { duplicates: 1, countAgainAt: null }));
    expect((await staged.rows())[0]?.duplicates).toHaveLength(1);
    expect(await scene.run({ ...staged, fetch: browser })).toEqual(report({}, { countAgainAt: null }));
  });

  it('a copy is not removed when it is the only one left', async () => {
    const staged = await stageOf([[scene.createOf('business', 15)]], { faults: onWrites('twice') });
    await scene.run(staged);
    const [row] = await staged.rows();
    const [plan] = staged.plans;
    if (row === undefined || plan === undefined) throw new Error('there is one row');
    staged.endpoint.change((state) => ({
      ...state,
      tables: { ...state.tables, additions: (state.tables['additions'] ?? []).filter(({ id }) => id !== Number(row.lineId)) },
    }));
    const after = await removeCopy(scene.meansOf(staged), plan, row, row.duplicates[0] ?? '');
    expect(after.duplicates).toEqual(row.duplicates);
    expect(held(staged, 'business')).toHaveLength(1);
  });
});
