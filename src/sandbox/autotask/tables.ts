import type { Json } from '../../domain/canonical';
import type { PsaRequest } from '../../psa/psa';
import { json, type Effect, type Handled, type Row, type SandboxAnswer, type SandboxState } from '../sandbox';

/** An error body as Autotask writes it; what a request got wrong is answered with 500. */
export function refusal(status: number, ...errors: readonly string[]): SandboxAnswer {
  return json(status, { errors: [...errors] });
}

export function done(state: SandboxState, itemId: number): Handled {
  return { state, answer: json(200, { itemId }) };
}

export function noted(
  state: SandboxState,
  request: PsaRequest,
  entry: Pick<Effect, 'effect' | 'table' | 'id'> & { readonly key: Json | undefined },
): SandboxState {
  const { method, path, body } = request;
  const { key, ...rest } = entry;
  const effect: Effect = {
    ...rest,
    n: state.ledger.length + 1,
    key: typeof key === 'string' && key !== '' ? key : null,
    method,
    path,
    body,
  };
  return { ...state, ledger: [...state.ledger, effect] };
}

export function withRows(state: SandboxState, table: string, rows: readonly Row[]): SandboxState {
  return { ...state, tables: { ...state.tables, [table]: rows } };
}

export function rowsOf(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

export function rowIn(state: SandboxState, table: string, id: Json | undefined): Row | null {
  return rowsOf(state, table).find((row) => row['id'] === id) ?? null;
}

export function recordIn(value: Json): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

export function numberIn(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function dayIn(value: Json | undefined): string {
  return textIn(value).slice(0, 10);
}
