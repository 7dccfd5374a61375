import type { Protocol } from '../../domain/agreement';
import type { SyncOption } from '../../domain/change';
import type { LineStatus } from '../../domain/grid';

/** How lines reach the PSA. */
export const PROTOCOLS: Readonly<Record<Protocol, string>> = {
  file: 'By sync file, carried by you',
  psa: 'Sent to the PSA',
  relay: 'Sent through your relay',
  sandbox: 'Sandbox inside this page',
};

/** The four options with what each means. */
export const OPTION_WORDS: Readonly<Record<SyncOption, { readonly name: string; readonly means: string; readonly when: string }>> = {
  'multi-product': {
    name: 'Multi-product',
    means: 'One recurring line for each sub-product. Next month only the quantity is pushed.',
    when: 'Every month',
  },
  'single line': { name: 'Single line', means: 'One recurring line with the sum of all quantities.', when: 'Every month' },
  'one-time itemised': {
    name: 'One-time itemised',
    means: 'One line for each sub-product, for this month alone.',
    when: 'This month only',
  },
  'one-time single': { name: 'One-time single', means: 'One line with the month’s total.', when: 'This month only' },
};

export const STATUS_WORDS: Readonly<
  Record<
    LineStatus,
    {
      readonly tone: 'good' | 'info' | 'note' | 'warn' | 'plain';
      readonly shape: 'check' | 'change' | 'dot' | 'dash';
      readonly means: string;
    }
  >
> = {
  Creating: { tone: 'note', shape: 'dot', means: 'The PSA has no such line yet; it is made' },
  Updating: { tone: 'info', shape: 'change', means: 'Only what changed is pushed' },
  Unchanged: { tone: 'good', shape: 'check', means: 'The PSA holds it already' },
  Ending: { tone: 'warn', shape: 'dash', means: 'Nothing is counted any more; the line ends' },
};
