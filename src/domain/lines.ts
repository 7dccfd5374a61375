import type { Agreement, Binding, PsaLine } from './agreement';
import { isOpen } from './agreement';
import type { Day, Period } from './calendar';
import { isRecurring, type Change, type ProductReference, type SyncOption } from './change';
import { add, compare, decimalOf, equals, isNegative, isZero, lineTotal, negate, ONE, subtract, ZERO, type Decimal } from './decimal';
import { lineNameOf, type NameTemplate } from './line-name';
import type { SubProduct } from './marketplace';
import { lineKeyOf } from './plan';
import { priceOf, priceProblems, type Priced, type PriceVersion } from './price';
import { problem, type Problem } from './problem';
import { singleOf } from './single';
import { bills, type SiteCount, type SubProductCount } from './snapshot';
import type { Synced, SyncedLine } from './synced';

export type LineStatus = 'Creating' | 'Updating' | 'Unchanged' | 'Ending';

/** What the partner changed on a line of the grid; absent fields keep what the page computed. */
export interface LineEdit {
  readonly name?: string;
  readonly effectiveDate?: Day;
  readonly price?: Decimal;
  readonly cost?: Decimal;
  readonly syncedQuantity?: Decimal;
  readonly reason?: string;
  /** Push the marketplace's price (and cost) onto an existing line. */
  readonly pushPrice?: boolean;
  /** How a true zero ends the line. */
  readonly ending?: 'date' | 'zero';
  /** The PSA line to take over, or `new` to create beside the candidates. */
  readonly adopt?: string;
}

/** Everything that the grid is a function of. */
export interface GridInput {
  readonly psa: { readonly id: string; readonly tenant: string; readonly connection: string };
  readonly limits: {
    readonly lineName: number;
    readonly productRepeats: boolean;
    readonly wholeUnits: boolean;
    readonly negativePrices: boolean;
  };
  readonly vendor: string;
  readonly productName: string;
  readonly company: { readonly id: string; readonly psaId: string } | null;
  readonly count: SiteCount;
  /** The product's registry: every sub-product that could have a line of ours. */
  readonly subProducts: readonly SubProduct[];
  readonly prices: readonly PriceVersion[];
  readonly bindings: readonly Binding[];
  readonly option: SyncOption;
  /** Sub-products that the partner deselected: they stay untouched and withhold the synced flag. */
  readonly deselected: readonly string[];
  readonly agreement: Agreement;
  /** First day that a dated change may carry, last day of a line that ends: the adapter's `dates`. */
  readonly dates: { readonly firstDay: Day; readonly lastDay: Day };
  /** What the PSA holds on the agreement (recurring and one-time); null when it was not read. */
  readonly psaLines: readonly PsaLine[] | null;
  readonly synced: Synced | null;
  /**
   * For a missed month: what the recurring lines held when its invoice was made, null inside it where a single line held several counts
   * as one. Null as a whole when the period is the newest final one.
   */
  readonly held: ReadonlyMap<string, Decimal | null> | null;
  readonly subscriptionStart: Day | null;
  readonly today: Day;
  readonly period: Period;
  readonly template: NameTemplate;
  readonly edits: Readonly<Record<string, LineEdit>>;
  /** How true zeros end lines unless a line says otherwise. */
  readonly zero: 'date' | 'zero';
}

/** One row of the line grid. `slot` names it among its siblings: the sub-product, `*` for a single line, `old:<id>` for a line that moves. */
export interface GridLine {
  readonly slot: string;
  readonly lineKey: string;
  readonly status: LineStatus;
  readonly subProducts: readonly string[];
  readonly product: ProductReference;
  readonly name: string;
  readonly usageDate: Day;
  readonly effectiveDate: Day | null;
  /** The date that is sent, where one is. */
  readonly sentDate: Day | null;
  readonly syncedQuantity: Decimal | null;
  readonly quantity: Decimal | null;
  readonly reason: string | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly total: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  /** The marketplace's price beside the PSA's, where they differ. */
  readonly marketplacePrice: Decimal | null;
  readonly marketplaceCost: Decimal | null;
  readonly inPsa: Decimal | null;
  readonly delta: Decimal | null;
  readonly candidates: readonly PsaLine[];
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly settled: number;
  readonly changes: readonly Change[];
}

