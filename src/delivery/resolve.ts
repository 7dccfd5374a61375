import { canonicalJson, sha256Hex, type Json } from '../domain/canonical';
import type { Delivery } from '../domain/delivery';
import type { Plan, PlanRequest } from '../domain/plan';

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

/**
 * What earlier requests told about this one: the line that a read of the same plan found, and the product that was exported for it. A body
 * that carries other lines uses their products, too: ours is the use that ends with the hash of our product (`productUse`).
 */
export function idsTold(
  plan: Plan,
  { uses, line }: PlanRequest,
  ids: Ids,
): { readonly lineId: string | null; readonly productId: string | null } {
  const found = new Set(
    plan.requests.filter(({ operation }) => operation === 'read').flatMap(({ expects }) => Object.keys(expects.yields)),
  );
  const told = (names: readonly string[]) => {
    const id = names.map((name) => ids[name]).find((value) => value !== undefined);
    return id === undefined ? null : String(id);
  };
  const others = uses.filter((name) => !found.has(name));
  const own = others.find((name) => name.endsWith(`:${sha256Hex(line.product).slice(0, 8)}`));
  const products = own === undefined ? (others.length === 1 ? others : []) : [own];
  return { lineId: told(uses.filter((name) => found.has(name))), productId: told(products) };
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
