import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeInThemes, byRole, type Site } from './harness.ts';
import { openDemo } from './wizard-walk.ts';

async function openProjection(options: Parameters<typeof openDemo>[0] = {}): Promise<Site> {
  const site = await openDemo(options);
  await site.go('#/home');
  await byRole(site.page, 'link', 'Projection').click();
  await bill(site.page).waitFor();
  return site;
}
const bill = (page: Page) => byRole(page, 'table', 'Projected bill in USD');
const rows = async (table: Locator) => (await table.locator('tbody tr').allInnerTexts()).map((text) => text.split(/\s+/));

async function addWhatIf(page: Page, what: string, of: string, by: string): Promise<void> {
  await page.getByLabel('What', { exact: true }).selectOption({ label: what });
  await page.getByLabel('Of', { exact: true }).selectOption({ label: of });
  await page.getByLabel(/^(Changes by|At least)$/).fill(by);
  await byRole(page, 'button', 'Add').click();
}

test('the projection says what it rests on, and its range', async () => {
  const { page } = await openProjection();
  await page.getByText('0 of 41 customers counted in January 2021 so far; 41 as in the month before.').waitFor();
  await expect
    .poll(() => rows(bill(page)))
    .toEqual([
      ['Projected', '$1,964.36', '$2,679.50', '$715.14'],
      ['Low', '$1,950.14', '$2,661.89', '$711.75'],
      ['High', '$2,181.94', '$2,975.99', '$794.05'],
    ]);
});

test('a what-if changes the bill, can be taken back, refuses what is no number, and is exported', async () => {
  const { page } = await openProjection();
  await addWhatIf(page, 'Price', 'Proofpoint', 'ten');
  await page.getByText('Enter a number, such as 5 or -0.25').waitFor();
  await addWhatIf(page, 'Price', 'Proofpoint', '10');
  await expect
    .poll(async () => (await rows(bill(page))).slice(3))
    .toEqual([
      ['What-if', '$1,964.36', '$2,836.96', '$872.60'],
      ['Difference', '$0.00', '+$157.46', '+$157.46'],
    ]);
  await addWhatIf(page, 'Minimum', '– Latchkey Business', '10');
  await page.getByText('Minimum 10 for each customer of Latchkey Business').waitFor();
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Download CSV').click();
  const file = await download;
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect([file.suggestedFilename(), lines.length]).toEqual(['projection-2021-01.csv', 11]);
  expect(lines[0]).toBe(
    '\uFEFFProduct,Sub-product,What-if,Period,Currency,Quantity,Cost,Price,Margin,What-if cost,What-if price,What-if margin,Margin difference,Lines with unknown money',
  );
  expect(lines[1]).toBe(
    'Latchkey Password Manager,Latchkey Business,Price +10 % for Proofpoint; Minimum 10 for each customer of Latchkey Business,2021-01,USD,44,127.6,176,48.4,127.6,220,92.4,44,0',
  );
  await byRole(page, 'button', 'Remove Price +10 % for Proofpoint').click();
  await byRole(page, 'button', 'Remove Minimum 10 for each customer of Latchkey Business').click();
  await expect.poll(async () => (await rows(bill(page))).length).toBe(3);
});

test('axe finds nothing on the projection in either theme, wide and narrow', async () => {
  const { page } = await openProjection();
  await addWhatIf(page, 'Price', 'Proofpoint', '10');
  await byRole(page, 'rowheader', 'What-if').waitFor();
  for (const viewport of [
    { width: 1280, height: 1300 },
    { width: 390, height: 2600 },
  ]) {
    await page.setViewportSize(viewport);
    expect(await axeInThemes(page, `Projection-${String(viewport.width)}`)).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
});
