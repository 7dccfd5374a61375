import { afterEach, describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import {
  formatBytes,
  formatDay,
  formatDayInWords,
  formatDelta,
  formatList,
  formatMoney,
  formatMoneyDelta,
  formatPeriod,
  formatPrice,
  formatQuantity,
  formatShare,
  plural,
} from '../../src/ui/format';
import { regional } from '../../src/ui/locale.svelte';

afterEach(() => regional.choose('en-US'));

describe('in the default locale', () => {
  test('money, prices and quantities read as on the PSA’s grid', () => {
    expect([formatMoney(decimalOf(45), 'USD'), formatPrice(decimalOf(3), 'USD'), formatQuantity(decimalOf(15))]).toEqual([
      '$45.00',
      '3.00',
      '15.00',
    ]);
  });

  test('dates read month first', () => {
    expect([formatDay('2021-01-03'), formatDayInWords('2021-01-03'), formatPeriod('2020-12')]).toEqual([
      '01/03/2021',
      'Jan 3, 2021',
      'December 2020',
    ]);
  });

  test('changes carry their sign, and none is no change', () => {
    expect([decimalOf(3), decimalOf(-1), decimalOf(0)].map((value) => [formatDelta(value), formatMoneyDelta(value, 'USD')])).toEqual([
      ['+3.00', '+$3.00'],
      ['-1.00', '-$1.00'],
      ['0.00', '$0.00'],
    ]);
  });

  test('what nobody knows is said, and never 0', () => {
    const said = [
      formatMoney(null, 'USD'),
      formatMoneyDelta(null, null),
      formatPrice(null, 'USD'),
      formatQuantity(null),
      formatDelta(null),
      formatDay(null),
    ];
    expect(said).toEqual(Array(6).fill('unknown'));
  });

  test('a unit price keeps the digits that a rounded one would lose', () => {
    expect([formatPrice(decimalOf('0.0125'), 'USD'), formatMoney(decimalOf('0.0125'), 'USD')]).toEqual(['0.0125', '$0.0125']);
  });

  test('digits beyond a float stay exact', () => {
    expect(formatMoney(decimalOf('9007199254740993.01'), 'USD')).toBe('$9,007,199,254,740,993.01');
  });

  test('a currency without minor unit has no decimals', () => {
    expect([formatMoney(decimalOf(1200), 'JPY'), formatPrice(decimalOf(1200), 'JPY')]).toEqual(['¥1,200', '1,200']);
  });

  test('things, lists, shares and bytes', () => {
    expect([
      plural(1, 'customer'),
      plural(1204, 'customer'),
      formatList(['a', 'b', 'c']),
      formatShare(0.97),
      formatBytes(0),
      formatBytes(1_400_000),
    ]).toEqual(['1 customer', '1,204 customers', 'a, b, and c', '97%', '0 byte', '1.4 MB']);
  });
});

test('another locale writes the same values its own way', () => {
  regional.choose('en-GB');
  expect([formatDay('2021-01-03'), formatMoney(decimalOf('1234.5'), 'GBP')]).toEqual(['03/01/2021', '£1,234.50']);
});

test('a chosen locale is kept, and one that is not offered is not', () => {
  regional.choose('de-DE');
  expect(localStorage.getItem('tallyline.locale')).toBe('de-DE');
});
