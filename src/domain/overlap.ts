import type { Day } from './calendar';
import { customerFor, subProductKeyFor, type Catalogue } from './catalogue';
import { add, type Decimal } from './decimal';
import { customerKey, customerOf } from './marketplace';
import type { UsageImport } from './month';
import { unpackLine } from './unpack';
import type { UsageChunk } from './usage';

/** A count that a file would change, or would leave standing because it does not mention it. Null is not reported. */
export interface OverlapRow {
  readonly site: string;
  readonly subProduct: string;
  readonly date: Day;
  readonly before: Decimal | null;
  readonly after: Decimal | null;
  readonly priceBefore: Decimal | null;
  readonly priceAfter: Decimal | null;
}
/** What a file would do to one product's counts (site, sub-product, date) beside what is imported already. */
export interface ProductOverlap {
  /** Key of the product; empty for lines whose usage summary is not imported. */
  readonly product: string;
  readonly added: number;
  readonly changed: number;
  readonly repeated: number;
  /** Counts of the same site and date that the file does not mention. */
  readonly unmentioned: number;
  /** At most 20 each. */
  readonly changes: readonly OverlapRow[];
  readonly silent: readonly OverlapRow[];
}

const SHOWN = 20;

/** Compares a staged import with the committed ones of the same source, in the order of their `seq`. */
export function overlapOf(staged: UsageImport, committed: readonly UsageImport[], catalogue: Catalogue): ProductOverlap[] {
  const rivals = committed.filter(
    ({ record }) => record.source === staged.record.source && record.periods.some((period) => staged.record.periods.includes(period)),
  );
  const names = new Names(catalogue);
  const after = collect([staged], names);
  const before = collect(rivals, names);
  const products = new Map<
    string,
    { -readonly [K in keyof ProductOverlap]: ProductOverlap[K] } & { changes: OverlapRow[]; silent: OverlapRow[] }
  >();
  const bookOf = (key: string) => {
    const product = customerOf(key.slice(0, key.lastIndexOf('\u001e'))).product;
    const book = products.get(product) ?? { product, added: 0, changed: 0, repeated: 0, unmentioned: 0, changes: [], silent: [] };
    products.set(product, book);
    return book;
  };
  for (const [key, counts] of after) {
    const book = bookOf(key);
    const known = before.get(key);
    for (const [subProduct, count] of counts) {
      const old = known?.get(subProduct);
      if (old === undefined) book.added++;
      else if (old.quantity === count.quantity && old.price === count.price) book.repeated++;
      else {
        book.changed++;
        if (book.changes.length < SHOWN) book.changes.push(rowOf(key, names, subProduct, old, count));
      }
    }
    for (const [subProduct, old] of known ?? []) {
      if (counts.has(subProduct)) continue;
      book.unmentioned++;
      if (book.silent.length < SHOWN) book.silent.push(rowOf(key, names, subProduct, old, null));
    }
  }
  return [...products.values()];
}

interface Count {
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
}
/** Customer and day -> sub-product and whether it is a trial -> count. */
type Counts = Map<string, Map<number, Count>>;

/** Later imports replace the counts that they mention; a complete one replaces all counts of its customers and days. */
function collect(imports: readonly UsageImport[], names: Names): Counts {
  const counts: Counts = new Map();
  for (const { record, chunks } of imports) {
    const own: Counts = new Map();
    for (const chunk of chunks) collectChunk(chunk, record.source, names, own);
    for (const [key, found] of own) {
      const known = record.complete ? undefined : counts.get(key);
      if (known === undefined) counts.set(key, found);
      else for (const [subProduct, count] of found) known.set(subProduct, count);
    }
  }
  return counts;
}

function collectChunk(chunk: UsageChunk, source: string, names: Names, into: Counts): void {
  for (let row = 0; row < chunk.rows; row++) {
    const line = unpackLine(chunk, row);
    const key = names.place(source, line.site, line.summary, line.product, line.date);
    const subProduct = names.subProduct(source, { id: line.subProductId, name: line.subProductName, product: line.product }, line.trial);
    const found = into.get(key) ?? new Map<number, Count>();
    into.set(key, found);
    const known = found.get(subProduct);
    const quantity =
      known === undefined ? line.quantity : known.quantity === null || line.quantity === null ? null : add(known.quantity, line.quantity);
    found.set(subProduct, { quantity, price: known?.price ?? line.unitPrice });
  }
}

function rowOf(key: string, names: Names, subProduct: number, before: Count, after: Count | null): OverlapRow {
  const split = key.lastIndexOf('\u001e');
  return {
    site: customerOf(key.slice(0, split)).site,
    subProduct: names.shown(subProduct),
    date: key.slice(split + 1),
    before: before.quantity,
    after: after?.quantity ?? null,
    priceBefore: before.price,
    priceAfter: after?.price ?? null,
  };
}

class Names {
  readonly #catalogue: Catalogue;
  readonly #places = new Map<string, string>();
  readonly #subProducts = new Map<string, number>();
  readonly #keys = new Map<string, number>();
  readonly #shown: string[] = [];

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  place(source: string, site: string | null, summary: string | null, product: string | null, date: Day): string {
    const raw = `${site ?? ''}\u001f${summary ?? ''}\u001f${product ?? ''}`;
    let place = this.#places.get(raw);
    if (place === undefined) {
      const customer = customerFor(this.#catalogue, source, { site, summary, product });
      place = customerKey(customer ?? { product: '', site: site ?? summary ?? '' });
      this.#places.set(raw, place);
    }
    return `${place}\u001e${date}`;
  }

  subProduct(source: string, named: { id: string | null; name: string; product: string | null }, trial: boolean): number {
    const { id, name, product } = named;
    const raw = `${id ?? ''}\u001f${name}\u001f${product ?? ''}\u001f${String(trial)}`;
    let number = this.#subProducts.get(raw);
    if (number === undefined) {
      const key = `${subProductKeyFor(this.#catalogue, source, named)}\u001f${String(trial)}`;
      number = this.#keys.get(key) ?? this.#keys.size;
      this.#keys.set(key, number);
      this.#subProducts.set(raw, number);
      this.#shown[number] = trial ? `${name} (trial)` : name;
    }
    return number;
  }

  shown(number: number): string {
    return this.#shown[number] ?? '';
  }
}
