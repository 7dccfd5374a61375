import { describe, expect, test } from 'vitest';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { decimalOf, ZERO } from '../../src/domain/decimal';
import { inverseOf } from '../../src/domain/inverse';
import { freezePlan, type Plan } from '../../src/domain/plan';
import { delivered } from '../psa/deliver.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { first } from '../fixtures/usage/files.ts';
import { december } from '../support/grid.ts';
import { agreementsIn, billed, everyPsa, factsAt, knowing, lastMonth, syncAt, type Held } from './customer.ts';

const RECURRING = SYNC_OPTIONS.filter(isRecurring);
const of = (quantity: number) => ({ count: december({ quantity: decimalOf(quantity) }) });
type Synced = Awaited<ReturnType<typeof syncAt>>;

describe.each(everyPsa)('%s, a plan taken back', (_, fixture) => {
  test.each(RECURRING)('%s: a line that was made bills nothing any more', async (option) => {
    const made = await syncAt(fixture, option, of(15));
    const { left, state } = await takenBack(fixture, made);
    expect([left, state === null ? null : billed(fixture, state)]).toEqual([[], fixture.adapter.can.change ? ZERO : null]);
  });

  test.each(RECURRING)('%s: a line that was changed bills what it billed before', async (option) => {
    const before = lastMonth(fixture, option);
    const changed = await syncAt(fixture, option, of(15), before);
    const { left, state } = await takenBack(fixture, changed);
    expect([left, state === null ? null : billed(fixture, state)]).toEqual([[], fixture.adapter.can.change ? '36' : null]);
  });

  test.each(RECURRING)('%s: a line that somebody changed since stays as it is, and is told', async (option) => {
    const changed = await syncAt(fixture, option, of(15), lastMonth(fixture, option));
    if (!fixture.adapter.can.change) {
      expect(inverseFor(fixture, changed).changes.map(({ kind }) => kind)).toEqual(['update']);
      return;
    }
    const { rows, state, writes } = await sent(fixture, changed, { ...changed, state: lastMonth(fixture, option, { quantity: 99 }).state });
    expect([rows[0]?.state, rows[0]?.problem?.code]).toEqual(['refused', 'line was changed meanwhile']);
    expect([writes, billed(fixture, state)]).toEqual([[], '297']);
  });

  test.each(RECURRING.flatMap((option) => (['date', 'zero'] as const).map((zero) => [option, zero] as const)))(
    '%s: a line that was ended (%s) bills again what it billed',
    async (option, zero) => {
      const before = lastMonth(fixture, option);
      const ended = await syncAt(fixture, option, of(0), before, { zero });
      const { left, state } = await takenBack(fixture, ended);
      expect([left, state === null ? null : billed(fixture, state)]).toEqual([[], fixture.adapter.can.change ? '36' : null]);
    },
  );

  test.each(SYNC_OPTIONS.filter((option) => !isRecurring(option)))('%s: a charge is told as what no request takes back', async (option) => {
    const charged = await syncAt(fixture, option, of(15));
    const { changes, left } = inverseFor(fixture, charged);
    expect([changes, left.map(({ why }) => why)]).toEqual([[], ['charge']]);
  });
});

test('what a line held before and nobody compared is told, not guessed', async () => {
  const [, fixture] = first(everyPsa);
  const { plan, rows } = await syncAt(fixture, 'multi-product', of(15), lastMonth(fixture, 'multi-product'));
  const unknown = plan.requests.map((request) => ({ ...request, before: null }));
  const { changes, left } = inverseFor(fixture, { plan: { ...plan, requests: unknown }, rows });
  expect([changes, left.map(({ why }) => why)]).toEqual([[], ['not compared']]);
});

function inverseFor(fixture: PsaFixture, { plan, rows }: Pick<Synced, 'plan' | 'rows'>) {
  const [agreement] = agreementsIn(fixture, fixture.sandbox()).filter(({ id }) => id === fixture.agreementId);
  if (agreement === undefined) throw new Error('the sandbox has no such agreement');
  return inverseOf(plan, {
    idOf: (request) => rows.find(({ n }) => plan.requests[n] === request)?.lineId ?? null,
    dates: fixture.adapter.dates(agreement, plan.period),
    productRepeats: fixture.adapter.limits.productRepeats,
  });
}

/** The inverse as a plan of its own, delivered where the PSA takes changes. */
async function takenBack(fixture: PsaFixture, done: Synced & Held) {
  const { can } = fixture.adapter;
  if (!can.change) {
    const { changes, left } = inverseFor(fixture, done);
    expect(frozen(fixture, done, done).requests.map(({ operation, method }) => [operation, method])).toEqual(
      changes.map(({ kind }) => [kind, kind === 'create' ? 'POST' : 'HAND']),
    );
    return { left, state: null };
  }
  const { rows, state } = await sent(fixture, done, done);
  expect(rows.map((row) => row.state)).toEqual(rows.map(() => 'sent'));
  return { left: inverseFor(fixture, done).left, state };
}

function sent(fixture: PsaFixture, done: Synced, now: Held) {
  return delivered(fixture, { held: [], plans: () => [frozen(fixture, done, now)] }, null, { start: now.state, memory: now.synced });
}

function frozen(fixture: PsaFixture, done: Synced, now: Held): Plan {
  const facts = factsAt(fixture, knowing(fixture, now.state, now.synced));
  const made = freezePlan(draftFor(done.plan, inverseFor(fixture, done).changes), fixture.adapter.requests, {
    linesOf: (agreement) => facts.linesByAgreement.get(agreement) ?? null,
    lookups: facts.lookups,
    settings: facts.connection.settings,
    readable: true,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

function draftFor(plan: Plan, changes: ReturnType<typeof inverseOf>['changes']) {
  const { format: _format, id: _id, hash: _hash, requests: _requests, ...rest } = plan;
  return { ...rest, lines: [], changes: changes.map((change) => ({ change, settled: 2 })) };
}
