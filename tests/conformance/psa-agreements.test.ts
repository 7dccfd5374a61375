import { describe, expect, test } from 'vitest';
import type { Agreement } from '../../src/domain/agreement';
import type { Company } from '../../src/domain/marketplace';
import { problem, type Problem } from '../../src/domain/problem';
import { gridFor } from '../../src/domain/sync-grid';
import { stepProblems } from '../../src/domain/sync-steps';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { openLinks, standsAlone, suggestPsaCompanies } from '../../src/ui/automation/suggest';
import { AGREEMENT_STATES, type AgreementState, type PsaFixture } from '../psa/fixture.ts';
import { rowsOf } from '../psa/journeys.ts';
import { december } from '../support/grid.ts';
import { agreementsIn, choicesOf, everyPsa, factsAt, under } from './customer.ts';

/** What the page answers; `words` are those in which the PSA's own record came. */
const REFUSALS: Readonly<Record<AgreementState, (words: Agreement) => readonly Problem[]>> = {
  'not in force': ({ name, status }) => [
    problem(status === 'cancelled' ? 'agreement is cancelled' : 'agreement is inactive', { agreement: name }),
  ],
  ended: ({ name }) => [problem('agreement is ended', { agreement: name, on: '2020-11-30' })],
  'not monthly': ({ name, cycle }) => [problem('agreement is not monthly', { agreement: name, cycle })],
  'not started': ({ name }) => [problem('agreement has not started', { agreement: name, startDate: '2021-03-05' })],
  'started late': () => [],
  'in euros': ({ name }) => [problem('agreement is in another currency', { agreement: name, expected: 'USD', found: 'EUR' })],
};

/** What a PSA whose record cannot say a state leaves open: then nothing of it is refused. */
const UNSAID: Readonly<Record<AgreementState, Partial<Agreement>>> = {
  'not in force': {},
  ended: { endDate: null },
  'not monthly': { cycle: 'Monthly', monthly: true },
  'not started': { startDate: null },
  'started late': { startDate: null },
  'in euros': { currency: null },
};

describe.each(everyPsa)('%s, the agreements that are hard', (_, fixture) => {
  const { adapter } = fixture;

  test.each(under(AGREEMENT_STATES.map((state) => [state] as const)))('%s on an agreement that is %s', (option, state) => {
    const row = fixture.agreementStates[state];
    const agreements = agreementsIn(fixture, withAgreement(fixture, row ?? {}));
    const agreement = agreements.find(({ id }) => id === fixture.agreementId);
    if (agreement === undefined) throw new Error('the agreement is not among those of its company');
    const facts = factsAt(fixture, { agreements });
    const refusals = stepProblems('agreement', facts, choicesOf(fixture, option), adapter);
    if (row === null) expect([refusals, agreement]).toEqual([[], { ...agreement, ...UNSAID[state] }]);
    else expect(refusals).toEqual(REFUSALS[state](agreement));
  });

  test('the effective date is never before the start of the agreement', () => {
    const row = fixture.agreementStates['started late'];
    const facts = factsAt(fixture, { agreements: agreementsIn(fixture, withAgreement(fixture, row ?? {})) });
    const { lines } = gridFor(facts, choicesOf(fixture, 'multi-product'), adapter);
    expect(lines.map(({ effectiveDate }) => effectiveDate)).toEqual([row === null ? '2020-07-01' : '2020-09-15']);
  });

  test.each(under([['euros'] as const]))('%s: usage in %s never goes onto an agreement in dollars', (option) => {
    const facts = factsAt(fixture, { count: december({ currency: 'EUR' }) });
    const [agreement] = facts.agreements ?? [];
    expect(stepProblems('agreement', facts, choicesOf(fixture, option), adapter)).toEqual([
      problem('agreement is in another currency', { agreement: agreement?.name ?? '', expected: 'EUR', found: 'USD' }),
    ]);
  });

  test.each(under([['two currencies'] as const]))('%s: one count in %s is refused, and never added', (option) => {
    const rows = [{}, { subProductName: 'Proofpoint Pro', currency: 'EUR', row: 2 }];
    const facts = factsAt(fixture, { count: december(...rows) });
    expect(stepProblems('grid', facts, choicesOf(fixture, option), adapter)).toEqual([
      problem('currencies differ within the count', { site: '1stwestinsurance.com', subProduct: '', currencies: ['USD', 'EUR'] }),
    ]);
  });
});

describe.each(everyPsa)('%s, two customers that nobody can tell apart', (_, fixture) => {
  const [table, id] = fixture.companyTable;
  const companiesIn = (state: SandboxState) => rowsOf(fixture, state, fixture.adapter.read.companies());
  const twin = (state: SandboxState): SandboxState => ({
    ...state,
    tables: {
      ...state.tables,
      [table]: (state.tables[table] ?? []).flatMap((row) =>
        isRow(row, id, fixture.companyId) ? [row, { ...row, [id]: typeof row[id] === 'number' ? 8888 : '8888' }] : [row],
      ),
    },
  });

  test.each([
    ['of one name', []],
    ['that own one domain', ['1stwestinsurance.com']],
  ])('%s: both are suggested, and neither is linked or ticked in advance', (_name, domains) => {
    const own: Company = { id: 'c1', name: '1st West Insurance', domains, externalId: null, status: 'active', source: 'pax8' };
    const alone = openLinks([own], companiesIn(fixture.sandbox()));
    expect(alone.map(({ sure }) => sure?.psaCompany.id)).toEqual([fixture.companyId]);
    const psaCompanies = companiesIn(twin(fixture.sandbox()));
    const found = suggestPsaCompanies(own, psaCompanies);
    expect(found.map(({ item }) => item.id).sort()).toEqual([fixture.companyId, '8888'].sort());
    expect([standsAlone(found), openLinks([own], psaCompanies).map(({ sure }) => sure)]).toEqual([null, [null]]);
  });

  test('the agreement belongs to its own customer, and to nobody where only a name says whose it is', () => {
    const state = twin(fixture.sandbox());
    const { read, placed } = fixture.adapter;
    const ownersOf = (companyId: string | null) =>
      rowsOf(fixture, state, read.agreements(companyId))
        .filter((each) => each.id === fixture.agreementId)
        .map((each) => each.companyId);
    expect([ownersOf(fixture.companyId), ownersOf('8888')]).toEqual([[fixture.companyId], []]);
    expect(ownersOf(null)).toEqual([placed === undefined ? fixture.companyId : 'name:1st West Insurance']);
  });
});

function withAgreement({ sandbox, agreementTable: [table, id], agreementId }: PsaFixture, parts: Row): SandboxState {
  const state = sandbox();
  const rows = (state.tables[table] ?? []).map((row): Row => (isRow(row, id, agreementId) ? { ...row, ...parts } : row));
  return { ...state, tables: { ...state.tables, [table]: rows } };
}

function isRow(row: Row, field: string, id: string): boolean {
  return row[field] === id || row[field] === Number(id);
}
