import { expect, test } from 'vitest';
import { byRole } from './harness.ts';
import { atStep, openDemo } from './wizard-walk.ts';

test('a quantity that somebody changed in the PSA is found when its lines are read again, and a sync sets it right', async () => {
  const { page } = await openDemo();
  await byRole(page, 'link', /^Unsynced/).click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await byRole(page, 'heading', 'Reconciliation').waitFor();
  const table = byRole(page, 'table', 'Lines in ConnectWise PSA (demo sandbox)');
  const fox = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^foxhollowrealty\.com/ }) });
  const cells = async () => (await fox.getByRole('cell').allInnerTexts()).slice(0, 4);
  await expect.poll(cells).toEqual(['21.00', '20.00', '20.00', '+$3.00']);
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await fox.getByText('Changed in both').waitFor();
  await expect.poll(cells).toEqual(['21.00', '20.00', '24.00', '-$9.00']);

  await byRole(fox, 'button', 'Sync').click();
  await byRole(page, 'button', 'Review line items').click();
  await atStep(page, 'Line items');
  await byRole(page, 'button', 'Continue').click();
  await atStep(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'link', 'Unsynced subscriptions').click();
  await byRole(page, 'link', 'Compare with the PSA').click();
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await table.getByRole('row').nth(1).waitFor();
  await expect.poll(() => fox.count()).toBe(0);
  await page.getByLabel('Show the lines that agree, too').check();
  await expect.poll(cells).toEqual(['21.00', '21.00', '21.00', '$0.00']);
});
