import type { Page, Request } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { TABS } from '../../src/ui/automation/places.ts';
import type { HttpSandbox } from '../support/http-sandbox.ts';
import { serveRelay } from '../support/relay-server.ts';
import { axe, axeInThemes, byRole, openPage } from './harness.ts';
import { connect, enterSecrets, importUsage, jsonFile, SECRETS, startPsa, tables, walkOwnToSummary } from './own-walk.ts';

const SIGNING = `whsec_${btoa('thirty-two characters of secrecy')}`;

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
  await expect.poll(async () => [await verdict(/Managed services/), await verdict(/Old contract/)]).toEqual(['Yes', 'No Cancelled']);

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
  const psa = await startPsa({ cors: false });
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
  const psa = await startPsa({ cors: false });
  const { page, server, allow } = await openPage();
  allow(/401/);
  const headers = { authorization: `Basic ${btoa('BrightHarbor+public:private')}`, clientid: 'of the relay' };
  const relay = await serveRelay({ secret: SIGNING, origin: new URL(server.url).origin, psa: { baseUrl: psa.url, headers } });
  onTestFinished(() => relay.close());
  const envelopes = writesTo(page, relay.url);
  await byRole(page, 'button', 'Start with my data').click();
  await importUsage(page);
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

  await walkOwnToSummary(page);
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  expect(effectsOf(psa)).toEqual([['created', 'additions']]);
  expect(envelopes).toHaveLength(1);

  const { runs } = psa.ledger();
  const [sent] = envelopes;
  const post = (text: string | null) => fetch(relay.url, { method: 'POST', headers: sent?.headers() ?? {}, body: text });
  const first: unknown = await (await sent?.response())?.json();
  const again = await post(sent?.postData() ?? null);
  expect([again.status, await again.json()]).toEqual([200, first]);
  expect((await post(sent?.postData()?.replace('"quantity":15', '"quantity":16') ?? null)).status).toBe(401);
  expect(psa.ledger().runs).toEqual(runs);
  expect(effectsOf(psa)).toEqual([['created', 'additions']]);
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

test('a first month without an endpoint: an agreement that has no line yet, and the choices of an export, come from saved answers', async () => {
  const { page } = await openPage();
  await byRole(page, 'button', 'Start with my data').click();
  await importUsage(page);
  await connect(page, 'By file', null);
  await byRole(page, 'link', 'Files').click();
  await use(page, [
    jsonFile('companies.json', tables.companies),
    jsonFile('agreements.json', tables.agreements),
    jsonFile('products.json', tables.catalog),
  ]);
  await page.getByText('Requests to run and save').click();
  await page.getByLabel('Lines of the agreement').selectOption({ label: 'Managed services, First West Agency' });
  const requests = () => byRole(page, 'region', 'Requests').innerText();
  const lists = ['companies', 'agreements', 'products', 'categories', 'types', 'units', 'lines-of-10', 'one-time-lines-of-10'];
  await expect
    .poll(async () => (await requests()).split('\n').filter((line) => line.startsWith('### ')))
    .toEqual(lists.map((name) => `### ${name}.json`));
  await expect.poll(requests).toContain('/finance/agreements/10/additions?');

  const lookups = [
    jsonFile('categories.json', tables.subcategories),
    jsonFile('types.json', tables.types),
    jsonFile('units.json', tables.units),
  ];
  await page.getByLabel('PSA files').setInputFiles([jsonFile('response.json', []), jsonFile('one-time-lines-of-10.json', []), ...lookups]);
  await page.getByText('An empty list does not say what it is of').waitFor();
  await byRole(page, 'button', 'Use 4 files').waitFor();
  expect(await axe(page)).toEqual([]);
  await page
    .getByLabel('The request that response.json answers')
    .selectOption({ label: 'Additions of Managed services, First West Agency' });
  await byRole(page, 'button', 'Use 5 files').click();
  await page.getByText('5 files taken over.').waitFor();

  await byRole(page, 'link', 'Export Product').click();
  await page.getByLabel('Product or sub-product').selectOption({ index: 1 });
  const offered = (label: string) => page.getByLabel(label).locator('option').allInnerTexts();
  await expect.poll(() => offered('Sub-category')).toEqual(['Choose', 'Cloud']);
  await expect.poll(() => offered('Type')).toEqual(['Choose', 'Software']);
  await walkOwnToSummary(page);
  await expect.poll(() => page.getByText('Against ConnectWise now').locator('..').innerText()).toContain('+$45.00');
});

test('every tab is accessible in either theme', async () => {
  const { page, go } = await openPage();
  await byRole(page, 'button', 'Try the demo').click();
  await page.getByRole('row', { name: /^Proofpoint / }).waitFor();
  const found: Record<string, unknown> = {};
  for (const place of ['', '/new', ...TABS.map(({ key }) => `/demo-connectwise/${key}`)]) {
    await go(`#/tools/business-automation${place}`);
    await page.locator('h1').waitFor();
    const violations = await axeInThemes(page, `automation${place.replaceAll('/', '-')}`);
    if (violations.length > 0) found[place] = violations;
  }
  expect(found).toEqual({});
});

async function use(page: Page, files: readonly ReturnType<typeof jsonFile>[]): Promise<void> {
  await page.getByLabel('PSA files').setInputFiles([...files]);
  await byRole(page, 'button', `Use ${String(files.length)} files`).click();
  await page.getByText(`${String(files.length)} files taken over.`).waitFor();
}

/** Every envelope that the page posts from now on and that asks for more than an answer. */
function writesTo(page: Page, url: string): readonly Request[] {
  const found: Request[] = [];
  page.on('request', (request) => {
    if (request.url() !== url || request.method() !== 'POST') return;
    const { data } = request.postDataJSON() as { readonly data: { readonly method: string } };
    if (data.method !== 'GET') found.push(request);
  });
  return found;
}

function effectsOf(psa: HttpSandbox): readonly (readonly string[])[] {
  return psa.ledger().effects.map(({ effect, table }) => [effect, table]);
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
