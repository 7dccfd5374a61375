import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import type { Kind } from '../psa';
import type { RecordType } from '../fields';
import { addition, oneTime } from './lines';
import { agreement, company, product } from './records';

type Row = PsaCompany | Agreement | PsaProduct | PsaLine;

/** A saved answer: a list or one record, all of one kind. The kinds are told by fields that only one of them has. */
export function recognise(saved: unknown): { readonly kind: Kind; readonly rows: readonly Row[] } | null {
  const values: readonly unknown[] = Array.isArray(saved) ? saved : [saved];
  const [first] = values;
  if (typeof first !== 'object' || first === null) return null;
  const shape = SHAPES.find(({ has, hasNot }) => has.every((field) => field in first) && !hasNot.some((field) => field in first));
  if (shape === undefined) return null;
  const rows = values.map((value) => shape.type.read(value, null));
  return rows.every((row) => row !== null) ? { kind: shape.kind, rows } : null;
}

const SHAPES: readonly {
  readonly kind: Kind;
  readonly type: RecordType<Row>;
  readonly has: readonly string[];
  readonly hasNot: readonly string[];
}[] = [
  { kind: 'lines', type: oneTime, has: ['catalogItem', 'agreement'], hasNot: [] },
  { kind: 'lines', type: addition, has: ['product', 'agreementId'], hasNot: ['catalogItem'] },
  { kind: 'agreements', type: agreement, has: ['name', 'company'], hasNot: ['catalogItem', 'product', 'identifier'] },
  { kind: 'companies', type: company, has: ['identifier', 'name'], hasNot: ['company', 'catalogItem', 'product'] },
  { kind: 'products', type: product, has: ['identifier', 'description'], hasNot: ['name', 'catalogItem', 'product'] },
];
