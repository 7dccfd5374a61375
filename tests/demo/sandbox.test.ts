import { expect, test } from 'vitest';
import type { PsaLine } from '../../src/domain/agreement';
import { findLine } from '../../src/domain/proof';
import type { Customer } from '../../src/domain/marketplace';
import { planSetFor } from '../../src/domain/sync';
import { connectwise } from '../../src/psa/connectwise';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import type { Database } from '../../src/storage/db';
import { CONNECTION, demo, devices, mail, syncOf } from './demo';
import { sendable } from '../support/plans.ts';

test('every line that is believed synced is in the PSA with our key, once, and only two hold another quantity by now', async () => {
  const db = await demo();
  const believed = (await db.synced.toArray()).flatMap(({ customer, lines }) => lines.map((line) => ({ customer, line })));
  const differing: unknown[] = [];
  for (const { customer, line } of believed) {
    const found = (await linesInPsa(db, line.agreementId)).filter(({ key }) => key === line.lineKey);
    const { lineId, productId, name, price, cost, effectiveDate } = line;
    expect(found.map((own) => [own.id, own.productId, own.description, own.price, own.cost, own.effectiveDate, own.endDate])).toEqual([
      [lineId, productId, name, price, cost, effectiveDate, null],
    ]);
    if (found[0]?.quantity !== line.quantity) differing.push([customer.split('\u001f')[1], line.quantity, found[0]?.quantity]);
  }
  expect(believed.length).toBe(21);
  expect(differing).toEqual([
    ['Harbor Point CPA', '11', '13'],
    ['foxhollowrealty.com', '20', '24'],
  ]);
});

test.each([
  ['foxhollowrealty.com', mail('foxhollowrealty.com'), '20', '24'],
  ['Harbor Point CPA', devices('Harbor Point CPA'), '11', '13'],
])('the quantity of %s was changed in the PSA, which the read before the update finds', async (_, customer: Customer, believed, found) => {
  const db = await demo();
  const { facts, choices } = await syncOf(db, customer);
  const set = planSetFor(facts, choices, connectwise);
  const [request] = set.ok ? (set.value[0]?.plan.requests ?? []) : [];
  if (request === undefined) throw new Error('no request');
  const lines = await linesInPsa(db, choices.agreementId ?? '');
  expect(
    findLine(request, lines, { day: '2021-01-03', lineId: request.line.lineId, besides: null, proven: false, keyless: false }),
  ).toEqual({
    kind: 'different',
    id: request.line.lineId,
    copies: [],
    field: 'quantity',
    believed,
    found,
  });
});

test.each([
  ['creates', devices('Eastfield Veterinary'), 201],
  ['updates', mail('cedarridgelaw.com'), 200],
  ['ends', mail('donovanbrothers.com'), 200],
])('the PSA %s the line that a plan asks for, and its answer proves it', async (_, customer, status) => {
  const db = await demo();
  const state = await psaIn(db);
  const { facts, choices } = await syncOf(db, customer);
  const set = planSetFor(facts, choices, connectwise);
  const requests = set.ok ? (set.value[0]?.plan.requests ?? []) : [];
  const proven = requests.map((request) => {
    const { method, path, query, body } = sendable(request);
    const sent = { method, path, query, headers: { ...request.headers, ...CREDENTIALS }, body: body };
    const answered = answer(state, sent).answer;
    return [answered?.status, answered !== null && connectwise.prove(request, answered) !== null];
  });
  expect(proven).toEqual([[status, true]]);
});

test('the PSA answers every list that the wizard asks for', async () => {
  const db = await demo();
  const counts = await Promise.all(
    (['companies', 'agreements', 'products', 'categories', 'types', 'units'] as const).map(
      async (kind) => (await db.mirrors.get([CONNECTION, kind, '']))?.rows.length,
    ),
  );
  expect(counts).toEqual([27, 28, 13, 3, 3, 3]);
});

const CREDENTIALS = { Authorization: 'Basic ZGVtbw==', clientId: 'demo' };

async function psaIn(db: Database): Promise<SandboxState> {
  return (await db.sandboxes.get(CONNECTION))?.state as unknown as SandboxState;
}

async function linesInPsa(db: Database, agreementId: string): Promise<readonly PsaLine[]> {
  const state = await psaIn(db);
  const { request, parse } = connectwise.read.lines(agreementId);
  const answered = answer(state, { ...request, headers: { ...request.headers, ...CREDENTIALS } }).answer;
  const page = answered === null ? null : parse(answered, request);
  return page?.ok === true ? page.value.rows : [];
}
