import { problem, ProblemError } from '../domain/problem';
import { write, type Database } from './db';

/** What OWASP asks of PBKDF2-SHA-256. */
const ITERATIONS = 600_000;

export type Credentials = Readonly<Record<string, string>>;

/** Stores the credentials of a connection encrypted: AES-GCM-256 under a key that PBKDF2 makes of the passphrase. Nothing else holds them. */
export async function rememberCredentials(
  db: Database,
  now: string,
  connection: string,
  credentials: Credentials,
  passphrase: string,
): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(passphrase, salt, ITERATIONS);
  const plain = new TextEncoder().encode(JSON.stringify(credentials));
  const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(connection) }, key, plain));
  await write(db, now, ['secrets'], async ({ audit }) => {
    await db.secrets.put({ connection, salt, iv, iterations: ITERATIONS, cipher });
    await audit('credentials remembered', connection, null);
  });
}

/** The credentials, or null when none are remembered. Throws `passphrase is wrong`. */
export async function unlockCredentials(db: Database, connection: string, passphrase: string): Promise<Credentials | null> {
  const record = await db.secrets.get(connection);
  if (record === undefined) return null;
  const iv = new Uint8Array(record.iv);
  const key = await keyOf(passphrase, new Uint8Array(record.salt), record.iterations);
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: bytesOf(connection) },
      key,
      new Uint8Array(record.cipher),
    );
    return JSON.parse(new TextDecoder().decode(plain)) as Credentials;
  } catch {
    throw new ProblemError(problem('passphrase is wrong', { connection }));
  }
}

export async function hasCredentials(db: Database, connection: string): Promise<boolean> {
  return (await db.secrets.where('connection').equals(connection).count()) > 0;
}

export async function forgetCredentials(db: Database, now: string, connection: string): Promise<void> {
  await write(db, now, ['secrets'], async ({ audit }) => {
    await db.secrets.delete(connection);
    await audit('credentials forgotten', connection, null);
  });
}

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', bytesOf(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
