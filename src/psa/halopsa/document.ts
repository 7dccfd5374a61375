import { canonicalJson, type Json } from '../../domain/canonical';
import type { Around, Change, ChargeChange, CreateChange, EndChange, UpdateChange } from '../../domain/change';
import type { PlanRequest } from '../../domain/plan';
import { problem, type Problem } from '../../domain/problem';
import { err, ok, type Result } from '../../domain/result';
import { checksInto, type Checks } from '../checks';
import { limits } from './limits';
import { realDay } from './records';

/** A line as HaloPSA holds it, or as a request sends it: a new one has no id, one of an earlier request of the plan `{"$use": name}`. */
export type LineRow = Readonly<Record<string, Json>>;
type LineChange = Exclude<Change, { kind: 'export' }>;

/** The lines of the change's recurring invoice when its turn comes: as read, with every earlier change of the plan; null when never read. */
export function linesBefore(change: LineChange, around: Around): readonly LineRow[] | null {
  const rows = around.linesOf(change.agreementId)?.map(({ raw }) => raw);
  if (rows?.every(isRow) !== true) return null;
  return around.earlier.reduce<readonly LineRow[]>((lines, earlier) => {
    if (earlier.kind === 'export' || earlier.agreementId !== change.agreementId) return lines;
    const after = linesAfter(earlier, lines, checksInto(limits, []));
    return after.ok ? after.value.map((row) => ('id' in row ? row : { ...row, id: { $use: lineUse(earlier.lineKey) } })) : lines;
  }, rows);
}

/** All lines with the change in them, or why it cannot be made. A line that is to end and is gone leaves them as they are. */
export function linesAfter(change: LineChange, lines: readonly LineRow[], check: Checks): Result<readonly LineRow[], Problem> {
  if (change.kind === 'create' || change.kind === 'charge') return ok([...lines, newLine(change, check)]);
  const own = ownLines(change, lines);
  const [first] = own;
  if (own.length > 1) return err(problem('line exists more than once', { line: change.name, ids: own.map(idText) }));
  const fields = writtenFields(change, check);
  if (first === undefined) return change.kind === 'end' ? ok(lines) : err(problem('line is gone', { line: change.name }));
  return ok(lines.map((row) => (row === first ? changed(row, fields) : row)));
}

/** What an update or end writes on its line; nothing where there is nothing to write. No proration is ever asked for. */
export function writtenFields(change: UpdateChange | EndChange, check: Checks): LineRow {
  const { after } = change;
  if (change.kind === 'end') return change.how === 'zero' ? { qty_order: 0 } : { enddate: check.day('end date', after.endDate) };
  return {
    ...(after.quantity === null ? {} : { qty_order: Number(check.quantity('quantity', after.quantity, 'not negative')) }),
    ...(after.price === null ? {} : { unit_price: Number(check.price('price', after.price)) }),
    ...(after.cost === null ? {} : { unit_cost: Number(check.price('cost', after.cost)) }),
    ...(after.name === null ? {} : { item_shortdescription: check.text('name', after.name, limits.lineName) }),
    ...(after.effectiveDate === null ? {} : { startdate: check.day('effective date', after.effectiveDate) }),
    ...(after.endDate === null ? {} : { enddate: check.day('end date', after.endDate) }),
    ...(change.adopt ? { item_external_reference: check.text('line key', change.lineKey, limits.lineKey) } : {}),
  };
}

/** `recurring_invoice_quantity_type` 0 is a fixed quantity. */
function newLine(change: CreateChange | ChargeChange, check: Checks): LineRow {
  const { after, product } = change;
  const name = check.text('name', after.name ?? change.name, limits.lineName);
  return {
    _itemid: product.use === null ? check.id('product', product.id ?? '') : { $use: product.use },
    item_shortdescription: name,
    item_longdescription: name,
    qty_order: Number(check.quantity('quantity', after.quantity, change.kind === 'create' ? 'not negative' : 'any sign')),
    unit_price: Number(check.price('price', after.price)),
    ...(after.cost === null ? {} : { unit_cost: Number(check.price('cost', after.cost)) }),
    ...(change.kind === 'create' ? { startdate: check.day('effective date', after.effectiveDate) } : {}),
    ...(after.endDate === null ? {} : { enddate: check.day('end date', after.endDate) }),
    ...(change.kind === 'charge' ? { onetimecharge: true } : {}),
    recurring_invoice_quantity_type: 0,
    item_external_reference: check.text('line key', change.lineKey, change.kind === 'charge' ? limits.oneTimeKey : limits.lineKey),
  };
}

/** The name under which a new line's id is yielded to later requests of the plan. */
export function lineUse(lineKey: string): string {
  return `line-${lineKey}`;
}

