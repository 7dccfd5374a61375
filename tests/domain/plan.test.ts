import { describe, expect, test } from 'vitest';
import { draftOf, exportDraftOf, type PlanContext } from '../../src/domain/draft';
import { decimalOf } from '../../src/domain/decimal';
import { gridOf } from '../../src/domain/lines';
import type { GridInput } from '../../src/domain/grid';
import type { Change, RequestDraft } from '../../src/domain/change';
import { freezePlan, isIntact, planText, PlanSchema, type Plan } from '../../src/domain/plan';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import { agreement, gridInput, psaLine } from '../support/grid';

const context: PlanContext = {
  psa: 'connectwise',
  connection: { name: 'ConnectWise', tenant: 'brightharbor' },
  company: {
    company: { id: 'c1', name: '1st West Insurance', domains: [], externalId: null, status: 'active', source: 'pax8' },
    psaId: '250',
  },
  vendor: 'Proofpoint',
  customer: { product: 'proofpoint', site: '1stwestinsurance.com' },
  agreement,
  period: '2020-12',
  option: 'multi-product',
  imports: ['b', 'a'],
};

function requestsOf(change: Change): ReturnType<Parameters<typeof freezePlan>[1]> {
  const draft: RequestDraft = {
    operation: change.kind,
    method: 'POST',
    path: '/lines',
    query: {},
    headers: {},
    body: { quantity: change.kind === 'export' ? null : Number(change.after.quantity) },
    expects: { status: [201], yields: {} },
    uses: [],
  };
  return ok([draft]);
}

function plan(given: Partial<GridInput> = {}, own: Partial<PlanContext> = {}): Plan {
  const frozen = freezePlan(draftOf(gridOf(gridInput(given)), { ...context, ...own }), requestsOf);
  if (!frozen.ok) throw new Error('the plan has problems');
  return frozen.value;
}

describe('a frozen plan', () => {
  test('is the same bytes for the same inputs, whatever their order, and follows its schema', () => {
    expect(planText(plan({}, { imports: ['a', 'b'] }))).toBe(planText(plan()));
    expect(PlanSchema.parse(JSON.parse(planText(plan())))).toEqual(plan());
    expect([plan().id, plan().inputs.imports]).toEqual([plan().hash, ['a', 'b']]);
  });

  test('is its id: any change of what it sends is another plan', () => {
    const ids = [
      plan(),
      plan({}, { imports: ['c'] }),
      plan({}, { period: '2020-11' }),
      plan({ edits: { 'proofpoint-business': { price: decimalOf('3.01') } } }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect([isIntact(plan()), isIntact({ ...plan(), period: '2021-01' }), isIntact({ ...plan(), id: 'f'.repeat(64) })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('does not hold the day it was made: tomorrow it is the same plan', () => {
    expect(plan({ today: '2021-01-04' }).id).toBe(plan().id);
  });

  test('says what is left and why', () => {
    expect(plan({ deselected: ['proofpoint-business'] }).left).toEqual([{ name: 'Proofpoint Business', code: 'deselected', money: '45' }]);
  });

  test('does not exist while a request breaks a limit: every problem is answered', () => {
    const refused = freezePlan(draftOf(gridOf(gridInput()), context), () => err([problem('text is missing', { field: 'name' })]));
    expect(refused).toEqual({ ok: false, error: [{ code: 'text is missing', field: 'name' }] });
  });
});

describe('request keys', () => {
  const keys = (given: Partial<GridInput>, own: Partial<PlanContext> = {}) => plan(given, own).requests.map(({ key }) => key);

  test('two devices with different quantities make the same key for a create: they collide instead of doubling', () => {
    expect(keys({})).toEqual(keys({ edits: { 'proofpoint-business': { syncedQuantity: decimalOf(14), reason: 'x' } } }));
  });

  test('a create of another period, and one that follows an ended line, is another key', () => {
    const ended = psaLine({ key: plan().lines[0]?.lineKey ?? '', endDate: '2020-10-31' });
    expect(new Set([...keys({}), ...keys({}, { period: '2021-01' }), ...keys({ psaLines: [ended] })]).size).toBe(3);
  });

  test('an update is keyed by what was believed and what is wanted', () => {
    const line = psaLine({ key: plan().lines[0]?.lineKey ?? '' });
    const three = [
      keys({ psaLines: [line] }),
      keys({ psaLines: [{ ...line, quantity: decimalOf(13) }] }),
      keys({ psaLines: [line], edits: { 'proofpoint-business': { syncedQuantity: decimalOf(14), reason: 'x' } } }),
    ];
    expect(new Set(three.flat()).size).toBe(3);
  });

  test('an export is keyed by the product, not by what the partner calls it', () => {
    const product = {
      product: 'proofpoint',
      subProduct: 'proofpoint-pro',
      term: 'monthly',
      name: 'Mail Shield',
      description: 'Mail Shield',
      identifier: 'MS-PRO',
      category: '3',
      type: '4',
      unit: null,
      cost: null,
      price: null,
      taxable: false,
    } as const;
    const make = (name: string) =>
      freezePlan(
        exportDraftOf([{ ...product, name }], {
          psa: 'connectwise',
          connection: context.connection,
          vendor: 'Proofpoint',
          period: '2020-12',
        }),
        requestsOf,
      );
    const [first, second] = [make('Mail Shield'), make('Mail Guard')].map((made) => (made.ok ? made.value : null));
    expect(first?.requests.map(({ key }) => key)).toEqual(second?.requests.map(({ key }) => key));
    expect(first?.id).not.toBe(second?.id);
  });
});
