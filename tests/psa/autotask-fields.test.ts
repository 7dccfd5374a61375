import { describe, expect, test } from 'vitest';
import { ALONE, type Around, type Change } from '../../src/domain/change';
import { gridFor } from '../../src/domain/sync-grid';
import { stepProblems } from '../../src/domain/sync-steps';
import { problem } from '../../src/domain/problem';
import { autotask } from '../../src/psa/autotask';
import { createSandbox } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { choicesOf, factsAt } from '../conformance/customer.ts';
import { connectionOf } from '../delivery/scene';
import { chargeChange, createChange, d, exportChange, NOTHING, updateChange } from '../support/plans.ts';
import { contractRow, fixture, tables } from './fixtures/autotask.ts';
import { rowsOf } from './journeys.ts';

/** A tenant that says something else of some fields. */
const tenant = (fields: readonly Row[], more: Readonly<Record<string, readonly Row[]>> = {}): SandboxState =>
  createSandbox({ psa: 'autotask', tables: { ...tables, ...more, fields: fields.map((row, n) => ({ id: n + 1, ...row })) } });
const readIn = (state: SandboxState): Around => {
  const { rules } = autotask.read.lookups();
  return { ...ALONE, lookups: { rules: rules === undefined ? [] : rowsOf(fixture, state, rules) }, readable: true };
};
const around = (...fields: readonly Row[]) => readIn(tenant(fields));
const field = (entity: string, name: string, rest: Row): Row => ({ entity, name, ...rest });
const product = (name: string) => exportChange({ product: { ...exportChange().product, ...fixture.exported, name } });
const named = (name: string) => createChange({ after: { ...createChange().after, name } });
const charged = (name: string) => chargeChange({ after: { ...chargeChange().after, name } });

function problemsOf(change: Change, given: Around) {
  const made = autotask.requests(change, given);
  return made.ok ? [] : made.error;
}

function bodyOf(change: Change, given: Around) {
  const made = autotask.requests(change, given);
  return made.ok ? made.value.at(-1)?.body : made.error;
}

describe('the length of a field is what the tenant says, from both sides', () => {
  test.each<[string, string, (text: string) => Change, number, string]>([
    ['ContractServices', 'invoiceDescription', named, 40, 'name'],
    ['ContractServices', 'invoiceDescription', named, 1200, 'name'],
    ['ContractServices', 'internalDescription', (lineKey) => createChange({ lineKey }), 36, 'line key'],
    ['ContractCharges', 'description', charged, 60, 'name'],
    ['ContractCharges', 'purchaseOrderNumber', (lineKey) => chargeChange({ lineKey }), 36, 'line key'],
    ['Services', 'name', product, 20, 'name'],
    ['Services', 'externalID', (reference) => exportChange({ ...product('x'), reference }), 36, 'reference'],
  ])('%s.%s', (entity, name, change, length, said) => {
    const given = around(field(entity, name, { length }));
    const over = 'x'.repeat(length + 1);
    expect([problemsOf(change('x'.repeat(length)), given), problemsOf(change(over), given)]).toEqual([
      [],
      [problem('text is too long', { field: said, value: over, limit: length })],
    ]);
  });

  test('the title of a charge is cut to it, and its text holds the name whole', () => {
    const given = around(field('ContractCharges', 'name', { length: 10 }));
    expect([bodyOf(charged('x'.repeat(10)), given), bodyOf(charged('x'.repeat(11)), given)]).toMatchObject([
      { name: 'x'.repeat(10), description: 'x'.repeat(10) },
      { name: 'x'.repeat(10), description: 'x'.repeat(11) },
    ]);
  });

  test.each([
    ['ContractServices', 'invoiceDescription'],
    ['ContractCharges', 'description'],
  ])('a line’s name is cut to %s.%s in the grid, and the page says so', (entity, name) => {
    const lengths = [65, 64].map((length) => {
      const facts = factsAt(fixture, { lookups: around(field(entity, name, { length })).lookups });
      const [line] = gridFor(facts, choicesOf(fixture, 'multi-product'), autotask).lines;
      return [line?.name.length, line?.warnings.map(({ code }) => code)];
    });
    expect(lengths).toEqual([
      [65, []],
      [64, ['name was cut']],
    ]);
  });

  test('where it says none, the documented one holds', () => {
    const given = around(field('ContractServices', 'invoiceDescription', { length: null }));
    expect([problemsOf(named('x'.repeat(1000)), given), problemsOf(named('x'.repeat(1001)), given).map(({ code }) => code)]).toEqual([
      [],
      ['text is too long'],
    ]);
  });
});

