import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compare,
  decimalOf,
  divide,
  fromScaled,
  isWhole,
  lineTotal,
  minorDigits,
  multiply,
  negate,
  parseDecimal,
  round,
  scaleOf,
  subtract,
  total,
} from '../../src/domain/decimal';

const amount = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([value, scale]) => fromScaled(value, scale));

/** Of up to 22 digits, small ones among them. */
const any = fc
  .tuple(
    fc.oneof(fc.bigInt(-(10n ** 22n), 10n ** 22n), fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(-20_000n, 20_000n)),
    fc.integer({ min: 0, max: 8 }),
  )
  .map(([value, scale]) => decimalOf(new Big(String(value)).div(new Big(10).pow(scale)).toFixed()));

function exactly(value: Big): string {
  return value.toFixed().replace(/^-0$/, '0');
}

describe('decimals are exact', () => {
  test('the seed line: 15 x 3.00 is 45', () => {
    expect(lineTotal(decimalOf('15'), decimalOf('3.00'), 'USD')).toBe('45');
  });

  test('4.35 x 100 is 435, where floats say 434.99999999999994', () => {
    expect(multiply(decimalOf('4.35'), decimalOf('100'))).toBe('435');
  });

  test('half a minor unit goes away from zero, in both directions', () => {
    expect([round(decimalOf('2.345'), 2), round(decimalOf('-2.345'), 2), round(decimalOf('2.3449'), 2)]).toEqual(['2.35', '-2.35', '2.34']);
  });

  test('each currency is rounded to its own minor unit', () => {
    expect(['USD', 'JPY', 'KWD'].map((currency) => lineTotal(decimalOf('3'), decimalOf('1.2345'), currency))).toEqual([
      '3.7',
      '4',
      '3.704',
    ]);
    expect(['EUR', 'JPY', 'BHD'].map(minorDigits)).toEqual([2, 0, 3]);
  });

  test('sums, differences and products agree with big.js', () => {
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        expect(add(left, right)).toBe(new Big(left).plus(right).toFixed().replace(/^-0$/, '0'));
        expect(subtract(left, right)).toBe(new Big(left).minus(right).toFixed().replace(/^-0$/, '0'));
        expect(multiply(left, right)).toBe(new Big(left).times(right).toFixed().replace(/^-0$/, '0'));
      }),
    );
  });

  test('so do those of numbers that no double holds, beside small ones', () => {
    fc.assert(
      fc.property(any, any, any, (left, right, third) => {
        expect(add(left, right, third)).toBe(exactly(new Big(left).plus(right).plus(third)));
        expect(subtract(left, right)).toBe(exactly(new Big(left).minus(right)));
        expect(multiply(left, right)).toBe(exactly(new Big(left).times(right)));
        expect(negate(left)).toBe(exactly(new Big(left).times(-1)));
        expect(compare(left, right)).toBe(new Big(left).cmp(right));
        expect(lineTotal(left, right, 'USD')).toBe(exactly(new Big(left).times(right).round(2, Big.roundHalfUp)));
      }),
      { numRuns: 2000 },
    );
  });

  test('a sum whose parts leave what doubles hold and come back is exact', () => {
    const parts = ['9007199254740991', '2', '0.1', '-9007199254740991'].map(decimalOf);
    expect([total(parts), add(), total([decimalOf('2.5')])]).toEqual(['2.1', '0', '2.5']);
  });

  test('more numbers are added up than a call takes arguments', () => {
    expect(total(Array.from({ length: 300_000 }, () => decimalOf('0.1')))).toBe('30000');
  });

  test('a scaled integer reads as the integer divided by ten to the scale', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.integer({ min: 0, max: 9 }), (value, scale) => {
        const read = fromScaled(value, scale);
        expect(new Big(read).times(new Big(10).pow(scale)).toFixed()).toBe(String(value === 0 ? 0 : value));
        expect(read).toBe(decimalOf(read));
        expect(scaleOf(read)).toBeLessThanOrEqual(scale);
      }),
    );
  });

  test('the sum of line totals is within half a minor unit per line of the exact sum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 99_999 })), { minLength: 1, maxLength: 30 }),
        (lines) => {
          const rounded = add(...lines.map(([quantity, price]) => lineTotal(decimalOf(quantity), fromScaled(price, 4), 'USD')));
          const exact = lines.reduce((sum, [quantity, price]) => sum.plus(new Big(quantity).times(price).div(10_000)), new Big(0));
          expect(new Big(rounded).minus(exact).abs().lte(new Big(lines.length).times('0.005'))).toBe(true);
        },
      ),
    );
  });

  test('partner cost is total by quantity: 10.38 / 3 is 3.46, and nothing is divided by zero', () => {
    expect(divide(decimalOf('10.38'), decimalOf('3'), 6)).toBe('3.46');
    expect(divide(decimalOf('10'), decimalOf('3'), 6)).toBe('3.333333');
    expect(divide(decimalOf('10'), decimalOf('0'), 6)).toBeNull();
  });

  test('only machine notation is read, and it is read canonically', () => {
    expect(['15.00', '+7', '-0', '.5', '1e3', ' 2.50 '].map(parseDecimal)).toEqual(
      ['15', '7', '0', '0.5', '1000', '2.5'].map((value) => ({ ok: true, value })),
    );
    for (const text of ['', ' ', '1,5', '0x1F', 'NaN', 'Infinity', '1e9999', '--1', '1 000', '١٢٣']) {
      expect(parseDecimal(text)).toEqual({ ok: false, error: 'not a number' });
    }
  });

  test('negation never makes a negative zero', () => {
    expect([negate(decimalOf('0')), negate(decimalOf('2.5'))]).toEqual(['0', '-2.5']);
    expect([isWhole(decimalOf('15.00')), isWhole(decimalOf('2.5'))]).toEqual([true, false]);
  });
});
