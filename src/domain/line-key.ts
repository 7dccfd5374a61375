import { sha256Hex, canonicalJson, type Json } from './canonical';

/** Whether a key that a line of the PSA carries says that the line is ours. */
export function isOurs(key: string | null): boolean {
  return key?.startsWith('tl1-') === true;
}

/** Whether it marks what was split off a line of ours: the partner's own, which nothing here takes for a line of ours, or takes over. */
export function isSplitOff(key: string | null): boolean {
  return key?.startsWith('split-') === true;
}

/** A mark of 38 characters, the same for the same parts. It only proves that the line was made, and made once. */
export function splitMarkOf(parts: readonly Json[]): string {
  return `split-${sha256Hex(canonicalJson(parts)).slice(0, 32)}`;
}
