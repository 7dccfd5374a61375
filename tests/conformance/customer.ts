import type { PsaLine } from '../../src/domain/agreement';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { SYNC_OPTIONS, type SyncOption } from '../../src/domain/change';
import { add, decimalOf, lineTotal, type Decimal } from '../../src/domain/decimal';
import { DEFAULT_TEMPLATE } from '../../src/domain/line-name';
import type { Plan } from '../../src/domain/plan';
import { lineKeyOf } from '../../src/domain/plan';
import { planSetFor } from '../../src/domain/sync';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { stepProblems } from '../../src/domain/sync-steps';
import { customerKey } from '../../src/domain/marketplace';
import { syncedKey, type Synced, type SyncedLine } from '../../src/domain/synced';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { connectionOf } from '../delivery/scene';
import { delivered } from '../psa/deliver.ts';
import type { HeldLine, PsaFixture } from '../psa/fixture.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { billing, linesIn, rowsOf, SITE, TODAY } from '../psa/journeys.ts';
import { binding, december, gridInput } from '../support/grid.ts';
import { fixture as newcomer } from './newcomer.ts';

export const BUSINESS = 'proofpoint-business';
export const PRO = 'proofpoint-pro';
export const PERIOD = '2020-12';
const CUSTOMER = { product: 'proofpoint', site: SITE };

/** Quantities and prices that a vendor reports: whole, halves, prices with more digits than cents, a free product. */
export const COUNTS: readonly (readonly [quantity: string, price: string, cost: string])[] = [
  ...[['15', '3', '2.44'] as const, ['1', '0.01', '0.01'] as const, ['50', '2.055', '1.999'] as const],
  ...[['12.5', '4', '3'] as const, ['3', '5.33', '3.46'] as const, ['51', '0', '0'] as const],
];

/** Every PSA of the registry, and the one that nobody registered. */
export const everyFixture: readonly PsaFixture[] = [...fixtures, newcomer];

/** The same, by its name in the titles of tests. */
export const everyPsa = everyFixture.map((fixture) => [fixture.adapter.id, fixture] as const);

/** Each case under each option. */
export function under<T extends readonly unknown[]>(cases: readonly T[], options: readonly SyncOption[] = SYNC_OPTIONS) {
  return options.flatMap((option) => cases.map((each) => [option, ...each] as const));
}

/** The seed customer at this PSA, on the agreement that its sandbox holds; give only what the test is about. */
export function factsAt(fixture: PsaFixture, given: Partial<SyncFacts> = {}): SyncFacts {
  const { adapter, tenant, settings, product, companyId, agreementId, lookups } = fixture;
  const bound = { psaProductId: product.id, identifier: product.identifier };
  const psaLines = adapter.can.readBack ? (given.psaLines ?? []) : null;
  const { subProducts } = gridInput();
  return {
    ...{
      customer: CUSTOMER,
      connection: connectionOf({ psa: adapter.id, tenant, settings }),
      vendor: 'Proofpoint',
      productName: 'Proofpoint',
    },
    company: { id: 'c1', name: '1st West Insurance', domains: [], externalId: null, status: 'active', source: 'pax8' },
    ...{ link: { id: companyId, name: '1st West Insurance' }, count: december({}), lastMonth: null, subProducts, prices: [] },
    bindings: [null, BUSINESS, PRO].map((subProduct) => binding(subProduct, product.id, bound)),
    agreements: agreementsIn(fixture, fixture.sandbox()),
    ...{ agreementsReadAt: null, oldAgreements: [], psaLines, linesReadAt: null, olderKinds: [], lookups, synced: null, held: null },
    linesByAgreement: new Map([[agreementId, linesIn(fixture, fixture.sandbox())]]),
    ...{ subscriptionStart: '2020-07-01', period: PERIOD, today: TODAY, calendar: DEFAULT_CALENDAR, template: DEFAULT_TEMPLATE },
    ...{ imports: [], fingerprint: '', ...given },
  };
}

export function choicesOf({ agreementId }: PsaFixture, option: SyncOption, given: Partial<SyncChoices> = {}): SyncChoices {
  return { ...NO_CHOICES, option, agreementId, ...given };
}

/** The company's agreements as this PSA answers them. */
export function agreementsIn(fixture: PsaFixture, state: SandboxState) {
  return rowsOf(fixture, state, fixture.adapter.read.agreements(fixture.companyId));
}

