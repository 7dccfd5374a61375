import type { Agreement, PsaCompany, PsaProduct } from '../../domain/agreement';
import type { RecordType } from '../fields';
import { isRecord } from '../paging';
import { account, contract, service } from './records';

type Row = PsaCompany | Agreement | PsaProduct;

/** A saved answer with or without its envelope, the rows alone, or one row. Lists of accounts, contracts (summary) and services. */
export function recognise(
  saved: unknown,
): { readonly kind: 'companies' | 'agreements' | 'products'; readonly rows: readonly Row[] } | null {
  const content = isRecord(saved) && 'Result' in saved ? saved['Result'] : saved;
  const values: readonly unknown[] = Array.isArray(content) ? content : [content];
  const [first] = values;
  if (!isRecord(first)) return null;
  const shape = SHAPES.find(({ has }) => has.every((field) => field in first));
  if (shape === undefined) return null;
  const rows = values.map((value) => shape.type.read(value, null));
  return rows.every((row) => row !== null) ? { kind: shape.kind, rows } : null;
}

const SHAPES: readonly {
  readonly kind: 'companies' | 'agreements' | 'products';
  readonly type: RecordType<Row>;
  readonly has: readonly string[];
}[] = [
  { kind: 'agreements', type: contract, has: ['ContractName', 'AccountName', 'BillingCycle'] },
  { kind: 'companies', type: account, has: ['AccountName', 'IsActive'] },
  { kind: 'products', type: service, has: ['Name', 'UnitPrice', 'IsTaxable'] },
];
