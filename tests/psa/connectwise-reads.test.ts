import { describe, expect, test } from 'vitest';
import type { Agreement, Connection, PsaLine } from '../../src/domain/agreement';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaAnswer } from '../../src/psa/psa';
import { additionRow, agreementRow, businessName, d, keyOf } from '../support/plans.ts';

const connection: Connection = {
  id: 'cw',
  psa: 'connectwise',
  name: 'ConnectWise',
  protocol: 'psa',
  url: 'http://127.0.0.1',
  tenant: 'acme',
  currency: 'USD',
  rateLimit: 60,
  quarantineMinutes: 10,
  checksKeys: false,
  settings: {},
  remember: false,
};

const agreement: Agreement = {
  id: '12',
  name: 'Managed Services',
  companyId: '7',
  type: 'Managed Services',
  status: 'active',
  startDate: '2020-01-01',
  endDate: null,
  cycle: 'Monthly',
  monthly: true,
  currency: 'USD',
  prorates: false,
  nextInvoiceDate: '2021-01-01',
  billsProducts: true,
};

const addition: PsaLine = {
  id: '900',
  agreementId: '12',
  kind: 'recurring',
  productId: '41',
  productIdentifier: 'PFPT-BUS',
  description: businessName,
  quantity: d('12'),
  price: d('3'),
  cost: d('2.44'),
  effectiveDate: '2020-12-01',
  endDate: null,
  lessIncluded: d('0'),
  invoiced: null,
  key: keyOf('business'),
};

describe('credentials', () => {
  const credentials = { publicKey: 'public', privateKey: 'private', clientId: 'client' };

  test('become Basic of login company, public and private key, and the partner’s own client id', () => {
    expect(connectwise.authorization(connection, credentials)).toEqual(
      ok({ Authorization: 'Basic YWNtZStwdWJsaWM6cHJpdmF0ZQ==', clientId: 'client' }),
    );
  });

  test('in other letters are UTF-8', () => {
    const headers = connectwise.authorization({ ...connection, tenant: 'bäckerei' }, credentials);
    expect(headers).toEqual(
      ok({ Authorization: `Basic ${Buffer.from('bäckerei+public:private').toString('base64')}`, clientId: 'client' }),
    );
  });

  test.each(['publicKey', 'privateKey', 'clientId'])('without %s are refused', (field) => {
    expect(connectwise.authorization(connection, { ...credentials, [field]: ' ' })).toEqual(
      err(problem('credentials are missing', { field })),
    );
  });
});

describe('an agreement', () => {
  test('is read with its cycle, currency and next invoice', () => {
    expect(agreementsIn([agreementRow()])).toEqual(ok({ rows: [agreement], next: null }));
  });

  test.each([
    [{ cancelledFlag: true }, { status: 'cancelled' }],
    [{ agreementStatus: 'Expired' }, { status: 'ended' }],
    [{ agreementStatus: 'Inactive' }, { status: 'inactive' }],
    [{ agreementStatus: 'Somewhere' }, { status: 'unknown' }],
    [{ noEndingDateFlag: false, endDate: '2021-06-30T00:00:00Z' }, { endDate: '2021-06-30' }],
    [{ billingCycle: null }, { cycle: null, monthly: null }],
    [{ billingCycle: { id: 1, name: 'None' } }, { cycle: 'None', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Quarterly' } }, { cycle: 'Quarterly', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Every 2 Months' } }, { cycle: 'Every 2 Months', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Bi-Monthly' } }, { cycle: 'Bi-Monthly', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Bimonthly' } }, { cycle: 'Bimonthly', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Semi-monthly' } }, { cycle: 'Semi-monthly', monthly: false }],
    [{ billingCycle: { id: 1, name: 'Calendar Month' } }, { cycle: 'Calendar Month', monthly: true }],
    [{ billingCycle: { id: 1, name: 'MONTHLY (1st)' } }, { cycle: 'MONTHLY (1st)', monthly: true }],
    [{ oneTimeFlag: true }, { monthly: false }],
    [{ currency: { currencyCode: 'eur' } }, { currency: 'EUR' }],
    [{ currency: null }, { currency: null }],
    [{ prorateFlag: true }, { prorates: true }],
    [{ billProducts: 'DoNotBill' }, { billsProducts: false }],
    [{ billProducts: 'NoCharge' }, { billsProducts: false }],
    [{ billableProductInvoice: false }, { billsProducts: false }],
    [{ coverAgreementProduct: true }, { billsProducts: false }],
    [{ billProducts: 'NoDefault', billableProductInvoice: null }, { billsProducts: null }],
  ])('with %j is %j', (parts, expected) => {
    expect(agreementsIn([agreementRow(parts)])).toEqual(ok({ rows: [{ ...agreement, ...expected }], next: null }));
  });
});

