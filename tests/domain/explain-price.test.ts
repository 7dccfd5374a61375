import { expect, test } from 'vitest';
import { decimalOf, type Decimal } from '../../src/domain/decimal';
import { pricedOf } from '../../src/domain/explain-price';
import type { PriceVersion } from '../../src/domain/price';
import type { AppliedRule } from '../../src/domain/rule';
import { december } from '../support/grid';
import { counted, rule } from '../support/rules';
import { usageLine } from '../support/usage';

const d = decimalOf;
const NAME = 'Proofpoint Business';
const markup = rule({ kind: 'markup', percent: d(50), overCost: null, least: null, currency: null });
const rounding = rule({ kind: 'price rounding', places: 1, currency: null });
const LISTED: PriceVersion = {
  ...{ subProduct: 'proofpoint-business', company: null, price: d('2.5'), cost: null, currency: 'USD', from: null, until: null, seq: 7 },
};

test('the price of a rule stands behind the one that the usage names', () => {
  expect(priced([3], [by(markup, '3', '3.66')], [LISTED])).toEqual([
    { what: 'of the usage', value: '3', from: { figure: 'price', name: NAME } },
    ruled(markup, '3', '3.66'),
  ]);
});

test('where the usage names none, it stands behind the price list’s, although the count bills another one', () => {
  const from = { figure: 'price', name: NAME, version: 7, ofCompany: false, from: null, until: null, currency: 'USD' };
  expect(priced([null], [by(markup, '2.5', '3.66')], [LISTED])).toEqual([
    { what: 'of the price list', value: '2.5', from },
    ruled(markup, '2.5', '3.66'),
  ]);
});

test('a price that only a trial names is none of the usage', () => {
  expect(priced([null, 'trial'], [by(markup, '2.5', '3.66')], [LISTED])[0]).toMatchObject({ what: 'of the price list', value: '2.5' });
});

test('where nobody says one, the rule alone makes it', () => {
  expect(priced([null], [by(markup, null, '3.66')], [])).toEqual([
    { what: 'nobody says', value: null, from: { figure: 'price', name: NAME } },
    ruled(markup, null, '3.66'),
  ]);
});

test('of several rules the first one found the price that it rests on', () => {
  expect(priced([3], [by(markup, '3', '3.66'), by(rounding, '3.66', '3.7')], [])).toEqual([
    { what: 'of the usage', value: '3', from: { figure: 'price', name: NAME } },
    ruled(markup, '3', '3.66'),
    ruled(rounding, '3.66', '3.7'),
  ]);
});

test('a cost is the usage’s own whatever a rule makes of the price', () => {
  const count = counted(15, { price: d('3.66'), ruled: { counted: d(15), applied: [by(markup, '3', '3.66')], priceVersion: null } });
  const { steps } = pricedOf({ rows: new Map(), count: december({}), prices: [], companyId: null }, count, 'cost');
  expect(steps).toEqual([{ what: 'of the usage', value: '2.44', from: { figure: 'cost', name: NAME } }]);
});

/** The steps of a price that rules changed, from rows with these unit prices. */
function priced(unitPrices: readonly (number | 'trial' | null)[], applied: readonly AppliedRule[], prices: readonly PriceVersion[]) {
  const rows = unitPrices.map((price, at) => ({
    line: usageLine({ row: at + 1, trial: price === 'trial', unitPrice: price === null ? null : d(price === 'trial' ? 9 : price) }),
    ...{ importId: 'one', importedAt: '2021-01-03T08:00:00.000Z' },
  }));
  const price = applied.at(-1)?.after as Decimal;
  const count = counted(15, { price, ruled: { counted: d(15), applied, priceVersion: null } });
  return pricedOf({ rows: new Map([['proofpoint-business', rows]]), count: december({}), prices, companyId: null }, count, 'price').steps;
}

function by(applied: AppliedRule['rule'], before: string | null, after: string): AppliedRule {
  return { rule: applied, before: before as Decimal | null, after: after as Decimal };
}

function ruled(applied: AppliedRule['rule'], before: string | null, after: string) {
  return { what: 'by a rule', value: after, from: { figure: 'price', name: NAME, applied: by(applied, before, after) } };
}
