import { expect } from 'vitest';
import { shiftPeriod, type Period } from '../../src/domain/calendar';
import { isRecurring, type SyncOption } from '../../src/domain/change';
import type { RuleForm } from '../../src/domain/rule-form';
import { decimalOf } from '../../src/domain/decimal';
import { pauseAutoSync, setAutomation } from '../../src/storage/automations';
import { checkRecords } from '../../src/storage/history';
import { setPrice } from '../../src/storage/prices';
import { addRule, endRule, rulesOf } from '../../src/storage/rules';
import { saveThreshold } from '../../src/storage/thresholds';
import { Books } from './books';
import { COMPANIES, SITES, type Month, type Partner, type Site } from './months';
import type { Held } from './psa';
import { playedPsa } from './psas';
import { Agreements, COST, dueOf, SUB_PRODUCTS, type Counts, type Due, type Rule } from './reference';
import { CONNECTION, keyOf, PRODUCTS, World } from './world';

const FIRST: Period = '2020-11';

/** A partner's life, month after month, beside what the reference says of it. */
export class Life {
  readonly world: World;
  readonly #partner: Partner;
  readonly #agreements = new Agreements();
  readonly #books: Books;
  readonly #options: Record<Site, SyncOption>;
  readonly #companies: Record<Site, string> = { 'a.example': 'a.example', 'b.example': 'b.example', 'c.example': 'c.example' };
  /** The company whose agreement a site was synced with last. */
  readonly #chosen = { ...this.#companies };
  readonly #products = { top: PRODUCTS.top[0] as string, business: PRODUCTS.business[0] as string, pro: PRODUCTS.pro[0] as string };
  readonly #wanted = new Map<Site, SyncOption>();
  readonly #switched = new Set<Site>();
  #at = -1;

  private constructor(world: World, partner: Partner) {
    this.world = world;
    this.#partner = partner;
    this.#options = { ...partner.options };
    this.#books = new Books(world);
  }

  static async of(partner: Partner): Promise<Life> {
    const { psa, options, zero, auto } = partner;
    const world = await World.of({
      psa: playedPsa(psa),
      sites: SITES,
      others: COMPANIES.slice(SITES.length),
      option: (site) => options[site as Site],
      zero,
    });
    const life = new Life(world, partner);
    await setAutomation(world.db, world.now(), { connection: CONNECTION, product: 'proofpoint', mode: auto });
    await saveThreshold(world.db, world.now(), null, { percent: null, amount: null });
    for (const key of SUB_PRODUCTS) await life.#priced(null, key, 50_000, 0);
    return life;
  }

