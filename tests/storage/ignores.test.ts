import { expect, test } from 'vitest';
import { breakIn } from '../../src/domain/audit';
import { openDatabase } from '../../src/storage/open';
import { ignoreCustomers, ignoresOn, liftIgnores } from '../../src/storage/ignores';

const customers = ['a.example', 'b.example'].map((site) => ({ product: 'proofpoint', site }));

test('customers are ignored with a reason until a day, and taken back, and both are on record', async () => {
  const db = await openDatabase(`ignores-${crypto.randomUUID()}`, { newId: () => 'uuid' });
  await ignoreCustomers(db, '2021-01-03T08:00:00.000Z', { customers, reason: 'our own tenant', until: '2021-02-02' });
  await liftIgnores(db, '2021-01-04T08:00:00.000Z', customers.slice(1));
  const holds = async (today: string) => [...(await ignoresOn(db, today)).values()].map(({ site, reason }) => [site, reason]);
  expect(await holds('2021-02-02')).toEqual([['a.example', 'our own tenant']]);
  expect(await holds('2021-02-03')).toEqual([]);
  const records = await db.audit.orderBy('seq').toArray();
  expect(records.map(({ kind, subject, data }) => [kind, subject, data])).toEqual([
    ['customer ignored', 'proofpoint\u001fa.example', { reason: 'our own tenant', until: '2021-02-02' }],
    ['customer ignored', 'proofpoint\u001fb.example', { reason: 'our own tenant', until: '2021-02-02' }],
    ['ignore taken back', 'proofpoint\u001fb.example', {}],
  ]);
  expect(breakIn(records)).toBeNull();
});
