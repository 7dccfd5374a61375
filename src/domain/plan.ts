import * as z from 'zod/mini';
import type { Period } from './calendar';
import { canonicalJson, hashOf, sha256Hex, type Json } from './canonical';
import { ALONE, type Around, type Change, type RequestDraft, type RequestsOf, type SyncOption } from './change';
import type { Problem } from './problem';
import { err, ok, partition, type Result } from './result';

export const PLAN_FORMAT = 'tallyline.plan/1';

const decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/));
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const period = z.string().check(z.regex(/^\d{4}-\d{2}$/));
const key = z.string().check(z.regex(/^tl1-[0-9a-f]{32}$/));
const lineKey = z.string().check(z.regex(/^(tl1|split)-[0-9a-f]{32}$/));
const nullable = <T extends z.ZodMiniType>(type: T) => z.nullable(type);

const Belief = z.strictObject({
  quantity: nullable(decimal),
  price: nullable(decimal),
  cost: nullable(decimal),
  name: nullable(z.string()),
  productId: nullable(z.string()),
  endDate: nullable(day),
});
const Outcome = z.strictObject({
  quantity: nullable(decimal),
  price: nullable(decimal),
  cost: nullable(decimal),
  name: nullable(z.string()),
  effectiveDate: nullable(day),
  endDate: nullable(day),
});

const PlanRequestSchema = z.strictObject({
  key,
  operation: z.enum(['read', 'create', 'update', 'end', 'charge', 'export']),
  /** HAND: the PSA has no request for it; a person does it and says so. */
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HAND']),
  path: z.string(),
  query: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string()),
  body: z.json(),
  expects: z.strictObject({
    status: z.array(z.int()),
    yields: z.record(
      z.string(),
      z.strictObject({ field: z.string(), where: nullable(z.strictObject({ field: z.string(), equals: z.string() })) }),
    ),
  }),
  uses: z.array(z.string()),
  line: z.strictObject({
    lineKey: z.string(),
    lineId: nullable(z.string()),
    agreementId: nullable(z.string()),
    name: z.string(),
    product: z.string(),
    productId: nullable(z.string()),
    subProducts: z.array(z.string()),
    after: nullable(Outcome),
  }),
  before: nullable(Belief),
});

const PlanLineSchema = z.strictObject({
  lineKey,
  status: z.enum(['Creating', 'Updating', 'Unchanged', 'Ending']),
  name: z.string(),
  subProducts: z.array(z.string()),
  effectiveDate: nullable(day),
  sentDate: nullable(day),
  quantity: nullable(decimal),
  syncedQuantity: nullable(decimal),
  reason: nullable(z.string()),
  before: nullable(decimal),
  cost: nullable(decimal),
  price: nullable(decimal),
  total: nullable(decimal),
});

/** `tallyline.plan/1`: the frozen, hashed list of changes that one sync would make. Its JSON Schema is published in `public/schema/`. */
export const PlanSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  id: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  kind: z.enum(['lines', 'export']),
  psa: z.string(),
  connection: z.strictObject({ name: z.string(), tenant: z.string() }),
  company: nullable(z.strictObject({ id: z.string(), name: z.string(), psaId: z.string() })),
  customer: nullable(z.strictObject({ vendor: z.string(), product: z.string(), site: z.string() })),
  agreement: nullable(z.strictObject({ id: z.string(), name: z.string() })),
  period,
  option: nullable(z.enum(['multi-product', 'single line', 'one-time itemised', 'one-time single'])),
  currency: nullable(z.string()),
  inputs: z.strictObject({
    imports: z.array(z.string()),
    bindings: z.array(z.string()),
    prices: z.array(z.string()),
    /** Absent where no rule changed a quantity or a price. */
    rules: z.exactOptional(z.array(z.string())),
  }),
  lines: z.array(PlanLineSchema),
  left: z.array(z.strictObject({ name: z.string(), code: z.string(), money: nullable(decimal) })),
  requests: z.array(PlanRequestSchema),
  totals: z.strictObject({ cost: nullable(decimal), price: decimal, margin: nullable(decimal), before: nullable(decimal) }),
});
type Loose = z.infer<typeof PlanSchema>;
type Exact<T> = T extends string
  ? T
  : T extends readonly (infer U)[]
    ? readonly Exact<U>[]
    : T extends object
      ? { readonly [K in keyof T]: Exact<T[K]> }
      : T;
