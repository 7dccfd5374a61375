import { expect, test } from 'vitest';
import { openPage, readyOffline } from './harness.ts';

test('the page opens from a folder of a static host without a single error', async () => {
  const { page, url } = await openPage({ path: '/pages/app/', installed: true });
  await readyOffline(page);
  expect([new URL(url).pathname, await page.title()]).toEqual(['/pages/app/', 'Tallyline']);
});

test('nothing of the page comes from another address', async () => {
  const { page, context, url, go } = await openPage({ route: null, installed: true });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  await go('');
  await readyOffline(page);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);
});

test('the manifest makes an installed page of whatever folder serves it', async () => {
  const { page, url } = await openPage({ path: '/some/where/else/' });
  const address = await page.locator('link[rel="manifest"]').evaluate((link: HTMLLinkElement) => link.href);
  const manifest = (await (await fetch(address)).json()) as Manifest;
  const inside = (path: string) => new URL(path, address).href;
  expect([inside(manifest.id), inside(manifest.start_url), inside(manifest.scope)]).toEqual([url, url, url]);
  const icons = await Promise.all(
    manifest.icons.map(async ({ src, sizes, purpose }) => [sizes, purpose, (await fetch(inside(src))).status]),
  );
  expect(icons).toEqual([
    ['any', undefined, 200],
    ['192x192', undefined, 200],
    ['512x512', undefined, 200],
    ['512x512', 'maskable', 200],
  ]);
});

interface Manifest {
  readonly id: string;
  readonly start_url: string;
  readonly scope: string;
  readonly icons: readonly { src: string; sizes: string; purpose?: string }[];
}

test('an inline script is refused by the policy of the page', async () => {
  const { page, allow } = await openPage();
  allow(/Content Security Policy/);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
    return document.title;
  });
  expect(ran).toBe('Tallyline');
});
