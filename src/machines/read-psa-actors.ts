import { createActor, fromCallback, fromPromise } from 'xstate';
import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { canonicalJson } from '../domain/canonical';
import { LOOKUP_KINDS, type Lookup, type LookupKind } from '../domain/change';
import { problem, problemOf, ProblemError } from '../domain/problem';
import { channels } from '../delivery';
import type { Channel, Exchange, Outgoing } from '../delivery/channel';
import { createPace, type Pace } from '../delivery/pace';
import { redactor } from '../delivery/vault';
import { waitOf } from '../delivery/verdict';
import type { PsaRequest, Reading } from '../psa/psa';
import { settleExports } from '../storage/bindings';
import { placeOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { saveMirrors } from '../storage/mirrors';
import type { Mirror } from '../storage/rows';
import { reach, type Reach } from './credentials-actors';
import { readPsa, type ReadNews, type ReadProgress, type ReadPsa, type ReadScope, type TestOutcome } from './read-psa';

/** What reading needs from outside. */
export interface ReadMeans {
  readonly db: Database;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly fetch?: typeof fetch;
  /** Resolves after the time, or as soon as the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** An actor that reads and tests one connection, started. Stop it when nobody looks any more. */
export function startReading(means: ReadMeans, connection: string): ReadPsa {
  const machine = readPsa.provide({
    actors: {
      read: fromCallback(({ input, sendBack }) => {
        const controller = new AbortController();
        const tell = (news: ReadNews) => {
          if (!controller.signal.aborted) sendBack(news);
        };
        void readIntoMirror(means, input.connection, input.scopes, { signal: controller.signal, tell }).then(
          (found) => tell({ type: 'whole', found }),
          (reason: unknown) => tell({ type: 'failed', problem: problemOf(reason) }),
        );
        return () => controller.abort();
      }),
      test: fromPromise(({ input }) => testConnection(means, input.connection)),
    },
  });
  return createActor(machine, { input: { connection } }).start();
}

/** The wait of a real page. */
export function waitInPage(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A connection that is being read: all its calls share one pace, and so do the runs of its sender. */
export interface Reader {
  readonly reach: Reach;
  readonly channel: Channel;
  readonly pace: Pace;
  readonly means: ReadMeans;
  readonly signal: AbortSignal;
  readonly progress: (progress: Pick<ReadProgress, 'rows' | 'paused'>) => void;
}

/** Opens a connection for reading. Throws what `reach` throws. */
export async function openReader(
  means: ReadMeans,
  connection: string,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress?: Reader['progress'] },
): Promise<Reader> {
  const opened = await reach(means.db, connection, means);
  const channel = channels[opened.connection.protocol].open(opened.surroundings);
  const pace = createPace({ ...opened, now: means.now, wait: means.wait, signal });
  return { reach: opened, channel, pace, means, signal, progress: progress ?? (() => undefined) };
}

/** Each reads every page, or throws a Problem: `request was withdrawn` when the signal was aborted. */
export function readCompanies(reader: Reader): Promise<PsaCompany[]> {
  return readAll(reader, reader.reach.adapter.read.companies());
}

/** All agreements, or those of one company. */
export function readAgreements(reader: Reader, companyId: string | null): Promise<Agreement[]> {
  return readAll(reader, reader.reach.adapter.read.agreements(companyId));
}

export function readProducts(reader: Reader): Promise<PsaProduct[]> {
  return readAll(reader, reader.reach.adapter.read.products());
}

/** Every line of an agreement, recurring and one-time; null where the PSA lets nobody read them. */
export async function readLines(reader: Reader, agreementId: string): Promise<PsaLine[] | null> {
  const { can, read } = reader.reach.adapter;
  if (!can.readBack) return null;
  const recurring = can.recurring ? await readAll(reader, read.lines(agreementId)) : [];
  const oneTime = can.oneTime && read.oneTimeAmongLines !== true ? await readAll(reader, read.oneTimeLines(agreementId)) : [];
  return [...recurring, ...oneTime];
}

/** What an exported product can be filed under, and the picklists that requests need. */
export async function readChoices(reader: Reader): Promise<{ readonly kind: LookupKind; readonly rows: Lookup[] }[]> {
  const readings = reader.reach.adapter.read.lookups();
  const read: { readonly kind: LookupKind; readonly rows: Lookup[] }[] = [];
  for (const kind of LOOKUP_KINDS) {
    const reading = readings[kind];
    if (reading !== undefined) read.push({ kind, rows: await readAll(reader, reading) });
  }
  return read;
}

/** Reads every scope and stores them in one transaction; cancelled or failed, what was known stays. Answers the rows by scope. */
export async function readIntoMirror(
  means: ReadMeans,
  connection: string,
  scopes: readonly ReadScope[],
  { signal, tell }: { readonly signal: AbortSignal; readonly tell?: (news: ReadNews) => void },
): Promise<number[]> {
  const mirrors: Mirror[][] = [];
  let position = 0;
  const progress: Reader['progress'] = (part) => tell?.({ type: 'progress', progress: { position, ...part } });
  const reader = await openReader(means, connection, { signal, progress });
  for (const scope of scopes) {
    progress({ rows: 0, paused: null });
    mirrors.push(await mirrorsOf(reader, scope));
    position += 1;
  }
  refuseWhenWithdrawn(signal);
  const now = means.now().toISOString();
  await saveMirrors(means.db, now, mirrors.flat());
  const products = mirrors.flat().find((mirror) => mirror.kind === 'products');
  if (products !== undefined) await settleExports(means.db, now, connection, products.rows);
  return mirrors.map((parts) => parts.reduce((sum, { rows }) => sum + rows.length, 0));
}

/** One cheap read with nothing behind it, to see whether the address and the credentials work. */
export async function testConnection(means: ReadMeans, connection: string): Promise<TestOutcome> {
  try {
    const { signal } = new AbortController();
    const { reach: opened, channel, pace } = await openReader(means, connection, { signal });
    await pace.turn();
    const exchange = await channel.send(outgoing(opened.adapter.read.test(), means.newId()));
    return outcomeOf(opened, exchange);
  } catch (reason) {
    return { kind: 'not possible', problem: problemOf(reason) };
  }
}

function outcomeOf({ adapter, surroundings }: Reach, exchange: Exchange): TestOutcome {
  if (exchange.kind === 'no answer') return { kind: 'no answer' };
  const { from, answer } = exchange;
  const { status } = answer;
  if (status < 200 || status >= 300 || adapter.refuses(answer)) {
    const message = redactor(surroundings.credentials, surroundings.authorization)(adapter.message(answer) ?? '');
    return { kind: 'refused', from, status, message };
  }
  const understood = from === 'psa' && typeof answer.body === 'object' && answer.body !== null;
  return understood ? { kind: 'works' } : { kind: 'not understood', from, status };
}

/** `readAt` is when the reading began: what changed meanwhile may not be in it. */
async function mirrorsOf(reader: Reader, scope: ReadScope): Promise<Mirror[]> {
  const head = { connection: reader.reach.connection.id, scope: '', readAt: reader.means.now().toISOString() };
  switch (scope.kind) {
    case 'companies':
      return [{ ...head, kind: 'companies', rows: await readCompanies(reader) }];
    case 'products':
      return [{ ...head, kind: 'products', rows: await readProducts(reader) }];
    case 'agreements':
      return [{ ...head, kind: 'agreements', scope: scope.companyId ?? '', rows: await readAgreements(reader, scope.companyId) }];
    case 'lines': {
      const rows = await readLines(reader, scope.agreementId);
      return rows === null ? [] : [{ ...head, kind: 'lines', scope: scope.agreementId, rows }];
    }
    case 'choices':
      return (await readChoices(reader)).map((choices) => ({ ...head, ...choices }));
  }
}

async function readAll<T>(reader: Reader, reading: Reading<T>): Promise<T[]> {
  const rows: T[] = [];
  for (let next: PsaRequest | null = reading.request, pages = 0; next !== null; pages += 1) {
    if (pages >= MOST_PAGES) throw new ProblemError(problem('answer is not understood', { what: 'list', detail: 'it does not end' }));
    const asked: PsaRequest = next;
    const page = reading.parse((await askPatiently(reader, asked)).answer, asked);
    if (!page.ok) throw new ProblemError(page.error[0] ?? problem('answer is not understood', { what: 'list', detail: '' }));
    rows.push(...page.value.rows);
    reader.progress({ rows: rows.length, paused: null });
    next = page.value.next;
  }
  return [...(reading.join?.(rows) ?? rows)];
}

/** A list that has more is a relay that answers every page alike. */
const MOST_PAGES = 500;
const BETWEEN_SILENCES = [2_000, 10_000] as const;
const MOST_WAITS = 6;

/** Reads may be repeated: twice after a silence or a 5xx, and after a 429 when it says so. Each has a key of its own. */
async function askPatiently(reader: Reader, request: PsaRequest): Promise<Extract<Exchange, { kind: 'answered' }>> {
  const { channel, pace, means, signal, reach: opened } = reader;
  let silences = 0;
  for (let waits = 0; waits < MOST_WAITS;) {
    refuseWhenWithdrawn(signal);
    await pace.turn();
    refuseWhenWithdrawn(signal);
    const exchange = await channel.send(outgoing(request, means.newId()));
    const status = exchange.kind === 'answered' ? exchange.answer.status : null;
    if (exchange.kind === 'answered' && (status === 408 || status === 425 || status === 429)) {
      waits += 1;
      const seconds = waitOf(exchange.answer.headers['retry-after'], means.now());
      reader.progress({ rows: 0, paused: seconds });
      await means.wait(seconds * 1000, signal);
    } else if (exchange.kind === 'answered' && exchange.answer.status < 500) return exchange;
    else {
      const delay = BETWEEN_SILENCES[silences];
      if (delay === undefined && exchange.kind === 'answered') return exchange;
      if (delay === undefined) throw new ProblemError(problem('endpoint is unreachable', { url: placeOf(opened.connection) ?? '' }));
      silences += 1;
      await means.wait(delay, signal);
    }
  }
  throw new ProblemError(problem('rate limit', { seconds: 60 }));
}

function outgoing({ method, path, query, headers, body }: PsaRequest, key: string): Outgoing {
  return { key, method, path, query, headers, body: body === null ? null : canonicalJson(body), line: 'read' };
}

function refuseWhenWithdrawn(signal: AbortSignal): void {
  if (signal.aborted) throw new ProblemError(problem('request was withdrawn', { line: 'read' }));
}
