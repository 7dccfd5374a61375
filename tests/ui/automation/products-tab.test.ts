import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../../src/domain/decimal';
import type { ProductStanding } from '../../../src/domain/standing';
import { productKeyOf } from '../../../src/domain/plan';
import { bindProduct } from '../../../src/storage/bindings';
import type { Database } from '../../../src/storage/db';
import ProductsTab from '../../../src/ui/automation/ProductsTab.svelte';
import { NOW, scene } from './scene';
import { standing } from '../support/standings';

const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('Manage Products', () => {
  test('says how much of the unbound money is not known', async () => {
    const priced = count('business', 'Proofpoint Business', 15, 3);
    const standings = [
      { ...plain, count: { ...plain.count, counts: [priced, { ...priced, subProduct: 'pro', name: 'Pro', price: null }] } },
    ];
    const { app, connection } = await scene({}, [{ ...usage, standings } as unknown as ProductStanding]);
    render(ProductsTab, { props: { connection }, context: app.context });
    expect(await screen.findByText(/Their lines use the top-level product/)).toHaveTextContent('$45.00, 1 unknown in');
  });

  test('shows what is unbound first, with its money, and exports several in one set', async () => {
    const { app, connection } = await scene({}, [usage]);
    render(ProductsTab, { props: { connection }, context: app.context });
    expect(await screen.findByText('2 sub-products without a product in ConnectWise')).toBeVisible();
    expect(screen.getByText(/Their lines use the top-level product/)).toHaveTextContent('$61.00 in');
    await userEvent.click(await button(/^Export several/));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /^Proofpoint \$/ }));
    const [category] = within(dialog).getAllByLabelText('Sub-category');
    const [type] = within(dialog).getAllByLabelText('Type');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Export 2 products' }));
    expect(
      within(await within(dialog).findByRole('alert'))
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual([
      ...['Proofpoint Advanced: Sub-category is missing', 'Proofpoint Advanced: Type is missing'],
      ...['Proofpoint Business: Sub-category is missing', 'Proofpoint Business: Type is missing'],
    ]);
    await userEvent.type(category ?? dialog, '21');
    await userEvent.type(type ?? dialog, '31');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Use its term and filing for all' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Export 2 products' }));
    await waitFor(async () => expect(await app.db.plans.count()).toBe(2));
    const plans = await exportsIn(app.db);
    expect(plans.map(({ identifiers }) => identifiers)).toEqual([['PROOFPOINT-ADVANCED'], ['PROOFPOINT-BUSINESS']]);
    const bindings = (await app.db.bindings.toArray()).map(({ subProduct, exportPlan, from }) => [subProduct, exportPlan, from]);
    expect(bindings).toEqual([
      ['advanced', plans[0]?.id, null],
      ['business', plans[1]?.id, null],
    ]);
    await waitFor(() => expect(app.went).toEqual([`/delivery/${plans[1]?.id ?? ''}`]));
  });

  test('exports products of several vendors with one confirmation, each under the key of its own, by keyboard alone', async () => {
    const { app, connection } = await scene({}, [usage, vaults]);
    await app.db.products.bulkPut([
      { key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] },
      { key: 'vaults', name: 'Vaults', vendor: 'Northvault', ids: [] },
    ]);
    render(ProductsTab, { props: { connection }, context: app.context });
    (await button('Export several')).focus();
    await userEvent.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'Export Products' });
    expect(
      within(dialog)
        .getAllByRole('heading', { level: 3 })
        .map(({ textContent }) => textContent),
    ).toEqual(['Vaults', 'Proofpoint']);
    const boxes = within(dialog).getAllByRole('checkbox', { name: /^(?!Taxable)/ });
    expect(boxes.map((box) => [box.closest('fieldset')?.querySelector('legend')?.textContent, (box as HTMLInputElement).checked])).toEqual([
      ...[
        ['Vaults', true],
        ['Box', true],
        ['Seat', false],
      ],
      ...[
        ['Proofpoint', true],
        ['Proofpoint Advanced', true],
        ['Proofpoint Business', true],
      ],
    ]);
    within(dialog)
      .getByRole('button', { name: /^Untick all\sof Proofpoint$/ })
      .focus();
    await userEvent.keyboard('{Enter}');
    within(dialog)
      .getByRole('checkbox', { name: /^Proofpoint Business/ })
      .focus();
    await userEvent.keyboard(' ');
    within(dialog)
      .getByRole('checkbox', { name: /^Vaults/ })
      .focus();
    await userEvent.keyboard(' ');
    const fill = async (label: string, text: string) => {
      within(dialog).getAllByLabelText(label)[0]?.focus();
      await userEvent.keyboard(text);
    };
    await fill('Sub-category', '21');
    await fill('Type', '31');
    within(dialog).getByRole('button', { name: 'Use its term and filing for all' }).focus();
    await userEvent.keyboard('{Enter}');
    within(dialog).getByRole('button', { name: 'Export 2 products' }).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(async () => expect(await app.db.plans.count()).toBe(2));
    const plans = await exportsIn(app.db);
    const key = (vendor: string, product: string, subProduct: string) =>
      productKeyOf({ psa: 'connectwise', tenant: 'brightharbor', vendor, product, subProduct });
    expect(plans.map(({ identifiers, keys }) => [identifiers, keys])).toEqual([
      [['BOX'], [key('Northvault', 'vaults', 'box')]],
      [['PROOFPOINT-BUSINESS'], [key('Proofpoint', 'proofpoint', 'business')]],
    ]);
    expect(new Set(plans.map(({ set }) => set))).toEqual(new Set([plans[1]?.id]));
    expect((await app.db.bindings.toArray()).map(({ product, subProduct }) => [product, subProduct])).toEqual([
      ['proofpoint', 'business'],
      ['vaults', 'box'],
    ]);
    await waitFor(() => expect(app.went).toEqual([`/delivery/${plans[1]?.id ?? ''}`]));
    expect(app.said).toEqual(['2 products ready to be exported']);
  });

  test('a form that is wrong keeps every product of every vendor back', async () => {
    const { app, connection } = await scene({}, [usage, vaults]);
    render(ProductsTab, { props: { connection }, context: app.context });
    await userEvent.click(await button('Export several'));
    const dialog = await screen.findByRole('dialog');
    const [category] = within(dialog).getAllByLabelText('Sub-category');
    const [type] = within(dialog).getAllByLabelText('Type');
    await userEvent.type(category ?? dialog, '21');
    await userEvent.type(type ?? dialog, '31');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Export 5 products' }));
    const links = within(await within(dialog).findByRole('alert')).getAllByRole('link');
    expect(links.map(({ textContent }) => textContent)).toContain('Proofpoint Business: Type is missing');
    expect([await app.db.plans.count(), await app.db.bindings.count()]).toEqual([0, 0]);
  });

  test('puts the product with the most unbound money first', async () => {
    const other = { ...usage, product: 'other', name: 'Another' };
    const [first] = usage.standings;
    const small = {
      ...other,
      standings: first === undefined ? [] : [{ ...first, count: { ...first.count, counts: first.count.counts.slice(1) } }],
    };
    const { app, connection } = await scene({}, [small, usage]);
    render(ProductsTab, { props: { connection }, context: app.context });
    await screen.findByText('3 sub-products without a product in ConnectWise');
    expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toEqual(['Proofpoint', 'Another']);
  });

  test('two forms with one identifier are refused in place', async () => {
    const { app, connection } = await scene({}, [usage]);
    render(ProductsTab, { props: { connection }, context: app.context });
    await userEvent.click(await button(/^Export several/));
    const dialog = await screen.findByRole('dialog');
    for (const label of ['Sub-category', 'Type'])
      for (const field of within(dialog).getAllByLabelText(label)) await userEvent.type(field, '9');
    const [first, second] = within(dialog).getAllByLabelText('Identifier');
    for (const field of [first, second]) {
      await userEvent.clear(field ?? dialog);
      await userEvent.type(field ?? dialog, 'SAME');
    }
    await userEvent.click(within(dialog).getByRole('button', { name: 'Export 3 products' }));
    expect(await within(dialog).findByRole('link', { name: /SAME stands in another form, too/ })).toBeVisible();
    expect(await app.db.plans.count()).toBe(0);
  });

  test('unbinding says how many lines of whom it touches, and what they bill', async () => {
    const { app, connection } = await scene({}, [usage]);
    const psaProduct = {
      id: '40',
      identifier: 'P-40',
      description: 'Mail',
      price: decimalOf(3),
      cost: null,
      taxable: true,
      active: true,
      reference: null,
    };
    await bindProduct(app.db, NOW, { connection: connection.id, product: 'proofpoint', subProduct: 'business', psaProduct, from: null });
    const line = { productId: '40', subProducts: ['business'], endedOn: null, quantity: decimalOf(15), price: decimalOf(3) };
    await app.db.synced.put({ key: 'x', customer: 'proofpoint\u001facme.com', connection: connection.id, lines: [line] } as never);
    render(ProductsTab, { props: { connection }, context: app.context });
    await userEvent.click(await button('Unbind'));
    const dialog = await screen.findByRole('dialog', { name: 'Unbind Mail?' });
    expect(await within(dialog).findByText('1 open line of 1 customer use this product')).toBeVisible();
    expect(dialog).toHaveTextContent('The lines bill $45.00 each time.');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Unbind product' }));
    expect(await screen.findByText('2 sub-products without a product in ConnectWise')).toBeVisible();
  });
});

