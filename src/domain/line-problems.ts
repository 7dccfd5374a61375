import { equals, isZero } from './decimal';
import type { GridInput, LineEdit } from './grid';
import type { Wanted } from './known-line';
import type { Compared } from './line-compared';
import { priceProblems } from './price';
import { problem, type Problem } from './problem';

/** What stands in a line's way, and what is to be known about it, in the order in which the page says it. */
export function lineProblems(
  input: GridInput,
  wanted: Wanted,
  edit: LineEdit,
  compared: Compared,
): { blocks: Problem[]; warnings: Problem[] } {
  const { named, found, known, marketplace, pushPrice, price, cost } = compared;
  const blocks: Problem[] = [
    ...wanted.blocks.filter(({ code }) => !(code === 'prices differ within the count' && edit.price !== undefined)),
  ];
  const warnings: Problem[] = [...wanted.warnings];
  if (compared.currency === null && wanted.price !== null) blocks.push(problem('currency is unknown', { subProduct: wanted.name }));
  if (wanted.binding === null) blocks.push(problem('no product bound', { product: input.productName }));
  blocks.push(...candidateProblems(input, wanted, edit, compared));
  if (!named.keepsName && (edit.name !== undefined || wanted.namesCounts))
    warnings.push(problem('name is not kept', { line: named.ofTemplate, name: named.name }));
  if (input.limits.keepsCost === false && edit.cost !== undefined) warnings.push(problem('cost is not kept', { line: named.name }));
  if (named.cut) warnings.push(problem('name was cut', { name: named.name, limit: input.limits.lineName }));
  if (edit.syncedQuantity !== undefined && !equals(edit.syncedQuantity, wanted.quantity) && (edit.reason ?? '').trim() === '') {
    blocks.push(problem('reason is missing', { line: named.name }));
  }
  const written = known === null || pushPrice;
  warnings.push(...marketplace.warnings.filter(({ code }) => code === 'quantity was rounded' || written));
  if (written) blocks.push(...marketplace.blocks);
  const own = priceProblems(wanted.name, price, cost);
  blocks.push(...own.blocks);
  warnings.push(...own.warnings);
  if (found.line?.lessIncluded && !isZero(found.line.lessIncluded))
    warnings.push(problem('line has less included', { line: named.name, quantity: found.line.lessIncluded }));
  if (found.line?.counted === true)
    (input.limits.writesCounted ? warnings : blocks).push(problem('line is counted by the PSA', { line: named.name }));
  return { blocks, warnings };
}

function candidateProblems(input: GridInput, wanted: Wanted, edit: LineEdit, { found, currency }: Compared): Problem[] {
  if (found.several) return [problem('several lines could be ours', { line: wanted.name, candidates: found.candidates.length })];
  if (found.line !== null || found.candidates.length === 0) return [];
  if (edit.adopt !== 'new')
    return [problem('line may already be there', { line: wanted.name, candidate: found.candidates[0]?.description ?? '' })];
  if (input.limits.productRepeats) return [];
  const product = wanted.binding?.identifier ?? '';
  return [problem('product cannot repeat on the agreement', { product, money: null, currency })];
}
