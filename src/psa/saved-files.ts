import type { LookupKind } from '../domain/change';
import { problem, type Problem } from '../domain/problem';
import { askNamed, asksOf, readSaved, type Ask, type Missing, type SavedRow, type Unread } from './asks';
import type { Kind, LinesOf, PsaAdapter, Recognised } from './psa';

/** A saved answer of a PSA, as picked. `answers` is the name of the ask that it answers, where the partner said so. */
export interface PsaFile {
  readonly name: string;
  readonly text: string;
  readonly answers?: string;
}

/**
 * What one file (the `n`th) holds, with the further pages of the same list, or why it is not understood. `whole` are agreements all of whose lines of
 * these kinds are in it, were it none. `open`: what it answers is the partner's to say. `next` is the request whose answer is missing.
 */
export type FoundInFile =
  | {
      readonly n: number;
      readonly file: string;
      readonly kind: Kind | LookupKind;
      readonly rows: readonly SavedRow[];
      readonly whole?: readonly LinesOf[];
      readonly pages?: number;
      readonly next?: Missing;
    }
  | { readonly n: number; readonly file: string; readonly problem: Problem; readonly open?: true; readonly next?: Missing };

/**
 * Tells every file by its content, and by the request that it answers: the one that its name or the partner says. Content outranks a name
 * that it contradicts; an empty list has nothing but that. `known` are agreements whose lines may be meant, beside those in the files.
 */
export function tellFiles(adapter: PsaAdapter, files: readonly PsaFile[], known: readonly string[]): FoundInFile[] {
  const read = files.map((file) => ({ ...file, saved: parsed(file.text) })).map((file) => ({ ...file, content: contentOf(adapter, file) }));
  const inFiles = read.flatMap(({ content }) => [content, content?.also]).flatMap((one) => (one?.kind === 'agreements' ? one.rows : []));
  const asks = asksOf(adapter, [...new Set([...known, ...inFiles.map(({ id }) => id)])]);
  const opened = read.map(({ name: file, saved, content, answers }, n): Opened => {
    const said = asks.find(({ name }) => name === answers);
    return { n, file, saved, content, told: said === undefined ? askNamed(asks, file) : { ask: said, page: null } };
  });
  const taken = new Map(asks.flatMap((ask) => answered(adapter, ask, opened)));
  return opened.flatMap((one) => taken.get(one) ?? ownWord(one));
}

interface Opened {
  readonly n: number;
  readonly file: string;
  readonly saved: unknown;
  readonly content: Recognised | null;
  readonly told: { readonly ask: Ask; readonly page: number | null } | null;
}

function contentOf(adapter: PsaAdapter, { saved }: { readonly saved: unknown }): Recognised | null {
  return saved === undefined ? null : adapter.recognise(saved);
}

/** What the files of one ask hold together. Where they are no whole answer, each that tells itself by its content still does. */
function answered(adapter: PsaAdapter, ask: Ask, opened: readonly Opened[]): [Opened, FoundInFile[]][] {
  const own = opened.filter(({ told, saved, content }) => told?.ask === ask && saved !== undefined && !contradicts(ask, content));
  const pages = new Map<number, unknown>();
  for (const { told, saved } of own) if (told !== null && told.page !== null) pages.set(told.page, saved);
  for (const { told, saved } of own) if (told?.page === null) pages.set(firstFree(pages), saved);
  const [first] = own;
  if (first === undefined) return [];
  const otherwise = ({ problem: why, next }: Unread) => own.map((one): [Opened, FoundInFile[]] => [one, orElse(one, why, next)]);
  if (pages.size < own.length)
    return otherwise({
      problem: problem('answer is not understood', { what: ask.name, detail: 'several files are one page' }),
      next: null,
    });
  const found: FoundInFile[] = [];
  for (const part of ask.parts) {
    const read = readSaved(adapter, ask, part, pages);
    if (!read.ok) return otherwise(read.error);
    const whole = part.of.length === 0 ? {} : { whole: part.of };
    found.push({ n: first.n, file: first.file, kind: part.kind, rows: read.value, pages: own.length, ...whole });
  }
  return own.map((one) => [one, one === first ? found : []]);
}

/** A record that says whose it is, or rows of another kind, are not what the name says. */
function contradicts({ parts }: Ask, content: Recognised | null): boolean {
  if (content === null) return false;
  return content.whole !== undefined || (content.rows.length > 0 && parts.every(({ kind }) => kind !== content.kind));
}

function firstFree(pages: ReadonlyMap<number, unknown>): number {
  let page = 1;
  while (pages.has(page)) page += 1;
  return page;
}

/** No whole answer: a file that tells itself by its content is taken for that, with the page that is missing. */
function orElse(one: Opened, why: Problem, next: Missing | null): FoundInFile[] {
  const more = next === null ? {} : { next };
  const { n, file, content } = one;
  return content === null ? [{ n, file, problem: why, open: true, ...more }] : ownWord(one).map((found) => ({ ...found, ...more }));
}

/** What a file says of itself. */
function ownWord({ n, file, saved, content }: Opened): FoundInFile[] {
  if (content === null) {
    const code = holdsOnlyEmptyLists(saved) ? 'saved list is empty' : 'file is not recognised';
    return [{ n, file, problem: problem(code, { file }), ...(saved === undefined ? {} : { open: true }) }];
  }
  const { kind, rows, also, whole } = content;
  const own: FoundInFile = { n, file, kind, rows, ...(whole === undefined ? {} : { whole: [whole] }) };
  return [own, ...(also === undefined ? [] : [{ n, file, kind: also.kind, rows: also.rows }])];
}

function holdsOnlyEmptyLists(saved: unknown): boolean {
  if (Array.isArray(saved)) return saved.length === 0;
  const parts: readonly unknown[] = typeof saved === 'object' && saved !== null ? Object.values(saved) : [];
  const nested = parts.filter((part) => typeof part === 'object' && part !== null);
  return nested.some(holdsOnlyEmptyLists) && !nested.some((part) => Array.isArray(part) && part.length > 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}
