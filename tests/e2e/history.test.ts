import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axe, byRole, type Site } from './harness.ts';
import { assignSeed, atStep, cellsOf, next, openDemo, walkTo, SEED } from './wizard-walk.ts';

test('a confirmed plan stands in History with its outcome and its receipt, and the records show whether any was changed', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await syncSeed(page, go);

  await byRole(page, 'link', 'History').click();
  await byRole(page, 'heading', 'History').waitFor();
  const row = byRole(page, 'table', 'Confirmed plans').getByRole('row').filter({ hasText: SEED });
  await row.waitFor();
  await expect
    .poll(async () => (await row.getByRole('cell').allInnerTexts()).toSpliced(1, 1))
    .toEqual(['ConnectWise PSA (demo sandbox)', '1 Creating', '$45.00', 'Settled']);
  const records = byRole(page, 'table', 'Audit records');
  await byRole(page, 'searchbox', 'Search history').fill('company assigned');
  await expect.poll(() => records.getByRole('rowheader').allInnerTexts()).toEqual(['company assigned']);
  await byRole(page, 'searchbox', 'Search history').fill('');
  await byRole(page, 'button', 'Check the records').click();
  await page.getByText(/^\d+ records checked, each as it was written$/).waitFor();

  const forged = await forgeRecord(page);
  await byRole(page, 'button', 'Check the records').click();
  await page.getByText(`Record ${String(forged)} is not what was written`).waitFor();

  await byRole(row, 'link', SEED).click();
  await byRole(page, 'heading', `Receipt of ${SEED}`).waitFor();
  await page.getByText('1 request applied in ConnectWise').waitFor();
});

test('a sync is undone by a plan of its own: a dry run first, then the PSA bills what it billed before', async () => {
  const { page, go } = await openDemo();
  const name = 'foxhollowrealty.com - foxhollowrealty.com - Proofpoint Business';
  await go('#/unsynced/reconciliation');
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await go('#/sync/proofpoint/foxhollowrealty.com');
  await byRole(page, 'button', 'Review line items').click();
  await atStep(page, 'Line items');
  await next(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();

  await byRole(page, 'link', 'History').click();
  await byRole(byRole(page, 'table', 'Confirmed plans'), 'link', 'foxhollowrealty.com').click();
  await byRole(page, 'button', 'Undo this sync').click();
  const dialog = byRole(page, 'dialog', 'Undo this sync');
  await expect.poll(() => dialog.getByRole('listitem').allInnerTexts()).toEqual([`Updating ${name}: 21.00 becomes 24.00`]);
  await byRole(dialog, 'button', 'Confirm undo').click();
  await page.getByRole('button', { name: /^Send it/ }).click();
  await page.getByText('1 request applied in ConnectWise').waitFor();

  await go('#/unsynced/reconciliation');
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  const fox = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^foxhollowrealty\.com/ }) });
  await expect.poll(async () => (await fox.getByRole('cell').allInnerTexts()).slice(0, 4)).toEqual(['21.00', '24.00', '24.00', '-$9.00']);
  await byRole(page, 'link', 'History').click();
  const plans = byRole(page, 'table', 'Confirmed plans').getByRole('row').filter({ hasText: 'foxhollowrealty.com' });
  await expect.poll(() => plans.count()).toBe(2);
  await byRole(plans.nth(1), 'link', 'foxhollowrealty.com').click();
  await byRole(page, 'button', 'Undo this sync').click();
  await page.getByText('A newer sync of this customer rests on it.').waitFor();
});

/** From the start of its wizard to the receipt of what was sent. */
async function syncSeed(page: Page, go: Site['go']): Promise<void> {
  await go(`#/sync/proofpoint/${SEED}`);
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
}

/** Changes what the oldest record says behind the page's back, and answers its number. */
function forgeRecord(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('tallyline-demo');
        opening.onsuccess = () => {
          const audit = opening.result.transaction('audit', 'readwrite').objectStore('audit');
          const read = audit.getAll(null, 1);
          read.onsuccess = () => {
            audit.put({ ...(read.result[0] as object), subject: 'somebody else' });
          };
          audit.transaction.oncomplete = () => {
            opening.result.close();
            resolve((read.result[0] as { readonly seq: number }).seq);
          };
        };
        opening.onerror = () => reject(new Error('The database of the demo does not open.'));
      }),
  );
}

