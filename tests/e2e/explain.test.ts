import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axe, byRole, screenshot, setTheme } from './harness.ts';
import { assignSeed, customerRow, next, openDemo, SEED, walkTo } from './wizard-walk.ts';

const SAID = [
  'usage-lines-2020-12.json, row 2: Proofpoint Business on Dec 19, 2020. Imported Jan 3, 2021, 6:00 AM.',
  'Counted on Dec 19, 2020, the snapshot day of December 2020.',
  'pax8 bills this product.',
  'The usage itself names the price of Proofpoint Business.',
  '15.00 x 3.00 = $45.00',
];

test('every number of the seed customer tells where it comes from, before it is synced, in the summary and ever after', async () => {
  const { page } = await openDemo();
  const row = await assignSeed(page);
  await byRole(row, 'button', 'Show Details').click();
  const details = byRole(page, 'table', 'Details by sub-product');
  await byRole(details, 'button', 'Why 15.00?').click();
  await tells(page, 'Why 15.00?', [...SAID, 'Billed to 1st West Insurance, assigned by you, for every month.']);
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'explain-details');
  await page.keyboard.press('Escape');
  await expectFocus(byRole(details, 'button', 'Why 15.00?'));

  await byRole(customerRow(page, SEED), 'button', 'Sync').click();
  await walkTo(page, 'Line items');
  const line = byRole(page, 'table', 'Line items').getByRole('row').nth(1);
  const total = byRole(line, 'button', 'Why $45.00?');
  await total.focus();
  await page.keyboard.press('Enter');
  const bound = [...SAID, 'Is PROOFPOINT-BUSINESS in the PSA, bound with this sync.'];
  await tells(page, 'Why $45.00?', bound);
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'explain-grid');
  await setTheme(page, 'dark');
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'explain-grid-dark');
  await setTheme(page, 'light');
  await page.keyboard.press('Escape');
  await expectFocus(total);

  await line.getByRole('button', { name: /^Edit synced quantity/ }).click();
  await page.keyboard.type('13');
  await page.keyboard.press('Enter');
  await expectFocus(line.getByRole('button', { name: /^Edit synced quantity/ }));
  await page.getByLabel(/Reason/).fill('Two left in December');
  await page.getByLabel(/Reason/).blur();
  await byRole(line, 'button', 'Why 13.00?').click();
  await tells(page, 'Why 13.00?', ['Changed from 15.00 in the line grid: “Two left in December”.', '13.00 x 3.00 = $39.00']);
  await page.keyboard.press('Escape');

  await next(page, 'Summary');
  await byRole(page, 'button', 'Why $39.00?').click();
  await tells(page, 'Why $39.00?', ['13.00 x 3.00 = $39.00']);
  await page.keyboard.press('Escape');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'button', 'Why 13.00?').click();
  await tells(page, 'Why 13.00?', [
    ...bound.slice(0, 4),
    'Changed from 15.00 in the line grid: “Two left in December”.',
    '13.00 x 3.00 = $39.00',
  ]);
  expect(await axe(page)).toEqual([]);
});

test('on a phone the explanation fits the screen', async () => {
  const { page } = await openDemo({ viewport: { width: 390, height: 800 } });
  const row = await assignSeed(page);
  await byRole(row, 'button', 'Show Details').click();
  await byRole(byRole(page, 'table', 'Details by sub-product'), 'button', 'Why 15.00?').click();
  await tells(page, 'Why 15.00?', SAID);
  const fits = async () => {
    const box = await page.getByRole('dialog').boundingBox();
    return box !== null && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 800;
  };
  await expect.poll(fits).toBe(true);
  await screenshot(page, 'explain-phone');
});

async function tells(page: Page, title: string, sentences: readonly string[]): Promise<void> {
  const dialog = byRole(page, 'dialog', title);
  for (const sentence of sentences) await dialog.getByText(sentence, { exact: true }).waitFor();
}

async function expectFocus(button: Locator): Promise<void> {
  await expect.poll(() => button.evaluate((node) => node === document.activeElement)).toBe(true);
}
