import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { byRole, openPage, type Site, type SiteOptions } from './harness.ts';

export const SEED = '1stwestinsurance.com';

/** The demo, open on Subscriptions. */
export async function openDemo(options: SiteOptions = {}): Promise<Site> {
  const site = await openPage(options);
  await byRole(site.page, 'button', 'Try the demo').click();
  await byRole(site.page, 'heading', 'Subscriptions').waitFor();
  return site;
}

/** Searches Proofpoint, opens the panel and assigns the seed's customer to the suggested company. */
export async function assignSeed(page: Page): Promise<Locator> {
  await byRole(page, 'searchbox', 'Search subscriptions').fill('Proofpoint');
  await byRole(page, 'link', 'Proofpoint').click();
  const row = customerRow(page, SEED);
  await byRole(row, 'button', 'Assign Company').click();
  await byRole(page.getByRole('dialog'), 'button', 'Assign').click();
  await row.getByText('1st West Insurance').waitFor();
  return row;
}

export function customerRow(page: Page, site: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: site }) });
}

export async function atStep(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor();
}

export async function next(page: Page, title: string): Promise<void> {
  await byRole(page, 'button', 'Continue').click();
  await atStep(page, title);
}

/** To the next step by its keys, once the step that is shown takes them. */
export async function onWithKeys(page: Page): Promise<void> {
  await expect.poll(() => byRole(page, 'button', 'Continue').isEnabled()).toBe(true);
  await page.keyboard.press('Control+Enter');
}

/** From Sync to the step of that title, with the demo's ConnectWise and the suggested products. */
export async function walkTo(page: Page, title: string): Promise<void> {
  const walk: readonly [string, () => Promise<void>][] = [
    ['Choose the PSA', () => page.getByRole('radio', { name: /ConnectWise/ }).check()],
    ['Products', () => next(page, 'Products')],
    [
      'Sync option',
      async () => {
        await byRole(page, 'button', 'Bind all suggested').click();
        await next(page, 'Sync option');
      },
    ],
    ['Agreement', () => next(page, 'Agreement')],
    ['Line items', () => next(page, 'Line items')],
    ['Summary', () => next(page, 'Summary')],
  ];
  await atStep(page, 'Choose the PSA');
  for (const [step, go] of walk) {
    await go();
    if (step === title) return;
  }
}

/** The texts of a table's body, cell by cell, without what only edits. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  await table.locator('tbody tr').first().waitFor();
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, ' ').trim())),
    );
}

/** Every record of the demo's database but what was read of the PSA and the book of what was done. */
export async function stored(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const left = ['mirrors', 'audit', 'meta', 'ledger', 'usage', 'sandboxes'];
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('tallyline-demo');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the demo cannot be opened'));
    });
    const names = [...db.objectStoreNames].filter((name) => !left.includes(name));
    const tables = await Promise.all(
      names.map(
        (name) =>
          new Promise<[string, unknown[]]>((resolve, reject) => {
            const request = db.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => resolve([name, request.result as unknown[]]);
            request.onerror = () => reject(new Error(name));
          }),
      ),
    );
    db.close();
    return JSON.parse(JSON.stringify(Object.fromEntries(tables))) as unknown;
  });
}

export async function expectStored(page: Page, before: unknown): Promise<void> {
  await expect.poll(() => stored(page)).toEqual(before);
}

/** Waits until the wizard that a reload would come back to rests at that place and holds those choices, each as it stands in its JSON. */
export async function expectSaved(page: Page, place: string, ...choices: readonly string[]): Promise<void> {
  const rests = expect.poll(async () => {
    const { wizards } = (await stored(page)) as { wizards: { saved: { snapshot: { value: unknown } } }[] };
    const saved = JSON.stringify(wizards);
    return { at: JSON.stringify(wizards[0]?.saved.snapshot.value ?? null), missing: choices.filter((choice) => !saved.includes(choice)) };
  });
  await rests.toEqual({ at: expect.stringContaining(place) as string, missing: [] });
}
