import { describe, expect, test } from 'vitest';
import { problem } from '../../src/domain/problem';
import { err } from '../../src/domain/result';
import { channels } from '../../src/delivery';
import { createPace } from '../../src/delivery/pace';
import { answer, sandboxes } from '../../src/sandbox';
import { take } from '../../src/sandbox/rate';
import type { Sandbox, SandboxState, Taken } from '../../src/sandbox/sandbox';
import { connectionOf, createClock } from '../delivery/scene';
import type { PsaFixture } from '../psa/fixture.ts';
import { fixtures } from '../psa/fixtures/index.ts';
import { signed } from '../psa/journeys.ts';
import { everyPsa } from './customer.ts';

describe.each(everyPsa)('the rate limit of %s', (_, fixture) => {
  const { adapter } = fixture;
  const { rate } = sandboxOf(fixture);
  const reading = adapter.read.companies();
  const request = signed(fixture, reading.request);
  const ask = (state: SandboxState, at: number) => answer(state, request, { among: fixture.sandboxes, now: new Date(at) });
  const more = (taken: Taken, now: Date) => {
    const next = take(rate, taken, request, now);
    return 'taken' in next ? next.taken : null;
  };
  const full = () => {
    let taken: Taken = {};
    for (let n = 0; n < rate.most; n += 1) taken = more(taken, new Date(1_000)) ?? never();
    return { ...fixture.sandbox(), taken };
  };

  test('takes as many as it says within its span, refuses the next one without counting it, and takes one again after the span', () => {
    const state = full();
    const refused = ask(state, rate.seconds * 1000 - 1);
    expect([refused.answer?.status, refused.fault]).toEqual([429, null]);
    expect(refused.state).toBe(state);
    const seconds = Number(refused.answer?.headers['retry-after'] ?? 60);
    expect(reading.parse(refused.answer ?? never(), request)).toEqual(err([problem('rate limit', { seconds })]));
    expect(ask(state, 1_000 + rate.seconds * 1000).answer?.status).toBe(200);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test('spends no fault on a request that is one too many', () => {
    const faults = [{ match: { method: null, path: null }, kind: '500 before' as const, times: 1 }];
    expect(ask({ ...full(), faults }, 1_000)).toMatchObject({ answer: { status: 429 }, state: { faults } });
  });

  test('is not met by a sender that keeps the pace of the adapter', async () => {
    const clock = createClock('2021-01-03T09:00:00.000Z');
    const end = clock.now().getTime() + rate.seconds * 1_200;
    const { signal } = new AbortController();
    const wait = (milliseconds: number) => {
      clock.pass(milliseconds);
      return Promise.resolve();
    };
    const pace = createPace({ connection: { rateLimit: 100_000 }, adapter, starts: [], signal, now: clock.now, wait });
    let taken: Taken = {};
    let asked = 0;
    for (; clock.now().getTime() < end; asked += 1) {
      await pace.turn();
      taken = more(taken, clock.now()) ?? never();
    }
    expect(asked).toBeGreaterThan(adapter.limits.requestsPerMinute);
  });
});

test('a PSA that counts each endpoint apart still takes another one', () => {
  const fixture = fixtures.find(({ adapter }) => adapter.id === 'kaseya-bms') ?? never();
  const ask = (state: SandboxState, path: string) =>
    answer(state, signed(fixture, { method: 'GET', path, query: {}, headers: {}, body: null }), { now: new Date(0) });
  const account = (id: number) => `/v2/crm/accounts/summary/${String(id)}`;
  let state = fixture.sandbox();
  for (let n = 0; n < 1500; n += 1) state = ask(state, account(n)).state;
  expect(['/v2/crm/accounts/summary', account(7)].map((path) => ask(state, path).answer?.status)).toEqual([200, 429]);
});

test('the PSA inside the page counts by the clock of the workspace, and keeps the count with its state', async () => {
  const fixture = fixtures.find(({ adapter }) => adapter.id === 'syncro') ?? never();
  let state: unknown = { ...fixture.sandbox(), taken: { all: [{ begin: 0, count: 179 }] } };
  const { request } = fixture.adapter.read.companies();
  const channel = channels.sandbox.open({
    ...{ connection: connectionOf({ psa: 'syncro', protocol: 'sandbox' }), signIn: null, credentials: {}, fetch, timeout: 1 },
    authorization: { Authorization: 'Bearer demo' },
    now: () => new Date(0),
    sandbox: (change) => {
      ({ state } = change(state));
      return Promise.resolve();
    },
  });
  const ask = async () => {
    const exchange = await channel.send({ ...request, key: 'k', body: null, line: 'read' });
    return exchange.kind === 'answered' ? exchange.answer.status : null;
  };
  expect([await ask(), await ask()]).toEqual([200, 429]);
});

function sandboxOf({ adapter, sandboxes: own = sandboxes }: PsaFixture): Sandbox {
  return own.find(({ psa }) => psa === adapter.id) ?? never();
}

function never(): never {
  throw new Error('it is there');
}
