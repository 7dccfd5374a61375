import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { superops } from '../../src/psa/superops';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { lastMonth, lookAt, syncAt } from '../conformance/customer.ts';
import { december } from '../support/grid.ts';
import { fixture } from './fixtures/superops.ts';

const counted = (quantity: number) => ({ count: december({ quantity: decimalOf(quantity) }) });
const before = lastMonth(fixture, 'multi-product');
const [lineId] = fixture.lineIds;

/** 12 from December on, and 15 from March, which somebody planned. */
const planned = { ...before, state: withChange(before.state, { effectiveDate: '2021-03-01', quantity: '15' }) };
const said = (line: string) => problem('quantity changes later', { line, quantity: decimalOf(15), from: '2021-03-01' });

describe('a quantity that somebody planned for March', () => {
  test.each([
    [12, 'Unchanged', 0, [said('Proofpoint Business')]],
    [15, 'Updating', 1, []],
    [18, 'Updating', 1, [said('Proofpoint Business')]],
  ])('beside a count of %i: %s', (quantity, status, changes, warnings) => {
    const { lines } = lookAt(fixture, 'multi-product', counted(quantity), planned).grid;
    expect(lines.map((line) => [line.status, line.inPsa, line.changes.length, line.blocks, line.warnings])).toEqual([
      [status, '12', changes, [], warnings],
    ]);
  });

  test('outlives an end by quantity, which says so, and not one by date', () => {
    const warned = (['zero', 'date'] as const).map((zero) =>
      lookAt(fixture, 'multi-product', counted(0), planned, { zero }).grid.lines.map(({ status, warnings }) => [status, warnings]),
    );
    expect(warned).toEqual([[['Ending', [said(fixture.product.identifier)]]], [['Ending', []]]]);
  });

  test.each([15, 18])('stays as it is where January and February become %i', async (quantity) => {
    const sent = await syncAt(fixture, 'multi-product', counted(quantity), planned);
    expect([sent.rows.map((row) => [row.state, row.proof]), changesIn(sent.state)]).toEqual([
      [['sent', 'read back']],
      [
        ['2020-12-01', '12'],
        ['2021-01-01', String(quantity)],
        ['2021-03-01', '15'],
      ],
    ]);
    const next = lookAt(fixture, 'multi-product', counted(quantity), sent).grid.lines;
    expect(next.map(({ status, inPsa }) => [status, inPsa])).toEqual([['Unchanged', String(quantity)]]);
  });

  test('is no proof for the collection, which looks at the day that is written', async () => {
    const { plan } = await syncAt(fixture, 'multi-product', counted(18), planned);
    const [request] = plan.requests;
    const change = 'contract.billableContract.changes.[last effectiveDate to 2021-01-01]';
    const proof = request === undefined ? null : superops.evidence(request);
    expect([proof?.before.slice(0, 2), proof?.after]).toEqual(
      ['12', '18'].map((quantity) => [
        { field: `${change}.quantity`, equals: quantity, as: 'number' },
        { field: `${change}.quantityChangeOperation`, equals: 'BASELINE', as: 'value' },
      ]),
    );
  });
});

function withChange(state: SandboxState, parts: Row): SandboxState {
  const contracts = (state.tables['contracts'] ?? []).map((row) => {
    if (row['contractId'] !== lineId) return row;
    const contract = row['contract'] as Row;
    const billableContract = contract['billableContract'] as Row;
    const changes = [
      ...(billableContract['changes'] as readonly Row[]),
      { changeId: '77', endDate: null, quantityChangeOperation: 'BASELINE', ...parts },
    ];
    return { ...row, contract: { ...contract, billableContract: { ...billableContract, changes } } };
  });
  return { ...state, tables: { ...state.tables, contracts } };
}

function changesIn({ tables }: Pick<SandboxState, 'tables'>) {
  const row = (tables['contracts'] ?? []).find(({ contractId }) => contractId === lineId);
  const { billableContract } = row?.['contract'] as { readonly billableContract: { readonly changes: readonly Row[] } };
  return billableContract.changes.map(({ effectiveDate, quantity }) => [effectiveDate, quantity]).sort();
}
