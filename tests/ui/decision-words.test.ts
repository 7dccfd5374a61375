import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import type { ReconciledLine } from '../../src/domain/reconcile';
import { assignCompany } from '../../src/storage/assignments';
import { pauseAutoSync, liftPause, setAutomation } from '../../src/storage/automations';
import { chooseBillingSource } from '../../src/storage/billing-source';
import { bindProduct, unbind } from '../../src/storage/bindings';
import { saveCompany } from '../../src/storage/companies';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { decisionNames, newestDecisions } from '../../src/storage/decisions';
import { ignoreCustomers, liftIgnores } from '../../src/storage/ignores';
import { ignoreLine, liftLineIgnore } from '../../src/storage/line-ignores';
import { linkCompany, unlinkCompany } from '../../src/storage/links';
import { setPrices } from '../../src/storage/prices';
import { addRule, endRule } from '../../src/storage/rules';
import { changeSetting } from '../../src/storage/settings';
import { saveThreshold } from '../../src/storage/thresholds';
import { sayDecision } from '../../src/ui/copy/decision';
import { blankForm } from '../../src/ui/rules/rule-fields';
import { connectionOf } from '../delivery/scene';

const NOW = '2021-01-03T08:00:00.000Z';
const customer = { product: 'proofpoint', site: 'a.example' };
const company = { id: 'c', name: 'Acme', domains: [], externalId: null, status: 'active', source: 'partner' } as const;
const psaProduct = {
  id: '41',
  identifier: 'PP',
  description: 'Mail shield',
  price: null,
  cost: null,
  taxable: null,
  active: true,
  reference: null,
};
const business = { connection: 'cw', product: 'proofpoint', subProduct: 'proofpoint-business' };
const price = {
  subProduct: 'proofpoint-business',
  company: 'c',
  price: decimalOf(3),
  cost: null,
  currency: 'USD',
  from: null,
  until: null,
};
const line = { key: 'cw/tl1-1', name: 'A line', customer } as unknown as ReconciledLine;

test.each<[string, (db: Database) => Promise<unknown>, string, string]>([
  [
    'an assignment',
    (db) => assignCompany(db, NOW, { customer, company: 'c', from: null, evidence: 'partner' }),
    'Assigned to Acme',
    'a.example, Proofpoint',
  ],
  [
    'its end',
    (db) => assignCompany(db, NOW, { customer, company: null, from: null, evidence: 'partner' }),
    'Assignment ended',
    'a.example, Proofpoint',
  ],
  [
    'a link',
    (db) => linkCompany(db, NOW, { connection: 'cw', company: 'c', psaCompany: { id: '9', name: 'Acme PSA' } }),
    'Linked to Acme PSA',
    'Acme, Our ConnectWise',
  ],
  ['a company', (db) => saveCompany(db, NOW, { ...company, name: 'Acme Ltd' }), 'Company changed', 'Acme Ltd'],
  [
    'a binding',
    (db) => bindProduct(db, NOW, { ...business, psaProduct, from: null }),
    'Bound to Mail shield',
    'Proofpoint Business, Our ConnectWise',
  ],
  [
    'a binding of the product',
    (db) => bindProduct(db, NOW, { ...business, subProduct: null, psaProduct, from: null }),
    'Bound to Mail shield',
    'Proofpoint, Our ConnectWise',
  ],
  ['a price', (db) => setPrices(db, NOW, [price]), 'Price list: price $3.00', 'Proofpoint Business, Acme'],
  ['several prices', (db) => setPrices(db, NOW, [price, { ...price, company: null }]), 'Price list', '2 entries'],
  [
    'an ignore',
    (db) => ignoreCustomers(db, NOW, { customers: [customer], reason: 'ours', until: null }),
    'Ignored: “ours”',
    'a.example, Proofpoint',
  ],
  [
    'several ignores',
    (db) => ignoreCustomers(db, NOW, { customers: [customer, { ...customer, site: 'b' }], reason: 'ours', until: null }),
    'Ignored: “ours”',
    '2 customers',
  ],
  ['the end of an ignore', (db) => liftIgnores(db, NOW, [customer]), 'Not ignored any more', 'a.example, Proofpoint'],
  ['an ignored line', (db) => ignoreLine(db, NOW, line, 'known'), 'Line ignored: “known”', 'a.example, Proofpoint, Our ConnectWise'],
  [
    'an ignored line of nobody',
    (db) => ignoreLine(db, NOW, { ...line, customer: null }, 'known'),
    'Line ignored: “known”',
    'A line of no customer, Our ConnectWise',
  ],
  ['the end of that', (db) => liftLineIgnore(db, NOW, line), 'Line not ignored any more', 'a.example, Proofpoint, Our ConnectWise'],
  [
    'a rule',
    (db) => addRule(db, NOW, { ...blankForm('proofpoint', '', '2020-12'), kind: 'minimum', quantity: '5' }),
    'Rule added: Minimum',
    'Every customer, Proofpoint',
  ],
  ['a setting', (db) => changeSetting(db, NOW, 'own company', 'c'), 'Setting changed', 'My own company'],
  [
    'a limit of one product',
    (db) => saveThreshold(db, NOW, 'proofpoint', { percent: 10, amount: null }),
    'Setting changed',
    'Second look, Proofpoint',
  ],
  ['a source', (db) => chooseBillingSource(db, NOW, 'proofpoint', 'pax8'), 'Billing source chosen', 'Proofpoint'],
  [
    'a mode',
    (db) => setAutomation(db, NOW, { connection: 'cw', product: 'proofpoint', mode: 'send' }),
    'Auto-sync: send by itself',
    'Proofpoint, Our ConnectWise',
  ],
  [
    'a pause',
    (db) => pauseAutoSync(db, NOW, { place: { connection: 'cw', product: null, site: null }, reason: 'move', until: null }),
    'Auto-sync paused: “move”',
    'Our ConnectWise',
  ],
  ['its end', (db) => liftPause(db, NOW, { connection: null, ...customer }), 'Auto-sync not paused any more', 'a.example, Proofpoint'],
])('%s is said in words and names', async (_, command, what, of) => {
  const db = await opened();
  await command(db);
  const [newest] = await newestDecisions(db, 1);
  if (newest === undefined) throw new Error('there is a decision');
  expect(sayDecision(newest, await decisionNames(db))).toEqual({ what, of });
});

