import type { UsageLine } from '../domain/usage';

/** An earlier row that counts the same site (or summary), product, sub-product, date and kind (paid or trial). */
export interface Twin {
  readonly file: string;
  readonly row: number;
  /** Everything billing reads is the same too. */
  readonly exact: boolean;
}

/** Remembers what has been counted. */
export class Twins {
  readonly #numbers = new Numbers();
  readonly #pairs = new PairTable();
  readonly #things = new PairTable();
  readonly #counted = new PairTable();
  readonly #files: string[] = [];
  readonly #fileOf: number[] = [];
  readonly #rowOf: number[] = [];
  readonly #printOf: number[] = [];
  readonly #prints = new Set<string>();
  /** The sub-product that had a name last: rows repeat few of them, and their numbers are four look-ups away. */
  readonly #thingNamed = new Map<string, Thing>();
  #lastLine: UsageLine | null = null;
  #lastThing: Thing = { product: null, id: null, what: 0, date: -1, when: -1 };
  #lastSite = '';
  #lastSiteNumber = 0;
  #lastDate = '';
  #lastDateNumber = 0;

  /** The number of a sub-product as lines name it: product, id and name. */
  what(line: UsageLine): number {
    if (line === this.#lastLine) return this.#lastThing.what;
    const { product, subProductId: id, subProductName: name } = line;
    let thing = this.#thingNamed.get(name);
    if (thing?.product !== product || thing.id !== id) {
      const named = this.#pairs.of(this.#numbers.of(product ?? ''), this.#numbers.of(id ?? ''));
      thing = { product, id, what: this.#things.of(named, this.#numbers.of(name)), date: -1, when: -1 };
      this.#thingNamed.set(name, thing);
    }
    this.#lastLine = line;
    this.#lastThing = thing;
    return thing.what;
  }

  find(line: UsageLine): Twin | null {
    const when = this.#when(line);
    const before = this.#counted.size;
    const at = this.#counted.of(this.#siteNumber(line.site ?? line.summary ?? ''), line.trial ? -1 - when : when);
    const print = printOf(line);
    if (at === before) {
      if (this.#files.at(-1) !== line.file) this.#files.push(line.file);
      this.#fileOf.push(this.#files.length - 1);
      this.#rowOf.push(line.row);
      this.#printOf.push(print);
      return null;
    }
    const name = `${at} ${print}`;
    const exact = this.#printOf[at] === print || this.#prints.has(name);
    this.#prints.add(name);
    return { file: this.#files[this.#fileOf[at] ?? 0] ?? '', row: this.#rowOf[at] ?? 0, exact };
  }

  /** The number of a sub-product and date. */
  #when(line: UsageLine): number {
    const what = this.what(line);
    const thing = this.#lastThing;
    const date = this.#dateNumber(line.date);
    if (thing.date !== date) {
      thing.when = this.#things.of(-1 - what, date);
      thing.date = date;
    }
    return thing.when;
  }

  #siteNumber(site: string): number {
    if (site !== this.#lastSite) {
      this.#lastSite = site;
      this.#lastSiteNumber = this.#numbers.of(site);
    }
    return this.#lastSiteNumber;
  }

  #dateNumber(date: string): number {
    if (date !== this.#lastDate) {
      this.#lastDate = date;
      this.#lastDateNumber = this.#numbers.of(date);
    }
    return this.#lastDateNumber;
  }
}

interface Thing {
  readonly product: string | null;
  readonly id: string | null;
  readonly what: number;
  date: number;
  when: number;
}

class Numbers {
  readonly #known = new Map<string, number>([['', 0]]);

  of(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.#known.size);
    return this.#known.size - 1;
  }
}

/** Numbers pairs of 32-bit integers in the order of their first appearance; open addressing, since a Map of a million pairs is slow. */
class PairTable {
  size = 0;
  #left = new Int32Array(1024);
  #right = new Int32Array(1024);
  #slots = new Int32Array(4096);

  of(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(left, right) & mask;
    for (;;) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) break;
      if (this.#left[number] === left && this.#right[number] === right) return number;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.#left.length) this.#grow();
    this.#left[this.size] = left;
    this.#right[this.size] = right;
    this.#place(this.size);
    return this.size++;
  }

  #grow(): void {
    const left = new Int32Array(this.#left.length * 2);
    const right = new Int32Array(this.#right.length * 2);
    left.set(this.#left);
    right.set(this.#right);
    this.#left = left;
    this.#right = right;
    this.#slots = new Int32Array(left.length * 4);
    for (let number = 0; number < this.size; number++) this.#place(number);
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(this.#left[number] ?? 0, this.#right[number] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }
}

function mixed(left: number, right: number): number {
  const hash = Math.imul(left ^ Math.imul(right, 0x9e3779b1), 0x85ebca6b);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Tells rows apart that count the same thing: every number they bring, and the currency. */
function printOf(line: UsageLine): number {
  let hash = 0x811c9dc5;
  hash = mix(hash, line.quantity);
  hash = mix(hash, line.unitPrice);
  hash = mix(hash, line.unitCost);
  hash = mix(hash, line.total);
  hash = mix(hash, line.licences);
  return mix(hash, line.currency) >>> 0;
}

function mix(hash: number, text: string | null): number {
  let mixing = Math.imul(hash ^ 0x1f, 0x01000193);
  if (text === null) return Math.imul(mixing ^ 0x1e, 0x01000193);
  for (let at = 0; at < text.length; at++) mixing = Math.imul(mixing ^ text.charCodeAt(at), 0x01000193);
  return mixing;
}
