import type { Assignment, Company } from '../../domain/marketplace';
import type { Automation } from '../../domain/automation';
import type { Binding } from '../../domain/agreement';
import type { Json } from '../../domain/canonical';
import type { Decision } from '../../domain/decision';
import type { Decimal } from '../../domain/decimal';
import type { Ignore } from '../../domain/ignore';
import type { Pause } from '../../domain/pause';
import type { PriceVersion } from '../../domain/price';
import type { RuleVersion } from '../../domain/rule';
import type { Synced } from '../../domain/synced';
import type { DecisionNames } from '../../storage/decisions';
import type { CompanyLink } from '../../storage/rows';
import { MODES } from '../automation/auto-sync-words';
import { formatMoney, formatQuantity, plural } from '../format';
import { RULE_WORDS } from './rule';

/** A decision in words: what was decided, and of what. */
export interface DecisionWords {
  readonly what: string;
  readonly of: string;
}

/** What the rows of a decision say, with the names of today. A kind that is not known here is said as it is on record. */
export function sayDecision(decision: Decision, names: DecisionNames): DecisionWords {
  const say = SAID[decision.kind];
  return say?.(decision, names) ?? { what: capital(decision.kind), of: listed(decision.subject.split('\u001f').reverse()) };
}

type Say = (decision: Decision, names: DecisionNames) => DecisionWords;

const SAID: Readonly<Record<string, Say>> = {
  'company assigned': (decision, names) => {
    const company = (rowOf(decision) as Assignment | undefined)?.company ?? null;
    return {
      what: company === null ? 'Assignment ended' : `Assigned to ${named(names.companies, company)}`,
      of: customersOf(decision, names),
    };
  },
  'company linked': (decision, names) => linked(decision, names, 'Linked to'),
  'company unlinked': (decision, names) => linked(decision, names, 'Link ended to'),
  'company made': (decision) => ({ what: 'Company made', of: (rowOf(decision) as Company | undefined)?.name ?? '' }),
  'company changed': (decision) => ({ what: 'Company changed', of: (rowOf(decision) as Company | undefined)?.name ?? '' }),
  'price set': (decision, names) => {
    const {
      subProduct = '',
      company = null,
      price = null,
      cost = null,
      currency = null,
    } = (rowOf(decision) as PriceVersion | undefined) ?? {};
    if (decision.images.length > 1) return { what: 'Price list', of: plural(decision.images.length, 'entry', 'entries') };
    const money = (name: string, value: Decimal | null) => (value === null ? null : `${name} ${formatMoney(value, currency)}`);
    return {
      what: said(['Price list', listed([money('price', price), money('cost', cost)])]),
      of: listed([named(names.subProducts, subProduct), named(names.companies, company)]),
    };
  },
  'product bound': (decision, names) => bound(decision, names, 'Bound to'),
  'product exported': (decision, names) => bound(decision, names, 'Exported as'),
  'product unbound': (decision, names) => bound(decision, names, 'Unbound from'),
  'rule added': (decision, names) => ruled(decision, names, 'Rule added'),
  'rule ended': (decision, names) => ruled(decision, names, 'Rule ended'),
  'setting changed': ({ subject }, names) => {
    const [key = '', product] = subject.split(/:(.*)/s);
    return { what: 'Setting changed', of: listed([SETTINGS[key] ?? key, product === undefined ? null : named(names.products, product)]) };
  },
  'billing source chosen': ({ subject }, names) => ({ what: 'Billing source chosen', of: named(names.products, subject) }),
  'auto-sync set': (decision, names) => {
    const row = rowOf(decision) as Automation | undefined;
    const mode = MODES[row?.mode ?? 'off'];
    return {
      what: `Auto-sync: ${mode.charAt(0).toLowerCase()}${mode.slice(1)}`,
      of: listed([named(names.products, row?.product ?? decision.subject), named(names.connections, row?.connection ?? null)]),
    };
  },
  'auto-sync paused': (decision, names) => paused(decision, names, 'Auto-sync paused'),
  'pause taken back': (decision, names) => paused(decision, names, 'Auto-sync not paused any more'),
  'customer ignored': (decision, names) => ({
    what: said(['Ignored', quoted((rowOf(decision) as Ignore | undefined)?.reason)]),
    of: customersOf(decision, names),
  }),
  'ignore taken back': (decision, names) => ({ what: 'Not ignored any more', of: customersOf(decision, names) }),
  'line ignored': (decision, names) => ({
    what: said(['Line ignored', quoted((rowOf(decision) as Ignore | undefined)?.reason)]),
    of: lineOf(decision, names),
  }),
  'ignore of a line taken back': (decision, names) => ({ what: 'Line not ignored any more', of: lineOf(decision, names) }),
  'line accepted': (decision, names) => {
    const row = rowOf(decision) as Synced | undefined;
    const line = row?.lines.find(({ accepted }) => accepted?.at === decision.at);
    const quantity = line?.accepted?.quantity ?? null;
    return {
      what: said([`Accepted ${quantity === null ? 'that there is no line' : formatQuantity(quantity)}`, quoted(line?.accepted?.reason)]),
      of: listed([line?.name ?? customersOf(decision, names), named(names.connections, row?.connection ?? null)]),
    };
  },
};