test('what ends a binding, a link and a rule names what it was', async () => {
  const db = await opened();
  await bindProduct(db, NOW, { ...business, psaProduct, from: null });
  await unbind(db, NOW, { ...business, from: '2021-01' });
  await linkCompany(db, NOW, { connection: 'cw', company: 'c', psaCompany: { id: '9', name: 'Acme PSA' } });
  await unlinkCompany(db, NOW, 'cw', 'c');
  await addRule(db, NOW, { ...blankForm('proofpoint', '', '2020-12'), kind: 'minimum', quantity: '5' });
  const [rule] = await db.rules.toArray();
  await endRule(db, NOW, { seq: rule?.seq ?? 0, from: '2021-01' });
  const names = await decisionNames(db);
  expect((await newestDecisions(db, 9)).map((decision) => sayDecision(decision, names))).toEqual([
    { what: 'Rule ended: Minimum', of: 'Every customer, Proofpoint' },
    { what: 'Rule added: Minimum', of: 'Every customer, Proofpoint' },
    { what: 'Link ended to Acme PSA', of: 'Acme, Our ConnectWise' },
    { what: 'Linked to Acme PSA', of: 'Acme, Our ConnectWise' },
    { what: 'Unbound from Mail shield', of: 'Proofpoint Business, Our ConnectWise' },
    { what: 'Bound to Mail shield', of: 'Proofpoint Business, Our ConnectWise' },
  ]);
});

test('a kind that is not known is said as it is on record, and a key without a name is said itself', async () => {
  const names = await decisionNames(await opened());
  const decision = { seq: 1, at: NOW, images: [], undone: null, kind: 'thing done', subject: 'x\u001fy' };
  expect(sayDecision(decision, names)).toEqual({ what: 'Thing done', of: 'y, x' });
  expect(sayDecision({ ...decision, kind: 'billing source chosen', subject: 'unheard' }, names)).toEqual({
    what: 'Billing source chosen',
    of: 'unheard',
  });
});

async function opened(): Promise<Database> {
  const db = await openDatabase(`decision-words-${crypto.randomUUID()}`, { newId: () => 'uuid' });
  await db.companies.add(company);
  await db.connections.add(connectionOf());
  await db.products.add({ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] });
  await db.subProducts.add({ key: 'proofpoint-business', product: 'proofpoint', name: 'Proofpoint Business', ids: [] } as never);
  return db;
}
