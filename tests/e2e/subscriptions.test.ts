import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeInThemes, byRole, openPage, type Site, type SiteOptions } from './harness.ts';

const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844 };

async function enter(options: SiteOptions = {}): Promise<Site> {
  const site = await openPage(options);
  await byRole(site.page, 'button', 'Try the demo').click();
  await byRole(site.page, 'row', /^Proofpoint /).waitFor();
  return site;
}
async function openPanel(page: Page): Promise<void> {
  await byRole(page, 'row', /^Proofpoint /).click();
  await firstWest(page).waitFor();
}
const firstWest = (page: Page) => page.getByRole('row', { name: /^1stwestinsurance\.com/ });

test('the first hard step: find Proofpoint, assign the company that is suggested, and start the sync', async () => {
  const { page } = await enter();
  await byRole(page, 'searchbox', 'Search subscriptions').fill('Proofpoint');
  await openPanel(page);
  await firstWest(page).filter({ hasText: 'No company assigned' }).waitFor();
  await byRole(firstWest(page), 'button', 'Assign Company').click();
  const dialog = byRole(page, 'dialog', 'Assign Company');
  await expect.poll(() => dialog.getByRole('radio', { name: /1st West Insurance/ }).isChecked()).toBe(true);
  await byRole(dialog, 'button', 'Assign').click();
  await firstWest(page).filter({ hasText: '1st West Insurance' }).filter({ hasText: 'Never synced' }).waitFor();
  await byRole(firstWest(page), 'button', 'Sync').click();
  await page.waitForURL(/#\/sync\/proofpoint\/1stwestinsurance\.com$/);
});

test('an assignment is undone from its toast', async () => {
  const { page } = await enter();
  await openPanel(page);
  await byRole(page, 'button', 'Assign 1st West Insurance').click();
  await firstWest(page).filter({ hasText: 'Never synced' }).waitFor();
  await byRole(page, 'button', 'Undo').click();
  await firstWest(page).filter({ hasText: 'No company assigned' }).waitFor();
});

test('a change of company shows in a second tab by itself', async () => {
  const site = await enter();
  await openPanel(site.page);
  const second = await site.newTab('#/subscriptions/proofpoint');
  await firstWest(second).waitFor();
  await byRole(site.page, 'button', 'Assign 1st West Insurance').click();
  await firstWest(second).filter({ hasText: 'Never synced' }).waitFor();
});

test('the menu beside Show Details changes a company, and says what that affects', async () => {
  const { page } = await enter();
  await openPanel(page);
  await byRole(page, 'button', 'More for bayviewdental.com').click();
  await byRole(page, 'menuitem', 'Change company').click();
  const dialog = byRole(page, 'dialog', 'Change company');
  await dialog.waitFor();
  await expect.poll(() => dialog.innerText()).toMatch(/Assigned to Bayview Dental[^]*1 line of it is in the PSA/);
  await dialog.getByRole('combobox', { name: 'Search all companies' }).fill('Westlake');
  await byRole(page, 'option', /Westlake Hotels/).click();
  await expect.poll(() => dialog.getByRole('combobox', { name: 'Search all companies' }).inputValue()).toBe('Westlake Hotels');
  await byRole(dialog, 'button', 'Cancel').click();
  await dialog.waitFor({ state: 'detached' });
});

test('the whole list works from the keyboard, and the focus comes back', async () => {
  const { page } = await enter();
  const focused = () => page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.textContent.trim()]);
  await page.keyboard.press('/');
  await page.keyboard.type('o');
  await page.keyboard.press('Escape');
  await expect.poll(() => byRole(page, 'searchbox', 'Search subscriptions').inputValue()).toBe('');
  await byRole(page, 'link', 'Latchkey Password Manager').focus();
  for (const [key, name] of [
    ['j', 'Northvault Backup'],
    ['ArrowDown', 'Proofpoint'],
    ['k', 'Northvault Backup'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(focused).toEqual(['A', name]);
  }
  await page.keyboard.press('Enter');
  await expect.poll(focused).toEqual(['H2', 'Northvault Backup']);
  await page.keyboard.press('Escape');
  await expect.poll(focused).toEqual(['A', 'Northvault Backup']);
  await page.waitForURL(/#\/subscriptions$/);
});

test('a status tab is in the address and narrows the panel', async () => {
  const { page } = await enter();
  await page
    .getByRole('group', { name: 'Status' })
    .getByRole('button', { name: /^Needs company/ })
    .click();
  await page.waitForURL(/\?view=needs-company$/);
  await openPanel(page);
  const rows = await page.getByRole('region', { name: 'Proofpoint', exact: true }).getByRole('row').allInnerTexts();
  expect(rows.filter((row) => /Synced ?$/.test(row.split('\n')[0] ?? ''))).toEqual([]);
  await page
    .getByRole('button', { name: /^Show all/ })
    .first()
    .click();
  await page.getByRole('row', { name: /^bayviewdental\.com/ }).waitFor();
});

test('on a phone the panel is a full sheet over the list', async () => {
  const { page } = await enter({ viewport: narrow });
  await openPanel(page);
  await expect.poll(() => byRole(page, 'searchbox', 'Search subscriptions').isVisible()).toBe(false);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await byRole(page, 'button', 'Close panel').click();
  await byRole(page, 'searchbox', 'Search subscriptions').waitFor();
});

test('Arrears Subscriptions lists what changed and leads into the wizard', async () => {
  const site = await enter();
  await site.go('#/unsynced');
  const table = site.page.getByRole('table', { name: 'Arrears Subscriptions' });
  await table.waitFor();
  await expect.poll(() => site.page.getByRole('main').innerText()).toMatch(/41 of 42 customers compared for December 2020, \d+ changed\./);
  await site.page
    .getByRole('row', { name: /^cedarridgelaw\.com/ })
    .getByRole('button', { name: 'Sync' })
    .click();
  await site.page.waitForURL(/#\/sync\/proofpoint\/cedarridgelaw\.com$/);
});

test('axe finds nothing on Subscriptions, the panel with details, and Assign Company, in either theme, wide and narrow', async () => {
  const { page } = await enter();
  const looksRight = async (name: string) => {
    for (const size of [narrow, wide]) {
      await page.setViewportSize(size);
      expect(await axeInThemes(page, `${name}-${String(size.width)}`)).toEqual([]);
    }
  };
  await looksRight('Subscriptions');
  await openPanel(page);
  await byRole(firstWest(page), 'button', 'Show Details').click();
  await byRole(page, 'table', 'Details by sub-product').waitFor();
  await looksRight('Panel');
  await byRole(firstWest(page), 'button', 'Assign Company').click();
  const dialog = byRole(page, 'dialog', 'Assign Company');
  await dialog.getByRole('combobox', { name: 'Search all companies' }).fill('o');
  await dialog.getByRole('option').first().waitFor();
  await looksRight('Assign');
});