/** What is not sent, and why, with the money it is worth. */
export interface LeftLine {
  readonly subProduct: string;
  readonly name: string;
  readonly reason: Problem | 'deselected' | 'trial' | 'zero';
  readonly money: Decimal | null;
}

export interface Grid {
  readonly lines: readonly GridLine[];
  readonly left: readonly LeftLine[];
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly currency: string | null;
  readonly totals: {
    readonly cost: Decimal | null;
    readonly price: Decimal;
    readonly margin: Decimal | null;
    readonly before: Decimal | null;
  };
  /** Price list versions and bindings that the lines rest on. */
  readonly inputs: { readonly prices: readonly string[]; readonly bindings: readonly string[] };
  /** Sub-products that withhold the synced flag: deselected, or left out because the PSA cannot take them. */
  readonly withheld: readonly string[];
}

/** Snapshot x bindings x option x last sync -> the lines that one sync would make. */
export function gridOf(input: GridInput): Grid {
  const blocks: Problem[] = input.count.blocks.filter(({ code }) => code === 'no usage reported' || code === 'count is late');
  const items = itemsOf(input);
  const selected = items.filter(({ count }) => !input.deselected.includes(count.subProduct));
  blocks.push(...selected.filter(({ count }) => !bills(count)).flatMap(({ problems }) => problems.filter(isAboutTheQuantity)));
  const billing = isMissed(input) ? owedOf(input, items, blocks) : selected.filter(({ count }) => bills(count));
  const currencies = [...new Set(billing.flatMap(({ priced }) => (priced.currency === null ? [] : [priced.currency])))];
  if (currencies.length > 1)
    blocks.push(problem('currencies differ within the count', { site: input.count.site, subProduct: '', currencies }));
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  const { kept, left } = repeats(input, billing);
  const made = isSingle(input.option) ? singleLines(input, kept, blocks) : kept.map((item) => itemLine(input, item));
  const lines = [...endings(input, items), ...made];
  const withheld = [
    ...input.deselected.filter((key) => items.some(({ count }) => count.subProduct === key && bills(count))),
    ...left.map(({ subProduct }) => subProduct),
  ];
  return {
    lines,
    left: [...left, ...leftOf(input, items)],
    blocks,
    warnings: [...input.count.warnings],
    currency: currency ?? lines.find((line) => line.currency !== null)?.currency ?? null,
    totals: totalsOf(lines),
    inputs: {
      prices: billing.flatMap(({ priced }) => (priced.version === null ? [] : [priced.version])),
      bindings: [...new Set(billing.flatMap(({ binding }) => (binding === null ? [] : [bindingVersion(binding)])))],
    },
    withheld,
  };
}

interface Item {
  readonly count: SubProductCount;
  readonly priced: Priced;
  /** The sub-product's own binding, else the top-level product's. */
  readonly binding: Binding | null;
  readonly skipped: boolean;
  readonly problems: readonly Problem[];
}

function itemsOf(input: GridInput): Item[] {
  return input.count.counts.map((count) => itemOf(input, count));
}

function itemOf(input: GridInput, count: SubProductCount): Item {
  const top = input.bindings.find((binding) => binding.subProduct === null) ?? null;
  const own = input.bindings.find((binding) => binding.subProduct === count.subProduct) ?? null;
  return {
    count,
    priced: priceOf(count, input.company?.id ?? null, input.prices, input.period),
    binding: own ?? top,
    skipped: own === null,
    problems: input.count.blocks.filter((block) => 'subProduct' in block && block.subProduct === count.name),
  };
}

/** A quantity that is unknown or refused is no 0: without it a sum, or the end of a line, would be a guess. */
function isAboutTheQuantity({ code }: Problem): boolean {
  return code === 'quantity is missing' || code === 'quantity is negative';
}

