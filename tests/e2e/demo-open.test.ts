import { expect, test } from 'vitest';
import { byRole, openPage, type Site } from './harness.ts';

const products = ['Latchkey Password Manager', 'Northvault Backup', 'Proofpoint'];

test('one click seeds the demo and lands on Subscriptions, and a reload finds it again', async () => {
  const site = await openPage();
  await enter(site);
  await expect.poll(async () => [new URL(site.page.url()).hash, await productNames(site)]).toEqual(['#/subscriptions', products]);
  await site.page.reload();
  await byRole(site.page, 'row', /^Proofpoint /).waitFor();
  await expect.poll(() => productNames(site)).toEqual(products);
});

test('the seed customer reports 15 Proofpoint Business users and has no company', async () => {
  const site = await openPage();
  await enter(site);
  await byRole(site.page, 'searchbox', 'Search subscriptions').fill('Proofpoint');
  await byRole(site.page, 'row', /^Proofpoint /).click();
  const row = byRole(site.page, 'row', /1stwestinsurance\.com/).first();
  await expect.poll(() => row.innerText()).toMatch(/no company[^]*Business[^]*\b15\b/i);
});

test('the demo lives in a database of its own', async () => {
  const site = await openPage();
  await enter(site);
  const names = await site.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(names).toEqual(['tallyline-demo']);
});

async function enter({ page }: Site): Promise<void> {
  await byRole(page, 'button', 'Try the demo').click();
  await byRole(page, 'row', /^Proofpoint /).waitFor();
}

async function productNames({ page }: Site): Promise<string[]> {
  return page.getByRole('rowheader').getByRole('link').allInnerTexts();
}
