import { expect, test } from 'vitest';
import { byRole, openPage, readyOffline } from './harness.ts';
import { assignSeed, walkTo } from './wizard-walk.ts';

test('once opened, the page opens again with the server gone, in a new tab and after a restart of the browser', async () => {
  const site = await openPage({ installed: true });
  await readyOffline(site.page);
  await site.server.stop();
  await expect(fetch(site.url)).rejects.toThrow('fetch failed');
  const tab = await site.newTab('#/import');
  await byRole(tab, 'button', 'Try the demo').waitFor();
  const reopened = await site.reopen('#/subscriptions');
  await byRole(reopened, 'button', 'Try the demo').waitFor();
});

test('with the server gone and no network the demo is walked to the receipt, and a sample is imported into the other workspace', async () => {
  const site = await openPage({ installed: true });
  await readyOffline(site.page);
  await site.server.stop();
  await site.context.setOffline(true);
  const { page } = site;
  await page.reload();
  await page.getByText('Offline', { exact: false }).first().waitFor();

  await byRole(page, 'button', 'Try the demo').click();
  await byRole(page, 'heading', 'Subscriptions').waitFor();
  await byRole(await assignSeed(page), 'button', 'Sync').click();
  await walkTo(page, 'Summary');
  await byRole(page, 'button', 'Confirm Sync').click();
  await page.getByText('1 request applied in ConnectWise').waitFor();

  await byRole(page, 'button', 'Start with my data').click();
  await byRole(page, 'heading', 'Import').waitFor();
  await page.getByText('Sample files').click();
  const download = page.waitForEvent('download');
  await byRole(page, 'link', 'A CSV to fill in').click();
  await page.getByLabel('Usage files').setInputFiles(await (await download).path());
  await byRole(page, 'heading', 'Check how the columns are read').waitFor();
  await byRole(page, 'button', 'Import').last().click();
  await byRole(page, 'heading', 'Ready to import').waitFor();
  await byRole(page, 'button', 'Import').last().click();
  await page.getByText('2 rows imported').waitFor();
  await byRole(page, 'link', 'Go to Subscriptions').click();
  await byRole(page, 'row', /^Proofpoint /).waitFor();
});
