import { describe, expect, test } from 'vitest';
import type { Connection, PsaLine } from '../../src/domain/agreement';
import { ALONE, type Around, type Change } from '../../src/domain/change';
import type { PlanRequest } from '../../src/domain/plan';
import { problem } from '../../src/domain/problem';
import { err, ok } from '../../src/domain/result';
import type { PsaAnswer, PsaRequest, Reading } from '../../src/psa/psa';
import { superops } from '../../src/psa/superops';
import type { Row } from '../../src/sandbox/sandbox';
import { chargeChange, createChange, d, endChange, exportChange, NOTHING, planOf, UNKNOWN, updateChange } from '../support/plans.ts';
import { clientRow, contractRow, fixture, itemRow } from './fixtures/superops.ts';
import { heldLine, keyFor, rowsOf, signed } from './journeys.ts';

const { agreementId, product } = fixture;
const [lineId] = fixture.lineIds;
const lineKey = keyFor(fixture);
const ITEM = { itemId: product.id ?? '', name: product.identifier };
const here = { agreementId, product, lineKey };
const known = { ...here, lineId, before: { ...UNKNOWN, quantity: d('12'), productId: product.id } };

const held: PsaLine = {
  ...{ id: lineId, agreementId, kind: 'recurring', productId: product.id, productIdentifier: product.identifier },
  ...{ description: product.identifier, quantity: d('12'), price: d('3'), cost: null, effectiveDate: '2020-12-01', endDate: null },
  ...{ lessIncluded: null, invoiced: null, key: lineKey, counted: false },
  quantities: [{ from: '2020-12-01', until: null, quantity: d('12') }],
  raw: [{ changeId: '7928838372900168001', effectiveDate: '2020-12-01' }],
};

