import { expect, test } from 'vitest';
import { axeInThemes, byRole } from './harness.ts';
import { assignSeed, atStep, cellsOf, expectSaved, expectStored, next, onWithKeys, openDemo, SEED, stored, walkTo } from './wizard-walk.ts';

const STEPS = ['Choose the PSA', 'Products', 'Sync option', 'Agreement', 'Line items', 'Summary'] as const;

test('a reload at every step comes back to it with the same choices', async () => {
  const { page } = await openDemo();
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await atStep(page, 'Choose the PSA');
  const again = async (title: string, place: string, ...choices: string[]) => {
    await expectSaved(page, `"${place}"`, ...choices);
    await page.reload();
    await atStep(page, title);
  };
  await again('Choose the PSA', 'psa');
  await next(page, 'Products');
  await byRole(page, 'button', 'Bind all suggested').click();
  await page.getByText('Bound').first().waitFor();
  await again('Products', 'products', '"bindings":[{');
  await page.getByText('Bound').first().waitFor();
  await next(page, 'Sync option');
  await byRole(page, 'radio', 'Single line').check();
  await again('Sync option', 'option', '"option":"single line"');
  await expect.poll(() => byRole(page, 'radio', 'Single line').isChecked()).toBe(true);
  await next(page, 'Agreement');
  await again('Agreement', 'agreement');
  await next(page, 'Line items');
  await page.getByRole('button', { name: /^Edit name of/ }).click();
  await page.getByRole('textbox', { name: /^name of/ }).fill('Mail security');
  await page.keyboard.press('Enter');
  await byRole(page, 'rowheader', 'Mail security').waitFor();
  await again('Line items', 'grid', 'Mail security');
  await byRole(page, 'rowheader', 'Mail security').waitFor();
  await next(page, 'Summary');
  await again('Summary', 'summary');
  await page.getByText('Mail security', { exact: true }).waitFor();
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await again('Receipt', 'receipt');
  await page.getByText('1 request applied in ConnectWise').waitFor();
});

test('Cancel at every step leaves the database as it was', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  const before = await stored(page);
  for (const step of STEPS) {
    await go(`#/sync/proofpoint/${SEED}`);
    await walkTo(page, step);
    await byRole(page, 'button', 'Cancel').click();
    await byRole(page, 'heading', 'Subscriptions').waitFor();
    await expectStored(page, before);
  }
});

test('the wizard is walked with the keyboard alone', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await go(`#/sync/proofpoint/${SEED}`);
  await atStep(page, 'Choose the PSA');
  await onWithKeys(page);
  await atStep(page, 'Products');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Products');
  await byRole(page, 'button', 'Bind all suggested').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Bound').first().waitFor();
  for (const title of ['Sync option', 'Agreement', 'Line items', 'Summary']) {
    await onWithKeys(page);
    await atStep(page, title);
  }
  const confirm = byRole(page, 'button', 'Confirm Sync');
  await expect.poll(() => confirm.isEnabled()).toBe(true);
  await confirm.press('Enter');
  await page.getByText('1 request applied in ConnectWise').waitFor();
});

test('what tells of the last act stays off the paper', async () => {
  const { page } = await openDemo();
  const toast = page.getByText('1stwestinsurance.com is assigned to 1st West Insurance');
  await Promise.all([toast.hover(), assignSeed(page)]);
  await page.emulateMedia({ media: 'print' });
  await toast.waitFor({ state: 'hidden' });
  expect(await toast.count()).toBe(1);
});

test('Continue says in words what is missing, and leads to it', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await go(`#/sync/proofpoint/${SEED}`);
  await walkTo(page, 'Products');
  await byRole(page, 'button', 'Continue').click();
  await byRole(page, 'heading', 'There is a problem').waitFor();
  await expect
    .poll(() => page.getByRole('alert').getByRole('link').allInnerTexts())
    .toEqual([
      'Proofpoint Business has no product. Bind or export a product for each, or bind the top-level product, whose lines they can use.',
    ]);
});

test('a sub-product that is skipped with Next uses the top-level product and stays visible', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await go(`#/sync/proofpoint/${SEED}`);
  await walkTo(page, 'Products');
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Proofpoint Top-level product' }) });
  await byRole(row, 'button', 'Bind Product').click();
  await byRole(page.getByRole('dialog'), 'button', 'Bind').click();
  await byRole(page, 'button', 'Next').click();
  await atStep(page, 'Sync option');
  await next(page, 'Agreement');
  await next(page, 'Line items');
  const name = async () => (await cellsOf(byRole(page, 'table', 'Line items')))[0]?.[1];
  await expect.poll(name).toContain('Proofpoint Business uses the top-level product');
});

test('no step has an accessibility problem in either theme', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  const found: Record<string, unknown> = {};
  const look = async (step: string) => {
    found[step] = await axeInThemes(page, `wizard-${step.replace(/ /g, '-').toLowerCase()}`);
  };
  await go(`#/sync/proofpoint/${SEED}`);
  await atStep(page, 'Choose the PSA');
  for (const step of STEPS) {
    if (step === 'Sync option') await byRole(page, 'button', 'Bind all suggested').click();
    if (step !== 'Choose the PSA') await next(page, step);
    await look(step);
  }
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await look('Receipt');
  expect(found).toEqual(Object.fromEntries([...STEPS, 'Receipt'].map((step) => [step, []])));
});
