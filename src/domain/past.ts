import type { Json } from './canonical';

/**
 * A value told by the one that followed it: `is` the value itself; the `fields` of an object that were otherwise, and those that it was
 * `without`; the `items` of a list in their order, by the place where the next list has the same one.
 */
export type Past =
  | { readonly is: Json }
  | { readonly fields: Readonly<Record<string, Past>>; readonly without?: readonly string[] }
  | { readonly items: readonly (number | PastItem)[] };
/** An item that the next list does not have, or has at a place as what followed it. */
type PastItem = { readonly is: Json } | { readonly at: number; readonly was: Past };

/** What of a value the next one does not tell. */
export function pastOf(value: Json, next: Json): Past {
  if (isList(value) && isList(next)) return { items: itemsOf(value, next) };
  if (isObject(value) && isObject(next)) return fieldsOf(value, next);
  return { is: value };
}

/** The value that was `pastOf` this next one. */
export function valueBefore(past: Past, next: Json): Json {
  if ('is' in past) return past.is;
  if ('items' in past) {
    const list = isList(next) ? next : [];
    const at = (place: number) => list[place] ?? null;
    return past.items.map((item) => (typeof item === 'number' ? at(item) : 'is' in item ? item.is : valueBefore(item.was, at(item.at))));
  }
  const { fields, without = [] } = past;
  const object = isObject(next) ? next : {};
  const kept = Object.entries(object).filter(([field]) => !without.includes(field));
  const changed = Object.entries(fields).map(([field, was]) => [field, valueBefore(was, own(object, field))] as const);
  return Object.fromEntries([...kept, ...changed]);
}

function fieldsOf(value: JsonObject, next: JsonObject): Past {
  const changed = Object.entries(value).filter(([field, was]) => !Object.hasOwn(next, field) || !isSame(was, own(next, field)));
  const fields = Object.fromEntries(changed.map(([field, was]) => [field, pastOf(was, own(next, field))]));
  const without = Object.keys(next).filter((field) => !Object.hasOwn(value, field));
  return without.length === 0 ? { fields } : { fields, without };
}

/** One that the next list does not have is told by whichever of the others there tells most of it. */
function itemsOf(list: readonly Json[], next: readonly Json[]): readonly (number | PastItem)[] {
  const texts = next.map((item) => JSON.stringify(item));
  const places = list.map((item) => texts.indexOf(JSON.stringify(item)));
  const free = [...next.keys()].filter((place) => !places.includes(place));
  return list.map((item, n) => {
    const place = places[n] ?? -1;
    return place >= 0 ? place : shortest([{ is: item }, ...free.map((at) => ({ at, was: pastOf(item, next[at] ?? null) }))]);
  });
}

function shortest([first, ...others]: readonly [PastItem, ...PastItem[]]): PastItem {
  const length = (item: PastItem) => JSON.stringify(item).length;
  return others.reduce((best, item) => (length(item) < length(best) ? item : best), first);
}

type JsonObject = Readonly<Record<string, Json>>;

function own(object: JsonObject, field: string): Json {
  return Object.hasOwn(object, field) ? (object[field] ?? null) : null;
}

function isSame(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
