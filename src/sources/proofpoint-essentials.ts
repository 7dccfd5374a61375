import type { Decimal } from '../domain/decimal';
import type { RowProblem } from '../domain/importing';
import type { UsageLine } from '../domain/usage';
import { brokenJson, jsonItems } from './json';
import { flagIn, has, numberIn, shownIn, textIn, type JsonRecord } from './json-record';
import { unreadable, withoutNumbers, type Source, type SourceRow } from './source';
import { headOf, textOf } from './text';

/**
 * Organisations of the Proofpoint Essentials API (`GET /orgs/{domain}/orgs`), in the fields that public clients read. The billed
 * number is `active_users`; `user_licenses` is a second opinion. Only customers (`type` organization) are usage: partners and
 * channels above them are blank rows. The answer carries no date, so the partner says what it counts.
 */
export const proofpointEssentials: Source = {
  name: 'proofpoint-essentials',
  label: 'Proofpoint Essentials organisations',
  recognise(file) {
    for (const item of jsonItems(headOf(file.bytes))) {
      if ('record' in item && isOrganisation(item.record)) return { source: 'proofpoint-essentials', kind: 'orgs', undated: true };
    }
    return null;
  },
  *read(file, { date }) {
    const text = textOf(file.bytes);
    if (!text.ok) {
      yield unreadable(file);
      return;
    }
    const share = file.bytes.length / Math.max(text.value.length, 1);
    let row = 0;
    for (const item of jsonItems(text.value)) {
      if ('page' in item) continue;
      const bytes = Math.round(item.at * share);
      row++;
      if ('fault' in item) yield { ...brokenJson(file, row, item), bytes };
      else yield { ...readOrganisation(item.record, file.name, row, date), bytes };
    }
  },
};

function isOrganisation(record: JsonRecord): boolean {
  return has(record, 'primary_domain') && (has(record, 'licensing_package') || has(record, 'active_users') || has(record, 'type'));
}

function readOrganisation(record: JsonRecord, file: string, row: number, date: string | null): Omit<SourceRow, 'bytes'> {
  const problems: RowProblem[] = [];
  const note = (severity: RowProblem['severity'], column: string, reason: string) =>
    problems.push({ file, row, column, value: shownIn(record, column), reason, severity });
  const type = textIn(record, 'type');
  if (type !== null && type !== 'organization') return { row, record: null, problems };
  if (type === null) note('warning', 'type', 'The type is missing: taken as a customer organisation');
  const site = textIn(record, 'primary_domain');
  const licensed = textIn(record, 'licensing_package');
  if (site === null) note('error', 'primary_domain', 'primary_domain is missing');
  if (licensed === null) note('error', 'licensing_package', 'licensing_package is missing');
  const number = (name: string): Decimal | null => {
    const value = numberIn(record, name);
    if (value !== 'not a number') return value;
    note('error', name, `${name} is not a number that can be kept exactly`);
    return null;
  };
  const quantity = number('active_users');
  const licences = number('user_licenses');
  if (quantity === null && !has(record, 'active_users'))
    note('warning', 'active_users', 'The number of users is not reported: it stays unknown, not 0');
  if (site === null || licensed === null || date === null) return { row, record: null, problems };
  const line: UsageLine = {
    date,
    site,
    summary: null,
    account: textIn(record, 'name'),
    company: null,
    product: 'Proofpoint',
    subProductId: null,
    subProductName: `Proofpoint Essentials - ${packageLabel(licensed)}`,
    unit: 'User',
    currency: null,
    quantity,
    unitPrice: null,
    unitCost: null,
    total: null,
    licences,
    trial: flagIn(record, 'is_on_trial'),
    file,
    row,
  };
  const failed = problems.some(({ severity }) => severity === 'error');
  return { row, record: { kind: 'usage', line: failed ? withoutNumbers(line) : line }, problems };
}

/** `professional_plus` is "Professional+"; the set of packages is data. */
function packageLabel(licensed: string): string {
  const words = licensed.split(/[_\s]+/).filter((word) => word !== '');
  const plus = words.length > 1 && words.at(-1)?.toLowerCase() === 'plus';
  const named = (plus ? words.slice(0, -1) : words).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(' ');
  return plus ? `${named}+` : named;
}
