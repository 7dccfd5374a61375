import { isOpen, type Connection, type PsaLine } from './agreement';
import { isRecurring } from './change';
import { standingOn } from './dated-quantity';
import type { Day, Period } from './calendar';
import { add, equals, isNegative, isZero, lineTotal, negate, subtract, ZERO, type Decimal } from './decimal';
import type { Grid, GridLine } from './grid';
import { isOurs } from './line-key';
import type { Customer } from './marketplace';
import type { Standing } from './standing-row';
import { splitOf, type Split } from './split-line';
import type { SyncFacts } from './sync-facts';
import type { PsaRules } from './sync-rules';
import { liveLines, rememberedLine, type Accepted, type SyncedLine } from './synced';

/**
 * How usage now, what was last synced and what the PSA holds now stand to each other. `agree`: the PSA bills what was counted.
 * `changed here`: the usage moved since the sync. `changed in the PSA`: somebody changed the line there. `changed in both`. `missing`: we
 * remember it, and the PSA holds it no more. `duplicate`: a second open line with the key of another. `orphan`: an open line with a key of
 * ours that nobody here remembers. `not billed`: usage without any line. `no usage`: a line of a customer whom nobody counted, which is not 0.
 * `unread`: the PSA's lines were never read, or not since the line was last proven.
 */
export type Verdict =
  | 'agree'
  | 'changed here'
  | 'changed in the PSA'
  | 'changed in both'
  | 'missing'
  | 'duplicate'
  | 'orphan'
  | 'not billed'
  | 'no usage'
  | 'unread';

/** One line three ways. Quantities are the line's own; null is unknown or not there, never 0. */
export interface ReconciledLine {
  /** Unique in one reconciliation. */
  readonly key: string;
  readonly verdict: Verdict;
  readonly customer: Customer | null;
  readonly connection: string;
  readonly agreementId: string;
  readonly lineId: string | null;
  /** Our key, as the line carries it. */
  readonly lineKey: string | null;
  readonly name: string;
  readonly subProducts: readonly string[];
  /** The month whose count was last synced; null where nothing was. */
  readonly syncedFor: Period | null;
  /** It agrees because the partner accepted what the PSA holds. */
  readonly accepted: Accepted | null;
  /** What somebody wrote beyond the count, where it could be a line of the partner's own. */
  readonly split: Split | null;
  readonly usage: Decimal | null;
  readonly synced: Decimal | null;
  readonly psa: Decimal | null;
  /** Of the PSA's line, else the one it would have. */
  readonly price: Decimal | null;
  /** What the PSA bills too little (above 0) or too much (below 0) each month; null where nobody can say. */
  readonly money: Decimal | null;
  readonly currency: string | null;
}

/** Every recurring line of one customer, three ways. `grid` is what a sync with its remembered choices would make; `day` is today. */
export function reconcileCustomer(facts: SyncFacts, grid: Grid, { limits }: Pick<PsaRules, 'limits'>, day: Day): ReconciledLine[] {
  const { synced, linesByAgreement } = facts;
  const remembered = (synced?.lines ?? []).filter((line) => line.endedOn === null && isRecurring(line.option));
  const live = liveLines(remembered);
  const older = facts.psaLines === null || facts.olderKinds.includes('recurring');
  const knownOf = (lineKey: string, memory: SyncedLine | null): Known => {
    const agreement = memory?.agreementId ?? synced?.agreementId ?? '';
    const held = openLines(linesByAgreement.get(agreement) ?? [], day);
    const own = held.find(({ id }) => id === memory?.lineId) ?? held.find(({ key }) => key === lineKey) ?? null;
    return { memory, own, unread: older || !linesByAgreement.has(agreement) };
  };
  if (facts.count.how === 'unknown') return remembered.map((line) => withoutUsage(facts, line, knownOf(line.lineKey, line)));
  return grid.lines
    .filter((line) => !isFollowed(line, grid))
    .map((line) => {
      const memory = live.get(line.lineKey) ?? null;
      return threeWays(facts, grid, line, knownOf(line.lineKey, memory), limits);
    });
}

