import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../../src/domain/catalogue';
import { isRecurring, SYNC_OPTIONS } from '../../src/domain/change';
import { decimalOf, ZERO } from '../../src/domain/decimal';
import { countMonth, type UsageImport } from '../../src/domain/month';
import { problem } from '../../src/domain/problem';
import { entriesByCustomer, siteCountOf, type SiteCount } from '../../src/domain/snapshot';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { recognise } from '../../src/sources';
import { proofpointEssentials } from '../../src/sources/proofpoint-essentials';
import { jsonFile } from '../fixtures/usage/files.ts';
import type { PsaFixture } from '../psa/fixture.ts';
import { SITE } from '../psa/journeys.ts';
import { binding, december } from '../support/grid.ts';
import { catalogueWith, usageImport, usageLine } from '../support/usage.ts';
import { billed, BUSINESS, everyPsa, lookAt, PERIOD, syncAt, under } from './customer.ts';

const RECURRING = SYNC_OPTIONS.filter(isRecurring);
const ONE_TIME = SYNC_OPTIONS.filter((option) => !isRecurring(option));

const ESSENTIALS = 'Proofpoint Essentials - Business';
const catalogue = catalogueWith(ESSENTIALS);
const [essentials] = [...catalogue.subProducts.values()];
const KEY = essentials?.key ?? '';

/** The organisation of the seed customer as Proofpoint Essentials answers it, with users who take no licence beside those who do. */
const ORGANISATION = {
  ...{ primary_domain: SITE, name: '1st West Insurance', type: 'organization', is_active: true, is_on_trial: false },
  ...{ licensing_package: 'business', active_users: 15, user_licenses: 18 },
};
const FUNCTIONAL = { primary_email: `reception@${SITE}`, type: 'functional_account', is_active: true, is_billable: true };
const NOT_BILLABLE = { primary_email: `owner@${SITE}`, type: 'end_user', is_active: true, is_billable: false };

/** A console that is the partner's own, not for resale: 51 users, of which 50 are free. */
const PARTNER = {
  ...ORGANISATION,
  primary_domain: 'brightharbor.example',
  name: 'Bright Harbor',
  type: 'strategic_partner',
  active_users: 51,
};

describe.each(everyPsa)('%s, users that Proofpoint does not count', (_, fixture) => {
  const { can } = fixture.adapter;
  const fewer = [
    ['no user is billable any more', 0, ZERO],
    ['three users are not billable any more', 12, '36'],
  ] as const;

  test.each(SYNC_OPTIONS)(
    '%s: functional accounts and users who are not billable are in no count, and the licences are told',
    async (option) => {
      const given = organised(fixture, { ...ORGANISATION, users: [FUNCTIONAL, NOT_BILLABLE] });
      const { grid, state } = await syncAt(fixture, option, given);
      expect([grid.totals.price, grid.warnings]).toEqual([
        '45',
        [problem('licences differ', { site: SITE, subProduct: ESSENTIALS, quantity: decimalOf(15), licences: decimalOf(18) })],
      ]);
      if (can.oneTime || isRecurring(option)) expect(billed(fixture, state)).toBe('45');
    },
  );

  test.each(under(fewer, RECURRING))('%s: %s, and the line follows', async (option, _name, active_users, money) => {
    const before = await syncAt(fixture, option, organised(fixture, ORGANISATION));
    const given = organised(fixture, { ...ORGANISATION, active_users });
    const { grid, state, plan } = await syncAt(fixture, option, given, before, { zero: 'zero' });
    expect(grid.lines.map(({ status }) => status)).toEqual([active_users === 0 ? 'Ending' : 'Updating']);
    if (can.change) expect(billed(fixture, state)).toBe(money);
    else expect([plan.requests.map(({ method }) => method), billed(fixture, state)]).toEqual([['HAND'], '45']);
  });

  test.each(under(fewer, ONE_TIME))(
    '%s: %s after they were charged, and the charge stays as it is',
    async (option, _name, active_users) => {
      const before = await syncAt(fixture, option, organised(fixture, ORGANISATION));
      if (!can.oneTime) {
        expect(before.plan.requests.map(({ method }) => method)).toEqual(['HAND']);
        return;
      }
      const { grid, problems } = lookAt(fixture, option, organised(fixture, { ...ORGANISATION, active_users }), before);
      expect(grid.lines.flatMap(({ changes }) => changes)).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual([active_users === 0 ? 'nothing to sync' : 'line was invoiced already']);
    },
  );
});

