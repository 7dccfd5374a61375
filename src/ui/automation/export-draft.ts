import type { Connection, ProductExport, PsaProduct } from '../../domain/agreement';
import { changesBasis, type BasisText } from '../../domain/basis';
import type { Period } from '../../domain/calendar';
import { ALONE, type Around } from '../../domain/change';
import { parseDecimal, type Decimal } from '../../domain/decimal';
import { exportDraftOf } from '../../domain/draft';
import { freezePlan, type Plan } from '../../domain/plan';
import { problem, type Problem } from '../../domain/problem';
import { err, ok, type Result } from '../../domain/result';
import { inDigits } from '../../domain/rounding';
import type { PsaAdapter } from '../../psa/psa';
import type { FormError } from './form';

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

/** A plan that exports one product, with what it was made of. */
interface MadeExport {
  readonly plan: Plan;
  readonly basis: BasisText;
  readonly exported: ProductExport;
}

/** The labels of the form, in the PSA's words. */
export function exportLabels({ productFields }: PsaAdapter): Readonly<Record<string, string>> {
  const { identifier, category, type, unit } = productFields;
  return {
    ...{ name: 'White-label name', description: 'Description', cost: 'Cost', price: 'Price' },
    ...{ identifier: identifier ?? 'Identifier', category: category ?? 'Category', type: type ?? 'Type', unit: unit ?? 'Unit' },
  };
}

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

/** Which product or sub-product a form is for. */
export interface ExportPlace {
  readonly product: string;
  readonly subProduct: string | null;
  readonly vendor: string;
}

interface Target {
  readonly connection: Connection;
  readonly adapter: PsaAdapter;
  readonly period: Period;
  readonly lookups: Around['lookups'];
}

/** The plan that exports what the form says, or everything that the PSA would not take: known before a plan exists. */
export function exportPlan(form: ExportForm, place: ExportPlace, target: Target): Result<MadeExport, readonly Problem[]> {
  const cost = amountIn('cost', form.cost);
  const price = amountIn('price', form.price);
  if (!cost.ok || !price.ok) return err([cost, price].flatMap((amount) => (amount.ok ? [] : [amount.error])));
  const { productFields, limits } = target.adapter;
  const exported: ProductExport = {
    product: place.product,
    subProduct: place.subProduct,
    term: form.term,
    name: form.name.trim(),
    description: form.description.trim(),
    identifier: productFields.identifier === null ? form.name.trim() : form.identifier.trim(),
    category: form.category,
    type: form.type,
    unit: form.unit === '' ? null : form.unit,
    cost: inDigits(cost.value, limits.priceDecimals),
    price: inDigits(price.value, limits.priceDecimals),
    taxable: form.taxable,
  };
  const missing = (['category', 'type'] as const).filter((field) => productFields[field] !== null && form[field].trim() === '');
  const frozen = frozenPlan(exported, place.vendor, target);
  const problems = frozen.ok ? [] : frozen.error.filter((one) => !('field' in one) || !missing.some((field) => field === one.field));
  const all = [...missing.map((field) => problem('text is missing', { field })), ...problems];
  return frozen.ok && all.length === 0 ? ok({ ...frozen.value, exported }) : err(all);
}

/** Where an identifier stands twice: the PSA has it already, or two forms do. `prefix` begins the ids of a form's fields. */
export function identifierTwins(
  forms: readonly { readonly form: ExportForm; readonly prefix: string }[],
  known: readonly PsaProduct[],
  { productFields, words }: PsaAdapter,
): FormError[] {
  if (productFields.identifier === null) return [];
  const same = (text: string) => text.trim().toLowerCase();
  return forms.flatMap(({ form, prefix }, n) => {
    const field = `${prefix}-identifier`;
    const found = known.find(({ identifier }) => same(identifier) === same(form.identifier));
    if (found !== undefined)
      return [{ field, text: `${words.psa} already has ${found.identifier}. Bind it, or choose another identifier` }];
    const twin = forms.slice(0, n).some((one) => same(one.form.identifier) === same(form.identifier));
    return twin ? [{ field, text: `${form.identifier} stands in another form, too. Choose another identifier` }] : [];
  });
}

/** A plan for each product, so that one which is refused stops no other; or the problems of each form in their order. */
export function exportSeveral(
  drafts: readonly { readonly form: ExportForm; readonly place: ExportPlace }[],
  target: Target,
): Result<readonly MadeExport[], readonly (readonly Problem[])[]> {
  const each = drafts.map(({ form, place }) => exportPlan(form, place, target));
  const made = each.flatMap((one) => (one.ok ? [one.value] : []));
  return made.length < each.length ? err(each.map((one) => (one.ok ? [] : one.error))) : ok(made);
}

/** What the PSA keeps of an amount as typed, where that is another one: usage has prices of more digits than some PSAs hold. */
export function roundedAmount(text: string, { limits }: Pick<PsaAdapter, 'limits'>): Decimal | null {
  const typed = parseDecimal(text);
  if (!typed.ok) return null;
  const kept = inDigits(typed.value, limits.priceDecimals);
  return kept === typed.value ? null : kept;
}

function frozenPlan(exported: ProductExport, vendor: string, { connection, adapter, period, lookups }: Target) {
  const draft = exportDraftOf([exported], { psa: connection.psa, connection, vendor, period });
  const readable = connection.protocol !== 'file';
  const around = { linesOf: ALONE.linesOf, settings: connection.settings, lookups, readable };
  const plan = freezePlan(draft, adapter.requests, around);
  return plan.ok ? ok({ plan: plan.value, basis: changesBasis(draft, around) }) : plan;
}

function amountIn(field: string, text: string): Result<Decimal | null, Problem> {
  if (text.trim() === '') return ok(null);
  const amount = parseDecimal(text);
  return amount.ok ? amount : err(problem('number is not accepted', { field, value: text }));
}
