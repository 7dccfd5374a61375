import { expect, test } from 'vitest';
import { problem } from '../../src/domain/problem.ts';
import type { Company } from '../../src/domain/marketplace.ts';
import { companies, saveCompany } from '../../src/storage/companies.ts';
import type { Database } from '../../src/storage/db.ts';
import { openDatabase } from '../../src/storage/open.ts';

const NOW = '2026-04-03T08:00:00.000Z';
const acme: Company = { id: 'c1', name: 'Acme', domains: ['acme.com'], externalId: null, status: 'active', source: 'entered' };

test('a company made by hand is kept with its domains in lower case, once each', async () => {
  const db = await database();
  await saveCompany(db, NOW, { ...acme, name: ' Acme ', domains: ['ACME.com', 'acme.com', ''], externalId: ' ' });
  expect(await companies(db)).toEqual([acme]);
});

test.each([
  ['without a name', { name: ' ' }, problem('text is missing', { field: 'name' })],
  [
    'with a domain that is none',
    { domains: ['not a domain'] },
    problem('value is not accepted', { field: 'domain', value: 'not a domain' }),
  ],
])('a company %s is refused', async (_, change, reason) => {
  const db = await database();
  await expect(saveCompany(db, NOW, { ...acme, ...change })).rejects.toMatchObject({ problem: reason });
  expect(await companies(db)).toEqual([]);
});

function database(): Promise<Database> {
  return openDatabase(`companies-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
