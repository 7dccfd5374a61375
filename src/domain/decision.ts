import { canonicalJson, type Json } from './canonical';

/** One stored row that a command touched, as it was before and after; null is not there. `key` is its key in the table. */
export interface RowImage {
  readonly table: string;
  readonly key: Json;
  readonly before: Json;
  readonly after: Json;
}

/** A command of the partner that can be taken back, by the number of its first audit record. `undone` is when it was, null while it holds. */
export interface Decision {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly subject: string;
  readonly images: readonly RowImage[];
  readonly undone: string | null;
}

/** The rows that a decision finds and leaves when it is taken back, or made again after that. */
export function turned({ images, undone }: Decision): readonly RowImage[] {
  return undone === null ? images.map(({ before, after, ...place }) => ({ ...place, before: after, after: before })) : images;
}

export function isSame(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** The first newer decision that touched one of the same rows, or a row of the same place: it is taken back first. */
export function newerThan(decision: Decision, others: readonly Decision[]): Decision | null {
  const places = new Set(decision.images.map(placeOf));
  const newer = others.filter(
    ({ seq, undone, images }) => seq > decision.seq && undone === null && images.some((image) => places.has(placeOf(image))),
  );
  return newer.toSorted((left, right) => right.seq - left.seq)[0] ?? null;
}

/** Versions of one thing have keys that differ in their last part, the number of the version. */
function placeOf({ table, key }: RowImage): string {
  return canonicalJson([table, Array.isArray(key) && typeof key.at(-1) === 'number' ? key.slice(0, -1) : key]);
}
