import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeInThemes, byRole } from './harness.ts';
import { assignSeed, atStep, cellsOf, customerRow, next, openDemo, SEED, walkTo } from './wizard-walk.ts';

const LINE = `${SEED} - ${SEED} - Proofpoint Business`;
const NOTE = 'Minimum 20.00 (counted 15.00)';

test('a minimum bills more than what is counted, says so where it bills, and ends with the month before', async () => {
  const { page, go } = await openDemo();
  await assignSeed(page);
  await byRole(page, 'link', 'Rules').click();
  await byRole(page, 'heading', 'Rules of Proofpoint').waitFor();
  await byRole(page, 'heading', 'No rules').waitFor();
  await page.getByLabel('Customer').selectOption(SEED);
  await page.getByLabel('Sub-product').selectOption('Proofpoint Business');
  await byRole(page, 'button', 'Add rule').click();
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('Quantity is missing. Minimum needs it.');
  await looksRight(page);
  await page.getByLabel('Quantity').fill('20');
  await byRole(page, 'button', 'Add rule').click();
  const rules = byRole(page, 'table', 'Rules');
  const shown = async () => (await cellsOf(rules)).map((cells) => cells.slice(0, 6));
  await expect.poll(shown).toEqual([['Minimum 20.00', 'Proofpoint Business', SEED, 'Dec 2020', 'No end', 'Holds']]);
  await looksRight(page);

  await byRole(page, 'link', 'Back to Proofpoint').click();
  const row = customerRow(page, SEED);
  await byRole(row, 'button', 'Show Details').click();
  await page.getByText(`Proofpoint Business: ${NOTE}`).waitFor();
  await byRole(row, 'button', 'Sync').click();
  await walkTo(page, 'Line items');
  await expect
    .poll(async () => (await cellsOf(byRole(page, 'table', 'Line items')))[0])
    .toEqual([
      'Not yet',
      `${LINE} ${NOTE}`,
      'Creating',
      '01/03/2021',
      '07/01/2020',
      '20.00',
      '15.00',
      '2.44',
      '3.00',
      '20.00 x 3.00 = $60.00',
    ]);
  await looksRight(page);
  await next(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await expect
    .poll(async () => (await cellsOf(byRole(page, 'table', 'Requests')))[0]?.slice(0, 3))
    .toEqual([LINE, 'Create', '20.00 x 3.00']);
  await byRole(page, 'link', 'Back to the subscription').click();
  await customerRow(page, SEED).getByText('Synced', { exact: true }).waitFor();

  await go('#/subscriptions/proofpoint/rules');
  await rules.getByRole('button', { name: /^End/ }).click();
  const dialog = byRole(page, 'dialog', 'End Minimum 20.00?');
  await expect.poll(() => dialog.getByLabel('First month without it').inputValue()).toBe('2021-01');
  await looksRight(page);
  await byRole(dialog, 'button', 'End rule').click();
  await expect.poll(shown).toEqual([['Minimum 20.00', 'Proofpoint Business', SEED, 'Dec 2020', 'Dec 2020', 'Holds']]);
  await byRole(page, 'button', 'Next demo date').click();
  await page.getByText('January is final', { exact: true }).waitFor();
  await expect.poll(shown).toEqual([['Minimum 20.00', 'Proofpoint Business', SEED, 'Dec 2020', 'Dec 2020', 'Ended']]);

  await go(`#/sync/proofpoint/${SEED}`);
  await atStep(page, 'Line items');
  await expect
    .poll(async () => (await cellsOf(byRole(page, 'table', 'Line items')))[0]?.slice(1, 7).toSpliced(2, 2))
    .toEqual([LINE, 'Updating', '15.00', '15.00']);
});

test('the line of an excluded customer ends, and says why', async () => {
  const { page, go } = await openDemo();
  await go('#/subscriptions/northvault-backup');
  await byRole(page, 'button', 'More for Bayview Dental').click();
  await byRole(page, 'menuitem', 'Add rule').click();
  await byRole(page, 'heading', /^Rules of Northvault/).waitFor();
  await expect.poll(() => page.getByLabel('Customer').inputValue()).toBe('Bayview Dental');
  await page.getByLabel('Rule', { exact: true }).selectOption('Exclusion');
  await page.getByLabel('Reason').fill('Sponsored');
  await byRole(page, 'button', 'Add rule').click();
  await byRole(page, 'table', 'Rules').getByText('Sponsored').waitFor();
  await go('#/sync/northvault-backup/Bayview%20Dental');
  await atStep(page, 'Line items');
  const lines = byRole(page, 'table', 'Line items');
  await expect
    .poll(async () => (await cellsOf(lines)).filter((cells) => cells[2] === 'Ending').map((cells) => [cells[1], cells[5], cells[6]]))
    .toEqual([
      [
        expect.stringContaining('Not billed by a rule. 2.00 of Northvault Server are counted. Exclusion: Sponsored.') as string,
        '0.00',
        '2.00',
      ],
      [expect.stringContaining('Not billed by a rule. 14.00 of Northvault Workstation are counted.') as string, '0.00', '14.00'],
    ]);
});

async function looksRight(page: Page): Promise<void> {
  expect(await axeInThemes(page)).toEqual([]);
}
