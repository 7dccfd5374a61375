import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { step } from '../../src/domain/derivation';
import { sayStep } from '../../src/ui/copy/derivation';

const on = { date: '2020-12-17', period: '2020-12', snapshotDay: '2020-12-19', reason: null } as const;
const d = decimalOf;

test.each([
  [
    step('date', null, { ...on, how: 'stale' }),
    'Stale: nothing was reported on the snapshot day, Dec 19, 2020, so the newest count before it bills, of Dec 17, 2020.',
  ],
  [
    step('date', null, { ...on, date: '2020-12-22', how: 'late' }),
    'Late: counted only after the snapshot day, Dec 19, 2020, first on Dec 22, 2020; it bills only with a reason.',
  ],
  [
    step('date', null, { ...on, date: '2020-12-22', how: 'late', reason: 'They asked' }),
    'Late: counted only after the snapshot day, Dec 19, 2020, first on Dec 22, 2020. It bills because “They asked”.',
  ],
  [step('date', null, { ...on, how: 'final' }), 'Final: the file is the last word for December 2020 and goes before daily counts.'],
  [
    step('source', null, { source: 'pax8', compared: [{ source: 'csv', name: 'Business', quantity: d(14) }] }),
    'pax8 bills this product. csv counts 14.00 Business: compared, never added.',
  ],
  [
    step('of the price list', d(3), {
      ...{ figure: 'price', name: 'Business', version: 12, ofCompany: true, from: '2020-11', until: null, currency: 'USD' },
    }),
    'The usage names no price of Business; the customer’s own entry of the price list does (USD from November 2020, version 12).',
  ],
  [
    step('multiplied', d('45.05'), { quantity: d(15), price: d('3.0033'), currency: 'USD', exact: d('45.0495') }),
    '15.00 x 3.0033 = 45.0495, rounded half away from zero to $45.05',
  ],
  [
    step('import is gone', null, { importId: '0123456789abcdef' }),
    'Import 01234567, which it rests on, is not here any more, so its rows cannot be shown.',
  ],
  [
    step('frozen', d(15), { figure: 'quantity', derived: d(14) }),
    'This is what the plan froze when it was confirmed; from what is here now it would be 14.00.',
  ],
])('%o is said in plain words', (made, sentence) => {
  expect(sayStep(made)).toBe(sentence);
});