/** A missed month, whose recurring lines were invoiced as they stood: only the difference is still to be billed. */
function isMissed({ held, option }: GridInput): boolean {
  return held !== null && !isRecurring(option);
}

/** The differences of a missed month, below zero where its invoice held too much: also of what the month no longer reports. */
function owedOf(input: GridInput, items: readonly Item[], blocks: Problem[]): Item[] {
  const held = input.held ?? new Map<string, Decimal | null>();
  const currency = items.find(({ count }) => count.currency !== null)?.count.currency ?? null;
  const gone = input.subProducts
    .filter(({ key }) => (held.get(key) ?? ZERO) !== ZERO && !items.some(({ count }) => count.subProduct === key))
    .map(({ key, name, unit }) => itemOf(input, { ...NOT_REPORTED, subProduct: key, name, unit, currency }));
  const selected = [...items, ...gone].filter(({ count }) => !input.deselected.includes(count.subProduct));
  if (selected.some(({ count }) => held.get(count.subProduct) === null))
    blocks.push(problem('option is refused', { option: input.option, reason: 'a month that a single line has billed' }));
  return selected.flatMap((item) => {
    const { quantity, subProduct } = item.count;
    if (quantity === null || isNegative(quantity)) return [];
    const difference = subtract(quantity, held.get(subProduct) ?? ZERO);
    return isZero(difference) ? [] : [{ ...item, count: { ...item.count, quantity: difference } }];
  });
}

const NOT_REPORTED = {
  quantity: ZERO,
  trialQuantity: ZERO,
  price: null,
  cost: null,
  vendorTotal: null,
  licences: null,
  evidence: [],
} as const;

function isSingle(option: SyncOption): boolean {
  return option === 'single line' || option === 'one-time single';
}

/** Where the PSA cannot hold a product twice, the skipped sub-products share one place: only the first is kept. */
function repeats(input: GridInput, billing: readonly Item[]): { kept: Item[]; left: LeftLine[] } {
  if (input.limits.productRepeats || isSingle(input.option)) return { kept: [...billing], left: [] };
  const kept: Item[] = [];
  const left: LeftLine[] = [];
  const taken = new Set<string>();
  for (const item of billing) {
    const product = item.binding?.identifier ?? '';
    if (!taken.has(product)) {
      taken.add(product);
      kept.push(item);
      continue;
    }
    const money = moneyOf(item);
    left.push({
      subProduct: item.count.subProduct,
      name: item.count.name,
      reason: problem('product cannot repeat on the agreement', { product, money, currency: item.priced.currency }),
      money,
    });
  }
  return { kept, left };
}

function moneyOf({ count, priced }: Item): Decimal | null {
  return count.quantity === null || priced.price === null || priced.currency === null
    ? null
    : lineTotal(count.quantity, priced.price, priced.currency);
}

function leftOf(input: GridInput, items: readonly Item[]): LeftLine[] {
  return items.flatMap((item): LeftLine[] => {
    const { count } = item;
    const line = { subProduct: count.subProduct, name: count.name };
    if (!bills(count)) {
      if (count.quantity !== null && isZero(count.quantity) && isZero(count.trialQuantity))
        return [{ ...line, reason: 'zero', money: ZERO }];
      return isZero(count.trialQuantity) ? [] : [{ ...line, reason: 'trial', money: null }];
    }
    return input.deselected.includes(count.subProduct) ? [{ ...line, reason: 'deselected', money: moneyOf(item) }] : [];
  });
}

/** A line of several sub-products is named by its product, so two products of one vendor keep two lines. */
function keyFor(input: GridInput, slot: string, option: SyncOption, agreementId: string): string {
  const { psa, vendor, count, period } = input;
  const subProduct = slot === '*' ? `${count.product}/*` : slot;
  return lineKeyOf({ psa: psa.id, tenant: psa.tenant, agreementId, vendor, site: count.site, subProduct, option, period });
}

function referenceOf(binding: Binding | null): ProductReference {
  if (binding === null) return { id: null, identifier: '', use: null };
  return { id: binding.psaProductId, identifier: binding.identifier, use: binding.psaProductId === null ? productUse(binding) : null };
}

