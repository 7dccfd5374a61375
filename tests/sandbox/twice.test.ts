import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import type { Json } from '../../src/domain/canonical';
import type { Plan, PlanRequest } from '../../src/domain/plan';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaRequest } from '../../src/psa/psa';
import { answer } from '../../src/sandbox';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import {
  additionRow,
  chargeChange,
  createChange,
  d,
  endChange,
  exportChange,
  keyOf,
  NOTHING,
  planOf,
  productKey,
  sandboxOf,
  sendable,
  updateChange,
} from '../support/plans.ts';

const amount = fc.integer({ min: 0, max: 100_000 });
const scenario = fc.array(
  fc.record({
    kind: fc.constantFrom('create', 'update', 'end', 'zero', 'charge', 'export'),
    quantity: amount,
    cents: amount,
    known: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test('the same plan, delivered twice with a look before each write, changes nothing the second time', () => {
  fc.assert(
    fc.property(scenario, (items) => {
      const changes = items.map(changeOf);
      const additions = items.flatMap(({ kind }, index) =>
        ['update', 'end', 'zero'].includes(kind) ? [additionRow({ id: 900 + index, serialNumber: keyOf(`s${index}`) })] : [],
      );
      const plan = planOf(changes);
      const once = deliver(sandboxOf({ additions }), plan);
      expect(new Set(once.ledger.map(({ key }) => key)).size).toBe(once.ledger.length);
      expect(deliver(once, plan)).toEqual(once);
    }),
  );
});

test('without the look the same plan would bill a line twice, so the property can fail', () => {
  const plan = planOf([createChange()]);
  const blindly = (state: SandboxState) => plan.requests.reduce((before, request) => send(before, request, {}).state, state);
  expect(blindly(blindly(sandboxOf())).ledger).toHaveLength(2);
});

function changeOf(item: { kind: string; quantity: number; cents: number; known: boolean }, index: number): Change {
  const lineKey = keyOf(`s${index}`);
  const quantity = d(String(item.quantity + 1));
  const price = d((item.cents / 100).toFixed(2));
  const lineId = item.known ? String(900 + index) : null;
  switch (item.kind) {
    case 'create':
      return createChange({ lineKey, after: { ...createChange().after, quantity, price } });
    case 'update':
      return updateChange({ lineKey, lineId, after: { ...NOTHING, quantity, price } });
    case 'end':
      return endChange({ lineKey, lineId });
    case 'zero':
      return endChange({ lineKey, lineId, how: 'zero', after: { ...NOTHING, quantity: d('0') } });
    case 'charge':
      return chargeChange({ lineKey, after: { ...chargeChange().after, quantity, price } });
    default: {
      const reference = productKey(`s${index}`);
      return exportChange({
        lineKey: reference,
        reference,
        yields: `p${index}`,
        product: { ...exportChange().product, identifier: `P${index}` },
      });
    }
  }
}

/** What a careful sender does: look, send what is not there yet, and count on the adapter's proof. */
function deliver(start: SandboxState, plan: Plan): SandboxState {
  let state = start;
  let known: Readonly<Record<string, string | number>> = {};
  for (const request of plan.requests) {
    if (request.operation !== 'read' && isDone(state, request, known)) continue;
    const sent = send(state, request, known);
    const proof = connectwise.prove(request, sent.answer);
    if (proof === null) throw new Error(`${request.operation} is not proven by ${JSON.stringify(sent.answer.body)}`);
    state = sent.state;
    known = { ...known, ...proof.yielded };
  }
  return state;
}

function isDone(state: SandboxState, request: PlanRequest, known: Readonly<Record<string, string | number>>): boolean {
  const evidence = connectwise.evidence(request);
  if (evidence === null) throw new Error('nothing proves it');
  const { read, where, ended, after } = evidence;
  const rows = ask(state, read).body as readonly Row[];
  const ours = rows.filter(
    (row) => where.every(({ field, equals }) => row[field] === resolved(equals, known)) && (ended === null || row[ended] === undefined),
  );
  expect(ours.length).toBeLessThan(2);
  return ours.length === 1 && after.every(({ field, equals }) => ours[0]?.[field] === equals);
}

function send(state: SandboxState, request: PlanRequest, known: Readonly<Record<string, string | number>>) {
  const path = request.path.replace(/\{\{(.+?)\}\}/, (_, name: string) => String(known[name]));
  const handled = answer(state, withAccount({ ...sendable(request), path, body: resolved(request.body, known) }));
  if (handled.answer === null) throw new Error('no answer');
  return { state: handled.state, answer: handled.answer };
}

function ask(state: SandboxState, request: PsaRequest) {
  const { answer: answered } = answer(state, withAccount(request));
  if (answered === null) throw new Error('no answer');
  return answered;
}

function withAccount(request: PsaRequest): PsaRequest {
  return { ...request, headers: { ...request.headers, Authorization: 'Basic eDp5', clientId: 'mine' } };
}

function resolved(value: Json, known: Readonly<Record<string, string | number>>): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const record = value as Row;
  if (typeof record['$use'] === 'string') return known[record['$use']] ?? null;
  return Object.fromEntries(Object.entries(record).map(([name, part]) => [name, resolved(part, known)]));
}
