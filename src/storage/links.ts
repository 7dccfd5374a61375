import type { PsaCompany } from '../domain/agreement';
import type { Database } from './db';
import { decide } from './decide';
import type { CompanyLink } from './rows';

/** Every company link of a connection. */
export function links(db: Database, connection: string): Promise<CompanyLink[]> {
  return db.links.where('connection').equals(connection).toArray();
}

export function linkOf(db: Database, connection: string, company: string): Promise<CompanyLink | undefined> {
  return db.links.get([connection, company]);
}

/** One marketplace company is one company in the PSA. */
export interface LinkDraft {
  readonly connection: string;
  readonly company: string;
  readonly psaCompany: Pick<PsaCompany, 'id' | 'name'>;
}

/** Links a company, or links it anew. */
export function linkCompany(db: Database, now: string, draft: LinkDraft): Promise<void> {
  return linkCompanies(db, now, [draft]);
}

/** Several at once, all or none. */
export function linkCompanies(db: Database, now: string, drafts: readonly LinkDraft[]): Promise<void> {
  return decide(db, now, ['links'], async ({ next, audit }) => {
    for (const { connection, company, psaCompany } of drafts) {
      const before = await db.links.get([connection, company]);
      await db.links.put({ connection, company, psaCompany: psaCompany.id, psaName: psaCompany.name, seq: next() });
      await audit('company linked', company, { connection, before: before?.psaCompany ?? null, after: psaCompany.id });
    }
  });
}

export function unlinkCompany(db: Database, now: string, connection: string, company: string): Promise<void> {
  return decide(db, now, ['links'], async ({ audit }) => {
    const before = await db.links.get([connection, company]);
    if (before === undefined) return;
    await db.links.delete([connection, company]);
    await audit('company unlinked', company, { connection, before: before.psaCompany, after: null });
  });
}
