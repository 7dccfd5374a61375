import { expect } from 'vitest';
import { ALONE, type Change, type SyncOption } from '../../src/domain/change';
import { decimalOf } from '../../src/domain/decimal';
import type { GridLine, LineEdit } from '../../src/domain/grid';
import type { Problem } from '../../src/domain/problem';
import { gridFor } from '../../src/domain/sync-grid';
import type { PsaFixture } from '../psa/fixture.ts';
import { keyFor, linesIn } from '../psa/journeys.ts';
import { december } from '../support/grid.ts';
import { chargeChange, createChange, exportChange } from '../support/plans.ts';
import { choicesOf, factsAt, knowing, lastMonth, planFor } from './customer.ts';

/** What the page says of last month's line as the PSA holds it now, when another quantity is to be written. */
export function atLastMonth(fixture: PsaFixture, parts: object, quantity: number): readonly string[] {
  const before = lastMonth(fixture, 'multi-product');
  const { psaLines } = knowing(fixture, before.state, before.synced);
  const lines = psaLines?.map((line) => ({ ...line, ...parts })) ?? null;
  const facts = factsAt(fixture, { psaLines: lines, synced: before.synced, count: december({ quantity: decimalOf(quantity) }) });
  const [line] = gridFor(facts, choicesOf(fixture, 'multi-product'), fixture.adapter).lines;
  return codesOf([...(line?.blocks ?? []), ...(line?.warnings ?? [])]);
}

/** So many digits behind the point as the limit has, and one more; many where there is none. */
export function digits(limit: number | null): readonly [fits: string, over: string] {
  const most = limit ?? 5;
  return [most === 0 ? '17' : `17.${'1'.repeat(most)}`, `17.${'1'.repeat(most + 1)}`];
}

/** What the plan holds of a counted line, and whether the grid says that it was rounded. */
export function roundedIn(fixture: PsaFixture, counted: NonNullable<Parameters<typeof december>[0]>, code: Problem['code']) {
  const facts = factsAt(fixture, { count: december(counted) });
  const choices = choicesOf(fixture, 'multi-product');
  const [line] = gridFor(facts, choices, fixture.adapter).lines;
  const after = planFor(fixture, facts, choices).requests[0]?.line.after;
  return { quantity: after?.quantity, price: after?.price, said: line?.warnings.some((warning) => warning.code === code) === true };
}

/** The one line of a grid with an edit of the partner. */
export function lineWith(fixture: PsaFixture, option: SyncOption, edit: LineEdit): GridLine {
  const facts = factsAt(fixture);
  const [plain] = gridFor(facts, choicesOf(fixture, option), fixture.adapter).lines;
  const [line] = gridFor(facts, choicesOf(fixture, option, { edits: { [plain?.slot ?? '']: edit } }), fixture.adapter).lines;
  if (line === undefined) throw new Error('there is one line');
  return line;
}

export function namesLine(fixture: PsaFixture): readonly ((name: string) => Change)[] {
  const { can, limits } = fixture.adapter;
  return [
    ...(limits.keepsName === false ? [] : [(name: string) => createOf(fixture, { after: { ...createChange().after, name } })]),
    ...(can.oneTime ? [(name: string) => chargeOf(fixture, { after: { ...chargeChange().after, name } })] : []),
  ];
}

export function createOf(fixture: PsaFixture, parts: Partial<Parameters<typeof createChange>[0]> = {}): Change {
  const { agreementId, product } = fixture;
  return createChange({ agreementId, product, lineKey: keyFor(fixture), ...parts });
}

export function chargeOf(fixture: PsaFixture, parts: Partial<Parameters<typeof chargeChange>[0]> = {}): Change {
  const { agreementId, companyId, product } = fixture;
  return chargeChange({ agreementId, companyId, product, lineKey: keyFor(fixture, 'one-time itemised'), ...parts });
}

/** Where the PSA knows a product by its name alone, name and identifier are one. */
export function exportOf(
  { adapter, exported }: PsaFixture,
  parts: { readonly name?: string; readonly identifier?: string; readonly description?: string },
) {
  const text = parts.name ?? parts.identifier;
  const one = adapter.productFields.identifier === null && text !== undefined ? { name: text, identifier: text } : {};
  return exportChange({ product: { ...exportChange().product, ...exported, ...parts, ...one } });
}

/** `beside` is what the PSA's field holds beside the text. */
export function sidesOfText(
  fixture: PsaFixture,
  change: (text: string) => Change,
  field: string | null,
  limit: number | null,
  beside = 0,
): void {
  const most = limit === null ? 20_000 : limit - beside;
  const [fits, over] = ['x'.repeat(most), 'x'.repeat(most + 1)];
  const body = sent(fixture, change(fits));
  expect(body.includes(fits) || (limit === null && !body.includes('xxx'))).toBe(true);
  if (limit === null) return;
  const problems = problemsOf(fixture, change(over)).map((one) =>
    one.code === 'text is too long' ? { ...one, value: one.value.length } : one,
  );
  const fieldOf = field ?? (problems[0] !== undefined && 'field' in problems[0] ? problems[0].field : '');
  expect(problems).toEqual([{ code: 'text is too long', field: fieldOf, value: limit + 1, limit }]);
}

export function sent(fixture: PsaFixture, change: Change): string {
  const made = requestsOf(fixture, change);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return JSON.stringify(made.value.map(({ body }) => body));
}

export function problemsOf(fixture: PsaFixture, change: Change): readonly Problem[] {
  const made = requestsOf(fixture, change);
  return made.ok ? [] : made.error;
}

function requestsOf(fixture: PsaFixture, change: Change) {
  const { adapter, settings, lookups } = fixture;
  const lines = linesIn(fixture, fixture.sandbox());
  return adapter.requests(change, { ...ALONE, settings, lookups, readable: true, linesOf: () => lines });
}

export function codesOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}
