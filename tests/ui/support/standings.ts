import { decimalOf, type Decimal } from '../../../src/domain/decimal';
import { customerKey, type Company } from '../../../src/domain/marketplace';
import { problem } from '../../../src/domain/problem';
import type { Flag, Movement, ProductStanding, Standing } from '../../../src/domain/standing';

/** Standings by hand, for components: only what a test names differs from a plain Proofpoint customer of December 2020. */
export function standing(site: string, own: Partial<Standing> & { flag?: Flag } = {}): Standing {
  const customer = { product: 'proofpoint', site };
  return {
    key: customerKey(customer),
    customer,
    account: site,
    company: company('c1', 'Acme Ltd'),
    assignedBy: 'partner',
    period: '2020-12',
    periodState: 'final',
    count: {
      product: 'proofpoint',
      site,
      period: '2020-12',
      account: site,
      how: 'snapshot',
      date: '2020-12-19',
      source: 'pax8',
      subscription: null,
      namedCompany: null,
      counts: [],
      blocks: [],
      warnings: [],
    },
    movements: [movement('Proofpoint Business', { current: 15, previous: 15, synced: 15 })],
    flag: 'synced',
    cost: decimalOf('36.60'),
    price: decimalOf(45),
    margin: decimalOf('8.40'),
    currency: 'USD',
    problems: [],
    ...own,
  };
}

export function unknownStanding(site: string): Standing {
  const block = problem('no usage reported', { site, period: '2020-12', lastSeen: '2020-11-19' });
  const plain = standing(site);
  return {
    ...plain,
    flag: 'blocked',
    count: { ...plain.count, how: 'unknown', date: null, blocks: [block] },
    movements: [movement('Proofpoint Business', { current: null, previous: 4, synced: 4 })],
    cost: null,
    price: null,
    margin: null,
    currency: null,
    problems: [block],
  };
}

export function movement(
  name: string,
  counts: { current: number | null; previous: number | null; synced: number | null; money?: string; reason?: Movement['reason'] },
): Movement {
  const of = (value: number | null): Decimal | null => (value === null ? null : decimalOf(value));
  const { current, synced } = counts;
  return {
    subProduct: name.toLowerCase().replaceAll(' ', '-'),
    name,
    previous: of(counts.previous),
    synced: of(synced),
    current: of(current),
    delta: current === null ? null : decimalOf(current - (synced ?? 0)),
    money: counts.money === undefined ? null : decimalOf(counts.money),
    currency: 'USD',
    reason: counts.reason ?? null,
  };
}

export function product(standings: readonly Standing[], own: Partial<ProductStanding> = {}): ProductStanding {
  const flags = (flag: Flag) => standings.filter((row) => row.flag === flag).length;
  return {
    product: 'proofpoint',
    name: 'Proofpoint',
    vendor: 'Proofpoint Inc',
    customers: standings.length,
    synced: flags('synced'),
    changed: flags('changed'),
    needCompany: flags('needs company'),
    blocked: flags('blocked'),
    compared: standings.filter(({ count }) => count.how !== 'unknown').length,
    quantity: decimalOf(30),
    delta: decimalOf(3),
    cost: decimalOf('73.20'),
    price: decimalOf(90),
    margin: decimalOf('16.80'),
    currency: 'USD',
    subscriptionStart: '2020-07-01',
    standings,
    ...own,
  };
}

export function company(id: string, name: string, domains: readonly string[] = []): Company {
  return { id, name, domains, externalId: null, status: 'active', source: 'pax8' };
}
