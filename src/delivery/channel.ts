import type { Connection, Protocol } from '../domain/agreement';
import type { ConnectionField, PsaAnswer, SignIn } from '../psa/psa';

/** A request as it goes onto the wire: the same `key`, `path` and `body` text on every attempt. No secret inside. */
export interface Outgoing {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact JSON text, or null for none. */
  readonly body: string | null;
  /** What the request means to a person; a relay may show it. */
  readonly line: string;
}

/**
 * What one call came to. `answered`: a whole answer was read, `text` being its body as received, `from` whose status it is (a relay
 * answers for itself where it did not reach the PSA). `no answer`: nobody knows what happened, whatever the browser calls it; `unsent`
 * where the request surely never left.
 */
export type Exchange =
  | { readonly kind: 'answered'; readonly from: 'psa' | 'relay'; readonly answer: PsaAnswer; readonly text: string }
  | { readonly kind: 'no answer'; readonly reason: string; readonly unsent?: true };

/** One way for a request to leave. Never throws: what goes wrong is an exchange. */
export interface Channel {
  readonly send: (request: Outgoing) => Promise<Exchange>;
}

/** What a channel needs from outside: the network, the clock and the in-page PSA are arguments. */
export interface Surroundings {
  readonly connection: Connection;
  /** Authentication headers of the PSA; they exist only while sending. */
  readonly authorization: Readonly<Record<string, string>>;
  /** How to get a token before anything is sent, its form filled in with the credentials; null where there is none to get. */
  readonly signIn: SignIn | null;
  /** Secrets of the connection by field name, for a channel that has its own. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** Milliseconds until an unanswered call is given up, body included. */
  readonly timeout: number;
  /** The in-page PSA: state in, state and answer out, in one transaction. */
  readonly sandbox: (change: SandboxChange) => Promise<void>;
}

/** Runs inside one transaction, so it may not wait: the state of the in-page PSA and the effects that it applied. */
export type SandboxChange = (state: unknown) => { readonly state: unknown; readonly applied: readonly unknown[] };

/** A kind of channel as the page lists it. `file` sends nothing. */
export interface ChannelKind {
  readonly id: Protocol;
  readonly sends: boolean;
  readonly needsUrl: boolean;
  /** Whether the PSA's own credentials leave the page through it. */
  readonly needsCredentials: boolean;
  readonly fields: readonly ConnectionField[];
  readonly open: (surroundings: Surroundings) => Channel;
}
