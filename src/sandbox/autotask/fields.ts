import type { Row, SandboxState } from '../sandbox';
import { rowsOf } from './tables';

const monthly = [choice('1', 'Monthly'), choice('2', 'Quarterly'), choice('3', 'Yearly')];

/** What each entity says of its fields. The numbers are this tenant's own; a row of the table `fields` replaces the field of its name. */
const FIELDS: Readonly<Record<string, readonly Row[]>> = {
  Contracts: [
    picklist('contractType', [choice('1', 'Time & Materials'), choice('4', 'Block Hours'), choice('17', 'Recurring Service')]),
    picklist('status', [choice('0', 'Inactive'), choice('1', 'Active')]),
    picklist('contractPeriodType', monthly),
  ],
  ContractServices: ['unitPrice', 'unitCost', 'invoiceDescription', 'internalDescription'].map(field),
  Services: [picklist('periodType', monthly), field('externalID')],
  ContractCharges: [picklist('chargeType', [choice('2', 'Capitalized'), { ...choice('1', 'Operational'), isDefaultValue: true }])],
  BillingCodes: [picklist('useType', [choice('4', 'Material Code'), choice('7', 'Recurring Contract Service Code')])],
};

/** Null for an entity that this sandbox does not have. */
export function fieldsIn(state: SandboxState, entity: string): readonly Row[] | null {
  const known = Object.hasOwn(FIELDS, entity) ? (FIELDS[entity] ?? []) : null;
  const own = rowsOf(state, 'fields').filter((row) => row['entity'] === entity);
  const left = (name: unknown) => own.find((row) => row['name'] === name);
  return known?.flatMap((row) => (left(row['name'])?.['absent'] === true ? [] : [left(row['name']) ?? row])) ?? null;
}

/** Whether the tenant's field information has the field; one that is not described there is an ordinary one. */
export function isAbsent(state: SandboxState, entity: string, name: string): boolean {
  return rowsOf(state, 'fields').some((row) => row['entity'] === entity && row['name'] === name && row['absent'] === true);
}

function field(name: string): Row {
  return { name, dataType: 'string', isReadOnly: false, isPickList: false, picklistValues: null };
}

function picklist(name: string, values: readonly Row[]): Row {
  return { name, dataType: 'integer', isReadOnly: false, isPickList: true, picklistValues: values };
}

function choice(value: string, label: string): Row {
  return { value, label, isActive: true, isDefaultValue: false, sortOrder: Number(value) };
}
