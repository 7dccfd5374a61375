import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../domain/agreement';
import { LOOKUP_KINDS, type Lookup, type LookupKind } from '../domain/change';
import { problem, type Problem } from '../domain/problem';
import { err, ok, type Result } from '../domain/result';
import type { Kind, LinesOf, PsaAdapter, PsaRequest, Reading } from './psa';

export type SavedRow = PsaCompany | Agreement | PsaProduct | PsaLine | Lookup;

/** One list that an answer holds. `of` says whose lines these are, and that they are all of them; empty where it is no list of lines. */
export interface AskPart {
  readonly kind: Kind | LookupKind;
  readonly of: readonly LinesOf[];
  readonly reading: Reading<SavedRow>;
}

/**
 * One request whose answer a partner may save and hand over instead of an endpoint, and the lists that its pages hold. `name` is the file
 * to save its first page as, without the ending: the file then says what it answers, even where it is an empty list.
 */
export interface Ask {
  readonly name: string;
  readonly request: PsaRequest;
  readonly parts: readonly AskPart[];
}

/** Everything that can be asked of a PSA; of lines, those of the given agreements. Reads that are one request are one ask. */
export function asksOf({ can, read }: PsaAdapter, agreements: readonly string[]): readonly Ask[] {
  const both = read.oneTimeAmongLines === true;
  return together([
    listOf('companies', read.companies()),
    listOf('agreements', read.agreementsAlone?.() ?? read.agreements(null)),
    listOf('products', read.products()),
    ...LOOKUP_KINDS.flatMap((kind) => {
      const reading = read.lookups()[kind];
      return reading === undefined ? [] : [listOf(kind, reading)];
    }),
    ...(can.readBack && can.recurring ? linesOf('lines', both ? BOTH : ['recurring'], agreements, (id) => read.lines(id)) : []),
    ...(can.readBack && can.oneTime && !both ? linesOf('one-time-lines', ['one-time'], agreements, (id) => read.oneTimeLines(id)) : []),
  ]);
}

/** The ask that a file is named after, and which page of it: `lines-of-10.json`, then `lines-of-10.2.json`. */
export function askNamed(asks: readonly Ask[], file: string): { readonly ask: Ask; readonly page: number } | null {
  const [, named, page = '1'] = /^(.*?)(?:\.(\d{1,4}))?\.json$/i.exec(file) ?? [];
  const ask = asks.find(({ name }) => name === named);
  return ask === undefined ? null : { ask, page: Number(page) };
}

export function pageName({ name }: Ask, page: number): string {
  return page === 1 ? `${name}.json` : `${name}.${String(page)}.json`;
}

/** A page that a list is not whole without: the name to save it under, and its request. */
export interface Missing {
  readonly file: string;
  readonly request: PsaRequest;
}

/** Why saved pages are no whole answer. */
export interface Unread {
  readonly problem: Problem;
  readonly next: Missing | null;
}

/** Reads a part from its saved pages as from an endpoint: from the first page to the last, each as its request was answered. */
export function readSaved(
  { recognise }: PsaAdapter,
  ask: Ask,
  { reading, of, kind }: AskPart,
  pages: ReadonlyMap<number, unknown>,
): Result<readonly SavedRow[], Unread> {
  const refused = (detail: string) => err({ problem: problem('answer is not understood', { what: ask.name, detail }), next: null });
  const rows: SavedRow[] = [];
  let next: PsaRequest | null = reading.request;
  let page = 1;
  for (; next !== null; page += 1) {
    const asked: PsaRequest = next;
    const file = pageName(ask, page);
    if (!pages.has(page)) return err({ problem: problem('page is missing', { file }), next: { file, request: asked } });
    const body = pages.get(page);
    const read = reading.parse({ status: 200, headers: {}, body }, asked);
    if (!read.ok) return read.error[0] === undefined ? refused('') : err({ problem: read.error[0], next: null });
    const all = of.length > 1 ? recognise(body) : null;
    rows.push(...(all?.kind === kind ? all.rows : read.value.rows));
    next = read.value.next;
  }
  if (pages.size >= page) return refused('more pages than the list has');
  const whole = reading.join?.(rows) ?? rows;
  const [only, ...others] = of;
  const stray = others.length > 0 ? undefined : whole.find((row) => 'agreementId' in row && row.agreementId !== only?.agreementId);
  return stray === undefined ? ok(whole) : refused(`id ${stray.id} belongs to something else`);
}

const BOTH = ['recurring', 'one-time'] as const;

type Named = AskPart & { readonly name: string };

function listOf<T extends SavedRow>(kind: Kind | LookupKind, reading: Reading<T>): Named {
  return { name: kind, kind, of: [], reading: asSaved(reading) };
}

/** Its `join` is given nothing but what its `parse` made. */
function asSaved<T extends SavedRow>(reading: Reading<T>): Reading<SavedRow> {
  return reading as unknown as Reading<SavedRow>;
}

/** A PSA that lists the lines of all agreements in one answer is asked once for all. */
function linesOf(name: string, kinds: LinesOf['kinds'], agreements: readonly string[], reading: (id: string) => Reading<PsaLine>): Named[] {
  const [first] = agreements;
  if (first === undefined) return [];
  const of = agreements.map((agreementId) => ({ agreementId, kinds }));
  if (keyOf(reading('1').request) === keyOf(reading('2').request)) return [{ name, kind: 'lines', of, reading: asSaved(reading(first)) }];
  return of.map((one) => ({ name: `${name}-of-${one.agreementId}`, kind: 'lines', of: [one], reading: asSaved(reading(one.agreementId)) }));
}

function together(parts: readonly Named[]): readonly Ask[] {
  const asks = new Map<string, Ask & { readonly parts: AskPart[] }>();
  for (const { name, ...part } of parts) {
    const { request } = part.reading;
    const known = asks.get(keyOf(request));
    if (known === undefined) asks.set(keyOf(request), { name, request, parts: [part] });
    else known.parts.push(part);
  }
  return [...asks.values()];
}

function keyOf(request: PsaRequest): string {
  return JSON.stringify(request);
}
