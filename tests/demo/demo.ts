import { onTestFinished } from 'vitest';
import { seedDemo } from '../../src/demo/seed';
import type { Day, Period } from '../../src/domain/calendar';
import type { Customer } from '../../src/domain/marketplace';
import type { GridLine } from '../../src/domain/grid';
import type { Standing } from '../../src/domain/standing';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { connectwise } from '../../src/psa/connectwise';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { monthStanding } from '../../src/storage/month';

export const NOW = '2021-01-03T08:00:00.000Z';
export const CONNECTION = 'demo-connectwise';
export const december = { period: '2020-12', today: '2021-01-03' } as const;
export const january = { period: '2021-01', today: '2021-02-03' } as const;
interface When {
  readonly period: Period;
  readonly today: Day;
}

let opened = 0;

/** An empty database of its own, deleted when the test ends. */
export async function emptyDatabase(): Promise<Database> {
  const db = await openDatabase(`demo-${opened++}`, { newId: () => 'the-demo' });
  onTestFinished(async () => db.delete());
  return db;
}

export async function seeded(): Promise<Database> {
  const db = await emptyDatabase();
  await seedDemo(db, NOW);
  return db;
}

let read: Promise<Database> | null = null;

/** One seeded database for every test of a file that only reads. */
export function demo(): Promise<Database> {
  read ??= openDatabase('demo-to-read', { newId: () => 'the-demo' }).then(async (db) => {
    await seedDemo(db, NOW);
    return db;
  });
  return read;
}

export const mail = (site: string): Customer => ({ product: 'proofpoint', site });
export const devices = (site: string): Customer => ({ product: 'northvault-backup', site });
export const users = (site: string): Customer => ({ product: 'latchkey-password-manager', site });

export async function standingOf(db: Database, { product, site }: Customer, when: When = december): Promise<Standing> {
  const standings = (await monthStanding(db, when)).find((row) => row.product === product)?.standings ?? [];
  const found = standings.find(({ customer }) => customer.site === site);
  if (found === undefined) throw new Error(`no standing of ${site}`);
  return found;
}

/** The stored facts of a customer, with the company's first agreement chosen and Proofpoint bound as in the demo's walk. */
export async function syncOf(db: Database, customer: Customer, when: When = december): Promise<{ facts: SyncFacts; choices: SyncChoices }> {
  const asked = { customer, connection: CONNECTION, psaCompany: null, ...when };
  const agreementId = (await gridFacts(db, { ...asked, agreementId: null })).agreements?.[0]?.id ?? null;
  const [facts, choice, products] = await Promise.all([
    gridFacts(db, { ...asked, agreementId }),
    db.choices.get([`${customer.product}\u001f${customer.site}`, CONNECTION]),
    mirrorOf(db, CONNECTION, 'products'),
  ]);
  const walk = { PROOFPOINT: null, 'PROOFPOINT-BUSINESS': 'proofpoint-business', 'PROOFPOINT-ADVANCED': 'proofpoint-advanced' } as const;
  const bindings = Object.entries(walk).flatMap(([identifier, subProduct]) => {
    const psaProduct = products?.rows.find((product) => product.identifier === identifier);
    return psaProduct === undefined || customer.product !== 'proofpoint' ? [] : [{ subProduct, psaProduct }];
  });
  return { facts, choices: { ...NO_CHOICES, bindings, option: choice?.option ?? 'multi-product', agreementId } };
}

export async function linesOf(
  db: Database,
  customer: Customer,
  given: { readonly when?: When; readonly choices?: Partial<SyncChoices> } = {},
): Promise<readonly GridLine[]> {
  const { facts, choices } = await syncOf(db, customer, given.when);
  return gridFor(facts, { ...choices, ...given.choices }, connectwise).lines;
}

export const codes = (problems: readonly { readonly code: string }[]): readonly string[] => problems.map(({ code }) => code);
