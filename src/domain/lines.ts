import type { Binding } from './agreement';
import { standingOn } from './dated-quantity';
import { add, lineTotal, subtract, ZERO } from './decimal';
import { alreadyEnded, endingOf, endings } from './endings';
import type { Grid, GridInput, GridLine } from './grid';
import { itemLine, singleLines } from './item-lines';
import { isAboutTheQuantity, isMissed, isSingle, itemsOf, leftOf, owedOf, repeats } from './items';
import { chargedAlready } from './known-line';
import { problem, type Problem } from './problem';
import { ruleVersionOf } from './rule';
import { bills } from './snapshot';

/** Snapshot x bindings x option x last sync -> the lines that one sync would make. */
export function gridOf(given: GridInput): Grid {
  const input = { ...given, psaLines: given.psaLines === null ? null : standingOn(given.psaLines, given.dates.firstDay) };
  const blocks: Problem[] = input.count.blocks.filter(({ code }) => code === 'no usage reported' || code === 'count is late');
  const items = itemsOf(input);
  const selected = items.filter(({ count }) => !input.deselected.includes(count.subProduct));
  blocks.push(...selected.filter(({ count }) => !bills(count)).flatMap(({ problems }) => problems.filter(isAboutTheQuantity)));
  const billing = isMissed(input) ? owedOf(input, items, blocks) : selected.filter(({ count }) => bills(count));
  const currencies = [...new Set(billing.flatMap(({ priced }) => (priced.currency === null ? [] : [priced.currency])))];
  if (currencies.length > 1)
    blocks.push(problem('currencies differ within the count', { site: input.count.site, subProduct: '', currencies }));
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  const { kept, left } = repeats(input, billing);
  const made = isSingle(input.option) ? singleLines(input, kept, blocks) : kept.map((item) => itemLine(input, item));
  const lines = [...endings(input, items), ...deletedCharges(input, made), ...made];
  const ending = new Set(lines.filter(({ status }) => status === 'Ending').flatMap(({ subProducts }) => subProducts));
  const withheld = [
    ...input.deselected.filter((key) => items.some(({ count }) => count.subProduct === key && bills(count))),
    ...left.map(({ subProduct }) => subProduct),
  ];
  return {
    lines,
    left: [...left, ...leftOf(input, items).filter((one) => typeof one.reason === 'string' || !ending.has(one.subProduct))],
    blocks,
    warnings: [...input.count.warnings],
    currency: currency ?? lines.find((line) => line.currency !== null)?.currency ?? null,
    totals: totalsOf(lines),
    inputs: {
      prices: billing.flatMap(({ priced }) => (priced.version === null ? [] : [priced.version])),
      bindings: [...new Set(billing.flatMap(({ binding }) => (binding === null ? [] : [bindingVersion(binding)])))],
      rules: [...new Set(selected.flatMap(({ count }) => (count.ruled?.applied ?? []).map(({ rule }) => ruleVersionOf(rule))))],
    },
    withheld,
  };
}

/** How a binding is named among a plan's inputs. */
function bindingVersion(binding: Binding): string {
  return `${binding.product}/${binding.subProduct ?? ''}#${String(binding.seq)}`;
}

/** Charges under another key that the partner knows to be deleted: what is made instead ends them here, and nothing is sent. */
function deletedCharges(input: GridInput, made: readonly GridLine[]): GridLine[] {
  return made
    .filter(({ again, blocks }) => again && blocks.length === 0)
    .flatMap((line) => chargedAlready(input, line.lineKey, line))
    .map((charge) => {
      const { lineKey, name, subProducts, lineId } = charge;
      return alreadyEnded(input, endingOf(input, { slot: `old:${lineKey}`, name, lineKey, subProducts }, null, charge), lineId);
    });
}

function totalsOf(lines: readonly GridLine[]): Grid['totals'] {
  const billing = lines.filter(({ status }) => status !== 'Ending');
  const price = add(...billing.map(({ total }) => total ?? ZERO));
  const margins = billing.map(({ margin }) => margin);
  const margin = margins.every((value) => value !== null) ? add(...margins) : null;
  const before = lines.map(({ inPsa, price: each, currency }) =>
    inPsa === null || each === null ? null : lineTotal(inPsa, each, currency ?? 'USD'),
  );
  return {
    price,
    margin,
    cost: margin === null ? null : subtract(price, margin),
    before: before.every((value) => value !== null) ? add(...before) : null,
  };
}
