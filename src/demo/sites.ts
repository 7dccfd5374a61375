import type { Period } from '../domain/calendar';
import { customerKey, slugOf } from '../domain/marketplace';
import type { CompanyName } from './companies';
import { backup, passwords, proofpoint, type DemoProduct } from './products';

export const PERIODS: readonly Period[] = ['2020-08', '2020-09', '2020-10', '2020-11', '2020-12', '2021-01'];

/** A count of one period: a number, no row at all (null), or a row without a quantity. */
export type Counted = number | null | 'missing';

/** A site with its counts by sub-product, one for each of `PERIODS`. */
export interface DemoSite {
  readonly product: DemoProduct;
  readonly site: string;
  /** Whose site it is by the evidence of the usage; null is not assigned. */
  readonly company: CompanyName | null;
  readonly counts: Readonly<Record<string, readonly Counted[]>>;
  readonly trial?: boolean;
  /** What this customer pays, and what the partner pays for it, instead of the usual. */
  readonly price?: string;
  readonly cost?: string;
  /** The only day of a period on which the vendor counted the site, where it was not the 19th. */
  readonly counted?: Readonly<Record<Period, number>>;
}

const none = null;

/** Every kind of customer that a month can bring; what is special about each is asserted in tests/demo. */
export const sites: readonly DemoSite[] = [
  mail('1stwestinsurance.com', null, { Business: [12, 13, 14, 15, 15, 15] }),
  mail('bayviewdental.com', 'bayview', { Business: [18, 19, 20, 22, 22, 25] }),
  mail('brightharborit.com', null, { 'Advanced+': [50, 50, 51, 51, 51, 51] }, { price: '0', cost: '0' }),
  mail('cedarridgelaw.com', 'cedarRidge', { Advanced: [28, 30, 31, 31, 34, 34] }),
  mail('donovanbrothers.com', 'donovan', { Business: [9, 9, 9, 9, 9, 9], Advanced: [3, 4, 4, 4, 0, none] }),
  mail('eastfieldvet.com', 'eastfield', { Business: [10, 11, 11, 12, 12, 12] }),
  mail('foxhollowrealty.com', 'foxhollow', { Business: [19, 20, 20, 20, 21, 21] }),
  mail('greenfieldfreight.com', 'greenfield', { Business: [none, none, none, none, 8, 9] }),
  mail('greenfieldlogistics.com', 'greenfield', { Business: [7, 7, 8, 8, none, none] }),
  mail('harborpointcpa.com', 'harborPoint', { 'Business+': [5, 5, 6, 6, 6, 6] }, { counted: { '2020-12': 21 } }),
  mail('ironbridgeconstruction.com', 'ironbridge', { Advanced: [40, 41, 44, 44, 45, 46] }, { counted: { '2020-12': 15 } }),
  mail('juniperyoga.com', 'juniper', { Business: [4, 4, 5, 5, 5, 5] }, { price: '2.20' }),
  mail('kestrelmedia.com', 'kestrel', { 'Advanced+': [none, none, none, none, 10, 10] }, { trial: true }),
  mail('lakesideflorist.com', 'lakeside', { Business: [0, 0, 0, 0, 0, 0] }),
  mail('maplestreetschool.org', 'mapleStreet', { Pro: [60, 62, 62, 62, 62, 64] }),
  mail('northgateauto.com', 'northgate', { Business: [8, 8, 8, 8, 8, 8], Pro: [2, 2, 3, 3, 3, 3] }),
  mail('oakhurstclinic.com', 'oakhurst', { Advanced: [11, 11, 12, 12, 12, 12] }),
  mail('oakhurstclinic.org', 'oakhurst', { Business: [5, 5, 5, 5, 6, 6] }),
  mail('pinecrestpartners.com', null, { Business: [6, 6, 6, 7, 7, 7] }),
  mail('quarrystone.com', 'quarrystone', { Business: [13, 13, 13, 13, 13, 13] }),
  mail('riverbendfarms.com', 'riverbend', { Business: [10, 10, 10, 10, 10, 10] }),
  mail('summitoutdoors.eu', 'summit', { Advanced: [16, 16, 17, 17, 18, 18] }),
  mail('tidewatermarine.com', 'tidewater', { Business: [none, none, none, none, 14, 14] }),
  mail('umbraphotography.com', 'umbra', { Business: [3, 3, 3, 3, 3, 3] }),
  mail('valleyprint.com', 'valleyPrint', { Business: [none, none, 17, 17, 17, 17] }),
  mail('westlakehotels.com', 'westlake', { 'Business+': [33, 33, 35, 35, 35, 35] }),
  mail('willowcreekspa.com', 'willowCreek', { Business: [6, 6, 6, 6, 6, 6] }),
  mail('yarrowhealth.com', 'yarrow', { Advanced: [21, 21, 22, 22, 'missing', 23] }),
  devices('Bayview Dental', 'bayview', { Workstation: [14, 14, 14, 14, 14, 14], Server: [2, 2, 2, 2, 2, 2] }),
  devices('Cedar Ridge Law', 'cedarRidge', { Workstation: [18, 19, 20, 20, 22, 22] }),
  devices('Donovan Brothers', 'donovan', { Workstation: [6, 6, 6, 6, 6, 6], Server: [1, 1, 1, 1, none, none] }),
  devices('Eastfield Veterinary', 'eastfield', { Workstation: [none, none, none, none, 6, 6] }),
  devices('Foxhollow Realty', 'foxhollow', { Workstation: [8, 8, 8, 8, 9, 9] }),
  devices('Harbor Point CPA', 'harborPoint', { Workstation: [11, 11, 11, 11, 12, 12] }),
  devices('Maple Street School', 'mapleStreet', { Workstation: [30, 30, 30, 30, 30, 33] }),
  devices('Valley Print', 'valleyPrint', { Server: [none, none, 3, 3, 3, 3] }),
  devices('Westlake Hotels', 'westlake', { Workstation: [25, 25, 25, 25, 25, 25] }),
  users('Bayview Dental', 'bayview', { Business: [12, 12, 12, 12, 12, 12] }),
  users('Ironbridge Construction', 'ironbridge', { Enterprise: [none, none, none, none, 15, 15] }),
  users('Lakeside Florist', 'lakeside', { Business: [3, 3, 3, 3, 3, 3] }),
  users('Northgate Auto', 'northgate', { Business: [6, 6, 6, 6, 6, 6], Enterprise: [2, 2, 2, 2, 2, 2] }),
  users('Oakhurst Clinic', 'oakhurst', { Business: [20, 20, 21, 21, 23, 23] }),
];

export function keyOfSite({ product, site }: DemoSite): string {
  return customerKey({ product: product.product.key, site });
}

type Counts = Readonly<Record<string, readonly Counted[]>>;
type Special = Pick<DemoSite, 'trial' | 'price' | 'cost' | 'counted'>;

/** Proofpoint: one subscription of the partner, a site is the customer's primary domain. */
function mail(site: string, company: CompanyName | null, counts: Counts, special: Special = {}): DemoSite {
  return { product: proofpoint, site, company, counts: named('Proofpoint', counts), ...special };
}

/** Northvault: one subscription per company, billed by the device. */
function devices(site: string, company: CompanyName, counts: Counts): DemoSite {
  return { product: backup, site, company, counts: named('Northvault', counts) };
}

/** Latchkey: one subscription per company, billed by the user. */
function users(site: string, company: CompanyName, counts: Counts): DemoSite {
  return { product: passwords, site, company, counts: named('Latchkey', counts) };
}

function named(vendor: string, counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).map(([name, numbers]) => [slugOf(`${vendor} ${name}`), numbers]));
}
