import type { Day, Period } from '../../src/domain/calendar';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import type { PsaFixture } from '../psa/fixture';

/** A line that bills, as the PSA's own tables hold it. `slot` is the sub-product, or `*` of a line for all; `company` is whose agreement it is on. */
export interface Held {
  readonly id: string;
  readonly site: string;
  readonly slot: string;
  readonly company: string;
  readonly product: string;
  readonly quantity: number;
  readonly price: number;
}

/** The same in the words of its row. `name` is the text of the line, or our key where the PSA has no text of its own. */
export interface Told {
  readonly id: string;
  readonly agreement: string;
  readonly name: string;
  readonly product: string;
  readonly quantity: number;
  readonly price: number;
}

/** How somebody changes a line in the PSA by hand. */
export type ByHand = 'another quantity' | 'deleted' | 'copied';

/** What somebody does to one line, and the day from which it holds. */
export interface HandEdit {
  readonly id: string;
  readonly how: ByHand;
  readonly quantity: number;
  /** Absent, the line keeps its price and its text. */
  readonly price?: number;
  readonly name?: string;
  readonly day: Day;
}

/** One PSA as the years need it: companies with one agreement each, and what its own tables say of them. Companies are numbered from 0. */
export interface PlayedPsa {
  readonly fixture: PsaFixture;
  readonly company: (at: number) => string;
  readonly agreement: (at: number) => string;
  readonly seed: (companies: readonly string[], products: readonly string[]) => SandboxState;
  /** Every agreement invoices on the last day of a month, and did so in all months before. */
  readonly invoices: (state: SandboxState, month: Period) => SandboxState;
  /** The recurring lines that stand on a day, those at quantity 0 among them. */
  readonly recurring: (state: SandboxState, day: Day) => readonly Told[];
  /** Every one-time line that was ever made. */
  readonly charges: (state: SandboxState) => readonly Told[];
  /** False where a one-time line does not say its product. */
  readonly chargesNameProducts: boolean;
  readonly changedByHand: (state: SandboxState, edit: HandEdit) => SandboxState;
}

/** The site and the sub-product that a text of the default template names; a one-time line without a key of ours names its month, too. */
export function placeNamed(name: string): Pick<Held, 'site' | 'slot'> {
  const [site = '', , ...rest] = name.split(' - ');
  const found = /^Proofpoint (Business|Pro)(?: 20\d\d-\d\d)?$/.exec(rest.join(' - '))?.[1];
  return { site, slot: found?.toLowerCase() ?? '*' };
}

export function withRows(state: SandboxState, table: string, work: (row: Row) => readonly Row[]): SandboxState {
  return { ...state, tables: { ...state.tables, [table]: rowsIn(state, table).flatMap(work) } };
}

/** The state with its next id taken. */
export function idsTaken(state: SandboxState, count: number): SandboxState {
  return { ...state, nextId: state.nextId + count };
}

export function rowsIn(state: SandboxState, table: string): readonly Row[] {
  return state.tables[table] ?? [];
}

/** A text or number of a row, by its dotted path. */
export function textOf(row: Row, path: string): string {
  const value = path.split('.').reduce<unknown>((part, name) => (part as Row | null | undefined)?.[name], row);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function numberOf(row: Row, path: string): number {
  return Number(textOf(row, path));
}

export function dayOf(row: Row, name: string): Day {
  return textOf(row, name).slice(0, 10);
}

export function instant(day: Day): string {
  return `${day}T00:00:00Z`;
}
