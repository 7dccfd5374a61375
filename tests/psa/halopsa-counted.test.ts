import { expect, test } from 'vitest';
import { ZERO } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import type { Row } from '../../src/sandbox/sandbox';
import { lastMonth, lookAt } from '../conformance/customer.ts';
import { december } from '../support/grid.ts';
import { fixture } from './fixtures/halopsa.ts';

const last = lastMonth(fixture, 'multi-product');
const counted = {
  ...last,
  state: { ...last.state, tables: { ...last.state.tables, lines: (last.state.tables['lines'] ?? []).map(typed) } },
};
const name = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint';
const why = (line: string) => [problem('line is counted by the PSA', { line })];
const none = { count: december({ quantity: ZERO }) };
const told = (...asked: Parameters<typeof lookAt>) =>
  lookAt(...asked).grid.lines.map(({ status, blocks, warnings, changes }) => [status, blocks, warnings, changes.map(({ kind }) => kind)]);

test('a quantity that HaloPSA counts is warned of before it is pushed, also where it is a 0 that ends the line', () => {
  expect(told(fixture, 'multi-product', { count: december({}) }, counted)).toEqual([['Updating', [], why(`${name} Business`), ['update']]]);
  expect(told(fixture, 'multi-product', none, counted, { zero: 'zero' })).toEqual([['Ending', [], why(name), ['end']]]);
});

test('an end by date pushes no quantity, and nothing is warned of a line whose quantity is fixed', () => {
  expect(told(fixture, 'multi-product', none, counted, { zero: 'date' })).toEqual([['Ending', [], [], ['end']]]);
  expect(told(fixture, 'multi-product', none, last, { zero: 'zero' })).toEqual([['Ending', [], [], ['end']]]);
});

function typed(row: Row): Row {
  return { ...row, recurring_invoice_quantity_type: 2 };
}