  async lived(month: Month): Promise<void> {
    const at = (this.#at += 1);
    const period = shiftPeriod(FIRST, at);
    this.world.opened(`${shiftPeriod(period, 1)}-${String(month.day ?? 3).padStart(2, '0')}`);
    await this.#agreed(month, period);
    const early = Object.fromEntries(Object.entries(month.counts).filter(([site]) => site !== month.late)) as Month['counts'];
    const paid = this.#partner.prices === 'in the usage' ? month.price : null;
    await this.world.imported(period, early, paid);
    const edited = this.#byHand(month, period);
    if (month.day === null) {
      this.#books.expectKept(period);
      return;
    }
    this.#switched.clear();
    await this.#switch(early);
    if (this.#partner.auto !== 'off') await this.#byItself(month, { period, early, paid, edited });
    await this.#synced(period, early, paid, month.faults);
    if (month.late !== null) {
      const late = { [month.late]: month.counts[month.late] } as Month['counts'];
      await this.world.imported(period, late, paid);
      await this.#switch(late);
      await this.#synced(period, late, paid);
    }
    if (month.undo !== null && (await this.world.undone(period, month.undo))) {
      this.#books.notice(period);
      await this.#staysUndone();
      await this.#synced(period, month.counts, paid);
    }
    await this.#expectNothingLeft(period, month);
  }

  async ended(): Promise<void> {
    const { brokenAt } = await checkRecords(this.world.db);
    expect(brokenAt).toBeNull();
    await this.world.db.delete();
  }

  /** What is agreed and decided before the usage is synced. */
  async #agreed({ price, priced, rule, endsRule, move, rebind, option, pause }: Month, period: Period): Promise<void> {
    const { world } = this;
    if (this.#partner.prices === 'in the price list') for (const key of SUB_PRODUCTS) await this.#priced(priced, key, price, this.#at);
    if (rule !== null) await this.#ruled({ ...rule, from: this.#at, until: rule.until === null ? null : this.#at + rule.until });
    const stored = (await rulesOf(world.db, 'proofpoint')).reverse();
    const ending = stored[endsRule ?? -1];
    if (ending !== undefined && endsRule !== null) {
      await endRule(world.db, world.now(), { seq: ending.seq, from: period });
      this.#agreements.endRule(endsRule, this.#at);
    }
    if (pause !== null) {
      const place = { connection: null, product: 'proofpoint', site: pause };
      await pauseAutoSync(world.db, world.now(), { place, reason: 'audit', until: `${shiftPeriod(period, 1)}-28` });
    }
    if (this.#partner.zero === 'zero') return;
    if (move !== null) {
      await world.assigned(move.site, move.company, period);
      this.#companies[move.site] = move.company;
    }
    if (rebind !== null) {
      await world.bound(rebind.key, PRODUCTS[rebind.key][rebind.to], period);
      this.#products[rebind.key] = PRODUCTS[rebind.key][rebind.to];
    }
    if (option !== null) this.#wanted.set(option.site, option.option);
  }

  /** A customer's option is chosen anew when its month is counted. */
  async #switch(counts: Partial<Month['counts']>): Promise<void> {
    for (const [site, option] of this.#wanted) {
      if ((counts[site] ?? null) === null) continue;
      this.#wanted.delete(site);
      this.#options[site] = option;
      this.#switched.add(site);
      await this.world.chosen(site, option, this.#chosen[site]);
    }
  }

  async #priced(company: string | null, key: (typeof SUB_PRODUCTS)[number], price: number, from: number): Promise<void> {
    this.#agreements.addPrice({ company, key, price, from });
    const money = { price: decimalOf(price / 10_000), cost: decimalOf(COST / 10_000), currency: 'USD' };
    const { db } = this.world;
    await setPrice(db, this.world.now(), { subProduct: keyOf(key), company, ...money, from: shiftPeriod(FIRST, from), until: null });
  }

  async #ruled(rule: Rule): Promise<void> {
    this.#agreements.addRule(rule);
    const form: RuleForm = {
      ...{ product: 'proofpoint', kind: rule.kind, subProduct: rule.key === null ? '' : keyOf(rule.key), site: rule.site ?? '' },
      ...{ quantity: String(rule.value ?? ''), percent: String(rule.value ?? ''), places: String(rule.value ?? ''), how: 'up' },
      ...{ overCost: '', least: rule.least === null ? '' : String(rule.least / 10_000), currency: 'USD', reason: 'agreed' },
      ...{ from: shiftPeriod(FIRST, rule.from), until: rule.until === null ? '' : shiftPeriod(FIRST, rule.until) },
    };
    await addRule(this.world.db, this.world.now(), form);
  }

  /** Somebody works in the PSA. Answers the site whose line it was. */
  #byHand({ edit, day }: Month, period: Period): Site | null {
    if (edit === null || (day === null && edit.how === 'copied')) return null;
    const lines = this.world.recurring(period).filter(({ site, quantity }) => site === edit.site && quantity > 0);
    const line: Held | undefined = lines[edit.nth % Math.max(1, lines.length)];
    if (line === undefined) return null;
    this.world.changedByHand({ ...edit, id: line.id });
    this.#books.changedByHand(line, edit.how, edit.quantity);
    return edit.site;
  }

