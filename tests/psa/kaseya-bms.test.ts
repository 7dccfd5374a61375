import { describe, expect, test } from 'vitest';
import type { Agreement, Connection } from '../../src/domain/agreement';
import { ALONE, type Change } from '../../src/domain/change';
import type { Json } from '../../src/domain/canonical';
import { problem } from '../../src/domain/problem';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import type { PsaAnswer, PsaRequest, Reading } from '../../src/psa/psa';
import { chargeChange, createChange, d, endChange, exportChange, NOTHING, planOf, updateChange } from '../support/plans.ts';
import { accountRow, bmsOf, contractRow, fixture, serviceRow } from './fixtures/kaseya-bms.ts';
import { rowsOf } from './journeys.ts';

const { read } = kaseyaBms;

describe('what is read', () => {
  test('accounts, page by page, until as many are read as the total says', () => {
    const accounts = Array.from({ length: 201 }, (_, index) => accountRow({ Id: index + 1, AccountName: `Account ${String(index + 1)}` }));
    const state = bmsOf({ accounts });
    expect(rowsOf(fixture, state, read.companies()).map(({ id }) => id)).toEqual(accounts.map((_, index) => String(index + 1)));
    const first = read.companies().request;
    expect([first.method, first.path, first.query]).toEqual(['GET', '/v2/crm/accounts/summary', { PageSize: '100', PageNumber: '1' }]);
  });

  test('a page that is cut shorter than asked for sets the size of the next ones, so no row is skipped', () => {
    const { request } = read.companies();
    const rows = Array.from({ length: 50 }, (_, index) => accountRow({ Id: index + 1 }));
    expect(next(read.companies(), envelope(rows, 120), request)?.query).toEqual({ PageSize: '50', PageNumber: '2' });
    const second = { ...request, query: { PageSize: '50', PageNumber: '2' } };
    expect(next(read.companies(), envelope(rows, 120), second)?.query).toEqual({ PageSize: '50', PageNumber: '3' });
    const third = { ...request, query: { PageSize: '50', PageNumber: '3' } };
    expect(next(read.companies(), envelope(rows.slice(0, 20), 120), third)).toBeNull();
    expect(next(read.companies(), envelope([], 120), third)).toBeNull();
  });

  test('services are searched with a POST, and the page is in its body', () => {
    const services = Array.from({ length: 101 }, (_, index) => serviceRow({ Id: index + 1, Name: `Service ${String(index + 1)}` }));
    const { request } = read.products();
    expect([request.method, request.path, request.body]).toEqual([
      'POST',
      '/v2/admin/finance/services/search',
      { PageSize: 100, PageNumber: 1 },
    ]);
    expect(next(read.products(), envelope(services.slice(0, 100), 101), request)?.body).toEqual({ PageSize: 100, PageNumber: 2 });
    expect(rowsOf(fixture, bmsOf({ services }), read.products())).toHaveLength(101);
  });

  test('a record becomes what it is in the terms of every PSA', () => {
    const state = bmsOf();
    expect(rowsOf(fixture, state, read.companies())).toEqual([
      {
        ...{ id: '7', name: '1st West Insurance', identifier: 'FW', website: 'www.1stwestinsurance.com' },
        ...{ externalId: null, active: true },
      },
    ]);
    expect(rowsOf(fixture, state, read.products())).toEqual([
      {
        ...{ id: '41', identifier: 'PFPT-BUS', description: 'PFPT-BUS', price: '3.5', cost: '2.44' },
        ...{ taxable: true, active: true, reference: null },
      },
    ]);
    expect(rowsOf(fixture, state, read.agreements(null))).toEqual([CONTRACT]);
    expect(rowsOf(fixture, state, read.agreements('7'))).toEqual([CONTRACT]);
  });

  test('all contracts find their account by its name; a name that two accounts have places none', () => {
    const state = bmsOf({
      accounts: [accountRow(), accountRow({ Id: 8, AccountName: 'Twin' }), accountRow({ Id: 9, AccountName: 'Twin' })],
      contracts: [contractRow(), contractRow({ Id: 13, AccountId: 8, AccountName: 'Twin' })],
    });
    expect(rowsOf(fixture, state, read.agreements(null)).map(({ id, companyId }) => [id, companyId])).toEqual([
      ['12', '7'],
      ['13', 'name:Twin'],
    ]);
    expect(rowsOf(fixture, state, read.agreements('8')).map(({ id, companyId, monthly }) => [id, companyId, monthly])).toEqual([
      ['13', '8', true],
    ]);
  });

  test('a contract that the summary does not tell stays, and is not offered: its cycle is unknown', () => {
    const [first] = pages(read.agreements('7'), [
      envelope([{ Id: 12, Name: 'Managed Services', IsActive: true, EndDate: null }]),
      accountRow(),
      envelope([], 0),
    ]);
    expect(first).toEqual({ ...CONTRACT, status: 'unknown', type: null, cycle: null, monthly: null, startDate: null, endDate: null });
    expect(kaseyaBms.judge(CONTRACT, USE).refusals).toEqual([]);
    expect(first === undefined ? [] : kaseyaBms.judge(first, USE).refusals).toEqual([
      problem('agreement is not monthly', { agreement: 'Managed Services', cycle: null }),
    ]);
  });

  test.each([
    [{ BillingCycle: 'Quarterly' }, 'Quarterly', false],
    [{ BillingCycle: 'Bi-Monthly' }, 'Bi-Monthly', false],
    [{ BillingCycle: 'monthly (in arrears)' }, 'monthly (in arrears)', true],
    [{ BillingCycle: '' }, null, null],
    [{ ContractType: 'Block Hours' }, 'Block Hours, Monthly', false],
    [{ ContractType: null }, 'Monthly', true],
  ])('a contract with %o is billed by %s', (parts, cycle, monthly) => {
    const [found] = rowsOf(fixture, bmsOf({ contracts: [contractRow(parts)] }), read.agreements(null));
    expect([found?.cycle, found?.monthly]).toEqual([cycle, monthly]);
  });

  test.each([
    ['Active', 'active'],
    ['Inactive', 'inactive'],
    ['Expired', 'ended'],
    ['Cancelled', 'cancelled'],
    ['On hold', 'unknown'],
  ])('the status %s is %s', (Status, status) => {
    expect(rowsOf(fixture, bmsOf({ contracts: [contractRow({ Status })] }), read.agreements(null))[0]?.status).toBe(status);
  });

  test('categories and income accounts are the choices of a new service', () => {
    const offered = read.lookups();
    const state = bmsOf({ incomeAccounts: [{ Id: 4, Name: 'Old', IsActive: false }] });
    expect(Object.keys(offered)).toEqual(['categories', 'types']);
    expect(offered.categories === undefined ? null : rowsOf(fixture, state, offered.categories)).toEqual([
      { id: '3', name: 'Email security' },
    ]);
    expect(offered.types === undefined ? null : rowsOf(fixture, state, offered.types)).toEqual([{ id: '4', name: 'Old (not active)' }]);
  });

  test.each([
    [
      'a failure with status 200',
      failure(200),
      problem('request was refused', { status: 200, message: 'No access; Ask the owner; Line 3' }),
    ],
    ['a refused token', failure(401), problem('credentials were refused', { status: 401, message: 'No access; Ask the owner; Line 3' })],
    [
      'a web page',
      { status: 200, headers: {}, body: undefined },
      problem('answer is not understood', { what: 'account list', detail: 'not a list' }),
    ],
    [
      'a row without an id',
      envelope([{ AccountName: 'x' }], 1),
      problem('answer is not understood', { what: 'account', detail: 'row 1: without an id' }),
    ],
    ['a row that is none', envelope([{ Id: 5 }], 1), problem('answer is not understood', { what: 'account', detail: 'row 1: id 5' })],
    ['a limit', { ...failure(429), headers: { 'retry-after': '7' } }, problem('rate limit', { seconds: 7 })],
  ])('%s is a problem', (_, answer, expected) => {
    const reading = read.companies();
    expect(reading.parse(answer, reading.request)).toEqual({ ok: false, error: [expected] });
  });

  test('nobody reads a line', () => {
    expect(() => read.lines('12')).toThrow('nobody');
    expect(() => read.oneTimeLines('12')).toThrow('nobody');
    expect(kaseyaBms.removal({ agreementId: '12', lineId: '900', kind: 'recurring' })).toBeNull();
    expect(kaseyaBms.evidence(request(createChange()))).toBeNull();
  });
});

