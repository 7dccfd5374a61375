import { describe, expect, test } from 'vitest';
import { problem } from '../../src/domain/problem';
import { err } from '../../src/domain/result';
import { ALONE, type Change, type RequestDraft } from '../../src/domain/change';
import { connectwise } from '../../src/psa/connectwise';
import { businessName, chargeChange, createChange, d, endChange, exportChange, keyOf, NOTHING, updateChange } from '../support/plans.ts';

const readHeaders = { Accept: 'application/vnd.connectwise.com+json; version=2026.4' };
const headers = { ...readHeaders, 'Content-Type': 'application/json' };

describe('a new recurring line', () => {
  test('is one addition with our key, that bills in full months', () => {
    expect(draftsOf(createChange())).toEqual([
      {
        operation: 'create',
        method: 'POST',
        path: '/finance/agreements/12/additions',
        query: {},
        headers,
        body: {
          product: { id: 41 },
          billCustomer: 'Billable',
          quantity: 15,
          unitPrice: 3,
          unitCost: 2.44,
          effectiveDate: '2021-01-01T00:00:00Z',
          invoiceDescription: businessName,
          serialNumber: keyOf('business'),
          prorateCurrentPeriodFlag: false,
        },
        expects: { status: [201], yields: {} },
        uses: [],
      },
    ]);
  });

  test('leaves an unknown cost to the catalog', () => {
    expect(bodyOf(createChange({ after: { ...createChange().after, cost: null } }))).not.toHaveProperty('unitCost');
  });

  test('names its product by identifier, or by the id that an export yields', () => {
    expect(bodyOf(createChange({ product: { id: null, identifier: 'PFPT-BUS', use: null } }))).toMatchObject({
      product: { identifier: 'PFPT-BUS' },
    });
    const [draft] = draftsOf(createChange({ product: { id: null, identifier: 'MAIL-ADV', use: 'product-advanced' } }));
    expect(draft).toMatchObject({ body: { product: { id: { $use: 'product-advanced' } } }, uses: ['product-advanced'] });
  });

  test('is refused without a quantity, a price or a date: unknown is never 0', () => {
    expect(requested(createChange({ after: { ...NOTHING, name: businessName } }))).toEqual(
      err([
        problem('number is not accepted', { field: 'quantity', value: '' }),
        problem('number is not accepted', { field: 'price', value: '' }),
        problem('text is missing', { field: 'effective date' }),
      ]),
    );
  });
});

describe('a change of a line', () => {
  test('pushes the quantity and nothing else', () => {
    expect(draftsOf(updateChange())).toEqual([
      {
        operation: 'update',
        method: 'PATCH',
        path: '/finance/agreements/12/additions/900',
        query: {},
        headers,
        body: [{ op: 'replace', path: 'quantity', value: 15 }],
        expects: { status: [200], yields: {} },
        uses: [],
      },
    ]);
  });

  test('pushes price, cost and name when they are written, and our key when a line is adopted', () => {
    const after = { ...NOTHING, quantity: d('15'), price: d('3.5'), cost: d('2.5'), name: 'New name' };
    expect(bodyOf(updateChange({ after, adopt: true }))).toEqual([
      { op: 'replace', path: 'quantity', value: 15 },
      { op: 'replace', path: 'unitPrice', value: 3.5 },
      { op: 'replace', path: 'unitCost', value: 2.5 },
      { op: 'replace', path: 'invoiceDescription', value: 'New name' },
      { op: 'replace', path: 'serialNumber', value: keyOf('business') },
    ]);
  });

  test('finds the line by its key first when its id is not known', () => {
    const lineKey = keyOf('business');
    expect(draftsOf(updateChange({ lineId: null }))).toEqual([
      {
        operation: 'read',
        method: 'GET',
        path: '/finance/agreements/12/additions',
        query: { conditions: `serialNumber="${lineKey}"`, orderBy: 'id desc', pageSize: '1000', page: '1' },
        headers: readHeaders,
        body: null,
        expects: { status: [200], yields: { [`addition-${lineKey}`]: { field: 'id', where: { field: 'serialNumber', equals: lineKey } } } },
        uses: [],
      },
      {
        operation: 'update',
        method: 'PATCH',
        path: `/finance/agreements/12/additions/{{addition-${lineKey}}}`,
        query: {},
        headers,
        body: [{ op: 'replace', path: 'quantity', value: 15 }],
        expects: { status: [200], yields: {} },
        uses: [`addition-${lineKey}`],
      },
    ]);
  });

  test('that writes nothing makes no request', () => {
    expect(draftsOf(updateChange({ after: NOTHING }))).toEqual([]);
  });
});

describe('the end of a line', () => {
  test('is its last day, or quantity 0', () => {
    expect(bodyOf(endChange())).toEqual([{ op: 'replace', path: 'cancelledDate', value: '2020-12-31T00:00:00Z' }]);
    expect(bodyOf(endChange({ how: 'zero' }))).toEqual([{ op: 'replace', path: 'quantity', value: 0 }]);
  });

  test('by date needs the date', () => {
    expect(requested(endChange({ after: NOTHING }))).toEqual(err([problem('text is missing', { field: 'end date' })]));
  });
});

