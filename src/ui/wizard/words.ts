import type { Protocol } from '../../domain/agreement';
import { isRecurring, type SyncOption } from '../../domain/change';
import type { LineStatus } from '../../domain/grid';
import type { PsaAdapter } from '../../psa/psa';
import { formatList } from '../format';

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
  Ending: { tone: 'warn', shape: 'dash', means: 'Nothing is billed any more; the line ends' },
};

type Able = Pick<PsaAdapter, 'can' | 'words'>;

/** What a PSA leaves to the partner, said before an option is chosen; nothing where everything is a request that can be read back. */
export function leftToYou({ can, words }: Able): readonly string[] {
  const { psa, lines } = words;
  const byHand = handWorkNames({ can, words });
  return [
    ...(byHand.length === 0
      ? []
      : [
          `${can.recurring ? `New ${lines} are sent. ` : ''}By hand: ${formatList(byHand)}, because ${psa} has no request for them. They come as a list to print, download and tick off, and the customer’s next sync waits until it is ticked off or given up.`,
        ]),
    ...(can.readBack
      ? []
      : [
          `${psa} lets nobody read its ${lines} back. So nothing is looked for before it is sent and nothing is counted afterwards: ${lines} that are there already are not seen, and a double is not found. A request without an answer is never sent again by itself; it waits until you have looked.`,
          `What this page takes for held by ${psa} is what was last sent or ticked off here. Do not change those ${lines} in ${psa} without it.`,
        ]),
  ];
}

/** The same in a few words, for a card; null where nothing is left to the partner. */
export function leftInShort(able: Able): string | null {
  const byHand = handWorkNames(able);
  const parts = [...(byHand.length === 0 ? [] : [`By hand: ${formatList(byHand)}`]), ...(able.can.readBack ? [] : ['cannot be read back'])];
  return parts.length === 0 ? null : parts.join('; ');
}

/** What an option means at a PSA that has not a request for everything. */
export function optionNote(option: SyncOption, { can, words }: Able): string | null {
  const { psa, lines } = words;
  if (isByHand('Creating', option, can))
    return `All of it is hand-work: ${psa} has no request for ${isRecurring(option) ? lines : 'one-time lines'}.`;
  return isByHand('Updating', option, can) ? `New ${lines} are sent. Next month’s changes and ends are hand-work.` : null;
}

/** Whether what a line needs is left to the partner. */
export function isByHand(status: LineStatus, option: SyncOption, can: PsaAdapter['can']): boolean {
  if (status === 'Unchanged') return false;
  if (status === 'Creating') return isRecurring(option) ? !can.recurring : !can.oneTime;
  return !can.change;
}

function handWorkNames({ can, words: { lines } }: Able): readonly string[] {
  return [
    ...(can.recurring ? [] : [`new ${lines}`]),
    ...(can.change ? [] : [`changes and ends of ${lines}`]),
    ...(can.oneTime ? [] : ['one-time lines']),
  ];
}
