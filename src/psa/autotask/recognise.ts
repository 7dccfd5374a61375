import type { Agreement, PsaCompany, PsaLine, PsaProduct } from '../../domain/agreement';
import type { RecordType } from '../fields';
import { isRecord } from '../paging';
import type { Kind } from '../psa';
import { named, withNames } from './contracts';
import { fieldInfoIn } from './field-info';
import { itemsIn } from './http';
import { charge, contractService, unitsOfPeriod, withUnits } from './lines';
import { picksIn } from './picklists';
import { company, contract, CONTRACT_PICKS, service } from './records';

type Row = PsaCompany | Agreement | PsaProduct | PsaLine;

/**
 * Saved answers of one kind: one answer, or a list of answers in one file. Contracts need the answer of their field information beside
 * them, contract services the answer with their units: without these their type and their quantity stay unknown.
 */
export function recognise(saved: unknown): { readonly kind: Kind; readonly rows: readonly Row[] } | null {
  const parts: readonly unknown[] = Array.isArray(saved) ? saved : [saved];
  const names = parts.flatMap((part) => picksIn(part, CONTRACT_PICKS) ?? []);
  const values = parts.flatMap((part) => (fieldInfoIn(part) === null ? (itemsIn(part) ?? [part]) : []));
  const kinds = [...new Set(values.map((value) => SHAPES.find(({ has }) => isRecord(value) && has.every((field) => field in value))))];
  const [first] = kinds;
  if (first === undefined || kinds.some((one) => one?.kind !== first.kind)) return null;
  const rows = values.map((value) => kindOf(value)?.type.read(value, null) ?? null);
  if (!rows.every((row) => row !== null)) return null;
  if (first.kind === 'agreements') {
    const labels = names.flatMap((pick) => named.read(pick, null) ?? []);
    return { kind: first.kind, rows: withNames([...labels, ...(rows as readonly Agreement[])]) };
  }
  if (first.kind !== 'lines') return { kind: first.kind, rows };
  const lines = rows as readonly PsaLine[];
  const recurring = withUnits(lines.filter(({ kind }) => kind === 'recurring'));
  return { kind: first.kind, rows: [...recurring, ...lines.filter(({ kind }) => kind === 'one-time')] };
}

interface Shape {
  readonly kind: Kind;
  readonly type: RecordType<Row>;
  readonly has: readonly string[];
}

const SHAPES: readonly Shape[] = [
  { kind: 'companies', type: company, has: ['companyName'] },
  { kind: 'agreements', type: contract, has: ['contractName', 'contractType'] },
  { kind: 'lines', type: charge, has: ['contractID', 'unitQuantity'] },
  { kind: 'lines', type: unitsOfPeriod, has: ['contractServiceID', 'units'] },
  { kind: 'lines', type: contractService, has: ['contractID', 'serviceID', 'internalDescription'] },
  { kind: 'products', type: service, has: ['name', 'periodType'] },
];

function kindOf(value: unknown): Shape | undefined {
  return SHAPES.find(({ has }) => isRecord(value) && has.every((field) => field in value));
}
