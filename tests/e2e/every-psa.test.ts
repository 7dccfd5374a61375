import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PlanSchema, type Plan } from '../../src/domain/plan.ts';
import { answer } from '../../src/sandbox/index.ts';
import type { PsaRequest, Reading } from '../../src/psa/psa.ts';
import type { SandboxState } from '../../src/sandbox/sandbox.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { delivered } from '../psa/deliver.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, heldLine, journeysOf, linesIn, signed, SITE, TODAY, type Outcomes } from '../psa/journeys.ts';
import { byRole, openPage, type Site } from './harness.ts';
import { cellsOf, customerRow, next } from './wizard-walk.ts';

const NAME = `${SITE} - ${SITE} - Proofpoint Business`;
/** The price of January rose at the vendor: an update that pushed more than the quantity would show it. */
const DECEMBER = { day: TODAY, date: '2020-12-19', quantity: 15, price: 3, charges: 45, total: 36.6, profit: 8.4 } as const;
const JANUARY = { day: '2021-02-03', date: '2021-01-19', quantity: 18, price: 3.25, charges: 58.5, total: 43.92, profit: 14.58 } as const;

describe.each(fixtures.map((fixture) => [fixture.adapter.words.psa, fixture] as const))('two months in a row at %s', (_, fixture) => {
  const { adapter } = fixture;
  const { can, words } = adapter;

  test('by endpoint: the line is made, then only its quantity changes', async () => {
    const before = fixture.sandbox();
    const psa = await startHttpSandbox({ seed: before, base: fixture.base });
    onTestFinished(() => psa.close());
    const site = await ownData();
    const { page } = site;
    await connect(page, fixture, psa.url);
    await enterSecrets(page, fixture);
    await byRole(page, 'button', 'Read everything').click();
    await page.getByText(/^Read \d+ rows\.$/).waitFor();

    await walkToSummary(site, fixture, before, 'Creating');
    await byRole(page, 'button', 'Confirm Sync').click();
    await page.getByText(new RegExp(`^\\d+ requests? applied in ${words.psa}$`)).waitFor();
    await expectSynced(page);
    expect(withoutCost(billing(fixture, psa.state()), fixture)).toEqual(billedFor(fixture, DECEMBER.quantity));

    await inJanuary(site);
    await byRole(page, 'link', /Business Automation/).click();
    await byRole(page, 'link', words.psa).click();
    await enterSecrets(page, fixture);
    await walkToSummary(site, fixture, before, can.change ? 'Updating' : 'Updating By hand');
    await byRole(page, 'button', 'Confirm Sync').click();
    if (!can.change) await tickHandWork(page);
    await page.getByText(new RegExp(`^\\d+ requests? applied in ${words.psa}$`)).waitFor();
    await expectSynced(page);
    expect(withoutCost(billing(fixture, psa.state()), fixture)).toEqual(
      billedFor(fixture, can.change ? JANUARY.quantity : DECEMBER.quantity),
    );
    const writes = psa
      .ledger()
      .runs.filter((run) => fixture.writes({ ...run, method: run.method as PsaRequest['method'] }) && !isSignIn(fixture, run.path))
      .map(({ method, path, body }) => JSON.stringify([method, path, body]));
    expect(writes).toEqual([...new Set(writes)]);
  });

  test('by file: what was marked as applied in December is updated in January', async () => {
    const site = await ownData();
    const { page } = site;
    const own = adapter.limits.productRepeats && can.readBack ? [{ ...heldLine(fixture), key: null, name: 'Somebody’s own' }] : [];
    const before = fixture.sandbox(own);
    await connect(page, fixture, null);
    await byRole(page, 'link', 'Files').click();
    await save(page, [
      ...saved(fixture, before, adapter.read.companies()),
      ...saved(fixture, before, adapter.read.agreements(null)),
      ...saved(fixture, before, adapter.read.products()),
      ...(can.readBack ? saved(fixture, before, adapter.read.lines(fixture.agreementId)) : []),
    ]);

    await walkToSummary(site, fixture, before, 'Creating');
    await byRole(page, 'button', 'Confirm Sync').click();
    const december = await downloaded(page, true);
    expect(amounts(december.requests)).toEqual([['create', '15', '3']]);
    const made = await carriedOut(fixture, december, before);
    expect(added(fixture, before, made)).toEqual(billedFor(fixture, DECEMBER.quantity));
    await byRole(page, 'button', 'Applied, all of it').click();
    await expectSynced(page);

    await inJanuary(site);
    if (adapter.guard !== undefined) {
      await byRole(page, 'link', /Business Automation/).click();
      await byRole(page, 'link', words.psa).click();
      await byRole(page, 'link', 'Files').click();
      await save(page, saved(fixture, made, adapter.read.lines(fixture.agreementId)));
    }
    await walkToSummary(site, fixture, before, can.change ? 'Updating' : 'Updating By hand');
    await byRole(page, 'button', 'Confirm Sync').click();
    const january = await downloaded(page, can.change);
    expect(amounts(january.requests)).toEqual([['update', '18', null]]);
    if (can.change) {
      expect(added(fixture, before, await carriedOut(fixture, january, made))).toEqual(billedFor(fixture, JANUARY.quantity));
      await byRole(page, 'button', 'Applied, all of it').click();
    } else await tickHandWork(page);
    await expectSynced(page);
  });
});

/** What a new line bills in the journeys of the PSA, with another quantity. */
function billedFor(fixture: PsaFixture, quantity: number): readonly Outcomes[] {
  const bills = journeysOf(fixture).find(({ name }) => name === 'a new line')?.bills ?? [];
  return withoutCost(
    bills.map((line) => ({ ...line, quantity: String(quantity) })),
    fixture,
  );
}

