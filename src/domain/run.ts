/** A column of integers that begin at `first` and grow by `step` from row to row; a step of 0 is one number in every row. */
export interface Run {
  readonly first: number;
  readonly step: number;
}

type Numbers = Int8Array | Int16Array | Int32Array | Float64Array;

/** The column as a run, when it is one: what needs no bytes need not be written, read or summed up for damage. */
export function shortened<A extends Numbers>(column: A): A | Run {
  const first = column[0] ?? 0;
  const step = (column[1] ?? first) - first;
  for (let row = 1; row < column.length; row++) if (column[row] !== first + step * row) return column;
  return { first, step };
}

export function isRun(column: Numbers | Run): column is Run {
  return 'first' in column;
}

export function isConstant(column: Numbers | Run): boolean {
  return isRun(column) && column.step === 0;
}

export function numberAt(column: Numbers | Run, row: number): number {
  return isRun(column) ? column.first + column.step * row : (column[row] ?? 0);
}

/** The column's numbers in an array, for a reader that looks at every row. */
export function spread<A extends Numbers>(column: A | Run, rows: number): A | Float64Array {
  if (!isRun(column)) return column;
  const { first, step } = column;
  const all = new Float64Array(rows).fill(first);
  if (step === 0) return all;
  for (let row = 0; row < rows; row++) all[row] = first + step * row;
  return all;
}
