import { describe, expect, test } from 'vitest';
import { billableCount } from '../../src/domain/billable';
import { decimalOf } from '../../src/domain/decimal';
import { draftOf } from '../../src/domain/draft';
import type { Grid, GridInput } from '../../src/domain/grid';
import { gridOf } from '../../src/domain/lines';
import { freezePlan, planText, PlanSchema } from '../../src/domain/plan';
import type { RuleVersion } from '../../src/domain/rule';
import type { SiteCount } from '../../src/domain/snapshot';
import { syncedKey, type Synced } from '../../src/domain/synced';
import { connectwise } from '../../src/psa/connectwise';
import { agreement, december, gridInput, psaLine, syncedLine } from '../support/grid';
import { counted, exclusion, included, minimum, rule } from '../support/rules';
import { catalogueWith } from '../support/usage';

const SITE = '1stwestinsurance.com';
const CUSTOMER = `proofpoint\u001f${SITE}`;
const KEY = gridOf(gridInput()).lines[0]?.lineKey ?? '';
const { subProducts } = catalogueWith('Proofpoint Business', 'Proofpoint Advanced', 'Proofpoint Pro');
const two = december({}, { subProductName: 'Proofpoint Pro', quantity: decimalOf(5), unitPrice: decimalOf(6), unitCost: decimalOf(4) });

describe('a line under a rule', () => {
  test('is made with what bills, and still shows what was counted and why they differ', () => {
    const least = minimum(20);
    const [line] = grid([least]).lines;
    expect(line).toMatchObject({ status: 'Creating', quantity: '15', syncedQuantity: '20', price: '3', total: '60', blocks: [] });
    expect(line?.rules).toEqual([{ rule: least, before: '15', after: '20' }]);
    expect(line?.changes).toMatchObject([{ kind: 'create', after: { quantity: '20', price: '3' } }]);
  });

  test('needs a reason where the partner writes what was counted over what bills', () => {
    const edits = { 'proofpoint-business': { syncedQuantity: decimalOf(15) } };
    expect(grid([minimum(20)], { edits }).lines.map(({ blocks }) => blocks.map(({ code }) => code))).toEqual([['reason is missing']]);
  });

  test('is unchanged while the PSA holds what bills, whatever was counted', () => {
    expect(grid([minimum(20)], held('20')).lines.map(({ status, changes }) => [status, changes])).toEqual([['Unchanged', []]]);
  });

  test('goes up to a minimum also where the customer counts a true 0', () => {
    const lines = grid([minimum(20)], { ...held('15'), count: december({ quantity: decimalOf(0) }) }).lines;
    expect(lines.map(({ status, quantity, syncedQuantity }) => [status, quantity, syncedQuantity])).toEqual([['Updating', '0', '20']]);
  });

  test('goes up to the commitment of a sub-product that is not reported any more', () => {
    const lines = grid([minimum(20, { site: SITE, subProduct: 'proofpoint-business' })], {
      ...held('15'),
      count: december({ subProductName: 'Proofpoint Pro' }),
    }).lines;
    expect(lines.map(({ slot, status, quantity, syncedQuantity }) => [slot, status, quantity, syncedQuantity])).toEqual([
      ['proofpoint-business', 'Updating', '0', '20'],
      ['proofpoint-pro', 'Creating', '15', '15'],
    ]);
  });

  test('is not touched where nobody counted the site', () => {
    const { lines, blocks } = grid([minimum(20, { site: SITE, subProduct: 'proofpoint-business' }), exclusion()], {
      ...held('15'),
      count: december(),
    });
    expect([lines, blocks.map(({ code }) => code)]).toEqual([[], ['no usage reported']]);
  });

  test('is blocked where its quantity is missing', () => {
    const { lines, blocks } = grid([minimum(20)], { count: december({ quantity: null }) });
    expect([lines, blocks.map(({ code }) => code)]).toEqual([[], ['quantity is missing']]);
  });

  test('that is single adds up what bills, and what was counted', () => {
    const [line] = grid([minimum(20, { subProduct: 'proofpoint-business' })], { count: two, option: 'single line' }).lines;
    expect([line?.quantity, line?.syncedQuantity, line?.total]).toEqual(['20', '25', '90']);
    const uneven = grid([minimum(22, { subProduct: 'proofpoint-business' })], { count: two, option: 'single line' }).lines[0];
    expect([uneven?.quantity, uneven?.syncedQuantity, uneven?.price]).toEqual(['1', '1', '96']);
    expect(uneven?.name).toContain('(22 Proofpoint Business, 5 Proofpoint Pro)');
    const even = grid([minimum(20)], { option: 'single line' }).lines[0];
    expect([even?.quantity, even?.syncedQuantity, even?.total]).toEqual(['15', '20', '60']);
  });

  test('shows the price of a rule beside the one that the PSA bills, and pushes it when told to', () => {
    const dearer = rule({ kind: 'markup', percent: decimalOf(50), overCost: null, least: null, currency: null });
    const kept = grid([dearer], held('15')).lines[0];
    expect([kept?.status, kept?.price, kept?.marketplacePrice]).toEqual(['Unchanged', '3.5', '3.66']);
    const pushed = grid([dearer], { ...held('15'), edits: { 'proofpoint-business': { pushPrice: true } } }).lines[0];
    expect([pushed?.status, pushed?.price, pushed?.total]).toEqual(['Updating', '3.66', '54.9']);
  });

  test('still warns where its price is below its cost', () => {
    const cheap = rule({ kind: 'price rounding', places: 0, currency: null });
    const lines = grid([cheap], { count: december({ unitPrice: decimalOf('2.44'), unitCost: decimalOf('2.4') }) }).lines;
    expect(lines[0]?.warnings).toEqual([{ code: 'price is below cost', subProduct: 'Proofpoint Business', price: '2', cost: '2.4' }]);
  });
});

