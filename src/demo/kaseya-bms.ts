import { kaseyaBms } from '../psa/kaseya-bms';
import { createSandbox } from '../sandbox/index';
import type { Row, SandboxState } from '../sandbox/sandbox';
import { agreements } from './agreements';
import { catalog } from './catalog';
import { companies, companyNames, type CompanyName } from './companies';
import { demoConnection, type DemoPsa } from './psas';

/** What makes a company's contract hard. BMS tells no currency and no proration. */
const specials: Readonly<Partial<Record<CompanyName, Row>>> = {
  quarrystone: { Status: 'Expired', EndDate: '2020-10-31T00:00:00Z' },
  riverbend: { Status: 'Cancelled' },
  tidewater: { ContractType: 'Block Hours' },
  umbra: { BillingCycle: 'Quarterly' },
};

/** Kaseya BMS with the demo's companies and contracts, and no service of ours on any of them. */
export function demoKaseyaBms(): DemoPsa {
  const state = stateNow();
  return {
    ...{ adapter: kaseyaBms, connection: demoConnection(kaseyaBms), read: state, now: state },
    agreementIds: agreements.map(({ id }) => String(id)),
    companyIdOf: (name) => String(accountIdOf(name)),
  };
}

function stateNow(): SandboxState {
  return createSandbox({
    psa: 'kaseya-bms',
    tables: {
      accounts: companyNames.map((name) => ({
        ...{ Id: accountIdOf(name), AccountName: companies[name].name, AccountCode: name },
        ...{ Website: websiteOf(name), IsActive: true },
      })),
      contracts: agreements.map(({ id, company, name, started }) => ({
        ...{ Id: id, ContractName: name, AccountId: accountIdOf(company), AccountName: companies[company].name },
        ...{ ContractType: 'Recurring Service', Status: 'Active', ContractNumber: `C-${String(id)}`, BillingCycle: 'Monthly' },
        ...{ ContractBillingPrice: 0, StartDate: `${started}T00:00:00Z`, EndDate: '2029-12-31T00:00:00Z' },
        ...(id === FORMER ? { Status: 'Expired', EndDate: '2019-12-31T00:00:00Z' } : specials[company]),
      })),
      services: catalog.map((item) => {
        const priced = item.product.subProducts.find(({ key }) => key === item.subProduct);
        const name = priced?.name ?? item.product.product.name;
        const [UnitPrice, UnitCost] = [Number(priced?.price ?? 0), Number(priced?.cost ?? 0)];
        return { Id: item.id, Name: name, Description: name, UnitPrice, UnitCost, IsActive: true, IsTaxable: false };
      }),
      categories: [
        { Id: 1, Name: 'Cloud services' },
        { Id: 2, Name: 'Backup' },
      ],
      incomeAccounts: [{ Id: 11, Name: 'Recurring revenue', IsActive: true }],
    },
  });
}

/** Bayview's contract before the one that holds now. */
const FORMER = 560;

function accountIdOf(name: CompanyName): number {
  return 250 + companies[name].n;
}

function websiteOf(name: CompanyName): string | null {
  const [domain] = companies[name].domains;
  return domain === undefined ? null : `https://www.${domain}`;
}
