import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { ask as asking, type Operation } from '../../src/psa/superops/graphql';
import { answer } from '../../src/sandbox';
import type { FaultKind, Row, SandboxState } from '../../src/sandbox/sandbox';
import { fixture } from '../psa/fixtures/superops.ts';
import { heldLine, keyFor } from '../psa/journeys.ts';

const { agreementId: client, product } = fixture;
const [lineId] = fixture.lineIds;
const item = { itemId: product.id };
const headers = { Authorization: 'Bearer x', CustomerSubDomain: 'acme' };
const price = { model: 'PER_UNIT', details: [{ value: '3' }] };
const change = { effectiveDate: '2021-01-01', quantity: '15', quantityChangeOperation: 'BASELINE' };
const billable = {
  ...{ chargeItem: item, sellingPriceOverridden: true, sellingPrice: price, billableSiteType: 'HQ' },
  ...{ recurringContract: { recurringMode: 'ARREAR', frequencyDurationUnit: 'MONTH', frequencyInterval: 1 }, change },
};
const contract = {
  client: { accountId: client },
  startDate: '2021-01-01',
  contract: { description: keyFor(fixture), billableContract: billable },
};
const invoice = {
  ...{ client: { accountId: client }, site: { id: '7928838372746169001' }, statusEnum: 'DRAFT', invoiceDate: '2021-01-01' },
  addItems: [{ billedDate: '2021-01-01', serviceItem: item, details: 'Mail', quantity: '15', unitPrice: '3' }],
};

describe('who asks', () => {
  test.each([
    ['no token', { CustomerSubDomain: 'acme' }],
    ['no subdomain', { Authorization: 'Bearer x' }],
    ['another scheme', { ...headers, Authorization: 'Basic x' }],
  ])('with %s is not answered', (_, sent) => {
    const state = fixture.sandbox();
    const { answer: answered, state: after } = answer(state, { ...asking('createClientContract', contract), headers: sent });
    expect([answered?.status, after]).toEqual([401, state]);
  });
});

describe('a write', () => {
  test('leaves one entry with our key, and answers what the document selects and nothing else', () => {
    const made = ask(fixture.sandbox(), 'createClientContract', contract);
    expect([made.data, made.state.ledger.map(({ effect, table, id, key }) => [effect, table, id, key])]).toEqual([
      '8000000000000000001',
      [['created', 'contracts', '8000000000000000001', keyFor(fixture)]],
    ]);
    const sent = ask(fixture.sandbox(), 'createInvoice', invoice);
    expect(sent.data).toEqual({
      ...{ invoiceId: '8000000000000000001', displayId: '000001', statusEnum: 'DRAFT', invoiceDate: '2021-01-01' },
      client: { accountId: client, name: '1st West Insurance' },
      items: [
        {
          ...{ itemId: '8000000000000000002', billedDate: '2021-01-01', details: 'Mail', quantity: '15', unitPrice: '3' },
          serviceItem: { itemId: item.itemId, name: product.identifier },
        },
      ],
    });
  });

  test('that changes nothing leaves no entry', () => {
    const state = fixture.sandbox([heldLine(fixture)]);
    const same = { contract: { contractId: lineId, billableContract: { sellingPriceOverridden: true, sellingPrice: price } } };
    expect(ask(state, 'updateClientContract', same).state.ledger).toEqual([]);
    const once = ask(state, 'updateClientContract', { contract: { contractId: lineId }, endDate: '2020-12-31' }).state;
    expect(ask(once, 'updateClientContract', { contract: { contractId: lineId }, endDate: '2020-12-31' }).state.ledger).toEqual(
      once.ledger,
    );
  });

  test('of the quantity adds a change, and another one of that day needs its id', () => {
    const state = fixture.sandbox([heldLine(fixture)]);
    const write = (given: Row) => ({ contract: { contractId: lineId, billableContract: { change: { ...change, ...given } } } });
    const once = ask(state, 'updateClientContract', write({})).state;
    expect(changesIn(once)).toEqual([
      ['2020-12-01', '12'],
      ['2021-01-01', '15'],
    ]);
    expect(ask(once, 'updateClientContract', write({ quantity: '16' })).errors).toEqual(['a change stands on 2021-01-01 already']);
    const corrected = ask(once, 'updateClientContract', write({ quantity: '16', changeId: '8000000000000000002' })).state;
    expect(changesIn(corrected)).toEqual([
      ['2020-12-01', '12'],
      ['2021-01-01', '16'],
    ]);
  });
});

