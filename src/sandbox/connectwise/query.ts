import type { Json } from '../../domain/canonical';
import type { PsaRequest } from '../../psa/psa';
import { json, type Row, type SandboxAnswer } from '../sandbox';
import { refusal } from './rules';
import { textIn } from '../tables';

/** A list with the query words that ConnectWise has: conditions, orderBy, fields, page and pageSize, and the Link header. */
export function list(rows: readonly Row[], request: PsaRequest): SandboxAnswer {
  const { conditions, orderBy, fields } = request.query;
  const test = conditions === undefined || conditions.trim() === '' ? () => true : conditionOf(conditions);
  if (test === null) return refusal(400, 'InvalidObject', `Conditions are not understood: ${conditions ?? ''}`);
  const pageSize = Math.min(countIn(request.query['pageSize'], 25), 1000);
  const page = countIn(request.query['page'], 1);
  const found = ordered(rows.filter(test), orderBy ?? 'id');
  const last = Math.max(1, Math.ceil(found.length / pageSize));
  const shown = found.slice((page - 1) * pageSize, page * pageSize).map((row) => projected(row, fields));
  const link = page < last ? { link: [linkTo(request, page + 1, 'next'), linkTo(request, last, 'last')].join(', ') } : {};
  return json(200, shown, link);
}

export function projected(row: Row, fields: string | undefined): Row {
  if (fields === undefined || fields.trim() === '') return row;
  const wanted = new Set(fields.split(',').map((field) => field.trim().split('/')[0] ?? ''));
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name)));
}

type Test = (row: Row) => boolean;

/** `a="x*" AND company/id=12 OR b=False`: AND binds tighter. Null when a part is not understood. */
function conditionOf(text: string): Test | null {
  const alternatives = splitBy(text, 'OR').map((alternative) => splitBy(alternative, 'AND').map(comparisonOf));
  if (alternatives.some((tests) => tests.some((test) => test === null))) return null;
  return (row) => alternatives.some((tests) => tests.every((test) => test?.(row) === true));
}

/** Splits at a word that stands outside of quotes. */
function splitBy(text: string, word: 'AND' | 'OR'): string[] {
  const parts = text.match(/"[^"]*"|[^\s"]+|\s+/g) ?? [];
  const groups: string[] = [''];
  for (const part of parts) {
    if (part.toUpperCase() === word) groups.push('');
    else groups.push(`${groups.pop() ?? ''}${part}`);
  }
  return groups.map((group) => group.trim());
}

function comparisonOf(text: string): Test | null {
  const match = /^([\w/]+)\s*(!=|=)\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|null|\[[^\]]*\])$/i.exec(text);
  if (match === null) return null;
  const [, path = '', operator, literal = ''] = match;
  return (row) => equals(valueAt(row, path), literal) === (operator === '=');
}

function equals(value: Json, literal: string): boolean {
  if (literal.startsWith('"')) return typeof value === 'string' && wildcard(literal.slice(1, -1)).test(value);
  if (literal.startsWith('[')) return typeof value === 'string' && value.slice(0, 10) === literal.slice(1, 11);
  if (/^null$/i.test(literal)) return value === null;
  if (/^(true|false)$/i.test(literal)) return (value === true) === /^true$/i.test(literal);
  return value === Number(literal);
}

function wildcard(text: string): RegExp {
  const pattern = text
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'is');
}

function valueAt(row: Row, path: string): Json {
  let value: Json = row;
  for (const name of path.split('/')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return null;
    value = (value as Row)[name] ?? null;
  }
  return value;
}

function ordered(rows: readonly Row[], orderBy: string): readonly Row[] {
  const [path = 'id', direction = 'asc'] = orderBy.trim().split(/\s+/);
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return [...rows].sort((left, right) => sign * compared(valueAt(left, path), valueAt(right, path)));
}

function compared(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [first, second] = [textIn(left), textIn(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function countIn(text: string | undefined, otherwise: number): number {
  const count = Number(text ?? otherwise);
  return Number.isInteger(count) && count > 0 ? count : otherwise;
}

function linkTo(request: PsaRequest, page: number, relation: string): string {
  const query = new URLSearchParams({ ...request.query, page: String(page) });
  return `<https://sandbox.invalid${request.path}?${query.toString()}>; rel="${relation}"`;
}
