import type { Database } from './db';
import { decide } from './decide';
import type { SettingRecord } from './rows';
import { settingOf } from './settings';

const BILLING_SOURCES = 'billing sources';

/** From now on this source bills the product. What was confirmed before stays as it was. */
export async function chooseBillingSource(db: Database, now: string, product: string, source: string): Promise<void> {
  await decide(db, now, ['settings'], async ({ audit }) => {
    await db.settings.put({ key: BILLING_SOURCES, value: { ...(await chosen(db)), [product]: source } });
    await audit('billing source chosen', product, source);
  });
}

/** Inside an import's own transaction: products that had no billing source yet are billed by the source that brought them. */
export async function keepFirstSources(db: Database, products: Iterable<string>, source: string): Promise<void> {
  const before = await chosen(db);
  const added = [...products].filter((product) => !Object.hasOwn(before, product));
  if (added.length === 0) return;
  await db.settings.put({ key: BILLING_SOURCES, value: { ...before, ...Object.fromEntries(added.map((product) => [product, source])) } });
}

/** Which source bills each product. */
export async function billingSources(db: Database): Promise<Map<string, string>> {
  return new Map(Object.entries(await chosen(db)));
}

/** The same in settings that are at hand. */
export function billingSourcesIn(settings: readonly SettingRecord[]): Map<string, string> {
  const found = settings.find(({ key }) => key === BILLING_SOURCES)?.value;
  return new Map(Object.entries((found ?? {}) as Record<string, string>));
}

async function chosen(db: Database): Promise<Record<string, string>> {
  return ((await settingOf(db, BILLING_SOURCES)) ?? {}) as Record<string, string>;
}
