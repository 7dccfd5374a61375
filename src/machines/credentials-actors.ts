import type { Connection } from '../domain/agreement';
import { problem, ProblemError } from '../domain/problem';
import { channels } from '../delivery';
import type { Surroundings } from '../delivery/channel';
import type { Starts } from '../delivery/pace';
import { createVault, type Vault } from '../delivery/vault';
import { adapterOf } from '../psa';
import type { ConnectionField, PsaAdapter, SignIn } from '../psa/psa';
import { connectionOf } from '../storage/connections';
import type { Database } from '../storage/db';
import { changeSandbox } from '../storage/sandboxes';
import { hasCredentials, unlockCredentials } from '../storage/secrets';

/** The credentials of this page, in memory until it closes. Everything that sends takes them from here. */
export const vault: Vault = createVault();

/** A connection ready to be asked: its PSA, and the surroundings of its channel with the authentication headers. */
export interface Reach {
  readonly connection: Connection;
  readonly adapter: PsaAdapter;
  readonly surroundings: Surroundings;
  /** Shared by every run and every reading of the connection in this page. */
  readonly starts: Starts;
}

const paced = new WeakMap<Database, Map<string, Starts>>();

/**
 * Opens a connection. Throws `secret is locked` while the credentials are only on the device, `credentials are missing` while there
 * are none, and `record is damaged` for a connection or PSA that is not known.
 */
export async function reach(db: Database, id: string, means: { readonly now: () => Date; readonly fetch?: typeof fetch }): Promise<Reach> {
  const connection = await connectionOf(db, id);
  const adapter = connection === undefined ? undefined : adapterOf(connection.psa);
  if (connection === undefined || adapter === undefined) throw new ProblemError(problem('record is damaged', { what: `connection ${id}` }));
  const credentials = await credentialsOf(db, connection, adapter);
  const kind = channels[connection.protocol];
  const authorized = kind.needsCredentials || connection.protocol === 'sandbox' ? adapter.authorization(connection, credentials) : null;
  if (authorized?.ok === false) throw new ProblemError(authorized.error);
  return {
    connection,
    adapter,
    starts: startsOf(db, id),
    surroundings: {
      connection,
      authorization: { ...authorized?.value, ...(connection.protocol === 'sandbox' && adapter.signIn !== null ? DEMO_TOKEN : {}) },
      signIn: kind.needsCredentials && adapter.signIn !== null ? filledIn(adapter.signIn, adapter, connection, credentials) : null,
      credentials,
      fetch: means.fetch ?? ((...call) => fetch(...call)),
      now: means.now,
      timeout: 30_000,
      sandbox: (change) =>
        changeSandbox(db, means.now().toISOString(), id, (state) => change(state) as ReturnType<Parameters<typeof changeSandbox>[3]>),
    },
  };
}

function startsOf(db: Database, id: string): Starts {
  const all = paced.get(db) ?? new Map<string, Starts>();
  paced.set(db, all);
  const starts = all.get(id) ?? [];
  all.set(id, starts);
  return starts;
}

/** The in-page PSA gives out no token; it takes any. */
const DEMO_TOKEN = { Authorization: 'Bearer demo' };

/** The sign-in with every `{{name}}` of its address and form replaced by what the partner entered. */
function filledIn(
  signIn: SignIn,
  { fields }: PsaAdapter,
  { tenant, settings }: Connection,
  credentials: Readonly<Record<string, string>>,
): SignIn {
  const known = new Map(
    fields.map(({ name, target }) => [name, target === 'tenant' ? tenant : ((target === 'settings' ? settings : credentials)[name] ?? '')]),
  );
  const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => known.get(name) ?? '');
  const path = signIn.path.replace(/\{\{(\w+)\}\}/g, (_, name: string) => encodeURIComponent(known.get(name) ?? ''));
  return { ...signIn, path, form: Object.fromEntries(Object.entries(signIn.form).map(([name, text]) => [name, filled(text)])) };
}

/** The secret fields that a connection asks for: the PSA's own where they leave the page, else the relay's. */
export function secretFields({ psa, protocol }: Pick<Connection, 'psa' | 'protocol'>): readonly ConnectionField[] {
  const kind = channels[protocol];
  const own = kind.needsCredentials ? (adapterOf(psa)?.fields ?? []) : [];
  return [...own, ...kind.fields].filter(({ target }) => target === 'credentials');
}

/** Whether the credentials are at hand, only on the device, or nowhere; `needless` where the channel asks for none. */
export type CredentialState = 'open' | 'locked' | 'missing' | 'needless';

export async function credentialState(db: Database, connection: Connection): Promise<CredentialState> {
  if (secretFields(connection).length === 0) return 'needless';
  if (vault.credentialsOf(connection.id) !== null) return 'open';
  return (await hasCredentials(db, connection.id)) ? 'locked' : 'missing';
}

/** Takes remembered credentials into memory. Throws `passphrase is wrong`. */
export async function unlock(db: Database, connection: string, passphrase: string): Promise<void> {
  const credentials = await unlockCredentials(db, connection, passphrase);
  if (credentials !== null) vault.keep(connection, credentials);
}

/** The in-page PSA asks for headers as the real one does, and takes any. */
async function credentialsOf(db: Database, connection: Connection, adapter: PsaAdapter): Promise<Readonly<Record<string, string>>> {
  if (connection.protocol === 'sandbox') return Object.fromEntries(adapter.fields.map(({ name }) => [name, 'demo']));
  const kept = vault.credentialsOf(connection.id);
  if (kept !== null) return kept;
  if (await hasCredentials(db, connection.id)) throw new ProblemError(problem('secret is locked', { connection: connection.name }));
  return {};
}
