import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { byRole, openPage } from './harness.ts';
import { connect, EDITIONS, enterSecrets, importUsage, startPsa, walkOwnToSummary } from './own-walk.ts';
import { atStep } from './wizard-walk.ts';

const APPLIED = `${String(EDITIONS.length)} requests applied in ConnectWise`;

test('two tabs confirm and send one plan: one write at a time, each line once, and the second takes over what the first leaves', async () => {
  const psa = await startPsa();
  const writes = () => psa.ledger().runs.filter(({ method }) => method !== 'GET').length;
  const site = await openPage();
  const first = site.page;
  await byRole(first, 'button', 'Start with my data').click();
  await importUsage(first, EDITIONS);
  await connect(first, 'Head office', psa.url);
  await enterSecrets(first);
  await byRole(first, 'button', 'Read everything').click();
  await first.getByText(/^Read \d+ rows\.$/).waitFor();
  const second = await site.newTab(new URL(first.url()).hash);
  await enterSecrets(second);
  await first.bringToFront();
  await walkOwnToSummary(first);
  await site.go(new URL(first.url()).hash, second);
  await atStep(second, 'Summary');

  psa.setFaults([{ match: { method: 'POST', path: null }, kind: 'held', times: 1 }]);
  const confirms = [first, second].map((tab) => byRole(tab, 'button', 'Confirm Sync'));
  for (const confirm of confirms) await expect.poll(() => confirm.isEnabled()).toBe(true);
  await Promise.all(confirms.map((confirm) => confirm.evaluate((button: HTMLElement) => button.click())));
  await expect.poll(writes).toBe(1);
  for (const tab of [first, second]) await sendingIn(tab);
  await expect.poll(() => senders(first)).toEqual({ sends: 1, waits: 1 });
  expect([writes(), psa.ledger().effects.length]).toEqual([1, 1]);

  await byRole(first, 'button', 'Stop after this request').click();
  psa.letGo();
  for (const tab of [first, second]) await tab.getByText(APPLIED).waitFor();
  const { effects } = psa.ledger();
  expect(effects.map(({ effect, table }) => [effect, table])).toEqual(EDITIONS.map(() => ['created', 'additions']));
  const lines = psa.state().tables['additions']?.map(({ serialNumber }) => serialNumber);
  expect(new Set(lines).size).toBe(EDITIONS.length);
  expect([writes(), psa.mostWrites()]).toEqual([EDITIONS.length, 1]);
});

/** The tab sends, or waits for its turn: by itself where it confirmed, else because its receipt is told to. */
async function sendingIn(page: Page): Promise<void> {
  const stop = byRole(page, 'button', 'Stop after this request');
  const send = page.getByRole('button', { name: /^Send (it|the rest) / });
  const sends = async () => {
    await send.evaluateAll((buttons) => buttons.forEach((button) => (button as HTMLElement).click()));
    return stop.isVisible();
  };
  await expect.poll(sends).toBe(true);
}

/** Tabs that have the turn to send, and tabs that wait for it. */
function senders(page: Page): Promise<{ sends: number; waits: number }> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    const of = (locks: LockInfo[]) => locks.filter(({ name }) => name?.startsWith('sender:') === true).length;
    return { sends: of(held), waits: of(pending) };
  });
}
