import { expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { customerKey } from '../../src/domain/marketplace';
import { NO_CHOICES } from '../../src/domain/sync-choices';
import { gridFor } from '../../src/domain/sync-grid';
import { connectwise } from '../../src/psa/connectwise';
import { factsOf, gridFacts, monthFacts } from '../../src/storage/grid';
import { storedForAll } from '../../src/storage/stored';
import { mirrorOf } from '../../src/storage/mirrors';
import { CONNECTION, december, devices, NOW, seeded } from '../demo/demo';

test('a line that moves to the agreement of another company ends by the next invoice of the agreement that it leaves', async () => {
  const db = await seeded();
  const customer = devices('Cedar Ridge Law');
  const synced = await db.synced.where('customer').equals(customerKey(customer)).first();
  const known = await mirrorOf(db, CONNECTION, 'agreements');
  const old = known?.rows.find(({ id }) => id === synced?.agreementId);
  if (old === undefined) throw new Error('the demo has read the agreement');
  const other = { ...old, id: '9001', companyId: '9000', nextInvoiceDate: '2021-01-15' };
  const rows = [...(known?.rows ?? []).filter(({ id }) => id !== old.id), { ...old, nextInvoiceDate: '2021-02-15' }, other];
  await db.mirrors.put({ connection: CONNECTION, kind: 'agreements', scope: '', readAt: NOW, rows });
  const asked = { customer, connection: CONNECTION, agreementId: '9001', psaCompany: '9000' };
  const facts = await gridFacts(db, { ...asked, ...december });
  const choices = { ...NO_CHOICES, link: { id: '9000', name: 'Another' }, agreementId: '9001' };
  expect(gridFor(facts, choices, connectwise).lines.map(({ status, sentDate }) => [status, sentDate])).toEqual([
    ['Ending', '2021-01-31'],
    ['Creating', expect.any(String)],
  ]);
  const [month, stored] = await Promise.all([monthFacts(db, december.period, december.today, DEFAULT_CALENDAR), storedForAll(db)]);
  expect(factsOf(month, stored, asked)).toEqual(facts);
});