/** How a binding is named among a plan's inputs. */
export function bindingVersion(binding: Binding): string {
  return `${binding.product}/${binding.subProduct ?? ''}#${String(binding.seq)}`;
}

/** The name under which an exported product's id is yielded to later requests. */
export function productUse(binding: { readonly product: string; readonly subProduct: string | null }): string {
  return `product:${binding.subProduct ?? binding.product}`;
}

/** What one line is to hold, before it is compared with what the PSA holds. */
interface Wanted {
  readonly slot: string;
  readonly subProducts: readonly string[];
  readonly binding: Binding | null;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string | null;
  readonly blocks: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Price and cost go along with every update: single lines. */
  readonly alwaysPrice: boolean;
  /** The name tells the counts, because the quantity does not. */
  readonly namesCounts: boolean;
}

function itemLine(input: GridInput, item: Item): GridLine {
  const { count, priced } = item;
  const { quantity } = count;
  const credit = quantity !== null && compare(quantity, ZERO) < 0;
  const warnings =
    item.skipped && item.binding !== null
      ? [problem('sub-product uses the top-level product', { subProduct: count.name, money: moneyOf(item), currency: priced.currency })]
      : [];
  return lineOf(input, {
    slot: count.subProduct,
    subProducts: [count.subProduct],
    binding: item.binding,
    name: count.name,
    quantity: credit ? negate(quantity) : quantity,
    price: credit && priced.price !== null ? negate(priced.price) : priced.price,
    cost: credit && priced.cost !== null ? negate(priced.cost) : priced.cost,
    currency: priced.currency,
    blocks: item.problems,
    warnings,
    alwaysPrice: false,
    namesCounts: false,
  });
}

/** One line for all: the sum at the weighted price, or quantity 1 at the total where that price does not give the exact total. */
function singleLines(input: GridInput, items: readonly Item[], blocks: Problem[]): GridLine[] {
  if (items.length === 0) return [];
  const units = new Set(items.map(({ count }) => count.unit));
  const taxes = new Set(items.map(({ binding }) => binding?.taxable ?? null));
  if (units.size > 1) blocks.push(problem('option is refused', { option: input.option, reason: 'mixed units' }));
  if (taxes.size > 1) blocks.push(problem('option is refused', { option: input.option, reason: 'mixed taxability' }));
  const top = input.bindings.find((binding) => binding.subProduct === null) ?? null;
  const currency = items[0]?.priced.currency ?? null;
  const { exact, quantity, price, cost } = singleOf(
    items.map(({ count, priced }) => ({ quantity: count.quantity, ...priced })),
    input.option,
  );
  if (isMissed(input) && price === ZERO) return [];
  const counts = items.map(({ count }) => `${count.quantity ?? '?'} ${count.name}`).join(', ');
  return [
    lineOf(input, {
      slot: '*',
      subProducts: items.map(({ count }) => count.subProduct),
      binding: items.length === 1 ? (items[0]?.binding ?? top) : top,
      name: exact ? input.productName : `${input.productName} (${counts})`,
      quantity,
      price,
      cost,
      currency,
      blocks: items.flatMap(({ problems }) => problems),
      warnings: [],
      alwaysPrice: true,
      namesCounts: !exact,
    }),
  ];
}