describe('an addition', () => {
  test('is read with our key', () => {
    expect(linesIn([additionRow()])).toEqual(ok({ rows: [addition], next: null }));
  });

  test('that ended keeps its last day, and a foreign serial number is no key of ours', () => {
    expect(linesIn([additionRow({ cancelledDate: '2020-12-31T00:00:00Z', serialNumber: 'SN-1' })])).toEqual(
      ok({ rows: [{ ...addition, endDate: '2020-12-31', key: null }], next: null }),
    );
  });

  test('without a quantity has none, which is not 0', () => {
    expect(linesIn([additionRow({ quantity: null, unitPrice: null })])).toEqual(
      ok({ rows: [{ ...addition, quantity: null, price: null }], next: null }),
    );
  });

  test('whose end cannot be read makes the page not understood, with every bad row', () => {
    expect(linesIn([additionRow({ cancelledDate: 'soon' }), additionRow(), { name: 'x' }])).toEqual(
      err([
        problem('answer is not understood', { what: 'addition', detail: 'row 1: id 900' }),
        problem('answer is not understood', { what: 'addition', detail: 'row 3: without an id' }),
      ]),
    );
  });
});

test('a one-time line is invoiced when it names an invoice', () => {
  const key = keyOf('business', 'one-time single');
  const row = {
    id: 5,
    catalogItem: { id: 41, identifier: 'PFPT-BUS' },
    agreement: { id: 12 },
    description: 'Usage',
    quantity: 1,
    price: 45,
    cost: 36.6,
    integrationXRef: key,
  };
  const line: PsaLine = {
    ...addition,
    id: '5',
    kind: 'one-time',
    description: 'Usage',
    quantity: d('1'),
    price: d('45'),
    cost: d('36.6'),
    effectiveDate: null,
    lessIncluded: null,
    invoiced: false,
    key,
  };
  const { request, parse } = connectwise.read.oneTimeLines('12');
  expect(parse(answerOf([row, { ...row, invoice: { id: 77 } }, { ...row, cancelledFlag: true }]), request)).toEqual(
    ok({ rows: [line, { ...line, invoiced: true }, { ...line, endDate: '1970-01-01' }], next: null }),
  );
});

test('companies and products are read, a deleted company and a bundle as not active', () => {
  const { read } = connectwise;
  const company = { id: 7, identifier: '1stWest', name: '1st West Insurance', website: '', accountNumber: 'P-9', deletedFlag: true };
  expect(read.companies().parse(answerOf([company]), read.companies().request)).toEqual(
    ok({
      rows: [{ id: '7', name: '1st West Insurance', identifier: '1stWest', website: null, externalId: 'P-9', active: false }],
      next: null,
    }),
  );
  const item = {
    id: 41,
    identifier: 'PFPT',
    description: 'Proofpoint',
    price: 3.5,
    cost: null,
    productClass: 'Bundle',
    integrationXRef: 'x',
  };
  expect(read.products().parse(answerOf([item]), read.products().request)).toEqual(
    ok({
      rows: [
        { id: '41', identifier: 'PFPT', description: 'Proofpoint', price: '3.5', cost: null, taxable: null, active: false, reference: 'x' },
      ],
      next: null,
    }),
  );
});

test('products by reference or identifier are compared exactly, whatever the wildcard found', () => {
  const { request, parse } = connectwise.read.productsByReference('ref', 'A"B');
  expect(request.query['conditions']).toBe('integrationXRef="ref" OR identifier="A*B"');
  const item = (id: number, identifier: string, integrationXRef: string) => ({ id, identifier, description: 'x', integrationXRef });
  const page = parse(answerOf([item(1, 'AxB', ''), item(2, 'a"b', ''), item(3, 'other', 'ref')]), request);
  expect(page.ok && page.value.rows.map(({ id }) => id)).toEqual(['2', '3']);
});

test('a sub-category is shown with its category', () => {
  const reading = connectwise.read.lookups().categories;
  if (reading === undefined) throw new Error('no categories');
  const { request, parse } = reading;
  expect(request.path).toBe('/procurement/subcategories/');
  expect(parse(answerOf([{ id: 3, name: 'Email', category: { id: 1, name: 'Software' } }]), request)).toEqual(
    ok({ rows: [{ id: '3', name: 'Software - Email' }], next: null }),
  );
});

