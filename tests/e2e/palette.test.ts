import { expect, test } from 'vitest';
import { axe, byRole, setTheme } from './harness.ts';
import { expectFocus } from './keyboard.ts';
import { openDemo, SEED } from './wizard-walk.ts';

test('Ctrl K finds screens, customers, products, connections, plans and acts, in both themes and on a phone', async () => {
  const { page, go } = await openDemo();
  const field = byRole(page, 'combobox', 'Search or do');
  const open = async (typed: string) => {
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.type(typed);
  };
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await open('');
    expect(await axe(page)).toEqual([]);
    await page.keyboard.type('cedar');
    await byRole(page, 'group', 'Customers').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
  }

  await open('1stwest');
  await expect
    .poll(() => byRole(page, 'listbox', 'Found').getByRole('option').allInnerTexts())
    .toEqual([expect.stringContaining(SEED) as string, expect.stringContaining(`Sync ${SEED}`) as string]);
  await page.keyboard.press('Enter');
  await expectFocus(page, 'heading', 'Proofpoint');
  await page.getByText('1 of 28 customers shown.').waitFor();
  await expect.poll(() => page.getByRole('searchbox', { name: 'Search subscriptions' }).inputValue()).toBe(SEED);

  await open('dark theme');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  await byRole(page, 'button', 'Theme: dark').waitFor();

  await open('export product connectwise');
  await byRole(page, 'option', /^Export Product: ConnectWise/).click();
  await page.getByRole('heading', { level: 1, name: /^ConnectWise PSA/ }).waitFor();
  await page.waitForURL(/#\/tools\/business-automation\/demo-connectwise\/export$/);

  await page.setViewportSize({ width: 390, height: 844 });
  await go('#/home');
  await byRole(page, 'button', 'Search or do').click();
  await byRole(page, 'group', 'Recent').waitFor();
  const fits = async () => {
    const box = await byRole(page, 'dialog', 'Search or do').boundingBox();
    return box !== null && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844;
  };
  await expect.poll(fits).toBe(true);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('single keys lead to the search, to screens and to the list of all keys, until they are switched off', async () => {
  const { page, go } = await openDemo();
  const sheet = byRole(page, 'dialog', 'Keyboard shortcuts');
  await page.keyboard.press('?');
  await sheet.waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    expect(await axe(page)).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.keyboard.type('gu');
  await expectFocus(page, 'heading', 'Arrears Subscriptions');
  await byRole(page, 'searchbox', 'Search arrears').waitFor();
  await page.keyboard.press('/');
  await expectFocus(page, 'searchbox', 'Search arrears');

  await go('#/settings');
  await byRole(page, 'checkbox', /^Keys that are pressed alone do something/).uncheck();
  await page.keyboard.press('Control+k');
  await expectFocus(page, 'combobox', 'Search or do');
  await page.keyboard.type('keyboard shortcuts');
  await byRole(page, 'option', /^Keyboard shortcuts/).waitFor();
  await page.keyboard.press('Enter');
  await sheet.waitFor();
  expect(await sheet.getByRole('checkbox').isChecked()).toBe(false);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.keyboard.type('gu');
  expect(page.url()).toMatch(/#\/settings$/);
});