describe('a field that the tenant requires and that is not sent is said before a plan exists', () => {
  test.each<[string, string, string, Change]>([
    ['ContractCharges', 'notes', 'contract charge', chargeChange()],
    ['Services', 'sku', 'service', product('x')],
    ['ContractServiceAdjustments', 'quoteItemID', 'contract service adjustment', createChange()],
    ['ContractServiceAdjustments', 'quoteItemID', 'contract service adjustment', updateChange()],
    ['ContractCharges', 'unitCost', 'contract charge', chargeChange({ after: { ...chargeChange().after, cost: null } })],
  ])('%s.%s', (entity, name, record, change) => {
    const optional = around(field(entity, name, { isRequired: false }));
    const required = around(field(entity, name, { isRequired: true }));
    expect([problemsOf(change, optional), problemsOf(change, required)]).toEqual([
      [],
      [problem('field is required', { field: name, record })],
    ]);
  });

  test('what is sent is not missing, nor is what the tenant fills itself', () => {
    const given = around(field('ContractCharges', 'unitCost', { isRequired: true }), field('Services', 'id', { isRequired: true }));
    const itself = around(field('ContractCharges', 'createDate', { isRequired: true, isReadOnly: true }));
    expect([problemsOf(chargeChange(), given), problemsOf(product('x'), given), problemsOf(chargeChange(), itself)]).toEqual([[], [], []]);
  });
});

describe('rules that were never read', () => {
  const unread = [problem('choices were never read', { what: 'rules of its fields' })];
  const old: Around['lookups'] = { rules: (fixture.lookups.rules ?? []).filter(({ id }) => !id.startsWith('read=')) };
  test.each<[string, Change]>([
    ['a new line', createChange()],
    ['another quantity', updateChange()],
    ['another price', updateChange({ after: { ...NOTHING, price: d('4') } })],
    ['a charge', chargeChange()],
    ['an export', product('x')],
  ])('are no permission: %s waits for them', (_, change) => {
    const problems = problemsOf(change, { ...ALONE, lookups: old, readable: true });
    expect([...new Map(problems.map((one) => [one.code, one])).values()]).toEqual(unread);
    expect(problemsOf(change, { ...ALONE, lookups: old, readable: false })).toEqual([]);
  });

  test('hold up the summary once, and not by file, where nothing can be read', () => {
    const summary = (protocol: 'psa' | 'file') => {
      const connection = connectionOf({ psa: 'autotask', tenant: 'acme', protocol });
      return stepProblems('summary', factsAt(fixture, { connection, lookups: {} }), choicesOf(fixture, 'multi-product'), autotask);
    };
    expect([summary('psa'), summary('file')]).toEqual([unread, []]);
  });
});