describe('paging', () => {
  const { request, parse } = connectwise.read.lines('12');
  const next = { ...request, query: { ...request.query, page: '2' } };

  test('asks for pages of 1000', () => {
    expect(request).toEqual({
      method: 'GET',
      path: '/finance/agreements/12/additions',
      query: { orderBy: 'id', pageSize: '1000', page: '1' },
      headers: { Accept: 'application/vnd.connectwise.com+json; version=2026.4' },
      body: null,
    });
  });

  test('follows the Link header, and stops where it names no next page', () => {
    const link = '<https://x/additions?page=2>; rel="next", <https://x/additions?page=3>; rel="last"';
    expect(parse(answerOf([additionRow()], { link }), request)).toEqual(ok({ rows: [addition], next }));
    expect(
      parse(
        answerOf(
          Array.from({ length: 1000 }, () => additionRow()),
          { link: '<https://x?page=1>; rel="first"' },
        ),
        request,
      ),
    ).toMatchObject({ value: { next: null } });
  });

  test('goes on after a full page where the browser hides the header, and counts from the page that was asked', () => {
    const full = Array.from({ length: 1000 }, () => additionRow());
    expect(parse(answerOf(full), request)).toMatchObject({ value: { next } });
    expect(parse(answerOf(full), next)).toMatchObject({ value: { next: { query: { page: '3' } } } });
    expect(parse(answerOf(full.slice(1)), next)).toMatchObject({ value: { next: null } });
  });
});

describe('an answer that is no list', () => {
  test.each([
    [401, { code: 'Unauthorized', message: 'No.' }, problem('credentials were refused', { status: 401, message: 'Unauthorized: No.' })],
    [403, undefined, problem('credentials were refused', { status: 403, message: '' })],
    [404, { code: 'NotFound', message: 'Gone' }, problem('request was refused', { status: 404, message: 'NotFound: Gone' })],
    [429, { error: 'TooMany', message: 'Slow' }, problem('rate limit', { seconds: 60 })],
    [200, undefined, problem('answer is not understood', { what: 'addition list', detail: 'not a list' })],
    [200, { id: 1 }, problem('answer is not understood', { what: 'addition list', detail: 'not a list' })],
  ])('%i is said as it is', (status, body, expected) => {
    expect(linesIn(body, status)).toEqual(err([expected]));
  });

  test('a 429 waits as long as it says', () => {
    const { request, parse } = connectwise.read.lines('12');
    expect(parse({ status: 429, headers: { 'retry-after': '7' }, body: undefined }, request)).toEqual(
      err([problem('rate limit', { seconds: 7 })]),
    );
  });
});

test('the PSA’s own words are its code, message and every field', () => {
  const body = {
    code: 'InvalidObject',
    message: 'addition object is invalid',
    errors: [{ code: 'MissingField', message: 'required', field: 'product' }, { message: 'odd' }],
  };
  expect(connectwise.message({ status: 400, headers: {}, body })).toBe('InvalidObject: addition object is invalid; product: required; odd');
  expect(connectwise.message({ status: 500, headers: {}, body: undefined })).toBeNull();
});

describe('a saved answer', () => {
  test.each([
    ['agreements', [agreementRow()], [agreement]],
    ['lines', [additionRow()], [addition]],
  ])('of %s is recognised, as a list or alone', (kind, saved, rows) => {
    expect(connectwise.recognise(saved)).toEqual({ kind, rows });
    expect(connectwise.recognise(saved[0])).toEqual({ kind, rows });
  });

  test('of companies, products and one-time lines is told apart', () => {
    const kindOf = (saved: unknown) => connectwise.recognise(saved)?.kind;
    expect(kindOf([{ id: 7, identifier: 'a', name: 'A' }])).toBe('companies');
    expect(kindOf([{ id: 7, identifier: 'a', description: 'A', price: 1 }])).toBe('products');
    expect(kindOf([{ id: 7, catalogItem: { id: 1 }, agreement: { id: 2 } }])).toBe('lines');
  });

  test.each([
    [[]],
    [null],
    ['text'],
    [[{ id: 'uuid', name: 'Pax8 company', identifier: 'x' }]],
    [[{ id: 1 }]],
    [[agreementRow(), additionRow()]],
  ])('%j is not one', (saved) => {
    expect(connectwise.recognise(saved)).toBeNull();
  });
});

