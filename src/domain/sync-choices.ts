import type { Agreement, Binding, ProductExport, PsaProduct } from './agreement';
import type { SyncOption } from './change';
import type { LineEdit } from './grid';
import type { SyncFacts } from './sync-facts';

/** A PSA product that was picked in the wizard and is bound when the sync is confirmed. */
export interface ChosenBinding {
  readonly subProduct: string | null;
  readonly psaProduct: Pick<PsaProduct, 'id' | 'identifier' | 'description' | 'taxable'>;
}

/** What the partner decides in the wizard, as plain data. Nothing of it is stored elsewhere before Confirm Sync. */
export interface SyncChoices {
  readonly link: { readonly id: string; readonly name: string } | null;
  readonly bindings: readonly ChosenBinding[];
  readonly exports: readonly ProductExport[];
  /** Sub-products without a product use the top-level one. */
  readonly skipped: boolean;
  readonly option: SyncOption;
  readonly deselected: readonly string[];
  readonly agreementId: string | null;
  readonly edits: Readonly<Record<string, LineEdit>>;
  readonly zero: 'date' | 'zero';
  readonly confirmedEarly: boolean;
  readonly lateReason: string;
}

export const NO_CHOICES: SyncChoices = {
  link: null,
  bindings: [],
  exports: [],
  skipped: false,
  option: 'multi-product',
  deselected: [],
  agreementId: null,
  edits: {},
  zero: 'date',
  confirmedEarly: false,
  lateReason: '',
};

/** The company in the PSA: as linked before, or as chosen in this wizard. */
export function linkFor(facts: SyncFacts, choices: SyncChoices): SyncFacts['link'] {
  return choices.link ?? facts.link;
}

/** The bindings that hold, with those that this wizard would make in front. */
export function bindingsWith(facts: SyncFacts, choices: SyncChoices): readonly Binding[] {
  const base = { connection: facts.connection.id, product: facts.customer.product, exportPlan: null, from: null, until: null, seq: 0 };
  const chosen = [
    ...choices.exports.map((exported): Binding => ({
      ...base,
      subProduct: exported.subProduct,
      psaProductId: null,
      identifier: exported.identifier,
      description: exported.name,
      taxable: exported.taxable,
      origin: 'exported',
    })),
    ...choices.bindings.map(({ subProduct, psaProduct }): Binding => ({
      ...base,
      subProduct,
      psaProductId: psaProduct.id,
      identifier: psaProduct.identifier,
      description: psaProduct.description,
      taxable: psaProduct.taxable,
      origin: 'bound',
    })),
  ];
  const taken = new Set(chosen.map(({ subProduct }) => subProduct));
  return [...chosen, ...facts.bindings.filter(({ subProduct }) => !taken.has(subProduct))];
}

export function agreementFor(facts: SyncFacts, choices: SyncChoices): Agreement | null {
  return facts.agreements?.find(({ id }) => id === choices.agreementId) ?? null;
}

/** A late count bills with one reason for all of its lines. */
export function editsWith({ count }: SyncFacts, { edits, lateReason }: SyncChoices): Readonly<Record<string, LineEdit>> {
  const reason = lateReason.trim();
  if (count.how !== 'late' || reason === '') return edits;
  const slots = [...count.counts.map(({ subProduct }) => subProduct), '*'];
  return { ...edits, ...Object.fromEntries(slots.map((slot) => [slot, { reason, ...edits[slot] }])) };
}