describe('saved answers', () => {
  const { AccountId: _, ...summary } = contractRow();
  test.each([
    ['accounts', 'companies', [accountRow()]],
    ['contracts', 'agreements', [summary]],
    ['services', 'products', [serviceRow()]],
  ])('%s are recognised in their envelope, alone, and as one row', (_name, kind, rows) => {
    const found = [{ Success: true, Result: rows, TotalRecords: 1 }, rows, rows[0]].map((saved) => kaseyaBms.recognise(saved));
    expect(found.map((one) => [one?.kind, one?.rows.length])).toEqual([1, 2, 3].map(() => [kind, 1]));
  });

  test.each([[null], [[]], [{ Result: [] }], [{ Id: 1, Name: 'x' }], [[accountRow(), { AccountName: 'no id', IsActive: true }]]])(
    '%j is none',
    (saved) => {
      expect(kaseyaBms.recognise(saved)).toBeNull();
    },
  );
});

describe('requests', () => {
  test('a new line is one row posted as a list', () => {
    expect(kaseyaBms.requests(createChange(), ALONE)).toEqual({
      ok: true,
      value: [
        {
          operation: 'create',
          method: 'POST',
          path: '/v2/finance/contracts/recurringservices/12/services',
          query: {},
          headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
          body: [
            {
              ...{ ServiceId: 41, ServiceName: 'PFPT-BUS', Units: 15, UnitCost: 2.44, UnitPrice: 3 },
              ServiceDescription: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
              ...{ EffectiveDate: '2021-01-01T00:00:00Z', SortOrder: 1 },
            },
          ],
          expects: { status: [200], yields: {} },
          uses: [],
        },
      ],
    });
  });

  test('a service that is exported first is named by what its answer yields, and an unknown cost is left out', () => {
    const product = { id: null, identifier: 'Mail Shield', use: 'product-advanced' };
    const made = drafts(createChange({ product, after: { ...createChange().after, cost: null } }));
    expect(made.map(({ uses, body }) => [uses, body])).toEqual([
      [
        ['product-advanced'],
        [
          {
            ...{ ServiceId: { $use: 'product-advanced' }, ServiceName: 'Mail Shield', Units: 15, UnitPrice: 3 },
            ServiceDescription: '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business',
            ...{ EffectiveDate: '2021-01-01T00:00:00Z', SortOrder: 1 },
          },
        ],
      ],
    ]);
  });

  test.each([
    ['an update', updateChange()],
    ['an update of everything', updateChange({ after: { ...createChange().after, effectiveDate: null } })],
    ['an end by date', endChange()],
    ['an end by quantity', endChange({ how: 'zero', after: { ...NOTHING, quantity: d('0') } })],
    ['an end of a line whose id nobody knows', endChange({ lineId: null })],
    ['a one-time line', chargeChange()],
    ['a credit', chargeChange({ after: { ...chargeChange().after, quantity: d('3'), price: d('-3') } })],
  ])('%s is one thing to do by hand', (_, change: Change) => {
    expect(drafts(change)).toEqual([
      {
        ...{ operation: change.kind, method: 'HAND', path: '', query: {}, headers: {}, body: null, uses: [] },
        expects: { status: [], yields: {} },
      },
    ]);
  });

  test('an update that writes nothing is nothing to do', () => {
    expect(drafts(updateChange({ after: NOTHING }))).toEqual([]);
  });

  test('a new service is filed under a category and an income account, and yields its id', () => {
    expect(drafts(exportChange())).toEqual([
      {
        ...{ operation: 'export', method: 'POST', path: '/v2/admin/finance/services/services', query: {}, uses: [] },
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        body: {
          ...{ Name: 'Mail Shield Advanced', Description: 'Mail filtering, the advanced package', UnitCost: 3.1, UnitPrice: 4.25 },
          ...{ CategoryId: 3, IncomeAccountId: 4, IsActive: true, IsTaxable: true },
        },
        expects: { status: [200], yields: { 'product-advanced': { field: 'Result.Id', where: null } } },
      },
    ]);
  });
});

