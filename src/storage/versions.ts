/** The tables of version 1. Released versions are never edited. */
const FIRST = {
  meta: 'key',
  settings: 'key',
  audit: 'seq, kind',
  imports: 'id, seq, state, source',
  usage: '[importId+slice], importId',
  rejects: '[importId+slice], importId',
  profiles: 'id',
  companies: 'id',
  products: 'key',
  subProducts: 'key, product',
  subscriptions: 'id, productId',
  summaries: 'id',
  assignments: '[product+site+seq], [product+site]',
  prices: '[subProduct+seq], subProduct',
  connections: 'id',
  secrets: 'connection',
  links: '[connection+company], connection',
  mirrors: '[connection+kind+scope], [connection+kind]',
  bindings: '[connection+product+seq], [connection+product]',
  choices: '[customer+connection], customer',
  wizards: 'customer',
  synced: 'key, customer, connection',
  plans: 'id, seq, customer, connection, state, set',
  deliveries: 'id, plan, state, connection',
  receipts: 'id, plan, delivery',
  sandboxes: 'connection',
  ledger: '[connection+n], connection',
} as const;

const SECOND = {
  ...FIRST,
  ignores: '[product+site+seq], [product+site]',
  rules: 'seq, product',
  automations: '[connection+product], connection',
  pauses: 'seq',
  undos: 'seq',
} as const;

const THIRD = { ...SECOND, audit: 'seq, kind, at', journal: 'seq', bases: 'hash' } as const;

/** Every version names every table: one that is left out is deleted with its data. */
export const VERSIONS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  1: FIRST,
  2: SECOND,
  3: THIRD,
  /** From here on the journal tells a row by the one that followed it: a page of before would read nothing there. */
  4: THIRD,
};
