import * as z from 'zod/mini';
import { isPeriod } from './calendar';
import { parseDecimal } from './decimal';
import { problem, type Problem } from './problem';
import { err, ok, type Result } from './result';
import type { RuleDraft, RuleKind } from './rule';

/** A rule as it is typed. Fields that its kind does not have are not looked at; an empty one is none. */
export interface RuleForm {
  readonly product: string;
  readonly kind: RuleKind;
  readonly subProduct: string;
  readonly site: string;
  readonly quantity: string;
  readonly how: string;
  readonly percent: string;
  readonly overCost: string;
  readonly least: string;
  readonly currency: string;
  readonly places: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}
type Field = keyof RuleForm;

/** The rule of a form, or every field that is wrong: each problem names its `field`. */
export function checkRule(form: RuleForm): Result<RuleDraft, readonly Problem[]> {
  const parsed = SCHEMAS[form.kind].safeParse(draftOf(form));
  if (!parsed.success) return err(parsed.error.issues.map(({ path }) => problemAt(form, path[0] as Field)));
  const rule = parsed.data as RuleDraft;
  const { from, until } = rule;
  if (from !== null && until !== null && until < from) return err([problem('rule ends before it begins', { field: 'until', from, until })]);
  if (rule.kind === 'markup' && rule.currency === null && (rule.overCost !== null || rule.least !== null))
    return err([problem('rule needs a field', { field: 'currency', kind: rule.kind })]);
  return ok(rule);
}

/** The longest reason that is kept. */
const LONGEST_REASON = 200;

const amount = z.string().check(z.regex(/^\d+(\.\d+)?$/));
const text = z.string().check(z.minLength(1));
const reason = z.string().check(z.maxLength(LONGEST_REASON));
const aReason = reason.check(z.minLength(1));
const month = z.string().check(z.refine(isPeriod));
const currency = z.nullable(z.string().check(z.regex(/^[A-Z]{3}$/)));
const place = {
  product: text,
  subProduct: z.nullable(text),
  site: z.nullable(text),
  from: z.nullable(month),
  until: z.nullable(month),
  reason,
};

/** What each kind of rule has to say, as `RuleDraft` describes it. */
const SCHEMAS = {
  exclusion: z.object({ ...place, kind: z.literal('exclusion'), reason: aReason }),
  override: z.object({
    ...place,
    kind: z.literal('override'),
    subProduct: text,
    site: text,
    until: month,
    reason: aReason,
    quantity: amount,
  }),
  included: z.object({ ...place, kind: z.literal('included'), quantity: amount }),
  free: z.object({ ...place, kind: z.literal('free'), quantity: z.nullable(amount) }),
  minimum: z.object({ ...place, kind: z.literal('minimum'), quantity: amount }),
  'whole units': z.object({ ...place, kind: z.literal('whole units'), how: z.enum(['up', 'half away from zero']) }),
  markup: z.object({
    ...{ ...place, kind: z.literal('markup'), percent: amount },
    ...{ overCost: z.nullable(amount), least: z.nullable(amount), currency },
  }),
  'price rounding': z.object({
    ...{ ...place, kind: z.literal('price rounding'), currency },
    places: z.nullable(z.int().check(z.minimum(0), z.maximum(6))),
  }),
} as const satisfies Record<RuleKind, z.ZodMiniType>;

/** Trimmed, empty fields null, numbers in their plain notation; what is no number stays as it is and is refused. */
function draftOf(form: RuleForm): Readonly<Record<Field, unknown>> {
  const given = (field: Field) => (form[field].trim() === '' ? null : form[field].trim());
  const number = (field: Field) => {
    const parsed = parseDecimal(form[field]);
    return parsed.ok ? parsed.value : given(field);
  };
  const places = given('places');
  return {
    ...{ product: form.product, kind: form.kind, subProduct: given('subProduct'), site: given('site'), how: form.how },
    ...{ quantity: number('quantity'), percent: number('percent'), overCost: number('overCost'), least: number('least') },
    currency: given('currency')?.toUpperCase() ?? null,
    places: places === null ? null : Number(places),
    ...{ from: given('from'), until: given('until'), reason: form.reason.trim() },
  };
}

const NUMBERS: readonly Field[] = ['quantity', 'percent', 'overCost', 'least', 'places'];

function problemAt(form: RuleForm, field: Field): Problem {
  const value = form[field].trim();
  if (value === '') return problem('rule needs a field', { field, kind: form.kind });
  if (field === 'reason') return problem('text is too long', { field, value, limit: LONGEST_REASON });
  return problem(NUMBERS.includes(field) ? 'number is not accepted' : 'value is not accepted', { field, value });
}
