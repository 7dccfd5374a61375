import type { Decimal } from '../domain/decimal';

/** The PSA's limits as data: checked before a plan exists, each tested from both sides. Lengths in characters. */
export interface Limits {
  readonly lineName: number;
  readonly productIdentifier: number;
  readonly productDescription: number;
  /** Null where a product has no field for our reference. */
  readonly productReference: number | null;
  /** The text of an exported product; null is any length. */
  readonly productText: number | null;
  /** Null where a line has no field for our key: then product and name tell it. */
  readonly lineKey: number | null;
  /** The same of a one-time line; null where none has a field for it. */
  readonly oneTimeKey: number | null;
  /** A title that one-time lines have beside their text, which holds the name whole: it is cut. Null where they have none. */
  readonly oneTimeTitle: number | null;
  /** The greatest id where ids are numbers, the most characters where they are texts. */
  readonly id: number;
  /** How a day is written: bare, or as midnight UTC; null where no request carries one. */
  readonly days: 'day' | 'instant' | null;
  /** Digits behind the point that a quantity (0 is whole units) and a unit price may have; null is any. What has more is rounded, in words. */
  readonly quantityDecimals: number | null;
  readonly priceDecimals: number | null;
  /** The most rows of an answer; null where a list comes whole. */
  readonly pageSize: number | null;
  readonly requestsPerMinute: number;
  /** False where one agreement cannot hold the same product twice. */
  readonly productRepeats: boolean;
  readonly negativePrices: boolean;
  /** The most that rounding a price may move a line's total, in its currency, unless the connection's setting `mostRounding` says otherwise. */
  readonly mostRounding: Decimal;
  /** True where a change of a quantity moves what is planned for later days along. Absent, each day keeps its own. */
  readonly movesLater?: true;
  /** Whether changes of a line carry a date. */
  readonly datesChanges: boolean;
  /** Whether a line has a cost of its own. */
  readonly keepsCost: boolean;
  /** Whether a line that the PSA counts by itself may be written. */
  readonly writesCounted: boolean;
  /** False where a recurring line has no name of its own: the PSA's invoice says the product's. Absent, it has one. */
  readonly keepsName?: boolean;
}
