import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { byRole } from './harness.ts';
import { assignSeed, atStep, cellsOf, customerRow, next, openDemo, SEED, walkTo } from './wizard-walk.ts';

test('from the search to the sync file: the seed’s customer, as the issue walks it', async () => {
  const site = await openDemo();
  const { page } = site;
  const row = await assignSeed(page);
  await byRole(row, 'button', 'Sync').click();

  await atStep(page, 'Choose the PSA');
  await page.getByRole('radio', { name: /ConnectWise/ }).check();
  await next(page, 'Products');
  for (const product of ['Proofpoint', 'Proofpoint Business']) {
    await byRole(productRow(page, product), 'button', 'Bind Product').click();
    await byRole(page.getByRole('dialog'), 'button', 'Bind').click();
    await productRow(page, product).getByText('Bound').waitFor();
  }
  await byRole(productRow(page, 'Proofpoint Pro'), 'button', 'Export Product').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('White-label name').fill('Email Shield Pro');
  await dialog.getByLabel('Category').selectOption({ index: 1 });
  await dialog.getByLabel('Type', { exact: true }).selectOption({ index: 1 });
  await dialog.getByRole('button', { name: /^Export/ }).click();
  await productRow(page, 'Proofpoint Pro').getByText('Exported').waitFor();
  await next(page, 'Sync option');

  const options = page.getByRole('radiogroup', { name: 'Sync option' });
  await expect
    .poll(() => options.getByRole('radio').evaluateAll((all) => all.map((radio) => radio.getAttribute('aria-label'))))
    .toEqual(['Multi-product', 'Single line', 'One-time itemised', 'One-time single']);
  await byRole(options, 'radio', 'Multi-product').check();
  await next(page, 'Agreement');
  await byRole(page, 'radio', 'Managed Services').check();
  await next(page, 'Line items');

  const table = byRole(page, 'table', 'Line items');
  await expect
    .poll(() => table.getByRole('columnheader').allInnerTexts())
    .toEqual([
      'Synced',
      'Name',
      'Status',
      'Usage Date',
      'Effective Date',
      'Synced Quantity',
      'Quantity',
      'Cost',
      'Price',
      'Total to ConnectWise',
    ]);
  const name = `${SEED} - ${SEED} - Proofpoint Business`;
  await expect
    .poll(() => cellsOf(table))
    .toEqual([['Not yet', name, 'Creating', '01/03/2021', '07/01/2020', '15.00', '15.00', '2.44', '3.00', '15.00 x 3.00 = $45.00']]);
  await next(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('2 requests applied in ConnectWise').waitFor();
  await expect
    .poll(() => cellsOf(byRole(page, 'table', 'Requests')))
    .toEqual([
      ['Email Shield Pro', 'Export product', '', expect.stringMatching(/^In the PSA read back and counted, id \d+$/)],
      [name, 'Create', '15.00 x 3.00', expect.stringMatching(/^In the PSA read back and counted, id \d+$/)],
    ]);

  const files = await downloaded(page);
  const plan = JSON.parse(files['plan.json'] ?? '') as {
    requests: { method: string; path: string; body: unknown; line: { lineKey: string } }[];
  };
  expect(Object.keys(files).filter((path) => !path.startsWith('exports/'))).toEqual([
    'plan.json',
    'postman_collection.json',
    'requests.http',
    'lines.csv',
    'README.txt',
  ]);
  expect(plan.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
    [
      'POST',
      expect.stringMatching(/^\/finance\/agreements\/\d+\/additions$/),
      {
        product: { id: expect.any(Number) as number },
        billCustomer: 'Billable',
        quantity: 15,
        unitPrice: 3,
        unitCost: 2.44,
        effectiveDate: '2020-07-01T00:00:00Z',
        invoiceDescription: name,
        serialNumber: plan.requests[0]?.line.lineKey,
        prorateCurrentPeriodFlag: false,
      },
    ],
  ]);

  await byRole(page, 'link', 'Back to the subscription').click();
  await customerRow(page, SEED).getByText('Synced', { exact: true }).waitFor();
});

test('next month an unchanged customer has nothing to sync, and a changed one pushes only its quantity', async () => {
  const { page, go } = await openDemo();
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();

  await go(`#/sync/proofpoint/${SEED}`);
  await atStep(page, 'Line items');
  const line = async () => (await cellsOf(byRole(page, 'table', 'Line items')))[0]?.slice(0, 3);
  await expect.poll(line).toEqual(['Synced', `${SEED} - ${SEED} - Proofpoint Business`, 'Unchanged']);
  await byRole(page, 'button', 'Continue').click();
  await byRole(page, 'heading', 'There is a problem').waitFor();
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('Nothing to sync');
  await byRole(page, 'button', 'Cancel').click();

  await go('#/sync/northvault-backup/Cedar%20Ridge%20Law');
  await atStep(page, 'Line items');
  await expect.poll(async () => (await line())?.[2]).toBe('Updating');
  await next(page, 'Summary');
  await page.getByText('The exact requests').click();
  const requests = JSON.parse(await page.getByRole('region', { name: 'Requests as JSON' }).innerText()) as {
    method: string;
    body: unknown;
  }[];
  expect(requests.map(({ method, body }) => [method, body])).toEqual([
    ['PATCH', [{ op: 'replace', path: 'quantity', value: expect.any(Number) as number }]],
  ]);
});

function productRow(page: Page, product: string) {
  return byRole(page, 'table', 'Products and sub-products')
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${product}( Top-level product)?$`) }) });
}

async function downloaded(page: Page): Promise<Record<string, string>> {
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Download sync file').click();
  const bytes = await readFile(await (await download).path());
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, content]) => [path, strFromU8(content)]));
}
