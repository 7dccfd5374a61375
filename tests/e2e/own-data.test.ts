import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { newestFinalPeriod, type Period } from '../../src/domain/calendar.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { TABS } from '../../src/ui/automation/places.ts';
import { startHttpSandbox, type HttpSandbox } from '../support/http-sandbox.ts';
import { serveRelay } from '../support/relay-server.ts';
import { axe, byRole, openPage, screenshot, setTheme } from './harness.ts';

const PARTNER = '5a69a819-3215-45e6-9178-3445bcfee15b';
const COMPANY = '7d2b6c1e-0c39-4a52-9f7e-2f8f6a0c1d11';
const PROOFPOINT = 'b3bb9455-c454-4efa-9be8-15b86caf6933';
const SUMMARY = '52d8d4bc-59db-48fe-9aa7-95bed562ff95';
const SUBSCRIPTION = '8d04ad8c-456a-4b1d-9abe-a42ae526f683';
const SIGNING = `whsec_${btoa('thirty-two characters of secrecy')}`;
const SECRETS = {
  'Public key': 'public-4711-abcdef',
  'Private key': 'private-0815-abcdef',
  'Client id': 'c0ffee00-0000-4000-8000-000000000000',
};

test('own data: import, connect, read, link and bind, with real files and a PSA behind a real network', async () => {
  const psa = await startPsa();
  const { page, go } = await openPage();
  await byRole(page, 'button', 'Start with my data').click();
  await importUsage(page);

  await connect(page, 'Head office', psa.url);

  await byRole(page, 'button', 'Test connection').click();
  await page.getByText('Credentials are missing').waitFor();
  await enterSecrets(page);
  await byRole(page, 'button', 'Test connection').click();
  await page.getByText('The connection works').waitFor();
  await byRole(page, 'button', 'Read everything').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  expect(psa.ledger().runs.every(({ method }) => method === 'GET')).toBe(true);

  await byRole(page, 'link', 'Companies').click();
  const row = page.getByRole('row', { name: /^1st West Insurance / });
  await row.filter({ hasText: 'Same domain as 1stwestinsurance.com' }).waitFor();
  await byRole(page, 'button', 'Link 1 sure match').click();
  await row.filter({ hasText: 'First West Agency' }).waitFor();

  await byRole(page, 'link', 'Agreements').click();
  const verdict = (name: RegExp) => page.getByRole('row', { name }).getByRole('cell').nth(1).innerText();
  expect([await verdict(/Managed services/), await verdict(/Old contract/)]).toEqual(['Yes', 'No Cancelled']);

  await byRole(page, 'link', 'Manage Products').click();
  await page.getByText('$45.00 in').waitFor();
  await bind(page, /top-level/, 'Proofpoint');
  await bind(page, /Business/, 'Proofpoint Essentials Business');
  await page.getByText('Every counted sub-product has a product in ConnectWise').waitFor();

  await page.reload();
  await page.getByText('Every counted sub-product has a product in ConnectWise').waitFor();
  expect(await storedSecrets(page)).toEqual([]);
  await go('#/tools/business-automation');
  await expect
    .poll(() => page.getByRole('row', { name: /^Head office/ }).innerText())
    .toMatch(/^Head office\tConnectWise\tPSA\tUSD\t\w+ \d+, \d{4}, \d/);
});

test('a connection that nothing answers says what the browser cannot tell, and changes nothing', async () => {
  const psa = await startPsa(false);
  const { page, allow } = await openPage();
  allow(/CORS|ERR_FAILED|net::/);
  await byRole(page, 'button', 'Start with my data').click();
  await connect(page, 'Head office', psa.url);
  await enterSecrets(page);
  await byRole(page, 'button', 'Test connection').click();
  await page.getByText('Refused by CORS, or unreachable').waitFor();
  expect(psa.ledger().runs).toEqual([]);
});

