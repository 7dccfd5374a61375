import type { Company } from '../domain/marketplace';
import { isDomain } from '../domain/marketplace';
import { problem, ProblemError } from '../domain/problem';
import type { Database } from './db';
import { decide } from './decide';

/** Every customer company, by name. */
export async function companies(db: Database): Promise<Company[]> {
  return (await db.companies.toArray()).sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

/**
 * Makes a company by hand, or changes one. Domains in lower case and once each. Throws `text is missing` without a name and
 * `value is not accepted` for a domain that is none.
 */
export async function saveCompany(db: Database, now: string, draft: Company): Promise<Company> {
  const domains = [...new Set(draft.domains.map((domain) => domain.trim().toLowerCase()).filter((domain) => domain !== ''))];
  const company = { ...draft, name: draft.name.trim(), domains, externalId: draft.externalId?.trim() === '' ? null : draft.externalId };
  if (company.name === '') throw new ProblemError(problem('text is missing', { field: 'name' }));
  const wrong = domains.find((domain) => !isDomain(domain));
  if (wrong !== undefined) throw new ProblemError(problem('value is not accepted', { field: 'domain', value: wrong }));
  return decide(db, now, ['companies'], async ({ audit }) => {
    const before = await db.companies.get(company.id);
    await db.companies.put(company);
    await audit(before === undefined ? 'company made' : 'company changed', company.id, {
      name: company.name,
      domains,
      source: company.source,
    });
    return company;
  });
}
