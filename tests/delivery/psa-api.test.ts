import { expect, it } from 'vitest';
import { addressOf, psaApi } from '../../src/delivery/psa-api';
import type { Outgoing } from '../../src/delivery/channel';
import * as scene from './scene';

const request: Outgoing = {
  key: 'k',
  method: 'POST',
  path: '/finance/agreements/10/additions',
  query: { conditions: 'a+b=1 AND c' },
  headers: { Accept: 'x' },
  body: '{}',
  line: 'l',
};

it('escapes the query, a plus and spaces included, and joins the base with one slash', () => {
  expect(addressOf('https://psa.test/apis/3.0/', request)).toBe(
    'https://psa.test/apis/3.0/finance/agreements/10/additions?conditions=a%2Bb%3D1%20AND%20c',
  );
});

it('is a call that no browser repeats elsewhere, caches or decorates with cookies', async () => {
  let init: RequestInit | undefined;
  await channelOf((_, given) => {
    init = given;
    return Promise.resolve(new Response('{}'));
  }).send(request);
  const { signal, ...rest } = init ?? {};
  expect(signal).toBeInstanceOf(AbortSignal);
  expect(rest).toEqual({
    ...{ method: 'POST', body: '{}', redirect: 'error', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' },
    headers: { 'Content-Type': 'application/json', Accept: 'x', Authorization: 'Basic abc' },
  });
});

it('reads no more than a megabyte of an answer', async () => {
  const send = channelOf(() => Promise.resolve(new Response('x'.repeat(1_048_577)))).send;
  expect(await send(request)).toEqual({ kind: 'no answer', reason: 'answer is too large' });
});

it('answers with lower-case header names and the parsed body, or none where it is not JSON', async () => {
  const send = channelOf(() => Promise.resolve(new Response('<html>', { status: 502, headers: { 'Retry-After': '3' } }))).send;
  expect(await send(request)).toEqual({
    ...{ kind: 'answered', from: 'psa', text: '<html>' },
    answer: { status: 502, headers: { 'content-type': 'text/plain;charset=UTF-8', 'retry-after': '3' }, body: undefined },
  });
});

function channelOf(fetch: typeof globalThis.fetch) {
  const connection = scene.connectionOf({ url: 'https://psa.test' });
  return psaApi.open({
    ...{ connection, signIn: null, authorization: { Authorization: 'Basic abc' }, credentials: {}, fetch, timeout: 1000 },
    ...{ now: () => new Date(scene.NOW), sandbox: () => Promise.resolve() },
  });
}