function lineOf(input: GridInput, wanted: Wanted): GridLine {
  const edit = input.edits[wanted.slot] ?? {};
  const blocks: Problem[] = [
    ...wanted.blocks.filter(({ code }) => !(code === 'prices differ within the count' && edit.price !== undefined)),
  ];
  const warnings: Problem[] = [...wanted.warnings];
  const currency = wanted.currency ?? input.agreement.currency;
  if (currency === null && wanted.price !== null) blocks.push(problem('currency is unknown', { subProduct: wanted.name }));
  if (wanted.binding === null) blocks.push(problem('no product bound', { product: input.productName }));
  const lineKey = keyFor(input, wanted.slot, input.option, input.agreement.id);
  const found = findLine(input, lineKey, wanted, edit);
  if (found.several) blocks.push(problem('several lines could be ours', { line: wanted.name, candidates: found.candidates.length }));
  else if (found.line === null && found.candidates.length > 0 && edit.adopt !== 'new') {
    blocks.push(problem('line may already be there', { line: wanted.name, candidate: found.candidates[0]?.description ?? '' }));
  }
  const named = lineNameOf(
    input.template,
    { account: input.count.account, site: input.count.site, product: wanted.name },
    input.limits.lineName,
    edit.name,
  );
  if (named.cut) warnings.push(problem('name was cut', { name: named.name, limit: input.limits.lineName }));
  const syncedQuantity = edit.syncedQuantity ?? wanted.quantity;
  if (edit.syncedQuantity !== undefined && !equals(edit.syncedQuantity, wanted.quantity) && (edit.reason ?? '').trim() === '') {
    blocks.push(problem('reason is missing', { line: named.name }));
  }
  const marketplace = { price: edit.price ?? wanted.price, cost: edit.cost ?? wanted.cost };
  const known = found.line ?? (found.synced === null ? null : beliefOfSynced(found.synced));
  const exists = known !== null;
  const pushPrice =
    exists &&
    isRecurring(input.option) &&
    (wanted.alwaysPrice || edit.pushPrice === true || edit.price !== undefined || edit.cost !== undefined);
  const price = exists && !pushPrice ? (known.price ?? marketplace.price) : marketplace.price;
  const cost = exists && !pushPrice ? (known.cost ?? marketplace.cost) : marketplace.cost;
  const own = priceProblems(wanted.name, price, cost);
  blocks.push(...own.blocks);
  warnings.push(...own.warnings);
  if (found.line?.lessIncluded && !isZero(found.line.lessIncluded))
    warnings.push(problem('line has less included', { line: named.name, quantity: found.line.lessIncluded }));
  const dates = datesOf(input, edit);
  const counts = wanted.namesCounts || (exists && wanted.alwaysPrice && known.quantity === ONE && wanted.quantity !== ONE);
  const rename = exists && isRecurring(input.option) && (edit.name !== undefined || counts) && named.name !== known.description;
  const differs =
    exists &&
    (!equals(known.quantity, syncedQuantity) ||
      found.adopted ||
      rename ||
      (pushPrice && (!equals(known.price, price) || (cost !== null && !equals(known.cost, cost)))));
  const status: LineStatus = exists ? (differs ? 'Updating' : 'Unchanged') : 'Creating';
  if (!exists && isChargedAlready(input, lineKey, wanted)) blocks.push(problem('line was invoiced already', { line: named.name }));
  if (!isRecurring(input.option) && differs) blocks.push(problem('line was invoiced already', { line: named.name }));
  const total = syncedQuantity === null || price === null || currency === null ? null : lineTotal(syncedQuantity, price, currency);
  const costTotal = syncedQuantity === null || cost === null || currency === null ? null : lineTotal(syncedQuantity, cost, currency);
  const line = {
    slot: wanted.slot,
    lineKey,
    status,
    subProducts: wanted.subProducts,
    product: referenceOf(wanted.binding),
    name: exists && !rename && known.description !== '' ? known.description : named.name,
    usageDate: input.today,
    effectiveDate: exists ? (known.effectiveDate ?? dates.shown) : dates.shown,
    sentDate: status === 'Creating' ? dates.sent : null,
    syncedQuantity,
    quantity: wanted.quantity,
    reason: edit.reason ?? null,
    cost,
    price,
    total,
    margin: total === null || costTotal === null ? null : subtract(total, costTotal),
    currency,
    marketplacePrice: exists && !equals(known.price, marketplace.price) ? marketplace.price : null,
    marketplaceCost: exists && !equals(known.cost, marketplace.cost) ? marketplace.cost : null,
    inPsa: found.line?.quantity ?? null,
    delta: syncedQuantity === null ? null : subtract(syncedQuantity, known?.quantity ?? ZERO),
    candidates: found.candidates,
    blocks,
    warnings,
    settled: found.synced?.settled ?? 0,
  } as const;
  return {
    ...line,
    changes: blocks.length > 0 || status === 'Unchanged' ? [] : changesOf(input, line, found, known, { pushPrice, rename }),
  };
}