describe.each(everyPsa)('%s, users of the partner itself', (_, fixture) => {
  test.each(SYNC_OPTIONS)('%s: an organisation of the partner beside a customer is no customer and bills nothing', async (option) => {
    const { count } = organised(fixture, PARTNER, ORGANISATION);
    expect([count.site, count.counts.map(({ quantity }) => quantity)]).toEqual([SITE, ['15']]);
    const { plan } = await syncAt(fixture, option, organised(fixture, PARTNER, ORGANISATION));
    expect(plan.totals.price).toBe('45');
    expect(countsIn([PARTNER])).toEqual([]);
  });

  /** 50 of 51 users free of charge, as a marketplace reports them: the page does not guess a price, the partner says what is billed. */
  test.each(SYNC_OPTIONS)('%s: 50 free users and one at a price are refused until the partner says what is billed', async (option) => {
    const rows = [
      { quantity: decimalOf(50), unitPrice: ZERO },
      { quantity: decimalOf(1), row: 2 },
    ];
    const given = { count: december(...rows) };
    const refused = lookAt(fixture, option, given);
    expect(refused.problems.map(({ code }) => code)).toContain('prices differ within the count');
    expect(refused.grid.lines.flatMap(({ changes }) => changes)).toEqual([]);
    const slot = option === 'single line' || option === 'one-time single' ? '*' : BUSINESS;
    const edit = { price: decimalOf(3), cost: decimalOf('2.44'), syncedQuantity: decimalOf(1), reason: '50 are not for resale' };
    const { state, plan } = await syncAt(fixture, option, given, undefined, { edits: { [slot]: edit } });
    expect(plan.totals.price).toBe('3');
    if (fixture.adapter.can.oneTime || isRecurring(option)) expect(billed(fixture, state)).toBe('3');
  });
});

describe.each(everyPsa)('%s, when the vendor counted', (_, fixture) => {
  const { can } = fixture.adapter;

  test.each(SYNC_OPTIONS)('%s: a vendor that stopped posting on the 15th is billed by the 15th, and the day is shown', async (option) => {
    const { grid, state } = await syncAt(fixture, option, { count: december({ date: '2020-12-15' }) });
    expect(grid.warnings).toEqual([problem('count is stale', { site: SITE, period: PERIOD, date: '2020-12-15' })]);
    expect(grid.totals.price).toBe('45');
    if (can.oneTime || isRecurring(option)) expect(billed(fixture, state)).toBe('45');
  });

  test.each(SYNC_OPTIONS)('%s: a count after the 19th bills with a reason only, and the reason goes with the line', (option) => {
    const given = { count: december({ date: '2020-12-24' }) };
    const late = problem('count is late', { site: SITE, period: PERIOD, date: '2020-12-24' });
    const { problems } = lookAt(fixture, option, given);
    expect(problems).toEqual([late]);
    const excused = lookAt(fixture, option, given, undefined, { lateReason: 'the vendor was away' });
    expect([excused.problems, excused.grid.lines.map(({ reason }) => reason)]).toEqual([[], ['the vendor was away']]);
  });

  test.each(SYNC_OPTIONS)('%s: on the 2nd the month is not final and goes by the word of the partner alone, on the 3rd it is', (option) => {
    const early = { today: '2021-01-02' };
    expect(lookAt(fixture, option, early).problems).toEqual([problem('period is not final', { period: PERIOD, finalOn: '2021-01-03' })]);
    expect(lookAt(fixture, option, early, undefined, { confirmedEarly: true }).problems).toEqual([]);
    expect(lookAt(fixture, option, { today: '2021-01-03' }).problems).toEqual([]);
  });
});

