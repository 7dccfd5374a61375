import type { Connection } from '../../../src/domain/agreement';
import type { ProductStanding } from '../../../src/domain/standing';
import { saveConnection } from '../../../src/storage/connections';
import { fakeApp } from '../support/app';

export const NOW = '2021-01-03T09:00:00.000Z';

/** An open workspace with one ConnectWise connection. */
export async function scene(changes: Partial<Connection> = {}, standings: readonly ProductStanding[] = []) {
  const app = await fakeApp({ standings });
  const connection = await saveConnection(app.db, NOW, {
    ...{ id: 'office', psa: 'connectwise', name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
    ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false, ...changes },
  });
  return { app, connection };
}
