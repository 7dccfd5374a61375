import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeInThemes, byRole, openPage, type Site } from './harness.ts';

async function enterDemo(site: Site): Promise<Page> {
  await byRole(site.page, 'button', 'Try the demo').click();
  await byRole(site.page, 'row', /^Proofpoint /).waitFor();
  return site.page;
}
async function ownIsOpen(page: Page): Promise<void> {
  await byRole(page, 'heading', 'Import').waitFor();
  await page.waitForURL(/#\/import$/);
}
const dateIs = (page: Page, day: string) => page.getByRole('group', { name: 'Demo date' }).filter({ hasText: day }).waitFor();

describe('the first visit', () => {
  test('offers two ways in and says who sees the data', async () => {
    const { page } = await openPage();
    await expect.poll(() => byRole(page, 'button', 'Start with my data').isEnabled()).toBe(true);
    expect([await page.getByRole('heading', { level: 1 }).count(), await page.getByRole('main').count()]).toEqual([1, 1]);
    expect(await page.getByRole('main').innerText()).toMatch(/Nobody else sees your data/);
  });

  test('starts an empty workspace at Import', async () => {
    const { page } = await openPage();
    await byRole(page, 'button', 'Start with my data').click();
    await ownIsOpen(page);
    expect(await page.getByRole('complementary', { name: 'Demo' }).count()).toBe(0);
  });
});

describe('the demo', () => {
  test('says that it is one, and steps its date', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    expect(await page.getByRole('complementary', { name: 'Demo', exact: true }).innerText()).toContain(
      'Demo data. Nothing leaves this browser.',
    );
    await dateIs(page, 'Jan 3, 2021');
    await byRole(page, 'button', 'Next demo date').click();
    await dateIs(page, 'Feb 3, 2021');
    await expect.poll(() => page.getByLabel('Month').inputValue()).toBe('2021-01');
    await expect.poll(() => byRole(page, 'button', 'Next demo date').isDisabled()).toBe(true);
    await page.reload();
    await dateIs(page, 'Feb 3, 2021');
    await byRole(page, 'button', 'Previous demo date').click();
    await dateIs(page, 'Jan 3, 2021');
    await byRole(page, 'button', 'Previous demo date').click();
    await dateIs(page, 'Dec 19, 2020');
  });

  test('is reset to where it began', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await byRole(page, 'button', 'Next demo date').click();
    await dateIs(page, 'Feb 3, 2021');
    await byRole(page, 'button', 'Reset demo').click();
    await dateIs(page, 'Jan 3, 2021');
    await byRole(page, 'row', /^Proofpoint /).waitFor();
  });

  test('leaves the other workspace alone', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await byRole(page, 'button', 'Start with my data').click();
    await ownIsOpen(page);
    await site.go('#/subscriptions');
    await page.getByRole('heading', { name: /^No usage for/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^No usage for/ }).waitFor();
  });
});

describe('the shell', () => {
  test('takes a keyboard past the navigation, and moves the focus with the screen', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await page.reload();
    await byRole(page, 'row', /^Proofpoint /).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Unsynced/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Arrears Subscriptions' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await expect.poll(() => page.title()).toBe('Arrears Subscriptions · Tallyline');
  });

  test('keeps a month in the address', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await page.getByLabel('Month').selectOption('2020-11');
    await page.waitForURL(/\?month=2020-11$/);
    await page.reload();
    await byRole(page, 'row', /^Proofpoint /).waitFor();
    await expect.poll(() => page.getByLabel('Month').inputValue()).toBe('2020-11');
  });

  test('remembers the theme before the first paint', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await page.getByRole('button', { name: 'Theme: system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  test('says when there is no network', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await site.context.setOffline(true);
    await page.getByText('Offline', { exact: false }).first().waitFor();
    await site.context.setOffline(false);
  });

  test('leads to no dead end', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    await site.go('#/nowhere');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  });

  test('stops a tab whose database another tab replaced', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    const second = await site.newTab('#/subscriptions');
    await byRole(second, 'button', 'Reset demo').click();
    await page.getByRole('heading', { name: 'Reload this tab' }).waitFor();
    await byRole(page, 'button', 'Reload').click();
    await byRole(page, 'row', /^Proofpoint /).waitFor();
  });

  test('tells own data that was removed from a first visit', async () => {
    const site = await openPage();
    await byRole(site.page, 'button', 'Start with my data').click();
    await ownIsOpen(site.page);
    site.allow(/favicon\.ico/);
    await site.page.goto(`${site.url}favicon.svg`);
    await site.page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase('tallyline').onsuccess = resolve)));
    await site.go('');
    await site.page.getByText('Your data is no longer here').waitFor();
    await byRole(site.page, 'button', 'Start empty').click();
    await site.page.getByRole('navigation', { name: 'Main' }).waitFor();
  });
});

describe('axe finds nothing in either theme, wide and narrow', () => {
  test('on Start', async () => {
    const { page } = await openPage();
    await byRole(page, 'button', 'Try the demo').waitFor();
    await looksRight(page, 'Start');
  });

  test('on Unsynced and Settings', async () => {
    const site = await openPage();
    const page = await enterDemo(site);
    for (const [route, heading] of [
      ['#/unsynced', 'Arrears Subscriptions'],
      ['#/settings', 'Settings'],
    ] as const) {
      await site.go(route);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await looksRight(page, heading);
    }
  });
});

async function looksRight(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await axeInThemes(page, `${name}-${String(width)}`)).toEqual([]);
  }
}
