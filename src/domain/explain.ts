import { add, equals, negate, ZERO, type Decimal } from './decimal';
import { step, followedBy, type Derivation, type Step, type Trail } from './derivation';
import { chosenOf } from './explain-count';
import { countsOf, isCredit, singleFor, type Basis, type Counted, type ExplainedLine } from './explain-items';
import { frozen, multiplied, settled } from './explain-outcome';
import { pooled, pricedOf } from './explain-price';

export type { Basis, BindingBasis, ExplainedLine } from './explain-items';

/** How quantity, price, cost and total of a line came about, and what it is mapped to. Of a past plan: from what it rested on then. */
export function explain(basis: Basis): Derivation {
  const { line } = basis;
  const counts = countsOf(basis);
  const mapping = mappingOf(basis);
  if (isUndo(line)) {
    const undone = (value: ExplainedLine['total']) => [step('taken back', value, { reason: line.reason ?? '' })];
    const { syncedQuantity, price, cost } = line;
    return { quantity: undone(syncedQuantity), price: undone(price), cost: undone(cost), total: [multiplied(line)], mapping };
  }
  if (line.status === 'Ending') return { ...endingOf(basis, counts), mapping };
  return {
    quantity: quantityOf(basis, counts).steps,
    price: pricesOf(basis, counts, 'price').steps,
    cost: pricesOf(basis, counts, 'cost').steps,
    total: [multiplied(line)],
    mapping,
  };
}

function quantityOf(basis: Basis, counts: readonly Counted[]): Trail {
  const { line } = basis;
  const value = counts[0]?.counted.value ?? null;
  const own = counts.flatMap(({ counted }) => counted.steps);
  const chosen = chosenOf(basis, line.subProducts, line.reason);
  const trail = summed(basis, counts, { value, steps: [...own, ...chosen] });
  return settled(frozen(trail, 'quantity', line, saidOf(line, counts, trail.value)), 'quantity', basis);
}

/** A line names what was counted; where rules made another quantity of just that, what they made is what was said. */
function saidOf({ quantity }: ExplainedLine, counts: readonly Counted[], derived: Decimal | null): Decimal | null {
  if (counts.every(({ count }) => count.ruled === undefined)) return quantity;
  return equals(add(...counts.map(({ count }) => count.ruled?.counted ?? count.quantity ?? ZERO)), quantity) ? derived : quantity;
}

function summed(basis: Basis, items: readonly Counted[], trail: Trail): Trail {
  const single = singleFor(basis, items);
  if (single !== null) {
    const counts = items.map(({ count: { name, quantity } }) => ({ name, quantity }));
    return followedBy(trail, step(single.exact ? 'counts are summed' : 'one for all', single.quantity, { counts }));
  }
  return isCredit(basis, items) ? credited(trail, 'quantity') : trail;
}

function pricesOf(basis: Basis, counts: readonly Counted[], figure: 'price' | 'cost'): Trail {
  const { line } = basis;
  const trails = counts.map(({ count }) => pricedOf(basis, count, figure));
  const single = singleFor(basis, counts);
  const first = trails[0] ?? { value: null, steps: [] };
  const trail =
    single !== null
      ? pooled(trails, figure, { ...single, value: single[figure] })
      : isCredit(basis, counts)
        ? credited(first, figure)
        : first;
  return settled(frozen(trail, figure, line, trail.value ?? line[figure]), figure, basis);
}

function credited(trail: Trail, figure: 'quantity' | 'price' | 'cost'): Trail {
  return trail.value === null ? trail : followedBy(trail, step('credit', negate(trail.value), { figure }));
}

/** A true zero, or a line that moves to another agreement, option or product. */
function endingOf(basis: Basis, counts: readonly Counted[]): Omit<Derivation, 'mapping'> {
  const { line } = basis;
  const moves = line.quantity === null;
  const end = step('line ends', ZERO, { moves, reason: line.reason });
  const held = (figure: 'price' | 'cost') => (line[figure] === null ? [] : [step('held by the PSA', line[figure], { figure, ours: null })]);
  const zero = moves ? [] : [...counts.flatMap(({ counted }) => counted.steps), ...chosenOf(basis, line.subProducts, line.reason)];
  return { quantity: [...zero, end], price: held('price'), cost: held('cost'), total: [end] };
}

/** The lines of a plan that takes another back rest on that plan, and on no count. */
function isUndo({ edit, quantity, reason }: ExplainedLine): boolean {
  return edit === null && quantity === null && reason !== null;
}

function mappingOf({ count, company, binding, option }: Basis): Step[] {
  const assignment = company?.assignment ?? null;
  if (count.site === '') return [];
  const whom =
    company === null
      ? step('no company', null, { site: count.site })
      : step('company', null, { name: company.name, since: assignment?.from ?? null, evidence: assignment?.evidence ?? null });
  if (option === null || binding === null) return [whom];
  const { identifier, topLevel, origin, from: since, version } = binding;
  if (version === null) return [whom, step('bound here', null, { identifier, topLevel })];
  return [whom, step('binding', null, { identifier, topLevel, origin, since, version })];
}