/** Open lines with a key of ours, on agreements that were read, which are none of the reconciled ones. */
export function strangersOf(
  connection: Pick<Connection, 'id' | 'currency'>,
  lines: readonly PsaLine[],
  known: readonly ReconciledLine[],
  day: Day,
): ReconciledLine[] {
  const placeOf = (agreementId: string, lineId: string | null) => `${agreementId}/${lineId ?? ''}`;
  const taken = new Set(known.map(({ agreementId, lineId }) => placeOf(agreementId, lineId)));
  const ours = openLines(lines, day).filter(({ key }) => isOurs(key));
  const keys = new Set(ours.filter(({ agreementId, id }) => taken.has(placeOf(agreementId, id))).map(({ key }) => key));
  return ours
    .filter(({ agreementId, id, quantity }) => !taken.has(placeOf(agreementId, id)) && quantity !== ZERO)
    .map((line) => ({
      key: `${connection.id}/${placeOf(line.agreementId, line.id)}`,
      verdict: keys.has(line.key) ? ('duplicate' as const) : ('orphan' as const),
      ...{
        customer: null,
        connection: connection.id,
        agreementId: line.agreementId,
        lineId: line.id,
        lineKey: line.key,
        name: line.description,
      },
      ...{ subProducts: [], syncedFor: null, accepted: null, split: null },
      ...{ usage: null, synced: null, psa: line.quantity, price: line.price, currency: connection.currency },
      money: keys.has(line.key) ? billedTwice(line, connection.currency) : null,
    }));
}

function billedTwice({ quantity, price }: PsaLine, currency: string): Decimal | null {
  const total = totalOf(quantity, price, currency);
  return total === null ? null : negate(total);
}

/** A line that another product's line of the same key takes the place of: they are one, as far as the customer is billed. */
function isFollowed({ slot, lineKey }: GridLine, { lines }: Grid): boolean {
  return slot.startsWith('old:') && lines.some((other) => other.lineKey === lineKey && other.slot !== slot);
}

interface Known {
  readonly memory: SyncedLine | null;
  readonly own: PsaLine | null;
  readonly unread: boolean;
}

function threeWays(
  facts: SyncFacts,
  grid: Grid,
  line: GridLine,
  { memory, own, unread }: Known,
  limits: PsaRules['limits'],
): ReconciledLine {
  const usage = line.status === 'Ending' ? ZERO : line.syncedQuantity;
  const synced = memory?.quantity ?? null;
  const psa = unread ? null : (own?.quantity ?? null);
  const { currency } = grid;
  const billed = own === null ? ZERO : totalOf(own.quantity, own.price, currency);
  const wanted = line.status === 'Ending' ? ZERO : line.total;
  const accepted = unread ? null : acceptedOf(facts, line.lineKey, { usage, psa });
  const verdict = unread ? 'unread' : accepted !== null ? 'agree' : verdictOf(line, { usage, synced, psa }, { memory, own });
  const isChanged = verdict === 'changed in the PSA' || verdict === 'changed in both';
  return {
    ...{ ...placeOf(facts, line, memory, own), verdict },
    split: isChanged && own !== null ? splitOf({ usage, psa }, own, line, facts, limits) : null,
    ...{ usage, synced, psa, price: own?.price ?? line.price, currency, accepted },
    money: accepted !== null ? ZERO : unread || wanted === null || billed === null ? null : subtract(wanted, billed),
  };
}

/** The partner's word holds for its month, and while count and PSA are what they were. */
function acceptedOf(
  { synced, period }: SyncFacts,
  lineKey: string,
  { usage, psa }: Pick<ReconciledLine, 'usage' | 'psa'>,
): Accepted | null {
  const said = rememberedLine(synced, lineKey)?.accepted ?? null;
  const holds = said?.period === period && equals(said.usage, usage) && equals(said.quantity, psa);
  return holds ? said : null;
}

