import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axe, byRole, screenshot, setTheme } from './harness.ts';
import { atStep, openDemo } from './wizard-walk.ts';

test('a quantity that somebody changed in the PSA is found when its lines are read again, and a sync sets it right', async () => {
  const { page, table, fox, cells } = await openReconciliation();
  await expect.poll(cells).toEqual(['21.00', '20.00', '20.00', '+$3.00']);
  await read(page);
  await fox.getByText('Changed in both').waitFor();
  await expect.poll(cells).toEqual(['21.00', '20.00', '24.00', '-$9.00']);
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation');

  await byRole(fox, 'button', /^Push ours/).click();
  await byRole(page, 'button', 'Review line items').click();
  await atStep(page, 'Line items');
  await byRole(page, 'button', 'Continue').click();
  await atStep(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'link', 'Unsynced subscriptions').click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await read(page);
  await table.getByRole('row').nth(1).waitFor();
  await expect.poll(() => fox.count()).toBe(0);
  await page.getByLabel('Show the lines that agree, too').check();
  await expect.poll(cells).toEqual(['21.00', '21.00', '21.00', '$0.00']);
});

test('a quantity that somebody changed in the PSA is accepted with a reason, and one line is ignored and taken back', async () => {
  const { page, fox, cells } = await openReconciliation();
  await read(page);
  await fox.getByText('Changed in both').waitFor();
  await byRole(fox, 'button', /^Accept theirs/).click();
  const dialog = byRole(page, 'dialog', 'Accept theirs');
  await byRole(dialog, 'button', 'Accept').click();
  await dialog.getByText('Enter a reason').waitFor();
  await byRole(dialog, 'textbox', 'Reason').fill('Agreed by phone');
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation-accept');
  await byRole(dialog, 'button', 'Accept').click();
  await expect.poll(() => fox.count()).toBe(0);
  await read(page);
  await page.getByLabel('Show the lines that agree, too').check();
  await expect.poll(cells).toEqual(['21.00', '24.00', '24.00', '$0.00']);
  await fox.getByText(/“Agreed by phone”/).waitFor();

  const table = byRole(page, 'table', 'Counts without a line');
  const before = await table.getByRole('row').count();
  const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^1stwestinsurance\.com/ }) });
  await byRole(row, 'button', /^Ignore/).click();
  await byRole(page, 'textbox', 'Reason').fill('Own tenant');
  await page.keyboard.press('Enter');
  await expect.poll(() => table.getByRole('row').count()).toBe(before - 1);
  await page.getByText('Ignored (1)').click();
  await page.getByText(/“Own tenant”/).waitFor();
  await setTheme(page, 'dark');
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation-ignored-dark');
  await byRole(page, 'button', 'Stop ignoring').click();
  await expect.poll(() => table.getByRole('row').count()).toBe(before);

  await byRole(page, 'link', 'History').click();
  const decisions = byRole(page, 'table', 'Decisions and their way back');
  await expect
    .poll(async () => (await decisions.getByRole('rowheader').allInnerTexts()).slice(0, 3))
    .toEqual(['Line not ignored any more', 'Line ignored: “Own tenant”', 'Accepted 24.00: “Agreed by phone”']);
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'history-decisions-dark');
  await byRole(decisions, 'button', /^Take back: Accepted 24\.00/).click();
  await byRole(decisions, 'button', /^Make again: Accepted 24\.00/).waitFor();
  await byRole(page, 'link', /^Unsynced/).click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await expect.poll(cells).toEqual(['21.00', '20.00', '24.00', '-$9.00']);
});

test('a line that is in the PSA twice is ended by a plan that is seen before it is sent', async () => {
  const { page } = await openReconciliation();
  await double(page, 'foxhollowrealty.com');
  await read(page);
  const copy = byRole(page, 'table', 'Lines in ConnectWise PSA (demo sandbox)').getByRole('row').filter({ hasText: 'Duplicate' });
  await byRole(copy, 'button', /^End/).click();
  await byRole(page, 'textbox', 'Reason').fill('Made twice');
  await byRole(page, 'button', 'Show what would be sent').click();
  const summary = byRole(page, 'dialog', 'Summary');
  await summary.getByText(/ends on Dec 31, 2020: \$72\.00 less each month\. Reason: “Made twice”/).waitFor();
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation-end');
  await byRole(summary, 'button', 'Confirm').click();
  await byRole(page, 'button', /^Send it/).click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'link', /^Unsynced/).click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await read(page);
  await expect.poll(() => copy.count()).toBe(0);
});

