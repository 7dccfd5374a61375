import type { Connection } from '../../domain/agreement';
import { credentialState, type CredentialState, unlock, vault } from '../../machines/credentials-actors';
import type { Database } from '../../storage/db';
import { forgetCredentials, rememberCredentials } from '../../storage/secrets';
import type { App } from '../context';
import { live, type Live } from '../live';

/** The vault is memory of the page, so a counter tells what reads it that it changed. */
class Turns {
  count = $state(0);
}
const turns = new Turns();

/** Whether the credentials of a connection are at hand. Call it inside `$derived`. */
export function credentialsNow(page: App, connection: Connection): Live<CredentialState> {
  return live((db: Database, asked: Connection, _turn: number) => credentialState(db, asked), page.db, connection, turns.count);
}

/** Keeps them in memory; with a passphrase also encrypted on this device. */
export async function takeCredentials(
  page: App,
  connection: Connection,
  credentials: Readonly<Record<string, string>>,
  passphrase: string | null,
): Promise<void> {
  if (passphrase !== null) await rememberCredentials(page.db, page.clock.now(), connection.id, credentials, passphrase);
  vault.keep(connection.id, credentials);
  turns.count += 1;
}

/** Throws `passphrase is wrong`. */
export async function unlockNow(page: App, connection: Connection, passphrase: string): Promise<void> {
  await unlock(page.db, connection.id, passphrase);
  turns.count += 1;
}

export function lockNow(connection: Connection): void {
  vault.lock(connection.id);
  turns.count += 1;
}

export async function forgetNow(page: App, connection: Connection): Promise<void> {
  await forgetCredentials(page.db, page.clock.now(), connection.id);
  lockNow(connection);
}
