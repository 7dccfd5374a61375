import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { TABS } from '../../src/ui/automation/places.ts';
import { atRest, byRole } from './harness.ts';
import { assignSeed, atStep, openDemo, SEED, walkTo } from './wizard-walk.ts';

const STEPS = ['Choose the PSA', 'Products', 'Sync option', 'Agreement', 'Line items', 'Summary'];
const PHONE = { viewport: { width: 390, height: 844 } };

test('on a phone no step of the wizard, and no table in it, is wider than the screen, and the current one is in view', async () => {
  const { page, go } = await openDemo(PHONE);
  await assignSeed(page);
  const look = async (title: string) => {
    await atStep(page, title);
    await atRest(page);
    await expect.poll(async () => [title, await overflow(page), await isInView(page, '[aria-current="step"]')]).toEqual([title, 0, true]);
  };
  await go(`#/sync/proofpoint/${SEED}`);
  await walkTo(page, 'Summary');
  for (const title of STEPS.slice(0, -1)) {
    await byRole(page.getByRole('navigation', { name: 'Steps' }), 'button', title).click();
    await look(title);
  }
  await byRole(page, 'button', 'Continue').click();
  await look('Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await look('Receipt');
});

test('on a phone no tab of a connection, and no table in it, is wider than the screen, and the current one is in view', async () => {
  const { page, go } = await openDemo(PHONE);
  for (const { key, label } of TABS) {
    await go(`#/tools/business-automation/demo-connectwise/${key}`);
    const tab = byRole(page.getByRole('navigation', { name: 'Connection' }), 'link', label);
    await tab.waitFor();
    await atRest(page);
    const current = () => isInView(page, 'nav[aria-label="Connection"] [aria-current="page"]');
    await expect.poll(async () => [key, await overflow(page), await current()]).toEqual([key, 0, true]);
  }
});

const LISTS = [
  ['#/home', 'Home'],
  ['#/home/projection', 'Projection'],
  ['#/subscriptions', 'Subscriptions'],
  ['#/subscriptions/proofpoint', 'Subscriptions'],
  ['#/unsynced', 'Arrears Subscriptions'],
  ['#/unsynced/reconciliation', 'Reconciliation'],
  ['#/import', 'Import'],
  ['#/tools/business-automation', 'Business Automation'],
  ['#/settings', 'Settings'],
] as const;

test.each([
  ['a phone', PHONE.viewport],
  ['a tablet', { width: 768, height: 1024 }],
  ['a small laptop', { width: 1180, height: 800 }],
] as const)('on %s no list runs out of the screen', async (_, viewport) => {
  const { page, go } = await openDemo({ viewport });
  for (const [route, heading] of LISTS) {
    await go(route);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    if (heading !== 'Settings') await page.locator('.table-box:visible').first().waitFor();
    await atRest(page);
    await expect.poll(async () => [route, await overflow(page)]).toEqual([route, 0]);
  }
});

/** Pixels by which the page, or a table on it, is wider than what shows of it. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('.table-box')];
    return Math.max(...boxes.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  });
}

function isInView(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((node) => {
    const { left, right } = node.getBoundingClientRect();
    return left >= 0 && right <= document.documentElement.clientWidth;
  });
}
