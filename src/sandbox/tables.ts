import type { Json } from '../domain/canonical';
import type { PsaRequest } from '../psa/psa';
import type { Effect, Row, SandboxState } from './sandbox';

/** The state with other rows in a table, and the effect in the ledger. */
export function applied(
  state: SandboxState,
  request: PsaRequest,
  table: string,
  rows: readonly Row[],
  effect: Effect['effect'],
  row: Row,
  key: Json | undefined,
): SandboxState {
  const { method, path, body } = request;
  const entry: Effect = {
    n: state.ledger.length + 1,
    effect,
    table,
    id: numberIn(row['id'] ?? 0),
    key: typeof key === 'string' ? key : null,
    method,
    path,
    body,
  };
  return { ...state, tables: { ...state.tables, [table]: rows }, ledger: [...state.ledger, entry] };
}

export function rowsOf(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

export function recordIn(value: Json): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

export function numberIn(value: Json): number {
  return typeof value === 'number' ? value : 0;
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
