import { decimalOf, type Decimal } from '../../src/domain/decimal';
import {
  ALONE,
  type Around,
  type Belief,
  type Change,
  type ChargeChange,
  type CreateChange,
  type EndChange,
  type ExportChange,
  type Outcome,
  type SyncOption,
  type UpdateChange,
} from '../../src/domain/change';
import { freezePlan, lineKeyOf, productKeyOf, type Plan, type PlanRequest } from '../../src/domain/plan';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaAdapter, PsaRequest } from '../../src/psa/psa';
import { createSandbox } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';

export const NOTHING: Outcome = { quantity: null, price: null, cost: null, name: null, effectiveDate: null, endDate: null };
export const UNKNOWN: Belief = { quantity: null, price: null, cost: null, name: null, productId: null, endDate: null };

/** The line of the demo: 15 x 3.00 at a cost of 2.44. */
export const businessName = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business';

export function keyOf(subProduct: string, option: SyncOption = 'multi-product', agreementId = '12'): string {
  const identity = { psa: 'connectwise', tenant: 'acme', agreementId, vendor: 'proofpoint', site: '1stwestinsurance.com' };
  return lineKeyOf({ ...identity, subProduct, option, period: '2020-12' });
}

export function productKey(subProduct: string | null): string {
  return productKeyOf({ psa: 'connectwise', tenant: 'acme', vendor: 'proofpoint', product: 'proofpoint', subProduct });
}

const line = {
  lineKey: keyOf('business'),
  agreementId: '12',
  name: businessName,
  subProducts: ['business'],
  product: { id: '41', identifier: 'PFPT-BUS', use: null },
  on: '2021-01-01',
};

export function createChange(parts: Partial<CreateChange> = {}): CreateChange {
  const after: Outcome = { ...NOTHING, quantity: d('15'), price: d('3'), cost: d('2.44'), name: businessName, effectiveDate: '2021-01-01' };
  return { kind: 'create', ...line, follows: null, after, ...parts };
}

export function updateChange(parts: Partial<UpdateChange> = {}): UpdateChange {
  const before: Belief = { ...UNKNOWN, quantity: d('12'), productId: '41' };
  return { kind: 'update', ...line, lineId: '900', adopt: false, before, after: { ...NOTHING, quantity: d('15') }, ...parts };
}

export function endChange(parts: Partial<EndChange> = {}): EndChange {
  const before: Belief = { ...UNKNOWN, quantity: d('12'), productId: '41' };
  return { kind: 'end', ...line, lineId: '900', how: 'date', before, after: { ...NOTHING, endDate: '2020-12-31' }, ...parts };
}

export function chargeChange(parts: Partial<ChargeChange> = {}): ChargeChange {
  const after: Outcome = { ...NOTHING, quantity: d('15'), price: d('3'), cost: d('2.44'), name: businessName };
  return { kind: 'charge', ...line, lineKey: keyOf('business', 'one-time itemised'), companyId: '7', after, follows: null, ...parts };
}

export function exportChange(parts: Partial<ExportChange> = {}): ExportChange {
  const reference = productKey('advanced');
  return {
    kind: 'export',
    lineKey: reference,
    reference,
    yields: 'product-advanced',
    product: {
      product: 'proofpoint',
      subProduct: 'advanced',
      term: 'monthly',
      name: 'Mail Shield Advanced',
      description: 'Mail filtering, the advanced package',
      identifier: 'MAIL-ADV',
      category: '3',
      type: '4',
      unit: null,
      cost: d('3.1'),
      price: d('4.25'),
      taxable: true,
    },
    ...parts,
  };
}