/** Every id that a body waits for. */
export function usesIn(body: Json): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { $use } = body as LineRow;
  const found = typeof $use === 'string' ? [$use] : Object.values(body as LineRow).flatMap(usesIn);
  return [...new Set(found)];
}

/** The header and the lines that a request sends. */
export function sentBy(request: Pick<PlanRequest, 'body'>): { readonly id: Json; readonly lines: readonly LineRow[] } {
  const [header] = request.body as readonly { readonly id: Json; readonly lines: readonly LineRow[] }[];
  return { id: header?.id ?? null, lines: header?.lines ?? [] };
}

/** Which of the sent lines is the request's own: the new one, or the one that it changes. */
export function ownOf({ operation, line }: PlanRequest, lines: readonly LineRow[]): LineRow | null {
  if (operation === 'create' || operation === 'charge') return lines.find((row) => !('id' in row)) ?? null;
  return lines.find((row) => (line.lineId === null ? row[KEY] === line.lineKey : idText(row) === line.lineId)) ?? null;
}

/** The fields that a request changes on its own line. */
export function changedBy({ operation, line: { after } }: PlanRequest): ReadonlySet<string> {
  if (after === null || operation === 'create' || operation === 'charge') return new Set();
  const fields = [
    ['qty_order', after.quantity],
    ['unit_price', after.price],
    ['unit_cost', after.cost],
    ['item_shortdescription', after.name],
    ['item_longdescription', after.name],
    ['startdate', after.effectiveDate],
    ['enddate', after.endDate],
  ] as const;
  return new Set([KEY, ...fields.flatMap(([name, value]) => (value === null ? [] : [name]))]);
}

/** What of a sent line the PSA must still hold: everything as it was read, or what costs money on a line that an earlier request made. */
export function keptFields(row: LineRow): readonly string[] {
  if (isUse(row['id'])) return MONEY.filter((name) => name in row && !isUse(row[name]));
  return Object.keys(row).filter((name) => name !== 'id' && !isDerived(name));
}

/** The same value, in the PSA's many ways to say it: days as days, nothing as nothing. */
export function agrees(found: unknown, sent: Json): boolean {
  if (isBlank(sent)) return isBlank(found);
  if (isUse(sent)) return typeof found === 'number';
  if (typeof sent === 'string') return typeof found === 'string' && plain(found) === plain(sent);
  if (typeof sent === 'object') return typeof found === 'object' && found !== null && canonicalJson(found as Json) === canonicalJson(sent);
  return found === sent;
}

export function isUse(value: Json | undefined): value is { readonly $use: string } {
  return typeof value === 'object' && value !== null && '$use' in value;
}

export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'string' && INSTANT.test(value) && realDay(value) === null;
}

export function isInstant(value: Json): boolean {
  return typeof value === 'string' && INSTANT.test(value);
}

export const KEY = 'item_external_reference';
export const MONEY = ['_itemid', 'qty_order', 'unit_price', 'unit_cost', 'onetimecharge'] as const;

function ownLines({ lineId, lineKey, on }: UpdateChange | EndChange, lines: readonly LineRow[]): readonly LineRow[] {
  if (lineId !== null) return lines.filter((row) => idText(row) === lineId);
  const isOpen = (row: LineRow) => row['isinactive'] !== true && (realDay(textIn(row['enddate'])) ?? on) >= on;
  return lines.filter((row) => row[KEY] === lineKey && isOpen(row));
}

/** The longer text follows a new name where it repeated the old one; sums that no longer fit are left to the PSA. */
function changed(row: LineRow, fields: LineRow): LineRow {
  const name = fields['item_shortdescription'];
  const repeats = name !== undefined && row['item_longdescription'] === row['item_shortdescription'];
  const kept =
    'qty_order' in fields || 'unit_price' in fields ? Object.entries(row).filter(([field]) => !isDerived(field)) : Object.entries(row);
  return { ...Object.fromEntries(kept), ...fields, ...(repeats ? { item_longdescription: name } : {}) };
}

/** Sums, converted amounts and what belongs to one answer: HaloPSA computes them. */
function isDerived(name: string): boolean {
  return /^(net_|total_|tax_amount$|tax_converted$|baseprice$|taxRuleResult$|linked_item$)|_converted$|^_(?!itemid$)/.test(name);
}

/** The id of a line as text; '' where it has none yet. */
export function idText({ id }: LineRow): string {
  return typeof id === 'number' ? String(id) : '';
}

function isRow(value: Json | undefined): value is LineRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function plain(text: string): string {
  return INSTANT.test(text) ? text.slice(0, 10) : text;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;