describe('an excluded customer', () => {
  const out = exclusion({ site: SITE, reason: 'Our own organisation' });
  const why = { code: 'usage is not billed by a rule', subProduct: 'Proofpoint Business', kind: 'exclusion', counted: '15' } as const;

  test('gets no line, and is told with the money it would be', () => {
    const { lines, left, blocks, withheld } = grid([out]);
    expect([lines, left, blocks, withheld]).toEqual([
      [],
      [{ subProduct: 'proofpoint-business', name: 'Proofpoint Business', reason: { ...why, reason: 'Our own organisation' }, money: '45' }],
      [],
      [],
    ]);
  });

  test('has its line ended like any other, with what was counted and why', () => {
    const [line, ...others] = grid([out], held('15')).lines;
    expect([others, grid([out], held('15')).left]).toEqual([[], []]);
    expect(line).toMatchObject({ status: 'Ending', quantity: '15', syncedQuantity: '0', rules: [{ rule: out, before: '15', after: '0' }] });
    expect(line?.warnings).toEqual([{ ...why, reason: 'Our own organisation' }]);
    expect(line?.changes).toMatchObject([{ kind: 'end', lineId: '900', how: 'date', after: { endDate: '2020-12-31' } }]);
  });

  test('has its line ended also while usage without a customer keeps true zeros unproven', () => {
    const count = december({});
    const unproven = { ...count, warnings: [{ code: 'usage has no customer yet', rows: 2 } as const] };
    expect(grid([out], { ...held('15'), count: unproven }).lines.map(({ status }) => status)).toEqual(['Ending']);
  });

  test('of one sub-product keeps the others', () => {
    const one = exclusion({ site: SITE, subProduct: 'proofpoint-pro', reason: 'Pilot' });
    expect(grid([one], { count: two }).lines.map(({ slot, status }) => [slot, status])).toEqual([['proofpoint-business', 'Creating']]);
  });

  test('whose counts differ in price is not asked for one', () => {
    const count = december({}, { unitPrice: decimalOf(4) });
    expect(billed(count, [out]).blocks).toEqual([]);
    expect(count.blocks.map(({ code }) => code)).toEqual(['prices differ within the count']);
  });
});

