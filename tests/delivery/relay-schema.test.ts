import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { pageTo, outgoing } from '../support/relay-page';
import { published, schemaText } from '../support/schemas';

const ajv = new Ajv2020({ strict: true });
addFormats(ajv);
const envelope = ajv.compile(JSON.parse(readFileSync(published.envelope.file, 'utf8')) as object);
const answer = ajv.compile(JSON.parse(readFileSync(published.answer.file, 'utf8')) as object);

test.each([published.envelope, published.answer])('the published $title is the one that the page reads with', (one) => {
  expect(readFileSync(one.file, 'utf8')).toBe(schemaText(one));
});

describe('an envelope', () => {
  test.each([outgoing(), outgoing({ key: 'read-1', method: 'GET', body: null, query: { page: '1' } })])(
    'as it leaves is taken',
    async (request) => {
      const sent = await captured(request);
      expect([envelope(sent), envelope.errors]).toEqual([true, null]);
    },
  );

  test('is refused with a field too many, a missing one, or another type', async () => {
    const sent = await captured(outgoing());
    const { line, ...data } = sent.data;
    expect(
      [
        { ...sent, authorization: 'x' },
        { ...sent, data },
        { ...sent, data: { ...data, line: 7 } },
      ].map((one) => envelope(one)),
    ).toEqual([...[false, false, false]]);
    expect(line).toBe('Business');
  });
});

test.each<[unknown, 'psa' | 'relay']>([
  [{ status: 201, body: { id: 7 } }, 'psa'],
  [{ status: 204, body: null, headers: { 'Retry-After': 7 } }, 'psa'],
  [{ status: 200, body: [], note: 'more is ignored' }, 'psa'],
  [{ status: 200 }, 'relay'],
  [{ status: '200', body: {} }, 'relay'],
  [{ status: 0, body: {} }, 'relay'],
  [{ status: 200, body: {}, headers: 'none' }, 'relay'],
  [{ id: 7 }, 'relay'],
  [null, 'relay'],
])('the page takes the answer %j for one of the %s, as the schema says', async (text, from) => {
  const page = pageTo('http://relay.test', { fetch: () => Promise.resolve(Response.json(text)) });
  expect(await page.send(outgoing())).toMatchObject({ kind: 'answered', from });
  expect(answer(text)).toBe(from === 'psa');
});

async function captured(request: ReturnType<typeof outgoing>): Promise<{ readonly data: Readonly<Record<string, unknown>> }> {
  let text = '';
  const fetch: typeof globalThis.fetch = (_, init) => {
    text = typeof init?.body === 'string' ? init.body : '';
    return Promise.resolve(Response.json({ status: 200, body: null }));
  };
  await pageTo('http://relay.test', { fetch }).send(request);
  return JSON.parse(text) as { readonly data: Readonly<Record<string, unknown>> };
}
