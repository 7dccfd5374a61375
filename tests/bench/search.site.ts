import type { Page } from 'playwright-core';
import { newestFinalPeriod } from '../../src/domain/calendar.ts';
import type { SiteBench } from './bench.ts';

const CUSTOMERS = 5_000;

/** Keys in their order, each with the customers that are left: 4, 40 to 49, 400 to 499, 4000 to 4999, and so on. */
const KEYS: readonly (readonly [string, number])[] = [
  ['4', 1_111],
  ['2', 111],
  ['4', 11],
  ['2', 1],
  ['Backspace', 11],
  ['Backspace', 111],
  ['Backspace', 1_111],
];

export const bench: SiteBench = {
  name: 'Search in a panel of 5,000 customers, from a key press to the drawn rows, the slowest of 7 keys',
  limits: [{ kind: 'ms', max: 100 }],
  contenders: {
    ours: async ({ page, url }) => {
      await page.goto(url);
      await page.getByRole('button', { name: 'Start with my data', exact: true }).click();
      await importCustomers(page);
      await page.goto(`${url}#/subscriptions/proofpoint`);
      await page.getByRole('rowheader', { name: 'customer-0.example.com' }).waitFor();
      const field = page.getByRole('searchbox', { name: 'Search subscriptions', exact: true });
      await field.fill('customer-');
      await field.press('End');
      let slowest = 0;
      for (const [key, left] of KEYS) slowest = Math.max(slowest, await timeOf(page, key, left));
      return slowest;
    },
  },
};

async function importCustomers(page: Page): Promise<void> {
  const day = `${newestFinalPeriod(new Date().toISOString().slice(0, 10))}-19`;
  const rows = Array.from(
    { length: CUSTOMERS },
    (_, at) => `customer-${String(at)}.example.com,Proofpoint,Business,${day},15,3.00,2.44,USD`,
  );
  const csv = ['domain,product,sub-product,date,quantity,price,cost,currency', ...rows].join('\n');
  await page.getByLabel('Usage files').setInputFiles({ name: 'usage.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('heading', { name: 'Check how the columns are read' }).waitFor();
  const press = page.getByRole('button', { name: 'Import', exact: true });
  await press.click();
  await page.getByRole('heading', { name: 'Ready to import' }).waitFor();
  await press.click();
  await page.getByText('5,000 rows imported').waitFor();
}

/** Milliseconds from the event of the key to the end of the frame that shows the customers who are left. */
async function timeOf(page: Page, key: string, left: number): Promise<number> {
  const timed = await page.evaluateHandle(
    (text) => ({
      ms: new Promise<number>((resolve) => {
        addEventListener(
          'keydown',
          ({ timeStamp }) => {
            const look = () => {
              if (document.querySelector('.narrowed')?.textContent.trim().startsWith(text) !== true) requestAnimationFrame(look);
              else setTimeout(() => resolve(performance.now() - timeStamp));
            };
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
    }),
    `${String(left)} of 5,000 customers shown.`,
  );
  await page.keyboard.press(key);
  return timed.evaluate(({ ms }) => ms);
}