/** The plan of a sync file, carried out against the PSA. */
async function carriedOut(fixture: PsaFixture, plan: Plan, start: SandboxState): Promise<SandboxState> {
  const { rows, state } = await delivered(fixture, { held: [], plans: () => [plan] }, null, { start });
  expect(rows.map((row) => row.state)).toEqual(rows.map(() => 'sent'));
  return state;
}

/** What the PSA bills beside what it billed before. */
function added(fixture: PsaFixture, before: SandboxState, after: SandboxState): readonly Outcomes[] {
  const old = billing(fixture, before).map((line) => JSON.stringify(line));
  return withoutCost(
    billing(fixture, after).filter((line) => !old.includes(JSON.stringify(line))),
    fixture,
  );
}

/** A PSA whose lines have no cost is not asked for one. */
function withoutCost(lines: readonly Outcomes[], { adapter }: PsaFixture): readonly Outcomes[] {
  return adapter.limits.keepsCost ? lines : lines.map((line) => ({ ...line, cost: null }));
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

/** From the subscription through every step that the wizard asks for. The one line has that status. */
async function walkToSummary({ page, go }: Site, fixture: PsaFixture, before: SandboxState, status: string): Promise<void> {
  const { words } = fixture.adapter;
  await go('#/subscriptions');
  await byRole(page, 'link', 'Proofpoint').click();
  await byRole(customerRow(page, SITE), 'button', 'Sync').click();
  const heading = page.getByRole('heading', { level: 2, name: /^(Choose the PSA|Line items)$/ });
  await heading.waitFor();
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
  await expect.poll(async () => (await cellsOf(byRole(page, 'table', 'Line items')))[0]?.[2]).toBe(status);
  if (status === 'Creating' && holdsSameProduct(fixture, before))
    await page.getByRole('radio', { name: /^Create a new line beside/ }).check();
  await next(page, 'Summary');
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

/** Where somebody's own line has the product, the page asks whether it is the one. */
function holdsSameProduct(fixture: PsaFixture, state: SandboxState): boolean {
  return linesIn(fixture, state).some(({ productId }) => productId === fixture.product.id);
}

async function tickHandWork(page: Page): Promise<void> {
  const table = byRole(page, 'table', 'Hand-work');
  await expect
    .poll(async () => (await cellsOf(table)).map((cells) => cells.slice(2, 6)))
    .toEqual([[NAME, 'Change the line', 'quantity 15', 'quantity 18']]);
  await byRole(table, 'checkbox', `${NAME} is done`).click();
  await byRole(page, 'button', 'It is done, close the list').click();
}

async function expectSynced(page: Page): Promise<void> {
  await byRole(page, 'link', 'Back to the subscription').click();
  await customerRow(page, SITE).getByText('Synced', { exact: true }).waitFor();
}

/** What is written of quantities and prices: operation, quantity, price. */
function amounts(requests: Plan['requests']): readonly (readonly (string | null)[])[] {
  return requests
    .map(({ operation, line: { after } }) => [operation, after?.quantity ?? null, after?.price ?? null])
    .filter(([, quantity, price]) => quantity !== null || price !== null);
}

/** Downloads the sync file. Answers its plan. One that is hand-work alone has nothing to run. */
async function downloaded(page: Page, runs: boolean): Promise<Plan> {
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Download sync file').click();
  const files = unzipSync(await readFile(await (await download).path()));
  expect(Object.keys(files)).toEqual(
    runs
      ? ['plan.json', 'postman_collection.json', 'requests.http', 'lines.csv', 'README.txt']
      : ['plan.json', 'lines.csv', 'hand-work.csv', 'README.txt'],
  );
  return PlanSchema.parse(JSON.parse(strFromU8(files['plan.json'] ?? new Uint8Array())));
}

/** Takes over what the partner saved of the PSA instead of reading it. */
async function save(page: Page, texts: readonly string[]): Promise<void> {
  const files = texts.length === 1 ? '1 file' : `${String(texts.length)} files`;
  await page
    .getByLabel('PSA files')
    .setInputFiles(texts.map((text, n) => ({ name: `answer-${String(n)}.json`, mimeType: 'application/json', buffer: Buffer.from(text) })));
  await byRole(page, 'button', `Use ${files}`).click();
  await page.getByText(`${files} taken over.`).waitFor();
}

/** Every answer of a reading that holds anything: in one file where the PSA takes answers together, else each in its own. */
function saved<T>(fixture: PsaFixture, state: SandboxState, reading: Reading<T>): readonly string[] {
  const texts: string[] = [];
  for (let asked: PsaRequest | null = reading.request; asked !== null;) {
    const request: PsaRequest = asked;
    const { answer: answered } = answer(state, signed(fixture, request));
    const page = answered === null ? null : reading.parse(answered, request);
    if (answered === null || page?.ok !== true) throw new Error(`${request.path} is not answered`);
    if (page.value.rows.length > 0) texts.push(answered.text);
    asked = page.value.next;
  }
  const together = `[${texts.join(',')}]`;
  return texts.length > 1 && fixture.adapter.recognise(JSON.parse(together)) !== null ? [together] : texts;
}

/** Signing in again is no write. */
function isSignIn({ adapter: { signIn } }: PsaFixture, path: string): boolean {
  return signIn !== null && path.endsWith(new URL(signIn.path, 'http://psa/').pathname);
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
