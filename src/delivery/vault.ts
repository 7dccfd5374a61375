/** Credentials by connection for as long as the page is open. They are never written anywhere from here. */
export interface Vault {
  readonly keep: (connection: string, credentials: Readonly<Record<string, string>>) => void;
  readonly credentialsOf: (connection: string) => Readonly<Record<string, string>> | null;
  /** Forgets one connection's, or everything. */
  readonly lock: (connection?: string) => void;
}

export function createVault(): Vault {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  return {
    keep: (connection, credentials) => void kept.set(connection, credentials),
    credentialsOf: (connection) => kept.get(connection) ?? null,
    lock: (connection) => (connection === undefined ? kept.clear() : void kept.delete(connection)),
  };
}

/** Takes secrets out of a text that came from outside. Values that are too short to be one would mutilate ordinary words. */
export function redactor(...secrets: readonly Readonly<Record<string, string>>[]): (text: string) => string {
  const values = secrets.flatMap((record) => Object.values(record)).flatMap((value) => [value, value.replace(/^\w+ /, '')]);
  const long = [...new Set(values)].filter((value) => value.length >= 6).sort((left, right) => right.length - left.length);
  return (text) => long.reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
}
