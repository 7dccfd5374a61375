import { describe, expect, test } from 'vitest';
import type { PsaLine } from '../../src/domain/agreement';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { decimalOf } from '../../src/domain/decimal';
import { leaksOf, type ReconciledLine } from '../../src/domain/reconcile';
import { adapterOf } from '../../src/psa';
import type { Database } from '../../src/storage/db';
import { reconciliations } from '../../src/storage/reconciliation';
import { CONNECTION, december, demo, seeded } from '../demo/demo';

const BAYVIEW = '503';
const KEPT = { productId: '911', quantity: decimalOf(0) };

describe('a line three ways', () => {
  test('agrees where the PSA holds what was counted and synced', async () => {
    expect(await linesOf(await demo(), 'bayviewdental.com')).toEqual([['agree', '22', '22', '22', '0']]);
  });

  test('changed here where only the usage moved', async () => {
    expect(await linesOf(await demo(), 'cedarridgelaw.com')).toEqual([['changed here', '34', '31', '31', '13.5']]);
  });

  test('that ended here is billed without usage', async () => {
    expect(await linesOf(await demo(), 'donovanbrothers.com')).toEqual([
      ['changed here', '0', '4', '4', '-18'],
      ['agree', '9', '9', '9', '0'],
    ]);
  });

  test('changed in the PSA where somebody wrote another quantity there', async () => {
    const db = await seeded();
    await inPsa(db, (lines) => lines.map((line) => (line.id === '7000' ? { ...line, quantity: decimalOf(20) } : line)));
    expect(await linesOf(db, 'bayviewdental.com')).toEqual([['changed in the PSA', '22', '22', '20', '6']]);
  });

  test('changed in both where the PSA holds neither', async () => {
    const db = await seeded();
    await inPsa(db, (lines) => lines.map((line) => (line.id === '7001' ? { ...line, quantity: decimalOf(30) } : line)), '504');
    expect(await linesOf(db, 'cedarridgelaw.com')).toEqual([['changed in both', '34', '31', '30', '18']]);
  });

  test('agrees where somebody brought the PSA to what is counted now', async () => {
    const db = await seeded();
    await inPsa(db, (lines) => lines.map((line) => (line.id === '7001' ? { ...line, quantity: decimalOf(34) } : line)), '504');
    expect(await linesOf(db, 'cedarridgelaw.com')).toEqual([['agree', '34', '31', '34', '0']]);
  });

  test('is missing where it was deleted or ended in the PSA, and all of it is leaked', async () => {
    for (const change of [
      (lines: PsaLine[]) => lines.filter(({ id }) => id !== '7000'),
      (lines: PsaLine[]) => lines.map((line) => (line.id === '7000' ? { ...line, endDate: '2020-12-31' } : line)),
    ]) {
      const db = await seeded();
      await inPsa(db, change);
      expect(await linesOf(db, 'bayviewdental.com')).toEqual([['missing', '22', '22', null, '66']]);
    }
  });

  test('of a customer whom nobody counted is no usage, never a usage of 0', async () => {
    expect(await linesOf(await demo(), 'greenfieldlogistics.com')).toEqual([['no usage', null, '8', '8', null]]);
  });

  test('is unread while the PSA was never read, or was read before the line was proven', async () => {
    const db = await seeded();
    await db.mirrors.delete([CONNECTION, 'lines', BAYVIEW]);
    expect(await linesOf(db, 'bayviewdental.com')).toEqual([['unread', '22', '22', null, null]]);
    const other = await seeded();
    await other.synced.where('connection').equals(CONNECTION).modify({ provenAt: '2021-01-03T08:00:00.000Z' });
    expect(await linesOf(other, 'bayviewdental.com')).toEqual([['unread', '22', '22', null, null]]);
  });
});

test('a line whose product is bound to another one now stays one line', async () => {
  const db = await seeded();
  const bound = await db.bindings
    .filter(({ connection, subProduct }) => connection === CONNECTION && subProduct === 'northvault-workstation')
    .first();
  if (bound === undefined) throw new Error('The demo binds no workstations.');
  await db.bindings.put({ ...bound, seq: 9000, psaProductId: '911' });
  expect(await linesOf(db, 'Cedar Ridge Law')).toEqual([['changed here', '22', '20', '20', '11']]);
});

test('a line on another agreement than the record’s is looked for there, and is unread while that one is', async () => {
  const db = await seeded();
  await db.synced.where('customer').equals('proofpoint\u001fbayviewdental.com').modify({ agreementId: '504' });
  const old = (await linesOf(db, 'bayviewdental.com')).find(([, , synced]) => synced === '22');
  expect(old).toEqual(['changed here', '0', '22', '22', '-66']);
  await db.mirrors.delete([CONNECTION, 'lines', BAYVIEW]);
  expect((await linesOf(db, 'bayviewdental.com')).find(([, , synced]) => synced === '22')).toEqual(['unread', '0', '22', null, null]);
});

