import { expect, test } from 'vitest';
import type { Connection } from '../../src/domain/agreement';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { DEFAULT_TEMPLATE } from '../../src/domain/line-name';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { judgeFor } from '../../src/domain/sync-rules';
import { connectwise } from '../../src/psa/connectwise';
import { agreement, december } from '../support/grid';

test('an agreement is refused when the price list that prices the lines is in another currency', () => {
  const counted = december({ currency: null, unitPrice: null, unitCost: null });
  const list = { subProduct: 'proofpoint-business', company: null, price: decimalOf(3), cost: decimalOf(2), currency: 'EUR' };
  const facts = { ...FACTS, count: counted, prices: [{ ...list, from: null, until: null, seq: 1 }] };
  expect(judgeFor(facts, NO_CHOICES, connectwise, agreement).refusals).toEqual([
    { code: 'agreement is in another currency', agreement: 'Managed Services', expected: 'EUR', found: 'USD' },
  ]);
});

test('where the PSA does not say the currency of its agreements, the connection does', () => {
  const facts = { ...FACTS, count: december({ currency: 'EUR' }) };
  expect(judgeFor(facts, NO_CHOICES, connectwise, { ...agreement, currency: null }).refusals).toEqual([
    { code: 'agreement is in another currency', agreement: 'Managed Services', expected: 'EUR', found: 'USD' },
  ]);
});

const CONNECTION: Connection = {
  ...{ id: 'cw', psa: 'connectwise', name: 'Ours', protocol: 'file', url: null, tenant: 'acme', currency: 'USD', rateLimit: 1000 },
  ...{ quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
};
const FACTS: SyncFacts = {
  ...{ customer: { product: 'proofpoint', site: '1stwestinsurance.com' }, connection: CONNECTION, vendor: 'Proofpoint' },
  ...{ productName: 'Proofpoint', company: null, link: null, count: december({}), lastMonth: null, subProducts: [], prices: [] },
  ...{
    bindings: [],
    agreements: [agreement],
    agreementsReadAt: null,
    oldAgreements: [],
    psaLines: [],
    linesReadAt: null,
    olderKinds: [],
    synced: null,
    held: null,
  },
  ...{ subscriptionStart: null, period: '2020-12', today: '2021-01-03', calendar: DEFAULT_CALENDAR, template: DEFAULT_TEMPLATE },
  ...{ imports: [], fingerprint: '', linesByAgreement: new Map(), lookups: {} },
};
