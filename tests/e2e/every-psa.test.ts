import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answer } from '../../src/sandbox/index.ts';
import type { PsaRequest, Reading } from '../../src/psa/psa.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, signed, SITE, TODAY, type Outcomes } from '../psa/journeys.ts';
import { byRole, openPage, type Site } from './harness.ts';
import { cellsOf, customerRow, next } from './wizard-walk.ts';

const NAME = `${SITE} - ${SITE} - Proofpoint Business`;
/** The price of January rose at the vendor: an update that pushed more than the quantity would show it. */
const DECEMBER = { day: TODAY, date: '2020-12-19', quantity: 15, price: 3, charges: 45, total: 36.6, profit: 8.4 } as const;
const JANUARY = { day: '2021-02-03', date: '2021-01-19', quantity: 18, price: 3.25, charges: 58.5, total: 43.92, profit: 14.58 } as const;

describe.each(fixtures.map((fixture) => [fixture.adapter.words.psa, fixture] as const))('two months in a row at %s', (_, fixture) => {
  const { can, words } = fixture.adapter;

  test('by endpoint: the line is made, then only its quantity changes', async () => {
    const psa = await startHttpSandbox({ seed: fixture.sandbox(), base: fixture.base });
    onTestFinished(() => psa.close());
    const site = await ownData();
    const { page } = site;
    await connect(page, fixture, psa.url);
    await enterSecrets(page, fixture);
    await byRole(page, 'button', 'Read everything').click();
    await page.getByText(/^Read \d+ rows\.$/).waitFor();

    expect(await walkToSummary(site, fixture)).toBe('Creating');
    await byRole(page, 'button', 'Confirm Sync').click();
    await page.getByText(`1 request applied in ${words.psa}`).waitFor();
    await expectSynced(page);
    expect(billed(fixture, psa.state())).toEqual([line(fixture, DECEMBER.quantity)]);

    await inJanuary(site);
    await byRole(page, 'link', /Business Automation/).click();
    await byRole(page, 'link', words.psa).click();
    await enterSecrets(page, fixture);
    expect(await walkToSummary(site, fixture)).toBe('Updating');
    await byRole(page, 'button', 'Confirm Sync').click();
    if (!can.change) await tickHandWork(page);
    await page.getByText(`1 request applied in ${words.psa}`).waitFor();
    await expectSynced(page);
    expect(billed(fixture, psa.state())).toEqual([line(fixture, can.change ? JANUARY.quantity : DECEMBER.quantity)]);
    const writes = psa.ledger().runs.filter((run) => fixture.writes({ ...run, method: run.method as PsaRequest['method'] }));
    expect(new Set(writes.map(({ method, path, body }) => JSON.stringify([method, path, body]))).size).toBe(writes.length);
  });

  test('by file: what was marked as applied in December is updated in January', async () => {
    const site = await ownData();
    const { page } = site;
    await connect(page, fixture, null);
    await byRole(page, 'link', 'Files').click();
    const saved = savedAnswers(fixture);
    await page.getByLabel('PSA files').setInputFiles(saved);
    await byRole(page, 'button', `Use ${String(saved.length)} files`).click();
    await page.getByText(`${String(saved.length)} files taken over.`).waitFor();

    expect(await walkToSummary(site, fixture)).toBe('Creating');
    await byRole(page, 'button', 'Confirm Sync').click();
    expect(await written(page)).toEqual([['create', '15', '3']]);
    await byRole(page, 'button', 'Applied, all of it').click();
    await expectSynced(page);

    await inJanuary(site);
    expect(await walkToSummary(site, fixture)).toBe('Updating');
    await byRole(page, 'button', 'Confirm Sync').click();
    expect((await written(page)).filter(([operation]) => operation !== 'read')).toEqual([['update', '18', null]]);
    await byRole(page, 'button', 'Applied, all of it').click();
    await expectSynced(page);
  });
});

function line({ adapter }: PsaFixture, quantity: number): Outcomes {
  return { kind: 'recurring', name: NAME, quantity: String(quantity), price: '3', cost: adapter.limits.keepsCost ? '2.44' : null };
}

/** A PSA whose lines have no cost is not asked for one. */
function billed(fixture: PsaFixture, state: Parameters<typeof billing>[1]): readonly Outcomes[] {
  const lines = billing(fixture, state);
  return fixture.adapter.limits.keepsCost ? lines : lines.map((one) => ({ ...one, cost: null }));
}

