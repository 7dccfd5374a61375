import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import type { PlanRequest } from '../../src/domain/plan';
import { connectwise } from '../../src/psa/connectwise';
import { answer } from '../../src/sandbox';
import type { Row } from '../../src/sandbox/sandbox';
import {
  additionRow,
  chargeChange,
  createChange,
  endChange,
  exportChange,
  keyOf,
  planOf,
  sendable,
  sandboxOf,
  updateChange,
} from '../support/plans.ts';

const authorization = { authorization: 'Basic eDp5', clientid: 'x' };

const writes: readonly (readonly [string, Change, Row[]])[] = [
  ['create', createChange(), []],
  ['update', updateChange(), [additionRow()]],
  ['adoption', updateChange({ adopt: true }), [additionRow({ serialNumber: '' })]],
  ['end by date', endChange(), [additionRow()]],
  ['end by quantity', endChange({ how: 'zero' }), [additionRow()]],
  ['charge', chargeChange(), []],
  ['export', exportChange(), []],
];

describe.each(writes)('the answer to a %s', (name, change, additions) => {
  const request = requestOf(change);
  const { answer: answered } = answer(sandboxOf({ additions }), { ...sendable(request), headers: authorization });
  if (answered === null) throw new Error('the sandbox did not answer');
  const stored = answered.body as Row;

  test('proves it when it is the stored record', () => {
    const id = stored['id'] as number;
    const yielded = name === 'export' ? { 'product-advanced': id } : {};
    expect(connectwise.prove(request, answered)).toEqual({ lineId: String(id), yielded });
  });

  test.each([
    ['nothing', undefined],
    ['an empty record', {}],
    ['a list', [stored]],
    ['a record without an id', { ...stored, id: undefined }],
    ['a record with an id of 0', { ...stored, id: 0 }],
  ])('proves nothing when it is %s', (_what, body) => {
    expect(connectwise.prove(request, { ...answered, body })).toBeNull();
  });

  test.each([199, 300, 400, 500])('proves nothing with status %i', (status) => {
    expect(connectwise.prove(request, { ...answered, status })).toBeNull();
  });

  test('proves nothing when any number, date or key that was sent came back otherwise', () => {
    for (const { field, equals } of connectwise.evidence(request)?.after ?? []) {
      const other = typeof equals === 'number' ? equals + 1 : field.endsWith('Date') ? '2019-01-01T00:00:00Z' : 'something else';
      expect({ field, proof: connectwise.prove(request, { ...answered, body: { ...stored, [field]: other } }) }).toEqual({
        field,
        proof: null,
      });
      expect({ field, proof: connectwise.prove(request, { ...answered, body: { ...stored, [field]: null } }) }).toEqual({
        field,
        proof: null,
      });
    }
  });
});

test('another line is no proof, even with the same numbers', () => {
  const stored = additionRow({ quantity: 15 });
  expect(connectwise.prove(requestOf(updateChange()), { status: 200, headers: {}, body: { ...stored, id: 901 } })).toBeNull();
  expect(connectwise.prove(requestOf(updateChange()), { status: 200, headers: {}, body: { ...stored, agreementId: 13 } })).toBeNull();
  expect(connectwise.prove(requestOf(updateChange()), { status: 200, headers: {}, body: stored })).toEqual({ lineId: '900', yielded: {} });
});

describe('a read for a line with our key', () => {
  const [read] = planOf([updateChange({ lineId: null })]).requests;
  if (read === undefined) throw new Error('no read');
  const name = `addition-${keyOf('business')}`;
  const ended = additionRow({ id: 800, cancelledDate: '2020-06-30T00:00:00Z' });
  const proofOf = (body: unknown) => connectwise.prove(read, { status: 200, headers: {}, body });

  test('yields the open one', () => {
    expect(proofOf([ended, additionRow(), additionRow({ id: 7, serialNumber: 'other' })])).toEqual({
      lineId: '900',
      yielded: { [name]: 900 },
    });
  });

  test('yields the only one, though it ended: the read before the write sees that', () => {
    expect(proofOf([ended])).toEqual({ lineId: '800', yielded: { [name]: 800 } });
  });

  test.each([
    ['none is there', []],
    ['two are open', [additionRow(), additionRow({ id: 901 })]],
    ['two ended', [ended, { ...ended, id: 801 }]],
    ['a row is not understood', [additionRow(), { id: 'x' }]],
    ['the answer is no list', additionRow()],
  ])('yields nothing when %s', (_what, body) => {
    expect(proofOf(body)).toBeNull();
  });
});

function requestOf(change: Change): PlanRequest {
  const request = planOf([change]).requests.at(-1);
  if (request === undefined) throw new Error('no request');
  return request;
}
