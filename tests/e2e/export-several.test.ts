import { expect, test } from 'vitest';
import { axe, byRole } from './harness.ts';
import { openDemo } from './wizard-walk.ts';

test('products of two vendors are exported in one go by keyboard: one confirmation, one delivery, a result for each', async () => {
  const { page, go } = await openDemo();
  await go('#/tools/business-automation/demo-connectwise/products');
  await byRole(page, 'button', 'Export several').press('Enter');
  const dialog = byRole(page, 'dialog', 'Export Products');
  for (const vendor of ['Proofpoint', 'Latchkey Password Manager']) await byRole(dialog, 'heading', vendor).waitFor();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: /^Untick all\s+of Proofpoint$/ }).press('Enter');
  await dialog.getByRole('checkbox', { name: /^Proofpoint Pro / }).press('Space');
  await expect.poll(() => dialog.getByRole('checkbox', { name: /^Latchkey Enterprise / }).isChecked()).toBe(true);
  await dialog.getByLabel('Sub-category').first().selectOption('21');
  await dialog.getByLabel('Type').first().selectOption('31');
  await byRole(dialog, 'button', 'Use its term and filing for all').press('Enter');
  await byRole(dialog, 'button', 'Export 2 products').press('Enter');
  await byRole(page, 'button', 'Send it (2 requests)').press('Enter');
  await page.getByText('2 requests applied in ConnectWise').waitFor();
  const rows = byRole(page, 'table', 'Requests').getByRole('row');
  const told = async () =>
    (await rows.allInnerTexts()).slice(1).map((text) => /^(Latchkey Enterprise|Proofpoint Pro)\b[\s\S]*In the PSA/.test(text));
  await expect.poll(told).toEqual([true, true]);
  expect(await axe(page)).toEqual([]);
  await go('#/tools/business-automation/demo-connectwise/products');
  for (const identifier of ['LATCHKEY-ENTERPRISE', 'PROOFPOINT-PRO']) await page.getByText(identifier).waitFor();
});
