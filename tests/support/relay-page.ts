import { relay } from '../../src/delivery/relay';
import type { Channel, Outgoing } from '../../src/delivery/channel';
import type { Connection } from '../../src/domain/agreement';

export const SECRET = `whsec_${Buffer.from('thirty-two characters of secrecy').toString('base64')}`;
export const KEY = `tl1-${'a'.repeat(32)}`;

/** A request as the outbox hands it to the channel: one addition, keyed. */
export function outgoing(changes: Partial<Outgoing> = {}): Outgoing {
  return {
    ...{ key: KEY, method: 'POST', path: '/finance/agreements/10/additions', query: {}, headers: { Accept: 'application/json' } },
    ...{ body: '{"quantity":15}', line: 'Business', ...changes },
  };
}

/** The page's own relay channel, pointed at a relay. */
export function pageTo(
  url: string,
  options: { readonly secret?: string; readonly now?: () => Date; readonly fetch?: typeof fetch } = {},
): Channel {
  const { secret = SECRET, now = () => new Date() } = options;
  const connection: Connection = {
    ...{ id: 'cw', psa: 'connectwise', name: 'Our ConnectWise', protocol: 'relay', url, tenant: 'acme', currency: 'USD', rateLimit: 100 },
    ...{ quarantineMinutes: 10, checksKeys: true, settings: {}, remember: false },
  };
  return relay.open({
    ...{ connection, authorization: {}, signIn: null, credentials: secret === '' ? {} : { signingSecret: secret }, timeout: 5_000, now },
    fetch: options.fetch ?? fetch,
    sandbox: () => Promise.reject(new Error('there is no sandbox here')),
  });
}
