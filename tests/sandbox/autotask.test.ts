import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { Method } from '../../src/psa/psa';
import { answer, createSandbox } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { contractRow, fixture, heldRows, tables } from '../psa/fixtures/autotask.ts';
import { heldLine } from '../psa/journeys.ts';

const HEADERS = { ApiIntegrationCode: 'c', UserName: 'u', Secret: 's' };
const ADJUSTMENTS = '/V1.0/ContractServiceAdjustments';
const unitChange = { contractServiceID: 900, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' };
const held = () => fixture.sandbox([heldLine(fixture)]);

function ask(method: Method, path: string, body: Json, state: SandboxState = held(), headers: Readonly<Record<string, string>> = HEADERS) {
  const handled = answer(state, { method, path, query: {}, headers, body });
  if (handled.answer === null) throw new Error('no answer');
  return { status: handled.answer.status, body: handled.answer.body, state: handled.state };
}

function unitsIn(state: SandboxState) {
  const day = (value: Json | undefined) => (typeof value === 'string' ? value.slice(0, 10) : null);
  return (state.tables['contractServiceUnits'] ?? []).map(({ units, startDate, endDate }) => [day(startDate), day(endDate), units]);
}

describe('an adjustment', () => {
  test('splits the period that its day lies in, and is one entry of the ledger', () => {
    const { status, body, state } = ask('POST', ADJUSTMENTS, unitChange);
    expect([status, body, unitsIn(state)]).toEqual([
      200,
      { itemId: 5902 },
      [
        ['2020-12-01', '2020-12-31', 12],
        ['2021-01-01', '2025-12-31', 15],
      ],
    ]);
    expect(state.ledger.map(({ effect, table, id, key }) => [effect, table, id, key])).toEqual([
      ['changed', 'contractServices', 900, heldLine(fixture).key],
    ]);
  });

  test('sent twice doubles the change, as the real one does', () => {
    const once = ask('POST', ADJUSTMENTS, unitChange).state;
    expect(unitsIn(ask('POST', ADJUSTMENTS, unitChange, once).state).at(-1)).toEqual(['2021-01-01', '2025-12-31', 18]);
  });

  test('of nothing is no entry', () => {
    const { status, state } = ask('POST', ADJUSTMENTS, { ...unitChange, unitChange: 0 });
    expect([status, state.ledger, state.tables]).toEqual([200, [], held().tables]);
  });

  test.each<[string, Json]>([
    ['a fraction', { ...unitChange, unitChange: 1.5 }],
    ['a text for a number', { ...unitChange, unitChange: '3' }],
    ['a bare date', { ...unitChange, effectiveDate: '2021-01-01' }],
    ['no day', { contractServiceID: 900, unitChange: 3 }],
    ['a field that is not there', { ...unitChange, units: 3 }],
    ['a contract alone', { contractID: 12, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' }],
    ['a contract service that is not there', { ...unitChange, contractServiceID: 1 }],
    ['a service that is not there', { contractID: 12, serviceID: 1, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' }],
    ['a day outside of the contract', { ...unitChange, effectiveDate: '2026-01-01T00:00:00Z' }],
    ['fewer units than none', { ...unitChange, unitChange: -13 }],
  ])('with %s is refused with 500 and changes nothing', (_, body) => {
    const { status, state } = ask('POST', ADJUSTMENTS, body);
    expect([status, state]).toEqual([500, held()]);
  });

  test.each([
    ['of block hours', 4],
    ['of time and materials', 1],
  ])('on a contract %s is refused, new service or not', (_, contractType) => {
    const contracts = [contractRow({ contractType })];
    const state = createSandbox({ psa: 'autotask', tables: { ...tables, ...heldRows([heldLine(fixture)]), contracts } });
    const added = { contractID: 12, serviceID: 41, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' };
    for (const body of [unitChange, added])
      expect(ask('POST', ADJUSTMENTS, body, state)).toEqual({
        ...{ status: 500, body: { errors: ['Services can only be adjusted on recurring service contracts.'] }, state },
      });
  });

  test('of a period that was posted is refused', () => {
    const rows = heldRows([heldLine(fixture)]);
    const posted = (rows['contractServiceUnits'] ?? []).map((row) => ({ ...row, approveAndPostDate: '2021-01-01T00:00:00Z' }));
    const state = createSandbox({ psa: 'autotask', tables: { ...tables, ...rows, contractServiceUnits: posted } });
    expect(ask('POST', ADJUSTMENTS, unitChange, state)).toEqual({
      ...{ status: 500, body: { errors: ['The period was approved and posted.'] }, state },
    });
  });
});

describe('requests that are refused', () => {
  const key = { internalDescription: 'k' };
  test.each<[string, Method, string, Json, number]>([
    ['a text that is too long', 'PATCH', '/V1.0/Contracts/12/Services', { id: 900, internalDescription: 'k'.repeat(101) }, 500],
    ['a line of another contract', 'PATCH', '/V1.0/Contracts/13/Services', { id: 900, ...key }, 404],
    ['a new line at the root', 'POST', '/V1.0/ContractServices', { contractID: 12 }, 404],
    ['a line that shall go', 'DELETE', '/V1.0/Contracts/12/Services/900', null, 404],
    ['a service without its period', 'POST', '/V1.0/Services', { name: 'x', billingCodeID: 71, unitPrice: 1 }, 500],
    [
      'a service of a billing code that is off',
      'POST',
      '/V1.0/Services',
      { name: 'x', billingCodeID: 73, periodType: 1, unitPrice: 1 },
      500,
    ],
    ['a charge without its type', 'POST', '/V1.0/Contracts/12/Charges', { contractID: 12, name: 'x' }, 500],
    ['a charge that is not there', 'DELETE', '/V1.0/Contracts/12/Charges/1', null, 404],
    ['a query without a filter', 'POST', '/V1.0/Companies/query', { filter: [] }, 500],
    ['a page of 501', 'POST', '/V1.0/Companies/query', { maxRecords: 501, filter: [{ op: 'exist', field: 'id' }] }, 500],
    ['a field that the entity has not', 'POST', '/V1.0/Companies/query', { filter: [{ op: 'eq', field: 'nope', value: 1 }] }, 500],
    ['a query by GET', 'GET', '/V1.0/Companies/query/next', null, 405],
  ])('%s', (_, method, path, body, status) => {
    const asked = ask(method, path, body);
    expect([asked.status, asked.state]).toEqual([status, held()]);
  });

  test.each(Object.keys(HEADERS))('without %s nothing is answered', (name) => {
    expect(ask('POST', ADJUSTMENTS, unitChange, held(), { ...HEADERS, [name]: '' })).toMatchObject({ status: 401, state: held() });
  });
});

describe('a picklist takes its active values', () => {
  const service = { name: 'x', billingCodeID: 71, periodType: 1, unitPrice: 1 };
  const charge = { contractID: 12, chargeType: 1, datePurchased: '2021-01-01T00:00:00Z', name: 'x', unitQuantity: 1, billingCodeID: 72 };
  test.each<[string, string, Json, number]>([
    ['a period that is active', '/V1.0/Services', service, 200],
    ['a period that is inactive', '/V1.0/Services', { ...service, periodType: 9 }, 500],
    ['a period that nobody knows', '/V1.0/Services', { ...service, periodType: 4 }, 500],
    ['a type of charge that is active', '/V1.0/Contracts/12/Charges', charge, 200],
    ['a type of charge that nobody knows', '/V1.0/Contracts/12/Charges', { ...charge, chargeType: 3 }, 500],
  ])('%s', (_, path, body, status) => {
    const asked = ask('POST', path, body);
    expect(asked.status).toBe(status);
    if (status === 500)
      expect([JSON.stringify(asked.body), asked.state]).toEqual([expect.stringContaining('is not a valid choice'), held()]);
  });

  test('and the tenant’s own lengths and required fields hold', () => {
    const fields = [
      { id: 1, entity: 'Services', name: 'name', length: 3 },
      { id: 2, entity: 'Services', name: 'sku', isRequired: true },
    ];
    const state = createSandbox({ psa: 'autotask', tables: { ...tables, fields } });
    const answers = [{ ...service, name: 'xxxx', sku: 's' }, service, { ...service, sku: 's' }].map(
      (body) => ask('POST', '/V1.0/Services', body, state).status,
    );
    expect(answers).toEqual([500, 500, 200]);
  });
});

test('the zone is told without credentials', () => {
  const request = { method: 'GET', path: '/V1.0/ZoneInformation', headers: {}, body: null } as const;
  const asked = [{ user: 'api@acme.example' }, {}].map((query) => answer(held(), { ...request, query }).answer?.body);
  expect(asked).toMatchObject([{ url: 'https://webservices5.autotask.net/ATServicesRest/' }, { errors: ['The user was not found.'] }]);
});
