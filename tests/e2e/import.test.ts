import { test } from 'vitest';
import { byRole, openPage } from './harness.ts';

const LINES = 60_000;

test('a press on Import counts from the moment it begins, although the review takes the place of the button before it ends', async () => {
  const { page } = await openPage();
  await byRole(page, 'button', 'Start with my data').click();
  await page.getByLabel('Usage files').setInputFiles(usageLines());
  await byRole(page, 'button', 'Import').hover();
  await page.mouse.down();
  await page.getByText(/^(Ready to import|[\d,]+ rows imported)$/).waitFor();
  await page.mouse.up();
  await page.getByText('60,000 rows imported').waitFor();
});

function usageLines() {
  const line = (n: number) =>
    JSON.stringify({
      ...{
        usageSummaryId: `52d8d4bc-59db-48fe-9aa7-${String(n).padStart(12, '0')}`,
        usageDate: '2020-12-19',
        productName: 'Proofpoint Business',
      },
      ...{ unitOfMeasure: 'User', quantity: 15, unitPrice: 3, currentCharges: 45, currencyCode: 'USD' },
    });
  return {
    name: 'lines.jsonl',
    mimeType: 'application/json',
    buffer: Buffer.from(Array.from({ length: LINES }, (_, n) => line(n)).join('\n')),
  };
}
