import type { IncomingHttpHeaders } from 'node:http';
import type { Connection } from '../../src/domain/agreement';
import type { PsaRequest } from '../../src/psa/psa';
import type { Effect } from '../../src/sandbox/sandbox';
import * as scene from '../delivery/scene';
import { createEndpoint, listen, type Endpoint, type EndpointFault, type Outcome } from '../support/endpoint';
import { createRelay } from '../support/relay';
import type { Chance } from './chance';

export type Mode = 'relay that checks keys' | 'PSA with read-back';

/** One endpoint on loopback for the whole suite; each round gives it fresh books and its own faults. */
export interface World {
  readonly url: (mode: Mode) => string;
  readonly begin: (chance: Chance, faults: readonly EndpointFault[]) => void;
  readonly endpoint: () => Endpoint;
  /** Applied effects with the page's own call that caused them: two with one call are the browser's repetition. */
  readonly applied: () => readonly { readonly effect: Effect; readonly attempt: string }[];
  /** Called after each run of the handler of a write, before any byte of the answer leaves. */
  onHandled: () => void;
  readonly close: () => Promise<void>;
}

export const CREDENTIALS = {
  ...scene.SECRETS,
  signingSecret: `whsec_${Buffer.from('thirty-two characters of secrecy').toString('base64')}`,
};
const OWN = { authorization: `Basic ${Buffer.from('acme+public:private').toString('base64')}`, clientid: 'own' };

/** Milliseconds after which a `late` request takes effect: the delay that the connection's quarantine covers. */
const LATE = 300;
export const QUARANTINE = 1_500;

export async function createWorld(): Promise<World> {
  let endpoint = createEndpoint(scene.seed());
  let applied: { readonly effect: Effect; readonly attempt: string }[] = [];
  let nextFault: () => EndpointFault | null = () => null;
  let relay = relayOf('');
  const note = (attempt: string, from: number) => {
    for (const effect of endpoint.effects().slice(from)) applied.push({ effect, attempt });
  };
  let landing: (() => void)[] = [];
  const handle = (request: PsaRequest, attempt: string): Outcome => {
    const current = endpoint;
    const fault = request.method === 'GET' ? null : nextFault();
    // A timer of a machine under load may come later than its time; what is due then lands before anything else is handled.
    for (const due of landing) due();
    const before = current.effects().length;
    const outcome = current.receive(request, fault);
    note(attempt, before);
    if (fault === 'late') {
      const at = performance.now() + LATE;
      const land = () => {
        if (performance.now() < at || !landing.includes(land)) return;
        landing = landing.filter((other) => other !== land);
        if (current !== endpoint) return;
        const held = current.effects().length;
        current.landLate();
        note(attempt, held);
      };
      landing = [...landing, land];
      setTimeout(land, LATE + 5);
    }
    if (request.method !== 'GET') world.onHandled();
    return outcome;
  };
  function relayOf(attempt: string) {
    const forward = (request: PsaRequest) => Promise.resolve(handle(request, attempt));
    return createRelay({ secret: CREDENTIALS.signingSecret, checksKeys: true, credentials: OWN, forward, now: () => new Date() });
  }
  const psa = await listen((request, { headers }) => Promise.resolve(handle(request, attemptIn(headers))));
  const hook = await listen(async (_, { headers, text }) => {
    const fault = text.includes('"method":"GET"') ? null : wireFault(nextFault);
    if (fault === 'reset before') return { kind: 'reset' };
    const answer = await relay.receive(headers, text);
    return fault === 'reset after' ? { kind: 'reset' } : answer;
  });
  const world: World = {
    url: (mode) => (mode === 'PSA with read-back' ? psa.url : `${hook.url}/hook`),
    begin: (chance, faults) => {
      endpoint = createEndpoint(scene.seed());
      applied = [];
      relay = relayOf('relay');
      nextFault = () => (faults.length > 0 && chance.next() < 0.25 ? chance.pick(faults) : null);
    },
    endpoint: () => endpoint,
    applied: () => applied,
    onHandled: () => undefined,
    close: async () => {
      await psa.close();
      await hook.close();
    },
  };
  return world;
}

export function connectionFor(mode: Mode, url: string): Connection {
  const protocol = mode === 'PSA with read-back' ? 'psa' : 'relay';
  return scene.connectionOf({ url, protocol, checksKeys: protocol === 'relay', quarantineMinutes: QUARANTINE / 60_000 });
}

/** Between page and relay only the wire breaks; what befalls the PSA behind it is decided when the relay forwards. */
function wireFault(next: () => EndpointFault | null): EndpointFault | null {
  const fault = next();
  return fault === 'reset before' || fault === 'reset after' ? fault : null;
}

function attemptIn(headers: IncomingHttpHeaders): string {
  return String(headers['x-attempt'] ?? '');
}
