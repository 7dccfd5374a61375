import type { Page } from 'playwright-core';
import { newestFinalPeriod } from '../../src/domain/calendar.ts';
import type { SiteBench } from './bench.ts';

const CUSTOMERS = 5_000;
const SUBS = 10;

/** Keys in their order, each with the customers that are left, as in the panel of Subscriptions. */
const KEYS: readonly (readonly [string, string])[] = [
  ['4', '1,111'],
  ['2', '111'],
  ['4', '11'],
  ['Backspace', '111'],
  ['Backspace', '1,111'],
];

export const bench: SiteBench = {
  name: 'Arrears Subscriptions with 5,000 customers of ten sub-products: a visit until its list is drawn, and the slowest of 5 keys in its search',
  limits: [
    { kind: 'ms', max: 1000, figure: 'opened' },
    { kind: 'ms', max: 100, figure: 'filtered' },
  ],
  samples: 3,
  contenders: {
    ours: async ({ page, url }) => {
      page.setDefaultTimeout(120_000);
      await page.goto(url);
      await page.getByRole('button', { name: 'Start with my data', exact: true }).click();
      await imported(page, 'companies.json', companies(), `${count(CUSTOMERS)} rows imported`);
      await page.goto(`${url}#/import`);
      await imported(page, 'usage.csv', usage(), `${count(CUSTOMERS * SUBS)} rows imported`);
      await page.goto(`${url}#/settings`);
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await page.goto(`${url}#/unsynced`);
      await drawn(page);
      const opened = await openedAnew(page);
      await drawn(page);
      const field = page.getByRole('searchbox', { name: 'Search arrears', exact: true });
      await field.fill('customer-');
      await field.press('End');
      let filtered = 0;
      for (const [key, left] of KEYS) filtered = Math.max(filtered, await timeOf(page, key, `${left} customers shown`));
      return { ms: opened, opened, filtered };
    },
  },
};

function count(value: number): string {
  return new Intl.NumberFormat('en-US').format(value);
}

function siteOf(at: number): string {
  return `customer-${String(at)}.example.com`;
}

function companies(): string {
  return JSON.stringify(
    Array.from({ length: CUSTOMERS }, (_, at) => ({
      id: `company-${String(at)}`,
      name: `Customer ${String(at)}`,
      website: `https://${siteOf(at)}`,
      status: 'Active',
    })),
  );
}

function usage(): string {
  const day = `${newestFinalPeriod(new Date().toISOString().slice(0, 10))}-19`;
  const rows = Array.from(
    { length: CUSTOMERS * SUBS },
    (_, row) => `${siteOf(Math.floor(row / SUBS))},Proofpoint,Sub ${String(row % SUBS)},${day},${String(1 + (row % 40))},3.00,2.44,USD`,
  );
  return ['domain,product,sub-product,date,quantity,price,cost,currency', ...rows].join('\n');
}

async function imported(page: Page, name: string, text: string, done: string): Promise<void> {
  const mimeType = name.endsWith('.csv') ? 'text/csv' : 'application/json';
  await page.getByLabel('Usage files').setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  const press = page.getByRole('button', { name: 'Import', exact: true });
  if (name.endsWith('.csv')) {
    await page.getByRole('heading', { name: 'Check how the columns are read' }).waitFor();
    await press.click();
  }
  await page.getByRole('heading', { name: 'Ready to import' }).waitFor();
  await press.click();
  await page.getByText(done).first().waitFor();
}

async function drawn(page: Page): Promise<void> {
  await page
    .getByRole('rowheader', { name: siteOf(0) })
    .first()
    .waitFor();
}

/** Milliseconds from the start of a visit of the list to its first drawn row, as the page itself counts them. */
async function openedAnew(page: Page): Promise<number> {
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('table[aria-label="Arrears Subscriptions"] tbody th') === null) requestAnimationFrame(look);
      else setTimeout(() => Object.assign(globalThis, { arrearsDrawn: performance.now() }));
    };
    requestAnimationFrame(look);
  });
  await page.reload();
  const read = await page.waitForFunction(() => (globalThis as { arrearsDrawn?: number }).arrearsDrawn);
  return read.evaluate((ms) => ms ?? NaN);
}

/** Milliseconds from the event of the key to the end of the frame that says how many customers are left. */
async function timeOf(page: Page, key: string, left: string): Promise<number> {
  const timed = await page.evaluateHandle(
    (text) => ({
      ms: new Promise<number>((resolve) => {
        addEventListener(
          'keydown',
          ({ timeStamp }) => {
            const look = () => {
              if (![...document.querySelectorAll('[role="status"]')].some((node) => node.textContent.trim() === text))
                requestAnimationFrame(look);
              else setTimeout(() => resolve(performance.now() - timeStamp));
            };
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
    }),
    left,
  );
  await page.keyboard.press(key);
  return timed.evaluate(({ ms }) => ms);
}
