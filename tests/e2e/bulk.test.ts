import { expect, test } from 'vitest';
import { axe, byRole } from './harness.ts';
import { cellsOf, openDemo } from './wizard-walk.ts';

test('all clean customers sync with one confirmation, and the others say what they wait for', async () => {
  const { page, go } = await openDemo();
  await go('#/unsynced/reconciliation');
  await byRole(page, 'button', 'Read lines').click();
  await page.getByText(/^Read \d+ rows\.$/).waitFor();
  await go('#/unsynced');
  await byRole(page, 'button', 'Sync all clean ones').click();
  const dialog = byRole(page, 'dialog', 'Sync all clean ones');
  const clean = await cellsOf(byRole(dialog, 'table', 'Clean customers'));
  expect(clean.map(([site]) => site)).toContain('Cedar Ridge Law');
  expect(clean.map(([site]) => site)).not.toContain('Eastfield Veterinary');
  await expect.poll(() => dialog.innerText()).toContain('Eastfield Veterinary: Never synced before');
  expect(await axe(page)).toEqual([]);
  await byRole(dialog, 'button', 'Confirm Sync').click();
  const receipt = byRole(page, 'dialog', 'Receipt');
  await receipt.getByText('4 customers are billed as planned for December 2020.').waitFor();
  await receipt.getByText('The 4 plans, by their hashes').waitFor();
  const rows = await cellsOf(byRole(receipt, 'table', 'Requests'));
  expect(rows.filter(([name]) => name?.includes('Cedar Ridge Law')).map((row) => row[3])).toEqual([
    expect.stringMatching(/^In the PSA read back and counted, id \d+$/),
  ]);
});