/** A plan as the page would freeze it, with the given changes. Throws where the adapter refuses one. */
export function planOf(
  changes: readonly Change[],
  adapter: PsaAdapter = connectwise,
  around: Omit<Around, 'earlier'> = ALONE,
  place: { readonly tenant: string; readonly agreementId: string; readonly companyId: string } = {
    ...{ tenant: 'acme', agreementId: '12', companyId: '7' },
  },
): Plan {
  const isExport = changes.every(({ kind }) => kind === 'export');
  const frozen = freezePlan(
    {
      kind: isExport ? 'export' : 'lines',
      psa: adapter.id,
      connection: { name: `${adapter.words.psa} of Acme`, tenant: place.tenant },
      company: isExport ? null : { id: 'c-1', name: '1st West Insurance', psaId: place.companyId },
      customer: isExport ? null : { vendor: 'proofpoint', product: 'proofpoint', site: '1stwestinsurance.com' },
      agreement: isExport ? null : { id: place.agreementId, name: 'Managed Services' },
      period: '2020-12',
      option: isExport ? null : changes.some(({ kind }) => kind === 'charge') ? 'one-time itemised' : 'multi-product',
      currency: 'USD',
      inputs: { imports: ['a'.repeat(64)], bindings: [], prices: [] },
      lines: isExport ? [] : changes.map(lineOf),
      left: [],
      totals: { cost: d('36.6'), price: d('45'), margin: d('8.4'), before: null },
      changes: changes.map((change) => ({ change, settled: 0 })),
    },
    adapter.requests,
    around,
  );
  if (!frozen.ok) throw new Error(JSON.stringify(frozen.error));
  return frozen.value;
}

/** A plan's request as one that can be sent. Throws on hand-work. */
export function sendable(request: PlanRequest): PlanRequest & Pick<PsaRequest, 'method'> {
  const { method } = request;
  if (method === 'HAND') throw new Error(`${request.line.name} is hand-work`);
  return { ...request, method };
}

/** A ConnectWise with the company, the agreement and the products that the changes above speak of. */
export function sandboxOf(tables: Readonly<Record<string, readonly Row[]>> = {}): SandboxState {
  return createSandbox({
    psa: 'connectwise',
    tables: {
      companies: [
        {
          id: 7,
          identifier: '1stWest',
          name: '1st West Insurance',
          website: 'www.1stwestinsurance.com',
          deletedFlag: false,
          status: { id: 1, name: 'Active' },
        },
      ],
      agreements: [agreementRow()],
      catalog: [
        {
          id: 41,
          identifier: 'PFPT-BUS',
          description: 'Proofpoint Business',
          customerDescription: 'Proofpoint Business',
          price: 3.5,
          cost: 2.44,
          inactiveFlag: false,
          productClass: 'Agreement',
          taxableFlag: true,
        },
      ],
      subcategories: [{ id: 3, name: 'Email security', category: { id: 2, name: 'Software' }, inactiveFlag: false }],
      types: [{ id: 4, name: 'Subscription', inactiveFlag: false }],
      units: [{ id: 5, name: 'User', inactiveFlag: false }],
      ...tables,
    },
  });
}

export function agreementRow(parts: Row = {}): Row {
  return {
    id: 12,
    name: 'Managed Services',
    type: { id: 1, name: 'Managed Services' },
    company: { id: 7, identifier: '1stWest', name: '1st West Insurance' },
    startDate: '2020-01-01T00:00:00Z',
    noEndingDateFlag: true,
    cancelledFlag: false,
    agreementStatus: 'Active',
    billingCycle: { id: 2, name: 'Monthly' },
    prorateFlag: false,
    currency: { id: 1, currencyCode: 'USD' },
    nextInvoiceDate: '2021-01-01',
    billProducts: 'Billable',
    billableProductInvoice: true,
    ...parts,
  };
}

/** A line of ours as the PSA holds it. */
export function additionRow(parts: Row = {}): Row {
  return {
    id: 900,
    agreementId: 12,
    product: { id: 41, identifier: 'PFPT-BUS' },
    billCustomer: 'Billable',
    quantity: 12,
    lessIncluded: 0,
    unitPrice: 3,
    unitCost: 2.44,
    effectiveDate: '2020-12-01T00:00:00Z',
    serialNumber: keyOf('business'),
    invoiceDescription: businessName,
    description: 'Proofpoint Business',
    billedQuantity: 0,
    ...parts,
  };
}

export function d(text: string): Decimal {
  return decimalOf(text);
}

function lineOf(change: Change): Plan['lines'][number] {
  const { quantity, price, cost } = change.kind === 'export' ? NOTHING : change.after;
  return {
    lineKey: change.lineKey,
    status: change.kind === 'update' ? 'Updating' : change.kind === 'end' ? 'Ending' : 'Creating',
    name: change.kind === 'export' ? change.product.name : change.name,
    subProducts: change.kind === 'export' ? [] : change.subProducts,
    effectiveDate: '2020-07-01',
    sentDate: '2021-01-01',
    quantity,
    syncedQuantity: quantity,
    reason: null,
    before: null,
    cost,
    price,
    total: quantity === null || price === null ? null : d('45'),
  };
}