/** A one-time line bills the period already, under another option or on another agreement. */
function isChargedAlready({ synced, period }: GridInput, lineKey: string, { subProducts }: Wanted): boolean {
  return (synced?.lines ?? []).some(
    (line) =>
      !isRecurring(line.option) &&
      line.period === period &&
      line.lineKey !== lineKey &&
      line.endedOn === null &&
      line.subProducts.some((key) => subProducts.includes(key)),
  );
}

type KnownLine =
  | Pick<PsaLine, 'id' | 'description' | 'quantity' | 'price' | 'cost' | 'effectiveDate' | 'productId'>
  | (Omit<PsaLine, 'id'> & { id: string | null });
interface Found {
  /** The PSA's line that is ours or adopted. */
  readonly line: PsaLine | null;
  /** Our own memory of it, where it is still live on this agreement under this option. */
  readonly synced: SyncedLine | null;
  readonly adopted: boolean;
  readonly candidates: readonly PsaLine[];
  readonly several: boolean;
  /** The ended line that a new one follows. */
  readonly follows: string | null;
}

/** By its stored id, else by our key, else among open lines with the bound product. */
function findLine(input: GridInput, lineKey: string, wanted: Wanted, edit: LineEdit): Found {
  const memory = input.synced?.lines.find((line) => line.lineKey === lineKey) ?? null;
  const moved = memory !== null && memory.endedOn === null && isMoved(memory, wanted.binding);
  const synced = memory === null || memory.endedOn !== null || moved ? null : memory;
  const kind = isRecurring(input.option) ? 'recurring' : 'one-time';
  const lines = (input.psaLines ?? []).filter((line) => line.kind === kind);
  const open = lines.filter((line) => isOpen(line, input.dates.lastDay) && !(moved && line.id === memory.lineId));
  const ours =
    open.find((line) => synced?.lineId === line.id) ?? open.find((line) => line.key === lineKey && !productDiffers(line, wanted.binding));
  const ended = lines.find((line) => line.key === lineKey && !isOpen(line, input.dates.lastDay));
  const follows = moved ? memory.lineId : (ended?.id ?? (memory?.endedOn ? memory.lineId : null));
  const none = { line: null, adopted: false, candidates: [], several: false, follows };
  if (ours) return { ...none, line: ours, synced: synced ?? memory };
  if (kind === 'one-time') return { ...none, synced };
  if (synced !== null && input.psaLines === null) return { ...none, synced };
  const candidates = open.filter(
    (line) =>
      line.productId !== null &&
      line.productId === wanted.binding?.psaProductId &&
      !(line.key ?? '').startsWith('tl1-') &&
      !isTakenByAnother(input, wanted.slot, line.id),
  );
  const adopted = candidates.find((line) => line.id === edit.adopt);
  if (adopted) return { ...none, line: adopted, synced: null, adopted: true, candidates };
  return { ...none, synced: null, candidates, several: candidates.length > 1 && edit.adopt !== 'new' };
}

/** Two sub-products that share a product cannot both take over the same line: one count would overwrite the other. */
function isTakenByAnother({ option, edits, count, deselected }: GridInput, slot: string, id: string): boolean {
  if (isSingle(option)) return false;
  const taker = count.counts.find(
    (own) => bills(own) && !deselected.includes(own.subProduct) && edits[own.subProduct]?.adopt === id,
  )?.subProduct;
  return taker !== undefined && taker !== slot;
}

function isMoved(memory: SyncedLine, binding: Binding | null): boolean {
  return memory.productId !== null && (binding?.psaProductId ?? null) !== null && memory.productId !== binding?.psaProductId;
}

