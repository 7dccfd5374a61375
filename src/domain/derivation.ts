import type { Binding } from './agreement';
import type { Day, Period } from './calendar';
import type { Decimal } from './decimal';
import type { Assignment } from './marketplace';
import type { AppliedRule } from './rule';
import type { SiteCount } from './snapshot';

export type Figure = 'quantity' | 'price' | 'cost' | 'total';
interface Counted {
  readonly name: string;
  readonly quantity: Decimal | null;
}

/** What each step of a derivation tells, by its code. Whatever a step does to a figure is a code here and a sentence of `ui/copy/derivation.ts`. */
export interface StepData {
  row: { name: string; file: string; row: number; date: Day; importedAt: string; trial: boolean };
  'import is gone': { importId: string };
  'rows are summed': { name: string; quantities: readonly (Decimal | null)[] };
  'not reported': { name: string; date: Day };
  'not counted': { period: Period };
  /** `reason` is the partner's, of a late count. */
  date: { how: SiteCount['how']; date: Day; period: Period; snapshotDay: Day; reason: string | null };
  /** The source that bills, and what others, which are compared and never added, count. */
  source: { source: string; compared: readonly { readonly source: string; readonly name: string; readonly quantity: Decimal | null }[] };
  /** A rule of the partner, with the number that it found. */
  'by a rule': { figure: Figure; name: string; applied: AppliedRule };
  'counts are summed': { counts: readonly Counted[] };
  'one for all': { counts: readonly Counted[] };
  'missed month': { counted: Decimal | null; held: Decimal | null };
  credit: { figure: Figure };
  'of the usage': { figure: Figure; name: string };
  'costs are averaged': { name: string; costs: readonly Decimal[] };
  'of the price list': {
    figure: Figure;
    name: string;
    version: number;
    ofCompany: boolean;
    from: Period | null;
    until: Period | null;
    currency: string;
  };
  'nobody says': { figure: Figure; name: string };
  weighted: { figure: Figure; quantity: Decimal };
  'sum of all': { figure: Figure };
  edited: { figure: Figure; before: Decimal | null; reason: string | null };
  rounded: { figure: Figure; before: Decimal; digits: number };
  'held by the PSA': { figure: Figure; ours: Decimal | null };
  /** A confirmed plan holds another number than what it rested on gives today. */
  frozen: { figure: Figure; derived: Decimal | null };
  /** `reason` is the partner's, where it was ended by hand. */
  'line ends': { moves: boolean; reason: string | null };
  'taken back': { reason: string };
  multiplied: { quantity: Decimal; price: Decimal; currency: string; exact: Decimal };
  'not multiplied': { missing: 'quantity' | 'price' | 'currency' };
  /** `evidence` is null where the version that held is not here any more. */
  company: { name: string; since: Period | null; evidence: Assignment['evidence'] | null };
  'no company': { site: string };
  binding: { identifier: string; topLevel: boolean; origin: Binding['origin']; since: Period | null; version: number };
  /** It was bound with the sync itself, so it has no version that is older. */
  'bound here': { identifier: string; topLevel: boolean };
}

/** One step: what happened, what the figure was after it (null where nobody knows, or where it is no number), and what it came from. */
export type Step = {
  [W in keyof StepData]: { readonly what: W; readonly value: Decimal | null; readonly from: Readonly<StepData[W]> };
}[keyof StepData];

/** How each figure of a line came about, in order, and whom and what it is mapped to. */
export type Derivation = Readonly<Record<Figure | 'mapping', readonly Step[]>>;

export function step<W extends keyof StepData>(what: W, value: Decimal | null, from: StepData[W]): Step {
  return { what, value, from } as unknown as Step;
}

/** A figure on its way: the steps so far and the number that they gave. */
export interface Trail {
  readonly value: Decimal | null;
  readonly steps: readonly Step[];
}

/** The trail with a step more, which changes the number to the step's. */
export function followedBy({ steps }: Trail, next: Step): Trail {
  return { value: next.value, steps: [...steps, next] };
}
