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
  const picks = rows.flatMap((row) => (isNamed(row) ? [row.pick] : []));
  const names = new Map(picks.map(({ field, value, label }) => [`${field}=${value}`, label]));
  const namesMonths = picks.some(({ field, label }) => field === 'contractPeriodType' && isMonthly(label));
  return rows.filter(isContract).map(({ picks: picked, ...row }) => {
    const label = (field: keyof typeof picked) => (picked[field] === null ? null : (names.get(`${field}=${picked[field]}`) ?? null));
    const [cycle, statusName] = [label('contractPeriodType'), label('status')];
    const status = statusOf(statusName ?? '');
    return {
      ...row,
      type: label('contractType'),
      status,
      ...(status === 'unknown' && statusName !== null ? { statusName } : {}),
      cycle,
      monthly: cycle === null || !(namesMonths || isMonthly(cycle)) ? null : isMonthly(cycle),
      prorates: row.startDate !== null && !row.startDate.endsWith('-01') ? true : row.prorates,
    };
  });
}

function isMonthly(label: string): boolean {
  return /^monthly$/i.test(label.trim());
}

/**
 * Every reason of a monthly cycle, and that only recurring service contracts take services. Types, states and periods are words of the
 * tenant: one that is neither known nor said in the connection is refused, never taken for another.
 */
export const judge: PsaAdapter['judge'] = (agreement, use) => {
  const { settings = {} } = use;
  const { name, type, cycle, statusName = null } = agreement;
  const isSaid = (setting: string, word: string | null) =>
    word !== null && word.trim().toLowerCase() === (settings[setting] ?? '').trim().toLowerCase();
  const monthly = agreement.monthly === true || isSaid('monthlyPeriod', cycle);
  const { refusals, warnings } = judgeCycle({ ...agreement, monthly }, use);
  const others = refusals.filter(({ code }) => code !== 'agreement is not monthly');
  if (!/recurring service/i.test(type ?? '') && !isSaid('contractType', type))
    return { refusals: [problem('agreement takes no services', { agreement: name, type }), ...others], warnings };
  const unsaid = [
    ...(agreement.status === 'unknown' && !isSaid('contractStatus', statusName)
      ? [problem('word is not known', { agreement: name, what: 'status', found: statusName })]
      : []),
    ...(!monthly && agreement.monthly === null && cycle !== null
      ? [problem('word is not known', { agreement: name, what: 'period', found: cycle })]
      : []),
  ];
  return { refusals: [...unsaid, ...(unsaid.some(({ what }) => what === 'period') ? others : refusals)], warnings };
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
