import { expect } from 'vitest';
import type { Period } from '../../src/domain/calendar';
import { isRecurring, type SyncOption } from '../../src/domain/change';
import type { ByHand, Held } from './psa';
import type { Due } from './reference';
import type { World } from './world';

interface Billed {
  readonly site: string;
  readonly company: string;
  readonly option: SyncOption;
  readonly period: Period;
  readonly due: readonly (Due & { readonly product: string })[];
}
type Charge = Line & { readonly period: Period };
interface Line {
  readonly site: string;
  readonly place: string;
  readonly slot: string;
  readonly quantity: number;
  readonly price: number;
}

/** What the PSA is to hold, line by line, each once, beside what it holds. */
export class Books {
  readonly #world: World;
  #lines: readonly Line[];
  #charges: readonly Charge[];
  /** The price that each line of the PSA began with. */
  readonly #born: Map<string, number>;

  constructor(world: World, lines: readonly Line[] = [], charges: readonly Charge[] = [], born: ReadonlyMap<string, number> = new Map()) {
    this.#world = world;
    this.#lines = lines;
    this.#charges = charges;
    this.#born = new Map(born);
  }

  copy(): Books {
    return new Books(this.#world, this.#lines, this.#charges, this.#born);
  }

  /** A count replaces what the lines of a site held, and a month is charged once. */
  bill({ site, company, option, period, due }: Billed): void {
    const lines = due.map(({ slot, product, quantity, price }) => ({
      site,
      slot,
      quantity,
      price,
      place: placeOf({ site, slot, company, product }),
    }));
    const others = this.#lines.filter((line) => line.site !== site);
    this.#lines = isRecurring(option) ? [...others, ...lines] : others;
    const isCharged = this.#charges.some((charge) => charge.site === site && charge.period === period);
    if (!isRecurring(option) && !isCharged) this.#charges = [...this.#charges, ...lines.map((line) => ({ ...line, period }))];
  }

  changedByHand(line: Held, how: ByHand, quantity: number): void {
    const place = placeOf(line);
    if (how === 'deleted') this.#lines = this.#lines.filter((own) => own.place !== place);
    if (how === 'another quantity') this.#lines = this.#lines.map((own) => (own.place === place ? { ...own, quantity } : own));
  }

  /** Lines that are there now keep the price that they have. */
  notice(period: Period): void {
    for (const { id, price } of this.#world.recurring(period)) if (!this.#born.has(id)) this.#born.set(id, price);
  }

  /** The PSA bills what is to be billed, each line once, at the price of the month in which it was made. */
  expectHeld(period: Period): void {
    expect(this.#held(period)).toEqual(shown(this.#lines));
    for (const line of this.#billing(period)) {
      const { price = NaN } = this.#lines.find(({ place }) => place === placeOf(line)) ?? {};
      const expected = line.slot === '*' ? price : (this.#born.get(line.id) ?? price);
      expect([placeOf(line), line.price]).toEqual([placeOf(line), expected]);
    }
    this.notice(period);
    expect(this.#world.charges().map(chargeShown).sort()).toEqual(this.#charged.map(chargeShown).sort());
  }

  /** Nobody synced anything. */
  expectKept(period: Period): void {
    expect(this.#held(period)).toEqual(shown(this.#lines));
  }

  /** Of one site: lines and charges as the PSA holds them, and as they are expected. */
  heldOf(site: string, period: Period): readonly string[] {
    const charges = this.#world.charges().filter((charge) => charge.site === site);
    return [...shown(this.#billing(period).filter((line) => line.site === site)), ...charges.map(chargeShown).sort()];
  }
  expectedOf(site: string): readonly string[] {
    const charges = this.#charged.filter((charge) => charge.site === site);
    return [...shown(this.#lines.filter((line) => line.site === site)), ...charges.map(chargeShown).sort()];
  }

  /** As the PSA shows them. */
  get #charged(): readonly Charge[] {
    return this.#world.psa.chargesNameProducts
      ? this.#charges
      : this.#charges.map((charge) => ({ ...charge, place: withoutProduct(charge.place) }));
  }
  #held(period: Period): readonly string[] {
    return shown(this.#billing(period));
  }
  #billing(period: Period): readonly (Held & { readonly place: string })[] {
    return this.#world
      .recurring(period)
      .filter(({ quantity }) => quantity !== 0)
      .map((line) => ({ ...line, place: placeOf(line) }));
  }
}

function shown(lines: readonly { readonly place: string; readonly quantity: number }[]): readonly string[] {
  return lines.map(({ place, quantity }) => `${place}: ${String(quantity)}`).sort();
}
function chargeShown({ quantity, price, ...line }: { readonly quantity: number; readonly price: number } & (Held | Line)): string {
  return `${'place' in line ? line.place : placeOf(line)}: ${String(quantity)} x ${String(price)}`;
}
function withoutProduct(place: string): string {
  return place.replace(/ as .*$/, ' as ');
}
function placeOf({ site, slot, company, product }: { site: string; slot: string; company: string; product: string }): string {
  return `${site} ${slot} of ${company} as ${product}`;
}
