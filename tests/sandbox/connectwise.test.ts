import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer, createSandbox, sandboxes } from '../../src/sandbox';
import { FAULTS, type FaultKind, type SandboxState } from '../../src/sandbox/sandbox';
import { additionRow, agreementRow, createChange, exportChange, keyOf, planOf, sandboxOf } from '../support/plans.ts';

const headers = { Authorization: 'Basic eDp5', clientId: 'mine' };
const additions = '/finance/agreements/12/additions';
const [created] = planOf([createChange()]).requests;

test('every sandbox starts with its tables and the next free id', () => {
  for (const { psa, tables } of sandboxes) {
    expect(createSandbox({ psa, tables: {} })).toEqual({
      psa,
      nextId: 1,
      tables: Object.fromEntries(tables.map((name) => [name, []])),
      ledger: [],
      faults: [],
    });
  }
  expect(() => createSandbox({ psa: 'no such', tables: {} })).toThrow('there is no sandbox of no such');
  expect(sandboxOf({ additions: [additionRow()] }).nextId).toBe(901);
});

test('a state survives being stored as JSON', () => {
  const { state } = ask(sandboxOf(), 'POST', additions, created?.body ?? null);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

describe('who asks', () => {
  test.each([
    ['no credentials', { clientId: 'mine' }],
    ['another scheme', { Authorization: 'Bearer x', clientId: 'mine' }],
    ['no client id', { Authorization: 'Basic eDp5' }],
  ])('with %s is not answered', (_what, sent) => {
    const { answer: answered, state } = answer(sandboxOf(), {
      method: 'POST',
      path: additions,
      query: {},
      headers: sent,
      body: created?.body as Json,
    });
    expect(answered?.status).toBe(401);
    expect(state).toEqual(sandboxOf());
  });
});

describe('an addition', () => {
  test('is stored with what ConnectWise computes, and leaves one entry in the ledger', () => {
    const body = created?.body as Json;
    const { state, body: stored, status } = ask(sandboxOf(), 'POST', additions, body);
    expect(status).toBe(201);
    expect(stored).toEqual({
      ...(body as object),
      id: 42,
      product: { id: 41, identifier: 'PFPT-BUS' },
      lessIncluded: 0,
      taxableFlag: true,
      description: 'Proofpoint Business',
      billedQuantity: 0,
      agreementId: 12,
      extPrice: 45,
      extCost: 36.6,
      margin: 8.4,
      additionStatus: 'Active',
    });
    expect(state.ledger).toEqual([
      { n: 1, effect: 'created', table: 'additions', id: 42, key: keyOf('business'), method: 'POST', path: additions, body },
    ]);
    expect(ask(state, 'GET', `${additions}/42`).body).toEqual(stored);
  });

  test.each<[string, Record<string, Json | undefined>, string]>([
    ['without a product', { product: undefined }, 'product'],
    ['without billCustomer', { billCustomer: undefined }, 'billCustomer'],
    ['with a word in other letters', { billCustomer: 'billable' }, 'billCustomer'],
    ['with a number as text', { quantity: '15' }, 'quantity'],
    ['with a bare date', { effectiveDate: '2021-01-01' }, 'effectiveDate'],
    ['with a key of 51 characters', { serialNumber: 'x'.repeat(51) }, 'serialNumber'],
    ['with a misspelt field', { unitprice: 3 }, 'unitprice'],
    ['of a product that is not there', { product: { id: 999 } }, 'product'],
    ['with an id as text', { product: { id: '41' } }, 'product'],
    ['before the agreement starts', { effectiveDate: '2019-12-31T00:00:00Z' }, 'effectiveDate'],
    ['that ends before it starts', { cancelledDate: '2020-12-31T00:00:00Z' }, 'cancelledDate'],
  ])('%s is refused and changes nothing', (_what, parts, field) => {
    const body = JSON.parse(JSON.stringify({ ...(created?.body as object), ...parts })) as Json;
    const { state, status, body: refused } = ask(sandboxOf(), 'POST', additions, body);
    expect(status).toBe(400);
    expect(refused).toMatchObject({ code: 'InvalidObject', errors: [{ field }] });
    expect(state).toEqual(sandboxOf());
  });

  test('of a bundle or on a cancelled agreement is refused', () => {
    const bundle = sandboxOf({ catalog: [{ id: 41, identifier: 'B', productClass: 'Bundle' }] });
    expect(ask(bundle, 'POST', additions, created?.body as Json).status).toBe(400);
    const cancelled = sandboxOf({ agreements: [agreementRow({ cancelledFlag: true })] });
    expect(ask(cancelled, 'POST', additions, created?.body as Json).status).toBe(400);
  });

  test('is patched by whole fields, computed anew, and listed in the ledger only when it changed', () => {
    const start = sandboxOf({ additions: [additionRow()] });
    const first = ask(start, 'PATCH', `${additions}/900`, [{ op: 'replace', path: 'quantity', value: 15 }]);
    expect(first.body).toEqual({ ...additionRow({ quantity: 15 }), extPrice: 45, extCost: 36.6, margin: 8.4, additionStatus: 'Active' });
    const again = ask(first.state, 'PATCH', `${additions}/900`, [{ op: 'replace', path: 'quantity', value: 15 }]);
    expect(again.body).toEqual(first.body);
    expect(again.state.ledger.map(({ effect, id }) => [effect, id])).toEqual([['changed', 900]]);
  });

  test('answers a sub-path with 200 and changes nothing, as the real one', () => {
    const start = sandboxOf({ additions: [ask(sandboxOf({ additions: [additionRow()] }), 'PATCH', `${additions}/900`, []).body as never] });
    const { state, status } = ask(start, 'PATCH', `${additions}/900`, [{ op: 'replace', path: 'product/id', value: 1 }]);
    expect([status, state]).toEqual([200, start]);
  });

  test.each<[string, Json]>([
    ['an object', { op: 'replace', path: 'quantity', value: 15 }],
    ['an unknown operation', [{ op: 'set', path: 'quantity', value: 15 }]],
    ['an unknown field', [{ op: 'replace', path: 'Quantity', value: 15 }]],
    ['a number as text', [{ op: 'replace', path: 'quantity', value: '15' }]],
  ])('refuses a patch that is %s', (_what, body) => {
    const start = sandboxOf({ additions: [additionRow()] });
    const { state, status } = ask(start, 'PATCH', `${additions}/900`, body);
    expect([status, state]).toEqual([400, start]);
  });

  test('is removed, unless it was billed', () => {
    const start = sandboxOf({ additions: [additionRow(), additionRow({ id: 901, billedQuantity: 12 })] });
    expect(ask(start, 'DELETE', `${additions}/901`)).toMatchObject({ status: 409, state: start });
    const { state, status } = ask(start, 'DELETE', `${additions}/900`);
    expect([status, state.tables['additions']]).toEqual([204, [additionRow({ id: 901, billedQuantity: 12 })]]);
    expect(ask(state, 'DELETE', `${additions}/900`).status).toBe(404);
  });
});

test('a catalog item is stored once: the second one of that identifier is a conflict', () => {
  const [request] = planOf([exportChange()]).requests;
  const first = ask(sandboxOf(), 'POST', '/procurement/catalog', request?.body);
  expect(first).toMatchObject({ status: 201, body: { id: 42, identifier: 'MAIL-ADV', subcategory: { id: 3, name: 'Email security' } } });
  expect(ask(first.state, 'POST', '/procurement/catalog', request?.body as Json)).toMatchObject({ status: 409, state: first.state });
});

describe('a list', () => {
  const rows = Array.from({ length: 5 }, (_, index) =>
    additionRow({ id: 900 + index, quantity: index, serialNumber: index === 2 ? 'mine' : `s-${index}` }),
  );
  const state = sandboxOf({ additions: rows });
  const idsOf = (query: Record<string, string>) =>
    (ask(state, 'GET', additions, null, query).body as readonly { id: number }[]).map(({ id }) => id);

  test.each<[Record<string, string>, readonly number[]]>([
    [{ conditions: 'serialNumber="mine"' }, [902]],
    [{ conditions: 'serialNumber="s*" AND product/id=41' }, [900, 901, 903, 904]],
    [{ conditions: 'id=900 OR id=904' }, [900, 904]],
    [{ conditions: 'product/identifier="PFPT-BUS" AND quantity!=0', orderBy: 'id desc' }, [904, 903, 902, 901]],
    [{ conditions: 'serialNumber="OR AND"' }, []],
    [{ pageSize: '2', page: '3' }, [904]],
    [{ pageSize: '2', page: '9' }, []],
  ])('with %j holds %j', (query, ids) => {
    expect(idsOf(query)).toEqual(ids);
  });

  test('has 25 rows where no page size is asked, and a Link to the next page', () => {
    const many = sandboxOf({ additions: Array.from({ length: 26 }, (_, index) => additionRow({ id: 900 + index })) });
    const { body, link } = ask(many, 'GET', additions);
    expect(body).toHaveLength(25);
    expect(link).toBe(`<https://sandbox.invalid${additions}?page=2>; rel="next", <https://sandbox.invalid${additions}?page=2>; rel="last"`);
  });

  test('shows only the fields that are asked for', () => {
    expect(ask(state, 'GET', `${additions}/900`, null, { fields: 'id,quantity' }).body).toEqual({ id: 900, quantity: 0 });
  });

  test('refuses conditions that it does not understand, rather than showing everything', () => {
    expect(ask(state, 'GET', additions, null, { conditions: 'serialNumber ~ x' }).status).toBe(400);
  });

  test('of another agreement is not found, and that of an unknown path neither', () => {
    expect(ask(state, 'GET', '/finance/agreements/13/additions').status).toBe(404);
    expect(ask(state, 'GET', '/finance/nothing').status).toBe(404);
  });
});

describe('a fault', () => {
  const applying: readonly FaultKind[] = ['timeout after applying', '500 after', 'malformed', 'wrong id', 'empty', 'html'];

  test.each(FAULTS)('"%s" meets the requests it names, as often as it says, and applies or not', (kind) => {
    const faults = [{ match: { method: 'POST', path: '/additions' }, kind, times: 1 }];
    const read = answer({ ...sandboxOf(), faults }, { method: 'GET', path: additions, query: {}, headers, body: null });
    expect([read.fault, read.answer?.status]).toEqual([null, 200]);
    const once = answer(read.state, { method: 'POST', path: additions, query: {}, headers, body: created?.body as Json });
    expect([once.fault, once.state.ledger.length, once.state.faults]).toEqual([kind, applying.includes(kind) ? 1 : 0, []]);
    const twice = answer(once.state, { method: 'POST', path: additions, query: {}, headers, body: created?.body as Json });
    expect([twice.fault, twice.answer?.status]).toEqual([null, 201]);
  });

  test.each<[FaultKind, object | null]>([
    ['timeout after applying', null],
    ['429', { status: 429, headers: { 'retry-after': '1' } }],
    ['500 before', { status: 500 }],
    ['500 after', { status: 500 }],
    ['malformed', { status: 201, body: undefined }],
    ['wrong id', { status: 201, body: { id: 1_000_042 } }],
    ['empty', { status: 201, body: undefined, text: '' }],
    ['html', { status: 201, body: undefined }],
  ])('"%s" answers %j', (kind, expected) => {
    const faults = [{ match: { method: null, path: null }, kind, times: 2 }];
    const { answer: answered } = answer(
      { ...sandboxOf(), faults },
      { method: 'POST', path: additions, query: {}, headers, body: created?.body as Json },
    );
    if (expected === null) expect(answered).toBeNull();
    else expect(answered).toMatchObject(expected);
  });
});

function ask(state: SandboxState, method: PsaRequest['method'], path: string, body: Json = null, query: Record<string, string> = {}) {
  const handled = answer(state, { method, path, query, headers, body });
  return { state: handled.state, status: handled.answer?.status, body: handled.answer?.body, link: handled.answer?.headers['link'] };
}
