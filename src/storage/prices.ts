import type { PriceVersion } from '../domain/price';
import type { Database } from './db';
import { decide } from './decide';

/** Every price version of the named sub-products; `priceOf` chooses among them. */
export function pricesFor(db: Database, subProducts: readonly string[]): Promise<PriceVersion[]> {
  return db.prices
    .where('subProduct')
    .anyOf([...subProducts])
    .toArray();
}

/** The whole dated price list, oldest entry first. */
export async function priceList(db: Database): Promise<PriceVersion[]> {
  return (await db.prices.toArray()).sort((left, right) => left.seq - right.seq);
}

export type PriceDraft = Omit<PriceVersion, 'seq'>;

export async function setPrice(db: Database, now: string, draft: PriceDraft): Promise<void> {
  await setPrices(db, now, [draft]);
}

/** Adds the entries that say something new, all or none, and answers how many those were: the same list twice changes nothing. */
export function setPrices(db: Database, now: string, drafts: readonly PriceDraft[]): Promise<number> {
  return decide(db, now, ['prices'], async ({ next, audit }) => {
    let added = 0;
    for (const draft of drafts) {
      const versions = await db.prices.where('subProduct').equals(draft.subProduct).toArray();
      const newest = versions.filter((version) => samePlace(version, draft)).sort((left, right) => right.seq - left.seq)[0];
      if (newest !== undefined && newest.price === draft.price && newest.cost === draft.cost) continue;
      const { subProduct, company, price, cost, currency, from, until } = draft;
      await db.prices.add({ ...draft, seq: next() });
      await audit('price set', subProduct, { company, price, cost, currency, from, until });
      added += 1;
    }
    return added;
  });
}

function samePlace(version: PriceVersion, draft: PriceDraft): boolean {
  const { company, currency, from, until } = version;
  return company === draft.company && currency === draft.currency && from === draft.from && until === draft.until;
}