export type Plan = Exact<Loose>;
export type PlanRequest = Plan['requests'][number];
export type PlanLine = Plan['lines'][number];

/** What a plan is made of, before its requests have keys and it has its id. */
export interface PlanDraft extends Omit<Plan, 'format' | 'id' | 'hash' | 'requests'> {
  readonly changes: readonly { readonly change: Change; readonly settled: number }[];
}

/** `tl1-` and 32 hex digits over the line's business identity (product.md section 4); lives on the PSA's line. */
export function lineKeyOf(identity: {
  psa: string;
  tenant: string;
  agreementId: string;
  vendor: string;
  site: string;
  subProduct: string;
  option: SyncOption;
  period: Period;
}): string {
  const { psa, tenant, agreementId, vendor, site, subProduct, option } = identity;
  const parts = [psa, tenant, agreementId, vendor, site, subProduct, option];
  return shortKey(option === 'multi-product' || option === 'single line' ? parts : [...parts, identity.period]);
}

/** The key that an exported product carries. */
export function productKeyOf(identity: {
  psa: string;
  tenant: string;
  vendor: string;
  product: string;
  subProduct: string | null;
}): string {
  return shortKey([identity.psa, identity.tenant, identity.vendor, identity.product, identity.subProduct]);
}

/** Turns changes into requests and freezes everything that they send. Same draft, same plan, same bytes. */
export function freezePlan(
  draft: PlanDraft,
  requestsOf: RequestsOf,
  around: Omit<Around, 'earlier'> = ALONE,
): Result<Plan, readonly Problem[]> {
  const all = draft.changes.map(({ change }) => change);
  const made = partition(
    draft.changes.map(({ change, settled }, index) => {
      const drafts = requestsOf(change, { ...around, earlier: all.slice(0, index) });
      return drafts.ok ? ok(drafts.value.map((request) => withKey(request, change, draft.period, settled))) : drafts;
    }),
  );
  if (made.errors.length > 0) return err(saidOnce(made.errors.flat()));
  const { changes: _changes, ...rest } = draft;
  const content = { format: PLAN_FORMAT, ...rest, requests: made.values.flat() } as const;
  const hash = hashOf(content);
  return ok({ ...content, id: hash, hash });
}

/** What is in the way of several changes alike. */
function saidOnce(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}

/** The bytes of `plan.json`. */
export function planText(plan: Plan): string {
  return canonicalJson(plan);
}

/** Whether the plan still is what its id says. */
export function isIntact(plan: Plan): boolean {
  const { id, hash, ...content } = plan;
  return id === hash && hashOf(content) === hash;
}

function withKey(draft: RequestDraft, change: Change, period: Period, settled: number): PlanRequest {
  const { part, ...request } = draft;
  const before = part?.before ?? (change.kind === 'update' || change.kind === 'end' ? change.before : null);
  const after = part?.after ?? (change.kind === 'export' ? null : change.after);
  return {
    ...request,
    body: draft.body,
    key: requestKeyOf(draft, change, period, settled),
    line: {
      lineKey: change.lineKey,
      lineId: 'lineId' in change ? change.lineId : null,
      agreementId: change.kind === 'export' ? null : change.agreementId,
      name: change.kind === 'export' ? change.product.name : change.name,
      product: change.product.identifier,
      productId: change.kind === 'export' ? null : change.product.id,
      subProducts: change.kind === 'export' ? [] : change.subProducts,
      after: draft.operation === 'read' ? null : after,
    },
    before: draft.operation === 'read' ? null : before,
  };
}

/** A create leaves out what it writes and the count of settled requests, so two devices with different plans collide instead of doubling. */
function requestKeyOf({ operation, part }: RequestDraft, change: Change, period: Period, settled: number): string {
  if (change.kind === 'create' || change.kind === 'charge') return shortKey([change.lineKey, period, operation, change.follows]);
  if (change.kind === 'export') return shortKey([change.lineKey, period, operation, change.product.identifier.toLowerCase()]);
  const { before, after } = part ?? change;
  return shortKey([change.lineKey, period, operation, before === null ? null : { ...before }, { ...after }, settled]);
}

/** `tl1-` and the first 32 hex digits of SHA-256 over the canonical JSON of its parts. */
export function shortKey(parts: readonly Json[]): string {
  return `tl1-${sha256Hex(canonicalJson(parts)).slice(0, 32)}`;
}
