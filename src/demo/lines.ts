import type { Connection } from '../domain/agreement';
import type { Day } from '../domain/calendar';
import { decimalOf, multiply, type Decimal } from '../domain/decimal';
import { DEFAULT_TEMPLATE, lineNameOf } from '../domain/line-name';
import { lineKeyOf } from '../domain/plan';
import { singleOf } from '../domain/single';
import { syncedKey, type Synced, type SyncedLine } from '../domain/synced';
import { connectwise } from '../psa/connectwise';
import type { Row } from '../sandbox/sandbox';
import { agreementOf, type DemoAgreement } from './agreements';
import { catalog, itemFor, type CatalogItem } from './catalog';
import { idOf, type CompanyName } from './companies';
import { subProductOf } from './products';
import { keyOfSite, sites, type DemoSite } from './sites';

/** The customers whose November is in the PSA, with the option and what each line holds, by sub-product. */
const syncedSites: readonly {
  readonly site: string;
  readonly vendor: string;
  readonly held: Readonly<Record<string, number>>;
  readonly single?: true;
}[] = [
  { vendor: 'Proofpoint', site: 'bayviewdental.com', held: { 'proofpoint-business': 22 } },
  { vendor: 'Proofpoint', site: 'cedarridgelaw.com', held: { 'proofpoint-advanced': 31 } },
  { vendor: 'Proofpoint', site: 'donovanbrothers.com', held: { 'proofpoint-business': 9, 'proofpoint-advanced': 4 } },
  { vendor: 'Proofpoint', site: 'foxhollowrealty.com', held: { 'proofpoint-business': 20 } },
  { vendor: 'Proofpoint', site: 'greenfieldlogistics.com', held: { 'proofpoint-business': 8 } },
  { vendor: 'Proofpoint', site: 'ironbridgeconstruction.com', held: { 'proofpoint-advanced': 44 } },
  { vendor: 'Proofpoint', site: 'oakhurstclinic.com', held: { 'proofpoint-advanced': 12 } },
  { vendor: 'Proofpoint', site: 'valleyprint.com', held: { 'proofpoint-business': 17 } },
  { vendor: 'Northvault', site: 'Bayview Dental', held: { 'northvault-workstation': 14, 'northvault-server': 2 } },
  { vendor: 'Northvault', site: 'Cedar Ridge Law', held: { 'northvault-workstation': 20 } },
  { vendor: 'Northvault', site: 'Donovan Brothers', held: { 'northvault-workstation': 6, 'northvault-server': 1 } },
  { vendor: 'Northvault', site: 'Harbor Point CPA', held: { 'northvault-workstation': 11 } },
  { vendor: 'Northvault', site: 'Maple Street School', held: { 'northvault-workstation': 30 } },
  { vendor: 'Northvault', site: 'Valley Print', held: { 'northvault-server': 3 } },
  { vendor: 'Latchkey', site: 'Bayview Dental', held: { 'latchkey-business': 12 } },
  { vendor: 'Latchkey', site: 'Lakeside Florist', held: { 'latchkey-business': 3 } },
  { vendor: 'Latchkey', site: 'Northgate Auto', held: { 'latchkey-business': 6, 'latchkey-enterprise': 2 }, single: true },
  { vendor: 'Latchkey', site: 'Oakhurst Clinic', held: { 'latchkey-business': 21 } },
];

/** Lines that somebody at the partner typed into the PSA: they could be ours, and nothing says so. */
const typedLines: readonly {
  readonly company: CompanyName;
  readonly item: string;
  readonly quantity: number;
  readonly price: number;
  readonly cost: number;
}[] = [
  { company: 'eastfield', item: 'PROOFPOINT-BUSINESS', quantity: 11, price: 3, cost: 2.44 },
  { company: 'willowCreek', item: 'PROOFPOINT-BUSINESS', quantity: 4, price: 3, cost: 2.44 },
  { company: 'willowCreek', item: 'PROOFPOINT-BUSINESS', quantity: 2, price: 3.25, cost: 2.44 },
  { company: 'foxhollow', item: 'NORTHVAULT-WORKSTATION', quantity: 8, price: 5.5, cost: 3.2 },
];

/** Lines of ours whose quantity somebody changed in the PSA after it was last read, by site. */
const editedSites: Readonly<Record<string, number>> = { 'foxhollowrealty.com': 24, 'Harbor Point CPA': 13 };

/** The last synced state of every customer that was synced before. */
export function syncedRecords(connection: Connection): readonly Synced[] {
  let line = 0;
  return syncedSites.map(({ site: name, vendor, held, single = false }) => {
    const site = siteOf(vendor, name);
    const agreement = agreementOf(site.company ?? 'own');
    const place = { connection, site, agreement };
    const lines = single
      ? [singleLine(place, held, 7000 + line++)]
      : Object.entries(held).map(([key, quantity]) => itemLine(place, key, decimalOf(quantity), 7000 + line++));
    return {
      key: syncedKey(keyOfSite(site), connection.id),
      customer: keyOfSite(site),
      connection: connection.id,
      company: site.company === null ? null : idOf(site.company),
      agreementId: String(agreement.id),
      option: single ? 'single line' : 'multi-product',
      lines,
      withheld: null,
    };
  });
}

