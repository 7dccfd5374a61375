import { expect, test } from 'vitest';
import { openPage, readyOffline } from './harness.ts';

test('once opened, the page opens again with the server gone, in a new tab and after a restart of the browser', async () => {
  const site = await openPage();
  await readyOffline(site.page);
  await site.server.stop();
  await expect(fetch(site.url)).rejects.toThrow('fetch failed');
  const tab = await site.newTab('#/import');
  expect(await tab.title()).toContain('Tallyline');
  const reopened = await site.reopen('#/subscriptions');
  expect(await reopened.title()).toContain('Tallyline');
});
