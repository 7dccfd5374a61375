import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { adapters } from '../../../src/psa';
import { saveConnection } from '../../../src/storage/connections';
import { mirrorOf, saveMirror } from '../../../src/storage/mirrors';
import ExportProductForm from '../../../src/ui/automation/ExportProductForm.svelte';
import FilesTab from '../../../src/ui/automation/FilesTab.svelte';
import { fakeApp } from '../support/app';

const NOW = '2021-01-03T09:00:00.000Z';
const json = (name: string, content: unknown) => new File([JSON.stringify(content)], name, { type: 'application/json' });
const requests = () =>
  screen
    .getByRole('region', { name: 'Requests', hidden: true })
    .textContent.split('\n')
    .filter((line) => line.startsWith('### '))
    .map((line) => line.slice(4));

test.each(adapters.map(({ id }) => [id]))('%s: the requests of every list that a sync and an export need are shown', async (psa) => {
  const { app, connection } = await scene(psa);
  render(FilesTab, { props: { connection }, context: app.context });
  const LOOKUPS: Readonly<Record<string, readonly string[]>> = {
    connectwise: ['categories.json', 'types.json', 'units.json'],
    autotask: ['categories.json', 'types.json', 'rules.json'],
    'kaseya-bms': ['categories.json', 'types.json'],
  };
  const agreements = psa === 'superops' ? [] : ['agreements.json'];
  expect(requests()).toEqual(['companies.json', ...agreements, 'products.json', ...(LOOKUPS[psa] ?? ['categories.json'])]);
});

test('two empty answers of one name are told one by one, and each is taken over as what it answers', async () => {
  const { app, connection } = await scene('connectwise');
  await saveMirror(app.db, NOW, {
    connection: connection.id,
    kind: 'agreements',
    scope: '',
    readAt: NOW,
    rows: [agreement('10', 'Managed')],
  });
  render(FilesTab, { props: { connection }, context: app.context });
  await screen.findByRole('option', { name: 'Managed' });
  await userEvent.upload(screen.getByLabelText('PSA files'), [json('response.json', []), json('response.json', [])]);
  const [first, second] = await screen.findAllByLabelText('The request that response.json answers');
  expect(screen.getByRole('button', { name: /^Use 0 files/ })).toBeDisabled();
  await userEvent.selectOptions(second!, 'Additions of Managed');
  expect(first).toHaveValue('');
  await userEvent.click(screen.getByRole('button', { name: 'Use 1 file' }));
  expect(await screen.findByText('1 file taken over.')).toBeVisible();
  const lines = await mirrorOf(app.db, connection.id, 'lines', '10');
  expect([lines?.rows, Object.keys(lines?.parts ?? {})]).toEqual([[], ['recurring']]);
});

test('a list that is not whole says which request follows', async () => {
  const { app, connection } = await scene('autotask');
  render(FilesTab, { props: { connection }, context: app.context });
  await userEvent.upload(screen.getByLabelText('PSA files'), [json('categories.json', { fields: [] })]);
  expect(await screen.findByText(/Another page follows/)).toBeVisible();
  expect(screen.getByText(/### categories\.2\.json/)).toHaveTextContent(
    'POST https://webservices5.autotask.net/ATServicesRest/V1.0/BillingCodes/query',
  );
});

test('an export by file asks for ids until the choices are saved, and says where to', async () => {
  const { app, connection } = await scene('connectwise');
  render(ExportProductForm, { props: { connection, product: 'proofpoint', subProduct: null }, context: app.context });
  expect(await screen.findByRole('link', { name: 'Load saved answers of the PSA' })).toHaveAttribute(
    'href',
    expect.stringContaining('/files'),
  );
  expect(screen.getByLabelText('Type').tagName).toBe('INPUT');
  await saveMirror(app.db, NOW, {
    connection: connection.id,
    kind: 'types',
    scope: '',
    readAt: NOW,
    rows: [{ id: '4', name: 'Software' }],
  });
  await waitFor(() => expect(screen.getByLabelText('Type').tagName).toBe('SELECT'));
  expect(screen.getByLabelText('Sub-category').tagName).toBe('INPUT');
});

async function scene(psa: string) {
  const app = await fakeApp();
  const connection = await saveConnection(app.db, NOW, {
    ...{ id: 'office', psa, name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
    ...{ rateLimit: 100, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
  });
  return { app, connection };
}

function agreement(id: string, name: string) {
  const unknown = { type: null, startDate: null, endDate: null, cycle: null, monthly: null, currency: null, prorates: null };
  return { id, name, companyId: '1', status: 'active', ...unknown, nextInvoiceDate: null, billsProducts: null } as const;
}