test('a quantity that somebody changed in the PSA is split: what was counted is ours, the rest is a line that nothing here touches', async () => {
  const { page, fox, cells } = await openReconciliation();
  await read(page);
  await fox.getByText('Changed in both').waitFor();
  await byRole(fox, 'button', /^Split/).click();
  const dialog = byRole(page, 'dialog', 'Split this line');
  const name = byRole(dialog, 'textbox', 'Name of the new line');
  await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
  await name.fill('');
  await page.keyboard.press('Enter');
  await dialog.getByText('Give it a name').waitFor();
  await dialog.getByText('Enter a reason').waitFor();
  await name.fill('Fox Hollow, seats by agreement');
  await byRole(dialog, 'textbox', 'Reason').fill('Three more as agreed');
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation-split');
  await page.keyboard.press('Enter');
  const summary = byRole(page, 'dialog', 'Summary');
  await summary.getByText(/goes from 24\.00 to 21\.00: \$63\.00 each month/).waitFor();
  await summary.getByText(/is made with 3\.00: \$9\.00 each month/).waitFor();
  await summary.getByText('Together $72.00 each month, and $72.00 before.').waitFor();
  await summary.getByText('Reason: “Three more as agreed”').waitFor();
  await setTheme(page, 'dark');
  expect(await axe(page)).toEqual([]);
  await screenshot(page, 'reconciliation-split-summary-dark');
  await byRole(summary, 'button', 'Confirm').click();
  await byRole(page, 'button', /^Send it/).click();
  await page.getByText('2 requests applied in ConnectWise').waitFor();
  await screenshot(page, 'reconciliation-split-receipt-dark');
  await byRole(page, 'link', /^Unsynced/).click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await read(page);
  await page.getByLabel('Show the lines that agree, too').check();
  await expect.poll(cells).toEqual(['21.00', '21.00', '21.00', '$0.00']);
  expect(await page.getByText('Fox Hollow, seats by agreement').count()).toBe(0);
});

test('on a phone every line is a card with its choices', async () => {
  const { page, fox } = await openReconciliation({ width: 390, height: 800 });
  await read(page);
  await byRole(fox, 'button', /^Accept theirs/).scrollIntoViewIfNeeded();
  await screenshot(page, 'reconciliation-phone');
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

async function openReconciliation(viewport = { width: 1280, height: 800 }) {
  const { page } = await openDemo({ viewport });
  await byRole(page, 'link', /^Unsynced/).click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await byRole(page, 'heading', 'Reconciliation').waitFor();
  const table = byRole(page, 'table', 'Lines in ConnectWise PSA (demo sandbox)');
  const fox: Locator = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^foxhollowrealty\.com/ }) });
  const cells = async () => (await fox.getByRole('cell').allInnerTexts()).slice(0, 4);
  return { page, table, fox, cells };
}

async function read(page: Page): Promise<void> {
  await byRole(page, 'button', 'Read lines').first().click();
  await page
    .getByText(/^Read \d+ rows\.$/)
    .first()
    .waitFor();
  const button = byRole(page, 'button', 'Read lines').first();
  await expect.poll(() => button.evaluate((node) => node === document.activeElement)).toBe(true);
}

/** Somebody makes a second line with the same key in the sandbox PSA. */
async function double(page: Page, name: string): Promise<void> {
  await page.evaluate(async (start) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('tallyline-demo');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the demo cannot be opened'));
    });
    await new Promise<void>((resolve, reject) => {
      const writing = db.transaction('sandboxes', 'readwrite');
      const store = writing.objectStore('sandboxes');
      const found = store.get('demo-connectwise');
      found.onsuccess = () => {
        const record = found.result as { state: { tables: { additions: { id: number; invoiceDescription: string }[] } } };
        const { additions } = record.state.tables;
        const own = additions.find(({ invoiceDescription }) => invoiceDescription.startsWith(start));
        if (own !== undefined) additions.push({ ...own, id: 990 });
        store.put(record);
      };
      writing.oncomplete = () => resolve();
      writing.onerror = () => reject(new Error('the sandbox cannot be changed'));
    });
    db.close();
  }, name);
}
