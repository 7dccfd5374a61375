import type { BillingDay } from '../../domain/billing-days';
import type { Part, Step } from '../../domain/checklist';
import { formatPeriod, plural } from '../format';

/** The steps of a month: what each is called, and its number in words. */
export const STEP_WORDS: Readonly<Record<Step['key'], { readonly title: string; readonly said: (step: Step) => string }>> = {
  usage: { title: 'Usage in', said: ({ done, of }) => `${done} of ${plural(of, 'customer')} counted` },
  companies: { title: 'Companies', said: ({ done, of }) => `${of - done} of ${plural(of, 'customer')} without a company` },
  products: { title: 'Products', said: ({ done, of }) => `${of - done} of ${plural(of, 'sub-product')} without a product in the PSA` },
  changed: { title: 'Changed', said: ({ done, of }) => `${of - done} of ${plural(of, 'line')} changed since the last sync` },
  synced: { title: 'Synced', said: ({ done, of }) => `${done} of ${plural(of, 'customer')} synced` },
  delivered: {
    title: 'Delivered',
    said: ({ done, of }) => (of === 0 ? 'Nothing is confirmed yet' : `${done} of ${plural(of, 'plan')} delivered`),
  },
};

/** What the money of a step is, said before the amount. */
export const MONEY_WORDS: Readonly<Record<Step['key'], string>> = {
  usage: 'Not counted yet',
  companies: 'Not billed without a company',
  products: 'Without a product of its own',
  changed: 'Difference a month',
  synced: 'Not synced',
  delivered: '',
};

/** A part of a step, as the words of its link: `2 late`. */
export const PART_WORDS: Readonly<Record<Part['what'], (count: number) => string>> = {
  counted: (count) => `${count} counted`,
  stale: (count) => `${count} stale`,
  late: (count) => `${count} late`,
  missing: (count) => `${count} not reported`,
  unclear: (count) => `${count} unclear`,
  'needs-company': (count) => plural(count, 'needs a company', 'need a company'),
  'to-sync': (count) => `${count} ready to sync`,
  synced: (count) => `${count} synced`,
  all: (count) => plural(count, 'line'),
  new: (count) => `${count} never synced`,
  changed: (count) => `${count} changed`,
  gone: (count) => `${count} gone`,
  price: (count) => `${count} in price or cost`,
  unusual: (count) => `${count} unusual`,
  'needs-look': (count) => plural(count, 'needs a look', 'need a look'),
  ignored: (count) => `${count} ignored`,
  unbound: (count) => plural(count, 'waits for a product', 'wait for a product'),
  'through the top-level product': (count) => plural(count, 'uses the top-level product', 'use the top-level product'),
  done: (count) => `${count} delivered`,
  open: (count) => `${count} not sent to the end`,
  refused: (count) => `${count} with refused requests`,
  unknown: (count) => `${count} with an unknown outcome`,
  unmarked: (count) => plural(count, 'sync file not marked', 'sync files not marked'),
  'not applied': (count) => `${count} not applied`,
  replaced: (count) => `${count} replaced by a newer plan`,
};

/** A billing day in a word, in a sentence, and as the title of a calendar event. */
export const DAY_WORDS: Readonly<Record<BillingDay['kind'], { readonly name: string; readonly said: string; readonly text: string }>> = {
  snapshot: { name: 'Counted', said: 'is counted', text: 'Only the count of this day bills. Import it, and look at what is missing.' },
  final: { name: 'Final', said: 'is final', text: 'The marketplace bills the month. Review what changed, and sync it.' },
  invoice: { name: 'Invoice day', said: 'is invoiced', text: 'Your invoices go out. Every line should be in the PSA by now.' },
};

/** `December 2020 is final` */
export function sayDay({ kind, period }: BillingDay): string {
  return `${formatPeriod(period)} ${DAY_WORDS[kind].said}`;
}