describe('limits', () => {
  const after = createChange().after;
  const create = (parts: Partial<typeof after>) => createChange({ after: { ...after, ...parts } });
  test.each<readonly [string, Change, Change]>([
    ['the name of a line', create({ name: 'x'.repeat(255) }), create({ name: 'x'.repeat(256) })],
    ['whole units', create({ quantity: d('15') }), create({ quantity: d('15.5') })],
    ['units that are not negative', create({ quantity: d('0') }), create({ quantity: d('-1') })],
    ['a day', create({ effectiveDate: '2021-01-01' }), create({ effectiveDate: null })],
    ['a price that a double holds', create({ price: d('3.123456789') }), create({ price: d('3.12345678901234567') })],
    ['a contract', createChange({ agreementId: '2147483647' }), createChange({ agreementId: '2147483648' })],
    [
      'a service that is known',
      createChange({ product: { id: '41', identifier: '', use: null } }),
      createChange({ product: { id: null, identifier: 'PFPT-BUS', use: null } }),
    ],
    ['whole units by hand', updateChange(), updateChange({ after: { ...NOTHING, quantity: d('15.5') } })],
    ['the name of a service', exportOf({ name: 'x'.repeat(255) }), exportOf({ name: 'x'.repeat(256) })],
    ['the text of a service', exportOf({ description: 'x'.repeat(255) }), exportOf({ description: 'x'.repeat(256) })],
    ['a category', exportOf({ category: '1' }), exportOf({ category: '' })],
    ['an income account', exportOf({ type: '1' }), exportOf({ type: 'Revenue' })],
  ])('%s: inside it is taken, outside it is refused', (_, inside, outside) => {
    expect([kaseyaBms.requests(inside, ALONE).ok, kaseyaBms.requests(outside, ALONE).ok]).toEqual([true, false]);
  });

  test('are data: whole units, 25 requests a minute, dated rows', () => {
    const { quantityDecimals, requestsPerMinute, datesChanges, pageSize } = kaseyaBms.limits;
    expect({ quantityDecimals, requestsPerMinute, datesChanges, pageSize }).toEqual({
      ...{ quantityDecimals: 0, requestsPerMinute: 25, datesChanges: true, pageSize: 100 },
    });
  });

  function exportOf(parts: Partial<ReturnType<typeof exportChange>['product']>): Change {
    return exportChange({ product: { ...exportChange().product, ...parts } });
  }
});

