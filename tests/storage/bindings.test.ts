import { expect, test } from 'vitest';
import type { Binding, Connection, ProductExport, PsaProduct } from '../../src/domain/agreement.ts';
import { decimalOf } from '../../src/domain/decimal.ts';
import { exportDraftOf } from '../../src/domain/draft.ts';
import { customerKey, customerOf } from '../../src/domain/marketplace.ts';
import { freezePlan, productKeyOf } from '../../src/domain/plan.ts';
import { connectwise } from '../../src/psa/connectwise.ts';
import {
  allBindings,
  bindingsFor,
  bindProduct,
  confirmExport,
  effectOfUnbinding,
  exportProduct,
  settleExports,
  unbind,
} from '../../src/storage/bindings.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const connection: Connection = {
  ...{ id: 'office', psa: 'connectwise', name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
  ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
};
const place = { connection: 'office', product: 'proofpoint', subProduct: 'business' };
const product = (id: string): PsaProduct => ({
  id,
  identifier: `PFPT-${id}`,
  description: `Proofpoint ${id}`,
  price: decimalOf(3),
  cost: null,
  taxable: true,
  active: true,
  reference: null,
});
const binding = (id: string, rest: Partial<Binding> = {}): Binding => ({
  ...place,
  psaProductId: id,
  identifier: `PFPT-${id}`,
  description: `Proofpoint ${id}`,
  taxable: true,
  origin: 'bound',
  exportPlan: null,
  from: null,
  until: null,
  seq: 1,
  ...rest,
});

test('a binding holds from its period on, and earlier months keep what they had', async () => {
  const db = await database();
  await bindProduct(db, NOW, { ...place, psaProduct: product('1'), from: null });
  await bindProduct(db, NOW, { ...place, psaProduct: product('2'), from: '2026-03' });
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-02')).toEqual([binding('1')]);
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-03')).toEqual([binding('2', { from: '2026-03', seq: 3 })]);
});

test('the top-level product and every sub-product have bindings of their own, the top-level one first', async () => {
  const db = await database();
  await bindProduct(db, NOW, { ...place, psaProduct: product('1'), from: null });
  await bindProduct(db, NOW, { ...place, subProduct: null, psaProduct: product('2'), from: null });
  await bindProduct(db, NOW, { ...place, connection: 'branch', psaProduct: product('3'), from: null });
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-03')).toEqual([
    binding('2', { subProduct: null, seq: 3 }),
    binding('1', { seq: 1 }),
  ]);
});

test('unbound from a period on, no older version comes back, and the months before keep theirs', async () => {
  const db = await database();
  await bindProduct(db, NOW, { ...place, psaProduct: product('1'), from: null });
  await bindProduct(db, NOW, { ...place, psaProduct: product('2'), from: '2026-04' });
  await unbind(db, NOW, { ...place, from: '2026-03' });
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-02')).toEqual([binding('1', { until: '2026-02' })]);
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-03')).toEqual([]);
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-05')).toEqual([]);
  await bindProduct(db, NOW, { ...place, psaProduct: product('3'), from: '2026-03' });
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-05')).toEqual([binding('3', { from: '2026-03', seq: 6 })]);
});

test('an exported product is bound before its id is known, and names the plan that makes it', async () => {
  const db = await database();
  const exported = {
    product: 'proofpoint',
    subProduct: 'business',
    term: 'monthly' as const,
    name: 'Mail Guard',
    description: 'Mail Guard for business',
    identifier: 'MG-BUS',
    category: '3',
    type: '4',
    unit: null,
    cost: decimalOf(2.44),
    price: decimalOf(3),
    taxable: false,
  };
  await exportProduct(db, NOW, { connection: 'office', from: '2026-03', exportPlan: 'plan-1', exported });
  expect(await bindingsFor(db, 'office', 'proofpoint', '2026-03')).toEqual([
    {
      ...place,
      psaProductId: null,
      identifier: 'MG-BUS',
      description: 'Mail Guard',
      taxable: false,
      origin: 'exported',
      exportPlan: 'plan-1',
      from: '2026-03',
      until: null,
      seq: 1,
    },
  ]);
});

test('unbinding names the customers whose open lines carry the product, and what those lines bill', async () => {
  const db = await database();
  await db.connections.put(connection);
  const line = { productId: '1', subProducts: ['business'], endedOn: null, quantity: decimalOf(15), price: decimalOf('3.005') };
  const synced = (customer: string, connection: string, lines: readonly object[]) => ({
    key: `${customer} ${connection}`,
    customer: customerKey({ product: 'proofpoint', site: customer }),
    connection,
    lines,
  });
  await db.synced.bulkPut([
    synced('acme', 'office', [line, { ...line, price: null }, { ...line, productId: '2' }]),
    synced('ended', 'office', [{ ...line, endedOn: '2026-02-28' }]),
    synced('elsewhere', 'branch', [line]),
  ] as unknown as Parameters<typeof db.synced.bulkPut>[0]);
  expect(await effectOfUnbinding(db, binding('1'), '2026-03')).toEqual({
    customers: [customerKey({ product: 'proofpoint', site: 'acme' })],
    lines: 2,
    amount: '45.08',
    currency: 'USD',
    unknown: 1,
  });
  const none = { customers: [], lines: 0, amount: '0', currency: 'USD', unknown: 0 };
  expect(await effectOfUnbinding(db, { ...binding('1'), psaProductId: null }, '2026-03')).toEqual(none);
});

