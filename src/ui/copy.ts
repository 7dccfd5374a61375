import type { MatchReason } from '../domain/match';
import type { Problem, ProblemData } from '../domain/problem';
import type { ChangeReason, Flag } from '../domain/standing';
import { AGREEMENT } from './copy/agreement';
import { ASSIGNMENT } from './copy/assignment';
import { AUTOMATION } from './copy/automation';
import { CONNECTION } from './copy/connection';
import { DELIVERY } from './copy/delivery';
import { ENTRY } from './copy/entry';
import { IMPORT } from './copy/import';
import { LINE } from './copy/line';
import { MONEY } from './copy/money';
import { PLAN } from './copy/plan';
import { RULE } from './copy/rule';
import { STORAGE } from './copy/storage';
import { USAGE } from './copy/usage';
import type { Copy, Sentences } from './copy/sentences';

/** The sentence of a problem. */
export function say(problem: Problem): Copy {
  const sentence = SENTENCES[problem.code] as (data: Problem) => Copy;
  return sentence(problem);
}

/** The same on one line, for tables and lists. */
export function sayShort(problem: Problem): string {
  const { title, detail } = say(problem);
  return `${title}. ${detail}`;
}

const SENTENCES: Sentences<ProblemData> = {
  ...USAGE,
  ...ASSIGNMENT,
  ...MONEY,
  ...RULE,
  ...AGREEMENT,
  ...LINE,
  ...ENTRY,
  ...PLAN,
  ...CONNECTION,
  ...DELIVERY,
  ...IMPORT,
  ...AUTOMATION,
  ...STORAGE,
  unexpected: ({ message }) => ({
    title: 'Something unexpected happened',
    detail: message,
    action: 'Reload the page; what was saved is still there.',
  }),
};

/** Why something is suggested. */
export function sayMatch(reason: MatchReason): string {
  switch (reason.kind) {
    case 'same domain':
      return `Same domain as ${reason.domain}`;
    case 'same external id':
      return `Same external id, ${reason.id}`;
    case 'named by the usage':
      return 'Named by the usage itself';
    case 'same name':
      return 'Same name after removing endings, spaces and legal forms';
    case 'name against evidence':
      return `Only the name is alike: ${reason.own} here, ${reason.theirs} in the PSA`;
    case 'same reference':
      return `Same reference, ${reason.reference}`;
    case 'similar name':
      return `Similar name: “${reason.left}” and “${reason.right}”`;
  }
}

/** How a customer row stands, in text, shape and colour. */
export const FLAGS = {
  synced: { text: 'Synced', tone: 'good', shape: 'check' },
  changed: { text: 'Changed', tone: 'info', shape: 'change' },
  'never synced': { text: 'Never synced', tone: 'note', shape: 'dot' },
  'needs company': { text: 'Needs company', tone: 'warn', shape: 'alert' },
  blocked: { text: 'Needs a look', tone: 'bad', shape: 'warning' },
  'nothing to bill': { text: 'Nothing to bill', tone: 'plain', shape: 'dash' },
} as const satisfies Record<Flag, { text: string; tone: string; shape: string }>;

/** Why a line of Arrears Subscriptions needs a sync. */
export const REASONS: Readonly<Record<ChangeReason, string>> = {
  new: 'New, not in the PSA yet',
  'quantity changed': 'Quantity changed',
  gone: 'No longer counted',
  'company changed': 'Company changed',
  'agreement ended': 'Agreement has ended',
  'product changed': 'Bound to another product',
  'price changed': 'Price changed since last month',
  'cost changed': 'Cost changed since last month',
};
