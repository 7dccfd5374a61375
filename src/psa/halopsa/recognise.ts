import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import type { RecordType } from '../fields';
import { isRecord } from '../paging';
import type { Kind, Recognised } from '../psa';
import { agreement, company, line, product } from './records';

type Row = PsaCompany | Agreement | PsaProduct | PsaLine;

/** A saved answer: a list as HaloPSA wraps it, its bare rows, or one record; a recurring invoice with its lines is read for its lines. */
export function recognise(saved: unknown): Recognised | null {
  const own = ownLines(saved);
  if (own !== null) return own;
  const values = valuesIn(saved);
  const [first] = values;
  if (!isRecord(first)) return null;
  const shape = SHAPES.find(({ has, hasNot }) => has.every((field) => field in first) && !hasNot.some((field) => field in first));
  const rows = shape === undefined ? [] : values.map((value) => shape.type.read(value, null));
  if (shape === undefined || !rows.every((row) => row !== null)) return null;
  const recurring = shape.kind !== 'agreements' || rows.every(({ id }) => id.startsWith('-'));
  return recurring ? { kind: shape.kind, rows } : null;
}

/** A recurring invoice (its id is negative) with all its lines. One without any may have been saved without its details. */
function ownLines(saved: unknown): Recognised | null {
  if (!isRecord(saved) || !Array.isArray(saved['lines']) || !Number.isInteger(saved['id']) || Number(saved['id']) >= 0) return null;
  const agreementId = String(saved['id']);
  const rows = saved['lines'].map((value) => line.read(value, agreementId));
  if (rows.length === 0 || !rows.every((row) => row !== null)) return null;
  return { kind: 'lines', rows, whole: { agreementId, kinds: ['recurring', 'one-time'] } };
}

function valuesIn(saved: unknown): readonly unknown[] {
  if (Array.isArray(saved)) return saved;
  if (!isRecord(saved)) return [];
  const list = ['clients', 'invoices', 'items', 'lines'].map((name) => saved[name]).find((value) => Array.isArray(value));
  return Array.isArray(list) ? list : [saved];
}

const SHAPES: readonly {
  readonly kind: Kind;
  readonly type: RecordType<Row>;
  readonly has: readonly string[];
  readonly hasNot: readonly string[];
}[] = [
  { kind: 'lines', type: line, has: ['ihid', 'qty_order'], hasNot: [] },
  { kind: 'agreements', type: agreement, has: ['client_id', 'nextcreationdate'], hasNot: ['ihid'] },
  { kind: 'products', type: product, has: ['name', 'assetgroup_id'], hasNot: ['client_id'] },
  { kind: 'companies', type: company, has: ['name', 'toplevel_id'], hasNot: ['client_id', 'assetgroup_id'] },
];
