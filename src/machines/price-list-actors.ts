import { readPriceList, writePriceList, type PriceListRead } from '../sources/price-list';
import type { Database } from '../storage/db';
import { priceList } from '../storage/prices';

export type { PriceListRead } from '../sources/price-list';

/** Reads a price list file against the sub-products and companies that are known. Stores nothing. */
export async function pricesIn(db: Database, text: string): Promise<PriceListRead> {
  const [subProducts, companies] = await Promise.all([db.subProducts.toArray(), db.companies.toArray()]);
  return readPriceList(text, { subProducts, companies });
}

/** The whole price list as a CSV that `pricesIn` reads again. */
export async function pricesAsCsv(db: Database): Promise<string> {
  return writePriceList(await priceList(db));
}