/** The PSA's additions: every synced line, and the partner's own. `edited` is how they stand after somebody changed some by hand. */
export function additionRows(synced: readonly Synced[], edited: boolean): readonly Row[] {
  const ours = synced.flatMap(({ customer, lines }) => {
    const site = customer.split('\u001f')[1] ?? '';
    return lines.map((line) => ({
      ...additionRow(
        Number(line.lineId),
        Number(line.agreementId),
        catalog.find(({ id }) => String(id) === line.productId),
        {
          quantity: edited ? (editedSites[site] ?? Number(line.quantity)) : Number(line.quantity),
          price: Number(line.price),
          cost: Number(line.cost),
          from: line.effectiveDate ?? '',
          name: line.name,
        },
      ),
      serialNumber: line.lineKey,
    }));
  });
  const typed = typedLines.map(({ company, item, ...money }, index) =>
    additionRow(
      7100 + index,
      agreementOf(company).id,
      catalog.find(({ identifier }) => identifier === item),
      { ...money, from: '2020-08-01', name: '' },
    ),
  );
  return [...ours, ...typed];
}

interface Place {
  readonly connection: Connection;
  readonly site: DemoSite;
  readonly agreement: DemoAgreement;
}

function itemLine(place: Place, key: string, quantity: Decimal, id: number): SyncedLine {
  const { name, price, cost } = subProductOf(key);
  return lineOf(place, { slot: key, option: 'multi-product', subProducts: [key], name, quantity, price, cost, id });
}

/** One line for all of the customer's sub-products. */
function singleLine(place: Place, held: Readonly<Record<string, number>>, id: number): SyncedLine {
  const parts = Object.entries(held).map(([key, count]) => ({ ...subProductOf(key), quantity: decimalOf(count), currency: 'USD' }));
  const { quantity, price, cost } = singleOf(parts, 'single line');
  const { name } = place.site.product.product;
  return lineOf(place, { slot: '*', option: 'single line', subProducts: parts.map(({ key }) => key), name, quantity, price, cost, id });
}

function lineOf(
  { connection, site: { product, site }, agreement }: Place,
  line: Pick<SyncedLine, 'option' | 'subProducts' | 'name' | 'quantity' | 'price' | 'cost'> & {
    readonly slot: string;
    readonly id: number;
  },
): SyncedLine {
  const { slot, id, ...rest } = line;
  const identity = {
    psa: connection.psa,
    tenant: connection.tenant,
    agreementId: String(agreement.id),
    vendor: product.product.vendor,
    site,
    subProduct: slot === '*' ? `${product.product.key}/*` : slot,
    option: line.option,
    period: '2020-11',
  };
  return {
    ...rest,
    lineKey: lineKeyOf(identity),
    agreementId: String(agreement.id),
    lineId: String(id),
    productId: String(itemFor(product, slot).id),
    name: lineNameOf(DEFAULT_TEMPLATE, { account: site, site, product: line.name }, connectwise.limits.lineName).name,
    effectiveDate: latest(product.started, agreement.started),
    period: '2020-11',
    settled: 1,
    endedOn: null,
  };
}

function siteOf(vendor: string, name: string): DemoSite {
  const found = sites.find(({ product, site }) => site === name && product.product.vendor === vendor);
  if (found === undefined) throw new RangeError(`the demo has no site ${name} of ${vendor}`);
  return found;
}

function additionRow(
  id: number,
  agreementId: number,
  item: CatalogItem | undefined,
  line: { quantity: number; price: number; cost: number; from: Day; name: string },
): Row {
  if (item === undefined) throw new RangeError(`the demo's PSA has no product for line ${id}`);
  const extended = (each: number) => Number(multiply(decimalOf(line.quantity), decimalOf(each)));
  return {
    id,
    agreementId,
    product: { id: item.id, identifier: item.identifier },
    quantity: line.quantity,
    lessIncluded: 0,
    unitPrice: line.price,
    unitCost: line.cost,
    billCustomer: 'Billable',
    effectiveDate: `${line.from}T00:00:00Z`,
    taxableFlag: false,
    invoiceDescription: line.name === '' ? item.identifier : line.name,
    description: item.identifier,
    billedQuantity: line.quantity,
    extPrice: extended(line.price),
    extCost: extended(line.cost),
    additionStatus: 'Active',
  };
}

function latest(day: Day, other: Day): Day {
  return other > day ? other : day;
}
