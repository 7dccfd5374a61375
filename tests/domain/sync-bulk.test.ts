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

test.each(['2018-12-31', '2021-02-01'])(
  'new lines of many cannot begin on %s: before the agreement, or after the month that is invoiced',
  (date) => {
    const memory = { option: 'multi-product', zero: 'date', agreementId: '12' } as const;
    const begun = { ...FACTS, agreements: [{ ...agreement, startDate: '2019-01-01' }] };
    expect(cleanPlans(begun, memory, connectwise, date)).toEqual({
      ok: false,
      error: [{ code: 'effective date is out of range', site: '1stwestinsurance.com', date, first: '2019-01-01', last: '2021-01-31' }],
    });
  },
);

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
