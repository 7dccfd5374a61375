import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { axe, byRole } from './harness.ts';
import { cellsOf, customerRow, openDemo } from './wizard-walk.ts';

async function arrears(route = '#/unsynced') {
  const site = await openDemo();
  await site.go(route);
  const { page } = site;
  const table = byRole(page, 'table', 'Arrears Subscriptions');
  await table.waitFor();
  return { ...site, page, table };
}

test('the list is narrowed, grouped and ordered by its address, and a view is kept under a name', async () => {
  const { page, go, table } = await arrears();
  const shown = () => table.getByRole('rowheader').allInnerTexts();
  await byRole(page, 'group', 'View').getByRole('button', { name: 'Changed' }).click();
  await expect.poll(() => page.url()).toMatch(/#\/unsynced\?view=changed$/);
  await byRole(page, 'combobox', 'Group by').selectOption('product');
  await table.getByRole('rowheader', { name: /^Proofpoint \d+ customers?, / }).waitFor();
  await table.getByRole('columnheader', { name: 'Money' }).getByRole('button').click();
  await expect.poll(() => page.url()).toMatch(/view=changed&group=product&sort=money$/);
  await byRole(table, 'columnheader', /^Money/)
    .and(page.locator('[aria-sort="ascending"]'))
    .waitFor();
  const [before, address] = [await shown(), page.url()];
  await byRole(page, 'button', 'Save this view').click();
  await byRole(page, 'textbox', 'Name').fill('Changes by product');
  await byRole(page.getByRole('dialog'), 'button', 'Save').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await go('#/unsynced');
  await table.waitFor();
  await byRole(page, 'link', 'Changes by product').click();
  await expect.poll(() => page.url()).toBe(address);
  await expect.poll(shown).toEqual(before);
  await byRole(page, 'searchbox', 'Search arrears').fill('cedar');
  await expect
    .poll(async () => (await shown()).map((text) => text.split(/\n| \d+ customer/)[0]))
    .toEqual(['Northvault Backup', 'Cedar Ridge Law', 'Proofpoint', 'cedarridgelaw.com']);
  expect(await axe(page)).toEqual([]);
});

test('picked customers are synced as one set with one summary, and leave the list', async () => {
  const { page } = await arrears();
  await byRole(page, 'searchbox', 'Search arrears').fill('Cedar Ridge Law');
  await byRole(page, 'checkbox', 'Pick Cedar Ridge Law').check();
  await byRole(page, 'searchbox', 'Search arrears').fill('');
  const bar = byRole(page, 'region', 'Picked customers');
  await byRole(bar, 'button', 'Sync 1 picked').click();
  const dialog = byRole(page, 'dialog', 'Sync 1 picked');
  await expect.poll(() => dialog.innerText()).toContain('1 customer,');
  await byRole(dialog, 'button', 'Confirm Sync').click();
  const receipt = byRole(page, 'dialog', 'Receipt');
  await expect
    .poll(async () => (await cellsOf(byRole(receipt, 'table', 'Requests'))).map((row) => row[3]))
    .toEqual([expect.stringMatching(/^In the PSA read back and counted, id \d+$/)]);
  await byRole(receipt, 'button', 'Close').click();
  await expect.poll(() => byRole(page, 'checkbox', 'Pick Cedar Ridge Law').count()).toBe(0);
  await expect.poll(() => bar.count()).toBe(0);
});

test('an ignored customer is counted in its own view only, over a reload, until it is taken back', async () => {
  const { page } = await arrears();
  await byRole(page, 'button', 'More for cedarridgelaw.com').click();
  await page.getByRole('menuitem', { name: 'Ignore' }).click();
  const dialog = byRole(page, 'dialog', 'Ignore cedarridgelaw.com');
  await byRole(dialog, 'textbox', 'Reason').fill('Contract ends in January');
  expect(await axe(page)).toEqual([]);
  await byRole(dialog, 'button', 'Ignore').click();
  await expect.poll(() => customerRow(page, 'cedarridgelaw.com').count()).toBe(0);
  await page.reload();
  await byRole(page, 'group', 'View').getByRole('button', { name: 'Ignored 1' }).click();
  const row = customerRow(page, 'cedarridgelaw.com');
  await expect.poll(() => row.first().innerText()).toContain('Contract ends in January');
  await byRole(row, 'button', 'Take back').click();
  await byRole(page, 'link', 'Show all').click();
  await customerRow(page, 'cedarridgelaw.com').first().waitFor();
});

test('a threshold holds a change out of bulk until somebody picks it, and the list is exported as it is shown', async () => {
  const { page } = await arrears('#/unsynced?view=changed');
  await byRole(page, 'button', 'Second look').click();
  const dialog = byRole(page, 'dialog', 'Second look');
  await byRole(dialog, 'textbox', 'Percent').fill('many');
  await byRole(dialog, 'button', 'Save').click();
  await dialog.getByText('Enter a number of 0 or more, or nothing for no limit').waitFor();
  await byRole(dialog, 'textbox', 'Percent').fill('0');
  expect(await axe(page)).toEqual([]);
  await byRole(dialog, 'button', 'Save').click();
  await expect.poll(() => customerRow(page, 'cedarridgelaw.com').first().innerText()).toContain('Unusual change');
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Export CSV').click();
  const file = await (await download).path();
  const lines = (await readFile(file, 'utf8')).trim().split('\r\n');
  expect(lines[0]).toBe('Customer,Company,Product,Sub-product,Last synced,Last month,New,Delta,Money,Currency,Reason');
  expect(lines.filter((line) => line.startsWith('cedarridgelaw.com,')).length).toBeGreaterThan(0);
});