function verdictOf(
  { status }: GridLine,
  { usage, synced, psa }: Pick<ReconciledLine, 'usage' | 'synced' | 'psa'>,
  { memory, own }: Pick<Known, 'memory' | 'own'>,
): Verdict {
  if (own === null) return memory === null ? 'not billed' : 'missing';
  if (status === 'Unchanged') return 'agree';
  if (memory === null || equals(synced, psa)) return 'changed here';
  return equals(synced, usage) ? 'changed in the PSA' : 'changed in both';
}

/** Nobody counted the customer: what its lines bill may be right or wrong. */
function withoutUsage(facts: SyncFacts, memory: SyncedLine, { own, unread }: Known): ReconciledLine {
  return {
    ...placeOf(facts, memory, memory, own),
    verdict: unread ? 'unread' : own === null ? 'missing' : 'no usage',
    ...{ usage: null, synced: memory.quantity, psa: unread ? null : (own?.quantity ?? null), price: own?.price ?? memory.price },
    ...{ money: null, currency: facts.connection.currency, accepted: null, split: null },
  };
}

function placeOf(
  { customer, connection }: SyncFacts,
  line: Pick<GridLine, 'lineKey' | 'name' | 'subProducts'>,
  memory: SyncedLine | null,
  own: PsaLine | null,
) {
  const agreementId = own?.agreementId ?? memory?.agreementId ?? '';
  return {
    ...{ key: `${connection.id}/${line.lineKey}`, customer, connection: connection.id, agreementId },
    ...{ lineId: own?.id ?? memory?.lineId ?? null, name: own?.description ?? line.name, subProducts: line.subProducts },
    ...{ lineKey: line.lineKey, syncedFor: memory?.period ?? null },
  };
}

function totalOf(quantity: Decimal | null, price: Decimal | null, currency: string | null): Decimal | null {
  return quantity === null || price === null || currency === null ? null : lineTotal(quantity, price, currency);
}

function openLines(lines: readonly PsaLine[], day: Day): PsaLine[] {
  return standingOn(lines, day).filter((line) => line.kind === 'recurring' && isOpen(line, day));
}

/** What all lines of a currency are worth each month: usage that nobody bills, and what is billed without usage behind it. */
export interface Leak {
  readonly currency: string;
  readonly leaked: Decimal;
  readonly overBilled: Decimal;
}

export function leaksOf(lines: readonly ReconciledLine[]): Leak[] {
  const currencies = [...new Set(lines.flatMap(({ currency, money }) => (currency === null || money === null ? [] : [currency])))].sort();
  return currencies.map((currency) => {
    const moneys = lines.flatMap((line) => (line.currency === currency && line.money !== null ? [line.money] : []));
    return {
      currency,
      leaked: add(...moneys.filter((money) => !isNegative(money))),
      overBilled: negate(add(...moneys.filter(isNegative))),
    };
  });
}

/** Usage of customers who have no line anywhere yet: nobody bills it. `known` are the customers that were reconciled. */
export function neverSynced(standings: readonly Standing[], known: ReadonlySet<string>): ReconciledLine[] {
  return standings
    .filter(({ key, movements }) => !known.has(key) && movements.every(({ synced }) => synced === null))
    .flatMap(({ key, customer, account, movements }) =>
      movements
        .filter(({ current }) => current !== null && !isZero(current) && !isNegative(current))
        .map((movement): ReconciledLine => ({
          ...{ key: `/${key}/${movement.subProduct}`, verdict: 'not billed', customer, connection: '', agreementId: '', lineId: null },
          ...{ lineKey: null, name: `${account} - ${movement.name}`, subProducts: [movement.subProduct], syncedFor: null, accepted: null },
          ...{
            split: null,
            usage: movement.current,
            synced: null,
            psa: null,
            price: null,
            money: movement.money,
            currency: movement.currency,
          },
        })),
    );
}
