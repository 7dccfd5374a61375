import type { Day } from '../domain/calendar';
import type { Row } from '../sandbox/sandbox';
import { companies, companyNames, type CompanyName } from './companies';

/** Where the demo's lines are billed, and from when. */
export interface DemoAgreement {
  readonly id: number;
  readonly company: CompanyName;
  readonly name: string;
  readonly started: Day;
  readonly special: Row;
}

/** What makes a company's agreement hard; every other one is monthly, open, in USD and does not prorate. */
const specials: Readonly<Partial<Record<CompanyName, Row>>> = {
  quarrystone: { agreementStatus: 'Expired', endDate: '2020-10-31T00:00:00Z', noEndingDateFlag: false },
  riverbend: { agreementStatus: 'Cancelled', cancelledFlag: true },
  summit: { currency: { id: 2, symbol: '€', currencyCode: 'EUR', name: 'Euro' } },
  tidewater: { prorateFlag: true },
  umbra: { billingCycle: null },
};
const started: Readonly<Partial<Record<CompanyName, Day>>> = { valleyPrint: '2020-10-01' };

/** One agreement for each company that is a customer at the PSA, and a second for one that had another before. */
export const agreements: readonly DemoAgreement[] = [
  ...companyNames.map((company) => ({
    id: 500 + companies[company].n,
    company,
    name: 'Managed Services',
    started: started[company] ?? '2020-01-01',
    special: specials[company] ?? {},
  })),
  {
    id: 560,
    company: 'bayview',
    name: 'Managed Services 2018',
    started: '2018-01-01',
    special: { agreementStatus: 'Expired', endDate: '2019-12-31T00:00:00Z', noEndingDateFlag: false },
  },
];

export function agreementOf(company: CompanyName): DemoAgreement {
  const found = agreements.find((agreement) => agreement.company === company);
  if (found === undefined) throw new RangeError(`the demo has no agreement for ${company}`);
  return found;
}

/** The PSA's id of a company. */
export function psaCompanyOf(company: CompanyName): number {
  return 250 + companies[company].n;
}

export function psaCompanyRows(): readonly Row[] {
  return companyNames.map((key) => {
    const { name, domains } = companies[key];
    const [domain] = domains;
    return {
      id: psaCompanyOf(key),
      identifier: identifierOf(key),
      name,
      status: { id: 1, name: 'Active' },
      website: domain === undefined ? null : `https://www.${domain}`,
      deletedFlag: false,
    };
  });
}

export function agreementRows(): readonly Row[] {
  return agreements.map(({ id, company, name, started: start, special }) => ({
    id,
    name,
    type: { id: 3, name: 'Managed Services' },
    company: { id: psaCompanyOf(company), identifier: identifierOf(company), name: companies[company].name },
    startDate: `${start}T00:00:00Z`,
    noEndingDateFlag: true,
    cancelledFlag: false,
    agreementStatus: 'Active',
    oneTimeFlag: false,
    billingCycle: { id: 2, name: 'Monthly' },
    prorateFlag: false,
    currency: { id: 1, symbol: '$', currencyCode: 'USD', name: 'US Dollar' },
    nextInvoiceDate: '2021-01-31T00:00:00Z',
    billableProductInvoice: true,
    coverAgreementProduct: false,
    ...special,
  }));
}

function identifierOf(company: CompanyName): string {
  return companies[company].name.replace(/[^A-Za-z0-9]/g, '');
}
