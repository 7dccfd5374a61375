import type { Connection } from '../domain/agreement';
import { LOOKUP_KINDS } from '../domain/change';
import type { Synced } from '../domain/synced';
import type { PsaRequest, Reading } from '../psa/psa';
import { connectwise } from '../psa/connectwise';
import { answer, createSandbox } from '../sandbox/index';
import type { SandboxState } from '../sandbox/sandbox';
import type { CompanyLink, Mirror } from '../storage/rows';
import { agreementRows, agreements, psaCompanyOf, psaCompanyRows } from './agreements';
import { catalogRows, lookups } from './catalog';
import { companies, companyNames, idOf } from './companies';
import { additionRows } from './lines';

export const connection: Connection = {
  id: 'demo-connectwise',
  psa: 'connectwise',
  name: 'ConnectWise PSA (demo sandbox)',
  protocol: 'sandbox',
  url: null,
  tenant: 'brightharbor',
  currency: 'USD',
  rateLimit: 600,
  quarantineMinutes: 10,
  checksKeys: false,
  settings: {},
  remember: false,
};

/** The PSA as it is on the demo's first day: some lines were changed by hand since the partner last read it. */
export function sandboxState(synced: readonly Synced[]): SandboxState {
  return stateWith(synced, true);
}

/** What the partner last read of it, through the same requests and the same parser as ever. */
export function mirrors(synced: readonly Synced[]): readonly Mirror[] {
  const state = stateWith(synced, false);
  const { companies: psaCompanies, agreements: documents, products, lines, oneTimeLines, lookups: choices } = connectwise.read;
  const offered = choices();
  const place = { connection: connection.id, scope: '', readAt: READ_AT };
  return [
    { ...place, kind: 'companies', rows: rowsOf(state, psaCompanies()) },
    { ...place, kind: 'agreements', rows: rowsOf(state, documents(null)) },
    { ...place, kind: 'products', rows: rowsOf(state, products()) },
    ...LOOKUP_KINDS.flatMap((kind): Mirror[] => {
      const reading = offered[kind];
      return reading === undefined ? [] : [{ ...place, kind, rows: rowsOf(state, reading) }];
    }),
    ...agreements.map(({ id }): Mirror => ({
      ...place,
      scope: String(id),
      kind: 'lines',
      rows: [...rowsOf(state, lines(String(id))), ...rowsOf(state, oneTimeLines(String(id)))],
    })),
  ];
}

/** Every customer is linked to its company in the PSA, except one that the wizard links. */
export function links(next: () => number): readonly CompanyLink[] {
  return companyNames
    .filter((name) => name !== 'westlake')
    .map((name) => ({
      connection: connection.id,
      company: idOf(name),
      psaCompany: String(psaCompanyOf(name)),
      psaName: companies[name].name,
      seq: next(),
    }));
}

const READ_AT = '2021-01-03T07:30:00.000Z';
const CREDENTIALS = { Authorization: 'Basic ZGVtbw==', clientId: 'demo' };

function stateWith(synced: readonly Synced[], edited: boolean): SandboxState {
  return createSandbox({
    psa: 'connectwise',
    tables: {
      companies: psaCompanyRows(),
      agreements: agreementRows(),
      catalog: catalogRows(),
      additions: additionRows(synced, edited),
      ...lookups,
    },
  });
}

function rowsOf<T>(state: SandboxState, reading: Reading<T>): readonly T[] {
  const rows: T[] = [];
  let asked: PsaRequest | null = reading.request;
  while (asked !== null) {
    const page: Page<T> = pageOf(state, reading, asked);
    rows.push(...page.rows);
    asked = page.next;
  }
  return rows;
}

interface Page<T> {
  readonly rows: readonly T[];
  readonly next: PsaRequest | null;
}

function pageOf<T>(state: SandboxState, reading: Reading<T>, asked: PsaRequest): Page<T> {
  const { answer: answered } = answer(state, { ...asked, headers: { ...asked.headers, ...CREDENTIALS } });
  const page = answered === null ? null : reading.parse(answered, asked);
  if (page?.ok !== true) throw new RangeError(`the demo's PSA did not answer ${asked.path}`);
  return page.value;
}
