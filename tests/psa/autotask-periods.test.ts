import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { autotask } from '../../src/psa/autotask';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { knowing, lastMonth, lookAt, planFor, factsAt, choicesOf, syncAt } from '../conformance/customer.ts';
import { december } from '../support/grid.ts';
import { delivered } from './deliver.ts';
import { fixture } from './fixtures/autotask.ts';
import { linesIn } from './journeys.ts';

const counted = (quantity: number) => ({ count: december({ quantity: decimalOf(quantity) }) });
const before = lastMonth(fixture, 'multi-product');
const SITE = '1stwestinsurance.com - 1stwestinsurance.com';
/** As the PSA holds it, and as the grid would name it. */
const [HELD, NAMED] = [`${SITE} - Proofpoint`, `${SITE} - Proofpoint Business`];

/** 12 units of ours from December on, and 15 from March, which somebody planned. */
const planned = { ...before, state: withUnits([{ endDate: at('2021-02-28') }, { units: 15, startDate: at('2021-03-01') }]) };
const later = { line: NAMED, quantity: decimalOf(15), from: '2021-03-01' };

describe('units that somebody planned for March', () => {
  test('are told where the count is what the first open month holds', () => {
    expect(told(12, planned)).toEqual([['Unchanged', '12', 0, [], [problem('quantity changes later', later)]]]);
  });

  test.each([
    ['the planned number, which the open month does not hold', 15],
    ['another number', 18],
    ['nothing', 0],
  ])('stand in the way of %s: the change would move them along', (_, quantity) => {
    const [status, line] = quantity === 0 ? ['Ending', HELD] : ['Updating', NAMED];
    expect(told(quantity, planned)).toEqual([[status, '12', 0, [problem('later quantity would move', { ...later, line })], []]]);
  });

  test('are no matter once they hold', () => {
    const march = { ...counted(15), agreements: agreementsFrom('2021-03-01') };
    expect(lookAt(fixture, 'multi-product', march, planned).grid.lines.map(({ status, inPsa }) => [status, inPsa])).toEqual([
      ['Unchanged', '15'],
    ]);
  });

  test('after the plan was made refuse it before anything is sent', async () => {
    const { rows, writes, state } = await delivered(fixture, { held: [], plans: () => [planOf(18)] }, null, {
      start: planned.state,
      memory: before.synced,
    });
    expect([rows.map((row) => [row.state, row.problem]), writes, unitsIn(state)]).toEqual([
      [['refused', problem('later quantity would move', { ...later, line: HELD })]],
      [],
      [
        [at('2020-12-01'), at('2021-02-28'), 12],
        [at('2021-03-01'), at('2025-12-31'), 15],
      ],
    ]);
  });

  test('of the same number go along: January, February and March bill the count', async () => {
    const state = withUnits([{ endDate: at('2021-02-28') }, { startDate: at('2021-03-01') }]);
    const sent = await syncAt(fixture, 'multi-product', counted(18), { ...before, state });
    expect([sent.rows.map((row) => [row.state, row.proof]), unitsIn(sent.state)]).toEqual([
      [['sent', 'read back']],
      [
        [at('2020-12-01'), at('2020-12-31'), 12],
        [at('2021-01-01'), at('2021-02-28'), 18],
        [at('2021-03-01'), at('2025-12-31'), 18],
      ],
    ]);
  });
});

