import * as z from 'zod/mini';
import type { Lookup } from '../../domain/change';
import { filled, flag, text, type RecordType } from '../fields';
import { isRecord } from '../paging';
import type { Reading } from '../psa';
import { equal, fieldsOf, link, query, reading, type Filter, type Link } from './http';
import { lookup } from './records';

/** One value of a picklist, or a field itself (`value` null), as the tenant's field information says it. */
export interface Pick {
  readonly field: string;
  readonly value: string | null;
  readonly label: string;
  readonly readOnly: boolean;
}

const FieldRecord = z.looseObject({ name: z.string(), isReadOnly: flag, picklistValues: z.optional(z.nullable(z.array(z.unknown()))) });
const ValueRecord = z.looseObject({
  value: text,
  label: text,
  isActive: flag,
  isDefaultValue: flag,
  sortOrder: z.optional(z.nullable(z.number())),
});

/** The fields of a field information with their active values, the default value first. Null when the answer is none. */
export function picksIn(body: unknown, names: readonly string[]): readonly Pick[] | null {
  const rows = isRecord(body) && Array.isArray(body['fields']) ? body['fields'] : null;
  if (rows === null) return null;
  return rows.flatMap((row: unknown) => {
    const field = FieldRecord.safeParse(row);
    if (!field.success || !names.includes(field.data.name)) return [];
    const { name, isReadOnly, picklistValues } = field.data;
    const values = (picklistValues ?? [])
      .flatMap((value) => {
        const read = ValueRecord.safeParse(value);
        return read.success && filled(read.data.value) !== null && read.data.isActive !== false ? [read.data] : [];
      })
      .sort((left, right) => rankOf(left) - rankOf(right));
    const head = { field: name, readOnly: isReadOnly === true };
    return [
      { ...head, value: null, label: name },
      ...values.map(({ value, label }) => ({ ...head, value: value ?? '', label: filled(label) ?? value ?? '' })),
    ];
  });
}

function rankOf({ isDefaultValue, sortOrder }: z.infer<typeof ValueRecord>): number {
  return isDefaultValue === true ? -1 : (sortOrder ?? 0);
}

/** The choices of an export and the rules of the tenant, as the adapter's `lookups`. */
export const lookups: () => Readonly<Record<'categories' | 'types' | 'rules', Reading<Lookup>>> = () => ({
  categories: reading(fieldsOf('BillingCodes'), codes(/recurring/i, '')),
  types: reading(fieldsOf('Services'), [
    values('Services', ['periodType'], ({ value, label }) => (value === null ? null : { id: value, name: label })),
  ]),
  rules: reading(fieldsOf('ContractServices'), [
    values(
      'ContractServices',
      WRITTEN,
      ({ field, readOnly }) => (readOnly ? { id: `read-only=${field}`, name: field } : null),
      () => fieldsOf('Services'),
    ),
    values(
      'Services',
      ['externalID'],
      ({ field }) => ({ id: `has=${field}`, name: field }),
      () => fieldsOf('ContractCharges'),
    ),
    values(
      'ContractCharges',
      ['chargeType'],
      ({ field, value, label }) => (value === null ? null : { id: `${field}=${value}`, name: label }),
      () => fieldsOf('BillingCodes'),
    ),
    ...codes(/material/i, 'billingCode='),
  ]),
});

/** The fields of a contract service that requests write. */
const WRITTEN = ['unitPrice', 'unitCost', 'invoiceDescription', 'internalDescription'];

/** What a field information says, as choices; `made` null leaves a value out. */
function values(
  entity: string,
  names: readonly string[],
  made: (pick: Pick) => Lookup | null,
  then: Link<Lookup>['then'] = null,
): Link<Lookup> {
  return {
    path: fieldsOf(entity).path,
    type: MADE,
    rowsIn: (body) =>
      picksIn(body, names)
        ?.map(made)
        .filter((row) => row !== null) ?? null,
    then,
  };
}

const MADE: RecordType<Lookup> = { what: 'field information', read: (row) => row as Lookup };

/** The billing codes whose use is named so; where the tenant names none, all of them. */
function codes(use: RegExp, prefix: string): readonly Link<Lookup>[] {
  return [
    values(
      'BillingCodes',
      [],
      () => null,
      ({ body }) => {
        const uses = (picksIn(body, ['useType']) ?? []).filter(({ value, label }) => value !== null && use.test(label));
        const filter: readonly Filter[] =
          uses.length === 0 ? [] : [{ op: 'in', field: 'useType', value: uses.map(({ value }) => Number(value)) }];
        return query('BillingCodes', [equal('isActive', true), ...filter]);
      },
    ),
    link('BillingCodes', {
      what: 'billing code',
      read: (value) => {
        const row = lookup.read(value, null);
        return row === null ? null : { ...row, id: `${prefix}${row.id}` };
      },
    }),
  ];
}
