import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import type { PsaRequest } from '../../src/psa/psa';
import { answer, sandboxes } from '../../src/sandbox';
import type { FaultKind, Sandbox } from '../../src/sandbox/sandbox';
import type { PsaFixture } from './fixture.ts';
import { fixtures } from './fixtures/index.ts';
import { signed } from './journeys.ts';

/** What goes wrong, and what the PSA answers to it: status, body, its own headers, and the words that the partner reads. */
interface Refusal {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly says: string;
}
const WRONGS = ['strangers', 'a path that is none', 'a wrong write', 'one too many', 'a failure'] as const;
type Wrong = (typeof WRONGS)[number];

const envelope = (status: number, message: string, sub: readonly string[] = []) => ({
  ...{ status, says: [message, ...sub].join('; ') },
  body: { Success: false, Error: { Code: status, Message: message, Details: null, StackStrace: null, SubErrors: sub }, Result: null },
});
const invalidField = { code: 'InvalidField', message: 'The quantity field is not valid.', resource: 'addition', field: 'quantity' };
const graphql = (message: string) => ({ message, path: ['createClientContract'], extensions: { classification: 'DataFetchingException' } });

/** A write that each PSA must refuse, and every refusal as that PSA words it. */
const REFUSALS: Readonly<Record<string, { readonly write: Partial<PsaRequest>; readonly of: Readonly<Record<Wrong, Refusal>> }>> = {
  connectwise: {
    write: { path: '/finance/agreements/12/additions', body: { product: { id: 41 }, billCustomer: 'Billable', quantity: 'x' } },
    of: {
      strangers: {
        status: 401,
        body: { code: 'Unauthorized', message: 'Provide valid credentials.', errors: null },
        says: 'Unauthorized: Provide valid credentials.',
      },
      'a path that is none': {
        status: 404,
        body: { code: 'NotFound', message: '/nowhere was not found', errors: null },
        says: 'NotFound: /nowhere was not found',
      },
      'a wrong write': {
        status: 400,
        body: { code: 'InvalidObject', message: 'addition object is invalid', errors: [invalidField] },
        says: 'InvalidObject: addition object is invalid; quantity: The quantity field is not valid.',
      },
      'one too many': {
        status: 429,
        body: { error: 'TooManyRequests', message: 'Too many requests.' },
        headers: { 'retry-after': '60' },
        says: 'TooManyRequests: Too many requests.',
      },
      'a failure': {
        status: 500,
        body: { code: 'InternalServerError', message: 'Something went wrong.', errors: null },
        says: 'InternalServerError: Something went wrong.',
      },
    },
  },
  autotask: {
    write: { path: '/V1.0/ContractServiceAdjustments', body: { contractID: 12, serviceID: 41, unitChange: 1.5 } },
    of: {
      strangers: said(401, 'Authorization failed: apiintegrationcode is missing.'),
      'a path that is none': said(404, 'POST /nowhere was not found.'),
      'a wrong write': said(500, 'Missing Required Field: effectiveDate', 'Invalid value or length for unitChange.'),
      'one too many': said(429, 'The request threshold of the database was exceeded.'),
      'a failure': said(500, 'An internal error occurred.'),
    },
  },
  halopsa: {
    write: { path: '/Item', body: [{ description: 'x' }] },
    of: {
      strangers: { status: 401, body: { error: 'The access token is not valid.' }, says: 'The access token is not valid.' },
      'a path that is none': { status: 404, body: { message: '/nowhere was not found.' }, says: '/nowhere was not found.' },
      'a wrong write': {
        status: 400,
        body: { message: 'An item needs a name and an item group.' },
        says: 'An item needs a name and an item group.',
      },
      'one too many': { status: 429, body: { message: 'Too many requests.' }, says: 'Too many requests.' },
      'a failure': {
        status: 500,
        body: { ClassName: 'System.Exception', Message: 'Something went wrong' },
        says: 'Something went wrong: System.Exception',
      },
    },
  },
  'kaseya-bms': {
    write: { path: '/v2/finance/contracts/recurringservices/12/services', body: [{ ServiceId: 41, UnitPrice: 3, Units: 1 }] },
    of: {
      strangers: envelope(401, 'The token is not valid.'),
      'a path that is none': envelope(404, 'POST /nowhere was not found.'),
      'a wrong write': envelope(200, 'The service is not valid.', ['EffectiveDate: it is required.']),
      'one too many': envelope(429, 'The number of requests an hour was exceeded.'),
      'a failure': envelope(500, 'Something went wrong.'),
    },
  },
  syncro: {
    write: { path: '/products', body: { name: '', description: '' } },
    of: {
      strangers: { status: 401, body: { error: 'Not authorized' }, says: 'Not authorized' },
      'a path that is none': { status: 404, body: { error: 'Not found' }, says: 'Not found' },
      'a wrong write': {
        status: 422,
        body: {
          ...{ success: false, message: ["Name can't be blank", "Description can't be blank"] },
          params: { name: '', description: '' },
        },
        says: "Name can't be blank; Description can't be blank",
      },
      'one too many': { status: 429, body: { error: 'Rate limit exceeded' }, says: 'Rate limit exceeded' },
      'a failure': { status: 500, body: { error: 'Something went wrong' }, says: 'Something went wrong' },
    },
  },
  superops: {
    write: {
      path: '/msp',
      body: {
        operationName: 'createClientContract',
        query: 'mutation createClientContract($input: CreateClientContractInput!) { createClientContract(input: $input) }',
        variables: { input: { startDate: '2021-01-01', contract: { billableContract: null } } },
      },
    },
    of: {
      strangers: { status: 401, body: { errors: [{ message: 'Unauthorized' }] }, says: 'Unauthorized' },
      'a path that is none': { status: 404, body: { errors: [{ message: 'Not found' }] }, says: 'Not found' },
      'a wrong write': {
        status: 200,
        body: { data: null, errors: ['input.client is missing', 'input.contract.billableContract is missing'].map(graphql) },
        says: 'input.client is missing; input.contract.billableContract is missing',
      },
      'one too many': { status: 429, body: { errors: [{ message: 'Too many requests' }] }, says: 'Too many requests' },
      'a failure': {
        status: 500,
        body: { data: null, errors: [{ message: 'Internal server error', extensions: { classification: 'INTERNAL_ERROR' } }] },
        says: 'Internal server error',
      },
    },
  },
};

