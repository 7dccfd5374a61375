import { compare, type Decimal } from '../../domain/decimal';

/** One column of a `Table`. `number` puts it on the right; `hidden` keeps its name for screen readers only. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly number?: boolean;
  readonly sortable?: boolean;
  readonly hidden?: boolean;
  readonly class?: string;
}

export interface Sort {
  readonly key: string;
  readonly direction: 'ascending' | 'descending';
}

/** Sorted by one value of each row; what is not known stands last in either direction. */
export function sortRows<T>(rows: readonly T[], direction: Sort['direction'], valueOf: (row: T) => SortValue): T[] {
  const factor = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort((left, right) => {
      if (left.value === null || right.value === null) return Number(left.value === null) - Number(right.value === null);
      return factor * order(left.value, right.value);
    })
    .map(({ row }) => row);
}

/** Decimals compare as numbers, words as the reader's language sorts them. */
export type SortValue = { readonly decimal: Decimal } | string | null;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function order(left: NonNullable<SortValue>, right: NonNullable<SortValue>): number {
  if (typeof left !== 'string' && typeof right !== 'string') return compare(left.decimal, right.decimal);
  return collator.compare(wordOf(left), wordOf(right));
}

function wordOf(value: NonNullable<SortValue>): string {
  return typeof value === 'string' ? value : value.decimal;
}
