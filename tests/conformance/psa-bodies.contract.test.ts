import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { ALONE, SYNC_OPTIONS, isRecurring, type Change, type RequestDraft, type SyncOption } from '../../src/domain/change';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaRequest } from '../../src/psa/psa';
import { fixtures } from '../psa/fixtures/index.ts';
import { journeysOf, linesIn } from '../psa/journeys.ts';
import { asObjectOrList, bodyCheckOf, closedContract, misspeltIn } from '../support/contract.ts';
import { chargeChange, createChange, d, endChange, exportChange, keyOf, NOTHING, sendable, updateChange } from '../support/plans.ts';

/** Every change that a PSA must be able to say, under each option. */
function changesOf(option: SyncOption): readonly (readonly [string, Change])[] {
  const lineKey = keyOf('business', option);
  const product = { id: null, identifier: '', use: 'product-advanced' };
  if (!isRecurring(option)) {
    return [
      ['charge', chargeChange({ lineKey })],
      ['charge without a cost', chargeChange({ lineKey, after: { ...chargeChange().after, cost: null } })],
      ['charge of a product that is exported first', chargeChange({ lineKey, product })],
      ['charge of a product known by its identifier', chargeChange({ lineKey, product: { id: null, identifier: 'PFPT-BUS', use: null } })],
      ['credit', chargeChange({ lineKey, after: { ...chargeChange().after, quantity: d('-3') } })],
    ];
  }
  return [
    ['create', createChange({ lineKey })],
    ['create without a cost', createChange({ lineKey, after: { ...createChange().after, cost: null } })],
    ['create of a product that is exported first', createChange({ lineKey, product })],
    ['create of a product known by its identifier', createChange({ lineKey, product: { id: null, identifier: 'PFPT-BUS', use: null } })],
    ['update of the quantity', updateChange({ lineKey })],
    ['update of everything', updateChange({ lineKey, after: { ...createChange().after, quantity: d('1'), price: d('45') } })],
    ['update of a line that is found first', updateChange({ lineKey, lineId: null })],
    ['adoption', updateChange({ lineKey, adopt: true })],
    ['end by date', endChange({ lineKey })],
    ['end by quantity', endChange({ lineKey, how: 'zero', after: { ...NOTHING, quantity: d('0') } })],
    ['end of a line that is found first', endChange({ lineKey, lineId: null })],
  ];
}

describe('connectwise, under every option', () => {
  const adapter = connectwise;
  const check = bodyCheckOf(closedContract('connectwise'));
  const cases = [
    ...SYNC_OPTIONS.flatMap((option) => changesOf(option).map(([name, change]) => [option, name, change] as const)),
    ['before the lines', 'export', exportChange()] as const,
    [
      'before the lines',
      'export for one time',
      exportChange({ product: { ...exportChange().product, term: 'one time', unit: '5', price: null, cost: null } }),
    ] as const,
  ];

  test.each(cases)('%s, %s: every body is what the contract takes', (_option, _name, change) => {
    for (const request of requestsOf(change)) expect(check(request.method, request.path, sent(request.body))).toEqual([]);
  });

  test.each(cases)('%s, %s: a misspelt field in any object of the body, or an object for a list, is refused', (_option, _name, change) => {
    const writes = requestsOf(change).filter(({ operation }) => operation !== 'read');
    expect(writes.length).toBe(1);
    for (const request of writes) {
      expect(letThrough(check, request.method, request.path, sent(request.body))).toEqual([]);
      expect(check(request.method, request.path, asObjectOrList(sent(request.body)))).not.toEqual([]);
    }
  });

  function requestsOf(change: Change): readonly RequestDraft[] {
    const made = adapter.requests(change, ALONE);
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return made.value;
  }
});

describe.each(fixtures.map((fixture) => [fixture.adapter.id, fixture] as const))('%s', (psa, fixture) => {
  const { adapter, someId, agreementId, companyId, lineIds } = fixture;
  const check = bodyCheckOf(closedContract(psa));
  const requests = journeysOf(fixture).flatMap((journey) =>
    journey
      .plans(linesIn(fixture, fixture.sandbox(journey.held)))
      .flatMap((plan) => plan.requests.map((request) => [`${journey.name}: ${request.operation}`, sendable(request)] as const)),
  );

  test.each(requests)('%s: the body is what the contract takes', (_name, { method, path, body }) => {
    expect(check(method, path, sent(body, someId))).toEqual([]);
  });

  test.each(requests.filter(([, { body }]) => body !== null))(
    '%s: a misspelt field in any object of the body, or a list for an object, is refused',
    (_name, { method, path, body }) => {
      expect(letThrough(check, method, path, sent(body, someId))).toEqual([]);
      expect(check(method, path, asObjectOrList(sent(body, someId)))).not.toEqual([]);
    },
  );

  test('every read is an operation of the contract', () => {
    const { read, can } = adapter;
    const readings: readonly { readonly request: PsaRequest }[] = [
      ...[read.companies(), read.agreements(companyId), read.products(), read.productsByReference('x', 'y')],
      ...(can.readBack ? [read.lines(agreementId), ...(can.oneTime ? [read.oneTimeLines(agreementId)] : [])] : []),
      ...[...Object.values(read.lookups()), { request: read.test() }],
    ];
    for (const { request } of readings)
      expect([request.path, check(request.method, request.path, request.body)]).toEqual([request.path, []]);
  });

  test.each(['recurring', 'one-time'] as const)('the removal of a %s line is an operation of the contract, where there is one', (kind) => {
    const removal = adapter.removal({ agreementId, lineId: lineIds[0], kind });
    expect(removal === null ? [] : check(removal.method, removal.path, removal.body)).toEqual([]);
  });
});

/** A body as it leaves: an id that an earlier request yields is a number by then. */
function sent(body: Json, id: Json = 41): Json {
  if (typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return (body as readonly Json[]).map((value) => sent(value, id));
  if ('$use' in body) return id;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, sent(value, id)]));
}

/** The places of a misspelt field that the contract lets through. */
function letThrough(check: ReturnType<typeof bodyCheckOf>, method: string, path: string, body: Json): readonly string[] {
  return misspeltIn(body).flatMap(([where, spoiled]) => (check(method, path, spoiled).length === 0 ? [where] : []));
}
