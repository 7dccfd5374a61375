import type { Period } from '../domain/calendar';
import { customerFor } from '../domain/catalogue';
import { exactCompany } from '../domain/company-match';
import { customerKey, customerOf, type Assignment, type Customer } from '../domain/marketplace';
import type { Database, Writing } from './db';
import { decide } from './decide';
import { catalogue, committedUsage } from './month';

/** Assigns a customer to a company (or to none) from a period on; null holds for every period. Older versions stay for older periods. */
export async function assignCompany(
  db: Database,
  now: string,
  assignment: { customer: Customer; company: string | null; from: Period | null; evidence: Assignment['evidence'] },
): Promise<void> {
  await decide(db, now, ['assignments'], (writing) => addAll(db, writing, [assignment]));
}

/** What `assignByEvidence` reads and writes. */
export const EVIDENCE = [
  'companies',
  'products',
  'subProducts',
  'subscriptions',
  'summaries',
  'imports',
  'usage',
  'settings',
  'assignments',
];

/**
 * Assigns every customer that has no assignment yet and whose evidence is exact: the usage names a customer company, or one company
 * alone has the domain or external id. Answers how many were assigned. For a command over the tables of EVIDENCE.
 */
export async function assignByEvidence(db: Database, writing: Writing): Promise<number> {
  const companies = await db.companies.toArray();
  if (companies.length === 0) return 0;
  const [names, assignments, own] = await Promise.all([catalogue(db), db.assignments.toArray(), db.settings.get('own company')]);
  const assigned = new Map(assignments.map((assignment) => [customerKey(assignment), assignment]));
  const seen = new Map<string, { site: string; account: string; namedCompany: string | null }>();
  const periods = [...new Set((await db.imports.where('state').equals('committed').toArray()).flatMap((record) => record.periods))];
  for (const { record, chunks } of await committedUsage(db, periods)) {
    for (const chunk of chunks) {
      const { site, summary, product, account, company } = chunk.texts;
      const known = new Set<string>();
      for (let row = 0; row < chunk.rows; row++) {
        const combination = `${String(site.index[row])}/${String(summary.index[row])}/${String(product.index[row])}`;
        if (known.has(combination)) continue;
        known.add(combination);
        const named = customerFor(names, record.source, {
          site: site.words[site.index[row] ?? -1] ?? null,
          summary: summary.words[summary.index[row] ?? -1] ?? null,
          product: product.words[product.index[row] ?? -1] ?? null,
        });
        if (named === null || assigned.has(customerKey(named))) continue;
        seen.set(customerKey(named), {
          site: named.site,
          account: account.words[account.index[row] ?? -1] ?? named.site,
          namedCompany: named.summary?.companyId ?? company.words[company.index[row] ?? -1] ?? null,
        });
      }
    }
  }
  const partners = partnersOwn([...names.summaries.values()], names.subscriptions, own?.value);
  const found = [...seen].flatMap(([key, evidence]) => {
    const namedCompany = evidence.namedCompany !== null && partners.has(evidence.namedCompany) ? null : evidence.namedCompany;
    const suggestion = exactCompany({ ...evidence, namedCompany }, companies);
    return suggestion === null
      ? []
      : [{ customer: customerOf(key), company: suggestion.item.id, from: null, evidence: evidenceOf(suggestion.reason.kind) }];
  });
  await addAll(db, writing, found);
  return found.length;
}

async function addAll(
  db: Database,
  { next, audit }: Writing,
  found: readonly { customer: Customer; company: string | null; from: Period | null; evidence: Assignment['evidence'] }[],
): Promise<void> {
  for (const { customer, company, from, evidence } of found) {
    await db.assignments.add({ ...customer, company, from, until: null, seq: next(), evidence });
    await audit('company assigned', customerKey(customer), { company, from, evidence });
  }
}

/**
 * The partner's own company names every site of the partner's subscription, so it is no evidence: the company set in Settings, and
 * any company that holds a subscription with several sites and is named by their summaries.
 */
function partnersOwn(
  summaries: readonly { companyId: string | null; subscriptionId: string | null; resourceGroup: string }[],
  subscriptions: ReadonlyMap<string, { companyId: string | null }>,
  own: unknown,
): Set<string> {
  const sites = new Map<string, Set<string>>();
  for (const { companyId, subscriptionId, resourceGroup } of summaries) {
    if (companyId === null || subscriptionId === null || subscriptions.get(subscriptionId)?.companyId !== companyId) continue;
    const found = sites.get(companyId) ?? new Set();
    sites.set(companyId, found.add(resourceGroup));
  }
  const partners = new Set([...sites].filter(([, found]) => found.size > 1).map(([company]) => company));
  if (typeof own === 'string') partners.add(own);
  return partners;
}

function evidenceOf(kind: string): Assignment['evidence'] {
  if (kind === 'same domain') return 'domain';
  return kind === 'same external id' ? 'external id' : 'summary';
}
