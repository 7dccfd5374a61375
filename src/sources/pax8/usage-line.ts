import { divide, type Decimal } from '../../domain/decimal';
import type { UsageLine } from '../../domain/usage';
import { flagIn, textIn, type JsonRecord } from '../json-record';
import { withoutNumbers, type Reading, type SourceFile, type SourceRow } from '../source';
import { Notes } from './notes';

/** A usage line; one with an error keeps its place without its numbers. */
export function readLine(record: JsonRecord, file: SourceFile, row: number, reading: Reading): Omit<SourceRow, 'bytes'> {
  const notes = new Notes(record, file.name, row);
  const summary = textIn(record, 'usageSummaryId') ?? summaryOfPath(file.name, reading.summaries);
  if (summary === null) {
    notes.error(
      'usageSummaryId',
      '',
      'The line does not say whose usage it is: import the usage summaries too and put the id of the summary into the file name',
    );
  }
  const date = notes.day('usageDate', true);
  const subProductName = notes.needed('productName');
  const quantity = notes.number('quantity');
  const charges = notes.number('currentCharges');
  const profit = notes.number('currentProfit');
  const partnerTotal = notes.number('partnerTotal');
  const unitPrice = notes.number('unitPrice');
  const identified = summary !== null && date !== null && subProductName !== '';
  if (!identified) return { row, record: null, problems: notes.all };
  if (quantity === null && !notes.failed) notes.warning('quantity', '', 'The quantity is not reported: it stays unknown, not 0');
  notes.compareTotals({ quantity, unitPrice, charges, profit, partnerTotal });
  const line: UsageLine = {
    date,
    site: null,
    summary,
    account: null,
    company: null,
    product: null,
    subProductId: textIn(record, 'productId'),
    subProductName,
    unit: textIn(record, 'unitOfMeasure'),
    currency: textIn(record, 'currencyCode'),
    quantity,
    unitPrice,
    unitCost: unitCostOf(partnerTotal, quantity),
    total: charges,
    licences: null,
    trial: flagIn(record, 'isTrial'),
    file: file.name,
    row,
  };
  return { row, record: { kind: 'usage', line: notes.failed ? withoutNumbers(line) : line }, problems: notes.all };
}

/** Exact when it divides within six places; a division beyond them is rounded half away from zero. */
function unitCostOf(partnerTotal: Decimal | null, quantity: Decimal | null): Decimal | null {
  return partnerTotal === null || quantity === null ? null : divide(partnerTotal, quantity, 6);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** A saved answer of `/usage-summaries/{id}/usage-lines` often keeps the id in its path. Only one known summary counts. */
function summaryOfPath(path: string, known: ReadonlySet<string>): string | null {
  const named = new Set((path.match(UUID) ?? []).flatMap((id) => [id, id.toLowerCase()]).filter((id) => known.has(id)));
  const [only, second] = named;
  return only === undefined || second !== undefined ? null : only;
}