describe('labels that the tenant has otherwise are asked for, never guessed', () => {
  const choices = [
    { value: '2', label: 'Aktiviert', isActive: true, isDefaultValue: false, sortOrder: 1 },
    { value: '1', label: 'Betrieb', isActive: true, isDefaultValue: false, sortOrder: 2 },
  ];

  test('the type of a charge, where none of several is the default', () => {
    const several = around(field('ContractCharges', 'chargeType', { picklistValues: choices }));
    const single = around(field('ContractCharges', 'chargeType', { picklistValues: choices.slice(1) }));
    const asked = [problem('choice is needed', { field: 'charge type', choices: ['Aktiviert', 'Betrieb'] })];
    const said = { ...several, settings: { chargeType: 'betrieb' } };
    expect([problemsOf(chargeChange(), several), bodyOf(chargeChange(), said), bodyOf(chargeChange(), single)]).toMatchObject([
      asked,
      { chargeType: 1 },
      { chargeType: 1 },
    ]);
  });

  test('the billing code of a charge, where no use of codes is called material', () => {
    const given = around(field('BillingCodes', 'useType', { picklistValues: [{ ...choices[0], value: '4', label: 'Materialcode ' }] }));
    const german = around(field('BillingCodes', 'useType', { picklistValues: [{ ...choices[0], value: '4', label: 'Ware' }] }));
    const asked = [problem('choice is needed', { field: 'billing code', choices: ['Recurring cloud', 'Software'] })];
    const said = { ...german, settings: { billingCode: 'Software' } };
    expect([bodyOf(chargeChange(), given), problemsOf(chargeChange(), german), bodyOf(chargeChange(), said)]).toMatchObject([
      { billingCodeID: 72 },
      asked,
      { billingCodeID: 72 },
    ]);
  });

  test.each([
    ['chargeType', 'charge type', '7'],
    ['billingCode', 'billing code', '73'],
  ])('an id of %s that the tenant does not offer is refused', (setting, said, value) => {
    const given = { ...around(), settings: { [setting]: value } };
    expect(problemsOf(chargeChange(), given)).toEqual([problem('value is not accepted', { field: said, value })]);
  });

  const words = [
    field('Contracts', 'contractType', { picklistValues: [{ ...choices[0], value: '17', label: 'Wiederkehrend' }] }),
    field('Contracts', 'status', { picklistValues: [{ ...choices[0], value: '1', label: 'Laufend' }] }),
    field('Contracts', 'contractPeriodType', { picklistValues: [{ ...choices[0], value: '1', label: 'Monatlich' }] }),
  ];
  const settings = { contractType: 'wiederkehrend', contractStatus: 'Laufend', monthlyPeriod: 'Monatlich' };
  const { contractType, ...others } = settings;
  test.each<[string, Readonly<Record<string, string>>, readonly ReturnType<typeof problem>[]]>([
    ['nothing', {}, [problem('agreement takes no services', { agreement: 'Managed Services', type: 'Wiederkehrend' })]],
    [
      'the type',
      { contractType },
      [
        problem('word is not known', { agreement: 'Managed Services', what: 'status', found: 'Laufend' }),
        problem('word is not known', { agreement: 'Managed Services', what: 'period', found: 'Monatlich' }),
      ],
    ],
    ['all but the type', others, [problem('agreement takes no services', { agreement: 'Managed Services', type: 'Wiederkehrend' })]],
    ['all of them', settings, []],
  ])('the words of a contract, where the connection says %s', (_, said, refusals) => {
    const [contract] = rowsOf(fixture, tenant(words), autotask.read.agreements('7'));
    if (contract === undefined) throw new Error('no contract');
    const use = { period: '2020-12', today: '2021-01-03', currency: 'USD', option: 'multi-product', settings: said } as const;
    expect(autotask.judge(contract, use).refusals).toEqual(refusals);
  });

  test('a status that the tenant does not name, and a period that is known to be another', () => {
    const state = tenant([], { contracts: [contractRow({ status: 99 }), contractRow({ id: 13, contractPeriodType: 2 })] });
    const use = { period: '2020-12', today: '2021-01-03', currency: 'USD', option: 'multi-product' } as const;
    expect(rowsOf(fixture, state, autotask.read.agreements('7')).map((one) => autotask.judge(one, use).refusals)).toEqual([
      [problem('word is not known', { agreement: 'Managed Services', what: 'status', found: null })],
      [problem('agreement is not monthly', { agreement: 'Managed Services', cycle: 'Quarterly' })],
    ]);
  });

  test('the wizard judges with the words of the connection', () => {
    const agreements = rowsOf(fixture, tenant(words), autotask.read.agreements('7'));
    const refusals = [{}, settings].map((said) => {
      const connection = connectionOf({ psa: 'autotask', tenant: 'acme', settings: said });
      return stepProblems('agreement', factsAt(fixture, { agreements, connection }), choicesOf(fixture, 'multi-product'), autotask);
    });
    expect(refusals.map((all) => all.map(({ code }) => code))).toEqual([['agreement takes no services'], []]);
  });
});
