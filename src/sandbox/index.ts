import type { Json } from '../domain/canonical';
import type { PsaRequest } from '../psa/psa';
import { autotask } from './autotask';
import { connectwise } from './connectwise';
import { halopsa } from './halopsa';
import { kaseyaBms } from './kaseya-bms';
import { superops } from './superops';
import { syncro } from './syncro';
import { take } from './rate';
import { json, takeFault, text, type FaultKind, type Row, type Sandbox, type SandboxAnswer, type SandboxState } from './sandbox';

/** Every PSA that the page can play. */
export const sandboxes: readonly Sandbox[] = [connectwise, autotask, halopsa, kaseyaBms, syncro, superops];

/**
 * A PSA of the demo or of a test. `tables` holds records in the PSA's own shape; the names are those of its sandbox, which is one of
 * `among`.
 */
export function createSandbox(
  seed: { readonly psa: string; readonly tables: Readonly<Record<string, readonly Row[]>> },
  among = sandboxes,
): SandboxState {
  const sandbox = sandboxOf(seed.psa, among);
  const tables = Object.fromEntries(sandbox.tables.map((name) => [name, seed.tables[name] ?? []]));
  const ids = Object.values(tables).flatMap((rows) => rows.map(({ id, Id }) => Number(id ?? Id ?? 0) || 0));
  return { psa: seed.psa, nextId: ids.reduce((most, id) => Math.max(most, id), 0) + 1, tables, ledger: [], faults: [] };
}

/**
 * Answers one request. `answer` is null when none ever comes: the effect is applied and nobody hears of it. With the time in `now` the PSA
 * counts its requests; one above its rate limit changes nothing, and no fault meets it. Without `now` any number is taken.
 */
export function answer(
  state: SandboxState,
  request: PsaRequest,
  { among = sandboxes, now = null }: { readonly among?: readonly Sandbox[] | undefined; readonly now?: Date | null } = {},
): { readonly state: SandboxState; readonly answer: SandboxAnswer | null; readonly fault: FaultKind | null } {
  const sandbox = sandboxOf(state.psa, among);
  const rate = now === null ? null : take(sandbox.rate, state.taken ?? {}, request, now);
  if (rate !== null && 'wait' in rate) return { state, answer: sandbox.tooMany(rate.wait), fault: null };
  const { kind, left } = takeFault(state.faults, request);
  const before = rate === null && kind === null ? state : { ...state, ...rate, faults: left };
  if (kind === '429') return { state: before, answer: sandbox.tooMany(1), fault: kind };
  if (kind === '500 before') return { state: before, answer: sandbox.failure, fault: kind };
  const handled = sandbox.handle(before, request);
  return { state: handled.state, answer: kind === null ? handled.answer : spoiled(handled.answer, kind, sandbox), fault: kind };
}

function spoiled(answer: SandboxAnswer, kind: Exclude<FaultKind, '429' | '500 before'>, { failure }: Sandbox): SandboxAnswer | null {
  switch (kind) {
    case 'timeout after applying':
      return null;
    case '500 after':
      return failure;
    case 'malformed':
      return text(answer.status, answer.text.slice(0, Math.ceil(answer.text.length / 2)), 'application/json; charset=utf-8');
    case 'empty':
      return text(answer.status, '', '');
    case 'html':
      return text(answer.status, '<!doctype html><title>Sign in</title>', 'text/html; charset=utf-8');
    case 'wrong id':
      return json(answer.status, withOtherId(answer.body as Json));
  }
}

/** The id of another record: of the answer itself, else of the first record inside it, which may be the bare id. */
function withOtherId(value: Json): Json {
  if (typeof value === 'number') return value + 1_000_000;
  if (typeof value === 'string') return `${value.slice(0, -1)}${value.endsWith('9') ? '8' : '9'}`;
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each, index) => (index === 0 ? withOtherId(each) : each));
  const record = value as Row;
  const isNested = (each: string) => typeof record[each] === 'object' && record[each] !== null;
  const name = names.find((each) => /^id$/i.test(each)) ?? names.find((each) => each.endsWith('Id')) ?? names.find(isNested) ?? names[0];
  if (name === undefined) return value;
  return { ...record, [name]: withOtherId(record[name] ?? null) };
}

function sandboxOf(psa: string, among: readonly Sandbox[]): Sandbox {
  const sandbox = among.find((each) => each.psa === psa);
  if (sandbox === undefined) throw new RangeError(`there is no sandbox of ${psa}`);
  return sandbox;
}
