import type { SiteBench } from './bench.ts';

export const bench: SiteBench = {
  name: 'First visit, from the address to a drawn page',
  limits: [{ kind: 'ms', max: 1500 }],
  contenders: {
    ours: async ({ page, url }) => {
      const start = performance.now();
      await page.goto(url);
      await page.locator('#app > *').first().waitFor();
      return performance.now() - start;
    },
  },
};
