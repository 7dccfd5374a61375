import type { Binding } from '../domain/agreement';
import type { Row } from '../sandbox/sandbox';
import { backup, passwords, proofpoint, type DemoProduct } from './products';

/** A product of the demo's PSA that stands for a product (`subProduct` null) or a sub-product of the marketplace. */
export interface CatalogItem {
  readonly id: number;
  readonly identifier: string;
  readonly product: DemoProduct;
  readonly subProduct: string | null;
}

/** Business+, Advanced+, Pro and Latchkey Enterprise are not in the PSA: they can be exported. */
export const catalog: readonly CatalogItem[] = [
  { id: 901, identifier: 'PROOFPOINT', product: proofpoint, subProduct: null },
  { id: 902, identifier: 'PROOFPOINT-BUSINESS', product: proofpoint, subProduct: 'proofpoint-business' },
  { id: 903, identifier: 'PROOFPOINT-ADVANCED', product: proofpoint, subProduct: 'proofpoint-advanced' },
  { id: 911, identifier: 'NORTHVAULT', product: backup, subProduct: null },
  { id: 912, identifier: 'NORTHVAULT-WORKSTATION', product: backup, subProduct: 'northvault-workstation' },
  { id: 913, identifier: 'NORTHVAULT-SERVER', product: backup, subProduct: 'northvault-server' },
  { id: 921, identifier: 'LATCHKEY', product: passwords, subProduct: null },
  { id: 922, identifier: 'LATCHKEY-BUSINESS', product: passwords, subProduct: 'latchkey-business' },
];

/** The item that a line of a sub-product carries: its own, else that of the top-level product; `*` is a single line. */
export function itemFor(product: DemoProduct, subProduct: string): CatalogItem {
  const own = catalog.filter((item) => item.product === product);
  const found = own.find((item) => item.subProduct === subProduct) ?? own.find((item) => item.subProduct === null);
  if (found === undefined) throw new RangeError(`the demo's PSA has no product for ${subProduct}`);
  return found;
}

/** Proofpoint's bindings ended with November, so December's first sync binds or exports anew; the others hold. */
export function bindings(connection: string, next: () => number): readonly Binding[] {
  return catalog.map((item) => ({
    connection,
    product: item.product.product.key,
    subProduct: item.subProduct,
    psaProductId: String(item.id),
    identifier: item.identifier,
    description: nameOf(item),
    taxable: false,
    origin: 'bound',
    exportPlan: null,
    from: null,
    until: item.product === proofpoint ? '2020-11' : null,
    seq: next(),
  }));
}

export function catalogRows(): readonly Row[] {
  const bound = catalog.map((item) => {
    const priced = item.product.subProducts.find(({ key }) => key === item.subProduct);
    return catalogRow(item.id, item.identifier, nameOf(item), [Number(priced?.price ?? 0), Number(priced?.cost ?? 0)], CLOUD);
  });
  return [
    ...bound,
    catalogRow(931, 'MANAGED-WORKSTATION', 'Managed workstation', [45, 18], SUPPORT),
    catalogRow(932, 'MANAGED-SERVER', 'Managed server', [160, 70], SUPPORT),
    catalogRow(933, 'FIREWALL', 'Managed firewall', [75, 31.5], SUPPORT),
    catalogRow(934, 'M365-BP', 'Microsoft 365 Business Premium', [22, 18.7], CLOUD),
    { ...catalogRow(935, 'MAIL-FILTER-2018', 'Mail filter (until 2019)', [2.5, 1.9], CLOUD), inactiveFlag: true },
    { ...catalogRow(936, 'OFFICE-START', 'New office bundle', [0, 0], SUPPORT), productClass: 'Bundle' },
  ];
}

const CLOUD: Row = { id: 21, name: 'Cloud subscriptions' };
const SUPPORT: Row = { id: 22, name: 'Managed services' };

/** The lists from which an exported product takes its sub-category, type and unit. */
export const lookups: Readonly<Record<'subcategories' | 'types' | 'units', readonly Row[]>> = {
  subcategories: [
    { ...CLOUD, category: { id: 11, name: 'Services' }, inactiveFlag: false },
    { ...SUPPORT, category: { id: 11, name: 'Services' }, inactiveFlag: false },
    { id: 23, name: 'Hardware', category: { id: 12, name: 'Goods' }, inactiveFlag: false },
  ],
  types: [
    { id: 31, name: 'Software', inactiveFlag: false },
    { id: 32, name: 'Service', inactiveFlag: false },
    { id: 33, name: 'Hardware', inactiveFlag: false },
  ],
  units: [
    { id: 41, name: 'Each', inactiveFlag: false },
    { id: 42, name: 'User', inactiveFlag: false },
    { id: 43, name: 'Device', inactiveFlag: false },
  ],
};

function nameOf({ product, subProduct }: CatalogItem): string {
  return product.subProducts.find(({ key }) => key === subProduct)?.name ?? product.product.name;
}

function catalogRow(id: number, identifier: string, description: string, [price, cost]: readonly [number, number], subcategory: Row): Row {
  return {
    id,
    identifier,
    description,
    customerDescription: description,
    subcategory,
    type: { id: 31, name: 'Software' },
    productClass: 'Agreement',
    recurringFlag: true,
    inactiveFlag: false,
    taxableFlag: false,
    price,
    cost,
  };
}