/** The partner's own workspace on the day on which December is final, with December's usage in it. */
async function ownData(): Promise<Site> {
  const site = await openPage({ route: null });
  await site.page.clock.install({ time: `${DECEMBER.day}T09:00:00Z` });
  await site.go('');
  await byRole(site.page, 'button', 'Start with my data').click();
  await importUsage(site.page, DECEMBER);
  return site;
}

/** A month later the page is opened anew, and January's usage comes in. */
async function inJanuary({ page, go }: Site): Promise<void> {
  await page.clock.setSystemTime(`${JANUARY.day}T09:00:00Z`);
  await page.reload();
  await go('#/import');
  await importUsage(page, JANUARY);
}

async function importUsage(page: Page, month: typeof DECEMBER | typeof JANUARY): Promise<void> {
  await byRole(page, 'heading', 'Import').waitFor();
  await page.getByLabel('Usage files').setInputFiles(usageFiles(month));
  await byRole(page, 'button', 'Import').last().click();
  await page.getByText(/rows? imported/).waitFor();
}

/** Makes a connection by hand, named as its PSA; without an address it works with files. */
async function connect(page: Page, { adapter, account, settings }: PsaFixture, url: string | null): Promise<void> {
  await byRole(page, 'link', /Business Automation/).click();
  await byRole(page, 'link', 'New connection').click();
  await page.getByLabel('Name', { exact: true }).fill(adapter.words.psa);
  await page.getByLabel('PSA', { exact: true }).selectOption(adapter.words.psa);
  for (const { name, label } of adapter.fields.filter(({ target }) => target === 'tenant'))
    await page.getByLabel(label, { exact: true }).fill(account[name] ?? '');
  if (url !== null) {
    await page.getByRole('radio', { name: /^PSA/ }).check();
    await byRole(page, 'textbox', 'Address').fill(url);
    for (const { name, label } of adapter.fields.filter(({ target }) => target === 'settings'))
      await page.getByLabel(label, { exact: true }).fill(settings[name] ?? '');
  }
  await byRole(page, 'button', 'Create connection').click();
  await page.getByRole('heading', { level: 1, name: adapter.words.psa }).waitFor();
}

async function enterSecrets(page: Page, { adapter, account }: PsaFixture): Promise<void> {
  for (const { name, label } of adapter.fields.filter(({ target }) => target === 'credentials'))
    await page.getByLabel(label, { exact: true }).fill(account[name] ?? '');
  await byRole(page, 'button', 'Use credentials').click();
  await page.getByText('Credentials are in memory').waitFor();
}

/** From the subscription through every step that the wizard asks for. Answers the status of the one line. */
async function walkToSummary({ page, go }: Site, fixture: PsaFixture): Promise<string | undefined> {
  const { words } = fixture.adapter;
  await go('#/subscriptions');
  await byRole(page, 'link', 'Proofpoint').click();
  await byRole(customerRow(page, SITE), 'button', 'Sync').click();
  const heading = page.getByRole('heading', { level: 2, name: /^(Choose the PSA|Line items)$/ });
  if ((await heading.innerText()) === 'Choose the PSA') {
    await page.getByRole('radio', { name: new RegExp(`^${words.psa}`) }).check();
    await next(page, 'Products');
    await bindProduct(page, fixture);
    await next(page, 'Sync option');
    await byRole(page, 'radio', 'Multi-product').check();
    const agreement = words.agreement.charAt(0).toUpperCase() + words.agreement.slice(1);
    await next(page, agreement);
    await page.getByRole('radio', { name: /^1st West Insurance/ }).check();
    await byRole(page, 'button', 'Link company').click();
    const row = byRole(page, 'table', words.agreements)
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: fixture.agreementId, exact: true }) });
    await row.getByRole('radio').check();
    await next(page, 'Line items');
  }
  const [cells] = await cellsOf(byRole(page, 'table', 'Line items'));
  await next(page, 'Summary');
  return cells?.[2];
}

async function bindProduct(page: Page, { adapter, product }: PsaFixture): Promise<void> {
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Proofpoint Business', exact: true }) });
  await byRole(row, 'button', 'Bind Product').click();
  const dialog = byRole(page, 'dialog', 'Bind Product');
  await byRole(dialog, 'combobox', `Search products of ${adapter.words.psa}`).fill(product.identifier);
  await dialog.getByRole('option').click();
  await byRole(dialog, 'button', 'Bind').click();
  await row.getByText('Bound').waitFor();
}

