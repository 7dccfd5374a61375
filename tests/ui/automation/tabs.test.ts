import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../src/domain/agreement';
import { decimalOf } from '../../../src/domain/decimal';
import type { Company } from '../../../src/domain/marketplace';
import type { ProductStanding } from '../../../src/domain/standing';
import { connectwise } from '../../../src/psa/connectwise';
import { bindProduct } from '../../../src/storage/bindings';
import { saveConnection } from '../../../src/storage/connections';
import { links } from '../../../src/storage/links';
import { saveMirror } from '../../../src/storage/mirrors';
import CompaniesTab from '../../../src/ui/automation/CompaniesTab.svelte';
import ProductsTab from '../../../src/ui/automation/ProductsTab.svelte';
import TestConnection from '../../../src/ui/automation/TestConnection.svelte';
import { corsAnswer } from '../../../src/ui/automation/words';
import { fakeApp } from '../support/app';
import { company, standing } from '../support/standings';

const NOW = '2021-01-03T09:00:00.000Z';
const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('Test connection', () => {
  test('says exactly what a proxy in front of the PSA has to answer, ready to copy', async () => {
    const { app, connection } = await scene({ protocol: 'psa', url: 'https://psa.example.com' });
    render(TestConnection, { props: { connection }, context: app.context });
    const said = [
      `Access-Control-Allow-Origin: ${location.origin}`,
      'Access-Control-Allow-Methods: GET, POST, PATCH, PUT, DELETE',
      'Access-Control-Allow-Headers: content-type, accept, authorization, clientid',
      'Access-Control-Max-Age: 600',
      'Access-Control-Expose-Headers: link, retry-after',
    ].join('\n');
    const details = screen.getByText('Headers that the proxy has to answer').closest('details');
    expect(details?.querySelector('pre')?.textContent).toBe(said);
    const written = vi.fn(() => Promise.resolve());
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(written);
    await userEvent.click(screen.getByText('Headers that the proxy has to answer'));
    await userEvent.click(await button('Copy headers'));
    expect(written.mock.calls).toEqual([[said]]);
    expect(app.said).toEqual(['Headers copied']);
  });

  test('of a relay names the header that the partner gave it, and nothing of the PSA', async () => {
    const { connection } = await scene({ protocol: 'relay', url: 'https://relay.example.com', settings: { relayHeader: 'X-Make-ApiKey' } });
    expect(corsAnswer(connection, connectwise, 'https://page.example.com').split('\n')).toEqual([
      'Access-Control-Allow-Origin: https://page.example.com',
      'Access-Control-Allow-Methods: POST',
      'Access-Control-Allow-Headers: content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature, x-make-apikey',
      'Access-Control-Max-Age: 600',
      'Access-Control-Expose-Headers: retry-after',
    ]);
  });
});

describe('Companies', () => {
  test('links several at once: exact evidence is ticked, what is only similar or ambiguous is not', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([
      named('c1', 'Acme', ['acme.com']),
      named('c2', 'Twin'),
      named('c3', 'Bolt Fasteners'),
      named('c4', 'Nobody'),
    ]);
    await saveMirror(app.db, NOW, {
      ...{ connection: connection.id, kind: 'companies', scope: '', readAt: NOW },
      rows: [
        ...[psaCompany('1', 'Bolt Fastener Works'), psaCompany('2', 'A. C. Me', 'https://acme.com')],
        ...[psaCompany('3', 'Twin Ltd'), psaCompany('4', 'Twin Inc')],
      ],
    });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await button('Link 1 sure match');
    expect(screen.getAllByRole('checkbox').map((box) => [box.getAttribute('aria-label'), (box as HTMLInputElement).checked])).toEqual([
      ['Link Acme to A. C. Me', true],
      ['Link Twin to Twin Ltd', false],
      ['Link Bolt Fasteners to Bolt Fastener Works', false],
    ]);
    expect(screen.getByRole('row', { name: /^Acme/ })).toHaveTextContent('A. C. Me? Same domain as acme.com');
    expect(screen.getByRole('row', { name: /^Twin/ })).toHaveTextContent(/Twin (Ltd|Inc)\? .*, 97%; 1 other possible/);
    await userEvent.click(screen.getByRole('checkbox', { name: /^Link Bolt/ }));
    await userEvent.click(await button('Link 2 companies'));
    await waitFor(async () =>
      expect((await links(app.db, connection.id)).map((link) => [link.company, link.psaCompany])).toEqual([
        ...[
          ['c1', '2'],
          ['c3', '1'],
        ],
      ]),
    );
  });

  test('an equal name is ticked where no domain speaks against it, and is not called sure', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([named('c1', 'Bolt'), named('c2', 'Smith', ['smith-plumbing.com'])]);
    const rows = [psaCompany('1', 'Bolt Inc'), psaCompany('2', 'Smith Ltd', 'https://smith-dental.com')];
    await saveMirror(app.db, NOW, { connection: connection.id, kind: 'companies', scope: '', readAt: NOW, rows });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await button('Link 1 company');
    expect(screen.getAllByRole('checkbox').map((box) => (box as HTMLInputElement).checked)).toEqual([true, false]);
    expect(screen.getByRole('row', { name: /^Smith/ })).toHaveTextContent('smith-plumbing.com here, smith-dental.com in the PSA, 75%');
  });

  test('a sure match that the partner unticks stays unlinked', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([named('c1', 'Acme', ['acme.com'])]);
    const rows = [psaCompany('2', 'Acme', 'https://acme.com')];
    await saveMirror(app.db, NOW, { connection: connection.id, kind: 'companies', scope: '', readAt: NOW, rows });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Link Acme to Acme' }));
    expect(screen.queryByRole('button', { name: /sure match/ })).toBe(null);
  });
});

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

  test('shows what is unbound first, with its money, and exports several in one plan', async () => {
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
    await waitFor(async () => expect(await app.db.plans.count()).toBe(1));
    const [plan] = await app.db.plans.toArray();
    expect(plan?.plan.requests.map(({ operation, body }) => [operation, (body as { identifier: string }).identifier])).toEqual([
      ['export', 'PROOFPOINT-ADVANCED'],
      ['export', 'PROOFPOINT-BUSINESS'],
    ]);
    const bindings = (await app.db.bindings.toArray()).map(({ subProduct, exportPlan, from }) => [subProduct, exportPlan, from]);
    expect(bindings).toEqual([
      ['advanced', plan?.id, null],
      ['business', plan?.id, null],
    ]);
    await waitFor(() => expect(app.went).toEqual([`/delivery/${plan?.id ?? ''}`]));
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

const plain = standing('acme.com');
const usage: ProductStanding = {
  ...{ product: 'proofpoint', name: 'Proofpoint', customers: 1 },
  standings: [
    {
      ...plain,
      count: { ...plain.count, counts: [count('business', 'Proofpoint Business', 15, 3), count('advanced', 'Proofpoint Advanced', 4, 4)] },
    },
  ],
} as unknown as ProductStanding;

function named(id: string, name: string, domains: readonly string[] = []): Company {
  return { ...company(id, name), domains: [...domains] };
}

function psaCompany(id: string, name: string, website: string | null = null) {
  return { id, name, identifier: null, website, externalId: null, active: true };
}

async function scene(changes: Partial<Connection> = {}, standings: readonly ProductStanding[] = []) {
  const app = await fakeApp({ standings });
  const connection = await saveConnection(app.db, NOW, {
    ...{ id: 'office', psa: 'connectwise', name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
    ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false, ...changes },
  });
  return { app, connection };
}
