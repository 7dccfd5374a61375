import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { newestFinalPeriod, type Period } from '../../src/domain/calendar.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { startHttpSandbox, type HttpSandbox } from '../support/http-sandbox.ts';
import { byRole } from './harness.ts';
import { atStep, customerRow, next } from './wizard-walk.ts';

const PARTNER = '5a69a819-3215-45e6-9178-3445bcfee15b';
const COMPANY = '7d2b6c1e-0c39-4a52-9f7e-2f8f6a0c1d11';
const PROOFPOINT = 'b3bb9455-c454-4efa-9be8-15b86caf6933';
const SUMMARY = '52d8d4bc-59db-48fe-9aa7-95bed562ff95';
const SUBSCRIPTION = '8d04ad8c-456a-4b1d-9abe-a42ae526f683';
export const SITE = '1stwestinsurance.com';
export const BUSINESS = 'Proofpoint Essentials Business';
export const EDITIONS = [BUSINESS, 'Proofpoint Essentials Advanced', 'Proofpoint Essentials Beginner'] as const;
export const SECRETS = {
  'Public key': 'public-4711-abcdef',
  'Private key': 'private-0815-abcdef',
  'Client id': 'c0ffee00-0000-4000-8000-000000000000',
};

/** ConnectWise behind a real network, with one company, its agreement and a product for each edition. */
export async function startPsa(options: { readonly cors?: boolean } = {}): Promise<HttpSandbox> {
  const psa = await startHttpSandbox({ seed: createSandbox({ psa: 'connectwise', tables }), ...options });
  onTestFinished(() => psa.close());
  return psa;
}

/** Makes a connection by hand; without an address it works with files. */
export async function connect(page: Page, name: string, url: string | null, protocol = /^PSA/): Promise<void> {
  await byRole(page, 'heading', 'Import').waitFor();
  await byRole(page, 'link', /Business Automation/).click();
  await byRole(page, 'link', 'New connection').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Login company').fill('BrightHarbor');
  if (url !== null) {
    await page.getByRole('radio', { name: protocol }).check();
    await byRole(page, 'textbox', 'Address').fill(url);
  }
  await byRole(page, 'button', 'Create connection').click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** From the subscription through every step to Summary: suggested products, the company linked, the one agreement that is usable. */
export async function walkOwnToSummary(page: Page, psa = /^ConnectWise/): Promise<void> {
  await byRole(page, 'link', /^Subscriptions/).click();
  await byRole(page, 'link', 'Proofpoint').click();
  await byRole(customerRow(page, SITE), 'button', 'Sync').click();
  await atStep(page, 'Choose the PSA');
  await page.getByRole('radio', { name: psa }).check();
  await next(page, 'Products');
  await byRole(page, 'button', 'Bind all suggested').click();
  await next(page, 'Sync option');
  await next(page, 'Agreement');
  await page.getByRole('radio', { name: /^First West Agency/ }).check();
  await byRole(page, 'button', 'Link company').click();
  await byRole(page, 'radio', 'Managed services').check();
  await next(page, 'Line items');
  await next(page, 'Summary');
}

export async function enterSecrets(page: Page): Promise<void> {
  for (const [label, secret] of Object.entries(SECRETS)) await page.getByLabel(label).fill(secret);
  await byRole(page, 'button', 'Use credentials').click();
  await page.getByText('Credentials are in memory').waitFor();
}

export async function importUsage(page: Page, editions: readonly string[] = [BUSINESS]): Promise<void> {
  const period = newestFinalPeriod(new Date().toISOString().slice(0, 10));
  await page.getByLabel('Usage files').setInputFiles(pax8Files(period, editions));
  await byRole(page, 'button', 'Import').last().click();
  await page.getByText(/rows? imported/).waitFor();
}

/** Fifteen users of each edition at 3.00, which cost 2.44 each; the company has the site as its domain. */
function pax8Files(period: Period, editions: readonly string[]) {
  const page = (content: readonly object[]) => ({ content, page: { size: 200, totalElements: content.length, totalPages: 1, number: 0 } });
  const company = {
    id: COMPANY,
    name: '1st West Insurance',
    website: `https://${SITE}`,
    status: 'Active',
    selfServiceAllowed: false,
  };
  const summary = {
    ...{ id: SUMMARY, companyId: PARTNER, subscriptionId: SUBSCRIPTION, productId: PROOFPOINT, resourceGroup: SITE },
    ...{ vendorName: 'Proofpoint', currencyCode: 'USD', isTrial: false },
    ...{ currentCharges: 45 * editions.length, partnerTotal: 36.6 * editions.length },
  };
  const lines = editions.map((productName, n) => ({
    ...{ usageSummaryId: SUMMARY, usageDate: `${period}-19`, productName, productId: `61bf3a55-f1da-4efd-88eb-bf362b0ad51${String(n)}` },
    ...{ unitOfMeasure: 'User', quantity: 15, unitPrice: 3, currentCharges: 45, currentProfit: 8.4, partnerTotal: 36.6 },
    ...{ currencyCode: 'USD', isTrial: false },
  }));
  const subscription = {
    ...{
      id: SUBSCRIPTION,
      companyId: PARTNER,
      productId: PROOFPOINT,
      quantity: 1,
      startDate: '2020-07-01',
      status: 'Active',
      billingTerm: 'Arrears',
    },
    ...{ currencyCode: 'USD' },
  };
  const product = { id: PROOFPOINT, name: 'Proofpoint', vendorName: 'Proofpoint' };
  return [
    jsonFile('companies.json', page([company])),
    jsonFile('products.json', page([product])),
    jsonFile('subscriptions.json', page([subscription])),
    jsonFile('summaries.json', page([summary])),
    jsonFile('lines.json', page(lines)),
  ];
}

export function jsonFile(name: string, content: unknown) {
  return { name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) };
}

export const tables = {
  companies: [
    { id: 1, identifier: 'FirstWest', name: 'First West Agency', website: 'https://www.1stwestinsurance.com', deletedFlag: false },
  ],
  agreements: [
    {
      ...{ id: 10, name: 'Managed services', company: { id: 1 }, agreementStatus: 'Active', startDate: '2020-07-01T00:00:00Z' },
      ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { currencyCode: 'USD' }, noEndingDateFlag: true, cancelledFlag: false },
    },
    {
      ...{ id: 11, name: 'Old contract', company: { id: 1 }, agreementStatus: 'Cancelled', startDate: '2019-07-01T00:00:00Z' },
      ...{ billingCycle: { id: 2, name: 'Monthly' }, currency: { currencyCode: 'USD' }, noEndingDateFlag: true, cancelledFlag: true },
    },
  ],
  catalog: [
    catalogItem(40, 'PP', 'Proofpoint'),
    ...EDITIONS.map((edition, n) => catalogItem(41 + n, `PP-${edition.slice(22, 25).toUpperCase()}`, edition)),
  ],
  subcategories: [{ id: 3, name: 'Cloud', inactiveFlag: false }],
  types: [{ id: 4, name: 'Software', inactiveFlag: false }],
  units: [{ id: 5, name: 'Each', inactiveFlag: false }],
};

function catalogItem(id: number, identifier: string, description: string) {
  return { id, identifier, description, inactiveFlag: false, productClass: 'Agreement', price: 3, cost: 2.44 };
}
