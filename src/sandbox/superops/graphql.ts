import type { Json } from '../../domain/canonical';
import { json, type Row, type SandboxAnswer } from '../sandbox';

/** What a document selects, by field; null where a field is taken whole. */
export type Selection = ReadonlyMap<string, Selection | null>;

/** The selection of the one field of a document, without its arguments; null when the braces do not match. */
export function selectionOf(document: string): Selection | null {
  const tokens: readonly string[] = document.replace(/\([^)]*\)/g, ' ').match(/[{}]|[^\s{}]+/g) ?? [];
  const start = tokens.indexOf('{');
  const { selection, next } = selected(tokens, start + 1);
  return start < 0 || next !== tokens.length ? null : selection;
}

function selected(tokens: readonly string[], from: number): { selection: Selection; next: number } {
  const selection = new Map<string, Selection | null>();
  let at = from;
  let name = '';
  for (; at < tokens.length && tokens[at] !== '}';) {
    if (tokens[at] === '{') {
      const inner = selected(tokens, at + 1);
      selection.set(name, inner.selection);
      at = inner.next;
    } else {
      name = tokens[at] ?? '';
      selection.set(name, null);
      at += 1;
    }
  }
  return { selection, next: tokens[at] === '}' ? at + 1 : tokens.length + 1 };
}

/** A value with the selected fields alone; one that the record does not have is null. */
export function projected(value: Json, selection: Selection | null): Json {
  if (selection === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => projected(each, selection));
  const row = value as Row;
  return Object.fromEntries([...selection].map(([name, inner]) => [name, projected(row[name] ?? null, inner)]));
}

export function answered(operation: string, value: Json): SandboxAnswer {
  return json(200, { data: { [operation]: value } });
}

/** A refusal as GraphQL words it: 200, no data, and the errors. */
export function refused(operation: string, errors: readonly string[]): SandboxAnswer {
  return json(200, {
    data: null,
    errors: errors.map((message) => ({ message, path: [operation], extensions: { classification: 'DataFetchingException' } })),
  });
}
