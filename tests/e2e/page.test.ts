import { expect, test } from 'vitest';
import { openPage } from './harness.ts';

test('the page opens from a folder of a static host without a single error', async () => {
  const { page, url } = await openPage({ path: '/pages/app/' });
  expect([new URL(url).pathname, await page.title()]).toEqual(['/pages/app/', 'Tallyline']);
});

test('nothing of the page comes from another address', async () => {
  const { page, url, go } = await openPage({ route: null });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await go('');
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);
});
