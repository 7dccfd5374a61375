import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { Connection, PsaProduct } from '../../../src/domain/agreement';
import { decimalOf } from '../../../src/domain/decimal';
import { vault } from '../../../src/machines/credentials-actors';
import { bindingsFor } from '../../../src/storage/bindings';
import { adapters } from '../../../src/psa';
import { connections, saveConnection } from '../../../src/storage/connections';
import { linkOf } from '../../../src/storage/links';
import { saveMirror } from '../../../src/storage/mirrors';
import { unlockCredentials } from '../../../src/storage/secrets';
import BindProduct from '../../../src/ui/automation/BindProduct.svelte';
import Credentials from '../../../src/ui/automation/Credentials.svelte';
import ExportProductForm from '../../../src/ui/automation/ExportProductForm.svelte';
import LinkCompany from '../../../src/ui/automation/LinkCompany.svelte';
import BusinessAutomation from '../../../src/ui/screens/BusinessAutomation.svelte';
import { fakeApp, type FakeApp } from '../support/app';
import { company } from '../support/standings';

const NOW = '2021-01-03T09:00:00.000Z';
const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('a new connection', () => {
  test('asks for what its protocol needs, says what is wrong at its field, and is made', async () => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new', tab: null } }, context: app.context });
    await userEvent.type(screen.getByLabelText('Name'), 'Head office');
    await userEvent.type(screen.getByLabelText('Login company'), 'BrightHarbor');
    await userEvent.click(screen.getByRole('radio', { name: /^PSA/ }));
    await userEvent.type(screen.getByLabelText('Address'), 'http://psa.example.com');
    await userEvent.click(await button('Create connection'));
    const link = within(screen.getByRole('alert')).getByRole('link', { name: /The address cannot be used/ });
    await userEvent.click(link);
    expect(screen.getByLabelText('Address')).toHaveFocus();
    await userEvent.clear(screen.getByLabelText('Address'));
    await userEvent.type(screen.getByLabelText('Address'), 'https://psa.example.com');
    await userEvent.click(await button('Create connection'));
    await waitFor(() => expect(app.went).toEqual(['/tools/business-automation/id-1']));
    expect(await connections(app.db)).toEqual([
      {
        ...{ id: 'id-1', psa: 'connectwise', name: 'Head office', protocol: 'psa', url: 'https://psa.example.com' },
        ...{
          tenant: 'brightharbor',
          currency: 'USD',
          rateLimit: 120,
          quarantineMinutes: 10,
          checksKeys: false,
          settings: {},
          remember: false,
        },
      },
    ]);
  });

  test('says which promise holds for a relay that checks keys, and for one that does not', async () => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
    await userEvent.click(screen.getByRole('radio', { name: /^Relay/ }));
    expect(screen.getByText(/every line is read back and counted/)).toBeVisible();
    await userEvent.click(screen.getByRole('checkbox', { name: /The relay checks keys/ }));
    expect(screen.getByText(/no line is made twice/)).toBeVisible();
  });

  test.each(adapters.map((adapter) => [adapter.words.psa, adapter] as const))(
    'asks %s for no more a minute than it takes: that many are saved, one more is refused',
    async (psa, { limits: { requestsPerMinute: most }, fields }) => {
      const app = await fakeApp();
      render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
      await userEvent.selectOptions(screen.getByLabelText('PSA'), psa);
      await userEvent.click(screen.getByRole('radio', { name: /^PSA/ }));
      expect(screen.getByLabelText('Requests a minute')).toHaveValue(Math.min(120, most));
      await userEvent.type(screen.getByLabelText('Name'), 'Head office');
      await userEvent.type(screen.getByLabelText(fields.find(({ target }) => target === 'tenant')?.label ?? 'Account'), 'acme');
      await userEvent.type(screen.getByLabelText('Address'), 'https://psa.example.com');
      await enterRate(most + 1);
      await userEvent.click(await button('Create connection'));
      expect(within(screen.getByRole('alert')).getByRole('link', { name: /Requests a minute are more than the PSA takes/ })).toBeVisible();
      await enterRate(most);
      await userEvent.click(await button('Create connection'));
      await waitFor(async () => expect((await connections(app.db)).map(({ rateLimit }) => rateLimit)).toEqual([most]));
    },
  );

  test('keeps the rate that was entered when the PSA changes', async () => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
    await userEvent.click(screen.getByRole('radio', { name: /^PSA/ }));
    await enterRate(7);
    await userEvent.selectOptions(screen.getByLabelText('PSA'), 'Kaseya BMS');
    expect(screen.getByLabelText('Requests a minute')).toHaveValue(7);
  });

  test.each(
    adapters.flatMap(({ words, fields }) =>
      fields.filter(({ target }) => target === 'settings').map(({ name, label }) => [words.psa, label, name] as const),
    ),
  )('by file, %s asks for its setting %s, too', async (psa, label, setting) => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
    await userEvent.selectOptions(screen.getByLabelText('PSA'), psa);
    await userEvent.type(screen.getByLabelText('Name'), 'Head office');
    await userEvent.type(screen.getByLabelText(/^(Account|Subdomain)$/), 'acme');
    await userEvent.type(screen.getByLabelText(label), '2');
    await userEvent.click(await button('Create connection'));
    await waitFor(async () => expect((await connections(app.db)).map(({ settings }) => settings[setting])).toEqual(['2']));
  });

  test('says at Syncro’s most rounding what is no amount, and keeps one that is', async () => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
    await userEvent.selectOptions(screen.getByLabelText('PSA'), 'Syncro');
    await userEvent.type(screen.getByLabelText('Name'), 'Head office');
    await userEvent.type(screen.getByLabelText('Subdomain'), 'acme');
    const most = screen.getByLabelText('Most rounding');
    await userEvent.type(most, 'much');
    await userEvent.click(await button('Create connection'));
    const said = /Most rounding is not a number that can be used. “much” was entered/;
    await userEvent.click(within(screen.getByRole('alert')).getByRole('link', { name: said }));
    expect(most).toHaveFocus();
    expect(most).toHaveAccessibleDescription(said);
    await userEvent.clear(most);
    await userEvent.type(most, '0.5');
    await userEvent.click(await button('Create connection'));
    await waitFor(async () => expect((await connections(app.db)).map(({ settings }) => settings['mostRounding'])).toEqual(['0.5']));
  });

  test('is never offered the demo’s own PSA', async () => {
    const app = await fakeApp();
    render(BusinessAutomation, { props: { params: { connection: 'new' } }, context: app.context });
    expect(screen.getAllByRole('radio').map((radio) => (radio as HTMLInputElement).value)).toEqual(['file', 'psa', 'relay']);
  });
});

