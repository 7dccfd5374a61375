import { csv } from './csv';
import { pax8 } from './pax8';
import { proofpointEssentials } from './proofpoint-essentials';
import type { Recognised, Source, SourceFile } from './source';

/** Every source, in the order in which they look at a file: CSV last, since almost any text passes for one. */
export const sources: readonly Source[] = [pax8, proofpointEssentials, csv];

export function sourceNamed(name: string): Source | undefined {
  return sources.find((source) => source.name === name);
}

/** Which source a file belongs to, told from its content; null when none knows it. */
export function recognise(file: SourceFile): Recognised | null {
  for (const source of sources) {
    const recognised = source.recognise(file);
    if (recognised !== null) return recognised;
  }
  return null;
}
