import type { Agreement } from '../../domain/agreement';
import { judgeCycle } from '../../domain/billing-cycle';
import { problem } from '../../domain/problem';
import type { RecordType } from '../fields';
import type { PsaAdapter, Reading } from '../psa';
import { all, equal, fieldsOf, link, query, reading } from './http';
import { picksIn, type Pick } from './picklists';
import { BLANK, contract, CONTRACT_PICKS, type Contract } from './records';

const CONTRACT_FIELDS = ['id', 'contractName', 'companyID', 'startDate', 'endDate', ...CONTRACT_PICKS];

/** The tenant's own names of types, states and periods first, then the contracts that carry their numbers. */
export function contracts(companyId: string | null): Reading<Agreement> {
  const listed = query('Contracts', [companyId === null ? all : equal('companyID', Number(companyId))], CONTRACT_FIELDS);
  return {
    ...reading<Agreement>(fieldsOf('Contracts'), [
      { path: fieldsOf('Contracts').path, type: named, rowsIn: (body) => picksIn(body, CONTRACT_PICKS), then: () => listed },
      link('Contracts', contract),
    ]),
    join: withNames,
  };
}

/** A value of a picklist on its way to the contracts that it names. */
interface Named extends Agreement {
  readonly pick: Pick;
}

export const named: RecordType<Named> = {
  what: 'field information',
  read: (value) => ({ ...BLANK, id: '', name: '', companyId: '', startDate: null, endDate: null, pick: value as Pick }),
};

export function withNames(rows: readonly Agreement[]): readonly Agreement[] {
  const names = new Map(
    rows.flatMap((row) => (isNamed(row) ? [[`${row.pick.field}=${row.pick.value ?? ''}`, row.pick.label] as const] : [])),
  );
  return rows.filter(isContract).map(({ picks, ...row }) => {
    const label = (field: keyof typeof picks) => (picks[field] === null ? null : (names.get(`${field}=${picks[field]}`) ?? null));
    const cycle = label('contractPeriodType');
    return {
      ...row,
      type: label('contractType'),
      status: statusOf(label('status') ?? ''),
      cycle,
      monthly: cycle === null ? null : /^monthly$/i.test(cycle.trim()),
      prorates: row.startDate !== null && !row.startDate.endsWith('-01') ? true : row.prorates,
    };
  });
}

/** Every reason of a monthly cycle, and that only recurring service contracts take services. */
export const judge: PsaAdapter['judge'] = (agreement, use) => {
  const { refusals, warnings } = judgeCycle(agreement, use);
  if (/recurring service/i.test(agreement.type ?? '')) return { refusals, warnings };
  const { name, type } = agreement;
  const others = refusals.filter(({ code }) => code !== 'agreement is not monthly');
  return { refusals: [problem('agreement takes no services', { agreement: name, type }), ...others], warnings };
};

function statusOf(label: string): Agreement['status'] {
  if (/cancel/i.test(label)) return 'cancelled';
  if (/inactive/i.test(label)) return 'inactive';
  if (/expired|ended|complete/i.test(label)) return 'ended';
  return /active|in effect/i.test(label) ? 'active' : 'unknown';
}

function isNamed(row: Agreement): row is Named {
  return 'pick' in row;
}

function isContract(row: Agreement): row is Contract {
  return 'picks' in row;
}
