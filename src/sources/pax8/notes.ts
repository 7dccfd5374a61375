import { isDay } from '../../domain/calendar';
import { add, compare, decimalOf, equals, isNegative, multiply, subtract, type Decimal } from '../../domain/decimal';
import type { RowProblem } from '../../domain/importing';
import { numberIn, shownIn, textIn, type JsonRecord } from '../json-record';

/** Everything that is wrong with one record. */
export class Notes {
  readonly all: RowProblem[] = [];
  failed = false;
  readonly #record: JsonRecord;
  readonly #file: string;
  readonly #row: number;

  constructor(record: JsonRecord, file: string, row: number) {
    this.#record = record;
    this.#file = file;
    this.#row = row;
  }

  error(column: string | null, value: string, reason: string): void {
    this.failed = true;
    this.all.push({ file: this.#file, row: this.#row, column, value, reason, severity: 'error' });
  }

  warning(column: string, value: string, reason: string): void {
    this.all.push({ file: this.#file, row: this.#row, column, value, reason, severity: 'warning' });
  }

  needed(name: string): string {
    const text = textIn(this.#record, name);
    if (text === null) this.error(name, shownIn(this.#record, name), `${name} is missing`);
    return text ?? '';
  }

  /** A day, or the day of an instant, as it is written. */
  day(name: string, needed: boolean): string | null {
    const text = textIn(this.#record, name);
    if (text === null && !needed) return null;
    const day = (text ?? '').slice(0, 10);
    if (isDay(day)) return day;
    if (needed) this.error(name, text ?? '', text === null ? `${name} is missing` : `${name} is no date`);
    else this.warning(name, text ?? '', `${name} is no date and is left out`);
    return null;
  }

  number(name: string): Decimal | null {
    const value = numberIn(this.#record, name);
    if (value !== 'not a number') return value;
    this.error(name, shownIn(this.#record, name), `${name} is not a number that can be kept exactly`);
    return null;
  }

  /** The vendor's arithmetic, and what billing would stop at later. A mismatch is a warning: the vendor's own example has one. */
  compareTotals(line: {
    quantity: Decimal | null;
    unitPrice: Decimal | null;
    charges: Decimal | null;
    profit: Decimal | null;
    partnerTotal: Decimal | null;
  }): void {
    const { quantity, unitPrice, charges, profit, partnerTotal } = line;
    if (quantity !== null && isNegative(quantity))
      this.warning('quantity', quantity, 'A negative quantity is imported, but it cannot be billed');
    if (quantity !== null && unitPrice !== null && charges !== null && !isNear(multiply(quantity, unitPrice), charges)) {
      this.warning('currentCharges', charges, `quantity x unitPrice is ${multiply(quantity, unitPrice)}`);
    }
    if (charges !== null && profit !== null && partnerTotal !== null && !equals(subtract(charges, profit), partnerTotal)) {
      this.warning('partnerTotal', partnerTotal, `currentCharges - currentProfit is ${subtract(charges, profit)}`);
    }
  }
}

const HALF_A_CENT = decimalOf('0.005');

/** Charges are rounded to cents by the vendor. */
function isNear(left: Decimal, right: Decimal): boolean {
  return compare(left, add(right, HALF_A_CENT)) <= 0 && compare(add(left, HALF_A_CENT), right) >= 0;
}