describe('credentials', () => {
  test('stay in memory unless a passphrase is given', async () => {
    const { app, connection } = await scene({ protocol: 'psa', url: 'https://psa.example.com' });
    render(Credentials, { props: { connection }, context: app.context });
    await enterKeys();
    await userEvent.click(await button('Use credentials'));
    expect(await screen.findByText('Credentials are in memory')).toBeVisible();
    expect([vault.credentialsOf(connection.id), await app.db.secrets.count()]).toEqual([
      { publicKey: 'public-4711', privateKey: 'private-0815', clientId: 'client-1234' },
      0,
    ]);
  });

  test('remembered, locked and unlocked; the database holds none of them in the clear', async () => {
    const { app, connection } = await scene({ protocol: 'psa', url: 'https://psa.example.com' });
    render(Credentials, { props: { connection }, context: app.context });
    await enterKeys();
    await userEvent.click(screen.getByRole('checkbox', { name: /Remember on this device/ }));
    await userEvent.type(screen.getByLabelText('Passphrase'), 'correct horse');
    await userEvent.click(await button('Use credentials'));
    await userEvent.click(await button('Lock'));
    await userEvent.type(await screen.findByLabelText('Passphrase'), 'wrong horse');
    await userEvent.click(await button('Unlock'));
    expect(await screen.findByRole('alert')).toHaveTextContent(/passphrase/i);
    await userEvent.clear(screen.getByLabelText('Passphrase'));
    await userEvent.type(screen.getByLabelText('Passphrase'), 'correct horse');
    await userEvent.click(await button('Unlock'));
    expect(await screen.findByText('Credentials are in memory')).toBeVisible();
    expect(await unlockCredentials(app.db, connection.id, 'correct horse')).toEqual(vault.credentialsOf(connection.id));
    const dump = JSON.stringify([await app.db.audit.toArray(), await app.db.connections.toArray()]);
    expect(['public-4711', 'private-0815', 'client-1234'].filter((secret) => dump.includes(secret))).toEqual([]);
  });

  test('a missing one is named', async () => {
    const { app, connection } = await scene({ protocol: 'psa', url: 'https://psa.example.com' });
    render(Credentials, { props: { connection }, context: app.context });
    await userEvent.click(await button('Use credentials'));
    expect(
      within(await screen.findByRole('alert'))
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual(['Enter the public key', 'Enter the private key', 'Enter the client id']);
    expect(vault.credentialsOf(connection.id)).toBe(null);
  });
});

describe('Link company', () => {
  test('suggests with a reason and links what the partner accepts', async () => {
    const { app, connection } = await scene();
    const acme = { ...company('c1', 'Acme'), domains: ['acme.com'] };
    await saveMirror(app.db, NOW, {
      ...{ connection: connection.id, kind: 'companies', scope: '', readAt: NOW },
      rows: [{ id: '7', name: 'Acme Holding', identifier: 'acme', website: 'https://acme.com', externalId: null, active: true }],
    });
    render(LinkCompany, { props: { connection, company: acme }, context: app.context });
    const option = await screen.findByRole('radio', { name: /Acme Holding/ });
    expect(option).toBeChecked();
    expect(option.closest('label')).toHaveTextContent(/Same domain as acme.com/);
    await userEvent.click(await button('Link company'));
    await waitFor(async () => expect((await linkOf(app.db, connection.id, 'c1'))?.psaCompany).toBe('7'));
  });

  test('says that nothing is read yet, and where to load files', async () => {
    const { app, connection } = await scene();
    render(LinkCompany, { props: { connection, company: company('c1', 'Acme') }, context: app.context });
    expect(await screen.findByText('The companies of ConnectWise are not read yet.')).toBeVisible();
    expect(screen.getByRole('link', { name: /Load saved answers/ })).toHaveAttribute(
      'href',
      `#/tools/business-automation/${connection.id}/files`,
    );
  });
});

describe('Bind Product', () => {
  test('binds the suggested product for every month, and a later change from its month on', async () => {
    const { app, connection } = await scene();
    await products(app, connection, [psaProduct('40', 'Business'), psaProduct('41', 'Business Deluxe')]);
    await app.db.subProducts.put({ key: 'business', product: 'proofpoint', name: 'Business', unit: null, ids: [] });
    const view = render(BindProduct, { props: { connection, product: 'proofpoint', subProduct: 'business' }, context: app.context });
    await userEvent.click(await button('Bind Product'));
    expect(await screen.findByRole('radio', { name: /P-40/ })).toBeChecked();
    await userEvent.click(await button('Bind'));
    await waitFor(async () => expect(await bound(app, connection)).toEqual([['40', null]]));
    const [binding = null] = await bindingsFor(app.db, connection.id, 'proofpoint', app.period);
    await view.rerender({ bound: binding });
    await userEvent.click(await button('Bind Product'));
    await userEvent.click(await screen.findByRole('radio', { name: /P-41/ }));
    await userEvent.click(await button('Bind'));
    await waitFor(async () => expect(await bound(app, connection)).toEqual([['41', '2020-12']]));
  });

  test('ticks nothing when two fit equally well', async () => {
    const { app, connection } = await scene();
    await products(app, connection, [psaProduct('40', 'Business'), psaProduct('41', 'Business')]);
    await app.db.subProducts.put({ key: 'business', product: 'proofpoint', name: 'Business', unit: null, ids: [] });
    render(BindProduct, { props: { connection, product: 'proofpoint', subProduct: 'business' }, context: app.context });
    await userEvent.click(await button('Bind Product'));
    const options = await screen.findAllByRole('radio');
    expect(options.filter((option) => (option as HTMLInputElement).checked)).toEqual([]);
    expect(await button('Bind')).toBeDisabled();
  });
});

describe('Export Product', () => {
  test('checks the limits of the PSA at their fields, then makes plan and binding together', async () => {
    const { app, connection } = await scene();
    render(ExportProductForm, { props: { connection, product: 'proofpoint', subProduct: 'business' }, context: app.context });
    await userEvent.click(await button('Export Product'));
    expect(
      within(await screen.findByRole('alert'))
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual(['Sub-category is missing', 'Type is missing']);
    expect(await app.db.plans.count()).toBe(0);
    await userEvent.type(screen.getByLabelText('Sub-category'), '21');
    await userEvent.type(screen.getByLabelText('Type'), '31');
    await userEvent.clear(screen.getByLabelText('White-label name'));
    await userEvent.type(screen.getByLabelText('White-label name'), 'Mail Guard');
    await userEvent.click(await button('Export Product'));
    await waitFor(async () => expect(await app.db.plans.count()).toBe(1));
    const [plan] = await app.db.plans.toArray();
    expect(await bindingsFor(app.db, connection.id, 'proofpoint', '2020-12')).toMatchObject([
      { subProduct: 'business', psaProductId: null, description: 'Mail Guard', origin: 'exported', exportPlan: plan?.id },
    ]);
    expect([plan?.state, plan?.plan.kind, await app.db.deliveries.count()]).toEqual(['confirmed', 'export', 1]);
  });

  test('a price of more digits than the PSA holds is rounded, said at its field, and exported as it is said', async () => {
    const { app, connection } = await scene({ psa: 'syncro' });
    render(ExportProductForm, { props: { connection, product: 'proofpoint', subProduct: 'business' }, context: app.context });
    const [price, cost] = [await screen.findByLabelText('Price in USD (optional)'), screen.getByLabelText('Cost in USD (optional)')];
    await userEvent.type(cost, '2.44');
    await userEvent.type(price, '4.255');
    expect(price).toHaveValue('4.255');
    expect(price).toHaveAccessibleDescription('Rounded to 4.26 for Syncro');
    expect(cost).not.toHaveAccessibleDescription();
    await userEvent.type(screen.getByLabelText('Category'), '3');
    await userEvent.click(await button('Export Product'));
    await waitFor(async () => expect(await app.db.plans.count()).toBe(1));
    const [stored] = await app.db.plans.toArray();
    expect(stored?.plan.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/products', expect.objectContaining({ price_retail: 4.26, price_cost: 2.44 })],
    ]);
  });

  test('an identifier that the PSA already has is refused in place', async () => {
    const { app, connection } = await scene();
    await products(app, connection, [{ ...psaProduct('40', 'Other'), identifier: 'BUSINESS' }]);
    render(ExportProductForm, { props: { connection, product: 'proofpoint', subProduct: 'business' }, context: app.context });
    await userEvent.type(await screen.findByLabelText('Sub-category'), '21');
    await userEvent.type(screen.getByLabelText('Type'), '31');
    await userEvent.click(await button('Export Product'));
    expect(await screen.findByRole('link', { name: /ConnectWise already has BUSINESS/ })).toBeVisible();
    expect(await app.db.plans.count()).toBe(0);
  });
});

async function scene(changes: Partial<Connection> = {}) {
  const app = await fakeApp();
  const connection = await saveConnection(app.db, NOW, {
    ...{
      id: crypto.randomUUID(),
      psa: 'connectwise',
      name: 'Office',
      protocol: 'file',
      url: null,
      tenant: 'brightharbor',
      currency: 'USD',
    },
    ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false, ...changes },
  });
  return { app, connection };
}

async function enterRate(requests: number): Promise<void> {
  await userEvent.clear(screen.getByLabelText('Requests a minute'));
  await userEvent.type(screen.getByLabelText('Requests a minute'), String(requests));
}

async function enterKeys(): Promise<void> {
  await userEvent.type(await screen.findByLabelText('Public key'), 'public-4711');
  await userEvent.type(screen.getByLabelText('Private key'), 'private-0815');
  await userEvent.type(screen.getByLabelText('Client id'), 'client-1234');
}

function psaProduct(id: string, description: string): PsaProduct {
  return { id, identifier: `P-${id}`, description, price: decimalOf(3), cost: null, taxable: true, active: true, reference: null };
}

async function products(app: FakeApp, connection: Connection, rows: readonly PsaProduct[]): Promise<void> {
  await saveMirror(app.db, NOW, { connection: connection.id, kind: 'products', scope: '', readAt: NOW, rows });
}

async function bound(app: FakeApp, connection: Connection) {
  return (await bindingsFor(app.db, connection.id, 'proofpoint', '2020-12')).map(({ psaProductId, from }) => [psaProductId, from]);
}