describe('credentials', () => {
  test('become a bearer and the subdomain', () => {
    expect(signed(fixture, superops.read.test()).headers).toEqual({
      'Content-Type': 'application/json',
      Authorization: 'Bearer api-token-4711',
      CustomerSubDomain: 'acme',
    });
  });

  test('without a token are refused', () => {
    const connection: Connection = {
      ...{ id: 'x', psa: 'superops', name: 'x', protocol: 'psa', url: null, tenant: 'acme', currency: 'USD', rateLimit: 1 },
      ...{ quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
    };
    expect(superops.authorization(connection, { apiToken: ' ' })).toEqual(err(problem('credentials are missing', { field: 'apiToken' })));
  });
});

describe('a list', () => {
  test('is read to its last page, and every page asks for a hundred', () => {
    const asked: unknown[] = [];
    const reading = superops.read.lines(agreementId);
    const spied: Reading<PsaLine> = {
      ...reading,
      parse: (answered, request) => {
        asked.push((request.body as { readonly variables: unknown }).variables);
        return reading.parse(answered, request);
      },
    };
    expect(rowsOf(fixture, fixture.sandbox([heldLine(fixture)]), spied)).toEqual([held]);
    expect(asked).toEqual([{ input: { page: 1, pageSize: 100 } }, { input: { page: 2, pageSize: 100 } }]);
  });

  test.each([
    ['without hasMore, when it is full', { listInfo: null }, 100, 2],
    ['without hasMore, when it is not', { listInfo: null }, 99, null],
    ['that says so itself, full or not', { listInfo: { hasMore: false } }, 100, null],
  ])('%s goes on as it should', (_, more, count, page) => {
    const clients = Array.from({ length: count }, (__, n) => clientRow(String(n + 1), 'x', 's', []));
    const found = parsed(superops.read.companies(), { getClientList: { clients, ...more } });
    expect(found.ok && found.value.next).toEqual(page === null ? null : pageOf(superops.read.companies().request, page));
  });

  test('with an error beside its rows is none: what is missing would count as absent', () => {
    const body = { data: { getClientList: { clients: [] } }, errors: [{ message: 'Too complex' }] };
    expect(superops.read.companies().parse(answerOf(body), superops.read.companies().request)).toEqual(
      err([problem('request was refused', { status: 200, message: 'Too complex' })]),
    );
  });

  test.each([
    ['an id that is a number', { ...clientRow('1', 'x', 's', []), accountId: 4711 }],
    ['no name', { ...clientRow('1', 'x', 's', []), name: null }],
  ])('with %s is not understood', (_, row) => {
    expect(parsed(superops.read.companies(), { getClientList: { clients: [row], listInfo: null } })).toEqual(
      err([problem('answer is not understood', { what: 'client', detail: 'row 1: without an id' })]),
    );
  });

  test.each([
    [401, problem('credentials were refused', { status: 401, message: '' })],
    [429, problem('rate limit', { seconds: 60 })],
  ])('answered with %i is refused', (status, refused) => {
    const { request, parse } = superops.read.companies();
    expect(parse({ ...answerOf({}), status }, request)).toEqual(err([refused]));
  });
});

describe('a record', () => {
  test('a client is a company and its own agreement', () => {
    const row = clientRow(agreementId, '1st West Insurance', 's', ['1stwestinsurance.com']);
    const company = { id: agreementId, name: '1st West Insurance', identifier: null, website: '1stwestinsurance.com', externalId: null };
    const agreement = {
      ...{ id: agreementId, name: 'Client contracts of 1st West Insurance', companyId: agreementId, type: null, status: 'active' },
      ...{ startDate: null, endDate: null, cycle: 'Monthly', monthly: true, currency: null, prorates: null, nextInvoiceDate: null },
      billsProducts: true,
    };
    expect(rowsIn(superops.read.companies(), { getClientList: { clients: [row] } })).toEqual([{ ...company, active: true }]);
    expect(rowsIn(superops.read.agreements(agreementId), { getClient: row })).toEqual([agreement]);
    expect(superops.recognise({ data: { getClientList: { clients: [row] } } })).toEqual({
      ...{ kind: 'companies', rows: [{ ...company, active: true }] },
      also: { kind: 'agreements', rows: [agreement] },
    });
  });

  test.each([
    [
      'an increase, whose meaning is not known',
      { changes: [change('2020-12-01', 'BASELINE', '12'), change('2021-01-01', 'INCREASE', '3')] },
      null,
    ],
    [
      'the newest change, wherever it stands',
      { changes: [change('2021-01-01', 'BASELINE', '15'), change('2020-12-01', 'BASELINE', '12')] },
      '15',
    ],
    [
      'two of one day, the last of them',
      { changes: [change('2021-01-01', 'BASELINE', '15'), change('2021-01-01', 'BASELINE', '16.0')] },
      '16',
    ],
    ['no change', { changes: [] }, null],
  ])('the quantity of a contract is that of %s', (_, billable, quantity) => {
    expect(lineIn(withBillable(billable)).quantity).toBe(quantity);
  });

  test.each([
    [
      'another cycle in its name',
      { recurringContract: { frequencyDurationUnit: 'YEAR', frequencyInterval: 1 } },
      { description: `${product.identifier} (every 1 year)`, monthly: false },
    ],
    ['a quantity that SuperOps counts', { quantityCalculationType: 'DYNAMIC' }, { counted: true }],
    ['no price of its own', { sellingPrice: null }, { price: null }],
  ])('a contract is shown with %s', (_, billable, expected) => {
    expect(lineIn(withBillable(billable))).toEqual({ ...held, ...expected });
  });

  test('a contract that is inactive without an end has ended, and one of a bundle is read', () => {
    const row = contractRow(agreementId, heldLine(fixture), ITEM);
    expect(lineIn({ ...row, contractStatus: 'INACTIVE' }).endDate).toBe('1970-01-01');
    const bare = { ...row, contract: { ...(row['contract'] as Row), billableContract: null } };
    expect([lineIn(bare).productId, lineIn(bare).quantity]).toEqual([null, null]);
  });

  test('an item that is inactive, or sold by the hour, is not offered', () => {
    const row = itemRow(ITEM, '3.50', '2.44');
    const hours = { ...row, serviceTypeItem: { offeringType: 'HOURS' } };
    const items = [row, { ...row, status: 'INACTIVE' }, hours, { ...row, itemType: 'PRODUCT', serviceTypeItem: null }];
    const read = rowsIn(superops.read.products(), { getServiceCatalogItemList: { items } });
    expect(read[0]).toEqual({
      ...{ id: ITEM.itemId, identifier: ITEM.name, description: ITEM.name, price: '3.5', cost: '2.44', taxable: true },
      ...{ active: true, reference: null },
    });
    expect(read.map(({ active }) => active)).toEqual([true, false, false, true]);
  });

  test.each([
    ['DRAFT', { invoiced: false, endDate: null }],
    ['PAID', { invoiced: true, endDate: null }],
    ['VOID', { invoiced: true, endDate: '1970-01-01' }],
  ])('an invoice that is %s is a one-time line, without the key in its name', (statusEnum, expected) => {
    expect(rowsIn(superops.read.oneTimeLines(agreementId), { getInvoiceList: { invoices: [invoiceRow({ statusEnum })] } })).toEqual([
      {
        ...{ id: '71', agreementId, kind: 'one-time', productId: ITEM.itemId, productIdentifier: ITEM.name, description: 'Mail' },
        ...{ quantity: '15', price: '3', cost: null, effectiveDate: '2021-01-01', lessIncluded: null, key: lineKey, ...expected },
      },
    ]);
  });

  test('what is no record of SuperOps is not recognised', () => {
    expect([superops.recognise([]), superops.recognise({ id: 1 }), superops.recognise([{ contract: {} }])]).toEqual([null, null, null]);
  });
});

describe('a change becomes', () => {
  test('a contract billed in arrears, with the key in its description and the quantity as its baseline', () => {
    const [request, ...more] = made(createChange(here));
    expect(more).toEqual([]);
    expect([request?.operation, input(request)]).toEqual([
      'create',
      {
        client: { accountId: agreementId },
        startDate: '2021-01-01',
        contract: {
          description: lineKey,
          billableContract: {
            chargeItem: { itemId: ITEM.itemId },
            sellingPriceOverridden: true,
            sellingPrice: { model: 'PER_UNIT', details: [{ value: '3' }] },
            billableSiteType: 'HQ',
            recurringContract: { recurringMode: 'ARREAR', frequencyDurationUnit: 'MONTH', frequencyInterval: 1 },
            change: { effectiveDate: '2021-01-01', quantity: '15', quantityChangeOperation: 'BASELINE' },
          },
        },
      },
    ]);
    expect(request?.part).toEqual({ before: null, after: { ...createChange().after, name: null, cost: null } });
  });

  test('a baseline from the first day that is not invoiced, and nothing else', () => {
    expect(made(updateChange(known)).map(input)).toEqual([
      {
        contract: {
          contractId: lineId,
          billableContract: { change: { effectiveDate: '2021-01-01', quantity: '15', quantityChangeOperation: 'BASELINE' } },
        },
      },
    ]);
  });

  test('the same change again, where one stands on that day already', () => {
    const around: Around = { ...ALONE, linesOf: () => [{ ...held, raw: [{ changeId: '5', effectiveDate: '2021-01-01' }] }] };
    expect(made(updateChange(known), around).map(input)).toEqual([
      {
        contract: {
          contractId: lineId,
          billableContract: { change: { changeId: '5', effectiveDate: '2021-01-01', quantity: '15', quantityChangeOperation: 'BASELINE' } },
        },
      },
    ]);
  });

  test('a price of the line, without the cost that SuperOps keeps on the item', () => {
    const after = { ...NOTHING, price: d('3.5'), cost: d('2.5') };
    const [request] = made(updateChange({ ...known, after }));
    const price = { sellingPriceOverridden: true, sellingPrice: { model: 'PER_UNIT', details: [{ value: '3.5' }] } };
    expect([input(request), request?.part?.after]).toEqual([
      { contract: { contractId: lineId, billableContract: price } },
      { ...after, cost: null },
    ]);
    expect(made(updateChange({ ...known, after: { ...NOTHING, cost: d('2.5') } }))).toEqual([]);
  });

  test('an end by date, and an end by quantity', () => {
    expect(made(endChange(known)).map(input)).toEqual([{ contract: { contractId: lineId }, endDate: '2020-12-31' }]);
    const zero = endChange({ ...known, how: 'zero', after: { ...NOTHING, quantity: d('0') } });
    expect(made(zero).map(input)).toEqual([
      {
        contract: {
          contractId: lineId,
          billableContract: { change: { effectiveDate: '2021-01-01', quantity: '0', quantityChangeOperation: 'BASELINE' } },
        },
      },
    ]);
  });

  test('a search for the key, then the change of what was found', () => {
    const [read, update] = made(updateChange({ ...known, lineId: null }));
    const name = `contract-${lineKey}`;
    expect([read?.expects.yields, (input(update) as { readonly contract: Row }).contract['contractId'], update?.uses]).toEqual([
      { [name]: { field: 'contract.contractId', where: { field: 'contract.description', equals: lineKey } } },
      { $use: name },
      [name],
    ]);
  });

  test('the client\u2019s site, then a draft invoice with the key behind the name', () => {
    const charge = keyFor(fixture, 'one-time itemised');
    const [read, invoice] = made(chargeChange({ ...here, lineKey: charge, companyId: agreementId }));
    const name = chargeChange().after.name ?? '';
    expect([input(read), input(invoice), invoice?.uses]).toEqual([
      { accountId: agreementId },
      {
        client: { accountId: agreementId },
        site: { id: { $use: `site-${charge}` } },
        statusEnum: 'DRAFT',
        invoiceDate: '2021-01-01',
        addItems: [
          {
            ...{ billedDate: '2021-01-01', serviceItem: { itemId: ITEM.itemId }, details: `${name} [${charge}]` },
            ...{ quantity: '15', unitPrice: '3' },
          },
        ],
      },
      [`site-${charge}`],
    ]);
  });

  test('an item with the key behind its description', () => {
    const change = exportChange();
    expect(made(change).map(input)).toEqual([
      {
        ...{ name: 'Mail Shield Advanced', description: `Mail filtering, the advanced package [${change.reference}]`, taxable: true },
        ...{ category: { categoryId: '3' }, itemType: 'SERVICE', serviceTypeItem: { offeringType: 'QUANTITY' } },
        sellingPrice: { model: 'PER_UNIT', details: [{ value: '4.25' }] },
        costPrice: { model: 'PER_UNIT', details: [{ value: '3.1' }] },
      },
    ]);
    expect(
      made(exportChange({ product: { ...change.product, description: '' } })).map((request) => (input(request) as Row)['description']),
    ).toEqual([`[${change.reference}]`]);
  });
});

describe('a limit, from both sides', () => {
  const charged = (name: string): Change => chargeChange({ ...here, companyId: agreementId, after: { ...chargeChange().after, name } });
  const exported = (parts: Partial<ReturnType<typeof exportChange>['product']>): Change =>
    exportChange({ product: { ...exportChange().product, ...parts } });
  const created = (quantity: string): Change => createChange({ ...here, after: { ...createChange().after, quantity: d(quantity) } });

  test.each([
    ['a name of 200 characters', charged('x'.repeat(200)), charged('x'.repeat(201)), { field: 'name', value: 'x'.repeat(201), limit: 200 }],
    [
      'an item of 200 characters',
      exported({ name: 'x'.repeat(200) }),
      exported({ name: 'x'.repeat(201) }),
      { field: 'name', value: 'x'.repeat(201), limit: 200 },
    ],
    [
      'a description of 200 characters',
      exported({ description: 'x'.repeat(200) }),
      exported({ description: 'x'.repeat(201) }),
      { field: 'description', value: 'x'.repeat(201), limit: 200 },
    ],
  ])('%s is taken, one more is not', (_, fits, over, data) => {
    expect(superops.requests(fits, ALONE).ok).toBe(true);
    expect(superops.requests(over, ALONE)).toEqual(err([problem('text is too long', data)]));
  });

  test('a count is not negative, and may have decimals', () => {
    expect([superops.requests(created('0.125'), ALONE).ok, superops.requests(created('0'), ALONE).ok]).toEqual([true, true]);
    expect(superops.requests(created('-1'), ALONE)).toEqual(err([problem('number is not accepted', { field: 'quantity', value: '-1' })]));
  });

  test('a product needs an id, a new contract a price and a day', () => {
    const after = { ...createChange().after, price: null, effectiveDate: null };
    expect(superops.requests(createChange({ ...here, product: { id: null, identifier: 'x', use: null }, after }), ALONE)).toEqual(
      err([
        problem('text is missing', { field: 'effective date' }),
        problem('text is missing', { field: 'product' }),
        problem('number is not accepted', { field: 'price', value: '' }),
      ]),
    );
  });
});

describe('an answer', () => {
  const [create] = planOf([createChange(here)], superops).requests as [PlanRequest];
  const [update] = planOf([updateChange(known)], superops).requests as [PlanRequest];
  const [find] = planOf([updateChange({ ...known, lineId: null })], superops).requests as [PlanRequest];
  const [site, charge] = planOf([chargeChange({ ...here, companyId: agreementId })], superops).requests as [PlanRequest, PlanRequest];
  const [item] = planOf([exportChange()], superops).requests as [PlanRequest];
  const { reference } = exportChange();
  const stored = { ...itemRow({ itemId: '55', name: 'Mail Shield Advanced' }, '4.25', '3.1'), description: `x [${reference}]` };
  const row = contractRow(agreementId, heldLine(fixture), ITEM);
  const ended = { ...contractRow(agreementId, { ...heldLine(fixture), id: '9' }, ITEM), endDate: '2020-10-31' };
  const foundIn = (...clientContracts: readonly Row[]) => ({ getClientContractList: { clientContracts } });

  test.each<[string, PlanRequest, unknown, unknown]>([
    ['a new contract, by its id', create, { createClientContract: '77' }, { lineId: '77', yielded: {} }],
    ['a changed one, by its own id', update, { updateClientContract: lineId }, { lineId, yielded: {} }],
    ['the one with our key', find, foundIn(ended, row), { lineId, yielded: { [`contract-${lineKey}`]: lineId } }],
    ['the one that ended, where no other is', find, foundIn(ended), { lineId: '9', yielded: { [`contract-${lineKey}`]: '9' } }],
    ['the site', site, { getClient: clientRow(agreementId, 'x', '31', []) }, { lineId: null, yielded: { [`site-${lineKey}`]: '31' } }],
    ['an invoice', charge, { createInvoice: invoiceRow() }, { lineId: '71', yielded: {} }],
    ['an item', item, { createServiceCatalogItem: stored }, { lineId: '55', yielded: { 'product-advanced': '55' } }],
  ])('proves %s', (_, request, data, proof) => {
    expect(superops.prove(request, answerOf({ data }))).toEqual(proof);
  });

  test.each<[string, PlanRequest, unknown]>([
    ['nothing', create, undefined],
    ['HTML', create, '<!doctype html>'],
    ['no data', create, { data: null }],
    ['an id that is a number', create, { data: { createClientContract: 77 } }],
    ['data beside an error', create, { data: { createClientContract: '77' }, errors: [{ message: 'x' }] }],
    ['another operation', create, { data: { updateClientContract: '77' } }],
    ['another contract', update, { data: { updateClientContract: '77' } }],
    ['nobody with our key', find, { data: foundIn(contractRow(agreementId, { ...heldLine(fixture), key: null }, ITEM)) }],
    ['two with our key', find, { data: foundIn(row, { ...row, contract: { ...(row['contract'] as Row), contractId: '8' } }) }],
    ['our key at another client', find, { data: foundIn(contractRow('1', heldLine(fixture), ITEM)) }],
    ['the site of another client', site, { data: { getClient: clientRow('1', 'x', '31', []) } }],
    ['a client without a site', site, { data: { getClient: { ...clientRow(agreementId, 'x', '31', []), hqSite: null } } }],
    ['an invoice with another quantity', charge, { data: { createInvoice: invoiceRow({}, { quantity: '14' }) } }],
    ['an invoice with another price', charge, { data: { createInvoice: invoiceRow({}, { unitPrice: '3.1' }) } }],
    ['an invoice without our key', charge, { data: { createInvoice: invoiceRow({}, { details: 'Mail' }) } }],
    ['an invoice of another client', charge, { data: { createInvoice: invoiceRow({ client: { accountId: '1' } }) } }],
    ['an item of another name', item, { data: { createServiceCatalogItem: { ...stored, name: 'Mail' } } }],
    [
      'an item at another price',
      item,
      { data: { createServiceCatalogItem: itemRow({ itemId: '55', name: 'Mail Shield Advanced' }, '4', '3') } },
    ],
  ])('%s proves nothing', (_, request, body) => {
    expect(superops.prove(request, answerOf(body))).toBeNull();
  });

  test.each<[string, boolean, unknown]>([
    ['errors and no data', true, { data: null, errors: [{ message: 'x' }] }],
    ['errors and nothing but nulls', true, { data: { createInvoice: null }, errors: [{ message: 'x' }] }],
    ['no data at all', true, { data: null }],
    ['errors beside data, which may stand', false, { data: { createClientContract: '77' }, errors: [{ message: 'x' }] }],
    ['an error inside of SuperOps', false, { data: null, errors: [{ message: 'x', extensions: { classification: 'INTERNAL_ERROR' } }] }],
    ['a null without an error', false, { data: { createInvoice: null } }],
    ['HTML', false, '<!doctype html>'],
  ])('%s: refused %s', (_name, refused, body) => {
    expect(superops.refuses(answerOf(body))).toBe(refused);
  });

  test('says in SuperOps\u2019 own words what is wrong', () => {
    const errors = [{ message: 'Invalid', extensions: { clientError: [{ attribute: 'startDate' }] } }, { message: 'Late' }];
    expect([superops.message(answerOf({ errors })), superops.message(answerOf({ data: {} }))]).toEqual([
      'Invalid [{"attribute":"startDate"}]; Late',
      null,
    ]);
  });

  test('a second invoice can be voided, a second contract only by a person', () => {
    const removal = superops.removal({ agreementId, lineId: '71', kind: 'one-time' });
    expect((removal?.body as Row | undefined)?.['variables']).toEqual({ input: { invoiceId: '71', statusEnum: 'VOID' } });
    expect(superops.removal({ agreementId, lineId, kind: 'recurring' })).toBeNull();
  });

  test('a plan\u2019s own read goes on to the next page, and the site\u2019s does not', () => {
    const asked = find as unknown as PsaRequest;
    const more = answerOf({ data: { getClientContractList: { clientContracts: [], listInfo: { hasMore: true } } } });
    expect(superops.readOn?.(more, asked)).toEqual(pageOf(superops.read.lines(agreementId).request, 2));
    expect(superops.readOn?.(answerOf({ data: { getClient: null } }), site as unknown as PsaRequest)).toBeNull();
  });

  test('an invoice proves by the item with our key, among others', () => {
    const [ours] = invoiceRow()['items'] as readonly Row[];
    const other = { details: 'Travel', quantity: '1', unitPrice: '80', serviceItem: null };
    expect(superops.prove(charge, answerOf({ data: { createInvoice: { ...invoiceRow(), items: [other, ours ?? {}] } } }))).toEqual({
      lineId: '71',
      yielded: {},
    });
  });
});

function made(change: Change, around: Around = ALONE) {
  const requests = superops.requests(change, around);
  if (!requests.ok) throw new Error(JSON.stringify(requests.error));
  return requests.value;
}

function input(request: { readonly body: unknown } | undefined): unknown {
  return (request?.body as { readonly variables: { readonly input: unknown } } | undefined)?.variables.input;
}

function answerOf(body: unknown): PsaAnswer {
  return { status: 200, headers: {}, body };
}

function parsed<T>(reading: Reading<T>, data: unknown) {
  return reading.parse(answerOf({ data }), reading.request);
}

function rowsIn<T>(reading: Reading<T>, data: unknown): readonly T[] {
  const page = parsed(reading, data);
  expect(page).toEqual(ok({ rows: page.ok ? page.value.rows : null, next: null }));
  return page.ok ? page.value.rows : [];
}

function pageOf(request: PsaRequest, page: number): PsaRequest {
  return { ...request, body: { ...(request.body as Row), variables: { input: { page, pageSize: 100 } } } };
}

function lineIn(row: Row): PsaLine {
  const [line] = rowsIn(superops.read.lines(agreementId), { getClientContractList: { clientContracts: [row] } });
  if (line === undefined) throw new Error('no line');
  return line;
}

function withBillable(parts: Row): Row {
  const row = contractRow(agreementId, heldLine(fixture), ITEM);
  const contract = row['contract'] as Row;
  return { ...row, contract: { ...contract, billableContract: { ...(contract['billableContract'] as Row), ...parts } } };
}

function change(effectiveDate: string, quantityChangeOperation: string, quantity: string): Row {
  return { changeId: effectiveDate, effectiveDate, endDate: null, quantity, quantityChangeOperation };
}

function invoiceRow(parts: Row = {}, itemParts: Row = {}): Row {
  return {
    ...{ invoiceId: '71', displayId: '71', client: { accountId: agreementId }, statusEnum: 'DRAFT', invoiceDate: '2021-01-01' },
    items: [{ details: `Mail [${lineKey}]`, quantity: '15', unitPrice: '3.00', serviceItem: ITEM, ...itemParts }],
    ...parts,
  };
}
