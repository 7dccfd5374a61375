import type { Connection, ProductExport } from '../../domain/agreement';
import type { Period } from '../../domain/calendar';
import { ALONE, type Around } from '../../domain/change';
import { parseDecimal, type Decimal } from '../../domain/decimal';
import { exportDraftOf } from '../../domain/draft';
import { freezePlan, type Plan } from '../../domain/plan';
import { problem, type Problem } from '../../domain/problem';
import { err, ok, type Result } from '../../domain/result';
import type { PsaAdapter } from '../../psa/psa';

/** What stands in the form: texts as typed. */
export interface ExportForm {
  term: ProductExport['term'];
  name: string;
  description: string;
  identifier: string;
  category: string;
  type: string;
  unit: string;
  cost: string;
  price: string;
  taxable: boolean;
}

export const EXPORT_LABELS: Readonly<Record<string, string>> = {
  name: 'White-label name',
  description: 'Description',
  identifier: 'Identifier',
  category: 'Category',
  type: 'Type',
  unit: 'Unit',
  cost: 'Cost',
  price: 'Price',
};

export const TERMS: readonly { readonly value: ProductExport['term']; readonly label: string }[] = [
  { value: 'monthly', label: 'Monthly' },
  { value: 'annual', label: 'Annual' },
  { value: 'one time', label: 'One time' },
];

/** An empty form for a product: its name, and an identifier made of it that the PSA takes. */
export function formFor(name: string, known: { readonly cost: Decimal | null; readonly price: Decimal | null }, limit: number): ExportForm {
  const identifier = name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/\+/g, '-PLUS')
    .replace(/[^A-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, limit);
  const { cost, price } = known;
  const empty = { category: '', type: '', unit: '', taxable: false } as const;
  return { ...empty, term: 'monthly', name, description: name, identifier, cost: cost ?? '', price: price ?? '' };
}

/** The plan that exports what the form says, or everything that the PSA would not take: known before a plan exists. */
export function exportPlan(
  form: ExportForm,
  place: { readonly product: string; readonly subProduct: string | null; readonly vendor: string },
  target: { readonly connection: Connection; readonly adapter: PsaAdapter; readonly period: Period; readonly lookups: Around['lookups'] },
): Result<{ readonly plan: Plan; readonly exported: ProductExport }, readonly Problem[]> {
  const cost = amountIn('cost', form.cost);
  const price = amountIn('price', form.price);
  if (!cost.ok || !price.ok) return err([cost, price].flatMap((amount) => (amount.ok ? [] : [amount.error])));
  const { connection, adapter, period } = target;
  const exported: ProductExport = {
    product: place.product,
    subProduct: place.subProduct,
    term: form.term,
    name: form.name.trim(),
    description: form.description.trim(),
    identifier: adapter.productFields.identifier === null ? form.name.trim() : form.identifier.trim(),
    category: form.category,
    type: form.type,
    unit: form.unit === '' ? null : form.unit,
    cost: cost.value,
    price: price.value,
    taxable: form.taxable,
  };
  const missing = (['category', 'type'] as const).filter((field) => adapter.productFields[field] !== null && form[field].trim() === '');
  const draft = exportDraftOf([exported], { psa: connection.psa, connection, vendor: place.vendor, period });
  const frozen = freezePlan(draft, adapter.requests, { ...ALONE, settings: connection.settings, lookups: target.lookups });
  const problems = frozen.ok ? [] : frozen.error.filter((one) => !('field' in one) || !missing.some((field) => field === one.field));
  const all = [...missing.map((field) => problem('text is missing', { field })), ...problems];
  return frozen.ok && all.length === 0 ? ok({ plan: frozen.value, exported }) : err(all);
}

function amountIn(field: string, text: string): Result<Decimal | null, Problem> {
  if (text.trim() === '') return ok(null);
  const amount = parseDecimal(text);
  return amount.ok ? amount : err(problem('number is not accepted', { field, value: text }));
}