describe('dates', () => {
  test('are those of the month after the period, or of the first month that is not invoiced', () => {
    expect(connectwise.dates(agreement, '2020-12')).toEqual({ firstDay: '2021-01-01', lastDay: '2020-12-31' });
    expect(connectwise.dates({ ...agreement, nextInvoiceDate: '2021-02-15' }, '2020-12')).toEqual({
      firstDay: '2021-02-01',
      lastDay: '2021-01-31',
    });
    expect(connectwise.dates({ ...agreement, nextInvoiceDate: null }, '2020-12')).toEqual({
      firstDay: '2021-01-01',
      lastDay: '2020-12-31',
    });
  });

  test('never begin before the agreement', () => {
    expect(connectwise.dates({ ...agreement, startDate: '2021-01-15' }, '2020-12')).toEqual({
      firstDay: '2021-01-15',
      lastDay: '2020-12-31',
    });
  });
});

describe('an agreement that is judged', () => {
  const use = { period: '2020-12', today: '2021-01-03', currency: 'USD', option: 'multi-product' } as const;
  const name = agreement.name;

  test('takes the lines when it is active, monthly and of the currency', () => {
    expect(connectwise.judge(agreement, use)).toEqual({ refusals: [], warnings: [] });
  });

  test.each<[Partial<Agreement>, ReturnType<typeof connectwise.judge>['refusals']]>([
    [{ status: 'cancelled' }, [problem('agreement is cancelled', { agreement: name })]],
    [{ status: 'inactive' }, [problem('agreement is inactive', { agreement: name })]],
    [{ status: 'ended' }, [problem('agreement is ended', { agreement: name, on: null })]],
    [{ endDate: '2021-01-02' }, [problem('agreement is ended', { agreement: name, on: '2021-01-02' })]],
    [{ endDate: '2021-01-03' }, []],
    [{ endDate: '2021-01-31', nextInvoiceDate: '2021-02-01' }, [problem('agreement is ended', { agreement: name, on: '2021-01-31' })]],
    [{ cycle: 'Quarterly', monthly: false }, [problem('agreement is not monthly', { agreement: name, cycle: 'Quarterly' })]],
    [{ cycle: null, monthly: null }, [problem('agreement is not monthly', { agreement: name, cycle: null })]],
    [{ currency: 'EUR' }, [problem('agreement is in another currency', { agreement: name, expected: 'USD', found: 'EUR' })]],
    [{ currency: null }, []],
    [{ startDate: '2021-02-01' }, [problem('agreement has not started', { agreement: name, startDate: '2021-02-01' })]],
    [{ startDate: '2021-01-31' }, []],
    [{ billsProducts: false }, []],
  ])('%j gives %j', (parts, refusals) => {
    expect(connectwise.judge({ ...agreement, ...parts }, use)).toEqual({ refusals, warnings: [] });
  });

  test('that would not bill products takes no one-time line', () => {
    const judged = connectwise.judge({ ...agreement, billsProducts: false }, { ...use, option: 'one-time single' });
    expect(judged).toEqual({ refusals: [problem('agreement does not bill products', { agreement: name })], warnings: [] });
  });

  test('that prorates warns', () => {
    expect(connectwise.judge({ ...agreement, prorates: true }, use)).toEqual({
      refusals: [],
      warnings: [problem('agreement prorates', { agreement: name })],
    });
  });
});

test('a second copy is removed where it is', () => {
  const { removal } = connectwise;
  const headers = { Accept: 'application/vnd.connectwise.com+json; version=2026.4' };
  const removed = { method: 'DELETE', query: {}, headers, body: null };
  expect(removal({ agreementId: '12', lineId: '900', kind: 'recurring' })).toEqual({
    ...removed,
    path: '/finance/agreements/12/additions/900',
  });
  expect(removal({ agreementId: '12', lineId: '5', kind: 'one-time' })).toEqual({ ...removed, path: '/procurement/products/5' });
});

function answerOf(body: unknown, headers: PsaAnswer['headers'] = {}): PsaAnswer {
  return { status: 200, headers, body };
}

function agreementsIn(rows: unknown) {
  const { request, parse } = connectwise.read.agreements('7');
  return parse(answerOf(rows), request);
}

function linesIn(body: unknown, status = 200) {
  const { request, parse } = connectwise.read.lines('12');
  return parse({ status, headers: {}, body }, request);
}
