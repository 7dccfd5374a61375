import type { Connection } from '../domain/agreement';
import { LOOKUP_KINDS } from '../domain/change';
import type { PsaAdapter, PsaRequest, Reading } from '../psa/psa';
import { answer } from '../sandbox/index';
import type { SandboxState } from '../sandbox/sandbox';
import type { CompanyLink, Mirror } from '../storage/rows';
import { companies, companyNames, idOf, type CompanyName } from './companies';

/** A PSA of the demo: its connection, and its own records as the sandbox holds them. */
export interface DemoPsa {
  readonly adapter: PsaAdapter;
  readonly connection: Connection;
  /** As the partner last read it, and as it is on the demo's first day. */
  readonly read: SandboxState;
  readonly now: SandboxState;
  /** Ids of the documents that have lines. */
  readonly agreementIds: readonly string[];
  readonly companyIdOf: (name: CompanyName) => string;
}

/** The connection of a demo PSA. */
export function demoConnection({ id, words, limits }: PsaAdapter, settings: Readonly<Record<string, string>> = {}): Connection {
  return {
    ...{ id: `demo-${id}`, psa: id, name: `${words.psa} (demo sandbox)`, protocol: 'sandbox', url: null, tenant: 'brightharbor' },
    ...{
      currency: 'USD',
      rateLimit: Math.min(600, limits.requestsPerMinute),
      quarantineMinutes: 10,
      checksKeys: false,
      settings,
      remember: false,
    },
  };
}

/** What the partner last read of it, through the same requests and the same parser as ever. */
export function mirrorsOf(psa: DemoPsa): readonly Mirror[] {
  const { read, can } = psa.adapter;
  const place = { connection: psa.connection.id, scope: '', readAt: READ_AT };
  const offered = read.lookups();
  return [
    { ...place, kind: 'companies', rows: rowsOf(psa, read.companies()) },
    { ...place, kind: 'agreements', rows: rowsOf(psa, read.agreements(null)) },
    { ...place, kind: 'products', rows: rowsOf(psa, read.products()) },
    ...LOOKUP_KINDS.flatMap((kind): Mirror[] => {
      const reading = offered[kind];
      return reading === undefined ? [] : [{ ...place, kind, rows: rowsOf(psa, reading) }];
    }),
    ...(can.readBack ? psa.agreementIds : []).map((scope): Mirror => ({
      ...place,
      scope,
      kind: 'lines',
      rows: [
        ...rowsOf(psa, read.lines(scope)),
        ...(can.oneTime && read.oneTimeAmongLines !== true ? rowsOf(psa, read.oneTimeLines(scope)) : []),
      ],
    })),
  ];
}

/** Every customer is linked to its company in the PSA, except one that the wizard links. */
export function linksOf({ connection, companyIdOf }: DemoPsa, next: () => number): readonly CompanyLink[] {
  return companyNames
    .filter((name) => name !== 'westlake')
    .map((name) => ({
      connection: connection.id,
      company: idOf(name),
      psaCompany: companyIdOf(name),
      psaName: companies[name].name,
      seq: next(),
    }));
}

const READ_AT = '2021-01-03T07:30:00.000Z';

function rowsOf<T>(psa: DemoPsa, reading: Reading<T>): readonly T[] {
  const rows: T[] = [];
  let asked: PsaRequest | null = reading.request;
  while (asked !== null) {
    const page: Page<T> = pageOf(psa, reading, asked);
    rows.push(...page.rows);
    asked = page.next;
  }
  return reading.join?.(rows) ?? rows;
}

interface Page<T> {
  readonly rows: readonly T[];
  readonly next: PsaRequest | null;
}

function pageOf<T>({ adapter, connection, read }: DemoPsa, reading: Reading<T>, asked: PsaRequest): Page<T> {
  const account = Object.fromEntries(adapter.fields.map(({ name }) => [name, 'demo']));
  const authorized = adapter.authorization(connection, account);
  const headers = { ...asked.headers, ...(authorized.ok ? authorized.value : {}), ...(adapter.signIn === null ? {} : DEMO_TOKEN) };
  const { answer: answered } = answer(read, { ...asked, headers });
  const page = answered === null ? null : reading.parse(answered, asked);
  if (page?.ok !== true) throw new RangeError(`the demo's ${adapter.words.psa} did not answer ${asked.path}`);
  return page.value;
}

const DEMO_TOKEN = { Authorization: 'Bearer demo' };
