import type { Binding } from './agreement';
import type { Day } from './calendar';
import { sha256Hex } from './canonical';
import { type Change, isRecurring, type ProductReference } from './change';
import { compare, equals, isZero, lineTotal, negate, ONE, subtract, ZERO } from './decimal';
import type { GridInput, GridLine, LineEdit, LineStatus } from './grid';
import { isMissed, type Item, moneyOf } from './items';
import { beliefOfSynced, chargedAlready, findLine, type Found, isShown, keyFor, type KnownLine, type Wanted } from './known-line';
import { lineNameOf } from './line-name';
import { priceProblems } from './price';
import { problem, type Problem } from './problem';
import { roundedFor } from './rounding';
import { singleOf } from './single';

/** How a binding is named among a plan's inputs. */
export function bindingVersion(binding: Binding): string {
  return `${binding.product}/${binding.subProduct ?? ''}#${String(binding.seq)}`;
}

/** The name under which an exported product's id is yielded to later requests: another identifier is another product. */
export function productUse({
  product,
  subProduct,
  identifier,
}: {
  readonly product: string;
  readonly subProduct: string | null;
  readonly identifier: string;
}): string {
  return `product:${subProduct ?? product}:${sha256Hex(identifier).slice(0, 8)}`;
}

export function itemLine(input: GridInput, item: Item): GridLine {
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
export function singleLines(input: GridInput, items: readonly Item[], blocks: Problem[]): GridLine[] {
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
  } else if (found.line === null && found.candidates.length > 0 && !input.limits.productRepeats) {
    const product = wanted.binding?.identifier ?? '';
    blocks.push(problem('product cannot repeat on the agreement', { product, money: null, currency }));
  }
  const ofTemplate = lineNameOf(
    input.template,
    { account: input.count.account, site: input.count.site, product: oneTimeName(input, wanted.name) },
    input.limits.lineName,
    edit.name,
  );
  const keepsName = input.limits.keepsName !== false || !isRecurring(input.option);
  const keepsCost = input.limits.keepsCost !== false;
  const named = keepsName ? ofTemplate : { name: productName(wanted), cut: false };
  if (!keepsName && (edit.name !== undefined || wanted.namesCounts))
    warnings.push(problem('name is not kept', { line: ofTemplate.name, name: named.name }));
  if (!keepsCost && edit.cost !== undefined) warnings.push(problem('cost is not kept', { line: named.name }));
  if (named.cut) warnings.push(problem('name was cut', { name: named.name, limit: input.limits.lineName }));
  const held = roundedFor(
    input.limits,
    named.name,
    { ...wanted, price: edit.price ?? wanted.price, cost: edit.cost ?? wanted.cost },
    currency,
  );
  const syncedQuantity = edit.syncedQuantity ?? held.quantity;
  if (edit.syncedQuantity !== undefined && !equals(edit.syncedQuantity, wanted.quantity) && (edit.reason ?? '').trim() === '') {
    blocks.push(problem('reason is missing', { line: named.name }));
  }
  const marketplace = { price: held.price, cost: held.cost };
  const known = found.line ?? (found.synced === null ? null : beliefOfSynced(found.synced));
  const exists = known !== null;
  const pushPrice =
    exists &&
    isRecurring(input.option) &&
    (wanted.alwaysPrice || edit.pushPrice === true || edit.price !== undefined || edit.cost !== undefined);
  const price = exists && !pushPrice ? (known.price ?? marketplace.price) : marketplace.price;
  const cost = exists && !pushPrice ? (known.cost ?? marketplace.cost) : marketplace.cost;
  warnings.push(...held.warnings.filter(({ code }) => code === 'quantity was rounded' || !exists || pushPrice));
  if (!exists || pushPrice) blocks.push(...held.blocks);
  const own = priceProblems(wanted.name, price, cost);
  blocks.push(...own.blocks);
  warnings.push(...own.warnings);
  if (found.line?.lessIncluded && !isZero(found.line.lessIncluded))
    warnings.push(problem('line has less included', { line: named.name, quantity: found.line.lessIncluded }));
  if (found.line?.counted === true)
    (input.limits.writesCounted ? warnings : blocks).push(problem('line is counted by the PSA', { line: named.name }));
  const dates = datesOf(input, edit);
  const counts = wanted.namesCounts || (exists && wanted.alwaysPrice && known.quantity === ONE && wanted.quantity !== ONE);
  const rename =
    exists && keepsName && isRecurring(input.option) && (edit.name !== undefined || counts) && named.name !== known.description;
  const differs =
    exists &&
    (!equals(known.quantity, syncedQuantity) ||
      found.adopted ||
      rename ||
      (pushPrice && (!equals(known.price, price) || (keepsCost && cost !== null && !equals(known.cost, cost)))));
  const status: LineStatus = exists ? (differs ? 'Updating' : 'Unchanged') : 'Creating';
  const charged = exists ? [] : chargedAlready(input, lineKey, wanted);
  const shown = charged.some((charge) => isShown(input, charge));
  if (shown || (charged.length > 0 && edit.again !== true)) blocks.push(problem('line was invoiced already', { line: named.name }));
  if (found.gone && exists && !isRecurring(input.option)) warnings.push(problem('charge is not there', { line: named.name }));
  const otherTotal = exists && wanted.alwaysPrice && !equals(known.price, marketplace.price);
  if (!isRecurring(input.option) && (differs || otherTotal)) blocks.push(problem('line was invoiced already', { line: named.name }));
  const posted = found.line?.postedThrough ?? null;
  if (status === 'Updating' && posted !== null && posted >= input.dates.firstDay)
    blocks.push(problem('period was posted already', { line: named.name, through: posted }));
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
    sentDate: status === 'Creating' ? dates.sent : status === 'Updating' && input.limits.datesChanges ? input.dates.firstDay : null,
    syncedQuantity,
    quantity: wanted.quantity,
    reason: edit.reason ?? null,
    cost,
    price,
    total,
    margin: total === null || costTotal === null ? null : subtract(total, costTotal),
    currency,
    marketplacePrice: exists && !equals(known.price, marketplace.price) ? marketplace.price : null,
    marketplaceCost: exists && keepsCost && !equals(known.cost, marketplace.cost) ? marketplace.cost : null,
    inPsa: found.line?.quantity ?? null,
    delta: syncedQuantity === null ? null : subtract(syncedQuantity, known?.quantity ?? ZERO),
    candidates: found.candidates,
    blocks,
    warnings,
    again: (found.gone && !isRecurring(input.option)) || (charged.length > 0 && !shown),
    settled: found.synced?.settled ?? 0,
  } as const;
  return {
    ...line,
    changes: blocks.length > 0 || status === 'Unchanged' ? [] : changesOf(input, line, found, known, { pushPrice, rename }),
  };
}

