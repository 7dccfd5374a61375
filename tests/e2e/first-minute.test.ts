import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { atStep, customerRow, SEED } from './wizard-walk.ts';
import { byRole, openPage } from './harness.ts';

/** What screens.md promises of the first visit: acts of a person, each of which takes this long. */
const ACTIVATIONS = 8;
const HUMAN_MS = 1_500;

test('the first minute: from an empty profile to the seed’s line in a downloaded sync file', async () => {
  const { page } = await openPage();
  const started = performance.now();
  const pressed: string[] = [];
  const press = async (control: Locator, name: string) => {
    pressed.push(name);
    await control.click();
  };
  const button = (name: string) => press(byRole(page, 'button', name), name);

  await button('Try the demo');
  await press(byRole(page, 'link', 'Proofpoint'), 'Proofpoint');
  await press(byRole(customerRow(page, SEED), 'button', 'Sync'), 'Sync');
  await press(byRole(page.getByRole('dialog', { name: 'Assign Company' }), 'button', 'Assign'), 'Assign');
  await atStep(page, 'Choose the PSA');
  await button('Review line items');
  await atStep(page, 'Line items');
  await page.getByText('15.00 x 3.00 = $45.00').waitFor();
  await button('Continue');
  await button('Confirm Sync');
  await page.getByText('1 request applied in ConnectWise').waitFor();
  const download = page.waitForEvent('download');
  await button('Download sync file');
  const file = unzipSync(await readFile(await (await download).path()));

  const { lines } = JSON.parse(strFromU8(file['plan.json'] ?? new Uint8Array())) as { lines: Record<string, unknown>[] };
  expect(lines.map(({ name, syncedQuantity, price, total }) => ({ name, syncedQuantity, price, total }))).toEqual([
    { name: `${SEED} - ${SEED} - Proofpoint Business`, syncedQuantity: '15', price: '3', total: '45' },
  ]);
  expect(pressed).toHaveLength(ACTIVATIONS);
  expect(performance.now() - started + pressed.length * HUMAN_MS).toBeLessThan(60_000);
});

test('the steps that were passed by are done, named, and open to change', async () => {
  const { page } = await openPage();
  await byRole(page, 'button', 'Try the demo').click();
  await byRole(page, 'link', 'Proofpoint').click();
  await byRole(customerRow(page, SEED), 'button', 'Sync').click();
  await byRole(page.getByRole('dialog', { name: 'Assign Company' }), 'button', 'Assign').click();
  await byRole(page, 'button', 'Review line items').click();
  await atStep(page, 'Line items');
  const steps = page.getByRole('navigation', { name: 'Steps' });
  const said = async () => (await steps.getByRole('listitem').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  await expect
    .poll(async () => (await said()).slice(0, 4))
    .toEqual([
      'Choose the PSA , done ConnectWise PSA (demo sandbox)',
      'Products , done Proofpoint → 2 products',
      'Sync option , done Multi-product',
      'Agreement , done Managed Services',
    ]);
  for (const title of ['Agreement', 'Sync option', 'Products', 'Choose the PSA']) {
    await byRole(page, 'button', 'Back').click();
    await atStep(page, title);
  }
  await byRole(steps, 'button', 'Sync option').click();
  await byRole(page.getByRole('radiogroup', { name: 'Sync option' }), 'radio', 'Single line').check();
  await byRole(page, 'button', 'Continue').click();
  await atStep(page, 'Line items');
  await page.getByText('15.00 x 3.00 = $45.00').waitFor();
});