test('through a relay: signed envelopes, each after a preflight, and only the relay has the credentials of the PSA', async () => {
  const psa = await startPsa(false);
  const { page, server, allow } = await openPage();
  allow(/401/);
  const headers = { authorization: `Basic ${btoa('BrightHarbor+public:private')}`, clientid: 'of the relay' };
  const relay = await serveRelay({ secret: SIGNING, origin: new URL(server.url).origin, psa: { baseUrl: psa.url, headers } });
  onTestFinished(() => relay.close());
  await byRole(page, 'button', 'Start with my data').click();
  await connect(page, 'Head office', relay.url, /^Relay/);
  await byRole(page, 'button', 'Test connection').click();
  await page.getByText('The relay itself answered 401').waitFor();
  expect(psa.ledger().runs).toEqual([]);
  await page.getByLabel('Signing secret').fill(SIGNING);
  await byRole(page, 'button', 'Use credentials').click();
  await page.getByText('Credentials are in memory').waitFor();
  await byRole(page, 'button', 'Test connection').click();
  await page.getByText('The connection works').waitFor();
  await byRole(page, 'button', 'Read everything').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  expect(psa.ledger().runs.every(({ method, status }) => method === 'GET' && status === 200)).toBe(true);
});

test('without a network the same lists come from saved answers', async () => {
  const { page } = await openPage();
  await byRole(page, 'button', 'Start with my data').click();
  await connect(page, 'By file', null);
  await byRole(page, 'link', 'Files').click();
  await page
    .getByLabel('PSA files')
    .setInputFiles([jsonFile('companies.json', tables.companies), jsonFile('agreements.json', tables.agreements)]);
  await page.getByText('1 row of companies').waitFor();
  await byRole(page, 'button', 'Use 2 files').click();
  await page.getByText('2 files taken over.').waitFor();
  await byRole(page, 'link', 'Agreements').click();
  await page.getByRole('row', { name: /Managed services/ }).waitFor();
});

test.each(['light', 'dark'] as const)('every tab is accessible in the %s theme', async (theme) => {
  const { page, go } = await openPage();
  await byRole(page, 'button', 'Try the demo').click();
  await page.getByRole('row', { name: /^Proofpoint / }).waitFor();
  await setTheme(page, theme);
  const found: Record<string, unknown> = {};
  for (const place of ['', '/new', ...TABS.map(({ key }) => `/demo-connectwise/${key}`)]) {
    await go(`#/tools/business-automation${place}`);
    await page.locator('h1').waitFor();
    await expect.poll(() => page.getByText('Loading…').count()).toBe(0);
    await screenshot(page, `automation${place.replaceAll('/', '-')}-${theme}`);
    const violations = await axe(page);
    if (violations.length > 0) found[place] = violations;
  }
  expect(found).toEqual({});
});

const tables = {
  companies: [
    { id: 1, identifier: 'FirstWest', name: 'First West Agency', website: 'https://www.1stwestinsurance.com', deletedFlag: false },
  ],
  agreements: [
    {
      ...{ id: 10, name: 'Managed services', company: { id: 1 }, agreementStatus: 'Active', startDate: '2020-07-01T00:00:00Z' },
      ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { currencyCode: 'USD' }, noEndingDateFlag: true, cancelledFlag: false },
    },
    {
      ...{ id: 11, name: 'Old contract', company: { id: 1 }, agreementStatus: 'Cancelled', startDate: '2019-07-01T00:00:00Z' },
      ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { currencyCode: 'USD' }, noEndingDateFlag: true, cancelledFlag: true },
    },
  ],
  catalog: [catalogItem(40, 'PP', 'Proofpoint'), catalogItem(41, 'PP-BUS', 'Proofpoint Essentials Business')],
  subcategories: [{ id: 3, name: 'Cloud', inactiveFlag: false }],
  types: [{ id: 4, name: 'Software', inactiveFlag: false }],
  units: [{ id: 5, name: 'Each', inactiveFlag: false }],
};

function catalogItem(id: number, identifier: string, description: string) {
  return { id, identifier, description, inactiveFlag: false, productClass: 'Agreement', price: 3, cost: 2.44 };
}

async function startPsa(cors = true): Promise<HttpSandbox> {
  const psa = await startHttpSandbox({ seed: createSandbox({ psa: 'connectwise', tables }), cors });
  onTestFinished(() => psa.close());
  return psa;
}

