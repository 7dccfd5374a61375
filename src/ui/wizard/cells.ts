import type { Grid } from '../../domain/grid';
import type { Problem } from '../../domain/problem';
import type { Step } from '../../domain/sync-steps';
import { sayShort } from '../copy';

/** The id of a cell of the grid, so that an error can lead to it. */
export function cellId(slot: string, field: string): string {
  return `cell-${field}-${slot.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

/** The problems of a step with the control that each leads to. */
export function errorsOf(step: Step | null, problems: readonly Problem[], grid: Grid | null): { field: string | null; text: string }[] {
  const seen = new Set<string>();
  return problems.flatMap((problem) => {
    const text = sayShort(problem);
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ field: fieldOf(step, problem, grid), text }];
  });
}

function fieldOf(step: Step | null, problem: Problem, grid: Grid | null): string | null {
  const slot = grid?.lines.find(({ blocks }) => blocks.some((block) => JSON.stringify(block) === JSON.stringify(problem)))?.slot;
  switch (problem.code) {
    case 'connection is not chosen':
      return 'wizard-psa';
    case 'sub-products have no product':
    case 'no product bound':
      return step === 'products' ? 'wizard-products' : null;
    case 'period is not final':
      return 'wizard-early';
    case 'count is late':
      return 'wizard-late';
    case 'option is refused':
      return 'wizard-option';
    case 'company is not linked':
      return 'wizard-link';
    case 'agreement is not chosen':
      return 'wizard-agreement';
    case 'price is missing':
    case 'prices differ within the count':
      return slot === undefined ? null : cellId(slot, 'price');
    case 'reason is missing':
      return slot === undefined ? null : cellId(slot, 'reason');
    case 'several lines could be ours':
    case 'line may already be there':
      return slot === undefined ? null : cellId(slot, 'adopt');
    default:
      return slot === undefined ? null : cellId(slot, 'name');
  }
}
