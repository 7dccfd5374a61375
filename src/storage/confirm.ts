import type { Connection, ProductExport } from '../domain/agreement';
import type { Day, Period } from '../domain/calendar';
import { customerKey, type Company, type Customer } from '../domain/marketplace';
import type { PlanSet } from '../domain/sync';
import type { SyncChoices } from '../domain/sync-choices';
import { bindProduct, exportProduct } from './bindings';
import { rememberChoice } from './choices';
import { ALWAYS, type Database } from './db';
import { linkCompany } from './links';
import { confirmPlans } from './plans';
import { forgetWizard } from './wizards';

/** What one Confirm Sync writes. */
export interface SyncConfirmation {
  readonly customer: Customer;
  readonly company: Company;
  readonly connection: Connection;
  readonly period: Period;
  readonly today: Day;
  readonly choices: SyncChoices;
  readonly plans: PlanSet;
}

/**
 * The link, the bindings, the frozen plans with their queued requests and the remembered choice, all or nothing. Answers the plan set.
 * Throws what `confirmPlans` throws.
 */
export async function confirmSync(db: Database, now: string, sync: SyncConfirmation): Promise<string> {
  const { customer, company, connection, choices, plans, today } = sync;
  const exportPlan = plans.find(({ plan }) => plan.kind === 'export')?.plan.id ?? null;
  return db.transaction('rw', TABLES, async () => {
    const confirmed = await confirmPlans(db, now, { plans, connection, today });
    if (choices.link !== null) await linkCompany(db, now, { connection: connection.id, company: company.id, psaCompany: choices.link });
    for (const { subProduct, psaProduct } of choices.bindings) {
      const place = { connection: connection.id, product: customer.product, subProduct };
      const from = await firstPeriod(db, sync, subProduct);
      await bindProduct(db, now, { ...place, from, psaProduct: { ...UNREAD, ...psaProduct } });
    }
    for (const exported of choices.exports) await addExport(db, now, sync, exported, exportPlan);
    await rememberChoice(db, now, {
      customer: customerKey(customer),
      connection: connection.id,
      option: choices.option,
      agreementId: choices.agreementId ?? '',
      zero: choices.zero,
    });
    await forgetWizard(db, now, customerKey(customer));
    return confirmed.at(-1)?.set ?? '';
  });
}

const TABLES = [...ALWAYS, ...['bases', 'plans', 'deliveries', 'receipts', 'synced', 'bindings', 'links', 'choices', 'wizards']] as const;
const UNREAD = { price: null, cost: null, active: true, reference: null } as const;

async function addExport(
  db: Database,
  now: string,
  sync: SyncConfirmation,
  exported: ProductExport,
  exportPlan: string | null,
): Promise<void> {
  const from = await firstPeriod(db, sync, exported.subProduct);
  if (exportPlan !== null) await exportProduct(db, now, { connection: sync.connection.id, from, exportPlan, exported });
}

/** A first binding holds for every period; a later one leaves earlier periods what they had. */
async function firstPeriod(db: Database, { connection, customer, period }: SyncConfirmation, subProduct: string | null) {
  const versions = await db.bindings.where('[connection+product]').equals([connection.id, customer.product]).toArray();
  return versions.some((version) => version.subProduct === subProduct) ? period : null;
}
