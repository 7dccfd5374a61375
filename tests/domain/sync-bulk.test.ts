import { expect, test } from 'vitest';
import type { Connection } from '../../src/domain/agreement';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { DEFAULT_TEMPLATE } from '../../src/domain/line-name';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { cleanPlans } from '../../src/domain/sync-bulk';
import { connectwise } from '../../src/psa/connectwise';
import { agreement, december } from '../support/grid';

test('a missed month is the wizard’s: many customers at once are not charged beside its invoice', () => {
  const memory = { option: 'one-time itemised', zero: 'date', agreementId: '12' } as const;
  expect(cleanPlans({ ...FACTS, period: '2020-11' }, memory, connectwise)).toEqual({
    ok: false,
    error: [{ code: 'option is refused', option: 'one-time itemised', reason: 'not the newest final period' }],
  });
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
