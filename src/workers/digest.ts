import { sha256HexOfBytes } from '../domain/canonical';

/** SHA-256 by the browser where it has it (secure origins), else by our own code. */
export async function digest(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) return sha256HexOfBytes(bytes);
  const { buffer, byteOffset, length } = bytes;
  const own = buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : bytes.slice();
  const hash = new Uint8Array(await subtle.digest('SHA-256', own));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