/** What the page knows of lines of ours: what it remembers, and what the PSA shows where it shows any. */
export function knowing(
  fixture: PsaFixture,
  state: SandboxState,
  synced: Synced | null,
): Pick<SyncFacts, 'psaLines' | 'linesByAgreement' | 'synced'> {
  const lines = linesIn(fixture, state);
  return {
    psaLines: fixture.adapter.can.readBack ? lines.filter((line) => isOurs(line, synced)) : null,
    linesByAgreement: new Map([[fixture.agreementId, lines]]),
    synced,
  };
}

/** HaloPSA's sandbox holds somebody's own line of the same product, and it would be offered for adoption. */
function isOurs({ id, key, kind }: PsaLine, synced: Synced | null): boolean {
  return key !== null || kind === 'one-time' || synced?.lines.some(({ lineId }) => lineId === id) === true;
}

/** The plan of one sync, as Confirm Sync would freeze it. */
export function planFor(fixture: PsaFixture, facts: SyncFacts, choices: SyncChoices): Plan {
  const plans = planSetFor(facts, choices, fixture.adapter);
  const plan = plans.ok ? plans.value[0]?.plan : undefined;
  if (plan === undefined) throw new Error(JSON.stringify(plans));
  return plan;
}

/** What PSA and page hold of this customer. */
export interface Held {
  readonly state: SandboxState;
  readonly synced: Synced | null;
}

/** One Confirm Sync, delivered: the grid that was confirmed, its plan, and what PSA and page hold afterwards. */
export async function syncAt(
  fixture: PsaFixture,
  option: SyncOption,
  given: Partial<SyncFacts>,
  before?: Held,
  chosen?: Partial<SyncChoices>,
) {
  const { state: start, synced: memory } = before ?? { state: fixture.sandbox(), synced: null };
  const facts = factsAt(fixture, { ...knowing(fixture, start, memory), ...given });
  const choices = choicesOf(fixture, option, chosen);
  const plan = planFor(fixture, facts, choices);
  const grid = gridFor(facts, choices, fixture.adapter);
  const outcome = await delivered(fixture, { held: [], plans: () => [plan] }, null, { start, memory, withheld: grid.withheld });
  return { ...outcome, grid, plan };
}

/** The grid of one sync, and everything that stands in its way. */
export function lookAt(fixture: PsaFixture, option: SyncOption, given: Partial<SyncFacts>, before?: Held, chosen?: Partial<SyncChoices>) {
  const known = before === undefined ? {} : knowing(fixture, before.state, before.synced);
  const facts = factsAt(fixture, { ...known, ...given });
  const choices = choicesOf(fixture, option, chosen);
  return { grid: gridFor(facts, choices, fixture.adapter), problems: stepProblems('summary', facts, choices, fixture.adapter) };
}

/** Last month's line of ours: 12 at 3.00 (cost 2.44), as the PSA holds it and as the page remembers it; `byHand` is what somebody changed since. */
export function lastMonth(fixture: PsaFixture, option: SyncOption, byHand?: Partial<HeldLine>): Held {
  const { adapter, tenant, agreementId, lineIds, product } = fixture;
  const subProduct = option === 'single line' ? 'proofpoint/*' : BUSINESS;
  const identity = { psa: adapter.id, tenant, agreementId, vendor: 'Proofpoint', site: SITE, subProduct, option, period: '2020-11' };
  const lineKey = lineKeyOf(identity);
  const name = adapter.limits.keepsName === false ? product.identifier : `${SITE} - ${SITE} - Proofpoint`;
  const start = '2020-12-01';
  const line: SyncedLine = {
    ...{ lineKey, option, agreementId, subProducts: [BUSINESS], lineId: lineIds[0], productId: product.id, name },
    ...{ quantity: decimalOf(12), price: decimalOf(3), cost: decimalOf('2.44'), effectiveDate: start, period: '2020-11' },
    ...{ settled: 1, endedOn: null },
  };
  return {
    state: fixture.sandbox([{ id: lineIds[0], key: lineKey, quantity: 12, price: 3, cost: 2.44, name, start, ...byHand }]),
    synced: {
      ...{
        key: syncedKey(customerKey(CUSTOMER), 'cw'),
        customer: customerKey(CUSTOMER),
        connection: 'cw',
        company: 'c1',
        agreementId,
        option,
      },
      ...{ lines: [line], withheld: null },
    },
  };
}

/** What the PSA bills, in the end, for the lines that bill. */
export function billed(fixture: PsaFixture, state: SandboxState): Decimal {
  return add(...billing(fixture, state).map(({ quantity, price }) => lineTotal(decimalOf(quantity), decimalOf(price), 'USD')));
}
