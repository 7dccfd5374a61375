import { describe, expect, test } from 'vitest';
import { slugOf } from '../../src/domain/marketplace.ts';
import { proofpointEssentials } from '../../src/sources/proofpoint-essentials.ts';
import { file, jsonFile } from '../fixtures/usage/files.ts';

const org = {
  primary_domain: '1stWestInsurance.com',
  name: '1st West Insurance',
  type: 'organization',
  is_active: true,
  is_on_trial: false,
  licensing_package: 'business',
  user_licenses: 20,
  active_users: 15,
};
const read = (value: unknown) => [
  ...proofpointEssentials.read(jsonFile('orgs.json', value), { date: '2020-12-19', profile: null, summaries: new Set() }),
];
const usage = {
  date: '2020-12-19',
  site: '1stWestInsurance.com',
  summary: null,
  account: '1st West Insurance',
  company: null,
  product: 'Proofpoint',
  subProductId: null,
  subProductName: 'Proofpoint Essentials - Business',
  unit: 'User',
  currency: null,
  quantity: '15',
  unitPrice: null,
  unitCost: null,
  total: null,
  licences: '20',
  trial: false,
  file: 'orgs.json',
  row: 1,
};

describe('an organisation', () => {
  test('counts its active users and keeps the licences beside them', () => {
    expect(read({ orgs: [org] }).map(({ record, problems }) => [record, problems])).toEqual([[{ kind: 'usage', line: usage }, []]]);
  });

  test('with a plus package has the slug of the marketplace', () => {
    const names = ['professional_plus', 'advanced', 'beginner_plus'].map((licensing_package) => {
      const { record } = read([{ ...org, licensing_package }])[0]!;
      return record?.kind === 'usage' ? [record.line.subProductName, slugOf(record.line.subProductName)] : null;
    });
    expect(names).toEqual([
      ['Proofpoint Essentials - Professional+', 'proofpoint-essentials-professional-plus'],
      ['Proofpoint Essentials - Advanced', 'proofpoint-essentials-advanced'],
      ['Proofpoint Essentials - Beginner+', 'proofpoint-essentials-beginner-plus'],
    ]);
  });

  test('that is a partner or a channel is no usage', () => {
    const above = ['strategic_partner', 'channel', 'oem_partner'].map((type) => ({ ...org, type }));
    expect(read({ orgs: [...above, org] }).map(({ record, problems }) => [record?.kind ?? null, problems.length])).toEqual([
      [null, 0],
      [null, 0],
      [null, 0],
      ['usage', 0],
    ]);
  });

  test('without active users is unknown, not 0', () => {
    const [row] = read([{ ...org, active_users: null }]);
    expect(row?.record).toEqual({ kind: 'usage', line: { ...usage, quantity: null } });
    expect(row?.problems.map(({ column, severity }) => [column, severity])).toEqual([['active_users', 'warning']]);
  });

  test('on trial says so, however the flag is written', () => {
    const trials = [true, 1, 'true', false, 0, null].map((is_on_trial) => {
      const { record } = read([{ ...org, is_on_trial }])[0]!;
      return record?.kind === 'usage' && record.line.trial;
    });
    expect(trials).toEqual([true, true, true, false, false, false]);
  });

  test('is recognised by its fields and carries no date', () => {
    expect(proofpointEssentials.recognise(jsonFile('any.txt', { orgs: [org] }))).toEqual({
      source: 'proofpoint-essentials',
      kind: 'orgs',
      undated: true,
    });
    expect(proofpointEssentials.recognise(file('orgs.json', '{"orgs":[]}'))).toBeNull();
  });

  test('without a domain is a bad row, also where it is the first of its file', () => {
    const orgs = { orgs: [{ ...org, primary_domain: null }, org] };
    expect(proofpointEssentials.recognise(jsonFile('orgs.json', orgs))?.kind).toBe('orgs');
    expect(read(orgs).map(({ record, problems }) => [record, problems])).toEqual([
      [
        null,
        [
          {
            file: 'orgs.json',
            row: 1,
            column: 'primary_domain',
            value: '',
            reason: 'primary_domain is missing',
            severity: 'error',
          },
        ],
      ],
      [{ kind: 'usage', line: { ...usage, row: 2 } }, []],
    ]);
  });
});