  /** The partner works through what is left, and answers what the move of a site asks. */
  async #synced(period: Period, counts: Partial<Month['counts']>, paid: number | null, faults: Month['faults'] = []): Promise<void> {
    this.#counted(this.#books, period, counts, paid);
    const also = [...this.#switched];
    const questions = await this.world.synced(period, faults, also);
    const moved = questions.filter(({ problems }) => problems.some(({ code }) => code === 'agreement is not chosen'));
    expect(
      questions.filter((item) => !moved.includes(item)).map(({ customer, problems }) => [customer.site, problems.map(({ code }) => code)]),
    ).toEqual(
      also
        .filter((site) => questions.some((item) => item.customer.site === site && !moved.includes(item)))
        .map((site) => [site, ['nothing to sync']]),
    );
    for (const { customer } of moved) {
      const site = customer.site as Site;
      this.#chosen[site] = this.#companies[site];
      await this.world.chosen(site, this.#options[site], this.#chosen[site]);
    }
    if (moved.length > 0) expect(await this.world.synced(period)).toEqual([]);
    this.#books.expectHeld(period);
  }

  /** The reference bills what was counted. */
  #counted(books: Books, period: Period, counts: Partial<Month['counts']>, paid: number | null): void {
    for (const [site, own] of Object.entries(counts) as [Site, Counts][])
      if (own !== null)
        books.bill({ site, company: this.#companies[site], option: this.#options[site], period, due: this.#due(site, own, paid) });
  }

  #due(site: Site, own: NonNullable<Counts>, paid: number | null): readonly (Due & { product: string })[] {
    const items = this.#agreements.itemsOf(site, this.#companies[site], own, paid, this.#at);
    const [only, ...others] = items;
    const whole = only !== undefined && others.length === 0 ? this.#products[only.slot] : this.#products.top;
    return dueOf(items, this.#options[site], this.world.psa.fixture.adapter.limits.priceDecimals).map((due) => ({
      ...due,
      product: due.slot === '*' ? whole : this.#products[due.slot as 'pro'],
    }));
  }

  /** What goes by itself goes as a whole or not at all, and once. */
  async #byItself(
    month: Month,
    { period, early, paid, edited }: { period: Period; early: Month['counts']; paid: number | null; edited: Site | null },
  ): Promise<void> {
    const { world } = this;
    const before = this.#books.copy();
    const after = this.#books.copy();
    this.#counted(after, period, early, paid);
    if (this.#partner.auto === 'prepare') {
      const effects = world.effects;
      await world.byItself();
      expect(world.effects).toBe(effects);
      await world.approved();
    } else {
      await world.byItself(month.faults);
      for (let again = 0; again < 4; again += 1) await world.byItself();
      const effects = world.effects;
      await world.byItself();
      expect(world.effects).toBe(effects);
    }
    for (const site of SITES) {
      const held = this.#books.heldOf(site, period);
      const [kept, billed] = [before.expectedOf(site), after.expectedOf(site)];
      const stays = month.pause === site || early[site] === null || month.late === site;
      if (edited === site || this.#loses(month)) continue;
      if (stays) expect([site, held]).toEqual([site, kept]);
      else if (JSON.stringify(held) !== JSON.stringify(kept)) expect([site, held]).toEqual([site, billed]);
      const isQuiet = month.move?.site !== site && month.rebind === null && month.option?.site !== site && !stays;
      const places = (lines: readonly string[]) => lines.map((line) => line.split(':')[0]).join();
      const isPlain = isRecurring(this.#options[site]) && this.#options[site] === 'multi-product' && places(kept) === places(billed);
      if (isQuiet && isPlain && world.psa.fixture.adapter.can.change) expect([site, held]).toEqual([site, billed]);
    }
    this.#books.notice(period);
  }

  /** Where nobody reads the PSA back, what a fault swallowed waits for a person, and with it what was to follow. */
  #loses({ faults }: Month): boolean {
    return faults.length > 0 && !this.world.psa.fixture.adapter.can.readBack;
  }

  /** What was taken back is left to the partner. */
  async #staysUndone(): Promise<void> {
    if (this.#partner.auto !== 'send') return;
    const effects = this.world.effects;
    await this.world.byItself();
    expect(this.world.effects).toBe(effects);
  }

  async #expectNothingLeft(period: Period, { counts }: Month): Promise<void> {
    expect(await this.world.unsynced(period)).toEqual([]);
    const known = SITES.filter((site) => counts[site] !== null && this.#options[site] !== 'single line');
    const again = await this.world.planned(period, known);
    const settled = again.filter(({ problems }) => problems.some(({ code }) => code === 'nothing to sync'));
    expect(again.filter((item) => !settled.includes(item)).map(({ plans }) => plans.flatMap(({ plan }) => plan.lines))).toEqual([]);
  }
}