describe('units that were approved and posted', () => {
  const january = { line: NAMED, through: '2021-01-31' };
  const posted = { approveAndPostDate: at('2021-01-31') };
  const through = (parts: Row) => withUnits([{ ...posted, ...parts }, { startDate: at('2021-02-01') }]);

  test.each([
    ['with an end', { endDate: at('2021-01-31') }],
    ['without one, until the next begin', { endDate: null }],
  ])('%s refuse a change of that time', (_, parts) => {
    expect(told(15, { ...before, state: through(parts) })).toEqual([
      ['Updating', '12', 0, [problem('period was posted already', january)], []],
    ]);
  });

  test('without an end and a successor refuse every change', () => {
    const state = withUnits([{ ...posted, endDate: null }]);
    expect(told(15, { ...before, state })).toEqual([
      ['Updating', '12', 0, [problem('period was posted already', { ...january, through: '9999-12-31' })], []],
    ]);
  });

  test('of another line refuse a new one of that time, and not one that starts later', () => {
    const psaLines = linesIn(fixture, ofAnotherService(through({ endDate: at('2021-01-31') })));
    const start = { edits: { 'proofpoint-business': { effectiveDate: '2021-02-01' } } };
    const lines = [{}, start].map((chosen) =>
      lookAt(fixture, 'multi-product', { ...counted(15), psaLines }, undefined, chosen).grid.lines.map(({ status, blocks, changes }) => [
        status,
        blocks,
        changes.length,
      ]),
    );
    expect(lines).toEqual([[['Creating', [problem('period was posted already', january)], 0]], [['Creating', [], 1]]]);
  });

  test.each([
    ['a change', () => planOf(15), through({ endDate: at('2021-01-31') }), before.synced, HELD],
    ['a new line', () => newPlan(), ofAnotherService(through({ endDate: at('2021-01-31') })), null, NAMED],
  ])('after the plan was made refuse %s before anything is sent', async (_, plan, start, memory, line) => {
    const { rows, writes } = await delivered(fixture, { held: [], plans: () => [plan()] }, null, { start, memory });
    expect([rows[0]?.state, rows[0]?.problem, rows[0]?.attempts, writes]).toEqual([
      'refused',
      problem('period was posted already', { ...january, line }),
      0,
      [],
    ]);
  });

  test('are looked for by the collection, too', () => {
    const [change] = planOf(15).requests;
    const [create] = newPlan().requests;
    if (change === undefined || create === undefined) throw new Error('no request');
    const believed = [
      { field: 'units', equals: 12, as: 'value' },
      { field: 'approveAndPostDate', equals: null, as: 'value' },
    ];
    const proofs = [change, create].map((request) => autotask.evidence(request));
    expect(proofs.map((proof) => [proof?.before, proof?.every])).toEqual([
      [believed, believed],
      [[], undefined],
    ]);
  });
});

/** The lines of one sync: what they are beside the PSA's, how much they send, and what is said about them. */
function told(quantity: number, held: typeof before) {
  return lookAt(fixture, 'multi-product', counted(quantity), held).grid.lines.map(({ status, inPsa, changes, blocks, warnings }) => [
    status,
    inPsa,
    changes.length,
    blocks,
    warnings,
  ]);
}

/** The plan of a sync before anybody planned or posted anything. */
function planOf(quantity: number) {
  const facts = factsAt(fixture, { ...knowing(fixture, before.state, before.synced), ...counted(quantity) });
  return planFor(fixture, facts, choicesOf(fixture, 'multi-product'));
}

function newPlan() {
  return planFor(fixture, factsAt(fixture, counted(15)), choicesOf(fixture, 'multi-product'));
}

function withUnits(periods: readonly Row[]): SandboxState {
  const { state } = before;
  const [own] = state.tables['contractServiceUnits'] ?? [];
  const rows = periods.map((parts, n) => ({ ...own, id: 5900 + n, ...parts }));
  return { ...state, tables: { ...state.tables, contractServiceUnits: rows } };
}

function ofAnotherService(state: SandboxState): SandboxState {
  const other = (rows: readonly Row[] = []) => rows.map((row) => ({ ...row, serviceID: 42 }));
  const { contractServices, contractServiceUnits } = state.tables;
  const services = other(contractServices).map((row) => ({ ...row, internalDescription: null }));
  return { ...state, tables: { ...state.tables, contractServices: services, contractServiceUnits: other(contractServiceUnits) } };
}

function unitsIn({ tables }: Pick<SandboxState, 'tables'>) {
  return (tables['contractServiceUnits'] ?? []).map(({ startDate, endDate, units }) => [startDate, endDate, units]).sort();
}

function agreementsFrom(nextInvoiceDate: string) {
  return factsAt(fixture).agreements?.map((agreement) => ({ ...agreement, nextInvoiceDate })) ?? [];
}

function at(day: string): string {
  return `${day}T00:00:00Z`;
}
