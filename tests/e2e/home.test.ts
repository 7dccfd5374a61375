import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeInThemes, byRole, type Site } from './harness.ts';
import { openDemo } from './wizard-walk.ts';

async function openHome(options: Parameters<typeof openDemo>[0] = {}): Promise<Site> {
  const site = await openDemo(options);
  await byRole(site.page.getByRole('navigation', { name: 'Main' }), 'link', 'Home').click();
  await arrived(site.page);
  return site;
}
async function arrived(page: Page): Promise<void> {
  await byRole(page, 'heading', 'Home').waitFor();
  await byRole(page, 'table', 'Products of the month').waitFor();
}
/** The step with its title, as an item of the checklist. */
const step = (page: Page, title: string) => page.getByRole('listitem').filter({ has: byRole(page, 'heading', title) });
const rowsOf = (page: Page, table: string | RegExp) => byRole(page, 'table', table).getByRole('rowheader');
const count = (rows: Locator) => expect.poll(() => rows.count());

describe('a number of Home leads to exactly its rows', () => {
  test('of usage that is in, and of companies', async () => {
    const { page, go } = await openHome();
    for (const [title, name, site] of [
      ['Usage in', '1 stale', 'ironbridgeconstruction.com'],
      ['Usage in', '1 late', 'harborpointcpa.com'],
      ['Usage in', '1 not reported', 'greenfieldlogistics.com'],
      ['Usage in', '1 unclear', 'yarrowhealth.com'],
      ['Companies', '3 need a company', '1stwestinsurance.com'],
    ] as const) {
      await byRole(step(page, title), 'link', name).click();
      const rows = async () => (await rowsOf(page, 'Customers of Proofpoint').allInnerTexts()).map((text) => text.split('\n')[0]);
      await expect
        .poll(async () => [name, (await rows()).length, await rows()])
        .toEqual([name, Number.parseInt(name), expect.arrayContaining([site])]);
      await go('#/home');
    }
  });

  test('by product, and again after a reload', async () => {
    const { page } = await openHome();
    await byRole(page, 'link', '17 of 28: Proofpoint, to sync').click();
    await count(rowsOf(page, 'Customers of Proofpoint')).toBe(17);
    await page.reload();
    await count(rowsOf(page, 'Customers of Proofpoint')).toBe(17);
    await byRole(page.getByRole('group', { name: 'Status' }), 'button', /^All/).click();
    await count(rowsOf(page, 'Customers of Proofpoint')).toBe(28);
  });

  test('of the products that are not bound, and back to all of them', async () => {
    const { page } = await openHome();
    await byRole(step(page, 'Products'), 'link', '5 wait for a product').click();
    await page.getByText('5 of 9 sub-products shown.').waitFor();
    const names = async () => (await page.getByRole('rowheader').allInnerTexts()).filter((text) => !text.includes('top-level'));
    const unbound = ['Proofpoint Advanced', 'Proofpoint Advanced+', 'Proofpoint Business', 'Proofpoint Business+', 'Proofpoint Pro'];
    await expect.poll(async () => (await names()).sort()).toEqual(unbound);
    await byRole(page, 'button', 'Show all').click();
    await expect.poll(async () => (await names()).length).toBe(9);
  });

  test('of the changed lines, through the one primary button', async () => {
    const { page } = await openHome();
    await byRole(step(page, 'Changed'), 'link', '26 of 41 lines changed since the last sync').waitFor();
    await byRole(page, 'link', 'Review 26 changed').click();
    await byRole(page, 'heading', 'Arrears Subscriptions').waitFor();
    await count(rowsOf(page, 'Arrears Subscriptions')).toBe(26);
  });
});

test('a customer who is ignored is in no number, and not among the rows either', async () => {
  const { page, go } = await openHome();
  await page.evaluate(ignoreLate);
  await page.reload();
  await byRole(page, 'link', '1 of 42 customers').waitFor();
  await byRole(step(page, 'Usage in'), 'link', '39 of 41 customers counted').waitFor();
  expect(await byRole(step(page, 'Usage in'), 'link', '1 late').count()).toBe(0);
  await byRole(page, 'link', '25 of 27: Proofpoint, counted').click();
  await count(rowsOf(page, 'Customers of Proofpoint')).toBe(25);
  await go('#/subscriptions/proofpoint?view=late&ignored=no');
  await page.getByText('No subscription matches').waitFor();
  await go('#/subscriptions/proofpoint?view=late');
  await count(rowsOf(page, 'Customers of Proofpoint')).toBe(1);
});