function productDiffers(line: PsaLine, binding: Binding | null): boolean {
  return line.productId !== null && (binding?.psaProductId ?? null) !== null && line.productId !== binding?.psaProductId;
}

function beliefOfSynced(line: SyncedLine): Omit<PsaLine, 'id'> & { id: string | null } {
  return {
    id: line.lineId,
    agreementId: line.agreementId,
    kind: isRecurring(line.option) ? 'recurring' : 'one-time',
    productId: line.productId,
    productIdentifier: null,
    description: line.name,
    quantity: line.quantity,
    price: line.price,
    cost: line.cost,
    effectiveDate: line.effectiveDate,
    endDate: line.endedOn,
    lessIncluded: null,
    invoiced: null,
    key: line.lineKey,
  };
}

function datesOf(input: GridInput, edit: LineEdit): { shown: Day | null; sent: Day | null } {
  const { agreement, dates, subscriptionStart } = input;
  const start =
    [subscriptionStart, agreement.startDate]
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? dates.firstDay;
  const shown = edit.effectiveDate ?? start;
  if (agreement.prorates !== true) return { shown, sent: shown };
  return { shown, sent: shown > dates.firstDay ? shown : dates.firstDay };
}

function changesOf(
  input: GridInput,
  line: Omit<GridLine, 'changes'>,
  found: Found,
  known: KnownLine | null,
  pushed: { pushPrice: boolean; rename: boolean },
): Change[] {
  const { agreement, company, option } = input;
  const base = { lineKey: line.lineKey, agreementId: agreement.id, name: line.name, subProducts: line.subProducts, product: line.product };
  const after = {
    quantity: line.syncedQuantity,
    price: line.price,
    cost: line.cost,
    name: line.name,
    effectiveDate: line.sentDate,
    endDate: null,
  };
  if (known === null) {
    if (isRecurring(option)) return [{ kind: 'create', ...base, after, follows: found.follows }];
    return [{ kind: 'charge', ...base, companyId: company?.psaId ?? '', after: { ...after, effectiveDate: null } }];
  }
  const { pushPrice, rename } = pushed;
  return [
    {
      kind: 'update',
      ...base,
      lineId: known.id,
      adopt: found.adopted,
      before: {
        quantity: known.quantity,
        price: pushPrice ? known.price : null,
        cost: pushPrice ? known.cost : null,
        name: rename ? known.description : null,
        productId: known.productId,
        endDate: null,
      },
      after: {
        quantity: line.syncedQuantity,
        price: pushPrice ? line.price : null,
        cost: pushPrice ? line.cost : null,
        name: rename ? line.name : null,
        effectiveDate: null,
        endDate: null,
      },
    },
  ];
}

/** Lines of ours that no longer bill: a true zero, or a line that moved to another agreement, option or product. */
function endings(input: GridInput, items: readonly Item[]): GridLine[] {
  if (input.count.how === 'unknown' || isMissed(input)) return [];
  const unproven = input.count.warnings.some(({ code }) => code === 'usage has no customer yet');
  const zero = (unproven ? [] : input.subProducts)
    .filter((subProduct) => !input.deselected.includes(subProduct.key))
    .filter((subProduct) => input.option === 'multi-product' && isTrueZero(items, subProduct.key))
    .map((subProduct) => endingOfZero(input, subProduct));
  const single =
    !unproven && input.option === 'single line' && items.every(({ count }) => isTrueZero(items, count.subProduct))
      ? [endingOfZero(input, { key: '*', name: input.productName })]
      : [];
  const moved = (input.synced?.lines ?? [])
    .filter((line) => line.endedOn === null && isRecurring(line.option))
    .filter((line) => !line.subProducts.every((key) => input.deselected.includes(key)))
    .filter((line) => line.agreementId !== input.agreement.id || line.option !== input.option || isMoved(line, bindingFor(input, line)))
    .map((line) => endingOf(input, `old:${line.lineKey}`, line.name, line.lineKey, line.subProducts, null, line));
  return [...zero, ...single, ...moved].filter((line) => line !== null);
}