test('a decision is taken back from History after a reload and made again, until a sync rests on it', async () => {
  const { page, go } = await openDemo();
  const row = await assignSeed(page);
  await go('#/history');
  await page.reload();
  const decisions = byRole(page, 'table', 'Decisions and their way back');
  await decisions.getByRole('row', { name: /Assigned to 1st West Insurance.* 1stwestinsurance\.com, Proofpoint/ }).waitFor();
  await byRole(decisions, 'button', /^Take back: Assigned to 1st West Insurance/).click();
  await byRole(decisions, 'button', /^Make again: Assigned to/).waitFor();
  await go('#/subscriptions/proofpoint');
  await byRole(row, 'button', 'Assign Company').waitFor();
  await go('#/history');
  await byRole(decisions, 'button', /^Make again: Assigned to/).click();
  await byRole(decisions, 'button', /^Take back: Assigned to/).waitFor();
  await syncSeed(page, go);
  await go('#/history');
  await byRole(decisions, 'button', /^Take back: Assigned to/).click();
  await page.getByText('A sync was confirmed that rests on it.').waitFor();
  expect(await axe(page)).toEqual([]);
});

test('a month is shown as it was known on a day, with what was decided since, and its plan is made again to the same hash', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await syncSeed(page, go);
  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();
  await go('#/history');
  await byRole(page, 'combobox', 'Month').selectOption('2020-12');
  await byRole(byRole(page, 'table', 'Confirmed plans'), 'link', SEED).click();
  await byRole(page, 'button', 'Plan it again and compare').click();
  await page.getByText(/^The same plan: hash [0-9a-f]{8}$/).waitFor();
  expect(await axe(page)).toEqual([]);

  await byRole(page, 'button', 'Undo this sync').click();
  await page.getByText('An invoice of Managed Services may have gone out').waitFor();
  await go('#/tools/business-automation/demo-connectwise/agreements');
  await byRole(page, 'button', 'Read agreements').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await go('#/history');
  await byRole(page, 'combobox', 'Month').selectOption('2020-12');
  await byRole(byRole(page, 'table', 'Confirmed plans'), 'link', SEED).click();
  await byRole(page, 'button', 'Undo this sync').click();
  const undo = byRole(page, 'dialog', 'Undo this sync');
  await undo.getByText('The invoice of January 2021 went out').waitFor();
  await undo.getByText('Write a credit of $45.00 in ConnectWise PSA').waitFor();
  const line = `${SEED} - ${SEED} - Proofpoint Business`;
  expect(await cellsOf(byRole(undo, 'table', 'Correction, line by line'))).toEqual([[line, '1', '$45.00', '$0.00', '$45.00']]);
  const [credit] = await Promise.all([page.waitForEvent('download'), byRole(undo, 'button', 'Download correction').click()]);
  expect(credit.suggestedFilename()).toBe(`correction-${SEED}-2021-01.csv`);
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await undo.waitFor({ state: 'detached' });

  await go('#/home');
  await byRole(page, 'link', 'The month as it was known').click();
  await byRole(page, 'heading', 'December 2020 as it was known').waitFor();
  const row = byRole(page, 'row', `${SEED}, Proofpoint Business`);
  await expect
    .poll(() => row.getByRole('cell').allInnerTexts())
    .toEqual([
      ...['1st West Insurance', 'Proofpoint Business\nProofpoint', '15.00', '$3.00', '$2.44', '15.00', 'Jan 3, 2021', 'unchanged'],
    ]);
  await page.getByLabel('Only what is known otherwise now').check();
  await page.getByText('Nothing is known otherwise now', { exact: true }).waitFor();
  await page.getByLabel('Only what is known otherwise now').uncheck();
  await page.getByLabel('Known on').fill('2020-12-24');
  await expect
    .poll(() => row.getByRole('cell').allInnerTexts())
    .toEqual([
      'Proofpoint Business, Proofpoint: nobody knew of it then',
      'imported later: 15.00 on Jan 3, 2021\ncompany now: 1st West Insurance\nsynced since: 15.00',
    ]);
  expect(await axe(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), byRole(page, 'button', 'Download CSV').click()]);
  expect(download.suggestedFilename()).toBe('month-2020-12-as-known-2020-12-24.csv');
});
