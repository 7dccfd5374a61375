import type { Agreement } from '../../domain/agreement';
import type { RecordType } from '../fields';
import { isRecord, refusalOf } from '../paging';
import { problem } from '../../domain/problem';
import { err, ok } from '../../domain/result';
import type { PsaAnswer, PsaRequest, Reading } from '../psa';
import { get, messageOf, paged, reading, refuses, resultOf } from './http';
import { account, contract, contractOf, placedAt } from './records';

const ACCOUNTS = '/v2/crm/accounts/summary';
const CONTRACTS = '/v2/finance/contracts/summary';

/**
 * The summary of contracts has cycle, type and dates, but only the name of the account. So all contracts are read after the accounts,
 * and those of one account after the lookup that says which they are. Rows of the first lists travel as marked parts and are joined at
 * the end.
 */
export function contractsOf(companyId: string | null): Reading<Agreement> {
  return companyId === null ? allContracts() : contractsOfAccount(companyId);
}

/** The summary of all contracts, each with the name of its account. */
export function contractsAlone(): Reading<Agreement> {
  return reading(contract, paged(CONTRACTS));
}

function allContracts(): Reading<Agreement> {
  const request = paged(ACCOUNTS);
  return {
    request,
    parse: (answer, asked) => {
      if (asked.path === CONTRACTS) return reading(contract, asked).parse(answer, asked);
      const page = reading(accountPart, asked).parse(answer, asked);
      return page.ok ? ok({ rows: page.value.rows, next: page.value.next ?? paged(CONTRACTS) }) : page;
    },
    join: (rows) =>
      placedAt(
        rows.filter((row) => !isPart(row)),
        rows.filter(isPart).map(unmarked),
      ),
  };
}

function contractsOfAccount(companyId: string): Reading<Agreement> {
  const own = markedAs(contractOf(companyId));
  return {
    request: get('/v2/finance/contracts/lookup', { AccountId: companyId, ExcludeExpiredContracts: 'false' }),
    parse: (answer, asked) => {
      if (asked.path === CONTRACTS) return reading(contract, asked).parse(answer, asked);
      if (asked.path.startsWith(ACCOUNTS)) return byName(answer);
      const page = reading(own, asked).parse(answer, asked);
      return page.ok ? ok({ rows: page.value.rows, next: page.value.rows.length === 0 ? null : get(`${ACCOUNTS}/${companyId}`) }) : page;
    },
    join: (rows) => {
      const told = new Map(rows.filter((row) => !isPart(row)).map((row) => [row.id, row]));
      return rows
        .filter(isPart)
        .map(unmarked)
        .map((known) => ({ ...(told.get(known.id) ?? known), companyId }));
    },
  };
}

/** The contract shows this one answer without the envelope of all others, so both are taken. */
function byName(answer: PsaAnswer): ReturnType<Reading<Agreement>['parse']> {
  const refused = refusalOf(answer, { message: messageOf, refuses });
  if (refused !== null) return err([refused]);
  const body = resultOf(answer) ?? answer.body;
  const found = isRecord(body) ? account.read(body, null) : null;
  if (found === null) return err([problem('answer is not understood', { what: 'account', detail: 'no name' })]);
  const next: PsaRequest = paged(CONTRACTS, { 'Filter.AccountName': found.name });
  return ok({ rows: [], next });
}

/** An account as a part of the reading: its id and its name. */
const accountPart = markedAs({
  what: account.what,
  read: (value) => {
    const found = account.read(value, null);
    return found === null ? null : { ...BLANK, id: found.id, name: found.name };
  },
});

const BLANK: Agreement = {
  ...{ id: '', name: '', companyId: '', type: null, status: 'unknown', startDate: null, endDate: null, cycle: null, monthly: null },
  ...{ currency: null, prorates: null, nextInvoiceDate: null, billsProducts: null },
};

const PART = 'part:';

function markedAs(type: RecordType<Agreement>): RecordType<Agreement> {
  return {
    what: type.what,
    read: (value, agreementId) => {
      const row = type.read(value, agreementId);
      return row === null ? null : { ...row, id: `${PART}${row.id}` };
    },
  };
}

function isPart({ id }: Agreement): boolean {
  return id.startsWith(PART);
}

function unmarked(row: Agreement): Agreement {
  return { ...row, id: row.id.slice(PART.length) };
}
