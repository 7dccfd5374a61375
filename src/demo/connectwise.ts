import type { Synced } from '../domain/synced';
import { connectwise } from '../psa/connectwise';
import { createSandbox } from '../sandbox/index';
import type { SandboxState } from '../sandbox/sandbox';
import { agreementRows, agreements, psaCompanyOf, psaCompanyRows } from './agreements';
import { catalogRows, lookups } from './catalog';
import { additionRows } from './lines';
import { demoConnection, type DemoPsa } from './psas';

/** The PSA that the demo's customers were synced with before. */
export const connection = { ...demoConnection(connectwise), name: 'ConnectWise PSA (demo sandbox)' };

/** ConnectWise with the lines of earlier months; some were changed by hand since the partner last read it. */
export function demoConnectwise(synced: readonly Synced[]): DemoPsa {
  return {
    ...{ adapter: connectwise, connection, read: stateWith(synced, false), now: stateWith(synced, true) },
    agreementIds: agreements.map(({ id }) => String(id)),
    companyIdOf: (name) => String(psaCompanyOf(name)),
  };
}

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
