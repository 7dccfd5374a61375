import { describe, expect, test } from 'vitest';
import { syncBasis } from '../../src/domain/basis';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import type { Customer } from '../../src/domain/marketplace';
import { problem } from '../../src/domain/problem';
import { planSetFor } from '../../src/domain/sync';
import type { SyncChoices } from '../../src/domain/sync-choices';
import { adapterOf } from '../../src/psa';
import { connectwise } from '../../src/psa/connectwise';
import { assignCompany } from '../../src/storage/assignments';
import type { Database } from '../../src/storage/db';
import { markApplied } from '../../src/storage/marks';
import { confirmPlans } from '../../src/storage/plans';
import { undoOf } from '../../src/storage/undo';
import { CONNECTION, december, mail, NOW, seeded, syncOf } from '../demo/demo';

const FOX = mail('foxhollowrealty.com');
const LINE = 'foxhollowrealty.com - foxhollowrealty.com - Proofpoint Business';
const SEED = mail('1stwestinsurance.com');
const SEED_LINE = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business';

describe('the undo of a change', () => {
  test('before its invoice proposes no correction', async () => {
    const db = await seeded();
    const { undo } = await undone(db, await applied(db, FOX));
    expect([undo.planned?.plan.lines.map(({ before, syncedQuantity }) => [before, syncedQuantity]), undo.from, undo.correction]).toEqual([
      [['21', '20']],
      null,
      null,
    ]);
  });

  test('after two invoices takes effect on the third, and proposes to correct the two', async () => {
    const db = await seeded();
    const id = await applied(db, FOX);
    await nextInvoiceOn(db, '2021-03-31');
    const { undo, lineKeys } = await undone(db, id);
    expect([undo.planned?.plan.lines.map(({ before, syncedQuantity }) => [before, syncedQuantity]), undo.from]).toEqual([
      [['21', '20']],
      '2021-03-01',
    ]);
    expect(undo.correction).toEqual({
      ...{ invoices: ['2021-01', '2021-02'], currency: 'USD', excess: '6' },
      lines: [{ lineKey: lineKeys[0], name: LINE, billed: '63', instead: '60', invoices: 2, excess: '6' }],
    });
  });
});

describe('the undo of a change that was planned after the invoice of its month went out', () => {
  test('proposes no correction before the next one goes out, and then of that one alone', async () => {
    const db = await seeded();
    await nextInvoiceOn(db, '2021-02-28');
    const id = await applied(db, FOX);
    expect(await undone(db, id)).toMatchObject({ undo: { from: null, correction: null } });
    await nextInvoiceOn(db, '2021-03-31');
    const { undo } = await undone(db, id);
    expect([undo.from, undo.correction?.invoices, undo.correction?.excess]).toEqual(['2021-03-01', ['2021-02'], '3']);
  });
});

describe('the undo after an invoice may have gone out', () => {
  const FEBRUARY = '2021-02-03';

  test('waits until the agreement was read since: then it knows whether one did', async () => {
    const db = await seeded();
    const id = await applied(db, FOX);
    await nextInvoiceOn(db, '2021-01-31', '2021-01-31T08:00:00.000Z');
    const asked = { today: FEBRUARY, calendar: DEFAULT_CALENDAR };
    const next = { next: '2021-01-31', readAt: '2021-01-31T08:00:00.000Z' };
    expect(await undoOf(db, id, { ...asked, today: '2021-01-31' }, adapterOf)).toMatchObject({ ok: true });
    expect(await undoOf(db, id, asked, adapterOf)).toEqual({
      ok: false,
      error: [problem('agreement may be invoiced since', { agreement: 'Managed Services', ...next })],
    });
    await nextInvoiceOn(db, '2021-01-31', '2021-02-01T08:00:00.000Z');
    expect(await undone(db, id, FEBRUARY)).toMatchObject({ undo: { from: null, correction: null, mayBeOut: false } });
    await nextInvoiceOn(db, '2021-02-28', '2021-02-01T08:00:00.000Z');
    expect(await undone(db, id, FEBRUARY)).toMatchObject({
      undo: { from: '2021-02-01', correction: { invoices: ['2021-01'], excess: '3' } },
    });
  });

  test('says that one may have where the PSA does not, from the day on which the partner invoices', async () => {
    const db = await seeded();
    const id = await applied(db, FOX);
    await nextInvoiceOn(db, null);
    const days = ['2021-01-04', '2021-01-05', FEBRUARY];
    const undos = await Promise.all(days.map((day) => undone(db, id, day)));
    expect(undos.map(({ undo }) => undo.mayBeOut)).toEqual([false, true, true]);
  });
});

describe('the undo of a charge', () => {
  test('that no invoice has is not possible, and says what to do', async () => {
    const db = await withCompany();
    const id = await applied(db, SEED, { option: 'one-time itemised' });
    expect(await undoOf(db, id, { today: december.today, calendar: DEFAULT_CALENDAR }, adapterOf)).toEqual({
      ok: false,
      error: [problem('undo is not possible', { reason: 'charges' })],
    });
  });

  test('that an invoice has is nothing but its correction', async () => {
    const db = await withCompany();
    const id = await applied(db, SEED, { option: 'one-time itemised' });
    await nextInvoiceOn(db, '2021-02-28');
    const { undo, lineKeys } = await undone(db, id);
    expect([undo.planned, undo.left]).toEqual([null, []]);
    expect(undo.correction).toEqual({
      ...{ invoices: ['2021-01'], currency: 'USD', excess: '45' },
      lines: [{ lineKey: lineKeys[0], name: SEED_LINE, billed: '45', instead: '0', invoices: 1, excess: '45' }],
    });
  });
});

async function withCompany(): Promise<Database> {
  const db = await seeded();
  const company = (await db.companies.toArray()).find(({ name }) => name === '1st West Insurance');
  await assignCompany(db, NOW, { customer: SEED, company: company?.id ?? null, from: null, evidence: 'partner' });
  return db;
}

/** Syncs December of a customer, says that the file was applied, and answers the plan's id. */
async function applied(db: Database, customer: Customer, given: Partial<SyncChoices> = {}): Promise<string> {
  const { facts, choices } = await syncOf(db, customer);
  const set = planSetFor(facts, { ...choices, ...given }, connectwise);
  if (!set.ok) throw new Error(JSON.stringify(set.error));
  const connection = await db.connections.get(CONNECTION);
  if (connection === undefined) throw new Error('the demo has a connection');
  const basis = syncBasis(facts, { ...choices, ...given });
  await confirmPlans(db, NOW, { plans: set.value.map((one) => ({ ...one, basis })), connection, today: december.today });
  const id = set.value.at(-1)?.plan.id ?? '';
  await markApplied(db, NOW, id);
  return id;
}

async function undone(db: Database, id: string, today: string = december.today) {
  const undo = await undoOf(db, id, { today, calendar: DEFAULT_CALENDAR }, adapterOf);
  if (!undo.ok) throw new Error(JSON.stringify(undo.error));
  return { undo: undo.value, lineKeys: (await db.plans.get(id))?.plan.lines.map(({ lineKey }) => lineKey) ?? [] };
}

/** What the PSA says of its agreements once invoices went out. */
async function nextInvoiceOn(db: Database, day: string | null, readAt = NOW): Promise<void> {
  const mirrors = await db.mirrors.toArray();
  await db.mirrors.bulkPut(
    mirrors.map((mirror) =>
      mirror.kind === 'agreements' ? { ...mirror, readAt, rows: mirror.rows.map((row) => ({ ...row, nextInvoiceDate: day })) } : mirror,
    ),
  );
}