/** Makes a connection by hand; without an address it works with files. */
async function connect(page: Page, name: string, url: string | null, protocol = /^PSA/): Promise<void> {
  await byRole(page, 'heading', 'Import').waitFor();
  await byRole(page, 'link', /Business Automation/).click();
  await byRole(page, 'link', 'New connection').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Login company').fill('BrightHarbor');
  if (url !== null) {
    await page.getByRole('radio', { name: protocol }).check();
    await byRole(page, 'textbox', 'Address').fill(url);
  }
  await byRole(page, 'button', 'Create connection').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function enterSecrets(page: Page): Promise<void> {
  for (const [label, secret] of Object.entries(SECRETS)) await page.getByLabel(label).fill(secret);
  await byRole(page, 'button', 'Use credentials').click();
  await page.getByText('Credentials are in memory').waitFor();
}

async function importUsage(page: Page): Promise<void> {
  const period = newestFinalPeriod(new Date().toISOString().slice(0, 10));
  await page.getByLabel('Usage files').setInputFiles(pax8Files(period));
  await byRole(page, 'button', 'Import').last().click();
  await page.getByText(/rows? imported/).waitFor();
}

/** Fifteen users at 3.00, which cost 2.44 each; the company has the site as its domain. */
function pax8Files(period: Period) {
  const page = (content: readonly object[]) => ({ content, page: { size: 200, totalElements: content.length, totalPages: 1, number: 0 } });
  const company = {
    id: COMPANY,
    name: '1st West Insurance',
    website: 'https://1stwestinsurance.com',
    status: 'Active',
    selfServiceAllowed: false,
  };
  const summary = {
    ...{ id: SUMMARY, companyId: PARTNER, subscriptionId: SUBSCRIPTION, productId: PROOFPOINT, resourceGroup: '1stwestinsurance.com' },
    ...{ vendorName: 'Proofpoint', currentCharges: 45, currencyCode: 'USD', partnerTotal: 36.6, isTrial: false },
  };
  const line = {
    ...{ usageSummaryId: SUMMARY, usageDate: `${period}-19`, productName: 'Proofpoint Essentials Business', productId: PROOFPOINT },
    ...{ unitOfMeasure: 'User', quantity: 15, unitPrice: 3, currentCharges: 45, currentProfit: 8.4, partnerTotal: 36.6 },
    ...{ currencyCode: 'USD', isTrial: false },
  };
  const subscription = {
    ...{
      id: SUBSCRIPTION,
      companyId: PARTNER,
      productId: PROOFPOINT,
      quantity: 1,
      startDate: '2020-07-01',
      status: 'Active',
      billingTerm: 'Arrears',
    },
    ...{ currencyCode: 'USD' },
  };
  const product = { id: PROOFPOINT, name: 'Proofpoint', vendorName: 'Proofpoint' };
  return [
    jsonFile('companies.json', page([company])),
    jsonFile('products.json', page([product])),
    jsonFile('subscriptions.json', page([subscription])),
    jsonFile('summaries.json', page([summary])),
    jsonFile('lines.json', page([{ ...line, productId: '61bf3a55-f1da-4efd-88eb-bf362b0ad51e' }])),
  ];
}

function jsonFile(name: string, content: unknown) {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) };
}

async function bind(page: Page, place: RegExp, product: string): Promise<void> {
  await byRole(page.getByRole('row', { name: place }), 'button', 'Bind Product').click();
  const dialog = byRole(page, 'dialog', 'Bind Product');
  await dialog.getByRole('radio', { name: new RegExp(`^${product} PP`) }).check();
  await byRole(dialog, 'button', 'Bind').click();
  await dialog.waitFor({ state: 'detached' });
}

/** Secrets that any table of the browser's databases holds in the clear. */
async function storedSecrets(page: Page): Promise<string[]> {
  const dump = await page.evaluate(async () => {
    const texts: string[] = [JSON.stringify(Object.entries(localStorage))];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name ?? '');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('not opened'));
      });
      for (const table of db.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve) => {
          const request = db.transaction(table).objectStore(table).getAll();
          request.onsuccess = () => resolve(request.result as unknown[]);
        });
        texts.push(JSON.stringify(rows));
      }
      db.close();
    }
    return texts.join('\n');
  });
  return Object.values(SECRETS).filter((secret) => dump.includes(secret));
}
