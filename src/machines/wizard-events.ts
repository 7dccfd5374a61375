import type { ProductExport } from '../domain/agreement';
import type { Period } from '../domain/calendar';
import type { SyncOption } from '../domain/change';
import type { LineEdit } from '../domain/grid';
import type { Problem } from '../domain/problem';
import type { ChosenBinding, SyncChoices } from '../domain/sync-choices';
import type { Step } from '../domain/sync-steps';

/** Ids, choices and problem codes; rows, lines and plans are looked up where they are needed. */
export interface WizardContext {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
  readonly assigned: boolean;
  readonly connection: string | null;
  readonly choices: SyncChoices;
  /** Steps that need no look: the partner left them, or they are remembered. */
  readonly done: readonly Step[];
  readonly problems: readonly Problem[];
  /** The usage that the choices were made over. */
  readonly fingerprint: string | null;
  readonly usageChanged: boolean;
  /** The confirmed plan set whose receipt is shown. */
  readonly set: string | null;
}

export interface WizardInput {
  readonly product: string;
  readonly site: string;
  readonly period: Period;
}

export type WizardEvent =
  | { readonly type: 'continue' | 'next' | 'back' | 'cancel' | 'company assigned' | 'look again' | 'delivered' | 'send the rest' }
  | { readonly type: 'go to'; readonly step: Step }
  | { readonly type: 'to the lines'; readonly bindings: readonly ChosenBinding[] }
  | { readonly type: 'choose connection'; readonly connection: string }
  | { readonly type: 'link company'; readonly link: { readonly id: string; readonly name: string } | null }
  | { readonly type: 'bind products'; readonly bindings: readonly ChosenBinding[] }
  | { readonly type: 'export product'; readonly exported: ProductExport }
  | { readonly type: 'unbind product'; readonly subProduct: string | null }
  | { readonly type: 'choose option'; readonly option: SyncOption }
  | { readonly type: 'select sub-product'; readonly subProduct: string; readonly selected: boolean }
  | { readonly type: 'choose agreement'; readonly agreementId: string }
  | { readonly type: 'edit line'; readonly slot: string; readonly edit: LineEdit }
  | { readonly type: 'choose ending'; readonly zero: 'date' | 'zero' }
  | { readonly type: 'confirm early'; readonly confirmed: boolean }
  | { readonly type: 'give late reason'; readonly reason: string }
  | { readonly type: 'confirm'; readonly plan: string }
  | { readonly type: 'usage changed'; readonly fingerprint: string };

/** What opening a customer finds: who it is, a delivery that is still open, and what is remembered of it. */
export interface Survey {
  readonly assigned: boolean;
  readonly set: string | null;
  readonly connection: string | null;
  readonly choices: SyncChoices;
  readonly done: readonly Step[];
  readonly fingerprint: string | null;
}

/** What a look at a step finds: why it cannot be left, and which steps still need no look. */
export interface Check {
  readonly problems: readonly Problem[];
  readonly choices: SyncChoices;
  readonly done: readonly Step[];
  readonly fingerprint: string | null;
}
