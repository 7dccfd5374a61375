import { describe, expect, test } from 'vitest';
import { ALONE, type Around, type Change } from '../../src/domain/change';
import type { Json } from '../../src/domain/canonical';
import { autotask } from '../../src/psa/autotask';
import type { PsaAnswer, Reading } from '../../src/psa/psa';
import { createSandbox } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { connectionOf } from '../delivery/scene';
import { chargeChange, createChange, d, endChange, exportChange, keyOf, NOTHING, planOf, updateChange } from '../support/plans.ts';
import { contractRow, fixture, heldRows, tables } from './fixtures/autotask.ts';
import { heldLine, rowsOf } from './journeys.ts';

const sandbox = (more: Readonly<Record<string, readonly Row[]>> = {}): SandboxState =>
  createSandbox({ psa: 'autotask', tables: { ...tables, ...more } });
const read = <T>(reading: Reading<T>, state = sandbox()) => rowsOf(fixture, state, reading);
const answered = (body: unknown, status = 200): PsaAnswer => ({ status, headers: {}, body });
const around: Around = { ...ALONE, lookups: fixture.lookups, readable: true };

describe('reads', () => {
  test('companies, the partner’s own with the id 0 among them', () => {
    expect(read(autotask.read.companies())).toEqual([
      { id: '0', name: 'Acme IT', identifier: null, website: 'www.acme.example', externalId: null, active: true },
      { id: '7', name: '1st West Insurance', identifier: null, website: 'www.1stwestinsurance.com', externalId: 'C-7', active: true },
    ]);
  });

  test('contracts of one company, with the names that the tenant gives its numbers', () => {
    const contracts = [
      contractRow(),
      contractRow({ id: 13, companyID: 8 }),
      contractRow({ id: 14, contractType: 4, status: 0, contractPeriodType: null }),
      contractRow({ id: 15, contractType: 99, status: 99, contractPeriodType: 2 }),
    ];
    const found = read(autotask.read.agreements('7'), sandbox({ contracts }));
    expect(found.map(({ id, type, status, cycle, monthly }) => [id, type, status, cycle, monthly])).toEqual([
      ['12', 'Recurring Service', 'active', 'Monthly', true],
      ['14', 'Block Hours', 'inactive', null, null],
      ['15', null, 'unknown', 'Quarterly', false],
    ]);
    expect(found[0]).toEqual({
      ...{ id: '12', name: 'Managed Services', companyId: '7', type: 'Recurring Service', status: 'active', startDate: '2020-01-01' },
      ...{
        endDate: '2025-12-31',
        cycle: 'Monthly',
        monthly: true,
        currency: null,
        prorates: null,
        nextInvoiceDate: null,
        billsProducts: null,
      },
    });
  });

  test('lines, with the units of every period, the first day and what was posted', () => {
    const held = heldRows([heldLine(fixture), { ...heldLine(fixture), id: '901', key: null }]);
    const [units] = held['contractServiceUnits'] ?? [];
    const later = { ...units, id: 6000, units: 15, startDate: '2021-01-01T00:00:00Z', approveAndPostDate: null };
    const posted = { ...units, endDate: '2020-12-31T00:00:00Z', approveAndPostDate: '2020-12-31T05:00:00Z' };
    const line = { agreementId: '12', kind: 'recurring', productId: '41', productIdentifier: null, price: '3', cost: '2.44' } as const;
    const rest = { description: heldLine(fixture).name, endDate: null, lessIncluded: null, invoiced: null } as const;
    expect(read(autotask.read.lines('12'), sandbox({ ...held, contractServiceUnits: [posted, later] }))).toEqual([
      {
        ...{ id: '900', ...line, ...rest, quantity: '15', effectiveDate: '2020-12-01', postedThrough: '2020-12-31' },
        quantities: [
          { from: '2020-12-01', until: '2020-12-31', quantity: '12' },
          { from: '2021-01-01', until: '2025-12-31', quantity: '15' },
        ],
        key: heldLine(fixture).key,
      },
      { id: '901', ...line, ...rest, quantity: null, quantities: [], effectiveDate: null, postedThrough: null, key: null },
    ]);
  });

  test('charges, services, billing codes, period types and the rules of the tenant', () => {
    const charge = { id: 5, contractID: 12, name: 'Set-up', unitQuantity: -2, unitPrice: 10.5, datePurchased: '2021-01-04T00:00:00Z' };
    const state = sandbox({
      contractCharges: [{ ...charge, isBilled: true, purchaseOrderNumber: 'PO 17' }],
      fields: [{ id: 1, entity: 'ContractServices', name: 'unitPrice', isReadOnly: true }],
    });
    expect(read(autotask.read.oneTimeLines('12'), state)).toMatchObject([
      { id: '5', kind: 'one-time', description: 'Set-up', quantity: '-2', price: '10.5', cost: null, invoiced: true, key: null },
    ]);
    expect(read(autotask.read.products(), state)).toMatchObject([
      { id: '41', identifier: 'Proofpoint Business', price: '3.5', reference: null },
    ]);
    const { categories, types, rules } = autotask.read.lookups();
    expect([categories, types, rules].map((reading) => (reading === undefined ? [] : read(reading, state)))).toEqual([
      [{ id: '71', name: 'Recurring cloud' }],
      [
        { id: '1', name: 'Monthly' },
        { id: '2', name: 'Quarterly' },
        { id: '3', name: 'Yearly' },
      ],
      expect.arrayContaining([
        { id: 'read=ContractServices', name: 'ContractServices' },
        { id: 'read-only=ContractServices.unitPrice', name: 'unitPrice' },
        { id: 'length=ContractServices.invoiceDescription', name: '1000' },
        { id: 'has=Services.externalID', name: 'externalID' },
        { id: 'required=ContractCharges.chargeType', name: 'chargeType' },
        { id: 'chargeType=1', name: 'Operational' },
        { id: 'chargeType=2', name: 'Capitalized' },
        { id: 'billingCode=72', name: 'Software' },
      ]),
    ]);
  });

  test.each([0, 1, 499, 500, 501, 1001])('%i companies come whole, at most 500 on a page', (count) => {
    const companies = Array.from({ length: count }, (_, id) => ({ id, companyName: `C${id}`, isActive: true }));
    expect(read(autotask.read.companies(), sandbox({ companies })).map(({ id }) => Number(id))).toEqual(companies.map(({ id }) => id));
  });

  test('the next page takes the method and the body of the first again, below the base URL; one with its search inside is a GET', () => {
    const { request, parse } = autotask.read.companies();
    const next = (nextPageUrl: string) => {
      const page = parse(answered({ items: [], pageDetails: { nextPageUrl } }), request);
      return page.ok ? page.value.next : null;
    };
    expect(next('https://webservices5.autotask.net/atservicesrest/v1.0/Companies/query/next?paging=%7B%22nextId%22%3A7%7D')).toEqual({
      ...request,
      path: '/V1.0/Companies/query/next',
      query: { paging: '{"nextId":7}' },
    });
    expect(next('https://x.autotask.net/ATServicesRest/V1.0/Companies/query/next?search=a%2Bb&paging=7')).toEqual({
      ...{ method: 'GET', path: '/V1.0/Companies/query/next', query: { search: 'a+b', paging: '7' }, headers: {}, body: null },
    });
  });

  test.each<[string, PsaAnswer, string]>([
    ['a refusal of the credentials', answered({ errors: ['no'] }, 401), 'credentials were refused'],
    ['a validation error', answered({ errors: ['Unable to find x.'] }, 500), 'request was refused'],
    ['too many', answered({}, 429), 'rate limit'],
    ['a page that is none', answered('<html>'), 'answer is not understood'],
    ['a row without an id', answered({ items: [{ companyName: 'A' }] }), 'answer is not understood'],
  ])('%s is told', (_, answer, code) => {
    const { request, parse } = autotask.read.companies();
    const page = parse(answer, request);
    expect(page.ok ? [] : page.error.map((one) => one.code)).toEqual([code]);
  });

  test('a service is found by our reference, and by its name; a tenant without the field has it in the description', () => {
    const reference = exportChange().reference;
    const absent = { id: 1, entity: 'Services', name: 'externalID', absent: true };
    const old = { id: 50, name: 'Other', description: reference, isActive: true, unitPrice: 1 };
    expect(
      [
        read(autotask.read.productsByReference(reference, 'proofpoint business')),
        read(autotask.read.productsByReference(reference, 'x'), sandbox({ services: [old], fields: [absent] })),
      ].map((rows) => rows.map(({ id, reference: found }) => [id, found])),
    ).toEqual([[['41', null]], [['50', reference]]]);
  });
});

