import { expect, it } from 'vitest';
import type { Exchange } from '../../src/delivery/channel';
import { classify, waitOf } from '../../src/delivery/verdict';

const NOW = new Date('2026-04-03T09:00:00Z');

it.each([
  ['psa', 201, true, 'applied'],
  ['psa', 200, true, 'applied'],
  ['psa', 200, false, 'unknown'],
  ['psa', 204, false, 'unknown'],
  ['psa', 304, false, 'unknown'],
  ['psa', 400, false, 'refused'],
  ['psa', 401, false, 'locked out'],
  ['psa', 403, false, 'locked out'],
  ['psa', 404, false, 'refused'],
  ['psa', 408, false, 'wait'],
  ['psa', 409, false, 'refused'],
  ['psa', 422, false, 'refused'],
  ['psa', 425, false, 'wait'],
  ['psa', 429, false, 'wait'],
  ['psa', 500, false, 'unknown'],
  ['psa', 502, false, 'unknown'],
  ['psa', 503, false, 'unknown'],
  ['psa', 504, false, 'unknown'],
  ['relay', 200, true, 'unknown'],
  ['relay', 400, false, 'refused'],
  ['relay', 401, false, 'locked out'],
  ['relay', 404, false, 'refused'],
  ['relay', 409, false, 'wait'],
  ['relay', 422, false, 'alarm'],
  ['relay', 429, false, 'wait'],
  ['relay', 502, false, 'unknown'],
] as const)('%s %i (proven: %s) is %s', (from, status, proven, kind) => {
  expect(classify(answered(from, status), { proven, refuses: false }, NOW).kind).toBe(kind);
});

it('no answer is unknown, whatever the reason', () => {
  expect(classify({ kind: 'no answer', reason: 'TypeError' }, { proven: false, refuses: false }, NOW)).toEqual({ kind: 'unknown' });
});

it('a 2xx that the PSA words as a refusal is refused, unless a relay says it', () => {
  expect(classify(answered('psa', 200), { proven: false, refuses: true }, NOW)).toEqual({ kind: 'refused' });
});

it.each([
  ['7', 7],
  ['0', 1],
  ['Fri, 03 Apr 2026 09:00:30 GMT', 30],
  ['Fri, 03 Apr 2026 08:00:00 GMT', 1],
  ['86400', 900],
  ['soon', 60],
  [undefined, 60],
])('Retry-After %s waits %i seconds', (header, seconds) => {
  expect(waitOf(header, NOW)).toBe(seconds);
});

function answered(from: 'psa' | 'relay', status: number): Exchange {
  return { kind: 'answered', from, answer: { status, headers: {}, body: {} }, text: '{}' };
}
