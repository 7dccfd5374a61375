import { expect, test } from 'vitest';
import { patternOf, routes } from '../../src/ui/routes';

test.each([
  ['', '/'],
  ['#/', '/'],
  ['#/unsynced?view=new', '/unsynced'],
  ['#/unsynced/reconciliation', '/unsynced/reconciliation'],
  ['#/history/month?day=2021-01-03', '/history/month'],
  ['#/sync/proofpoint/acme.com', '/sync/:product/:site'],
  ['#/tools/business-automation/cw/agreements', '/tools/business-automation/:connection?/:tab?'],
  ['#/subscriptions', '/subscriptions/:product?'],
  ['#/unsyncedly', null],
  ['#/nowhere', null],
])('the screen of %j is loaded ahead as that of %j', (hash, pattern) => {
  expect(patternOf(hash)).toBe(pattern);
  if (pattern !== null) expect(Object.keys(routes)).toContain(pattern);
});