describe('the proof of a write', () => {
  const row = {
    ...{ Id: 900, ServiceId: 41, ContractId: 12, Units: 15, UnitCost: 2.44, UnitPrice: 3, EffectiveDate: '2021-01-01T00:00:00' },
    Description: 'shaped by BMS',
  };
  const proof = (body: Json | undefined) => kaseyaBms.prove(request(createChange()), { status: 200, headers: {}, body });

  test('is the row that was made, alone or as a list of one', () => {
    expect([proof(whole(row)), proof(whole([row]))]).toEqual([1, 2].map(() => ({ lineId: '900', yielded: {} })));
  });

  test.each<readonly [string, Json | undefined]>([
    ['a web page', undefined],
    ['nothing', null],
    ['an empty envelope', { Success: true, Result: null }],
    ['a failure', { Success: false, Result: row }],
    ['a row without its envelope', row],
    ['two rows', whole([row, row])],
    ['no id', whole({ ...row, Id: 0 })],
    ['another contract', whole({ ...row, ContractId: 13 })],
    ['another service', whole({ ...row, ServiceId: 42 })],
    ['another quantity', whole({ ...row, Units: 28 })],
    ['another price', whole({ ...row, UnitPrice: 3.5 })],
    ['another cost', whole({ ...row, UnitCost: 0 })],
    ['another day, as after a shift of time zones', whole({ ...row, EffectiveDate: '2020-12-31T18:00:00' })],
    ['no day', whole({ ...row, EffectiveDate: null })],
  ])('%s proves nothing', (_, body) => {
    expect(proof(body)).toBeNull();
  });

  test('of a new service is its name, and it yields the id', () => {
    const service = serviceRow({ Id: 77, Name: 'Mail Shield Advanced', UnitCost: 3.1, UnitPrice: 4.25 });
    const answered = (body: Json) => kaseyaBms.prove(request(exportChange()), { status: 200, headers: {}, body });
    expect(answered(whole(service))).toEqual({ lineId: '77', yielded: { 'product-advanced': 77 } });
    expect(answered(whole({ ...service, Name: 'Mail Shield' }))).toBeNull();
  });

  test('a refusal has status 200, and its words are those of BMS without the stack', () => {
    const refused = failure(200);
    expect([kaseyaBms.refuses(refused), kaseyaBms.message(refused)]).toEqual([true, 'No access; Ask the owner; Line 3']);
    expect([kaseyaBms.refuses(envelope([])), kaseyaBms.refuses({ status: 200, headers: {}, body: undefined })]).toEqual([false, false]);
    expect(kaseyaBms.message({ status: 502, headers: {}, body: '<html>' })).toBeNull();
  });

  function whole(result: Json): Json {
    return { Success: true, Error: null, Result: result };
  }
});