test('of a missed month only the difference to what bills is charged', () => {
  const given = { option: 'one-time itemised', held: new Map([['proofpoint-business', decimalOf(12)]]) } as const;
  const shown = (rules: readonly RuleVersion[]) => grid(rules, given).lines.map(({ syncedQuantity, price }) => [syncedQuantity, price]);
  expect([shown([]), shown([minimum(20)]), shown([included(10)])]).toEqual([[['3', '3']], [['8', '3']], [['7', '-3']]]);
});

describe('a plan', () => {
  test('without a rule that changes something is, byte for byte, what it was before there were rules', () => {
    const plain = planOf([]);
    expect(plain.inputs).toEqual({ imports: ['import'], bindings: ['proofpoint/proofpoint-business#1'], prices: [] });
    expect(planText(planOf([minimum(15), minimum(30, { site: 'acme.com' })]))).toBe(planText(plain));
    expect(plain.id).toBe(BEFORE_RULES);
  });

  test('names the versions of the rules that changed something, and is another plan', () => {
    const [least, older] = [minimum(20, { seq: 7 }), minimum(30, { until: '2020-11' })];
    const plan = planOf([older, least]);
    expect(plan.inputs.rules).toEqual(['proofpoint/#7']);
    expect(plan.id).not.toBe(planOf([]).id);
    expect(planText(planOf([older, least]))).toBe(planText(plan));
    expect(PlanSchema.safeParse(plan).success).toBe(true);
  });

  test('differs by the rule alone, where two come to the same', () => {
    expect(planOf([minimum(20)]).id).not.toBe(planOf([minimum(20)]).id);
  });

  test('names the rule that ends a line', () => {
    const plan = planOf([exclusion({ seq: 9 })], held('15'));
    expect([plan.inputs.rules, plan.lines.map(({ status, quantity, syncedQuantity }) => [status, quantity, syncedQuantity])]).toEqual([
      ['proofpoint/#9'],
      [['Ending', '15', '0']],
    ]);
  });
});

/** The id of the seed customer's plan, as the version before the rules made it. */
const BEFORE_RULES = '14e002c85d7daf9ef3356841f78b5ebbf47592da970b06761c24d6816b49c530';

test('a count by hand is the count of a file', () => {
  expect(december({}).counts.map(({ evidence: _, ...count }) => count)).toEqual([counted(15)].map(({ evidence: _, ...count }) => count));
});

function billed(count: SiteCount, rules: readonly RuleVersion[]): SiteCount {
  return billableCount(count, { rules, company: 'c1', prices: [], subProducts });
}
function grid(rules: readonly RuleVersion[], given: Partial<GridInput> = {}): Grid {
  const input = gridInput(given);
  return gridOf({ ...input, count: billed(input.count, rules) });
}
function held(quantity: string): Partial<GridInput> {
  const line = { quantity: decimalOf(quantity) };
  const synced: Synced = {
    ...{ key: syncedKey(CUSTOMER, 'cw'), customer: CUSTOMER, connection: 'cw', company: 'c1', agreementId: '12' },
    ...{ option: 'multi-product', lines: [syncedLine({ lineKey: KEY, ...line })], withheld: null },
  };
  return { psaLines: [psaLine({ key: KEY, ...line })], synced };
}
function planOf(rules: readonly RuleVersion[], given: Partial<GridInput> = {}) {
  const company = {
    company: { id: 'c1', name: 'West', domains: [], externalId: null, status: 'active', source: 'pax8' },
    psaId: '250',
  } as const;
  const draft = draftOf(grid(rules, given), {
    ...{ psa: 'connectwise', connection: { name: 'Ours', tenant: 'brightharbor' }, company, vendor: 'Proofpoint', agreement },
    ...{ customer: { product: 'proofpoint', site: SITE }, period: '2020-12', option: 'multi-product', imports: ['import'] },
  });
  const plan = freezePlan(draft, connectwise.requests);
  if (!plan.ok) throw new Error(plan.error.map(({ code }) => code).join());
  return plan.value;
}
