import type { SeenSite } from '../../domain/company-match';
import { problemOf } from '../../domain/problem';
import type { Company } from '../../domain/marketplace';
import type { Standing } from '../../domain/standing';
import { assignCompany } from '../../storage/assignments';
import type { App } from '../context';
import { sayShort } from '../copy';
import { toastDone, toastFailed } from '../parts/toast';

/** Assigns a customer and offers the way back, which is another assignment. Answers whether it was done. */
export async function assignWithUndo(app: App, standing: Standing, company: Company): Promise<boolean> {
  const { customer, company: before } = standing;
  const assign = (to: string | null) => assignCompany(app.db, app.clock.now(), { customer, company: to, from: null, evidence: 'partner' });
  try {
    await assign(company.id);
  } catch (reason) {
    await toastFailed(sayShort(problemOf(reason)));
    return false;
  }
  app.announce(`${customer.site} is now assigned to ${company.name}`);
  await toastDone(`${customer.site} is assigned to ${company.name}`, async () => {
    await assign(before?.id ?? null);
    app.announce(`${customer.site} is assigned as before`);
  });
  return true;
}

/** What is known about a customer; the partner's own company names every site, so it is no evidence. */
export function seenOf({ customer, account, count }: Standing, ownCompany: string | null): SeenSite {
  return { site: customer.site, account, namedCompany: count.namedCompany === ownCompany ? null : count.namedCompany };
}