test('a one-time line is a product on the agreement with our key as its reference', () => {
  const lineKey = keyOf('business', 'one-time itemised');
  expect(draftsOf(chargeChange())).toEqual([
    {
      operation: 'charge',
      method: 'POST',
      path: '/procurement/products',
      query: {},
      headers,
      body: {
        catalogItem: { id: 41 },
        agreement: { id: 12 },
        company: { id: 7 },
        billableOption: 'Billable',
        quantity: 15,
        price: 3,
        cost: 2.44,
        description: businessName,
        customerDescription: businessName,
        integrationXRef: lineKey,
      },
      expects: { status: [201], yields: {} },
      uses: [],
    },
  ]);
});

test('an exported product carries our key and yields its id', () => {
  const change = exportChange();
  expect(draftsOf(change)).toEqual([
    {
      operation: 'export',
      method: 'POST',
      path: '/procurement/catalog',
      query: {},
      headers,
      body: {
        identifier: 'MAIL-ADV',
        description: 'Mail Shield Advanced',
        customerDescription: 'Mail filtering, the advanced package',
        subcategory: { id: 3 },
        type: { id: 4 },
        productClass: 'Agreement',
        recurringFlag: true,
        taxableFlag: true,
        price: 4.25,
        cost: 3.1,
        integrationXRef: change.reference,
      },
      expects: { status: [201], yields: { 'product-advanced': { field: 'id', where: null } } },
      uses: [],
    },
  ]);
});

test.each([
  ['monthly', true],
  ['annual', true],
  ['one time', false],
] as const)('a product of the term %s recurs: %s', (term, recurringFlag) => {
  expect(bodyOf(exportChange({ product: { ...exportChange().product, term } }))).toMatchObject({ recurringFlag });
});

describe('limits, from both sides', () => {
  const { limits } = connectwise;
  const product = exportChange().product;
  const created = createChange().after;
  const patched = updateChange().after;
  test.each<[string, number, (text: string) => Change]>([
    ['name', limits.lineName, (name) => createChange({ after: { ...created, name } })],
    ['name', limits.lineName, (name) => updateChange({ after: { ...patched, name } })],
    ['name', limits.lineName, (name) => chargeChange({ after: { ...chargeChange().after, name } })],
    ['line key', 50, (lineKey) => createChange({ lineKey })],
    ['line key', 50, (lineKey) => chargeChange({ lineKey })],
    ['product', limits.productIdentifier, (identifier) => createChange({ product: { id: null, identifier, use: null } })],
    ['identifier', limits.productIdentifier, (identifier) => exportChange({ product: { ...product, identifier } })],
    ['name', limits.productDescription, (name) => exportChange({ product: { ...product, name } })],
    ['description', 6000, (description) => exportChange({ product: { ...product, description } })],
    ['reference', limits.productReference ?? 0, (reference) => exportChange({ reference })],
  ])('%s of %i characters is taken, one more is not, none is missing', (field, limit, change) => {
    expect(requested(change('x'.repeat(limit))).ok).toBe(true);
    expect(requested(change('x'.repeat(limit + 1)))).toEqual(
      err([problem('text is too long', { field, value: 'x'.repeat(limit + 1), limit })]),
    );
    if (field !== 'description') expect(requested(change(''))).toEqual(err([problem('text is missing', { field })]));
  });

  test('an empty description falls back to the name', () => {
    expect(bodyOf(exportChange({ product: { ...product, description: ' ' } }))).toMatchObject({ customerDescription: product.name });
  });

  test.each(['0.1', '2.44', '123456789.01', '0.000001'])('%s leaves as exactly that number', (price) => {
    const body = bodyOf(createChange({ after: { ...created, price: d(price) } }));
    expect(JSON.stringify(body)).toContain(`"unitPrice":${JSON.stringify(Number(price))}`);
    expect(requested(createChange({ after: { ...created, price: d(price) } })).ok).toBe(true);
  });

  test('a number that JSON would round is refused', () => {
    const price = d('0.12345678901234567891');
    expect(requested(createChange({ after: { ...created, price } }))).toEqual(
      err([problem('number is not accepted', { field: 'price', value: price })]),
    );
  });

  test('a negative quantity is refused on a recurring line and taken as a credit on a one-time one', () => {
    const quantity = d('-1');
    expect(requested(createChange({ after: { ...created, quantity } }))).toEqual(
      err([problem('number is not accepted', { field: 'quantity', value: '-1' })]),
    );
    expect(requested(chargeChange({ after: { ...chargeChange().after, quantity } })).ok).toBe(true);
  });

  test.each(['2147483647', '1'])('the id %s is taken', (agreementId) => {
    expect(requested(createChange({ agreementId })).ok).toBe(true);
  });

  test.each(['2147483648', '0', '-1', '12; DROP', '1.5', ''])('the id "%s" is refused', (agreementId) => {
    expect(requested(createChange({ agreementId }))).toEqual(
      err([problem('number is not accepted', { field: 'agreement', value: agreementId })]),
    );
  });

  test('every broken limit is said at once', () => {
    const result = requested(exportChange({ product: { ...product, identifier: '', name: 'x'.repeat(61), category: 'Software' } }));
    expect(result).toEqual(
      err([
        problem('text is missing', { field: 'identifier' }),
        problem('text is too long', { field: 'name', value: 'x'.repeat(61), limit: 60 }),
        problem('number is not accepted', { field: 'category', value: 'Software' }),
      ]),
    );
  });
});

function requested(change: Change) {
  return connectwise.requests(change, ALONE);
}

function draftsOf(change: Change): readonly RequestDraft[] {
  const made = requested(change);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

function bodyOf(change: Change): RequestDraft['body'] {
  return draftsOf(change).at(-1)?.body ?? null;
}