/** What another screen writes when the partner ignores a customer. */
function ignoreLate(): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('tallyline-demo');
    opening.onerror = () => reject(new Error('The demo does not open.'));
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('ignores', 'readwrite');
      const late = { product: 'proofpoint', site: 'harborpointcpa.com', reason: 'leaving', until: null, lifted: false };
      transaction.objectStore('ignores').add({ ...late, seq: 9000, at: '2021-01-03T09:00:00.000Z' });
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });
}

test('what is synced and delivered shows on Home at once, and its plans in History', async () => {
  const { page, go } = await openHome();
  await byRole(step(page, 'Delivered'), 'link', 'Nothing is confirmed yet').waitFor();
  await go('#/sync/latchkey-password-manager/Oakhurst%20Clinic');
  await byRole(page, 'heading', 'Line items').waitFor();
  await byRole(page, 'button', 'Continue').click();
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();
  await byRole(page, 'link', 'Home').click();
  await arrived(page);
  await byRole(step(page, 'Synced'), 'link', '10 of 40 customers synced').waitFor();
  await byRole(step(page, 'Delivered'), 'link', '1 of 1 plan delivered').click();
  await byRole(page, 'heading', 'History').waitFor();
  await page.getByText('1 of 1 plan: delivered.').waitFor();
  await count(rowsOf(page, 'Confirmed plans')).toBe(1);
  await go('#/history?outcome=refused');
  await page.getByText('0 of 1 plan: with refused requests.').waitFor();
  await byRole(page, 'button', 'Show all').click();
  await page.getByText('1 of 1 plan.').waitFor();
});

test('the billing days of a year are a calendar file', async () => {
  const { page } = await openHome();
  const download = page.waitForEvent('download');
  await byRole(page, 'button', 'Download calendar file').click();
  const file = await download;
  const text = await readFile(await file.path(), 'utf8');
  const events = text.replaceAll('\r\n ', '').split('BEGIN:VEVENT\r\n').slice(1).map(eventOf);
  expect([file.suggestedFilename(), events.length, new Set(events.map(({ UID }) => UID)).size]).toEqual([
    'tallyline-billing-days.ics',
    36,
    36,
  ]);
  const { DTSTAMP, DESCRIPTION, ...first } = events[0] ?? {};
  expect(first).toEqual({
    ...{ UID: 'final-2020-12@tallyline', 'DTSTART;VALUE=DATE': '20210103', 'DTEND;VALUE=DATE': '20210104' },
    ...{ SUMMARY: 'December 2020 is final', TRANSP: 'TRANSPARENT', END: 'VEVENT' },
  });
  expect([DTSTAMP, DESCRIPTION]).toEqual([
    expect.stringMatching(/^20210103T\d{6}Z$/),
    'The marketplace bills the month. Review what changed\\, and sync it.',
  ]);
});

function eventOf(text: string): Record<string, string> {
  const lines = text.split('\r\n').slice(0, 8);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

test('a chart shows its numbers as a table, and the table has those of the month', async () => {
  const { page } = await openHome({ viewport: { width: 1280, height: 1600 } });
  await byRole(page, 'button', 'Show as table: Endpoints by sub-product').click();
  const endpoints = byRole(page, 'table', 'Endpoints by sub-product');
  const december = endpoints.getByRole('row').last().getByRole('cell');
  const pairs = () =>
    december.evaluateAll((cells) => cells.map((cell) => [(cell as HTMLElement).dataset['label'] ?? '', cell.textContent] as const));
  await expect
    .poll(async () => Object.fromEntries(await pairs()) as Record<string, string>)
    .toEqual({
      'Proofpoint Business': '176.00',
      'Proofpoint Advanced': '109.00',
      'Proofpoint Advanced+': '51.00',
      'Proofpoint Business+': '41.00',
      'Proofpoint Pro': '65.00',
      'Northvault Workstation': '124.00',
      'Northvault Server': '5.00',
      'Latchkey Business': '44.00',
      'Latchkey Enterprise': '17.00',
    });
  await byRole(page, 'button', 'Show as table: Cost, price and margin in USD').click();
  const money = byRole(page, 'table', 'Cost, price and margin in USD').getByRole('row').last();
  await expect.poll(() => money.innerText()).toMatch(/^Dec 2020\s+\$2,679\.50\s+\$1,964\.36\s+\$715\.14$/);
  await byRole(page, 'img', /^In December 2020: price \$2,679\.50, cost \$1,964\.36, margin \$715\.14\./).waitFor();
});

test('axe finds nothing on Home in either theme, wide and narrow', async () => {
  const { page } = await openHome({ viewport: { width: 1280, height: 1800 } });
  await byRole(page, 'button', 'Show as table: Endpoints by sub-product').click();
  for (const viewport of [
    { width: 1280, height: 1800 },
    { width: 390, height: 3400 },
  ]) {
    await page.setViewportSize(viewport);
    expect(await axeInThemes(page, `Home-${String(viewport.width)}`)).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  }
});
