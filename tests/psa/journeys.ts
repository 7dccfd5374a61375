import type { PsaLine } from '../../src/domain/agreement';
import type { Change, Outcome } from '../../src/domain/change';
import { isZero } from '../../src/domain/decimal';
import { lineKeyOf, productKeyOf, type Plan } from '../../src/domain/plan';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { PsaRequest, Reading } from '../../src/psa/psa';
import { chargeChange, createChange, d, endChange, exportChange, NOTHING, planOf, UNKNOWN, updateChange } from '../support/plans.ts';
import type { HeldLine, PsaFixture } from './fixture.ts';

/** The customer of every journey, and the day on which it happens: December 2020 is billed. */
export const SITE = '1stwestinsurance.com';
export const TODAY = '2021-01-03';
const NAME = `${SITE} - ${SITE} - Proofpoint Business`;

/** What an agreement holds at the end, in the terms that every PSA has. A `cost` of null is a PSA that keeps none. */
export interface Outcomes {
  readonly kind: PsaLine['kind'];
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
  readonly cost: string | null;
}

/** Plans that one Confirm Sync makes, what the PSA holds before, and what bills afterwards. */
export interface Journey {
  readonly name: string;
  readonly held: readonly HeldLine[];
  readonly plans: (lines: readonly PsaLine[]) => readonly Plan[];
  readonly bills: readonly Outcomes[];
}

/** Everything that a sync can do at a PSA. Journeys that a PSA cannot make as requests are not in its list. */
export function journeysOf(fixture: PsaFixture): readonly Journey[] {
  const { adapter } = fixture;
  const bills = (parts: Partial<Outcomes> = {}) => billed(fixture, parts);
  const oneTime = keyFor(fixture, 'one-time itemised');
  const before = { ...UNKNOWN, quantity: d('12'), productId: fixture.product.id };
  const here = { agreementId: fixture.agreementId, product: fixture.product, lineKey: keyFor(fixture), name: NAME };
  const known = { ...here, lineId: fixture.lineIds[0], before };
  const of = (name: string, held: readonly HeldLine[], changes: readonly Change[], bills: readonly Outcomes[]): Journey => ({
    ...{ name, held, bills },
    plans: (lines) => [plan(fixture, changes, lines)],
  });
  const created = of('a new line', [], [createChange(here)], [bills()]);
  const charged = of(
    'a one-time line',
    [],
    [chargeChange({ ...here, lineKey: oneTime, companyId: fixture.companyId })],
    [bills({ kind: 'one-time' })],
  );
  const changes = [
    of('another quantity', [heldLine(fixture)], [updateChange(known)], [bills()]),
    of('another quantity of a line that is found first', [heldLine(fixture)], [updateChange({ ...known, lineId: null })], [bills()]),
    of(
      'quantity, price and cost',
      [heldLine(fixture)],
      [
        updateChange({
          ...known,
          before: { ...before, price: d('3'), cost: d('2.44') },
          after: { ...NOTHING, quantity: d('15'), price: d('3.5'), cost: d('2.5') },
        }),
      ],
      [bills({ price: '3.5', cost: '2.5' })],
    ),
    of(
      'the takeover of somebody\u2019s own line',
      [{ ...heldLine(fixture), key: null }],
      [updateChange({ ...known, adopt: true })],
      [bills()],
    ),
    of('an end by date', [heldLine(fixture)], [endChange(known)], []),
    of('an end by quantity', [heldLine(fixture)], [endChange({ ...known, how: 'zero', after: { ...NOTHING, quantity: d('0') } })], []),
  ];
  const exporting: Journey = {
    name: 'a new product and the line that uses it',
    held: [],
    plans: (lines) => exportAndUse(fixture, lines),
    bills: [bills({ name: adapter.limits.keepsName === false ? fixture.exported.identifier : 'Advanced' })],
  };
  return [
    ...(adapter.can.recurring ? [created, exporting] : []),
    ...(adapter.can.change ? changes : []),
    ...(adapter.can.oneTime ? [charged] : []),
  ];
}

/** A line of ours on the agreement of the fixture, at 12 x 3.00. */
export function heldLine(fixture: PsaFixture): HeldLine {
  return { id: fixture.lineIds[0], key: keyFor(fixture), quantity: 12, price: 3, cost: 2.44, name: NAME, start: '2020-12-01' };
}

/** A plan as the page would freeze it for the fixture's connection. */
export function plan(fixture: PsaFixture, changes: readonly Change[], lines: readonly PsaLine[]): Plan {
  const { adapter, settings, lookups, tenant, agreementId, companyId } = fixture;
  return planOf(
    changes,
    adapter,
    { settings, lookups, readable: true, linesOf: (agreement) => (agreement === agreementId ? lines : null) },
    {
      ...{ tenant, agreementId, companyId },
    },
  );
}