describe('saved answers', () => {
  test('contracts beside the answer of their fields, and services beside their units', () => {
    const fields = { name: 'contractType', picklistValues: [{ value: '17', label: 'Recurring Service', isActive: true }] };
    const { contractServices, contractServiceUnits } = heldRows([heldLine(fixture)]);
    const kinds = [
      [{ fields: [fields] }, { items: [contractRow()] }],
      [{ items: contractServices }, { items: contractServiceUnits }],
    ];
    const [contracts, services] = kinds.map((saved) => autotask.recognise(saved));
    expect([contracts?.kind, contracts?.rows.map((row) => 'type' in row && row.type)]).toEqual(['agreements', ['Recurring Service']]);
    expect([services?.kind, services?.rows.map((row) => 'quantity' in row && row.quantity)]).toEqual(['lines', ['12']]);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['an empty list', { items: [] }],
    ['two kinds in one', [{ items: tables['companies'] }, { items: tables['services'] }]],
    ['a record that is not whole', { items: [{ companyName: 'A' }] }],
  ])('%s is not recognised', (_, saved) => {
    expect(autotask.recognise(saved)).toBe(null);
  });

  test.each(['companies', 'services'])('a saved list of %s is', (table) => {
    expect(autotask.recognise({ items: tables[table] })?.rows).toHaveLength(tables[table]?.length ?? 0);
  });
});

