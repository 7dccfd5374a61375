import { subscriptionStartOf, type Catalogue } from './catalogue';
import type { Day } from './calendar';
import { subtract, total, ZERO, type Decimal } from './decimal';
import { bills } from './snapshot';
import type { Flag, Standing } from './standing-row';

/** One product row of the Subscriptions screen. `compared` of `customers` says how many could be compared. */
export interface ProductStanding {
  readonly product: string;
  readonly name: string;
  readonly vendor: string;
  readonly customers: number;
  readonly synced: number;
  readonly changed: number;
  readonly needCompany: number;
  readonly blocked: number;
  readonly compared: number;
  readonly quantity: Decimal;
  readonly delta: Decimal | null;
  readonly cost: Decimal | null;
  readonly price: Decimal | null;
  readonly margin: Decimal | null;
  readonly currency: string | null;
  readonly subscriptionStart: Day | null;
  readonly standings: readonly Standing[];
}

/** The row of one product over its customers. */
export function productStanding(catalogue: Catalogue, product: string, standings: Standing[]): ProductStanding {
  const known = catalogue.products.get(product);
  const compared = standings.filter(({ count }) => count.how !== 'unknown');
  const billed = compared.filter(({ count }) => count.counts.some(bills));
  const currencies = [...new Set(billed.map(({ currency }) => currency))];
  const currency = currencies.length === 1 ? (currencies[0] ?? null) : null;
  const sum = (read: (standing: Standing) => Decimal | null): Decimal | null => {
    const values = currency === null ? [] : billed.map(read);
    return values.length > 0 && values.every((value) => value !== null) ? total(values) : null;
  };
  const quantity = total(compared.flatMap(({ count }) => count.counts.map((own) => own.quantity ?? ZERO)));
  const previous = compared.flatMap(({ movements }) => movements.map((movement) => movement.previous ?? ZERO));
  const flags = (flag: Flag) => standings.filter((standing) => standing.flag === flag).length;
  return {
    product,
    name: known?.name ?? product,
    vendor: known?.vendor ?? '',
    customers: standings.length,
    synced: flags('synced'),
    changed: flags('changed'),
    needCompany: flags('needs company'),
    blocked: flags('blocked'),
    compared: compared.length,
    quantity,
    delta: subtract(quantity, total(previous)),
    cost: sum(({ cost }) => cost),
    price: sum(({ price }) => price),
    margin: sum(({ margin }) => margin),
    currency,
    subscriptionStart: subscriptionStartOf(catalogue, product),
    standings: standings.sort((left, right) => (left.customer.site < right.customer.site ? -1 : 1)),
  };
}
