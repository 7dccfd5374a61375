import type { Lookup } from '../../domain/change';
import type { RecordType } from '../fields';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { fieldInfoIn, type FieldInfo } from './field-info';
import { rulesOf, type Entity } from './field-rules';
import { equal, fieldsOf, link, query, reading, type Filter, type Link } from './http';
import { lookup } from './records';

/** One value of a picklist as the tenant's field information names it. */
export interface Pick {
  readonly field: string;
  readonly value: string;
  readonly label: string;
}

/** The active values of these picklists, the default value first. Null when the answer is no field information. */
export function picksIn(body: unknown, names: readonly string[]): readonly Pick[] | null {
  return (
    fieldInfoIn(body)
      ?.filter(({ name }) => names.includes(name))
      .flatMap(({ name, values }) => values.map(({ value, label }) => ({ field: name, value, label }))) ?? null
  );
}

/** The choices of an export and the rules of the tenant, as the adapter's `lookups`. */
export const lookups: () => Readonly<Record<'categories' | 'types' | 'rules', Reading<Lookup>>> = () => ({
  categories: reading(fieldsOf('BillingCodes'), codes(/recurring/i, '')),
  types: reading(fieldsOf('Services'), [
    said('Services', (fields) => valuesOf(fields, 'periodType').map(({ value, label }) => ({ id: value, name: label }))),
  ]),
  rules: reading(fieldsOf('ContractServiceAdjustments'), [
    ruled('ContractServiceAdjustments', () => fieldsOf('ContractServices')),
    ruled('ContractServices', () => fieldsOf('Services')),
    ruled('Services', () => fieldsOf('ContractCharges')),
    said(
      'ContractCharges',
      (fields) => [...rulesOf('ContractCharges', fields), ...chargeTypes(valuesOf(fields, 'chargeType'))],
      () => fieldsOf('BillingCodes'),
    ),
    ...codes(/material/i, BILLING_CODE),
  ]),
});

const BILLING_CODE = 'billingCode=';

function ruled(entity: Entity, then: Link<Lookup>['then']): Link<Lookup> {
  return said(entity, (fields) => rulesOf(entity, fields), then);
}

/** One of several types without a default is nobody's choice but the partner's. */
function chargeTypes(values: FieldInfo['values']): readonly Lookup[] {
  const taken = values.find(({ isDefault }) => isDefault) ?? (values.length === 1 ? values[0] : undefined);
  return [
    ...values.map(({ value, label }) => ({ id: `chargeType=${value}`, name: label })),
    ...(taken === undefined ? [UNSURE.chargeType] : []),
  ];
}

/** Marks a choice that no request may make by itself. */
export const UNSURE = {
  chargeType: { id: 'unsure=chargeType', name: 'chargeType' },
  billingCode: { id: 'unsure=billingCode', name: 'billingCode' },
} as const;

/** What a field information says, as choices. */
function said(
  entity: string,
  made: (fields: readonly FieldInfo[]) => readonly Lookup[],
  then: ((answer: PsaAnswer) => PsaRequest) | null = null,
): Link<Lookup> {
  return {
    path: fieldsOf(entity).path,
    type: MADE,
    rowsIn: (body) => {
      const fields = fieldInfoIn(body);
      return fields === null ? null : made(fields);
    },
    then,
  };
}

const MADE: RecordType<Lookup> = { what: 'field information', read: (row) => row as Lookup };

function valuesOf(fields: readonly FieldInfo[], field: string): FieldInfo['values'] {
  return fields.find(({ name }) => name === field)?.values ?? [];
}

/** The billing codes whose use is named so; where the tenant names none, all of them, and none is taken by itself. */
function codes(use: RegExp, prefix: string): readonly Link<Lookup>[] {
  const usesIn = (fields: readonly FieldInfo[]) => valuesOf(fields, 'useType').filter(({ label }) => use.test(label));
  return [
    said(
      'BillingCodes',
      (fields) => (prefix === BILLING_CODE && usesIn(fields).length === 0 ? [UNSURE.billingCode] : []),
      ({ body }) => {
        const uses = usesIn(fieldInfoIn(body) ?? []);
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