describe('a line with a key of ours that nobody here remembers', () => {
  test('is a duplicate beside another of its key', async () => {
    const db = await seeded();
    await inPsa(db, (lines) => lines.flatMap((line) => (line.id === '7000' ? [line, { ...line, id: '9001' }] : [line])));
    expect(await strangers(db)).toEqual([['duplicate', BAYVIEW, '9001', '22']]);
  });

  test('is none where we remember it beside one of its key that is kept at 0 on another product', async () => {
    const db = await seeded();
    const keep = { lineId: '9001', ...KEPT };
    await inPsa(db, (lines) => lines.flatMap((line) => (line.id === '7000' ? [{ ...line, id: '9001', ...KEPT }, line] : [line])));
    await db.synced
      .where('customer')
      .equals('proofpoint\u001fbayviewdental.com')
      .modify((record) => Object.assign(record, { lines: [...record.lines.map((line) => ({ ...line, ...keep })), ...record.lines] }));
    expect([await strangers(db), await linesOf(db, 'bayviewdental.com')]).toEqual([[], [['agree', '22', '22', '22', '0']]]);
  });

  test('is an orphan alone, and none once it ended or bills nothing', async () => {
    const key = `tl1-${'a'.repeat(32)}`;
    const orphan = (lines: PsaLine[], given: Partial<PsaLine>): PsaLine[] =>
      lines.flatMap((line) => (line.id === '7000' ? [line, { ...line, id: '9002', key, ...given }] : [line]));
    for (const [given, found] of [
      [{}, [['orphan', BAYVIEW, '9002', '22']]],
      [{ endDate: '2020-12-31' }, []],
      [{ quantity: decimalOf(0) }, []],
      [{ key: null }, []],
      [{ kind: 'one-time' as const }, []],
    ] as const) {
      const db = await seeded();
      await inPsa(db, (lines) => orphan(lines, given));
      expect(await strangers(db)).toEqual(found);
    }
  });
});

test('leaked and over-billed money are sums of their own, in each currency', async () => {
  const { lines } = await reconciled(await demo());
  expect(leaksOf(lines)).toEqual([{ currency: 'USD', leaked: '45.5', overBilled: '47' }]);
  const yen = lines.map((line) => ({ ...line, currency: line.agreementId === BAYVIEW ? 'JPY' : line.currency }));
  expect(leaksOf(yen).map(({ currency }) => currency)).toEqual(['JPY', 'USD']);
});

test('the oldest reading of the agreements is the age of the comparison; one that was never read has none', async () => {
  const db = await seeded();
  expect((await reconciled(db)).readAt).toBe('2021-01-03T07:30:00.000Z');
  await db.mirrors.update([CONNECTION, 'lines', BAYVIEW], { readAt: '2021-01-01T00:00:00.000Z' });
  expect((await reconciled(db)).readAt).toBe('2021-01-01T00:00:00.000Z');
  await db.mirrors.delete([CONNECTION, 'lines', BAYVIEW]);
  expect((await reconciled(db)).readAt).toBe(null);
});

async function reconciled(db: Database) {
  const all = await reconciliations(db, { ...december, calendar: DEFAULT_CALENDAR }, adapterOf);
  const own = all.find(({ connection }) => connection.id === CONNECTION);
  if (own === undefined) throw new Error('The demo has no such connection.');
  return own;
}

async function linesOf(db: Database, site: string) {
  const { lines } = await reconciled(db);
  const three = ({ verdict, usage, synced, psa, money }: ReconciledLine) => [verdict, usage, synced, psa, money];
  return lines.filter(({ customer }) => customer?.site === site).map(three);
}

async function strangers(db: Database) {
  const { lines } = await reconciled(db);
  return lines
    .filter(({ customer }) => customer === null)
    .map(({ verdict, agreementId, lineId, psa }) => [verdict, agreementId, lineId, psa]);
}

/** Somebody changes the lines of an agreement in the PSA, and they are read again. */
async function inPsa(db: Database, change: (lines: PsaLine[]) => PsaLine[], agreement = BAYVIEW): Promise<void> {
  const mirror = await db.mirrors.get([CONNECTION, 'lines', agreement]);
  if (mirror?.kind !== 'lines') throw new Error(`The lines of ${agreement} were never read.`);
  await db.mirrors.put({ ...mirror, rows: change([...mirror.rows]) });
}
