import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { adapters } from '../../src/psa';
import { EnvelopeSchema } from '../../src/domain/envelope';
import { outgoing, pageTo, SECRET } from '../support/relay-page';

const ORIGIN = 'https://tallyline.example.com';
const PSA = { url: 'https://psa.test/api/', headers: { Authorization: 'Basic of-the-relay' } };
const doc = readFileSync('docs/relay.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'relay-recipes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A recipe as the page's fetch sees it: a function from a web Request to a web Response. */
type Platform = (receive: typeof fetch, secret: string) => Promise<(request: Request) => Promise<Response>>;

const platforms: readonly (readonly [string, Platform])[] = [
  ['the Cloudflare Worker', worker],
  ['the Azure Function', azure],
  ['the n8n workflow', n8n],
  ['the Azure Function with a flow of Power Automate behind it', flow],
];

describe.each(platforms)('%s of the document, behind the page', (_, platform) => {
  test('takes the signature of the page and forwards the request as it is, with its own credentials', async () => {
    const { page, forwarded } = await behind(platform);
    const request = outgoing({ query: { page: '1', q: 'a b+c' } });
    expect(await page.send(request)).toEqual({
      kind: 'answered',
      from: 'psa',
      answer: { status: 201, headers: { 'retry-after': '7' }, body: { id: 1 } },
      text: expect.any(String) as string,
    });
    expect(forwarded).toEqual([
      {
        method: 'POST',
        url: 'https://psa.test/api/finance/agreements/10/additions?page=1&q=a%20b%2Bc',
        headers: { accept: 'application/json', authorization: 'Basic of-the-relay', 'content-type': 'application/json' },
        body: '{"quantity":15}',
      },
    ]);
  });

  test('refuses another secret, an old envelope, and a key that is not the one of the envelope', async () => {
    const { page, forwarded, receive } = await behind(platform);
    const other = pageTo('https://relay.test/hook', { fetch: receive, secret: `whsec_${btoa('another secret, just as long....')}` });
    const unsigned = pageTo('https://relay.test/hook', { fetch: receive, secret: '' });
    const old = pageTo('https://relay.test/hook', { fetch: receive, now: () => new Date(Date.now() - 301_000) });
    const early = pageTo('https://relay.test/hook', { fetch: receive, now: () => new Date(Date.now() + 360_000) });
    for (const one of [other, unsigned, old, early])
      expect(await one.send(outgoing())).toMatchObject({ from: 'relay', answer: { status: 401 } });
    const swapped: typeof fetch = (address, init) =>
      receive(address, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), 'Idempotency-Key': `"tl1-${'f'.repeat(32)}"` },
      });
    const liar = pageTo('https://relay.test/hook', { fetch: swapped });
    expect(await liar.send(outgoing())).toMatchObject({ from: 'relay', answer: { status: 400 } });
    expect(forwarded).toEqual([]);
    expect(await page.send(outgoing())).toMatchObject({ from: 'psa' });
  });

  test('forwards a key once: 409 while it runs, then the stored answer, and 422 with another body', async () => {
    const { page, forwarded, psa } = await behind(platform);
    let go: (answer: Response) => void = () => undefined;
    psa.next = () => new Promise((resolve) => (go = resolve));
    const first = page.send(outgoing());
    await expect.poll(() => forwarded.length).toBe(1);
    expect(await page.send(outgoing())).toMatchObject({ from: 'relay', answer: { status: 409, headers: { 'retry-after': '5' } } });
    go(Response.json({ id: 7 }, { status: 201 }));
    const answer = await first;
    expect(answer).toMatchObject({ from: 'psa', answer: { status: 201, body: { id: 7 } } });
    expect(await page.send(outgoing())).toEqual(answer);
    expect(await page.send(outgoing({ body: '{"quantity":16}' }))).toMatchObject({ from: 'relay', answer: { status: 422 } });
    expect(forwarded).toHaveLength(1);
  });

  test('forwards it once, too, where the browser repeats it at the same moment', async () => {
    const { page, forwarded, psa } = await behind(platform);
    let go: (answer: Response) => void = () => undefined;
    psa.next = () => new Promise((resolve) => (go = resolve));
    const both = [page.send(outgoing()), page.send(outgoing())];
    expect(await Promise.race(both)).toMatchObject({ from: 'relay', answer: { status: 409 } });
    expect(forwarded).toHaveLength(1);
    go(Response.json({ id: 7 }, { status: 201 }));
    expect((await Promise.all(both)).map((one) => (one.kind === 'answered' ? one.answer.status : null)).sort()).toEqual([201, 409]);
  });

  test.each<[string, () => Response]>([
    ['a 400', () => Response.json({ message: 'No.' }, { status: 400 })],
    ['a 200 of Kaseya BMS', () => Response.json({ Success: false })],
    ['a 200 of GraphQL', () => Response.json({ errors: [{ message: 'No.' }], data: { createClientContract: null } })],
  ])('forgets a key after a refusal, as in %s', async (_name, refusal) => {
    const { page, forwarded, psa } = await behind(platform);
    psa.next = () => Promise.resolve(refusal());
    expect(await page.send(outgoing())).toMatchObject({ from: 'psa', answer: { status: refusal().status } });
    expect(await page.send(outgoing({ body: '{"quantity":16}' }))).toMatchObject({ from: 'psa', answer: { status: 201 } });
    expect(forwarded).toHaveLength(2);
  });

  test.each<[string, () => Promise<Response>, number, 'psa' | 'relay']>([
    ['a 500', () => Promise.resolve(new Response('oops', { status: 500 })), 500, 'psa'],
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 502, 'relay'],
  ])('keeps the doubt of %s and does not forward it again', async (_name, next, status, from) => {
    const { page, forwarded, psa } = await behind(platform);
    psa.next = next;
    expect(await page.send(outgoing())).toMatchObject({ from, answer: { status } });
    expect(await page.send(outgoing())).toMatchObject({ from, answer: { status } });
    expect(forwarded).toHaveLength(1);
  });

  test('takes a key that runs for more than a minute for a doubt: the relay died', async () => {
    const { page, forwarded, psa } = await behind(platform);
    psa.next = () => new Promise(() => undefined);
    void page.send(outgoing());
    await expect.poll(() => forwarded.length).toBe(1);
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await page.send(outgoing())).toMatchObject({ from: 'relay', answer: { status: 502 } });
    expect(forwarded).toHaveLength(1);
  });

  test('asks anew for every read', async () => {
    const { page, forwarded } = await behind(platform);
    const reads = [outgoing({ key: 'read-1', method: 'GET', body: null }), outgoing({ key: 'read-2', body: '{"query":"{ items }"}' })];
    for (const read of [...reads, ...reads]) expect(await page.send(read)).toMatchObject({ from: 'psa', answer: { status: 201 } });
    expect(forwarded.map(({ method, body }) => [method, body])).toEqual([
      ...[['GET', null] as const, ['POST', '{"query":"{ items }"}'] as const],
      ...[['GET', null] as const, ['POST', '{"query":"{ items }"}'] as const],
    ]);
  });
});

