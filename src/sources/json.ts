import { LIMITS } from '../domain/limits';
import { has, recordOf, type JsonRecord } from './json-record';
import type { SourceFile, SourceRow } from './source';

export interface JsonItem {
  readonly record: JsonRecord;
  /** Characters of the text that are read by now. */
  readonly at: number;
}
/** What a page says about itself: `{size, totalElements, totalPages, number}` beside its `content`. */
export interface JsonPage {
  readonly page: JsonRecord;
  readonly at: number;
}
export interface JsonFault {
  readonly fault: string;
  readonly near: string;
  readonly at: number;
}

/**
 * The records of a JSON text in any of the shapes that answers are saved in: `{content: [...], page}`, `{orgs: [...]}`, an array, one
 * object, JSON lines, or several of these one after another. Broken JSON ends the walk with a fault and keeps what stood before it.
 */
export function* jsonItems(text: string): Generator<JsonItem | JsonPage | JsonFault> {
  const walk = new Walk(text);
  for (;;) {
    walk.skip();
    if (walk.at >= text.length) return;
    const opening = text[walk.at];
    const found = opening === '{' ? objectItems(walk) : opening === '[' ? arrayItems(walk) : null;
    if (found === null) {
      yield walk.fault('this is not a record');
      return;
    }
    for (const item of found) {
      yield item;
      if ('fault' in item) return;
    }
  }
}

/** Whether a text, or the beginning of one, is JSON, be it broken or of another program: a bracket alone may open a title. */
export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  return OBJECT.test(text) || text.replace(VALUES, '') === '';
}

/** The row at which a broken file stops: nothing behind it was read. */
export function brokenJson(file: SourceFile, row: number, { fault, near }: JsonFault): Omit<SourceRow, 'bytes'> {
  const reason = `${fault.charAt(0).toUpperCase()}${fault.slice(1)}: nothing behind it was read`;
  return { row, record: null, problems: [{ file: file.name, row, column: null, value: near, reason, severity: 'error' }] };
}

const OBJECT = /^\s*(?:\[\s*)*\{\s*"(?:[^"\\]|\\.)*"\s*:/;
/** Every part of JSON; a text may end inside a string, and an unclosed quote must not be tried again from each quote behind it. */
const VALUES = /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b|[\s[\]{}:,]+/gs;
const WRAPPERS = new Set(['content', 'orgs']);

class Walk {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Passes white space, and what may stand between records: commas, and the record separator of RFC 7464. */
  skip(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code > BLANK && code !== COMMA && code !== NO_BREAK && code !== MARK) return;
    }
  }

  fault(fault: string, at = this.at): JsonFault {
    return { fault, near: this.text.slice(at, at + 40), at };
  }

  /** The end of the value that starts here (just behind it), or a fault when it has none or is nested too deeply. */
  endOfValue(): number | JsonFault {
    const { text } = this;
    let depth = 0;
    for (let at = this.at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at = endOfString(text, at);
        if (at < 0) break;
      } else if (code === BRACE || code === BRACKET) {
        if (++depth > LIMITS.depth) return this.fault(`this is nested deeper than ${LIMITS.depth}`);
      } else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) depth--;
      if (depth <= 0) {
        if (code === QUOTE || code === CLOSING_BRACE || code === CLOSING_BRACKET) return at + 1;
        if (code === COMMA) return at;
      }
      if (depth < 0) return at;
    }
    return this.fault('the file ends in the middle of this record');
  }
}

/** Elements of a page become items; an object that is no page is an item itself. */
function* objectItems(walk: Walk): Generator<JsonItem | JsonPage | JsonFault> {
  const start = walk.at;
  const end = walk.endOfValue();
  const wrapper = wrapperIn(walk, typeof end === 'number' ? end : walk.text.length);
  if (wrapper === null) {
    if (typeof end !== 'number') {
      yield end;
      return;
    }
    walk.at = end;
    yield itemOf(walk, start, end);
    return;
  }
  walk.at = wrapper;
  for (const item of arrayItems(walk)) {
    yield item;
    if ('fault' in item) return;
  }
  if (typeof end !== 'number') {
    yield end;
    return;
  }
  const page = recordOf(`${walk.text.slice(start, wrapper)}null${walk.text.slice(walk.at, end)}`);
  walk.at = end;
  if (page === null) yield walk.fault('this is not valid JSON', start);
  else if (has(page, 'page') && typeof page['page'] === 'object') yield { page: page['page'] as JsonRecord, at: end };
}

function* arrayItems(walk: Walk): Generator<JsonItem | JsonFault> {
  walk.at++;
  for (;;) {
    walk.skip();
    if (walk.at >= walk.text.length) {
      yield walk.fault('the file ends in the middle of a list');
      return;
    }
    if (walk.text[walk.at] === ']') {
      walk.at++;
      return;
    }
    const start = walk.at;
    const end = walk.text[start] === '{' ? walk.endOfValue() : walk.fault('this is not a record');
    if (typeof end !== 'number') {
      yield end;
      return;
    }
    walk.at = end;
    const item = itemOf(walk, start, end);
    yield item;
    if ('fault' in item) return;
  }
}

function itemOf(walk: Walk, start: number, end: number): JsonItem | JsonFault {
  const record = recordOf(walk.text.slice(start, end));
  return record === null ? walk.fault('this is not valid JSON', start) : { record, at: end };
}

/** Where the list of a page starts: the first member named `content` or `orgs` whose value is a list, on the object's own level. */
function wrapperIn(walk: Walk, end: number): number | null {
  const inner = new Walk(walk.text);
  inner.at = walk.at + 1;
  while (inner.at < end) {
    inner.skip();
    if (inner.text[inner.at] !== '"') return null;
    const close = endOfString(inner.text, inner.at);
    if (close < 0) return null;
    const name = inner.text.slice(inner.at + 1, close);
    inner.at = close + 1;
    inner.skip();
    if (inner.text[inner.at] !== ':') return null;
    inner.at++;
    inner.skip();
    if (WRAPPERS.has(name) && inner.text[inner.at] === '[') return inner.at;
    const next = inner.endOfValue();
    if (typeof next !== 'number') return null;
    inner.at = next;
  }
  return null;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

const BLANK = 32;
const NO_BREAK = 0xa0;
const MARK = 0xfeff;
const QUOTE = 34;
const COMMA = 44;
const BRACKET = 91;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const BRACE = 123;
const CLOSING_BRACE = 125;
