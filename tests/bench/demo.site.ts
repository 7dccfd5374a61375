import type { SiteBench } from './bench.ts';

export const bench: SiteBench = {
  name: 'Try the demo, from the click to a list that can be used',
  limits: [{ kind: 'ms', max: 1500 }],
  contenders: {
    ours: async ({ page, url }) => {
      await page.goto(url);
      const button = page.getByRole('button', { name: 'Try the demo', exact: true });
      await button.waitFor();
      const start = performance.now();
      await button.click();
      await page.getByRole('row', { name: /^Proofpoint / }).waitFor();
      await page.getByRole('searchbox', { name: 'Search subscriptions', exact: true }).fill('Latchkey');
      await page.getByRole('row', { name: /^Proofpoint / }).waitFor({ state: 'detached' });
      return performance.now() - start;
    },
  },
};
