import type { Agreement, Binding, PsaLine } from '../../src/domain/agreement';
import { decimalOf } from '../../src/domain/decimal';
import { DEFAULT_TEMPLATE } from '../../src/domain/line-name';
import type { GridInput } from '../../src/domain/grid';
import { countMonth } from '../../src/domain/month';
import { entriesByCustomer, siteCountOf, unknownCount, type SiteCount } from '../../src/domain/snapshot';
import type { SyncedLine } from '../../src/domain/synced';
import type { UsageLine } from '../../src/domain/usage';
import { catalogueWith, usageImport, usageLine } from './usage';

const catalogue = catalogueWith('Proofpoint Business', 'Proofpoint Advanced', 'Proofpoint Pro');

const ANY_NUMBER = {
  quantityDecimals: null,
  priceDecimals: null,
  mostRounding: decimalOf(1),
  datesChanges: false,
  writesCounted: true,
} as const;

/** The December count of the seed site with these rows. */
export function december(...rows: Partial<UsageLine>[]): SiteCount {
  const month = countMonth([usageImport(rows.map((row) => usageLine(row)))], catalogue, '2020-12');
  return month.customers.length === 0
    ? unknownCount({ product: 'proofpoint', site: '1stwestinsurance.com' }, '2020-12', '2020-11-19')
    : siteCountOf(month, 0, entriesByCustomer(month)[0] ?? [], catalogue);
}

export const agreement: Agreement = {
  id: '12',
  name: 'Managed Services',
  companyId: '250',
  type: 'Managed',
  status: 'active',
  startDate: '2020-01-01',
  endDate: null,
  cycle: 'Monthly',
  monthly: true,
  currency: 'USD',
  prorates: false,
  nextInvoiceDate: '2021-01-15',
  billsProducts: true,
};

export function binding(subProduct: string | null, psaProductId: string | null, given: Partial<Binding> = {}): Binding {
  return {
    connection: 'cw',
    product: 'proofpoint',
    subProduct,
    psaProductId,
    identifier: `PFPT-${subProduct ?? 'TOP'}`,
    description: '',
    taxable: false,
    origin: 'bound',
    exportPlan: null,
    from: null,
    until: null,
    seq: 1,
    ...given,
  };
}

export function psaLine(given: Partial<PsaLine> = {}): PsaLine {
  return {
    id: '900',
    agreementId: '12',
    kind: 'recurring',
    productId: '41',
    productIdentifier: 'PFPT-proofpoint-business',
    description: 'Proofpoint for 1st West',
    quantity: decimalOf(12),
    price: decimalOf('3.5'),
    cost: decimalOf('2.44'),
    effectiveDate: '2020-08-01',
    endDate: null,
    lessIncluded: null,
    invoiced: null,
    key: null,
    ...given,
  };
}

export function syncedLine(given: Partial<SyncedLine> & Pick<SyncedLine, 'lineKey'>): SyncedLine {
  return {
    option: 'multi-product',
    agreementId: '12',
    subProducts: ['proofpoint-business'],
    lineId: '900',
    productId: '41',
    name: 'Proofpoint for 1st West',
    quantity: decimalOf(12),
    price: decimalOf('3.5'),
    cost: decimalOf('2.44'),
    effectiveDate: '2020-08-01',
    period: '2020-11',
    settled: 1,
    endedOn: null,
    ...given,
  };
}

/** The seed customer on the demo date; give only what the test is about. */
export function gridInput(given: Partial<GridInput> = {}): GridInput {
  return {
    psa: { id: 'connectwise', tenant: 'brightharbor', connection: 'cw' },
    limits: { lineName: 6000, productRepeats: true, negativePrices: true, ...ANY_NUMBER },
    vendor: 'Proofpoint',
    productName: 'Proofpoint',
    company: { id: 'c1', psaId: '250' },
    count: december({}),
    subProducts: [...catalogue.subProducts.values()],
    prices: [],
    bindings: [binding(null, '40'), binding('proofpoint-business', '41'), binding('proofpoint-pro', '43')],
    option: 'multi-product',
    deselected: [],
    agreement,
    dates: { firstDay: '2021-01-01', lastDay: '2020-12-31' },
    datesOfOthers: {},
    psaLines: [],
    linesByAgreement: new Map(),
    olderKinds: [],
    synced: null,
    held: null,
    subscriptionStart: '2020-07-01',
    today: '2021-01-03',
    period: '2020-12',
    template: DEFAULT_TEMPLATE,
    edits: {},
    zero: 'date',
    ...given,
  };
}
