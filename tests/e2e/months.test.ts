import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { byRole } from './harness.ts';
import { assignSeed, atStep, cellsOf, customerRow, openDemo, SEED, stored, walkTo } from './wizard-walk.ts';

const AUTO_SYNC = '#/tools/business-automation/demo-connectwise/auto-sync';

test('the months of a partner: bulk sync, an edit by hand found and set right, an undo, an explanation, and auto-sync of the next month', async () => {
  const { page, go } = await openDemo();

  // December: the seed's customer by hand, everybody else who has no question at once.
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await go('#/unsynced');
  await byRole(page, 'button', 'Sync all clean ones').click();
  const summary = byRole(page, 'dialog', 'Sync all clean ones');
  await byRole(summary, 'button', 'Confirm Sync').click();
  const receipt = byRole(page, 'dialog', 'Receipt');
  await expect
    .poll(async () => (await cellsOf(byRole(receipt, 'table', 'Requests'))).every(([, , , result]) => result !== 'Not sent yet'), {
      timeout: 30_000,
    })
    .toBe(true);
  await byRole(receipt, 'button', 'Close').click();

  // Somebody wrote another quantity in the PSA: found when it is compared, and pushed back.
  await edited(page, `${SEED} - ${SEED} - Proofpoint Business`, 9);
  await go('#/unsynced/reconciliation');
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${SEED}`) }) });
  await expect.poll(async () => (await row.getByRole('cell').allInnerTexts()).slice(0, 3)).toEqual(['15.00', '15.00', '9.00']);
  await go(`#/sync/proofpoint/${SEED}`);
  await atStep(page, 'Line items');
  await byRole(page, 'button', 'Continue').click();
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  expect(await inPsa(page, SEED)).toEqual([15]);

  // Why 15?
  await go('#/subscriptions/proofpoint');
  const customer = customerRow(page, SEED);
  await byRole(customer, 'button', 'Show Details').click();
  await byRole(page, 'region', 'Details')
    .getByRole('button', { name: /^Why 15\.00\?/ })
    .first()
    .click();
  await page
    .getByRole('dialog')
    .getByText(/, row \d+: Proofpoint Business on Dec 19, 2020/)
    .waitFor();
  await page.keyboard.press('Escape');

  // One sync is taken back: the PSA bills what it billed before.
  expect(await inPsa(page, 'cedarridgelaw.com')).toEqual([34]);
  await go('#/history');
  await byRole(byRole(page, 'table', 'Confirmed plans'), 'link', 'cedarridgelaw.com').click();
  await byRole(page, 'button', 'Undo this sync').click();
  await byRole(byRole(page, 'dialog', 'Undo this sync'), 'button', 'Confirm undo').click();
  await page.getByRole('button', { name: /^Send it/ }).click();
  await page.getByText('2 requests applied in ConnectWise').waitFor();
  expect(await inPsa(page, 'cedarridgelaw.com')).toEqual([31]);

  // January goes by itself once it is final.
  await go(AUTO_SYNC);
  await page.getByLabel('Proofpoint', { exact: true }).selectOption('Send by itself');
  await byRole(byRole(page, 'dialog', 'Send Proofpoint by itself?'), 'button', 'Send by itself').click();
  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();
  await expect.poll(() => settledOf(page, '2021-01'), { timeout: 30_000 }).toContain('bayviewdental.com');
  await go('#/unsynced');
  await page.getByText(/^Auto-sync: \d+ sent on Feb 3, 2021/).waitFor();
  await go('#/history');
  await byRole(page, 'button', 'Check the records').click();
  await page.getByText(/^\d+ records checked, each as it was written$/).waitFor();
}, 180_000);

/** The customers whose plans of a month are settled. */
async function settledOf(page: Page, month: string): Promise<string[]> {
  const { plans } = (await stored(page)) as { plans: { plan: { customer: { site: string } | null }; period: string; state: string }[] };
  return plans.flatMap(({ plan, period, state }) => (period === month && state === 'settled' ? [plan.customer?.site ?? ''] : []));
}

/** The quantities of the open lines in the PSA whose description begins with a site. */
async function inPsa(page: Page, site: string): Promise<number[]> {
  return page.evaluate(async (begin) => {
    const opening = indexedDB.open('tallyline-demo');
    const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const found = db.transaction('sandboxes').objectStore('sandboxes').get('demo-connectwise');
    const additions = await new Promise<{ invoiceDescription: string; quantity: number; cancelledDate?: string | null }[]>((resolve) => {
      found.onsuccess = () => resolve((found.result as { state: { tables: { additions: [] } } }).state.tables.additions);
    });
    db.close();
    return additions
      .filter(({ invoiceDescription, cancelledDate }) => invoiceDescription.startsWith(`${begin} - `) && (cancelledDate ?? null) === null)
      .map(({ quantity }) => quantity);
  }, site);
}

/** Somebody works in the PSA itself. */
async function edited(page: Page, description: string, quantity: number): Promise<void> {
  await page.evaluate(
    async ([line, value]) => {
      const opening = indexedDB.open('tallyline-demo');
      const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
      const store = db.transaction('sandboxes', 'readwrite').objectStore('sandboxes');
      const found = store.get('demo-connectwise');
      await new Promise<void>((resolve, reject) => {
        found.onsuccess = () => {
          const record = found.result as { state: { tables: { additions: { invoiceDescription: string; quantity: number }[] } } };
          for (const row of record.state.tables.additions) if (row.invoiceDescription === line) row.quantity = value;
          const put = store.put(record);
          put.onsuccess = () => resolve();
          put.onerror = () => reject(new Error('the sandbox was not written'));
        };
      });
      db.close();
    },
    [description, quantity] as const,
  );
}
