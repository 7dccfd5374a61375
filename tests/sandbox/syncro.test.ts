import { expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { answer } from '../../src/sandbox';
import { heldLine, signed } from '../psa/journeys.ts';
import { fixture } from '../psa/fixtures/syncro.ts';

const start = fixture.sandbox([heldLine(fixture)]);
const line = { product_id: 41, name: 'Proofpoint Business', description: 'x', quantity: 1, retail_cents: 1, cost_cents: 1 };

function ask(method: 'GET' | 'POST' | 'PUT', path: string, body: Json = null, query: Readonly<Record<string, string>> = {}) {
  return answer(start, signed(fixture, { method, path, query, headers: {}, body }));
}

test('without a token nothing is answered', () => {
  const { answer: answered, state } = answer(start, { method: 'GET', path: '/customers', query: {}, headers: {}, body: null });
  expect([answered?.status, state]).toEqual([401, start]);
});

test.each<[string, Json, readonly string[]]>([
  ['no name', { ...line, name: '' }, ["Name can't be blank"]],
  ['half a cent', { ...line, retail_cents: 1.5 }, ['retail_cents is not an integer']],
  ['a quantity as text', { ...line, quantity: '1' }, ['Quantity is not a number']],
  ['a field that is none', { ...line, price: 1 }, ['price is not a field']],
  ['a product that is not there', { ...line, product_id: 99 }, ['Product must exist']],
])('a line with %s is refused, and nothing changes', (_, body, error) => {
  const { answer: answered, state } = ask('POST', '/schedules/12/add_line_item', body);
  expect([answered?.status, answered?.body, state]).toEqual([422, { error }, start]);
});

test.each([
  ['POST', '/schedules/99/add_line_item'],
  ['PUT', '/schedules/12/line_items/99'],
  ['POST', '/schedules/12/remove_line_item'],
  ['GET', '/tickets'],
] as const)('%s %s of nothing is not found', (method, path) => {
  const { answer: answered, state } = ask(method, path, line);
  expect([answered?.status, state]).toEqual([404, start]);
});

test('the ledger tells what really happened, and a change that changes nothing is none', () => {
  const written = ask('PUT', '/schedules/12/line_items/900', { quantity: 15 });
  expect(written.state.ledger.map(({ effect, table, id }) => [effect, table, id])).toEqual([['changed', 'lines', 900]]);
  expect(ask('PUT', '/schedules/12/line_items/900', { quantity: 12 }).state).toEqual(start);
  const removed = ask('POST', '/schedules/12/remove_line_item', 900);
  expect([removed.state.tables['lines'], removed.state.ledger.map(({ effect }) => effect)]).toEqual([[], ['removed']]);
});

test('a product needs a name and a description', () => {
  const { answer: answered, state } = ask('POST', '/products', { name: '', description: '' });
  expect([answered?.status, (answered?.body as { message: unknown }).message, state]).toEqual([
    422,
    ["Name can't be blank", "Description can't be blank"],
    start,
  ]);
});

test('lists come in pages of 25 with their count', () => {
  const many = Array.from({ length: 30 }, (_, at) => ({ id: at + 1, business_name: `C${String(at)}`, disabled: false }));
  const state = { ...start, tables: { ...start.tables, customers: many } };
  const page = (at: string) =>
    answer(state, signed(fixture, { method: 'GET', path: '/customers', query: { page: at }, headers: {}, body: null })).answer?.body as {
      customers: readonly unknown[];
      meta: unknown;
    };
  expect([page('1').customers.length, page('2').customers.length, page('2').meta]).toEqual([25, 5, { total_pages: 2, page: 2 }]);
});