describe('the account', () => {
  const connection: Connection = {
    ...{ id: 'x', psa: 'kaseya-bms', name: 'x', url: null, tenant: 'acme', currency: 'USD', rateLimit: 1 },
    protocol: 'psa',
    ...{ quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
  };
  test('signs in with company, user name and password, and sends no header of its own', () => {
    expect(kaseyaBms.authorization(connection, fixture.account)).toEqual({ ok: true, value: {} });
    expect(kaseyaBms.signIn).toEqual({
      path: 'v2/security/authenticate',
      encoding: 'multipart',
      form: { GrantType: 'password', UserName: '{{userName}}', Password: '{{password}}', Tenant: '{{tenant}}' },
      token: 'Result.AccessToken',
    });
  });

  test.each(['userName', 'password'])('%s must be there', (field) => {
    expect(kaseyaBms.authorization(connection, { ...fixture.account, [field]: ' ' })).toEqual({
      ok: false,
      error: problem('credentials are missing', { field }),
    });
  });
});

const USE = { period: '2020-12', today: '2021-01-03', currency: 'USD', option: 'multi-product' } as const;

const CONTRACT: Agreement = {
  ...{ id: '12', name: 'Managed Services', companyId: '7', type: 'Recurring Service' },
  status: 'active',
  ...{ startDate: '2020-01-01', endDate: '2029-12-31', cycle: 'Monthly', monthly: true, currency: null },
  ...{ prorates: null, nextInvoiceDate: null, billsProducts: null },
};

function drafts(change: Change) {
  const made = kaseyaBms.requests(change, ALONE);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

function request(change: Change) {
  const [found] = planOf([change], kaseyaBms).requests;
  if (found === undefined) throw new Error('no request');
  return found;
}

function envelope(rows: readonly Json[], total?: number): PsaAnswer {
  return {
    status: 200,
    headers: {},
    body: { Success: true, Error: null, Result: rows, ...(total === undefined ? {} : { TotalRecords: total }) },
  };
}

function failure(status: number): PsaAnswer {
  const Error = {
    Code: 5,
    Message: 'No access',
    Details: 'Ask the owner',
    StackStrace: 'at Bms.Secret()',
    SubErrors: ['Line 3', 'No access'],
  };
  return { status, headers: {}, body: { Success: false, Error, Result: null } };
}

function next<T>(reading: Reading<T>, answer: PsaAnswer, asked: PsaRequest): PsaRequest | null {
  const page = reading.parse(answer, asked);
  if (!page.ok) throw new Error(JSON.stringify(page.error));
  return page.value.next;
}

/** The rows of a reading whose requests are answered one after the other. */
function pages<T>(reading: Reading<T>, answers: readonly (PsaAnswer | Json)[]): readonly T[] {
  const rows: T[] = [];
  let asked: PsaRequest | null = reading.request;
  for (const answer of answers) {
    if (asked === null) throw new Error('it asks for no more');
    const given = isAnswer(answer) ? answer : { status: 200, headers: {}, body: answer };
    const page = reading.parse(given, asked);
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    rows.push(...page.value.rows);
    asked = page.value.next;
  }
  return reading.join?.(rows) ?? rows;
}

function isAnswer(value: PsaAnswer | Json): value is PsaAnswer {
  return typeof value === 'object' && value !== null && 'headers' in value;
}
