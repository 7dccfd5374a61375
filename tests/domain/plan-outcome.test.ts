import { expect, test } from 'vitest';
import { outcomesOf, type OutcomeFacts } from '../../src/domain/plan-outcome';

const plan = (own: Partial<OutcomeFacts>): OutcomeFacts => ({
  ...{ id: 'p1', state: 'settled', connection: 'cw', customer: 'proofpoint\u001facme.com', seq: 1, requests: ['sent'], splits: false },
  ...own,
});
const outcomes = (...plans: Partial<OutcomeFacts>[]) => [...outcomesOf(plans.map(plan)).values()];

test('a plan is done only when every request of it is sent, or its file was applied', () => {
  expect(outcomes({}, { id: 'p2', connection: 'other', state: 'applied' }, { id: 'p3', customer: null, requests: [] })).toEqual([
    ...['done', 'done', 'done'],
  ]);
});

test.each([
  ['open', { state: 'confirmed', requests: ['pending'] }],
  ['open', { state: 'delivering', requests: ['sent', 'pending'] }],
  ['refused', { requests: ['sent', 'refused'] }],
  ['refused', { state: 'delivering', requests: ['refused', 'pending'] }],
  ['unknown', { state: 'delivering', requests: ['refused', 'unknown'] }],
  ['unknown', { state: 'delivering', requests: ['sending'] }],
  ['unmarked', { state: 'downloaded', requests: ['pending'] }],
  ['not applied', { state: 'not applied', requests: ['refused'] }],
] as const)('a plan is %s where its state and requests are %j', (outcome, own) => {
  expect(outcomes(own)).toEqual([outcome]);
});

test('a plan that did not get through is replaced by a newer one of its customer at its connection, and by no other', () => {
  const refused = { requests: ['refused'] } as const;
  expect(outcomes(refused, { id: 'p2', seq: 2 })).toEqual(['replaced', 'done']);
  expect(outcomes({ state: 'not applied', ...refused }, { id: 'p2', seq: 2, ...refused })).toEqual(['replaced', 'refused']);
  expect(outcomes(refused, { id: 'p2', seq: 2, connection: 'other' })).toEqual(['refused', 'done']);
  expect(outcomes({ ...refused, customer: null }, { id: 'p2', seq: 2, customer: null })).toEqual(['refused', 'done']);
  expect(outcomes({ state: 'downloaded' }, { id: 'p2', seq: 2 })).toEqual(['unmarked', 'done']);
});

test('half a split is not replaced: no newer plan makes the line of the rest', () => {
  const half = { splits: true, requests: ['sent', 'refused'] } as const;
  expect(outcomes(half, { id: 'p2', seq: 2 })).toEqual(['refused', 'done']);
  expect(outcomes({ ...half, requests: ['refused', 'refused'] }, { id: 'p2', seq: 2 })).toEqual(['replaced', 'done']);
});