/** What the PSA's invoice says where a line has no name of its own. */
function productName({ binding, name }: Wanted): string {
  return binding === null || binding.description.trim() === '' ? name : binding.description;
}

/** Where no key tells one month's charge from the next one's, its name does. */
function oneTimeName({ limits, option, period }: GridInput, name: string): string {
  return limits.lineKey === null && !isRecurring(option) ? `${name} ${period}` : name;
}

function datesOf(input: GridInput, edit: LineEdit): { shown: Day | null; sent: Day | null } {
  const { agreement, dates, subscriptionStart } = input;
  const start =
    [subscriptionStart, agreement.startDate]
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? dates.firstDay;
  const shown = edit.effectiveDate ?? start;
  if (agreement.prorates !== true && !input.limits.datesChanges) return { shown, sent: shown };
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
  const base = {
    ...{ lineKey: line.lineKey, agreementId: agreement.id, name: line.name, subProducts: line.subProducts, product: line.product },
    on: input.dates.firstDay,
  };
  const after = {
    quantity: line.syncedQuantity,
    price: line.price,
    cost: line.cost,
    name: line.name,
    effectiveDate: known === null ? line.sentDate : null,
    endDate: null,
  };
  if (known === null) {
    if (isRecurring(option)) return [{ kind: 'create', ...base, after, follows: found.follows }];
    return [{ kind: 'charge', ...base, companyId: company?.psaId ?? '', after: { ...after, effectiveDate: null }, follows: found.follows }];
  }
  const { pushPrice, rename } = pushed;
  const pushCost = pushPrice && input.limits.keepsCost !== false;
  return [
    {
      kind: 'update',
      ...base,
      lineId: known.id,
      adopt: found.adopted,
      before: {
        quantity: known.quantity,
        price: pushPrice ? known.price : null,
        cost: pushCost ? known.cost : null,
        name: rename ? known.description : null,
        productId: known.productId,
        endDate: null,
      },
      after: {
        quantity: line.syncedQuantity,
        price: pushPrice ? line.price : null,
        cost: pushCost ? line.cost : null,
        name: rename ? line.name : null,
        effectiveDate: null,
        endDate: null,
      },
    },
  ];
}

function referenceOf(binding: Binding | null): ProductReference {
  if (binding === null) return { id: null, identifier: '', use: null };
  return { id: binding.psaProductId, identifier: binding.identifier, use: binding.psaProductId === null ? productUse(binding) : null };
}
