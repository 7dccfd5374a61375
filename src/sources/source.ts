import type { Company, Product, SubProduct, Subscription, UsageSummary } from '../domain/marketplace';
import type { UsageLine } from '../domain/usage';

/** One bad or doubtful row: which file, row (1-based, as the partner sees it), column, value, and why. */
export interface RowProblem {
  readonly file: string;
  readonly row: number;
  readonly column: string | null;
  readonly value: string;
  readonly reason: string;
  /** An `error` row stays out unless repaired; a `warning` row goes in. */
  readonly severity: 'error' | 'warning';
}

/** What a source reads, one record at a time. */
export type SourceRecord =
  | { readonly kind: 'usage'; readonly line: UsageLine }
  | { readonly kind: 'company'; readonly company: Company }
  | { readonly kind: 'product'; readonly product: Product }
  | { readonly kind: 'sub-product'; readonly subProduct: SubProduct }
  | { readonly kind: 'subscription'; readonly subscription: Subscription }
  | { readonly kind: 'summary'; readonly summary: UsageSummary };

/** What is in a file, told from its content and never from its name. `undated` files ask the partner which day or period they count. */
export interface Recognised {
  readonly source: string;
  readonly kind: string;
  readonly undated: boolean;
}