async function tickHandWork(page: Page): Promise<void> {
  const table = byRole(page, 'table', 'Hand-work');
  expect((await cellsOf(table)).map((cells) => cells.slice(2, 6))).toEqual([[NAME, 'Change the line', 'quantity 15', 'quantity 18']]);
  await byRole(table, 'checkbox', `${NAME} is done`).check();
}

async function expectSynced(page: Page): Promise<void> {
  await byRole(page, 'link', 'Back to the subscription').click();
  await customerRow(page, SITE).getByText('Synced', { exact: true }).waitFor();
}

/** Downloads the sync file. Answers what its plan writes: operation, quantity and price. */
async function written(page: Page): Promise<readonly (readonly (string | null | undefined)[])[]> {
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Download sync file').click();
  const bytes = await readFile(await (await download).path());
  const files = Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, content]) => [path, strFromU8(content)]));
  expect(Object.keys(files)).toEqual(['plan.json', 'postman_collection.json', 'requests.http', 'lines.csv', 'README.txt']);
  const { requests } = JSON.parse(files['plan.json'] ?? '') as {
    requests: { operation: string; line: { after: { quantity: string | null; price: string | null } | null } }[];
  };
  return requests.map(({ operation, line: { after } }) => [operation, after?.quantity, after?.price]);
}

/** What the partner saves of the PSA instead of reading it: every page of companies, agreements and products. */
function savedAnswers(fixture: PsaFixture) {
  const { read } = fixture.adapter;
  return [...pages(fixture, read.companies()), ...pages(fixture, read.agreements(null)), ...pages(fixture, read.products())].map(
    (text, index) => ({ name: `answer-${String(index)}.json`, mimeType: 'application/json', buffer: Buffer.from(text) }),
  );
}

function pages<T>(fixture: PsaFixture, reading: Reading<T>): readonly string[] {
  const texts: string[] = [];
  for (let asked: PsaRequest | null = reading.request; asked !== null;) {
    const request: PsaRequest = asked;
    const { answer: answered } = answer(fixture.sandbox(), signed(fixture, request));
    const page = answered === null ? null : reading.parse(answered, request);
    if (answered === null || page?.ok !== true) throw new Error(`${request.path} is not answered`);
    texts.push(answered.text);
    asked = page.value.next;
  }
  return texts;
}

/** Pax8 files of one month: a summary that names the customer's company, whose domain is the site. */
function usageFiles({ date, quantity, price, charges, total, profit }: typeof DECEMBER | typeof JANUARY) {
  const ids = { companyId: '7d2b6c1e-0c39-4a52-9f7e-2f8f6a0c1d11', productId: 'b3bb9455-c454-4efa-9be8-15b86caf6933' };
  const subscriptionId = '8d04ad8c-456a-4b1d-9abe-a42ae526f683';
  const usageSummaryId = '52d8d4bc-59db-48fe-9aa7-95bed562ff95';
  const all: Readonly<Record<string, object>> = {
    companies: { id: ids.companyId, name: '1st West Insurance', website: `https://${SITE}`, status: 'Active', selfServiceAllowed: false },
    products: { id: ids.productId, name: 'Proofpoint', vendorName: 'Proofpoint' },
    subscriptions: {
      ...{
        ...ids,
        id: subscriptionId,
        quantity: 1,
        startDate: '2020-07-01',
        status: 'Active',
        billingTerm: 'Arrears',
        currencyCode: 'USD',
      },
    },
    summaries: {
      ...{ ...ids, id: usageSummaryId, subscriptionId, resourceGroup: SITE, vendorName: 'Proofpoint' },
      ...{ currentCharges: charges, currencyCode: 'USD', partnerTotal: total, isTrial: false },
    },
    lines: {
      ...{ usageSummaryId, usageDate: date, productName: 'Proofpoint Business', productId: '61bf3a55-f1da-4efd-88eb-bf362b0ad51e' },
      ...{ unitOfMeasure: 'User', quantity, unitPrice: price, currentCharges: charges, currentProfit: profit, partnerTotal: total },
      ...{ currencyCode: 'USD', isTrial: false },
    },
  };
  return Object.entries(all).map(([name, row]) => ({
    ...{ name: `${name}.json`, mimeType: 'application/json' },
    buffer: Buffer.from(JSON.stringify({ content: [row], page: { size: 200, totalElements: 1, totalPages: 1, number: 0 } })),
  }));
}
