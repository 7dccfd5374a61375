import { canonicalJson, type Json } from '../domain/canonical';
import type { Delivery } from '../domain/delivery';
import type { PlanRequest } from '../domain/plan';

type Resolved = NonNullable<Delivery['resolved']>;
type Ids = Readonly<Record<string, string | number>>;

/** The exact bytes of a request once every id it uses is known; the first missing name otherwise. */
export function resolve(request: PlanRequest, ids: Ids): { readonly resolved: Resolved } | { readonly missing: string } {
  const missing = request.uses.find((name) => ids[name] === undefined);
  if (missing !== undefined) return { missing };
  const { method, query } = request;
  const body = request.body === null ? null : canonicalJson(withIds(request.body, ids));
  return { resolved: { method, path: pathWithIds(request.path, ids), query, body } };
}

/** The id that an earlier request yielded for this one's path: the line that it changes. */
export function idInPath(request: PlanRequest, ids: Ids): string | null {
  const name = /\{\{([^}]+)\}\}/.exec(request.path)?.[1];
  const id = name === undefined ? undefined : ids[name];
  return id === undefined ? null : String(id);
}

function pathWithIds(path: string, ids: Ids): string {
  return path.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => encodeURIComponent(String(ids[name])));
}

/** `{"$use": "name"}` becomes the id with its JSON type. */
function withIds(value: Json, ids: Ids): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => withIds(item, ids));
  const { $use } = value;
  if (typeof $use === 'string') return ids[$use] ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIds(item, ids)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
