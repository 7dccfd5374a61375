import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** RFC 8785: keys by UTF-16 code units, numbers as ECMAScript prints them, no white space. Lone surrogates are refused. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('canonical JSON has no number for NaN or Infinity');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quoted(value);
  let text = '';
  if (isArray(value)) {
    for (const item of value) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const record = value as Readonly<Record<string, Json | undefined>>;
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Lower-case hex of SHA-256 over UTF-8. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8Of(text)));
}

const encoder = new TextEncoder();
/** Room that every short text is encoded into: a month of plans hashes tens of thousands of them. */
const room = new Uint8Array(16_384);

/** The bytes of a text, to be read before the next call. A UTF-16 code unit takes three bytes at most. */
function utf8Of(text: string): Uint8Array {
  return text.length * 3 > room.length ? encoder.encode(text) : room.subarray(0, encoder.encodeInto(text, room).written);
}

export function sha256HexOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

export function hashOf(value: Json): string {
  return sha256Hex(canonicalJson(value));
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Nearly every text needs no escape, and then looking is cheaper than escaping. */
// eslint-disable-next-line no-control-regex
const NEEDS_CARE = /["\\\u0000-\u001F\uD800-\uDFFF]/;

function quoted(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw new RangeError('canonical JSON refuses a lone surrogate');
  return JSON.stringify(text);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