describe('it refuses, and nothing is changed by', () => {
  test.each<[string, Operation, Json, string]>([
    [
      'a quantity as a number',
      'createClientContract',
      changed({ quantity: 15 }),
      'input.contract.billableContract.change.quantity is no decimal',
    ],
    ['an instant for a day', 'createClientContract', { ...contract, startDate: '2021-01-01T00:00:00Z' }, 'input.startDate is no day'],
    ['an unknown field', 'createClientContract', { ...contract, name: 'x' }, 'input.name is unknown'],
    ['no client', 'createClientContract', { ...contract, client: null }, 'input.client is missing'],
    ['a client that is not there', 'createClientContract', { ...contract, client: { accountId: '1' } }, 'client was not found'],
    [
      'an unknown operation',
      'createClientContract',
      changed({ quantityChangeOperation: 'SET' }),
      'input.contract.billableContract.change.quantityChangeOperation is not one of INCREASE, DECREASE, BASELINE',
    ],
    ['a negative quantity', 'createClientContract', changed({ quantity: '-1' }), 'change.quantity is negative'],
    [
      'a change before the start',
      'createClientContract',
      changed({ effectiveDate: '2020-12-01' }),
      'change.effectiveDate is before the start',
    ],
    ['an end before the start', 'createClientContract', { ...contract, endDate: '2020-12-31' }, 'endDate is before the start'],
    ['a contract that is not there', 'updateClientContract', { contract: { contractId: '1' } }, 'contract was not found'],
    ['a site of another client', 'createInvoice', { ...invoice, site: { id: '7928838372746169002' } }, 'site was not found'],
    ['an invoice of nothing', 'createInvoice', { ...invoice, addItems: [] }, 'serviceItem was not found'],
    ['items that are no list', 'createInvoice', { ...invoice, addItems: {} }, 'input.addItems is no list'],
    [
      'a name that is used',
      'createServiceCatalogItem',
      { name: product.identifier, itemType: 'SERVICE', taxable: true },
      'name is used by another item',
    ],
    [
      'a category that is not there',
      'createServiceCatalogItem',
      { name: 'x', itemType: 'SERVICE', taxable: true, category: { categoryId: '9' } },
      'category was not found',
    ],
    ['an invoice that is not there', 'updateInvoice', { invoiceId: '1', statusEnum: 'VOID' }, 'invoice was not found'],
  ])('%s', (_, operation, sent, message) => {
    const state = fixture.sandbox([heldLine(fixture)]);
    const { errors, data, state: after } = ask(state, operation, sent);
    expect([errors, data, after]).toEqual([[message], undefined, state]);
  });

  test('a document that does not ask for the operation', () => {
    const request = { ...asking('getServiceCategoryList', null), headers };
    const body = { ...(request.body as Row), query: 'query x { other { a }' };
    const { answer: answered } = answer(fixture.sandbox(), { ...request, body });
    expect((answered?.body as Row)['errors']).toEqual([
      {
        message: 'the query has no getServiceCategoryList',
        path: ['getServiceCategoryList'],
        extensions: { classification: 'DataFetchingException' },
      },
    ]);
    expect(answer(fixture.sandbox(), { ...request, path: '/it' }).answer?.status).toBe(404);
  });
});

test.each<[Operation, Json, FaultKind, Json]>([
  ['createClientContract', contract, 'wrong id', { data: { createClientContract: '8000000000000000009' } }],
  [
    'updateClientContract',
    { contract: { contractId: lineId }, endDate: '2020-12-31' },
    'wrong id',
    { data: { updateClientContract: '7928838372746168009' } },
  ],
])('the fault of %s answers the id of another record, and applies', (operation, sent, kind, body) => {
  const state = { ...fixture.sandbox([heldLine(fixture)]), faults: [{ match: { method: null, path: null }, kind, times: 1 }] };
  const { answer: answered, state: after } = answer(state, { ...asking(operation, sent), headers });
  expect([answered?.body, after.ledger.length]).toEqual([body, 1]);
});

function ask(state: SandboxState, operation: Operation, sent: Json) {
  const { answer: answered, state: after } = answer(state, { ...asking(operation, sent), headers });
  const body = answered?.body as { readonly data: Row | null; readonly errors?: readonly { readonly message: string }[] };
  return { state: after, data: body.data?.[operation], errors: body.errors?.map(({ message }) => message) };
}

function changed(given: Row): Json {
  const { contract: wanted, ...rest } = contract;
  return { ...rest, contract: { ...wanted, billableContract: { ...billable, change: { ...change, ...given } } } };
}

function changesIn({ tables }: SandboxState): readonly unknown[] {
  const row = (tables['contracts'] ?? []).find(({ contractId }) => contractId === lineId) as unknown as {
    readonly contract: { readonly billableContract: { readonly changes: readonly Row[] } };
  };
  return row.contract.billableContract.changes.map(({ effectiveDate, quantity }) => [effectiveDate, quantity]);
}