export function keyFor(
  fixture: PsaFixture,
  option: 'multi-product' | 'one-time itemised' = 'multi-product',
  subProduct = 'business',
): string {
  const { adapter, tenant, agreementId } = fixture;
  return lineKeyOf({ psa: adapter.id, tenant, agreementId, vendor: 'proofpoint', site: SITE, subProduct, option, period: '2020-12' });
}

/** What bills on the agreement now, read through the adapter as the page reads it; where nobody can read it, by the PSA's own tables. */
export function billing(fixture: PsaFixture, state: SandboxState): readonly Outcomes[] {
  if (fixture.inside !== undefined) return fixture.inside(state);
  return linesIn(fixture, state)
    .filter(({ endDate, quantity }) => (endDate === null || endDate >= '2021-02-01') && quantity !== null && !isZero(quantity))
    .map(({ kind, description, quantity, price, cost }) => ({
      kind,
      name: description,
      quantity: quantity ?? '?',
      price: price ?? '?',
      cost,
    }));
}

/** The agreement's lines, recurring and one-time, through the adapter's own readings. */
export function linesIn(fixture: PsaFixture, state: SandboxState): readonly PsaLine[] {
  const { read, can } = fixture.adapter;
  if (!can.readBack) return [];
  const recurring = rowsOf(fixture, state, read.lines(fixture.agreementId));
  return can.oneTime && read.oneTimeAmongLines !== true
    ? [...recurring, ...rowsOf(fixture, state, read.oneTimeLines(fixture.agreementId))]
    : recurring;
}

/** All rows of a reading. */
export function rowsOf<T>(fixture: PsaFixture, state: SandboxState, reading: Reading<T>): readonly T[] {
  const rows = pagesIn(fixture, state, reading).flat();
  return reading.join?.(rows) ?? rows;
}

/** The rows of each page. */
export function pagesIn<T>(fixture: PsaFixture, state: SandboxState, reading: Reading<T>): readonly (readonly T[])[] {
  const pages: (readonly T[])[] = [];
  for (let next: PsaRequest | null = reading.request; next !== null;) {
    const asked: PsaRequest = next;
    const { answer: answered } = answer(state, signed(fixture, asked), { among: fixture.sandboxes });
    const page = answered === null ? null : reading.parse(answered, asked);
    if (page?.ok !== true) throw new Error(`${asked.path}: ${JSON.stringify(page?.error)}`);
    pages.push(page.value.rows);
    next = page.value.next;
  }
  return pages;
}

/** The request with the account's headers. */
export function signed(fixture: PsaFixture, request: PsaRequest): PsaRequest {
  const { adapter, tenant, settings, account } = fixture;
  const headers = adapter.authorization(
    { ...{ id: 'x', psa: adapter.id, name: 'x', protocol: 'psa', url: null, tenant, currency: 'USD', rateLimit: 1 }, ...REST, settings },
    account,
  );
  if (!headers.ok) throw new Error(headers.error.code);
  const token = adapter.signIn === null ? {} : { Authorization: 'Bearer signed-in' };
  return { ...request, headers: { ...request.headers, ...headers.value, ...token } };
}

const REST = { quarantineMinutes: 10, checksKeys: false, remember: false } as const;

function exportAndUse(fixture: PsaFixture, lines: readonly PsaLine[]): readonly Plan[] {
  const { adapter, tenant, exported, agreementId } = fixture;
  const reference = productKeyOf({ psa: adapter.id, tenant, vendor: 'proofpoint', product: 'proofpoint', subProduct: 'advanced' });
  const named = adapter.productFields.identifier === null ? { name: exported.identifier } : {};
  const product = { ...exportChange().product, ...exported, ...named };
  const use = { id: null, identifier: product.identifier, use: 'product-advanced' };
  const after: Outcome = { ...createChange().after, name: 'Advanced' };
  const line = {
    agreementId,
    product: use,
    lineKey: keyFor(fixture, 'multi-product', 'advanced'),
    name: 'Advanced',
    subProducts: ['advanced'],
    after,
  };
  return [
    plan(fixture, [exportChange({ lineKey: reference, reference, yields: 'product-advanced', product })], lines),
    plan(fixture, [createChange(line)], lines),
  ];
}

/** A recurring line of a PSA that keeps no name is called as its product. */
function billed({ adapter, product }: PsaFixture, parts: Partial<Outcomes>): Outcomes {
  const name = adapter.limits.keepsName === false && parts.kind !== 'one-time' ? product.identifier : NAME;
  return { kind: 'recurring', name, quantity: '15', price: '3', cost: '2.44', ...parts };
}