/** The vendor credits an invoice and issues it again: the counts of the same day come a second time. */
describe.each(everyPsa)('%s, an invoice that was credited and issued again', (_, fixture) => {
  const { can } = fixture.adapter;
  const names = catalogueWith('Proofpoint Business');
  const first = usageImport([usageLine()]);
  const again = usageImport([usageLine({ quantity: decimalOf(13) })]);
  const reissued = { count: countOf([first, again], names) };

  test.each(RECURRING)('%s: the line takes the new count, and is never added to', async (option) => {
    const before = await syncAt(fixture, option, { count: countOf([first], names) });
    const { grid, state } = await syncAt(fixture, option, reissued, before);
    expect(grid.lines.map(({ status, syncedQuantity, total }) => [status, syncedQuantity, total])).toEqual([['Updating', '13', '39']]);
    if (can.change) expect(billed(fixture, state)).toBe('39');
  });

  test.each(ONE_TIME)('%s: a charge that was made is not made again for the new count', async (option) => {
    const before = await syncAt(fixture, option, { count: countOf([first], names) });
    if (!can.oneTime) {
      expect(before.plan.requests.map(({ method }) => method)).toEqual(['HAND']);
      return;
    }
    const { grid, problems } = lookAt(fixture, option, reissued, before);
    expect([problems.map(({ code }) => code), grid.lines.flatMap(({ changes }) => changes)]).toEqual([['line was invoiced already'], []]);
  });
});

test('neither a list of users nor an invoice is taken for usage', () => {
  const invoice = { type: 'invoice-credit', companyName: '1st West Insurance', quantity: 15, price: 3, total: -45, term: 'Arrears' };
  expect([
    recognise(jsonFile('users.json', { users: [FUNCTIONAL, NOT_BILLABLE] })),
    recognise(jsonFile('invoice.json', [invoice])),
  ]).toEqual([null, null]);
});

/** The one customer of these organisations, at 3.00 by the price list. */
function organised({ product }: PsaFixture, ...organisations: readonly object[]): Partial<SyncFacts> & { readonly count: SiteCount } {
  const [count] = countsIn(organisations);
  if (count === undefined) throw new Error('there is a customer');
  const listed = { price: decimalOf(3), cost: decimalOf('2.44'), currency: 'USD', company: null, from: null, until: null, seq: 1 };
  return {
    ...{ count, subProducts: [...catalogue.subProducts.values()], prices: [{ ...listed, subProduct: KEY }] },
    bindings: [null, KEY].map((subProduct) => binding(subProduct, product.id, { identifier: product.identifier })),
  };
}

function countsIn(organisations: readonly object[]): readonly SiteCount[] {
  const reading = { date: '2020-12-19', profile: null, summaries: new Set<string>() };
  const rows = [...proofpointEssentials.read(jsonFile('orgs.json', { orgs: organisations }), reading)];
  const lines = rows.flatMap(({ record }) => (record?.kind === 'usage' ? [record.line] : []));
  return countsOf([usageImport(lines, { source: 'proofpoint-essentials' })], catalogue);
}

function countsOf(imports: readonly UsageImport[], names: Catalogue): readonly SiteCount[] {
  const month = countMonth(imports, names, PERIOD);
  return entriesByCustomer(month).map((entries, customer) => siteCountOf(month, customer, entries, names));
}

function countOf(imports: readonly UsageImport[], names: Catalogue): SiteCount {
  const [count] = countsOf(imports, names);
  if (count === undefined) throw new Error('there is a customer');
  return count;
}
