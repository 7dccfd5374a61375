import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { bmsOf, serviceRow } from '../psa/fixtures/kaseya-bms.ts';

const ROWS = '/v2/finance/contracts/recurringservices/12/services';
const row = { ServiceId: 41, Units: 15, UnitCost: 2.44, UnitPrice: 3, EffectiveDate: '2021-01-01T00:00:00Z' };
const service = { Name: 'Mail Shield', UnitCost: 3, UnitPrice: 4, CategoryId: 3, IncomeAccountId: 4, IsActive: true, IsTaxable: true };

describe('a service on a contract', () => {
  test('is made once for every request, and the answer is the row in an envelope', () => {
    const first = post(bmsOf(), ROWS, [row]);
    const second = post(first.state, ROWS, [row]);
    expect(first.body).toMatchObject({ Success: true, Result: { ...row, Id: 42, ContractId: 12, TotalPrice: 45, TotalCost: 36.6 } });
    expect(second.state.ledger.map(({ n, effect, table, id }) => [n, effect, table, id])).toEqual([
      [1, 'created', 'rows', 42],
      [2, 'created', 'rows', 43],
    ]);
  });

  test.each<readonly [string, Json, string]>([
    ['no list', row, 'One service is expected.'],
    ['an empty list', [], 'One service is expected.'],
    ['two at once', [row, row], 'One service is expected.'],
    ['an unknown field', [{ ...row, Unit: 1 }], 'Unit: it is not valid.'],
    ['half a unit', [{ ...row, Units: 1.5 }], 'Units: it is not valid.'],
    ['a number as text', [{ ...row, UnitPrice: '3' }], 'UnitPrice: it is not valid.'],
    ['no units', [{ ...row, Units: null }], 'Units: it is required.'],
    ['a bare date', [{ ...row, EffectiveDate: '2021-01-01' }], 'EffectiveDate: it is not valid.'],
    [
      'a day before the contract',
      [{ ...row, EffectiveDate: '2019-12-31T00:00:00Z' }],
      'EffectiveDate: it is before the start of the contract.',
    ],
    ['a service that is not there', [{ ...row, ServiceId: 99 }], 'ServiceId: the service was not found.'],
    ['a long text', [{ ...row, ServiceDescription: 'x'.repeat(256) }], 'ServiceDescription: it is not valid.'],
  ])('is refused with status 200 for %s, and nothing is applied', (_, body, why) => {
    const { status, body: answered, state } = post(bmsOf(), ROWS, body);
    expect([status, JSON.stringify(answered).includes('"Success":false'), JSON.stringify(answered).includes(why)]).toEqual([
      200,
      true,
      true,
    ]);
    expect(state).toEqual(bmsOf());
  });

  test('is refused on a contract that is not there, and of a service that is not active', () => {
    const inactive = bmsOf({ services: [serviceRow({ IsActive: false })] });
    expect(post(bmsOf(), ROWS.replace('12', '13'), [row]).body).toMatchObject({ Success: false });
    expect(post(inactive, ROWS, [row]).body).toMatchObject({ Success: false });
  });
});

describe('a new service', () => {
  test('is made with its id', () => {
    const { body, state } = post(bmsOf(), '/v2/admin/finance/services/services', service);
    expect(body).toEqual({ Success: true, Error: null, Result: { ...service, Id: 42 } });
    expect(state.tables['services']).toHaveLength(2);
  });

  test.each<readonly [string, Json]>([
    ['a name that is taken', { ...service, Name: 'pfpt-bus' }],
    ['no category', { ...service, CategoryId: null }],
    ['a category that is not there', { ...service, CategoryId: 9 }],
    ['an income account that is not there', { ...service, IncomeAccountId: 9 }],
    ['an unknown field', { ...service, Term: 'monthly' }],
  ])('is refused for %s', (_, body) => {
    const refused = post(bmsOf(), '/v2/admin/finance/services/services', body);
    expect([refused.body, refused.state]).toMatchObject([{ Success: false, Result: null }, bmsOf()]);
  });
});

describe('the door', () => {
  const asked = { method: 'GET', path: '/v2/crm/accounts/summary', query: {}, body: null } as const;
  test('is shut without a token', () => {
    expect(answer(bmsOf(), { ...asked, headers: {} }).answer?.status).toBe(401);
    expect(answer(bmsOf(), { ...asked, headers: { authorization: 'Basic x' } }).answer?.status).toBe(401);
    expect(answer(bmsOf(), { ...asked, headers: TOKEN }).answer?.status).toBe(200);
  });

  test('opens for company, user name and password, and says so with status 200 when they are wrong', () => {
    const form = { GrantType: 'password', UserName: 'user', Password: 'secret', Tenant: 'acme' };
    const signIn = (body: Json) =>
      answer(bmsOf(), { method: 'POST', path: '/v2/security/authenticate', query: {}, headers: {}, body }).answer;
    expect(signIn(form)?.body).toMatchObject({ Success: true, Result: { AccessToken: 'sandbox-token' } });
    const wrong = signIn({ ...form, Password: '' });
    expect([wrong?.status, wrong?.body]).toMatchObject([200, { Success: false, Result: null }]);
    expect(signIn({ ...form, GrantType: 'client' })?.body).toMatchObject({ Success: false });
  });

  test('what is not there is not found, and the services of a contract are nowhere to be read', () => {
    for (const path of ['/v2/nothing', ROWS, '/v2/crm/accounts/nothing'])
      expect([path, answer(bmsOf(), { ...asked, path, headers: TOKEN }).answer?.status]).toEqual([path, 404]);
  });
});

const TOKEN = { Authorization: 'Bearer token' };

function post(state: SandboxState, path: string, body: Json): { status: number | undefined; body: Json; state: SandboxState } {
  const request: PsaRequest = { method: 'POST', path, query: {}, headers: TOKEN, body };
  const handled = answer(state, request);
  return { status: handled.answer?.status, body: handled.answer?.body as Json, state: handled.state };
}
