import fc from 'fast-check';
import { isRecurring, SYNC_OPTIONS, type SyncOption } from '../../src/domain/change';
import type { PsaAdapter } from '../../src/psa/psa';
import type { EndpointFault } from '../support/endpoint';
import type { ByHand } from './psa';
import { SUB_PRODUCTS, type Counts, type Rule, type SubProduct } from './reference';

export const SITES = ['a.example', 'b.example', 'c.example'] as const;
export type Site = (typeof SITES)[number];
export const COMPANIES = [...SITES, 'd.example'] as const;

/** What is so for all of a partner's life. */
export interface Partner {
  /** The id of the adapter. */
  readonly psa: string;
  readonly options: Readonly<Record<Site, SyncOption>>;
  readonly auto: 'off' | 'prepare' | 'send';
  /** Whether the usage names prices, or leaves them to the price list. */
  readonly prices: 'in the usage' | 'in the price list';
  /** Lines of true zeros end, or stay at quantity 0. Where they stay, nothing ever moves. */
  readonly zero: 'date' | 'zero';
}

/** One month of a partner's life: what happens before its usage is synced, and what goes wrong. */
export interface Month {
  readonly counts: Readonly<Record<Site, Counts>>;
  /** The day on which the page is opened; null is a laptop that stays closed. */
  readonly day: number | null;
  /** Whose usage comes only after the first sync of the month. */
  readonly late: Site | null;
  /** In hundredths of a cent. */
  readonly price: number;
  /** The company whose own price changes in the price list; null is that of all. */
  readonly priced: string | null;
  readonly rule: Omit<Rule, 'from'> | null;
  /** Which of the rules so far ends. */
  readonly endsRule: number | null;
  readonly move: { readonly site: Site; readonly company: string } | null;
  readonly rebind: { readonly key: 'top' | SubProduct; readonly to: 0 | 1 } | null;
  readonly option: { readonly site: Site; readonly option: SyncOption } | null;
  readonly edit: { readonly site: Site; readonly nth: number; readonly how: ByHand; readonly quantity: number } | null;
  readonly pause: Site | null;
  readonly faults: readonly EndpointFault[];
  readonly undo: Site | null;
}

const site = fc.constantFrom(...SITES);
const now = <T>(what: fc.Arbitrary<T>, freq = 2) => fc.option(what, { nil: null, freq });
const NEVER = fc.constant(null);
const rare = <T>(what: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: what });

/** A partner and some months, with the commands alone that the PSA declares to be possible. */
export function lifeWith(adapter: PsaAdapter): fc.Arbitrary<[Partner, readonly Month[]]> {
  return fc.tuple(partnerOf(adapter), fc.array(monthOf(adapter), { minLength: 2, maxLength: 6 }));
}

function optionsAt({ can }: PsaAdapter): fc.Arbitrary<SyncOption> {
  return fc.constantFrom(...SYNC_OPTIONS.filter((option) => can.oneTime || isRecurring(option)));
}

function partnerOf(adapter: PsaAdapter): fc.Arbitrary<Partner> {
  const option = optionsAt(adapter);
  return fc.record({
    psa: fc.constant(adapter.id),
    options: fc.record({ 'a.example': option, 'b.example': option, 'c.example': option }),
    auto: fc.constantFrom('off', 'prepare', 'send'),
    prices: fc.constantFrom('in the usage', 'in the price list'),
    zero: fc.oneof({ weight: 3, arbitrary: fc.constant('date' as const) }, { weight: 1, arbitrary: fc.constant('zero' as const) }),
  });
}

const counts = now(fc.record({ business: fc.nat(4), pro: fc.nat(4) }), 6);
const units = fc.nat(5);
const quantityRule = fc.oneof(
  fc.record({ kind: fc.constant('exclusion' as const), value: fc.constant(null) }),
  fc.record({ kind: fc.constantFrom('override' as const, 'included' as const, 'minimum' as const), value: units }),
  fc.record({ kind: fc.constant('free' as const), value: now(units, 3) }),
);
const priceRule = fc.oneof(
  fc.record({ kind: fc.constant('markup' as const), value: fc.constantFrom(0, 25, 133, 200) }),
  fc.record({ kind: fc.constant('price rounding' as const), value: fc.nat(2) }),
);
const rule: fc.Arbitrary<Omit<Rule, 'from'>> = fc
  .record({
    effect: fc.oneof(quantityRule, priceRule),
    site: now(site),
    key: now(fc.constantFrom(...SUB_PRODUCTS)),
    least: now(fc.constantFrom(12_500, 23_333)),
    months: now(fc.nat(2)),
  })
  .map(({ effect, site: own, key, least, months }) => {
    const place = { site: own, key, until: months, least: effect.kind === 'markup' ? least : null };
    return effect.kind === 'override'
      ? { ...effect, ...place, site: own ?? 'a.example', key: key ?? 'business', until: months ?? 1 }
      : { ...effect, ...place };
  });

/** Where nobody reads the PSA, nobody sees what somebody did there; a copy is told by its key. */
function editAt({ can, limits }: PsaAdapter): fc.Arbitrary<Month['edit']> {
  const copies: readonly ByHand[] = limits.productRepeats && limits.lineKey !== null ? ['copied'] : [];
  const how = fc.constantFrom<ByHand>('another quantity', 'deleted', ...copies);
  const edit = fc.record({ ...{ site, nth: fc.nat(1), quantity: fc.integer({ min: 5, max: 9 }) }, how });
  return can.readBack ? now(edit, 1) : NEVER;
}

const fault = fc.constantFrom<EndpointFault>('reset before', 'reset after', '500 before', '500 after', '429', 'hang after', 'truncated');

/** Where an agreement takes a product once, a site moves alone, and no other recurring option puts its products there a second time. */
const ALONE = fc.record({ site: fc.constant('a.example' as const), company: fc.constantFrom('a.example', 'd.example') });

function monthOf(adapter: PsaAdapter): fc.Arbitrary<Month> {
  const { limits } = adapter;
  return fc.record({
    counts: fc.record({ 'a.example': counts, 'b.example': counts, 'c.example': counts }),
    day: fc.oneof(
      { weight: 2, arbitrary: fc.constant(3) },
      { weight: 3, arbitrary: fc.integer({ min: 4, max: 28 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    late: rare(site),
    price: fc.constantFrom(20_000, 30_000, 33_350, 41_200),
    priced: now(fc.constantFrom(...COMPANIES)),
    rule: now(rule, 1),
    endsRule: rare(fc.nat(5)),
    move: rare(limits.productRepeats ? fc.record({ site, company: fc.constantFrom(...COMPANIES) }) : ALONE),
    rebind: rare(fc.record({ key: fc.constantFrom('top' as const, ...SUB_PRODUCTS), to: fc.constantFrom(0 as const, 1 as const) })),
    option: rare(fc.record({ site, option: optionsAt(adapter).filter((option) => limits.productRepeats || !isRecurring(option)) })),
    edit: editAt(adapter),
    pause: rare(site),
    faults: fc.array(fault, { maxLength: 2 }),
    undo: rare(site),
  });
}
