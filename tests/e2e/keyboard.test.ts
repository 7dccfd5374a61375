import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { byRole, openPage } from './harness.ts';
import { expectFocus, focused, tabTo } from './keyboard.ts';
import { onWithKeys, SEED } from './wizard-walk.ts';

test('a customer is synced with the keyboard alone, from the first page to the downloaded sync file', async () => {
  const { page } = await openPage();
  await tabTo(page, 'button', 'Try the demo');
  await page.keyboard.press('Enter');
  await byRole(page, 'searchbox', 'Search subscriptions').waitFor();

  await page.keyboard.press('/');
  await expectFocus(page, 'searchbox', 'Search subscriptions');
  await page.keyboard.type('Proofpoint');
  await tabTo(page, 'link', 'Proofpoint');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', 'Proofpoint');
  await tabTo(page, 'button', 'Assign Company');
  await page.keyboard.press('Enter');
  await byRole(page, 'dialog', 'Assign Company').waitFor();
  await tabTo(page, 'button', 'Assign');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'button', 'Show Details');

  await page.keyboard.press('Enter');
  await tabTo(page, 'button', `More for ${SEED}`);
  await page.keyboard.press('Enter');
  await expectFocus(page, 'menuitem', 'Change company');
  await page.keyboard.press('Escape');
  await expectFocus(page, 'button', `More for ${SEED}`);
  await tabTo(page, 'button', 'Why 15.00?');
  await page.keyboard.press('Enter');
  await byRole(page, 'dialog', 'Why 15.00?').waitFor();
  await page.keyboard.press('Escape');
  await expectFocus(page, 'button', 'Why 15.00?');

  await tabTo(page, 'button', 'Sync', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', `Sync ${SEED}`);
  await tabTo(page, 'button', 'Review line items');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', 'Line items');
  await tabTo(page, 'button', /^Edit synced quantity/);
  await page.keyboard.press('Enter');
  await expectFocus(page, 'textbox', /^synced quantity/);
  await page.keyboard.press('Escape');
  await expectFocus(page, 'button', /^Edit synced quantity/);
  await onWithKeys(page);
  await expectFocus(page, 'heading', 'Summary');
  await tabTo(page, 'button', 'Confirm Sync');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', 'Receipt');
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await tabTo(page, 'button', 'Download sync file');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
});

test('the month is done with the keyboard alone: found by name, picked, synced as one set, ignored, and the focus is never lost', async () => {
  const { page } = await openPage();
  await tabTo(page, 'button', 'Try the demo');
  await page.keyboard.press('Enter');
  await byRole(page, 'heading', 'Subscriptions').waitFor();
  await goTo(page, 'arrears', 'Arrears Subscriptions');

  await tabTo(page, 'button', /^Changed \d+$/);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /^Changed/, pressed: true }).waitFor();
  await tabTo(page, 'checkbox', 'Pick Cedar Ridge Law');
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Sync 1 picked');
  await page.keyboard.press('Enter');
  await byRole(page, 'dialog', 'Sync 1 picked').waitFor();
  await tabTo(page, 'button', 'Confirm Sync');
  await page.keyboard.press('Enter');
  const receipt = byRole(page, 'dialog', 'Receipt');
  await receipt.getByText(/^In the PSA/).waitFor();
  await page.keyboard.press('Escape');
  await receipt.waitFor({ state: 'detached' });
  await expectFocus(page, 'heading', 'Arrears Subscriptions');

  await tabTo(page, 'button', 'More for cedarridgelaw.com');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'menuitem', 'Ignore');
  await page.keyboard.press('Enter');
  const dialog = byRole(page, 'dialog', 'Ignore cedarridgelaw.com');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await expectFocus(page, 'button', 'More for cedarridgelaw.com');
  await page.keyboard.press('Enter');
  await expectFocus(page, 'menuitem', 'Ignore');
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await expectFocus(page, 'textbox', 'Reason');
  await page.keyboard.type('Contract ends');
  await tabTo(page, 'button', 'Ignore');
  await page.keyboard.press('Enter');
  await byRole(page, 'row', 'cedarridgelaw.com').waitFor({ state: 'detached' });
  await expectFocus(page, 'button', 'Sync');
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-label'))).toBe('Donovan Brothers');
  await expect.poll(() => page.getByRole('status').allInnerTexts()).toContain('6 customers shown');

  await goTo(page, 'projection', 'Projection');
  await goTo(page, 'reconcil', 'Reconciliation');
  await tabTo(page, 'button', 'Read lines');
  await page.keyboard.press('Enter');
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await expect.poll(async () => (await focused(page)).role).not.toBe('body');
  await tabTo(page, 'button', /^Ignore: /);
  await page.keyboard.press('Enter');
  await byRole(page, 'dialog', 'Ignore this line').waitFor();
  await page.keyboard.press('Escape');
  await expectFocus(page, 'button', /^Ignore: /);
});

/** Through the palette, which opens wherever the focus is. */
async function goTo(page: Page, typed: string, heading: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expectFocus(page, 'combobox', 'Search or do');
  await page.keyboard.type(typed);
  await byRole(page, 'option', heading).first().waitFor();
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', heading);
}
