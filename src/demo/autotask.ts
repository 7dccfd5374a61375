import { autotask } from '../psa/autotask';
import { createSandbox } from '../sandbox/index';
import type { Row } from '../sandbox/sandbox';
import { companies, companyNames, type CompanyName } from './companies';
import { proofpoint } from './products';
import { demoConnection, type DemoPsa } from './psas';

/** Autotask with contracts of every kind and two services that somebody typed; no line of ours is in it yet. */
export function demoAutotask(): DemoPsa {
  const state = createSandbox({ psa: 'autotask', tables });
  return {
    ...{ adapter: autotask, connection: demoConnection(autotask), read: state, now: state },
    agreementIds: contracts.map(({ id }) => String(id)),
    companyIdOf: (name) => String(companyIdOf(name)),
  };
}

function companyIdOf(name: CompanyName): number {
  return name === 'own' ? 0 : 1200 + companies[name].n;
}

function contractIdOf(name: CompanyName): number {
  return 2900 + companies[name].n;
}

const at = (day: string) => `${day}T00:00:00Z`;

/** What makes a company's contract hard. Autotask tells no currency and no proration of a contract. */
const specials: Readonly<Partial<Record<CompanyName, Row>>> = {
  quarrystone: { endDate: at('2020-10-31') },
  riverbend: { status: 0 },
  summit: { contractPeriodType: 2 },
  tidewater: { contractType: 1, contractPeriodType: null },
  umbra: { contractPeriodType: null },
  valleyPrint: { startDate: at('2020-10-01') },
};

const contracts = [
  ...companyNames.map((name) => contractRow(contractIdOf(name), name, 'Managed Services', specials[name] ?? {})),
  contractRow(2990, 'bayview', 'Managed Services 2018', { startDate: at('2018-01-01'), endDate: at('2019-12-31') }),
];

function contractRow(id: number, company: CompanyName, contractName: string, special: Row) {
  return {
    ...{ id, contractName, companyID: companyIdOf(company), contractType: 17, status: 1, contractPeriodType: 1 },
    ...{ startDate: at('2020-01-01'), endDate: at('2023-12-31'), ...special },
  };
}

const BUSINESS = 4402;
const services = [
  serviceRow(4401, 'Proofpoint', 0, 0),
  ...proofpoint.subProducts
    .filter(({ key }) => key === 'proofpoint-business' || key === 'proofpoint-advanced')
    .map(({ name, price, cost }, index) => serviceRow(BUSINESS + index, name, Number(price), Number(cost))),
  serviceRow(4431, 'Managed workstation', 45, 18),
  serviceRow(4432, 'Managed firewall', 75, 31.5),
  serviceRow(4434, 'Microsoft 365 Business Premium', 22, 18.7),
  { ...serviceRow(4435, 'Mail filter (until 2019)', 2.5, 1.9), isActive: false },
];

function serviceRow(id: number, name: string, unitPrice: number, unitCost: number): Row {
  return {
    ...{ id, name, invoiceDescription: name, description: null, billingCodeID: 7101, periodType: 1 },
    ...{ unitPrice, unitCost, isActive: true, externalID: null },
  };
}

/** Somebody’s own: workstations of one customer, and mail users of another that a first sync offers to take over. */
const typed = [
  { id: 8001, company: 'bayview', service: 4431, units: 10, price: 45, cost: 18, text: 'Managed workstation' },
  { id: 8002, company: 'foxhollow', service: BUSINESS, units: 20, price: 3, cost: 2.44, text: 'Mail protection' },
] as const;

const tables: Readonly<Record<string, readonly Row[]>> = {
  companies: companyNames.map((name) => ({
    id: companyIdOf(name),
    companyName: companies[name].name,
    companyNumber: null,
    webAddress: companies[name].domains[0] ?? null,
    isActive: true,
  })),
  contracts,
  services,
  contractServices: typed.map(({ id, company, service, price, cost, text }) => ({
    ...{ id, contractID: contractIdOf(company), serviceID: service, unitPrice: price, unitCost: cost },
    ...{ invoiceDescription: text, internalDescription: null },
  })),
  contractServiceUnits: typed.flatMap(({ id, company, service, units, price, cost }) => {
    const row = { contractServiceID: id, contractID: contractIdOf(company), serviceID: service, units, price, cost };
    return [
      { ...row, id: id + 1000, startDate: at('2020-01-01'), endDate: at('2020-12-31'), approveAndPostDate: at('2020-12-31') },
      { ...row, id: id + 2000, startDate: at('2021-01-01'), endDate: at('2023-12-31'), approveAndPostDate: null },
    ];
  }),
  billingCodes: [
    { id: 7101, name: 'Cloud subscriptions', useType: 7, isActive: true },
    { id: 7102, name: 'Managed services', useType: 7, isActive: true },
    { id: 7201, name: 'Software', useType: 4, isActive: true },
    { id: 7202, name: 'Hardware', useType: 4, isActive: true },
  ],
};
