import { superops } from '../psa/superops';
import { createSandbox } from '../sandbox/index';
import type { Row } from '../sandbox/sandbox';
import { companies, companyNames, type CompanyName } from './companies';
import { proofpoint, backup } from './products';
import { demoConnection, type DemoPsa } from './psas';

/** SuperOps as the partner left it: clients, a few items, and contracts typed by hand. Nothing of it is ours yet. */
export function demoSuperops(): DemoPsa {
  const state = createSandbox({
    psa: 'superops',
    tables: {
      clients: companyNames.map(clientRow),
      categories: [
        { categoryId: idOf('categories', 1), name: 'Cloud subscriptions' },
        { categoryId: idOf('categories', 2), name: 'Managed services' },
      ],
      items: items.map(([name, price, cost], index) => itemRow(index, name, price, cost)),
      contracts: typed.map(contractRow),
      invoices: [],
    },
  });
  return {
    ...{ adapter: superops, connection: demoConnection(superops), read: state, now: state },
    agreementIds: companyNames.map(clientIdOf),
    companyIdOf: clientIdOf,
  };
}

/** Business+, Advanced+ and Pro are not in the catalogue: they can be exported. */
const items: readonly (readonly [name: string, price: string, cost: string])[] = [
  [proofpoint.product.name, '0', '0'],
  ...proofpoint.subProducts
    .filter(({ name }) => name === 'Proofpoint Business' || name === 'Proofpoint Advanced')
    .map(({ name, price, cost }) => [name, price, cost] as const),
  [backup.product.name, '0', '0'],
  ['Managed workstation', '45', '18'],
  ['Managed server', '160', '70'],
];

interface Typed {
  readonly company: CompanyName;
  readonly item: string;
  readonly price: string;
  /** Each with its day and operation: the newest is in force. */
  readonly changes: readonly (readonly [day: string, operation: 'BASELINE' | 'INCREASE', quantity: string])[];
  readonly more?: Row;
  readonly unit?: 'MONTH' | 'YEAR';
}

/** One open, one whose newest change is an increase, one that ended, one that is billed by the year. */
const typed: readonly Typed[] = [
  { company: 'bayview', item: 'Managed workstation', price: '45', changes: [['2020-08-01', 'BASELINE', '9']] },
  {
    ...{ company: 'cedarRidge', item: 'Managed workstation', price: '45' },
    changes: [
      ['2020-08-01', 'BASELINE', '12'],
      ['2020-11-01', 'INCREASE', '2'],
    ],
  },
  {
    ...{ company: 'quarrystone', item: 'Managed server', price: '160', changes: [['2020-01-01', 'BASELINE', '1']] },
    more: { endDate: '2020-10-31', contractStatus: 'INACTIVE' },
  },
  { company: 'umbra', item: 'Managed server', price: '1800', changes: [['2020-03-01', 'BASELINE', '1']], unit: 'YEAR' },
];

function clientRow(company: CompanyName): Row {
  const { n, name, domains } = companies[company];
  return {
    ...{ accountId: clientIdOf(company), name, stage: company === 'riverbend' ? 'Inactive' : 'Active', status: 'Paid' },
    emailDomains: domains,
    hqSite: { id: idOf('sites', n), name: 'Headquarters' },
  };
}

function itemRow(index: number, name: string, price: string, cost: string): Row {
  return {
    ...{ itemId: idOf('items', index), name, description: name, itemType: 'SERVICE', status: 'ACTIVE', taxable: false },
    sellingPrice: { model: 'PER_UNIT', details: [{ value: price }] },
    costPrice: { model: 'PER_UNIT', details: [{ value: cost }] },
    serviceTypeItem: { offeringType: 'QUANTITY' },
  };
}

function contractRow({ company, item, price, changes, more, unit = 'MONTH' }: Typed, n: number): Row {
  const contractId = idOf('contracts', n);
  const index = items.findIndex(([name]) => name === item);
  return {
    ...{ contractId, client: { accountId: clientIdOf(company), name: companies[company].name }, startDate: changes[0]?.[0] ?? null },
    ...{ endDate: null, contractStatus: 'ACTIVE', ...more },
    contract: {
      ...{ contractId, name: item, description: '', contractType: 'USAGE' },
      billableContract: {
        chargeItem: { itemId: idOf('items', index), name: item },
        ...{ quantityCalculationType: 'FIXED', sellingPriceOverridden: true, billableSiteType: 'HQ' },
        sellingPrice: { model: 'PER_UNIT', details: [{ value: price }] },
        recurringContract: { recurringMode: 'ARREAR', frequencyDurationUnit: unit, frequencyInterval: 1 },
        changes: changes.map(([effectiveDate, quantityChangeOperation, quantity], at) => ({
          ...{ changeId: idOf('changes', n * 10 + at), effectiveDate, endDate: null, quantity, quantityChangeOperation },
        })),
      },
    },
  };
}

function clientIdOf(company: CompanyName): string {
  return idOf('clients', companies[company].n);
}

/** 19 digits, as SuperOps gives them. */
function idOf(table: 'clients' | 'sites' | 'categories' | 'items' | 'contracts' | 'changes', n: number): string {
  return `792883837274${String(PLACES.indexOf(table) + 1)}${String(n).padStart(6, '0')}`;
}

const PLACES = ['clients', 'sites', 'categories', 'items', 'contracts', 'changes'];
