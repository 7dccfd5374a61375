import type { Row, SandboxState } from '../sandbox';
import { ADJUSTMENT, CHARGE, CONTRACT_SERVICE, SERVICE, type Rules } from './rules';
import { rowsOf, textIn } from './tables';

const DATA_TYPES = { whole: 'integer', number: 'decimal', text: 'string', flag: 'boolean', instant: 'datetime' } as const;
const monthly = [choice('1', 'Monthly'), choice('2', 'Quarterly'), choice('3', 'Yearly'), { ...choice('9', 'Weekly'), isActive: false }];

/** The number of the contract type that takes services at this tenant, whatever it is called. */
export const RECURRING_SERVICE = 17;

/** What each entity says of its fields. The numbers are this tenant's own; a row of the table `fields` changes the field of its name. */
const FIELDS: Readonly<Record<string, readonly Row[]>> = {
  Contracts: [
    picklist('contractType', [choice('1', 'Time & Materials'), choice('4', 'Block Hours'), choice('17', 'Recurring Service')]),
    picklist('status', [choice('0', 'Inactive'), choice('1', 'Active')]),
    picklist('contractPeriodType', monthly),
  ],
  ContractServiceAdjustments: fieldsOf(ADJUSTMENT),
  ContractServices: fieldsOf(CONTRACT_SERVICE),
  Services: fieldsOf(SERVICE, { periodType: monthly }),
  ContractCharges: fieldsOf(CHARGE, { chargeType: [choice('2', 'Capitalized'), { ...choice('1', 'Operational'), isDefaultValue: true }] }),
  BillingCodes: [picklist('useType', [choice('4', 'Material Code'), choice('7', 'Recurring Contract Service Code')])],
};

/** Null for an entity that this sandbox does not have. */
export function fieldsIn(state: SandboxState, entity: string): readonly Row[] | null {
  const known = Object.hasOwn(FIELDS, entity) ? (FIELDS[entity] ?? []) : null;
  if (known === null) return null;
  const own = rowsOf(state, 'fields').filter((row) => row['entity'] === entity);
  const isKnown = (row: Row) => known.some(({ name }) => name === row['name']);
  const all = [...known.map((row) => ({ ...row, ...own.find(({ name }) => name === row['name']) })), ...own.filter((row) => !isKnown(row))];
  return all.filter((row) => row['absent'] !== true);
}

/** Whether the tenant's field information has the field; one that is not described there is an ordinary one. */
export function isAbsent(state: SandboxState, entity: string, name: string): boolean {
  return rowsOf(state, 'fields').some((row) => row['entity'] === entity && row['name'] === name && row['absent'] === true);
}

/** The rules of an entity as the tenant's fields say them: another length, a field that is required, the values that a picklist takes. */
export function rulesIn(state: SandboxState, entity: string, rules: Rules): Rules {
  const fields = fieldsIn(state, entity) ?? [];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const name = textIn(field['name']);
      const rule = rules[name] ?? { type: 'text' as const };
      const values = field['picklistValues'];
      const active = Array.isArray(values) ? (values as readonly Row[]).filter(({ isActive }) => isActive === true) : null;
      const { length, isRequired } = field;
      return [
        [
          name,
          {
            ...rule,
            ...(typeof length === 'number' ? { most: length } : {}),
            ...(isRequired === true ? { required: true as const } : {}),
            ...(active === null ? {} : { values: active.map(({ value }) => Number(value)) }),
          },
        ],
      ];
    }),
  );
}

function fieldsOf(rules: Rules, picklists: Readonly<Record<string, readonly Row[]>> = {}): readonly Row[] {
  return Object.entries(rules).map(([name, { type, most, required }]) => {
    const values = picklists[name];
    const said = { name, isRequired: required === true, isReadOnly: name === 'id', ...(most === undefined ? {} : { length: most }) };
    return values === undefined
      ? { ...said, dataType: DATA_TYPES[type], isPickList: false, picklistValues: null }
      : { ...picklist(name, values), ...said };
  });
}

function picklist(name: string, values: readonly Row[]): Row {
  return { name, dataType: 'integer', isReadOnly: false, isPickList: true, picklistValues: values };
}

function choice(value: string, label: string): Row {
  return { value, label, isActive: true, isDefaultValue: false, sortOrder: Number(value) };
}