describe.each(platforms.slice(0, 2))('%s', (_, platform) => {
  test('answers the preflight and every answer with the headers of the document', async () => {
    const { ask } = await behind(platform);
    const [, said = ''] = /Your answer, 204[^]*?```\n([^]*?)```/.exec(doc) ?? [];
    const told = said
      .trim()
      .split('\n')
      .map((line) => line.split(': ') as [string, string]);
    expect(told).toHaveLength(5);
    const preflight = await ask(new Request('https://relay.test/hook', { method: 'OPTIONS', headers: { origin: ORIGIN } }));
    const refused = await ask(new Request('https://relay.test/hook', { method: 'POST', body: '{}' }));
    expect([preflight.status, refused.status]).toEqual([204, 401]);
    for (const answer of [preflight, refused]) expect(told.map(([name]) => [name, answer.headers.get(name)])).toEqual(told);
  });

  test('signs in before the first request, and once more after a 401', async () => {
    const { page, forwarded, psa } = await behind(platform, {
      signIn: { url: 'https://psa.test/auth', encoding: 'urlencoded', form: { client_id: 'me' }, token: 'Result.AccessToken' },
    });
    let tokens = 0;
    psa.always = ({ url, headers }) => {
      if (url.endsWith('/auth')) return Response.json({ Result: { AccessToken: `token-${(tokens += 1)}` } });
      return headers['authorization'] === 'Bearer token-2' ? Response.json({ id: 1 }, { status: 201 }) : Response.json({}, { status: 401 });
    };
    expect(await page.send(outgoing())).toMatchObject({ from: 'psa', answer: { status: 201 } });
    expect(forwarded.map(({ url }) => url.replace(/.*\//, ''))).toEqual(['auth', 'additions', 'auth', 'additions']);
    expect(forwarded[0]).toMatchObject({ body: 'client_id=me' });
  });
});

test.each<[string, () => Response, number, number]>([
  ['says that it sent nothing: the key is forgotten', () => Response.json({ sent: false }), 503, 2],
  ['did not answer in time, as the platform says it', () => Response.json({ error: { code: 'NoResponse' } }, { status: 502 }), 502, 1],
  ['goes on without an answer', () => new Response(null, { status: 202 }), 502, 1],
])('a flow that %s', async (_name, said, status, runs) => {
  let asked = 0;
  const { page } = await behind((_reach, secret) => {
    settings = { flow: 'https://flow.test/invoke' };
    return azure(() => Promise.resolve(((asked += 1), said())), secret);
  });
  for (const _ of [1, 2]) expect(await page.send(outgoing())).toMatchObject({ from: 'relay', answer: { status } });
  expect(asked).toBe(runs);
});

test('the Worker keeps a key for 13 months, and a forgotten one not at all', async () => {
  vi.useFakeTimers({ now: new Date('2026-04-03T09:00:00Z'), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { page, psa } = await behind(worker);
  await page.send(outgoing());
  expect(new Date(alarms.at(-1) ?? 0).toISOString()).toBe('2027-05-04T09:00:00.000Z');
  psa.next = () => Promise.resolve(Response.json({}, { status: 400 }));
  await page.send(outgoing({ key: `tl1-${'c'.repeat(32)}` }));
  expect(alarms.at(-1)).toBeNull();
});

test('what the document shows as an envelope is one', () => {
  const [, shown = ''] = /```json\n(\{\n {2}"type"[^]*?)```/.exec(doc) ?? [];
  expect(EnvelopeSchema.safeParse(JSON.parse(shown)).success).toBe(true);
});

test.each(adapters.map((adapter) => [adapter.words.psa, adapter] as const))(
  'the document names the headers of %s',
  (name, { placeholders, signIn }) => {
    const row = doc.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
    const basic = placeholders.basic === null ? [] : ['Authorization: Basic'];
    expect([...Object.keys(placeholders.headers), ...basic].filter((header) => !row.includes(header))).toEqual([]);
    expect(signIn === null || doc.includes(`- ${name}: \`POST`)).toBe(true);
  },
);

interface Forwarded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The page, a recipe, and a PSA that notes what reaches it. */
async function behind(platform: Platform, more: { readonly signIn?: object } = {}) {
  const forwarded: Forwarded[] = [];
  const psa: { next: (() => Promise<Response>) | null; always: (request: Forwarded) => Response } = {
    next: null,
    always: () => Response.json({ id: 1 }, { status: 201, headers: { 'retry-after': '7', 'x-other': 'dropped' } }),
  };
  const reach: typeof fetch = async (address, init) => {
    const sent = new Request(address, init);
    const request = { method: sent.method, url: sent.url, headers: Object.fromEntries(sent.headers), body: (await sent.text()) || null };
    forwarded.push(request);
    const { next } = psa;
    psa.next = null;
    return next === null ? psa.always(request) : next();
  };
  settings = { ...PSA, ...more };
  const ask = await platform(reach, SECRET);
  const receive: typeof fetch = (address, init) => ask(new Request(address, { ...init, signal: null }));
  return { page: pageTo('https://relay.test/hook', { fetch: receive }), forwarded, psa, ask, receive };
}

/** Alarms of every Durable Object, in the order they were set; null takes one away. */
const alarms: (number | null)[] = [];
let settings: object = PSA;
let runs = 0;

/** Writes the recipe's files beside stubs of what the platform provides, in a folder of its own, so nothing is shared between tests. */
async function modules(main: string, stubs: Readonly<Record<string, string>>, change = (text: string) => text): Promise<unknown> {
  const place = join(folder, String((runs += 1)));
  const files = { 'package.json': '{"type":"module"}', 'tallyline.js': recipe('tallyline.js'), [main]: change(recipe(main)), ...stubs };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return (await import(/* @vite-ignore */ pathToFileURL(join(place, main)).href)) as unknown;
}

function recipe(name: string): string {
  const [, text] = new RegExp(`<!-- file: ${name} -->\\n\\n\`\`\`js\\n([^]*?)\`\`\``).exec(doc) ?? [];
  if (text === undefined) throw new Error(`docs/relay.md has no ${name}`);
  return text;
}

/** The recipes call the global fetch, as they do on their platform. */
function reachBy(reach: typeof fetch): void {
  const own = globalThis.fetch;
  globalThis.fetch = reach;
  onTestFinished(() => {
    globalThis.fetch = own;
  });
}

async function worker(reach: typeof fetch, secret: string) {
  reachBy(reach);
  const base = 'export class DurableObject { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }';
  const module = (await modules('worker.js', { 'cloudflare-workers.js': base }, (text) =>
    text.replace("'cloudflare:workers'", "'./cloudflare-workers.js'"),
  )) as {
    readonly default: { readonly fetch: (request: Request, env: object) => Promise<Response> };
    readonly Keys: new (ctx: object, env: object) => Readonly<Record<string, (...values: unknown[]) => unknown>>;
  };
  const objects = new Map<string, InstanceType<typeof module.Keys>>();
  const KEYS = {
    idFromName: (name: string) => name,
    get: (id: string) => {
      const object = objects.get(id) ?? new module.Keys({ storage: storage(), blockConcurrencyWhile: oneByOne() }, {});
      objects.set(id, object);
      return new Proxy(object, {
        get:
          (target, name: string) =>
          async (...values: unknown[]) =>
            structuredClone(await target[name]?.(...structuredClone<unknown[]>(values))),
      });
    },
  };
  const env = { RELAY_ORIGIN: ORIGIN, RELAY_SECRET: secret, PSA: JSON.stringify(settings), KEYS };
  return (request: Request) => module.default.fetch(request, env);
}

/** A Durable Object's storage, and its gate: while one callback runs, nothing else gets in. */
function storage() {
  const values = new Map<string, unknown>();
  return {
    get: (name: string) => Promise.resolve(structuredClone(values.get(name))),
    put: async (name: string, value: unknown) => {
      values.set(name, await Promise.resolve(structuredClone(value)));
    },
    deleteAll: async () => {
      await Promise.resolve();
      values.clear();
    },
    setAlarm: (at: number) => Promise.resolve(alarms.push(at)),
    deleteAlarm: () => Promise.resolve(alarms.push(null)),
  };
}

function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next;
    return next;
  };
}

interface AzureRoute {
  readonly methods: readonly string[];
  readonly handler: (
    request: Request,
    context: { readonly error: (reason: unknown) => void },
  ) => Promise<{ readonly status: number; readonly headers: Record<string, string>; readonly jsonBody?: unknown }>;
}

async function azure(reach: typeof fetch, secret: string) {
  reachBy(reach);
  const outside: { route: AzureRoute | null } = { route: null };
  const blobs = new Map<string, string>();
  const failed = (statusCode: number) => Object.assign(new Error('RestError'), { statusCode });
  Object.assign(globalThis, {
    azureApp: { http: (_name: string, route: AzureRoute) => (outside.route = route) },
    azureBlob: (name: string) => ({
      upload: (text: string, bytes: number, { conditions }: { conditions: { ifNoneMatch?: string } }) => {
        if (conditions.ifNoneMatch === '*' && blobs.has(name)) return Promise.reject(failed(409));
        return bytes === Buffer.byteLength(text) ? Promise.resolve(void blobs.set(name, text)) : Promise.reject(failed(400));
      },
      downloadToBuffer: () => (blobs.has(name) ? Promise.resolve(Buffer.from(blobs.get(name) ?? '')) : Promise.reject(failed(404))),
      delete: () => (blobs.delete(name) ? Promise.resolve() : Promise.reject(failed(404))),
    }),
  });
  const was = { ...process.env };
  Object.assign(process.env, {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    RELAY_ORIGIN: ORIGIN,
    RELAY_SECRET: secret,
    PSA: JSON.stringify(settings),
  });
  await modules('src/functions/relay.js', {
    'node_modules/@azure/functions/package.json': '{"type":"module","exports":"./index.js"}',
    'node_modules/@azure/functions/index.js': 'export const app = globalThis.azureApp;',
    'node_modules/@azure/storage-blob/package.json': '{"type":"module","exports":"./index.js"}',
    'node_modules/@azure/storage-blob/index.js': `const { azureBlob } = globalThis;
      export const BlobServiceClient = { fromConnectionString: () => ({ getContainerClient: () => ({ getBlockBlobClient: azureBlob }) }) };`,
  });
  process.env = was;
  return async (request: Request) => {
    const { route } = outside;
    if (route === null || !route.methods.includes(request.method)) return new Response(null, { status: 404 });
    const said = await route.handler(request, { error: (reason) => expect.unreachable(String(reason)) });
    return new Response(said.jsonBody === undefined ? null : JSON.stringify(said.jsonBody), said);
  };
}

/** The steps of the flow, by hand: it knows base URL and credentials, and answers with what came, or without a status. */
async function flow(reach: typeof fetch, secret: string) {
  const address = 'https://flow.test/invoke?sig=secret';
  settings = { flow: address };
  return azure(async (to, init) => {
    const trigger = new Request(to, init);
    if (trigger.url !== address) return Response.error();
    const asked = (await trigger.json()) as Items['request'] & { readonly target: string };
    const sent = { method: asked.method, headers: { ...asked.headers, ...PSA.headers }, body: asked.body };
    return reach(`${PSA.url}${asked.target}`, sent).then(
      async (said) => {
        const headers = [...said.headers].map(([name, value]) => [name.replace(/^r/, 'R'), value] as const);
        return Response.json({ status: said.status, headers: Object.fromEntries(headers), text: await said.text() });
      },
      () => Response.json({ headers: null, text: '' }),
    );
  }, secret);
}

interface Items {
  readonly reply: { readonly status: number; readonly body: unknown } | null;
  readonly key: string;
  readonly fingerprint: string;
  readonly forgets: boolean;
  readonly request: { readonly method: string; readonly url: string; readonly headers: Record<string, string>; readonly body: string };
}

/** The nodes between the Code nodes, by hand: the two statements of PostgreSQL on a map, the HTTP Request and the answer. */
async function n8n(reach: typeof fetch, secret: string) {
  const table = new Map<string, { fingerprint: string; reply: Items['reply']; since: number }>();
  const require = createRequire(import.meta.url);
  const code = async (name: string, input: object, nodes: Readonly<Record<string, object>>, raw = ''): Promise<Items> => {
    const text = recipe(name)
      .replace('whsec_…', secret)
      .replace('https://api-na.myconnectwise.net/v4_6_release/apis/3.0', PSA.url.replace(/\/$/, ''));
    const helpers = { getBinaryDataBuffer: () => Promise.resolve(Buffer.from(raw)) };
    const one = (json: object) => ({ first: () => ({ json }) });
    const run = compileFunction(`return (async function () {${text}}).call({ helpers })`, [
      '$input',
      '$',
      'require',
      'helpers',
      'Buffer',
    ]) as (...values: unknown[]) => Promise<[{ readonly json: Items }]>;
    const [{ json }] = await run(one(input), (node: string) => one(nodes[node] ?? {}), require, helpers, Buffer);
    return JSON.parse(JSON.stringify(json)) as Items;
  };
  const respond = ({ status, body }: NonNullable<Items['reply']>) => Response.json(body, { status, headers: { 'retry-after': '5' } });
  return Promise.resolve(async (request: Request) => {
    const raw = await request.text();
    const verified = await code('n8n-verify.js', { headers: Object.fromEntries(request.headers) }, {}, raw);
    if (verified.reply !== null) return respond(verified.reply);
    const { key, fingerprint } = verified;
    const found = table.get(key);
    if (found === undefined) table.set(key, { fingerprint, reply: null, since: Date.now() });
    const claim = {
      ...(found ?? { fingerprint, reply: null }),
      fresh: found === undefined,
      age: (Date.now() - (found?.since ?? Date.now())) / 1000,
    };
    const decided = await code('n8n-decide.js', claim, { Verify: verified });
    if (decided.reply !== null) return respond(decided.reply);
    const asked = verified.request;
    const told = await reach(asked.url, {
      method: asked.method,
      headers: { ...asked.headers, ...PSA.headers },
      body: asked.body === '' ? null : asked.body,
    }).then(
      async (answer) => ({ statusCode: answer.status, headers: Object.fromEntries(answer.headers), data: await answer.text() }),
      (reason: unknown) => ({ error: String(reason) }),
    );
    const answered = await code('n8n-answer.js', told, { Verify: verified });
    if (answered.forgets) table.delete(key);
    else table.set(key, { fingerprint, reply: answered.reply, since: Date.now() });
    return respond(answered.reply ?? { status: 500, body: null });
  });
}
