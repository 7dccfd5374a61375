/** Caps on what comes in; a file beyond them is refused, not cut. */
export const LIMITS = { bytes: 200_000_000, rows: 2_000_000, columns: 64, cell: 32_768, depth: 32, zipRatio: 200 } as const;
