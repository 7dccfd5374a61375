import { halopsa } from '../psa/halopsa';
import { createSandbox } from '../sandbox/index';
import type { Row } from '../sandbox/sandbox';
import { agreements, type DemoAgreement } from './agreements';
import { companies, companyNames, type CompanyName } from './companies';
import { proofpoint } from './products';
import { demoConnection, type DemoPsa } from './psas';

/** HaloPSA as it was before the first sync: recurring invoices with what the partner bills there by hand. */
export function demoHalopsa(): DemoPsa {
  const state = createSandbox({
    psa: 'halopsa',
    tables: { clients: clientRows(), invoices: agreements.map(invoiceRow), lines: lineRows(), items: itemRows(), groups },
  });
  return {
    ...{ adapter: halopsa, connection: demoConnection(halopsa), read: state, now: state },
    agreementIds: agreements.map(({ id }) => String(-id)),
    companyIdOf: (name) => String(clientOf(name)),
  };
}

/** The same that is hard about ConnectWise's agreements, in the fields of a recurring invoice. */
const specials: Readonly<Partial<Record<CompanyName, Row>>> = {
  quarrystone: { enddate: '2020-10-31T00:00:00' },
  riverbend: { disabled: true },
  summit: { currency_code_name: 'EUR' },
  tidewater: { invoice_prorata_periods_ahead: 1 },
  umbra: { periodname: 'Quarterly' },
};

const groups: readonly Row[] = [
  { id: 21, name: 'Cloud subscriptions' },
  { id: 22, name: 'Managed services' },
];

/** Business+, Advanced+ and Pro are not among the items: they can be exported. */
const items: readonly (readonly [id: number, name: string, group: number, price: number, cost: number])[] = [
  [1901, 'Proofpoint', 21, 0, 0],
  ...proofpoint.subProducts
    .filter(({ name }) => name === 'Proofpoint Business' || name === 'Proofpoint Advanced')
    .map(({ name, price, cost }, index) => [1902 + index, name, 21, Number(price), Number(cost)] as const),
  [1931, 'Managed workstation', 22, 45, 18],
  [1932, 'Managed server', 22, 160, 70],
];

/** Lines that the partner typed: some could be ours, and nothing says so; one takes its quantity from HaloPSA's own count. */
const typedLines: readonly (readonly [company: CompanyName, item: number, quantity: number, counted: number])[] = [
  ['firstWest', 1931, 15, 0],
  ['bayview', 1931, 22, 1],
  ['eastfield', 1902, 11, 0],
  ['willowCreek', 1902, 4, 2],
];

function clientOf(name: CompanyName): number {
  return 1100 + companies[name].n;
}

function clientRows(): readonly Row[] {
  return companyNames.map((key) => {
    const { name, domains } = companies[key];
    const [domain] = domains;
    return { id: clientOf(key), name, website: domain === undefined ? '' : `https://www.${domain}`, toplevel_id: 1, inactive: false };
  });
}

function invoiceRow({ id, company, name, started }: DemoAgreement): Row {
  return {
    id: -id,
    client_id: clientOf(company),
    client_name: companies[company].name,
    reference: name,
    disabled: false,
    startdate: `${started}T00:00:00`,
    enddate: id === 560 ? '2019-12-31T00:00:00' : NO_DATE,
    periodname: 'Monthly',
    nextcreationdate: '2021-01-31T00:00:00',
    currency_code_name: 'USD',
    invoice_prorata_periods_ahead: 0,
    ...(id === 560 ? {} : specials[company]),
  };
}

function itemRows(): readonly Row[] {
  return items.map(([id, name, assetgroup_id, price, cost]) => ({
    ...{ id, name, assetgroup_id, description: name, isrecurringitem: true, taxable: false, externalreference: '', inactive: false },
    ...{ baseprice: price, costprice: cost, recurringprice: price, recurringcost: cost },
  }));
}

function lineRows(): readonly Row[] {
  return typedLines.map(([company, item, quantity, counted], index) => {
    const [, name = '', , price = 0, cost = 0] = items.find(([id]) => id === item) ?? [];
    return {
      id: 1800 + index,
      ihid: -(agreements.find((agreement) => agreement.company === company)?.id ?? 0),
      _itemid: item,
      item_shortdescription: name,
      item_longdescription: name,
      qty_order: quantity,
      unit_price: price,
      unit_cost: cost,
      net_amount: quantity * price,
      startdate: '2020-08-01T00:00:00',
      enddate: NO_DATE,
      isinactive: false,
      onetimecharge: false,
      recurring_invoice_quantity_type: counted,
      item_external_reference: '',
      sequenceid: 1,
    };
  });
}

/** How HaloPSA answers no date. */
const NO_DATE = '1900-01-01T00:00:00';
