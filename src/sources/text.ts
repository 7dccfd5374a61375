import { err, ok, type Result } from '../domain/result';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const known = new WeakMap<Uint8Array, Encoding>();

/** Told from the byte order mark, else from where zero bytes lie, else whether the bytes are UTF-8; what is left is Windows-1252. */
export function encodingOf(bytes: Uint8Array): Encoding {
  const encoding = known.get(bytes) ?? tellEncoding(bytes);
  known.set(bytes, encoding);
  return encoding;
}

function tellEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  const zeros = zerosOf(bytes.subarray(0, 4096));
  if (zeros.odd > zeros.pairs / 4 && zeros.even < zeros.odd / 4) return 'utf-16le';
  if (zeros.even > zeros.pairs / 4 && zeros.odd < zeros.even / 4) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** Small, so that the cells of one block are garbage before the collector would have to move them. */
const BLOCK = 1 << 16;

export interface Block {
  readonly text: string;
  /** Bytes read by the end of this block. */
  readonly bytes: number;
}

/** The text of a file in blocks, without its byte order mark. Throws a TypeError on bytes that are no text. */
export function* blocksOf(bytes: Uint8Array, encoding = encodingOf(bytes)): Generator<Block> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const end = Math.min(at + BLOCK, bytes.length);
    yield { text: told(decoder.decode(bytes.subarray(at, end), { stream: end < bytes.length }), encoding), bytes: end };
  }
}

/** The whole text, or an error when the bytes are no text. */
export function textOf(bytes: Uint8Array): Result<string, 'not text'> {
  try {
    return ok(told(new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes), encodingOf(bytes)));
  } catch {
    return err('not text');
  }
}

/** The beginning of a text, to recognise it by. The whole file tells its encoding: its beginning may end inside a character. */
export function headOf(bytes: Uint8Array, length = 1 << 18): string {
  const encoding = encodingOf(bytes);
  return told(new TextDecoder(encoding).decode(bytes.subarray(0, length), { stream: true }), encoding);
}

/** What Windows-1252 has where Latin 1 has control characters: not every engine's decoder knows the difference. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function told(text: string, encoding: Encoding): string {
  if (encoding !== 'windows-1252') return text;
  return text.replace(/[\u0080-\u009f]/g, (character) => WINDOWS[character.charCodeAt(0) - 0x80] ?? character);
}

function zerosOf(head: Uint8Array) {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at++) {
    if (head[at] !== 0) continue;
    if (at % 2 === 0) even++;
    else odd++;
  }
  return { even, odd, pairs: head.length >> 1 };
}

function isUtf8(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return true;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += BLOCK) decoder.decode(bytes.subarray(at, at + BLOCK), { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** Most files are: four bytes at a time cost less than decoding them once only to look. */
function isAscii(bytes: Uint8Array): boolean {
  const before = Math.min((4 - (bytes.byteOffset & 3)) & 3, bytes.length);
  const whole = (bytes.length - before) >> 2;
  const words = whole === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + before, whole);
  let seen = 0;
  for (let at = 0; at < whole && (seen & 0x80808080) === 0; at++) seen |= words[at] ?? 0;
  for (let at = 0; at < before; at++) seen |= bytes[at] ?? 0;
  for (let at = before + whole * 4; at < bytes.length; at++) seen |= bytes[at] ?? 0;
  return (seen & 0x80808080) === 0;
}
