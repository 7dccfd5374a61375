import type { Binding } from './agreement';
import { add, compare, negate, ZERO } from './decimal';
import type { GridInput, GridLine } from './grid';
import { isMissed, type Item, moneyOf } from './items';
import { lineOf } from './line';
import { problem, type Problem } from './problem';
import { singleOf } from './single';

export function itemLine(input: GridInput, item: Item): GridLine {
  const { count, priced } = item;
  const { quantity } = count;
  const credit = quantity !== null && compare(quantity, ZERO) < 0;
  const warnings =
    item.skipped && item.binding !== null
      ? [problem('sub-product uses the top-level product', { subProduct: count.name, money: moneyOf(item), currency: priced.currency })]
      : [];
  return lineOf(input, {
    slot: count.subProduct,
    subProducts: [count.subProduct],
    binding: item.binding,
    name: count.name,
    quantity: credit ? negate(quantity) : quantity,
    counted: credit ? negate(quantity) : (count.ruled?.counted ?? quantity),
    rules: count.ruled?.applied ?? [],
    price: credit && priced.price !== null ? negate(priced.price) : priced.price,
    cost: credit && priced.cost !== null ? negate(priced.cost) : priced.cost,
    currency: priced.currency,
    blocks: item.problems,
    warnings,
    alwaysPrice: false,
    namesCounts: false,
  });
}

/** What a line for all of these is bound to: several share the top-level product. */
export function bindingOfAll({ bindings }: Pick<GridInput, 'bindings'>, items: readonly Item[]): Binding | null {
  const top = bindings.find((binding) => binding.subProduct === null) ?? null;
  return items.length === 1 ? (items[0]?.binding ?? top) : top;
}

/** One line for all: the sum at the weighted price, or quantity 1 at the total where that price does not give the exact total. */
export function singleLines(input: GridInput, items: readonly Item[], blocks: Problem[]): GridLine[] {
  if (items.length === 0) return [];
  const units = new Set(items.map(({ count }) => count.unit));
  const taxes = new Set(items.map(({ binding }) => binding?.taxable ?? null));
  if (units.size > 1) blocks.push(problem('option is refused', { option: input.option, reason: 'mixed units' }));
  if (taxes.size > 1) blocks.push(problem('option is refused', { option: input.option, reason: 'mixed taxability' }));
  const currency = items[0]?.priced.currency ?? null;
  const { exact, quantity, price, cost } = singleOf(
    items.map(({ count, priced }) => ({ quantity: count.quantity, ...priced })),
    input.option,
  );
  if (isMissed(input) && price === ZERO) return [];
  const counts = items.map(({ count }) => `${count.quantity ?? '?'} ${count.name}`).join(', ');
  return [
    lineOf(input, {
      slot: '*',
      subProducts: items.map(({ count }) => count.subProduct),
      binding: bindingOfAll(input, items),
      name: exact ? input.productName : `${input.productName} (${counts})`,
      quantity,
      counted: exact ? add(...items.map(({ count }) => count.ruled?.counted ?? count.quantity ?? ZERO)) : quantity,
      rules: items.flatMap(({ count }) => count.ruled?.applied ?? []),
      price,
      cost,
      currency,
      blocks: items.flatMap(({ problems }) => problems),
      warnings: [],
      alwaysPrice: true,
      namesCounts: !exact,
    }),
  ];
}