const count = (subProduct: string, name: string, quantity: number, price: number) => ({
  ...{ subProduct, name, quantity: decimalOf(quantity), cost: null, price: decimalOf(price), currency: 'USD', unit: null, trial: null },
});

async function exportsIn(db: Database) {
  const records = (await db.plans.toArray()).sort((left, right) => left.position - right.position);
  return records.map(({ id, set, plan }) => ({
    ...{ id, set, keys: plan.requests.map(({ line }) => line.lineKey) },
    identifiers: plan.requests.map(({ body }) => (body as { identifier: string }).identifier),
  }));
}

const plain = standing('acme.com');
/** Of another vendor: one that is counted, one that is not. */
const vaults: ProductStanding = {
  ...{ product: 'vaults', name: 'Vaults', customers: 1 },
  standings: [{ ...plain, count: { ...plain.count, counts: [count('box', 'Box', 10, 30), count('seat', 'Seat', 0, 1)] } }],
} as unknown as ProductStanding;
const usage: ProductStanding = {
  ...{ product: 'proofpoint', name: 'Proofpoint', customers: 1 },
  standings: [
    {
      ...plain,
      count: { ...plain.count, counts: [count('business', 'Proofpoint Business', 15, 3), count('advanced', 'Proofpoint Advanced', 4, 4)] },
    },
  ],
} as unknown as ProductStanding;
