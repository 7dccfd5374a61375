import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { summaryOf } from '../../src/demo/marketplace';
import { proofpoint } from '../../src/demo/products';
import { sites } from '../../src/demo/sites';
import { byRole } from './harness.ts';
import { assignSeed, atStep, customerRow, openDemo, SEED, stored, walkTo } from './wizard-walk.ts';

const AUTO_SYNC = '#/tools/business-automation/demo-connectwise/auto-sync';

test('three months of a partner: bulk sync, an edit by hand found and set right, an undo, an explanation, and auto-sync that catches up after days away', async () => {
  const site = await openDemo({ installed: true });
  const { page, go } = site;

  // December: the seed's customer by hand, everybody else who has no question at once.
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await go('#/unsynced');
  await syncAllClean(page);

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
  await expect.poll(() => inPsa(page, SEED)).toEqual([15]);

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
  await expect.poll(() => inPsa(page, 'cedarridgelaw.com')).toEqual([34]);
  await go('#/history');
  await byRole(byRole(page, 'table', 'Confirmed plans'), 'link', 'cedarridgelaw.com').click();
  await byRole(page, 'button', 'Undo this sync').click();
  await byRole(byRole(page, 'dialog', 'Undo this sync'), 'button', 'Confirm undo').click();
  await page.getByRole('button', { name: /^Send it/ }).click();
  await page.getByText('2 requests applied in ConnectWise').waitFor();
  await expect.poll(() => inPsa(page, 'cedarridgelaw.com')).toEqual([31]);

  // January, at once again: what was taken back goes with it.
  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();
  await go('#/unsynced');
  await syncAllClean(page);
  await expect.poll(async () => [await inPsa(page, 'cedarridgelaw.com'), await inPsa(page, 'bayviewdental.com')]).toEqual([[34], [25]]);

  // February is counted, and set to go by itself; then the laptop stays closed until a week after it is final.
  await onDemoDay(page, '2021-02-20');
  await page.reload();
  await go('#/import');
  await page.getByLabel('Usage files').setInputFiles(usageOf('2021-02-19', FEBRUARY));
  await byRole(page, 'button', 'Import').click();
  await page.getByText(`${String(Object.keys(FEBRUARY).length)} rows imported`).waitFor();
  await go(AUTO_SYNC);
  await page.getByLabel('Proofpoint', { exact: true }).selectOption('Send by itself');
  await byRole(byRole(page, 'dialog', 'Send Proofpoint by itself?'), 'button', 'Send by itself').click();
  await byRole(page, 'dialog', 'Send Proofpoint by itself?').waitFor({ state: 'detached' });
  expect(await settledOf(page, '2021-02')).toEqual([]);
  await onDemoDay(page, '2021-03-10');
  const opened = await site.reopen('#/unsynced');
  await opened.getByText(/^Auto-sync: 4 sent on Mar 10, 2021/).waitFor();
  await expect.poll(async () => (await settledOf(opened, '2021-02')).sort()).toEqual(Object.keys(FEBRUARY).sort());
  const billed = await inPsa(opened, '');
  for (const [customer, quantity] of Object.entries(FEBRUARY))
    expect([customer, await inPsa(opened, customer)]).toEqual([customer, [quantity]]);
  const keys = await keysInPsa(opened);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);

  // Opened once more, nothing goes again.
  const again = await site.reopen('#/history');
  await byRole(again, 'button', 'Check the records').click();
  await again.getByText(/^\d+ records checked, each as it was written$/).waitFor();
  expect([await inPsa(again, ''), (await settledOf(again, '2021-02')).length]).toEqual([billed, 4]);
});

/** Users of the third month, of customers that the demo has lines for. */
const FEBRUARY: Readonly<Record<string, number>> = {
  [SEED]: 16,
  'bayviewdental.com': 27,
  'cedarridgelaw.com': 36,
  'ironbridgeconstruction.com': 48,
};

/** A saved answer of the marketplace that counts these customers on a day. */
function usageOf(usageDate: string, counts: Readonly<Record<string, number>>) {
  const rows = Object.entries(counts).map(([site, quantity]) => {
    const at = sites.findIndex((one) => one.site === site);
    const name = Object.keys(sites[at]?.counts ?? {})[0] ?? '';
    const product = proofpoint.subProducts.find(({ key }) => key === name);
    return JSON.stringify({
      ...{ usageSummaryId: summaryOf(at), usageDate, productId: product?.ids[0]?.replace('pax8:', ''), productName: product?.name },
      ...{ unitOfMeasure: product?.unit, quantity, unitPrice: Number(product?.price), partnerTotal: Number(product?.cost) * quantity },
      ...{ currentCharges: Number(product?.price) * quantity, currencyCode: 'USD', isTrial: false },
    });
  });
  return { name: 'usage-lines-february.jsonl', mimeType: 'application/json', buffer: Buffer.from(rows.join('\n')) };
}

/** Syncs everybody who has no question at once, and waits until every request is applied or refused. */
async function syncAllClean(page: Page): Promise<void> {
  await byRole(page, 'button', 'Sync all clean ones').click();
  await byRole(byRole(page, 'dialog', 'Sync all clean ones'), 'button', 'Confirm Sync').click();
  const receipt = byRole(page, 'dialog', 'Receipt');
  await receipt.getByText(/^\d+ requests? (applied in ConnectWise|not applied)$/).waitFor();
  await byRole(receipt, 'button', 'Close').click();
}

/** The demo stands on another day when it is opened next. */
async function onDemoDay(page: Page, day: string): Promise<void> {
  await page.evaluate(async (value) => {
    const opening = indexedDB.open('tallyline-demo');
    const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const writing = db.transaction('settings', 'readwrite');
    writing.objectStore('settings').put({ key: 'demo date', value });
    await new Promise<void>((resolve) => (writing.oncomplete = () => resolve()));
    db.close();
  }, day);
}

/** The customers whose plans of a month are settled. */
async function settledOf(page: Page, month: string): Promise<string[]> {
  const { plans } = (await stored(page)) as { plans: { plan: { customer: { site: string } | null }; period: string; state: string }[] };
  return plans.flatMap(({ plan, period, state }) => (period === month && state === 'settled' ? [plan.customer?.site ?? ''] : []));
}

interface Addition {
  readonly invoiceDescription: string;
  readonly serialNumber?: string;
  readonly quantity: number;
  readonly cancelledDate?: string | null;
}

/** The open lines in the PSA. */
async function linesInPsa(page: Page): Promise<Addition[]> {
  const additions = await page.evaluate(async () => {
    const opening = indexedDB.open('tallyline-demo');
    const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    const found = db.transaction('sandboxes').objectStore('sandboxes').get('demo-connectwise');
    const rows = await new Promise<Addition[]>((resolve) => {
      found.onsuccess = () => resolve((found.result as { state: { tables: { additions: Addition[] } } }).state.tables.additions);
    });
    db.close();
    return rows;
  });
  return additions.filter(({ cancelledDate }) => (cancelledDate ?? null) === null);
}

/** The quantities of the open lines in the PSA whose description begins with a site; '' is all of them. */
async function inPsa(page: Page, site: string): Promise<number[]> {
  const lines = await linesInPsa(page);
  return lines
    .filter(({ invoiceDescription }) => site === '' || invoiceDescription.startsWith(`${site} - `))
    .map(({ quantity }) => quantity);
}

/** Our keys on the open lines. */
async function keysInPsa(page: Page): Promise<string[]> {
  return (await linesInPsa(page)).flatMap(({ serialNumber = '' }) => (serialNumber.startsWith('tl1-') ? [serialNumber] : []));
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
