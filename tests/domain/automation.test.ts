import { expect, test } from 'vitest';
import { goingOf, modeAt, stoppedBy, type GuardFacts, type QueueItem } from '../../src/domain/automation';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { problem, type Problem } from '../../src/domain/problem';
import { NO_THRESHOLD } from '../../src/domain/threshold';
import { createOf, planOf } from '../delivery/scene';
import { movement, standing } from '../ui/support/standings';

const SITE = 'acme.com';
const pause = { connection: 'cw', product: null, site: null, reason: 'we move', until: '2021-03-31', seq: 1, at: '', lifted: false };
const ignore = { product: 'proofpoint', site: SITE, reason: 'our own', until: null, lifted: false, seq: 1, at: '' };
const open = problem('delivery is not settled', { plan: 'p' });
const below = problem('price is below cost', { subProduct: 'Pro', price: decimalOf(1), cost: decimalOf(2) });
const elsewhere = problem('another source differs', {
  site: SITE,
  subProduct: 'Pro',
  source: 'CSV',
  ours: decimalOf(1),
  theirs: decimalOf(2),
});
const differs = problem('line differs in the PSA', { line: 'Pro', synced: decimalOf(20), found: decimalOf(24) });
const trial = problem('trial usage is not billed', { site: SITE, subProduct: 'Pro', quantity: decimalOf(3) });
const changed = [movement('Pro', { current: 20, previous: 15, synced: 15, money: '15', reason: 'quantity changed' })];
const byHand = planOf([createOf('business', 20)]);
const [request] = byHand.requests;
if (request === undefined) throw new Error('a create is a request');
const handPlan = { ...byHand, requests: [{ ...request, method: 'HAND' as const }] };

const going: GuardFacts = {
  standing: standing(SITE, { flag: 'changed', movements: changed }),
  item: {
    ...{ customer: { product: 'proofpoint', site: SITE }, connection: 'cw', problems: [], warnings: [] },
    plans: [{ plan: byHand, withheld: [] }],
  },
  ...{ threshold: NO_THRESHOLD, decided: false, ignore: null, pause: null, newest: '2020-11', calendar: DEFAULT_CALENDAR },
};
const item = (given: Partial<GuardFacts['item']>): Partial<GuardFacts> => ({ item: { ...going.item, ...given } });

test.each<[string, Partial<GuardFacts>, Problem | null]>([
  ['every guard holds', {}, null],
  ['a customer that was never synced by any plan', { newest: null }, null],
  ['paused', { pause }, problem('auto-sync is paused', { site: null, product: null, reason: 'we move', until: '2021-03-31' })],
  ['ignored', { ignore }, problem('customer is ignored', { site: SITE, reason: 'our own', until: null })],
  [
    'not final',
    { standing: standing(SITE, { periodState: 'counted' }) },
    problem('period is not final', { period: '2020-12', finalOn: '2021-01-03' }),
  ],
  ['no company', { standing: standing(SITE, { company: null }) }, problem('no company assigned', { site: SITE })],
  ['a question of the wizard', item({ problems: [open] }), open],
  ['the month was synced', { newest: '2020-12' }, problem('month was synced already', { site: SITE, period: '2020-12' })],
  ['a later month was synced', { newest: '2021-01' }, problem('month was synced already', { site: SITE, period: '2021-01' })],
  ['sources that differ', { standing: standing(SITE, { problems: [trial, elsewhere] }) }, elsewhere],
  ['a line that somebody changed in the PSA', item({ warnings: [differs] }), differs],
  ['a price below its cost', item({ warnings: [below] }), below],
  ['a trial is no reason to wait', { standing: standing(SITE, { problems: [trial] }) }, null],
  [
    'a change above the threshold',
    { threshold: { percent: 30, amount: null } },
    problem('change is unusual', { site: SITE, subProduct: 'Pro', delta: decimalOf(5), before: decimalOf(15), limit: '30 %' }),
  ],
  ['a change on the threshold', { threshold: { percent: null, amount: decimalOf(15) } }, null],
  ['work by hand', item({ plans: [{ plan: handPlan, withheld: [] }] }), problem('hand-work is left', { site: SITE, lines: 1 })],
])('%s', (_, given, expected) => {
  expect(stoppedBy({ ...going, ...given })).toEqual(expected);
});

test('what the partner decided is said before what is missing, and that before what looks wrong', () => {
  const all = { ...going, pause, ignore, ...item({ problems: [open], warnings: [below] }) };
  const { pause: _, ...unpaused } = all;
  expect([
    stoppedBy(all)?.code,
    stoppedBy({ ...unpaused, pause: null })?.code,
    stoppedBy({ ...all, pause: null, ignore: null })?.code,
  ]).toEqual(['auto-sync is paused', 'customer is ignored', 'delivery is not settled']);
});

test('a file is prepared at most, and only what no guard stops goes by itself', () => {
  expect([modeAt('send', { protocol: 'file' }), modeAt('send', { protocol: 'psa' }), modeAt('off', { protocol: 'file' })]).toEqual([
    'prepare',
    'send',
    'off',
  ]);
  const row = (mode: QueueItem['mode'], stopped: Problem | null): QueueItem => ({
    ...{ customer: going.item.customer, company: null, connection: 'cw', mode, stopped, plans: [], money: null, currency: null },
  });
  const items = [row('send', null), row('send', open), row('prepare', null)];
  expect(goingOf({ items })).toEqual([items[0]]);
});