describe('requests', () => {
  test('a new line: its units, the id that they made, its text and our key', () => {
    expect(sent(createChange())).toEqual([
      [
        'POST /V1.0/ContractServiceAdjustments',
        {
          ...{ contractID: 12, serviceID: 41, unitChange: 15, effectiveDate: '2021-01-01T00:00:00Z' },
          ...{ adjustedUnitPrice: 3, adjustedUnitCost: 2.44 },
        },
      ],
      [
        'POST /V1.0/ContractServices/query',
        {
          maxRecords: 500,
          filter: [
            { op: 'eq', field: 'contractID', value: 12 },
            { op: 'eq', field: 'serviceID', value: 41 },
          ],
        },
      ],
      [
        'PATCH /V1.0/Contracts/12/Services',
        {
          id: { $use: `service-${keyOf('business')}` },
          ...{ invoiceDescription: createChange().name, internalDescription: keyOf('business') },
        },
      ],
    ]);
  });

  test('each request of a new line believes and writes its own part', () => {
    const [units, , text] = planOf([createChange()], autotask, around).requests;
    expect([units?.line.after?.name, units?.line.after?.quantity, units?.line.after?.price]).toEqual([null, '15', '3']);
    expect([text?.operation, text?.line.after]).toEqual(['update', { ...NOTHING, name: createChange().name }]);
  });

  test('a start after the first open day is what the units carry', () => {
    const after = { ...createChange().after, effectiveDate: '2021-02-01' };
    expect(sent(createChange({ after }))[0]?.[1]).toMatchObject({ effectiveDate: '2021-02-01T00:00:00Z' });
  });

  test.each([
    ['12', '15', 3],
    ['15', '12', -3],
    ['0', '4', 4],
  ])('%s units that become %s are a delta of %i on the first open day', (from, to, unitChange) => {
    expect(sent(update(from, to))).toEqual([
      ['POST /V1.0/ContractServiceAdjustments', { contractServiceID: 900, unitChange, effectiveDate: '2021-01-01T00:00:00Z' }],
    ]);
  });

  test('the same units are no request', () => {
    expect(sent(update('12', '12'))).toEqual([]);
  });

  test('price, cost, name and our key go beside the units', () => {
    const change = updateChange({ adopt: true, after: { ...NOTHING, quantity: d('15'), price: d('3.5'), cost: d('2.5'), name: 'Mail' } });
    expect(sent(change)).toEqual([
      ['POST /V1.0/ContractServiceAdjustments', { contractServiceID: 900, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' }],
      [
        'PATCH /V1.0/Contracts/12/Services',
        { id: 900, unitPrice: 3.5, unitCost: 2.5, invoiceDescription: 'Mail', internalDescription: keyOf('business') },
      ],
    ]);
  });

  test('a line without a known id is found by our key', () => {
    expect(sent(updateChange({ lineId: null })).map(([request, body]) => [request, body])).toEqual([
      [
        'POST /V1.0/ContractServices/query',
        {
          maxRecords: 500,
          filter: [
            { op: 'eq', field: 'contractID', value: 12 },
            { op: 'eq', field: 'internalDescription', value: keyOf('business') },
          ],
        },
      ],
      [
        'POST /V1.0/ContractServiceAdjustments',
        { contractServiceID: { $use: `service-${keyOf('business')}` }, unitChange: 3, effectiveDate: '2021-01-01T00:00:00Z' },
      ],
    ]);
  });

  test.each(['date', 'zero'] as const)('an end by %s takes the units away and is proven by zero', (how) => {
    const plan = planOf([endChange({ how })], autotask, around);
    expect(plan.requests.map(({ operation, body, line }) => [operation, body, line.after])).toEqual([
      ['end', { contractServiceID: 900, unitChange: -12, effectiveDate: '2021-01-01T00:00:00Z' }, { ...NOTHING, quantity: '0' }],
    ]);
  });

  test('a one-time line is a charge of the tenant’s default type', () => {
    expect(sent(chargeChange())).toEqual([['POST /V1.0/Contracts/12/Charges', charge]]);
  });

  test('a name of more than 100 characters is cut in the name of the charge and whole in its description', () => {
    const name = 'n'.repeat(101);
    expect(sent(chargeChange({ after: { ...chargeChange().after, name } }))[0]?.[1]).toMatchObject({
      name: 'n'.repeat(100),
      description: name,
    });
  });

  test.each<[string, Readonly<Record<string, string>>, Json]>([
    ['a name', { chargeType: 'capitalized', billingCode: 'Software' }, { ...charge, chargeType: 2 }],
    ['an id', { chargeType: '2', billingCode: '72' }, { ...charge, chargeType: 2, billingCodeID: 72 }],
  ])('the connection may name type and billing code by %s', (_, settings, body) => {
    expect(sent(chargeChange(), { ...around, settings })[0]?.[1]).toEqual(body);
  });

  test('by file, where no choices are read, ids of type and billing code make a charge and a name is no guess', () => {
    const byId = { ...ALONE, settings: { chargeType: '2', billingCode: '72' } };
    expect(sent(chargeChange(), byId)[0]?.[1]).toEqual({ ...charge, chargeType: 2 });
    expect(refused(chargeChange(), { ...ALONE, settings: { chargeType: '2', billingCode: 'Software' } })).toEqual([
      'choices were never read',
    ]);
  });

  test('an export carries our reference, in the description where the tenant has no field for it', () => {
    const change = exportChange({ product: { ...exportChange().product, ...fixture.exported } });
    const body = {
      ...{ name: 'Mail Shield Advanced', billingCodeID: 71, periodType: 1, unitPrice: 4.25, unitCost: 3.1, isActive: true },
      invoiceDescription: 'Mail filtering, the advanced package',
    };
    const rules = (fixture.lookups.rules ?? []).filter(({ name }) => name !== 'externalID');
    expect([sent(change), sent(change, { ...around, lookups: { rules } })]).toEqual([
      [['POST /V1.0/Services', { ...body, externalID: change.reference }]],
      [['POST /V1.0/Services', { ...body, description: change.reference }]],
    ]);
  });
});

describe('limits, from both sides', () => {
  const named = (length: number) => createChange({ after: { ...createChange().after, name: 'n'.repeat(length) } });
  const counted = (quantity: string) => createChange({ after: { ...createChange().after, quantity: d(quantity) } });
  const product = (parts: Partial<ReturnType<typeof exportChange>['product']>) =>
    exportChange({ product: { ...exportChange().product, ...fixture.exported, ...parts } });
  test.each<[string, Change, readonly string[]]>([
    ['a name of 1000', named(1000), []],
    ['a name of 1001', named(1001), ['text is too long']],
    ['whole units', counted('15'), []],
    ['a fraction of a unit', counted('15.5'), ['number is not accepted']],
    ['negative units', counted('-1'), ['number is not accepted']],
    [
      'a fraction that the contract holds',
      updateChange({ before: { ...updateChange().before, quantity: d('1.5') } }),
      ['number is not accepted'],
    ],
    ['units that were never read', updateChange({ before: { ...updateChange().before, quantity: null } }), ['number is not accepted']],
    ['a negative charge', chargeChange({ after: { ...chargeChange().after, quantity: d('-3') } }), []],
    ['a service name of 150', product({ name: 'n'.repeat(150) }), []],
    ['a service name of 151', product({ name: 'n'.repeat(151) }), ['text is too long']],
    ['an invoice text of 1000', product({ description: 'n'.repeat(1000) }), []],
    ['an invoice text of 1001', product({ description: 'n'.repeat(1001) }), ['text is too long']],
    ['a service without a price', product({ price: null }), ['number is not accepted']],
    ['a line key of 100', createChange({ lineKey: 'k'.repeat(100) }), []],
    ['a line key of 101', createChange({ lineKey: 'k'.repeat(101) }), ['text is too long']],
    ['a charge’s key of 50', chargeChange({ lineKey: 'k'.repeat(50) }), []],
    ['a charge’s key of 51', chargeChange({ lineKey: 'k'.repeat(51) }), ['text is too long']],
    ['an id of int32', createChange({ agreementId: '2147483647' }), []],
    ['an id above int32', createChange({ agreementId: '2147483648' }), ['number is not accepted']],
  ])('%s', (_, change, expected) => {
    expect(refused(change)).toEqual(expected);
  });

  test('a price that the tenant keeps read-only is refused in words, a text is not', () => {
    const rules = [...(fixture.lookups.rules ?? []), { id: 'read-only=ContractServices.unitPrice', name: 'unitPrice' }];
    const priced = updateChange({ after: { ...NOTHING, price: d('4') } });
    expect([refused(priced, { ...around, lookups: { rules } }), refused(createChange(), { ...around, lookups: { rules } })]).toEqual([
      ['field is read-only'],
      [],
    ]);
  });

  test('a charge without the tenant’s choices, or with a name that none of them has', () => {
    expect([
      refused(chargeChange(), ALONE),
      refused(chargeChange(), { ...around, settings: { chargeType: 'Nobody' } }),
      refused(chargeChange(), { ...ALONE, lookups: { rules: [{ id: 'chargeType=1', name: 'Operational' }] } }),
    ]).toEqual([['choices were never read', 'choices were never read'], ['value is not accepted'], ['text is missing']]);
  });

  test('a service that another line of ours stands for already', () => {
    const [line] = read(autotask.read.lines('12'), sandbox(heldRows([{ ...heldLine(fixture), key: `tl1-${'0'.repeat(32)}` }])));
    const linesOf = () => (line === undefined ? null : [line]);
    expect([refused(createChange(), { ...around, linesOf }), refused(createChange(), around)]).toEqual([
      ['product cannot repeat on the agreement'],
      [],
    ]);
  });
});

describe('proof', () => {
  const [units, find, text] = planOf([createChange()], autotask, around).requests;
  const [patch] = planOf([updateChange({ after: { ...NOTHING, name: 'Mail' } })], autotask, around).requests;
  const row = { id: 900, contractID: 12, serviceID: 41, invoiceDescription: '', internalDescription: null };
  const proven = (request: typeof units, body: unknown, status = 200) => {
    if (request === undefined) throw new Error('no request');
    return autotask.prove(request, answered(body, status));
  };

  test('an adjustment proves itself and not the line; a text proves its line; a read the one line that it means', () => {
    expect([proven(units, { itemId: 5 }), proven(patch, { itemId: 900 }), proven(find, { items: [row] })]).toEqual([
      { lineId: null, yielded: { [`adjustment-create-${keyOf('business')}`]: 5 } },
      { lineId: '900', yielded: {} },
      { lineId: '900', yielded: { [`service-${keyOf('business')}`]: 900 } },
    ]);
  });

  test.each<[string, typeof units, unknown, number?]>([
    ['HTML', units, undefined],
    ['nothing', units, null],
    ['an item without an id', units, {}],
    ['an id that is none', units, { itemId: 0 }],
    ['an id in a text', units, { itemId: '5' }],
    ['another line', patch, { itemId: 901 }],
    ['an error', units, { itemId: 5 }, 500],
    ['no line', find, { items: [] }],
    ['two lines', find, { items: [row, { ...row, id: 901 }] }],
    ['a line of another contract', find, { items: [{ ...row, contractID: 13 }] }],
    ['a line of another service', find, { items: [{ ...row, serviceID: 42 }] }],
    ['a text whose line nobody knows and no id', text, { id: 900 }],
  ])('%s proves nothing', (_, request, body, status) => {
    expect(proven(request, body, status)).toBe(null);
  });
});

test('credentials go into the three headers, and a missing one is named', () => {
  const connection = connectionOf({ psa: 'autotask', tenant: 'acme' });
  expect([autotask.authorization(connection, fixture.account), autotask.authorization(connection, { userName: 'a', secret: ' ' })]).toEqual(
    [
      { ok: true, value: { ApiIntegrationCode: 'CODE4711', UserName: 'api@acme.example', Secret: 'secret-0815' } },
      { ok: false, error: { code: 'credentials are missing', field: 'secret' } },
    ],
  );
});

test.each([
  ['https://webservices5.autotask.net/ATServicesRest/', 'https://webservices5.autotask.net/ATServicesRest'],
  ['http://webservices5.autotask.net/ATServicesRest/', null],
  ['https://autotask.net.example/', null],
  [null, null],
])('the zone %s is the address %s', (url, expected) => {
  expect(autotask.zone?.url(answered({ url }))).toBe(expected);
});

const charge = {
  ...{ contractID: 12, chargeType: 1, billingCodeID: 72, datePurchased: '2021-01-01T00:00:00Z' },
  ...{ name: chargeChange().name, description: chargeChange().name, unitQuantity: 15, unitPrice: 3, unitCost: 2.44 },
  ...{ isBillableToCompany: true, purchaseOrderNumber: keyOf('business', 'one-time itemised') },
};

function update(from: string, to: string): Change {
  return updateChange({ before: { ...updateChange().before, quantity: d(from) }, after: { ...NOTHING, quantity: d(to) } });
}

function sent(change: Change, given: Around = around): readonly (readonly [string, Json])[] {
  const made = autotask.requests(change, given);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value.map(({ method, path, body }) => [`${method} ${path}`, body]);
}

function refused(change: Change, given: Around = around): readonly string[] {
  const made = autotask.requests(change, given);
  return made.ok ? [] : made.error.map(({ code }) => code);
}
