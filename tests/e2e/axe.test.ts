import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeInThemes, byRole, openPage } from './harness.ts';
import { connect, importUsage, jsonFile, SITE, tables, walkOwnToSummary } from './own-walk.ts';
import { assignSeed, atStep, next, openDemo, SEED } from './wizard-walk.ts';

/** Looks that found something, by the name of what was looked at. */
type Found = Record<string, unknown>;
type Look = (name: string) => Promise<void>;

describe('axe finds nothing in either theme', () => {
  test('on Import and what it asks, on the receipt of a file, and where nothing is', async () => {
    const { page, go } = await openPage();
    const { look, found } = looking(page);
    await byRole(page, 'button', 'Start with my data').click();
    await page.getByText('Nothing is imported yet.').waitFor();
    await page.getByText('Sample files').click();
    await look('Import, empty');
    await importUsage(page);
    await look('Import, done');

    await pick(page, USAGE);
    await byRole(page, 'heading', 'Check how the columns are read').waitFor();
    await page.getByLabel('Read count as').selectOption('');
    await byRole(page, 'button', 'Import').last().click();
    await byRole(page, 'heading', 'There is a problem').waitFor();
    await look('Import, columns of a CSV with a problem');
    await page.getByLabel('Read count as').selectOption('quantity');
    await byRole(page, 'button', 'Import').last().click();
    await byRole(page, 'heading', 'Ready to import').waitFor();
    await page.getByLabel('Import the good rows only').check();
    await byRole(page, 'button', 'Import').last().click();
    await page.getByText('2 rows imported').waitFor();

    await pick(page, USAGE_AGAIN);
    await byRole(page, 'heading', 'Rows that need a look').waitFor();
    await byRole(page, 'heading', 'What this changes').waitFor();
    await page.getByText(/^The first .* in full$/).click();
    await byRole(page, 'button', 'Import').last().click();
    await byRole(page, 'heading', 'There is a problem').waitFor();
    await look('Import, review with bad rows and overlap');
    await byRole(page, 'button', 'Cancel').click();

    await connect(page, 'By file', null);
    await byRole(page, 'link', 'Files').click();
    const files = [jsonFile('companies.json', tables.companies), jsonFile('agreements.json', tables.agreements)];
    await page.getByLabel('PSA files').setInputFiles([...files, jsonFile('products.json', tables.catalog)]);
    await byRole(page, 'button', 'Use 3 files').click();
    await page.getByText('3 files taken over.').waitFor();
    await walkOwnToSummary(page);
    await byRole(page, 'button', 'Confirm Sync').click();
    await page.getByText('Was the sync file applied?', { exact: true }).waitFor();
    await look('Receipt of a file');
    await byRole(page, 'button', 'Line by line').click();
    await look('Receipt of a file, line by line');

    await go('#/delivery/nothing');
    await page.getByText('There is no such delivery', { exact: true }).waitFor();
    await look('Delivery of no plan');
    await go('#/nowhere');
    await byRole(page, 'heading', 'There is no such page').waitFor();
    await look('NotFound');
    expect(found).toEqual({});
  });

  test('where the wizard has no company, in its dialogs, on hand-work and on the sync of many', async () => {
    const { page, go } = await openDemo();
    const { look, found } = looking(page);
    await go(`#/sync/proofpoint/${SEED}`);
    await page.getByText('No company assigned', { exact: true }).waitFor();
    await look('Wizard, no company');

    await go('#/subscriptions');
    await assignSeed(page);
    await go(`#/sync/proofpoint/${SEED}`);
    await atStep(page, 'Choose the PSA');
    await page.getByRole('radio', { name: /Kaseya BMS/ }).check();
    await look('Wizard, what Kaseya BMS leaves to you');
    await next(page, 'Products');
    for (const title of ['Bind Product', 'Export Product']) {
      await byRole(page, 'button', title).first().click();
      await byRole(page, 'dialog', title)
        .getByRole('button', { name: /^(Bind|Export)$/ })
        .waitFor();
      await look(`${title} dialog`);
      await byRole(byRole(page, 'dialog', title), 'button', 'Cancel').click();
    }
    await byRole(page, 'button', 'Bind all suggested').click();
    await page.getByText('Bound').first().waitFor();
    for (const title of ['Sync option', 'Contract', 'Line items', 'Summary']) await next(page, title);
    await byRole(page, 'button', 'Confirm Sync').click();
    await page.getByText('1 request applied in Kaseya BMS').waitFor();
    await byRole(page, 'link', 'Back to the subscription').click();
    await byRole(page, 'heading', 'Subscriptions').waitFor();
    await go(`#/sync/proofpoint/${SEED}`);
    await atStep(page, 'Line items');
    await page.getByRole('button', { name: /^Edit name of/ }).click();
    await page.getByRole('textbox', { name: /^name of/ }).fill('Mail security');
    await page.keyboard.press('Enter');
    await byRole(page, 'rowheader', 'Mail security').waitFor();
    await next(page, 'Summary');
    await look('Summary of hand-work');
    await byRole(page, 'button', 'Confirm Sync').click();
    await byRole(page, 'table', 'Hand-work').waitFor();
    await look('Receipt of hand-work');
    await byRole(page, 'checkbox', 'Mail security is done').click();
    await byRole(page, 'dialog', 'This is the last one').waitFor();
    await look('Last tick of the hand-work');
    await byRole(page, 'button', 'Not yet').click();

    await go('#/unsynced');
    await byRole(page, 'link', SEED).first().click();
    await byRole(page, 'heading', `Receipt of ${SEED}`).waitFor();
    await byRole(page, 'table', 'Hand-work').waitFor();
    await look('Delivery');
    await go('#/unsynced');
    await byRole(page, 'button', 'Sync all clean ones').click();
    await byRole(page, 'table', 'Clean customers').waitFor();
    await look('Sync all clean ones');
    await byRole(page, 'button', 'Confirm Sync').click();
    await byRole(page, 'dialog', 'Receipt').waitFor();
    await look('Receipt of many');
    await page.keyboard.press('Escape');
    await go('#/unsynced/reconciliation');
    await byRole(page, 'table', 'Lines in ConnectWise PSA (demo sandbox)').waitFor();
    await look('Reconciliation');
    await go('#/history');
    await byRole(page, 'table', 'Confirmed plans').waitFor();
    await byRole(page, 'button', 'Check the records').click();
    await page.getByText(/records checked/).waitFor();
    await look('History');
    await go('#/history/month');
    await byRole(page, 'table', 'The month as it was known').waitFor();
    await look('The month as it was known');
    await go('#/home');
    await byRole(page, 'table', 'Products of the month').waitFor();
    await look('Home');
    await go('#/home/projection');
    await byRole(page, 'table', 'Projected bill in USD').waitFor();
    await look('Projection');
    expect(found).toEqual({});
  });
});

