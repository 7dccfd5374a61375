import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain/agreement';
import { decimalOf } from '../../../src/domain/decimal';
import { isIntact, productKeyOf } from '../../../src/domain/plan';
import { problem } from '../../../src/domain/problem';
import { adapterOf } from '../../../src/psa';
import { exportPlan, formFor, roundedAmount, type ExportForm } from '../../../src/ui/automation/export-draft';

const connection: Connection = {
  ...{ id: 'office', psa: 'connectwise', name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
  ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
};
const adapter = adapterOf('connectwise')!;
const place = { product: 'proofpoint', subProduct: 'business-plus', vendor: 'Proofpoint' };
const target = { connection, adapter, period: '2020-12', lookups: {} };
const known = { cost: decimalOf(2.44), price: decimalOf(3) };
const filled: ExportForm = { ...formFor('Proofpoint Business+', known, 75), category: '21', type: '31' };

test('the form begins with the name, an identifier that the PSA takes, and what the usage says about money', () => {
  expect(formFor('Proofpoint Business+', known, 75)).toEqual({
    ...{ term: 'monthly', name: 'Proofpoint Business+', description: 'Proofpoint Business+', identifier: 'PROOFPOINT-BUSINESS-PLUS' },
    ...{ category: '', type: '', unit: '', cost: '2.44', price: '3', taxable: false },
  });
});

test('a filled form makes a plan of one request that carries our key', () => {
  const made = exportPlan(filled, place, target);
  const plan = made.ok ? made.value.plan : null;
  const reference = productKeyOf({
    psa: 'connectwise',
    tenant: 'brightharbor',
    vendor: 'Proofpoint',
    product: 'proofpoint',
    subProduct: 'business-plus',
  });
  expect([plan?.kind, plan !== null && isIntact(plan)]).toEqual(['export', true]);
  expect(plan?.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    {
      method: 'POST',
      path: '/procurement/catalog',
      body: {
        ...{ identifier: 'PROOFPOINT-BUSINESS-PLUS', description: 'Proofpoint Business+', customerDescription: 'Proofpoint Business+' },
        ...{ subcategory: { id: 21 }, type: { id: 31 }, productClass: 'Agreement', recurringFlag: true, taxableFlag: false },
        ...{ price: 3, cost: 2.44, integrationXRef: reference },
      },
    },
  ]);
});

test('the same form makes the same plan', () => {
  const ids = [exportPlan(filled, place, target), exportPlan({ ...filled }, place, target)].map((made) =>
    made.ok ? made.value.plan.id : null,
  );
  expect(ids[0]).toBe(ids[1]);
});

test.each([
  ['a name that is too long', { name: 'x'.repeat(61) }, [problem('text is too long', { field: 'name', value: 'x'.repeat(61), limit: 60 })]],
  ['no identifier', { identifier: ' ' }, [problem('text is missing', { field: 'identifier' })]],
  [
    'no category and no type',
    { category: '', type: '' },
    [problem('text is missing', { field: 'category' }), problem('text is missing', { field: 'type' })],
  ],
  ['a price that is no number', { price: '3,00' }, [problem('number is not accepted', { field: 'price', value: '3,00' })]],
])('%s is refused before a plan exists', (_, change, problems) => {
  const made = exportPlan({ ...filled, ...change }, place, target);
  expect(made.ok ? [] : made.error).toEqual(problems);
});

test('a price that is not known is left out, which is not 0', () => {
  const made = exportPlan({ ...filled, price: '', cost: '' }, place, target);
  const body = made.ok ? (made.value.plan.requests[0]?.body as Record<string, unknown>) : {};
  expect(['price' in body, 'cost' in body]).toEqual([false, false]);
});

test('what usage costs in more digits than the PSA holds is exported rounded, with what is said at the field', () => {
  const syncro = adapterOf('syncro')!;
  const form = { ...formFor('Proofpoint Business+', { cost: decimalOf('2.4449'), price: decimalOf('4.255') }, 75), category: '3' };
  const made = exportPlan(form, place, { ...target, adapter: syncro, connection: { ...connection, psa: 'syncro' } });
  const said = { price: roundedAmount(form.price, syncro), cost: roundedAmount(form.cost, syncro) };
  expect(said).toEqual({ price: '4.26', cost: '2.44' });
  const exported = made.ok ? made.value.exported : null;
  expect({ price: exported?.price, cost: exported?.cost }).toEqual(said);
  expect(made.ok ? made.value.plan.requests.map(({ body }) => body) : made.error).toEqual([
    {
      ...{ name: 'Proofpoint Business+', description: 'Proofpoint Business+', price_retail: 4.26, price_cost: 2.44, category_ids: [3] },
      ...{ taxable: false, maintain_stock: false, upc_code: expect.stringMatching(/^tl1-[0-9a-f]{32}$/) as string },
    },
  ]);
});

test('nothing is said of an amount that the PSA holds as it stands, of none, and of what is no number', () => {
  const [cents, any] = [adapterOf('syncro')!, adapter];
  expect([roundedAmount('4.25', cents), roundedAmount('4.250', cents), roundedAmount('', cents), roundedAmount('4,255', cents)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(roundedAmount('4.255', any)).toBeNull();
});
