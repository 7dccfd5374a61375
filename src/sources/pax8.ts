import { brokenJson, jsonItems } from './json';
import { has, wholeNumber, type JsonRecord } from './json-record';
import { unreadable, type PageNumber, type Source, type SourceFile } from './source';
import { headOf, textOf } from './text';
import { kindOf, readRecord, type Kind } from './pax8/records';

/**
 * Answers of the Pax8 Partner API v1: companies, products, subscriptions, usage summaries and usage lines (the vendor's OpenAPI file).
 * `unitPrice` is what the customer pays; the partner's unit cost is `partnerTotal / quantity`, as in the vendor's own example
 * (3 x 5.33 = 15.99, 10.38 / 3 = 3.46). Ids are any text: one in that example is no UUID.
 */
export const pax8: Source = {
  name: 'pax8',
  label: 'Pax8 Partner API',
  recognise(file) {
    const kind = kindIn(file);
    return kind === null ? null : { source: 'pax8', kind, undated: false };
  },
  *read(file, reading) {
    const text = textOf(file.bytes);
    if (!text.ok) {
      yield unreadable(file);
      return;
    }
    const share = file.bytes.length / Math.max(text.value.length, 1);
    let row = 0;
    const first = kindIn(file);
    let kind = first === 'empty page' ? null : first;
    for (const item of jsonItems(text.value)) {
      const bytes = Math.round(item.at * share);
      if ('record' in item) {
        kind = kindOf(item.record) ?? kind;
        yield { ...readRecord(item.record, kind, file, ++row, reading), bytes };
      } else if ('fault' in item) yield { ...brokenJson(file, ++row, item), bytes };
      else {
        const page = pageOf(item.page, kind);
        if (page !== null) yield { row: 0, bytes, record: null, problems: [], page };
      }
    }
  },
};

/** What the first record that is of a kind is: the one that begins the file may lack just the field that tells it. */
function kindIn(file: SourceFile): Kind | 'empty page' | null {
  let records = false;
  let page = false;
  for (const item of jsonItems(headOf(file.bytes))) {
    if ('record' in item) {
      records = true;
      const kind = kindOf(item.record);
      if (kind !== null) return kind;
    } else if ('page' in item) page = has(item.page, 'totalElements');
  }
  return page && !records ? 'empty page' : null;
}

function pageOf(page: JsonRecord, kind: Kind | null): PageNumber | null {
  const total = wholeNumber(page, 'totalPages');
  const number = wholeNumber(page, 'number');
  if (total === null || number === null || total <= 1) return null;
  return { answer: `${kind ?? 'records'}, ${wholeNumber(page, 'totalElements') ?? '?'} in all`, number, total };
}
