import { companyId } from './ids';
import type { Company } from '../domain/marketplace';

/** A customer company, by the short name that the other tables of the demo call it. */
export interface DemoCompany {
  readonly n: number;
  readonly name: string;
  readonly domains: readonly string[];
}

/** The partner itself, and its customers. 1st West Insurance is known by its name alone, and Pinecrest Partners there are two. */
export const companies = {
  own: { n: 1, name: 'Bright Harbor IT', domains: ['brightharborit.com'] },
  firstWest: { n: 2, name: '1st West Insurance', domains: [] },
  bayview: { n: 3, name: 'Bayview Dental', domains: ['bayviewdental.com'] },
  cedarRidge: { n: 4, name: 'Cedar Ridge Law', domains: ['cedarridgelaw.com'] },
  donovan: { n: 5, name: 'Donovan Brothers', domains: ['donovanbrothers.com'] },
  eastfield: { n: 6, name: 'Eastfield Veterinary', domains: ['eastfieldvet.com'] },
  foxhollow: { n: 7, name: 'Foxhollow Realty', domains: ['foxhollowrealty.com'] },
  greenfield: { n: 8, name: 'Greenfield Logistics', domains: ['greenfieldlogistics.com', 'greenfieldfreight.com'] },
  harborPoint: { n: 9, name: 'Harbor Point CPA', domains: ['harborpointcpa.com'] },
  ironbridge: { n: 10, name: 'Ironbridge Construction', domains: ['ironbridgeconstruction.com'] },
  juniper: { n: 11, name: 'Juniper Yoga', domains: ['juniperyoga.com'] },
  kestrel: { n: 12, name: 'Kestrel Media', domains: ['kestrelmedia.com'] },
  lakeside: { n: 13, name: 'Lakeside Florist', domains: ['lakesideflorist.com'] },
  mapleStreet: { n: 14, name: 'Maple Street School', domains: ['maplestreetschool.org'] },
  northgate: { n: 15, name: 'Northgate Auto', domains: ['northgateauto.com'] },
  oakhurst: { n: 16, name: 'Oakhurst Clinic', domains: ['oakhurstclinic.com', 'oakhurstclinic.org'] },
  pinecrestLlc: { n: 17, name: 'Pinecrest Partners LLC', domains: [] },
  pinecrestInc: { n: 18, name: 'Pinecrest Partners Inc', domains: [] },
  quarrystone: { n: 19, name: 'Quarrystone Supply', domains: ['quarrystone.com'] },
  riverbend: { n: 20, name: 'Riverbend Farms', domains: ['riverbendfarms.com'] },
  summit: { n: 21, name: 'Summit Outdoors', domains: ['summitoutdoors.eu'] },
  tidewater: { n: 22, name: 'Tidewater Marine', domains: ['tidewatermarine.com'] },
  umbra: { n: 23, name: 'Umbra Photography', domains: ['umbraphotography.com'] },
  valleyPrint: { n: 24, name: 'Valley Print', domains: ['valleyprint.com'] },
  westlake: { n: 25, name: 'Westlake Hotels', domains: ['westlakehotels.com'] },
  willowCreek: { n: 26, name: 'Willow Creek Spa', domains: ['willowcreekspa.com'] },
  yarrow: { n: 27, name: 'Yarrow Health', domains: ['yarrowhealth.com'] },
} as const satisfies Readonly<Record<string, DemoCompany>>;

export type CompanyName = keyof typeof companies;
export const companyNames = Object.keys(companies) as readonly CompanyName[];

export function idOf(name: CompanyName): string {
  return companyId(companies[name].n);
}

export function companyRows(): readonly Company[] {
  return companyNames.map((key) => {
    const { name, domains } = companies[key];
    return { id: idOf(key), name, domains, externalId: null, status: 'active', source: 'pax8' };
  });
}
