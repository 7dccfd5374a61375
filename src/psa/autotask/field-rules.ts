import type { Json } from '../../domain/canonical';
import type { Around, Lookup } from '../../domain/change';
import { problem, type Problem } from '../../domain/problem';
import type { FieldInfo } from './field-info';

/** What requests write to, and what a person calls it. */
const RECORDS = {
  ContractServiceAdjustments: 'contract service adjustment',
  ContractServices: 'contract service',
  ContractCharges: 'contract charge',
  Services: 'service',
} as const;
export type Entity = keyof typeof RECORDS;

/** The fields of an entity as rules among the lookups: that it was read, and what the tenant says of each field. */
export function rulesOf(entity: Entity, fields: readonly FieldInfo[]): readonly Lookup[] {
  return [
    { id: `read=${entity}`, name: entity },
    ...fields.flatMap(({ name, length, required, readOnly }) => [
      ...(OPTIONAL.includes(name) ? [{ id: `has=${entity}.${name}`, name }] : []),
      ...(length === null ? [] : [{ id: `length=${entity}.${name}`, name: String(length) }]),
      ...(readOnly ? [{ id: `read-only=${entity}.${name}`, name }] : []),
      ...(required && !readOnly && name !== 'id' ? [{ id: `required=${entity}.${name}`, name }] : []),
    ]),
  ];
}

/** Fields that older tenants do not have. */
const OPTIONAL: readonly string[] = ['externalID'];

/** The most characters that the tenant's field holds, else the documented ones. */
export function lengthOf({ rules = [] }: Around['lookups'], entity: Entity, field: string, documented: number): number {
  const found = rules.find(({ id }) => id === `length=${entity}.${field}`);
  return found === undefined ? documented : Number(found.name);
}

/** Whether the tenant has the field; where its fields were never read, it is taken to have the documented ones. */
export function hasField({ rules = [] }: Around['lookups'], entity: Entity, field: string): boolean {
  return !wasRead(rules, entity) || rules.some(({ id }) => id === `has=${entity}.${field}`);
}

/** What the tenant's fields say against a request. Fields that could be read and never were are no permission: the plan waits for them. */
export function ruledOut(
  { lookups: { rules = [] }, readable }: Pick<Around, 'lookups' | 'readable'>,
  entity: Entity,
  written: Readonly<Record<string, Json>>,
  how: 'new' | 'changed',
): readonly Problem[] {
  if (!wasRead(rules, entity)) return readable ? [problem('choices were never read', { what: 'rules of its fields' })] : [];
  if (how === 'changed')
    return Object.keys(written).flatMap((field) =>
      rules.some(({ id }) => id === `read-only=${entity}.${field}`) ? [problem('field is read-only', { field })] : [],
    );
  const prefix = `required=${entity}.`;
  return rules
    .filter(({ id }) => id.startsWith(prefix) && (written[id.slice(prefix.length)] ?? null) === null)
    .map(({ name }) => problem('field is required', { field: name, record: RECORDS[entity] }));
}

function wasRead(rules: readonly Lookup[], entity: Entity): boolean {
  return rules.some(({ id }) => id === `read=${entity}`);
}
