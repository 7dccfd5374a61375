import * as z from 'zod/mini';
import type { Connection } from '../domain/agreement';
import { isNegative, parseDecimal } from '../domain/decimal';
import { problem, ProblemError, type Problem } from '../domain/problem';
import { err, ok, type Result } from '../domain/result';
import { write, type Database } from './db';

/** Every connection, by name. */
export async function connections(db: Database): Promise<Connection[]> {
  return (await db.connections.toArray()).sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

export function connectionOf(db: Database, id: string): Promise<Connection | undefined> {
  return db.connections.get(id);
}

/** Makes or changes a connection. Throws the first problem of `checkConnection`, and `connection is in use` where lines carry its account. */
export async function saveConnection(
  db: Database,
  now: string,
  draft: Connection,
  most?: number,
  amounts?: readonly string[],
): Promise<Connection> {
  const checked = checkConnection(draft, most, amounts);
  if (!checked.ok) throw new ProblemError(checked.error[0] ?? problem('unexpected', { message: 'no reason' }));
  const connection = checked.value;
  return write(db, now, ['connections', 'synced', 'plans'], async ({ audit }) => {
    const before = await db.connections.get(connection.id);
    if (before !== undefined && (before.psa !== connection.psa || before.tenant !== connection.tenant)) await refuseWhileUsed(db, before);
    await db.connections.put(connection);
    await audit(before === undefined ? 'connection made' : 'connection changed', connection.id, summaryOf(connection));
    return connection;
  });
}

/** Forgets a connection with what was read, linked and bound through it. Plans, receipts and the last synced state stay. */
export async function removeConnection(db: Database, now: string, id: string): Promise<void> {
  const tables = ['connections', 'secrets', 'mirrors', 'links', 'bindings', 'choices', 'automations', 'sandboxes', 'plans'];
  await write(db, now, tables, async ({ audit }) => {
    const connection = await db.connections.get(id);
    if (connection === undefined) return;
    await refuseWhileUnsettled(db, id);
    await db.connections.delete(id);
    await db.secrets.delete(id);
    await db.sandboxes.delete(id);
    await db.links.where('connection').equals(id).delete();
    await db.mirrors.filter((mirror) => mirror.connection === id).delete();
    await db.bindings.filter((binding) => binding.connection === id).delete();
    await db.choices.filter((choice) => choice.connection === id).delete();
    await db.automations.where('connection').equals(id).delete();
    await audit('connection removed', id, summaryOf(connection));
  });
}

/**
 * The connection in its stored form (trimmed, account in lower case), or every field that is wrong. `most` is how many requests a minute
 * its PSA takes; a connection by file sends none. `amounts` are the settings that are numbers.
 */
export function checkConnection(
  draft: Connection,
  most = MOST_REQUESTS,
  amounts: readonly string[] = [],
): Result<Connection, readonly Problem[]> {
  const connection = tidy(draft);
  const parsed = ConnectionSchema.safeParse(connection);
  const unfit = parsed.success ? [] : parsed.error.issues.map(problemOfIssue(draft));
  const unfitting = [
    ...(needsUrl(connection) ? [...addressProblems(connection.url), ...rateProblems(connection.rateLimit, most)] : []),
    ...amounts.flatMap((field) => amountProblems(field, connection.settings[field] ?? '')),
  ];
  const problems = [
    ...unfit,
    ...unfitting.filter((one) => !('field' in one) || !unfit.some((own) => 'field' in own && own.field === one.field)),
  ];
  return parsed.success && problems.length === 0 ? ok(parsed.data) : err(problems);
}

/** Where requests go: the origin and path, without the query, in which some relays carry a secret. */
export function placeOf({ url }: Pick<Connection, 'url'>): string | null {
  return url === null ? null : (url.split(/[?#]/)[0] ?? null);
}

/** Requests a minute that no PSA would take. */
const MOST_REQUESTS = 6000;

const text = z.string().check(z.minLength(1));
const ConnectionSchema = z.strictObject({
  id: text,
  psa: text,
  name: text,
  protocol: z.enum(['file', 'psa', 'relay', 'sandbox']),
  url: z.nullable(z.string()),
  tenant: text,
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  rateLimit: z.int().check(z.minimum(1), z.maximum(MOST_REQUESTS)),
  quarantineMinutes: z.int().check(z.minimum(0), z.maximum(1440)),
  checksKeys: z.boolean(),
  settings: z.record(z.string(), z.string()),
  remember: z.boolean(),
});

function tidy(draft: Connection): Connection {
  const url = (draft.url ?? '').trim();
  return {
    ...draft,
    name: draft.name.trim(),
    url: url === '' || !needsUrl(draft) ? null : url,
    tenant: draft.tenant.trim().toLowerCase(),
    currency: draft.currency.trim().toUpperCase(),
    checksKeys: draft.protocol === 'relay' && draft.checksKeys,
    settings: Object.fromEntries(Object.entries(draft.settings).map(([name, value]) => [name, value.trim()])),
  };
}

function needsUrl({ protocol }: Connection): boolean {
  return protocol === 'psa' || protocol === 'relay';
}

type FieldProblem = Extract<Problem, { readonly field: string }>;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Plain http would show the credentials to the network; a name or password in the address would be stored with it. */
function addressProblems(address: string | null): FieldProblem[] {
  if (address === null) return [problem('text is missing', { field: 'url' })];
  const url = URL.canParse(address) ? new URL(address) : null;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === null || !safe || url.username !== '' || url.password !== '') return [problem('address is not accepted', { field: 'url' })];
  return [];
}

function rateProblems(requests: number, most: number): FieldProblem[] {
  return requests > most ? [problem('PSA takes fewer requests', { field: 'rateLimit', requests, most })] : [];
}

/** An empty setting leaves the PSA's own. */
function amountProblems(field: string, value: string): FieldProblem[] {
  const amount = parseDecimal(value);
  return value === '' || (amount.ok && !isNegative(amount.value)) ? [] : [problem('number is not accepted', { field, value })];
}

function problemOfIssue(draft: Connection): (issue: { readonly path: readonly PropertyKey[] }) => Problem {
  return ({ path }) => {
    const field = String(path[0] ?? '');
    const value: unknown = (draft as unknown as Readonly<Record<string, unknown>>)[field];
    if (typeof value === 'string' && value.trim() === '') return problem('text is missing', { field });
    if (typeof value === 'number') return problem('number is not accepted', { field, value: String(value) });
    return problem('value is not accepted', { field, value: typeof value === 'string' ? value : '' });
  };
}

/** Its account is part of every lineKey: changed, April would no longer find March's lines. */
async function refuseWhileUsed(db: Database, connection: Connection): Promise<void> {
  const synced = await db.synced.where('connection').equals(connection.id).count();
  const planned = await db.plans.where('connection').equals(connection.id).count();
  if (synced + planned > 0) throw new ProblemError(problem('connection is in use', { connection: connection.name, customers: synced }));
}

async function refuseWhileUnsettled(db: Database, id: string): Promise<void> {
  const plans = await db.plans.where('connection').equals(id).toArray();
  const open = plans.find(({ state }) => state === 'confirmed' || state === 'delivering');
  if (open !== undefined) throw new ProblemError(problem('delivery is not settled', { plan: open.id }));
  const file = plans.find(({ state }) => state === 'downloaded');
  if (file !== undefined) throw new ProblemError(problem('sync file is not marked', { plan: file.id }));
}

function summaryOf(connection: Connection): Readonly<Record<string, string | number | boolean | null>> {
  const { name, psa, protocol, tenant, currency, rateLimit, quarantineMinutes, checksKeys } = connection;
  return { name, psa, protocol, place: placeOf(connection), tenant, currency, rateLimit, quarantineMinutes, checksKeys };
}
