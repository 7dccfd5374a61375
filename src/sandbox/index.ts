import type { PsaRequest } from '../psa/psa';
import { autotask } from './autotask';
import { connectwise } from './connectwise';
import { json, takeFault, text, type FaultKind, type Row, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/** Every PSA that the page can play. */
export const sandboxes: readonly Sandbox[] = [connectwise, autotask];

/** A PSA of the demo or of a test. `tables` holds records in the PSA's own shape; the names are those of its sandbox. */
export function createSandbox(seed: { readonly psa: string; readonly tables: Readonly<Record<string, readonly Row[]>> }): SandboxState {
  const sandbox = sandboxOf(seed.psa);
  const tables = Object.fromEntries(sandbox.tables.map((name) => [name, seed.tables[name] ?? []]));
  const ids = Object.values(tables).flatMap((rows) => rows.map(({ id }) => (typeof id === 'number' ? id : 0)));
  return { psa: seed.psa, nextId: ids.reduce((most, id) => Math.max(most, id), 0) + 1, tables, ledger: [], faults: [] };
}

/** Answers one request. `answer` is null when none ever comes: the effect is applied and nobody hears of it. */
export function answer(
  state: SandboxState,
  request: PsaRequest,
): { readonly state: SandboxState; readonly answer: SandboxAnswer | null; readonly fault: FaultKind | null } {
  const { kind, left } = takeFault(state.faults, request);
  const before = kind === null ? state : { ...state, faults: left };
  if (kind === '429')
    return { state: before, answer: json(429, { error: 'TooManyRequests', message: 'Slow down.' }, { 'retry-after': '1' }), fault: kind };
  if (kind === '500 before') return { state: before, answer: json(500, FAILED), fault: kind };
  const handled = sandboxOf(state.psa).handle(before, request);
  return { state: handled.state, answer: kind === null ? handled.answer : spoiled(handled.answer, kind), fault: kind };
}

const FAILED = { code: 'InternalServerError', message: 'Something went wrong.', errors: null };

function spoiled(answer: SandboxAnswer, kind: Exclude<FaultKind, '429' | '500 before'>): SandboxAnswer | null {
  switch (kind) {
    case 'timeout after applying':
      return null;
    case '500 after':
      return json(500, FAILED);
    case 'malformed':
      return text(answer.status, answer.text.slice(0, Math.ceil(answer.text.length / 2)), 'application/json; charset=utf-8');
    case 'empty':
      return text(answer.status, '', '');
    case 'html':
      return text(answer.status, '<!doctype html><title>Sign in</title>', 'text/html; charset=utf-8');
    case 'wrong id':
      return json(answer.status, withOtherId(answer));
  }
}

/** The id of the record, or of the item that was written, is another one's. */
function withOtherId(answer: SandboxAnswer): Row {
  const body = answer.body as Row | null;
  const name = typeof body?.['itemId'] === 'number' ? 'itemId' : 'id';
  return { ...body, [name]: (typeof body?.[name] === 'number' ? body[name] : 0) + 1_000_000 };
}

function sandboxOf(psa: string): Sandbox {
  const sandbox = sandboxes.find((each) => each.psa === psa);
  if (sandbox === undefined) throw new RangeError(`there is no sandbox of ${psa}`);
  return sandbox;
}