const SETTINGS: Readonly<Record<string, string>> = {
  'own company': 'My own company',
  'name template': 'Line names',
  'arrears views': 'Saved views',
  'invoice day': 'Invoice day',
  threshold: 'Second look',
};

/** The row as the decision left it, or as it was before it went. */
function rowOf({ images }: Decision): unknown {
  const [first] = images;
  return first?.after ?? first?.before ?? undefined;
}

function linked(decision: Decision, names: DecisionNames, verb: string): DecisionWords {
  const row = rowOf(decision) as CompanyLink | undefined;
  return {
    what: `${verb} ${row?.psaName ?? ''}`,
    of: listed([named(names.companies, row?.company ?? decision.subject), named(names.connections, row?.connection ?? null)]),
  };
}

function bound(decision: Decision, names: DecisionNames, verb: string): DecisionWords {
  const row = rowOf(decision) as Binding | undefined;
  return {
    what: `${verb} ${row?.description ?? row?.identifier ?? ''}`,
    of: listed([placeIn(names, row?.product ?? '', row?.subProduct ?? null), named(names.connections, row?.connection ?? null)]),
  };
}

function ruled(decision: Decision, names: DecisionNames, verb: string): DecisionWords {
  const row = rowOf(decision) as RuleVersion | undefined;
  if (row === undefined) return { what: verb, of: decision.subject };
  return {
    what: `${verb}: ${RULE_WORDS[row.kind].name}`,
    of: listed([row.site ?? 'Every customer', placeIn(names, row.product, row.subProduct)]),
  };
}

function paused(decision: Decision, names: DecisionNames, what: string): DecisionWords {
  const { product = null, site = null, connection = null, reason } = (rowOf(decision) as Pause | undefined) ?? {};
  return {
    what: said([what, quoted(reason)]),
    of: listed([site, named(names.products, product), named(names.connections, connection)]),
  };
}

/** One customer by its site and product, several by their number. */
function customersOf({ images, subject }: Decision, names: DecisionNames): string {
  const customers = images.filter(({ after, before }) => isCustomer(after ?? before));
  if (customers.length > 1) return plural(customers.length, 'customer');
  const [product = '', site = ''] = subject.split('\u001f');
  return listed([site, named(names.products, product)]);
}

/** The key of a reconciled line begins with its connection. */
function lineOf(decision: Decision, names: DecisionNames): string {
  const row = rowOf(decision) as Ignore | undefined;
  const [connection = ''] = (row?.line ?? '').split('/');
  const isNobodys = row === undefined || row.product === '';
  return listed([
    isNobodys ? 'A line of no customer' : customersOf(decision, names),
    named(names.connections, connection === '' ? null : connection),
  ]);
}

function placeIn(names: DecisionNames, product: string, subProduct: string | null): string {
  return subProduct === null ? named(names.products, product) : named(names.subProducts, subProduct);
}

function named(names: ReadonlyMap<string, string>, key: string): string;
function named(names: ReadonlyMap<string, string>, key: string | null): string | null;
function named(names: ReadonlyMap<string, string>, key: string | null): string | null {
  return key === null ? null : (names.get(key) ?? key);
}

function listed(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

function said(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(': ');
}

function quoted(reason: string | undefined): string | null {
  return reason === undefined || reason === '' ? null : `“${reason}”`;
}

function isCustomer(row: Json): boolean {
  return row !== null && typeof row === 'object' && 'site' in row;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
