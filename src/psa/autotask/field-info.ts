import * as z from 'zod/mini';
import { filled, flag, number, text } from '../fields';
import { isRecord } from '../paging';

/** A field as the tenant's field information says it; `length` null where it says none, `values` the active ones of a picklist, the default first. */
export interface FieldInfo {
  readonly name: string;
  readonly length: number | null;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly values: readonly { readonly value: string; readonly label: string; readonly isDefault: boolean }[];
}

const FieldRecord = z.looseObject({
  ...{ name: z.string(), length: number, isRequired: flag, isReadOnly: flag },
  picklistValues: z.optional(z.nullable(z.array(z.unknown()))),
});
const ValueRecord = z.looseObject({ value: text, label: text, isActive: flag, isDefaultValue: flag, sortOrder: number });

/** Null when the answer is no field information. */
export function fieldInfoIn(body: unknown): readonly FieldInfo[] | null {
  const rows = isRecord(body) && Array.isArray(body['fields']) ? body['fields'] : null;
  return (
    rows?.flatMap((row: unknown) => {
      const field = FieldRecord.safeParse(row);
      if (!field.success) return [];
      const { name, length, isRequired, isReadOnly, picklistValues } = field.data;
      const most = typeof length === 'number' && length > 0 ? length : null;
      return [{ name, length: most, required: isRequired === true, readOnly: isReadOnly === true, values: valuesIn(picklistValues ?? []) }];
    }) ?? null
  );
}

function valuesIn(rows: readonly unknown[]): FieldInfo['values'] {
  return rows
    .flatMap((row) => {
      const read = ValueRecord.safeParse(row);
      const value = read.success ? filled(read.data.value) : null;
      if (!read.success || value === null || read.data.isActive === false) return [];
      const { label, isDefaultValue, sortOrder } = read.data;
      const isDefault = isDefaultValue === true;
      return [{ value, label: filled(label) ?? value, isDefault, rank: isDefault ? -1 : (sortOrder ?? 0) }];
    })
    .sort((left, right) => left.rank - right.rank)
    .map(({ value, label, isDefault }) => ({ value, label, isDefault }));
}
