import type { Period } from '../../domain/calendar';
import type { RuleKind, RuleState } from '../../domain/rule';
import type { RuleForm } from '../../domain/rule-form';

/** Fields of a rule that only some kinds have. */
export type OwnField = 'quantity' | 'how' | 'percent' | 'overCost' | 'least' | 'currency' | 'places';

export const OWN_FIELDS: Readonly<Record<RuleKind, readonly OwnField[]>> = {
  exclusion: [],
  override: ['quantity'],
  included: ['quantity'],
  free: ['quantity'],
  minimum: ['quantity'],
  'whole units': ['how'],
  markup: ['percent', 'overCost', 'least', 'currency'],
  'price rounding': ['places', 'currency'],
};

export const LABELS = {
  kind: 'Rule',
  subProduct: 'Sub-product',
  site: 'Customer',
  quantity: 'Quantity',
  how: 'Rounding',
  percent: 'Markup in percent',
  overCost: 'Least over the cost',
  least: 'Least price',
  currency: 'Currency',
  places: 'Digits',
  from: 'First month',
  until: 'Last month',
  reason: 'Reason',
} as const satisfies Record<Exclude<keyof RuleForm, 'product'>, string>;

export const HINTS: Readonly<Partial<Record<OwnField, string>>> = {
  overCost: 'The price is never below the cost and this.',
  least: 'The price is never below this.',
  currency: 'Such as USD. Empty is any.',
  places: 'Empty is the smallest coin of the currency.',
};

/** Which of its own fields a kind may leave empty. */
export function isOptional(kind: RuleKind, field: OwnField): boolean {
  if (field === 'quantity') return kind === 'free';
  return field !== 'percent' && field !== 'how';
}

/** What cannot be left empty beside what every rule has. */
export function isNeeded(kind: RuleKind, field: keyof RuleForm): boolean {
  if (field === 'reason') return kind === 'exclusion' || kind === 'override';
  return kind === 'override' && (field === 'site' || field === 'subProduct' || field === 'until');
}

export function blankForm(product: string, site: string, from: Period): RuleForm {
  return {
    ...{ product, kind: 'minimum', subProduct: '', site, quantity: '', how: 'up', percent: '', overCost: '', least: '' },
    ...{ currency: '', places: '', from, until: '', reason: '' },
  };
}

export const STATES = {
  holds: { text: 'Holds', tone: 'good', shape: 'check' },
  'begins later': { text: 'Begins later', tone: 'note', shape: 'dot' },
  ended: { text: 'Ended', tone: 'plain', shape: 'dash' },
  'never held': { text: 'Never held', tone: 'plain', shape: 'dash' },
  replaced: { text: 'A newer one holds', tone: 'plain', shape: 'change' },
} as const satisfies Record<RuleState, { text: string; tone: string; shape: string }>;