describe('in the words of the PSA', () => {
  test.each(fixtures.flatMap((fixture) => WRONGS.map((wrong) => [fixture.adapter.id, wrong, fixture] as const)))(
    '%s answers %s, and the partner reads it',
    (id, wrong, fixture) => {
      const { write, of } = REFUSALS[id] ?? never();
      const { status, body, headers = {}, says } = of[wrong];
      const heard = meet(fixture, wrong, { method: 'POST', query: {}, headers: {}, path: '', body: null, ...write });
      const { 'content-type': _, ...own } = heard.headers;
      expect([heard.status, own, heard.body]).toEqual([status, headers, body]);
      expect(JSON.parse(heard.text)).toEqual(body);
      expect(fixture.adapter.message(heard)).toBe(says);
      if (status < 300) expect(fixture.adapter.refuses(heard)).toBe(true);
    },
  );
});

function meet(fixture: PsaFixture, wrong: Wrong, write: PsaRequest) {
  const faults: Partial<Record<Wrong, FaultKind>> = { 'a failure': '500 before' };
  const kind = faults[wrong];
  let state = fixture.sandbox();
  if (kind !== undefined) state = { ...state, faults: [{ match: { method: null, path: null }, kind, times: 1 }] };
  const asked = wrong === 'a path that is none' ? { ...write, path: '/nowhere' } : write;
  const request = wrong === 'strangers' ? asked : signed(fixture, asked);
  const now = new Date(0);
  if (wrong === 'one too many') {
    const { most } = sandboxOf(fixture).rate;
    const [kindOf] = Object.keys(answer(state, request, { now }).state.taken ?? {});
    state = { ...state, taken: { [kindOf ?? '']: [{ begin: 0, count: most }] } };
  }
  return answer(state, request, { now }).answer ?? never();
}

function said(status: number, ...errors: readonly string[]): Refusal {
  return { status, body: { errors }, says: errors.join('; ') };
}

function sandboxOf({ adapter, sandboxes: own = sandboxes }: PsaFixture): Sandbox {
  return own.find(({ psa }) => psa === adapter.id) ?? never();
}

function never(): never {
  throw new Error('it is there');
}