function isTrueZero(items: readonly Item[], subProduct: string): boolean {
  const item = items.find(({ count }) => count.subProduct === subProduct);
  return item === undefined || (item.count.quantity !== null && isZero(item.count.quantity) && isZero(item.count.trialQuantity));
}

function bindingFor(input: GridInput, line: SyncedLine): Binding | null {
  const own = line.subProducts.length === 1 ? input.bindings.find((binding) => binding.subProduct === line.subProducts[0]) : undefined;
  return own ?? input.bindings.find((binding) => binding.subProduct === null) ?? null;
}

function endingOfZero(input: GridInput, subProduct: { key: string; name: string }): GridLine | null {
  const lineKey = keyFor(input, subProduct.key, input.option, input.agreement.id);
  const memory = input.synced?.lines.find((line) => line.lineKey === lineKey && line.endedOn === null) ?? null;
  const open = (input.psaLines ?? []).filter((line) => line.kind === 'recurring' && isOpen(line, input.dates.lastDay));
  const line = open.find((candidate) => candidate.id === memory?.lineId) ?? open.find((candidate) => candidate.key === lineKey) ?? null;
  if (line === null && (memory === null || input.psaLines !== null)) return null;
  if ((line ?? memory)?.quantity === ZERO) return null;
  return endingOf(input, subProduct.key, subProduct.name, lineKey, memory?.subProducts ?? [subProduct.key], line, memory);
}

function endingOf(
  input: GridInput,
  slot: string,
  name: string,
  lineKey: string,
  subProducts: readonly string[],
  line: PsaLine | null,
  memory: SyncedLine | null,
): GridLine {
  const edit = input.edits[slot] ?? {};
  const how = slot.startsWith('old:') ? 'date' : (edit.ending ?? input.zero);
  const known = line ?? (memory === null ? null : beliefOfSynced(memory));
  const quantity = known?.quantity ?? null;
  const product = { id: known?.productId ?? null, identifier: line?.productIdentifier ?? '', use: null };
  const label = known?.description ?? name;
  const change: Change = {
    kind: 'end',
    lineKey,
    agreementId: memory?.agreementId ?? input.agreement.id,
    name: label,
    subProducts,
    product,
    lineId: known?.id ?? null,
    how,
    before: { quantity, price: null, cost: null, name: null, productId: known?.productId ?? null, endDate: null },
    after: {
      quantity: how === 'zero' ? ZERO : null,
      price: null,
      cost: null,
      name: null,
      effectiveDate: null,
      endDate: how === 'date' ? input.dates.lastDay : null,
    },
  };
  return {
    slot,
    lineKey,
    status: 'Ending',
    subProducts,
    product,
    name: label,
    usageDate: input.today,
    effectiveDate: known?.effectiveDate ?? null,
    sentDate: how === 'date' ? input.dates.lastDay : null,
    syncedQuantity: decimalOf(0),
    quantity: slot.startsWith('old:') ? null : ZERO,
    reason: edit.reason ?? null,
    cost: known?.cost ?? null,
    price: known?.price ?? null,
    total: ZERO,
    margin: ZERO,
    currency: null,
    marketplacePrice: null,
    marketplaceCost: null,
    inPsa: line?.quantity ?? null,
    delta: quantity === null ? null : negate(quantity),
    candidates: [],
    blocks: [],
    warnings: [],
    settled: memory?.settled ?? 0,
    changes: [change],
  };
}

function totalsOf(lines: readonly GridLine[]): Grid['totals'] {
  const billing = lines.filter(({ status }) => status !== 'Ending');
  const price = add(...billing.map(({ total }) => total ?? ZERO));
  const margins = billing.map(({ margin }) => margin);
  const margin = margins.every((value) => value !== null) ? add(...margins) : null;
  const before = lines.map(({ inPsa, price: each, currency }) =>
    inPsa === null || each === null ? null : lineTotal(inPsa, each, currency ?? 'USD'),
  );
  return {
    price,
    margin,
    cost: margin === null ? null : subtract(price, margin),
    before: before.every((value) => value !== null) ? add(...before) : null,
  };
}
