import { syncro } from '../psa/syncro';
import { createSandbox } from '../sandbox/index';
import type { Row } from '../sandbox/sandbox';
import { agreements, psaCompanyOf } from './agreements';
import { companies, companyNames, type CompanyName } from './companies';
import { demoConnection, type DemoPsa } from './psas';

/** Recurring invoices with the same oddities as the demo's agreements, where Syncro has them. */
const specials: Readonly<Partial<Record<CompanyName, Row>>> = {
  quarrystone: { paused: true },
  riverbend: { paused: true },
  umbra: { frequency: 'Quarterly' },
};

const products: readonly (readonly [id: number, name: string, retail: number, cost: number])[] = [
  ...[[901, 'Proofpoint', 0, 0] as const, [902, 'Proofpoint Business', 3, 2.44] as const, [903, 'Proofpoint Advanced', 4.5, 3.15] as const],
  ...[[912, 'Northvault Workstation', 5.5, 3.2] as const, [931, 'Managed workstation', 45, 18] as const],
];

/** Syncro as the partner begins with it: customers, recurring invoices and products, and two lines that somebody else made. */
export function demoSyncro(): DemoPsa {
  const state = createSandbox({
    psa: 'syncro',
    tables: {
      customers: companyNames.map((name) => customerRow(name)),
      schedules: agreements.map(({ id, company, name }) => ({
        ...{ id, customer_id: psaCompanyOf(company), name, frequency: 'Monthly', next_run: '2021-01-31T00:00:00.000Z', paused: false },
        ...specials[company],
      })),
      products: products.map(([id, name, retail, cost]) => ({
        ...{ id, name, description: name, price_retail: retail, price_cost: cost, taxable: false, disabled: false, upc_code: null },
      })),
      categories: [
        { id: 21, name: 'Cloud subscriptions', names_depth_cache: 'Services/Cloud subscriptions' },
        { id: 22, name: 'Managed services', names_depth_cache: 'Services/Managed services' },
      ],
      lines: [typedLine(7100, 'eastfield', 902, null), typedLine(7101, 'foxhollow', 931, 1)],
    },
  });
  return {
    ...{ adapter: syncro, connection: demoConnection(syncro), read: state, now: state },
    agreementIds: agreements.map(({ id }) => String(id)),
    companyIdOf: (name) => String(psaCompanyOf(name)),
  };
}

function customerRow(name: CompanyName): Row {
  const [domain] = companies[name].domains;
  return {
    ...{ id: psaCompanyOf(name), business_name: companies[name].name, email: domain === undefined ? null : `office@${domain}` },
    disabled: false,
  };
}

/** `counted` is Syncro's own count of devices, which nobody else may write. */
function typedLine(id: number, company: CompanyName, product: number, counted: number | null): Row {
  const schedule = agreements.find((agreement) => agreement.company === company)?.id ?? 0;
  const name = products.find(([own]) => own === product)?.[1] ?? '';
  return {
    ...{ id, schedule_id: schedule, product_id: product, name, description: name, quantity: '11.00', retail_cents: 300, cost_cents: 244 },
    ...{ recurring_type_id: counted, one_time_charge: false, taxable: false, position: 0 },
  };
}
