import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { inDigits, roundedFor } from '../../src/domain/rounding';
import { gridFor } from '../../src/domain/sync-grid';
import { choicesOf, factsAt } from '../conformance/customer.ts';
import { connectionOf } from '../delivery/scene';
import { fixture } from '../psa/fixtures/syncro.ts';
import { december } from '../support/grid';

const line = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business';

/** The seed customer's line at Syncro, whose money is in cents; `mostRounding` is what the connection's setting says. */
function lineAt(count: { quantity: number; unitPrice?: string; unitCost?: string | null }, mostRounding?: string) {
  const { quantity, unitPrice = '3', unitCost = null } = count;
  const counted = {
    quantity: decimalOf(quantity),
    unitPrice: decimalOf(unitPrice),
    unitCost: unitCost === null ? null : decimalOf(unitCost),
  };
  const settings = mostRounding === undefined ? {} : { mostRounding };
  const { tenant, adapter } = fixture;
  const facts = factsAt(fixture, { count: december(counted), connection: connectionOf({ psa: 'syncro', tenant, settings }) });
  const [made, ...others] = gridFor(facts, choicesOf(fixture, 'multi-product'), adapter).lines;
  if (made === undefined || others.length > 0) throw new Error('there is one line');
  return made;
}

describe('a price is rounded to what the PSA can hold up to a limit, which is part of the allowed', () => {
  test.each([
    ['up, by the 1.00 of an empty setting', undefined, 200, '3.005', '3.01', '1'],
    ['down, by the 1.00 of an empty setting', '', 250, '3.004', '3', '-1'],
    ['by the 0.50 of the setting', '0.5', 100, '3.005', '3.01', '0.5'],
    ['by less than a larger setting', '5', 202, '3.005', '3.01', '1.01'],
    ['by nothing, where the setting is 0', '0', 1, '3.005', '3.01', '0'],
  ] as const)('%s', (_, setting, quantity, from, to, money) => {
    const { blocks, warnings, price, changes } = lineAt({ quantity, unitPrice: from }, setting);
    const rounded = problem('price was rounded', {
      ...{ line, from: decimalOf(from), to: decimalOf(to), money: decimalOf(money), currency: 'USD' },
    });
    expect([blocks, warnings.filter(({ code }) => code !== 'cost is unknown'), price, changes.length]).toEqual([[], [rounded], to, 1]);
  });

  test.each([
    ['up, by a cent more than the 1.00 of an empty setting', undefined, 202, '3.005', '3.01', '1.01', '1'],
    ['down, by a cent more than the 1.00 of an empty setting', '', 252, '3.004', '3', '-1.01', '1'],
    ['by a cent more than the 0.50 of the setting', '0.5', 102, '3.005', '3.01', '0.51', '0.5'],
    ['by a cent, where the setting is 0', '0', 2, '3.005', '3.01', '0.01', '0'],
  ] as const)('and is refused beyond it: %s', (_, setting, quantity, from, to, money, limit) => {
    const { blocks, warnings, changes } = lineAt({ quantity, unitPrice: from }, setting);
    const refused = problem('rounding is too much', {
      ...{ line, from: decimalOf(from), to: decimalOf(to), money: decimalOf(money), limit: decimalOf(limit), currency: 'USD' },
    });
    expect([blocks, warnings.filter(({ code }) => code !== 'cost is unknown'), changes]).toEqual([[refused], [], []]);
  });

  const edited = (count: number, syncedQuantity: string) => {
    const facts = factsAt(fixture, { count: december({ quantity: decimalOf(count), unitPrice: decimalOf('3.005') }) });
    const [plain] = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter).lines;
    const edit = { syncedQuantity: decimalOf(syncedQuantity), reason: 'agreed' };
    const [made] = gridFor(facts, choicesOf(fixture, 'multi-product', { edits: { [plain?.slot ?? '']: edit } }), fixture.adapter).lines;
    return [made?.syncedQuantity, made?.blocks.map(({ code }) => code), made?.warnings.map(({ code }) => code)];
  };

  test('what counts is the quantity that is sent, not the count beside it', () => {
    expect([edited(10, '200'), edited(10, '202'), edited(202, '200')]).toEqual([
      ['200', [], ['price was rounded']],
      ['202', ['rounding is too much'], []],
      ['200', [], ['price was rounded']],
    ]);
  });

  test('a quantity that the partner wrote is rounded as a counted one is, and a count that is not sent is not', () => {
    expect([edited(10, '12.345'), edited(12.345, '10')]).toEqual([
      ['12.35', [], ['quantity was rounded', 'price was rounded']],
      ['10', [], ['price was rounded']],
    ]);
  });

  test('a price that the PSA can hold is moved by nothing, however many there are', () => {
    const { blocks, warnings, total } = lineAt({ quantity: 1_000_000, unitPrice: '3.01', unitCost: '2.44' }, '0');
    expect([blocks, warnings, total]).toEqual([[], [], '3010000']);
  });
});

describe('a cost that is rounded is said in money', () => {
  test('by which the margin differs', () => {
    const { warnings, blocks, cost, margin, changes } = lineAt({ quantity: 1000, unitCost: '2.4449' });
    const rounded = problem('cost was rounded', {
      ...{ line, from: decimalOf('2.4449'), to: decimalOf('2.44'), money: decimalOf('-4.9'), currency: 'USD' },
    });
    expect([blocks, warnings, cost, margin]).toEqual([[], [rounded], '2.44', '560']);
    expect(changes.map((change) => change.kind === 'create' && change.after.cost)).toEqual(['2.44']);
  });

  test('but not where no cent comes of it, nor where the PSA holds it whole', () => {
    expect(lineAt({ quantity: 1, unitCost: '2.4449' }).warnings).toEqual([]);
    expect(lineAt({ quantity: 1000, unitCost: '2.44' }).warnings).toEqual([]);
  });

  test('and is never too much: it moves no invoice', () => {
    const limits = { quantityDecimals: 2, priceDecimals: 2, mostRounding: decimalOf(0) };
    const amounts = { quantity: decimalOf(1000), price: decimalOf(3), cost: decimalOf('2.4449') };
    const data = { line: 'X', from: decimalOf('2.4449'), to: decimalOf('2.44') };
    const rounded = { quantity: '1000', price: '3', cost: '2.44', blocks: [] };
    expect(roundedFor(limits, 'X', amounts, 'USD')).toEqual({
      ...{ ...rounded, warnings: [problem('cost was rounded', { ...data, money: decimalOf('-4.9'), currency: 'USD' })] },
    });
    expect(roundedFor(limits, 'X', amounts, null)).toEqual({
      ...{ ...rounded, warnings: [problem('cost was rounded', { ...data, money: null, currency: null })] },
    });
    expect(roundedFor({ ...limits, priceDecimals: null }, 'X', amounts, 'USD')).toEqual({ ...amounts, blocks: [], warnings: [] });
  });
});

test('rounding to digits is half away from zero, and leaves alone what has no more of them', () => {
  const rounded = (value: string, digits: number | null) => inDigits(decimalOf(value), digits);
  expect([rounded('4.255', 2), rounded('-4.255', 2), rounded('4.25', 2), rounded('4.2', 2), rounded('4.255', null)]).toEqual([
    '4.26',
    '-4.26',
    '4.25',
    '4.2',
    '4.255',
  ]);
  expect(inDigits(null, 2)).toBeNull();
});
