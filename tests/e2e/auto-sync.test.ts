import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axe, byRole } from './harness.ts';
import { assignSeed, cellsOf, openDemo, stored, walkTo } from './wizard-walk.ts';

const AUTO_SYNC = '#/tools/business-automation/demo-connectwise/auto-sync';

test('what goes by itself is sent on the next final day without a click, a paused customer waits, and a reload sends nothing again', async () => {
  const site = await openDemo();
  const { page, go } = site;
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();

  await go(AUTO_SYNC);
  await pause(page, 'ironbridgeconstruction.com', 'contract is being renewed', '2021-03-31');
  await page.getByLabel('Proofpoint', { exact: true }).selectOption('Send by itself');
  const dialog = byRole(page, 'dialog', 'Send Proofpoint by itself?');
  await dialog.getByText(/of December 2020 would go to ConnectWise PSA \(demo sandbox\) at once/).waitFor();
  expect(await axe(page)).toEqual([]);
  await byRole(dialog, 'button', 'Send by itself').click();
  await expect.poll(() => plansOf(page, '2020-12')).toContain('cedarridgelaw.com settled');

  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();
  await expect.poll(() => plansOf(page, '2021-01')).toContain('bayviewdental.com settled');
  const queue = byRole(page, 'table', 'Customers of auto-sync');
  await expect
    .poll(async () => (await cellsOf(queue)).find(([name]) => name?.startsWith('ironbridge'))?.slice(1, 5))
    .toEqual(['Proofpoint', 'Waits', 'Paused. contract is being renewed. It ends after Mar 31, 2021.', '$207.00']);
  expect(await axe(page)).toEqual([]);
  await go('#/unsynced');
  const atRest = page.getByText(/^Auto-sync: \d+ sent on Feb 3, 2021, \d+ waits?\./);
  await atRest.waitFor();
  const [said, sent] = [await atRest.innerText(), await plansOf(page, '2021-01')];
  expect([said.split(' sent')[0], sent.some((plan) => plan.startsWith('ironbridge'))]).toEqual([
    `Auto-sync: ${String(sent.length)}`,
    false,
  ]);

  await page.reload();
  await expect.poll(() => atRest.innerText()).toBe(said);
  await expect.poll(() => plansOf(page, '2021-01')).toEqual(sent);
  await go('#/history');
  await byRole(page, 'searchbox', 'Search history').fill('auto-sync confirmed bayviewdental.com');
  await expect
    .poll(async () => (await cellsOf(byRole(page, 'table', 'Audit records'))).map((cells) => cells.slice(2, 4)))
    .toEqual([['auto-sync confirmed', 'bayviewdental.com, proofpoint']]);
});

async function pause(page: Page, what: string, reason: string, until: string): Promise<void> {
  await byRole(page, 'button', 'Pause').click();
  const dialog = byRole(page, 'dialog', 'Pause auto-sync');
  await dialog.getByLabel('What').selectOption({ label: what });
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByLabel('Last day of the pause').fill(until);
  await byRole(dialog, 'button', 'Pause').click();
  await dialog.waitFor({ state: 'detached' });
}

/** The plans of a month, each as its customer and state. */
async function plansOf(page: Page, month: string): Promise<string[]> {
  const { plans } = (await stored(page)) as {
    plans: { plan: { customer: { site: string } | null }; period: string; state: string }[];
  };
  return plans
    .filter(({ period }) => period === month)
    .map(({ plan, state }) => `${plan.customer?.site ?? 'products'} ${state}`)
    .sort();
}