function looking(page: Page): { readonly look: Look; readonly found: Found } {
  const found: Found = {};
  const look = async (name: string) => {
    const violations = await axeInThemes(page);
    if (violations.length > 0) found[name] = violations;
  };
  return { look, found };
}

const USAGE = [
  ['domain', 'product', 'sub-product', 'date', 'count', 'price', 'cost', 'currency'],
  [SITE, 'Proofpoint', 'Essentials Beginner', '2020-12-19', '15', '3.00', '2.44', 'USD'],
  ['harbor-dental.com', 'Proofpoint', 'Essentials Beginner', '2020-12-19', '5', '5.33', '3.46', 'USD'],
  ['harbor-dental.com', 'Proofpoint', 'Essentials Business', '2020-12-19', 'many', '5.33', '3.46', 'USD'],
];
/** Of the same site and day: one count is another, one is not mentioned, one cannot be read, one stands there twice. */
const USAGE_AGAIN = [
  ...USAGE.slice(0, 1),
  [SITE, 'Proofpoint', 'Essentials Beginner', '2020-12-19', '16', '3.00', '2.44', 'USD'],
  [SITE, 'Proofpoint', 'Essentials Business', '2020-12-19', '4', '3.00', '2.44', 'USD'],
  [SITE, 'Proofpoint', 'Essentials Business', '2020-12-19', '4', '3.00', '2.44', 'USD'],
  [SITE, 'Proofpoint', 'Essentials Advanced', '2020-12-19', 'few', '3.00', '2.44', 'USD'],
  ['harbor-dental.com', 'Proofpoint', 'Essentials Business', '2020-12-19', '7', '5.33', '3.46', 'USD'],
];

async function pick(page: Page, rows: readonly (readonly string[])[]): Promise<void> {
  const text = rows.map((row) => row.join(',')).join('\n');
  await page.getByLabel('Usage files').setInputFiles({ name: 'usage.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
}
