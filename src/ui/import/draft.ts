import type { Day, Period } from '../../domain/calendar';
import { isDay, isPeriod } from '../../domain/calendar';
import { CsvProfile, type CsvColumn, type DateStyle, type DecimalStyle } from '../../domain/csv-profile';
import type { Answers, CsvGuess, Inspection } from '../../domain/importing';

/** What the partner has filled in so far; empty text is nothing yet. */
export interface Draft {
  mode: 'day' | 'month';
  day: Day;
  month: Period;
  /** What each column of the header is; empty is not used. */
  columns: (CsvColumn | '')[];
  decimals: DecimalStyle | '';
  dates: DateStyle | '';
  product: string;
  currency: string;
}
export interface DraftError {
  readonly field: string;
  readonly text: string;
}

export const COLUMN_NAMES: Readonly<Record<CsvColumn, string>> = {
  site: 'Site or domain',
  account: 'Customer name',
  company: 'Company id',
  product: 'Product',
  subProductName: 'Sub-product',
  subProductId: 'Sub-product id',
  date: 'Date of the count',
  quantity: 'Quantity',
  unitPrice: 'Price (customer rate)',
  unitCost: 'Cost (partner buy rate)',
  total: 'Total of the vendor',
  currency: 'Currency',
  unit: 'Unit',
  licences: 'Licences',
  trial: 'Trial',
};

/** The guesses, or the saved profile, as a draft. */
export function draftOf({ csv }: Inspection, today: Day, month: Period): Draft {
  const draft: Draft = { mode: 'day', day: today, month, columns: [], decimals: '', dates: '', product: '', currency: '' };
  if (csv === null) return draft;
  const { guess, saved } = csv;
  if (saved === null) {
    draft.columns = guess.header.map((_, index) => guess.columns.find((column) => column.index === index)?.column ?? '');
    return { ...draft, decimals: guess.decimals.value ?? '', dates: guess.dates.value ?? '' };
  }
  const { columns, constants, decimals, dates } = saved.profile;
  draft.columns = guess.header.map(
    (_, index) => (Object.entries(columns).find(([, at]) => at === index)?.[0] as CsvColumn | undefined) ?? '',
  );
  return { ...draft, decimals, dates, product: constants.product ?? '', currency: constants.currency ?? '' };
}

/** The answers that a draft stands for, or what is missing, each with the field that it belongs to. */
export function answersOf(draft: Draft, { undated, csv }: Inspection): { answers: Answers } | { errors: readonly DraftError[] } {
  const errors: DraftError[] = [];
  const miss = (field: string, text: string) => errors.push({ field, text });
  const dated = csv === null ? !undated : draft.columns.includes('date');
  if (!dated && draft.mode === 'day' && !isDay(draft.day)) miss('import-day', 'Enter the day on which these counts were taken');
  if (!dated && draft.mode === 'month' && !isPeriod(draft.month)) miss('import-month', 'Enter the month for which these counts are final');
  const profile = csv === null ? null : profileOf(draft, csv.guess, miss);
  if (errors.length > 0) return { errors };
  const when = dated
    ? { date: null, final: null }
    : { date: draft.mode === 'day' ? draft.day : null, final: draft.mode === 'month' ? draft.month : null };
  return { answers: { ...when, profile, copies: 'once' } };
}

function profileOf(draft: Draft, { header, delimiter }: CsvGuess, miss: (field: string, text: string) => void): CsvProfile | null {
  const named = draft.columns.filter((column) => column !== '');
  for (const column of new Set(named)) {
    const first = draft.columns.indexOf(column);
    if (draft.columns.lastIndexOf(column) !== first) miss(`import-column-${first}`, `Choose one column for “${COLUMN_NAMES[column]}”`);
  }
  for (const column of ['site', 'quantity'] as const) {
    if (!named.includes(column)) miss('import-column-0', `Choose the column that holds “${COLUMN_NAMES[column]}”`);
  }
  if (!named.includes('product') && draft.product.trim() === '')
    miss('import-product', 'Enter the product that this file counts, for example Proofpoint');
  const currency = draft.currency.trim().toUpperCase();
  const priced = named.some((column) => column === 'unitPrice' || column === 'unitCost' || column === 'total');
  if (!named.includes('currency') && priced && !/^[A-Z]{3}$/.test(currency))
    miss('import-currency', 'Enter the currency of the prices, for example USD');
  if (draft.decimals === '') miss('import-decimals', 'Choose how numbers are written');
  if (draft.dates === '' && named.includes('date')) miss('import-dates', 'Choose how dates are written');
  const columns = Object.fromEntries(draft.columns.flatMap((column, index) => (column === '' ? [] : [[column, index]])));
  const constants = {
    product: named.includes('product') ? null : draft.product.trim(),
    subProductName: null,
    currency: currency === '' ? null : currency,
  };
  const profile = CsvProfile.safeParse({ delimiter, header, decimals: draft.decimals, dates: draft.dates || 'iso', columns, constants });
  return profile.success ? profile.data : null;
}
