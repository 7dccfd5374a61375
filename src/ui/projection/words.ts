import type { ProjectedLine, WhatIf } from '../../domain/what-if';

export const KINDS = { price: 'Price', cost: 'Cost', minimum: 'Minimum' } as const satisfies Record<WhatIf['kind'], string>;

/** `Price +5 % for Proofpoint Business` */
export function sayWhatIf(whatIf: WhatIf, lines: readonly ProjectedLine[]): string {
  const of = nameOf(whatIf, lines);
  if (whatIf.kind === 'minimum') return `Minimum ${whatIf.by} for each customer of ${of}`;
  const by = whatIf.by.startsWith('-') ? whatIf.by : `+${whatIf.by}`;
  return `${KINDS[whatIf.kind]} ${by}${whatIf.unit === 'percent' ? ' %' : ' per unit'} for ${of}`;
}

function nameOf({ product, subProduct }: WhatIf, lines: readonly ProjectedLine[]): string {
  if (subProduct !== null) return lines.find((line) => line.subProduct === subProduct)?.name ?? subProduct;
  if (product !== null) return lines.find((line) => line.product === product)?.productName ?? product;
  return 'every product';
}

/** What a what-if can be about: everything, a product, or one of its sub-products, by the value of its choice. */
export interface Target {
  readonly value: string;
  readonly label: string;
  readonly of: Pick<WhatIf, 'product' | 'subProduct'>;
}

export function targetsOf(lines: readonly ProjectedLine[]): Target[] {
  const products = new Map(lines.map(({ product, productName }) => [product, productName]));
  const all: Target = { value: '', label: 'Every product', of: { product: null, subProduct: null } };
  return [
    all,
    ...[...products].flatMap(([product, label]) => [
      { value: product, label, of: { product, subProduct: null } },
      ...subProductsOf(lines, product),
    ]),
  ];
}

function subProductsOf(lines: readonly ProjectedLine[], product: string): Target[] {
  const names = new Map(lines.filter((line) => line.product === product).map(({ subProduct, name }) => [subProduct, name]));
  return [...names]
    .map(([subProduct, name]) => ({ value: `${product}\u001f${subProduct}`, label: `– ${name}`, of: { product, subProduct } }))
    .sort((left, right) => (left.label < right.label ? -1 : 1));
}
