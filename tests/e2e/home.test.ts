import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { byRole, screenshot, setTheme } from './harness.ts';
import { openDemo } from './wizard-walk.ts';

async function openHome(options: Parameters<typeof openDemo>[0] = {}) {
  const site = await openDemo(options);
  await byRole(site.page.getByRole('navigation', { name: 'Main' }), 'link', 'Home').click();
  await byRole(site.page, 'heading', 'Home').waitFor();
  await byRole(site.page, 'table', 'Products of the month').waitFor();
  return site;
}

test.each([
  ['wide', 'light', { width: 1280, height: 1600 }],
  ['wide', 'dark', { width: 1280, height: 1600 }],
  ['narrow', 'light', { width: 390, height: 3000 }],
  ['narrow', 'dark', { width: 390, height: 3000 }],
] as const)('shots %s %s', async (name, theme, viewport) => {
  const { page } = await openHome({ viewport });
  await setTheme(page, theme);
  await byRole(page, 'heading', 'Endpoints by sub-product').waitFor();
  await screenshot(page, `home-${name}-${theme}`);
});