test.each([
  ['a sub-product', 'business', ['business']],
  ['the top-level product', null, ['pro', 'business and advanced']],
])('unbinding %s counts only the lines that it stands for, where several share one product of the PSA', async (_, subProduct, expected) => {
  const db = await database();
  for (const own of ['business', 'advanced', null])
    await bindProduct(db, NOW, { ...place, subProduct: own, psaProduct: product('1'), from: null });
  const lineOf = (...subProducts: string[]) => ({
    productId: '1',
    endedOn: null,
    quantity: decimalOf(1),
    price: decimalOf(1),
    subProducts,
  });
  const synced = (site: string, line: object, of = 'proofpoint') => ({
    ...{ key: site, customer: customerKey({ product: of, site }), connection: 'office', lines: [line] },
  });
  await db.synced.bulkPut([
    ...[synced('business', lineOf('business')), synced('advanced', lineOf('advanced')), synced('pro', lineOf('pro'))],
    ...[synced('business and advanced', lineOf('business', 'advanced')), synced('another product', lineOf('backup'), 'acronis')],
  ] as unknown as Parameters<typeof db.synced.bulkPut>[0]);
  const { customers, lines } = await effectOfUnbinding(db, binding('1', { subProduct }), '2026-03');
  expect([customers.map((customer) => customerOf(customer).site).sort(), lines]).toEqual([expected.toSorted(), expected.length]);
});

test('an export plan and its binding are made together, and a plan that is damaged makes neither', async () => {
  const db = await database();
  const { plan, exported } = exportOf();
  const broken = { ...plan, currency: 'EUR' };
  const draft = { connection, today: '2026-04-03', from: null };
  await expect(confirmExport(db, NOW, { ...draft, exports: [{ plan: broken, exported }] })).rejects.toMatchObject({
    problem: { code: 'record is damaged' },
  });
  expect([await db.plans.count(), await db.bindings.count(), await db.audit.count()]).toEqual([0, 0, 0]);
  const [made] = await confirmExport(db, NOW, { ...draft, exports: [{ plan, exported }] });
  expect(await allBindings(db, 'office', '2026-03')).toEqual([made]);
  expect((await db.plans.toArray()).map(({ id, state }) => [id, state])).toEqual([[plan.id, 'confirmed']]);
});

test('an exported product that somebody else made is found by our key and its identifier, and by nothing else', async () => {
  const db = await database();
  const { plan, exported, reference } = exportOf();
  await confirmExport(db, NOW, { exports: [{ plan, exported }], connection, today: '2026-04-03', from: null });
  const twin = { ...product('7'), identifier: exported.identifier };
  expect(await settleExports(db, NOW, 'office', [twin])).toBe(0);
  const earlier = { ...product('6'), reference };
  expect(await settleExports(db, NOW, 'office', [twin, earlier])).toBe(0);
  const ours = { ...product('8'), identifier: exported.identifier, reference };
  expect(await settleExports(db, NOW, 'office', [twin, earlier, ours])).toBe(1);
  expect((await allBindings(db, 'office', '2026-03')).map(({ psaProductId, exportPlan }) => [psaProductId, exportPlan])).toEqual([
    ['8', null],
  ]);
});

function exportOf() {
  const exported: ProductExport = {
    ...{
      product: 'proofpoint',
      subProduct: 'business',
      term: 'monthly',
      name: 'Mail Guard',
      description: 'Mail Guard',
      identifier: 'MG-BUS',
    },
    ...{ category: '3', type: '4', unit: null, cost: null, price: decimalOf(3), taxable: false },
  };
  const draft = exportDraftOf([exported], { psa: 'connectwise', connection, vendor: 'Proofpoint', period: '2026-03' });
  const plan = freezePlan(draft, connectwise.requests);
  if (!plan.ok) throw new Error('the export breaks a limit');
  const reference = productKeyOf({
    psa: 'connectwise',
    tenant: connection.tenant,
    vendor: 'Proofpoint',
    product: 'proofpoint',
    subProduct: 'business',
  });
  return { exported, reference, plan: plan.value };
}

function database(): Promise<Database> {
  return openDatabase(`bindings-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
