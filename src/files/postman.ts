import type { PsaAdapter, PsaRequest } from '../psa/psa';
import { checkScript, findScript, gateScript, lookScript, sendScript, signInScripts } from './postman-scripts';
import type { Step } from './steps';
import { bodyText } from './text';

/** A Postman Collection v2.1. Running it twice creates nothing twice: it looks before every write and reads back after it. */
export function postmanCollection(name: string, description: string, steps: readonly Step[], adapter: PsaAdapter, baseUrl: string): string {
  const { basic } = adapter.placeholders;
  const collection = {
    info: { name, description, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [...signInItem(adapter), ...steps.flatMap((step) => itemsOf(step, adapter))],
    ...(basic === null ? {} : { auth: { type: 'basic', basic: [value('username', basic.username), value('password', basic.password)] } }),
    variable: [
      value('baseUrl', baseUrl),
      ...adapter.fields.filter(({ target }) => target !== 'settings').map((field) => value(field.name, '')),
      value('readBack', 'on'),
      ...(steps.some(({ evidence }) => evidence?.more !== undefined) ? [value('page_json', '1')] : []),
    ],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function itemsOf(step: Step, adapter: PsaAdapter): readonly object[] {
  const { request, evidence, n, name } = step;
  const gate = ['prerequest', gateScript(step)] as const;
  if (evidence === null) return [item(`${n}. ${name}`, request, adapter, [gate, ['test', sendScript(step)]])];
  if (request.operation === 'read')
    return [item(`${n}. ${name}`, evidence.more === undefined ? request : evidence.read, adapter, [['test', findScript(step)]])];
  return [
    item(`${n}a. Look: ${name}`, evidence.read, adapter, [['test', lookScript(step)]]),
    item(`${n}b. ${name}`, request, adapter, [gate, ['test', sendScript(step)]]),
    item(`${n}c. Read back: ${name}`, evidence.read, adapter, [['test', checkScript(step)]]),
  ];
}

/** The token of a PSA that gives one out, before everything else. */
function signInItem({ signIn }: PsaAdapter): readonly object[] {
  if (signIn === null) return [];
  const pairs = Object.entries(signIn.form).map(([key, text]) => ({ key, value: text, type: 'text' }));
  const mode = signIn.encoding === 'multipart' ? 'formdata' : 'urlencoded';
  const { before, after } = signInScripts(signIn);
  return [
    {
      name: '0. Sign in',
      event: [
        { listen: 'prerequest', script: { type: 'text/javascript', exec: before } },
        { listen: 'test', script: { type: 'text/javascript', exec: after } },
      ],
      request: { method: 'POST', header: [], url: '{{signInUrl}}', body: { mode, [mode]: pairs } },
    },
  ];
}

function item(
  name: string,
  request: Pick<PsaRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>,
  adapter: PsaAdapter,
  scripts: readonly (readonly ['prerequest' | 'test', readonly string[]])[],
): object {
  const query = Object.entries(request.query).map(([key, text]) => ({ key, value: encodeURIComponent(text) }));
  const search = query.length === 0 ? '' : `?${query.map(({ key, value: text }) => `${key}=${text}`).join('&')}`;
  return {
    name,
    event: scripts.map(([listen, exec]) => ({ listen, script: { type: 'text/javascript', exec } })),
    request: {
      method: request.method,
      header: Object.entries({ ...request.headers, ...adapter.placeholders.headers }).map(([key, text]) => ({ key, value: text })),
      url: { raw: `{{baseUrl}}${request.path}${search}`, host: ['{{baseUrl}}'], path: request.path.split('/').slice(1), query },
      ...(request.body === null
        ? {}
        : { body: { mode: 'raw', raw: bodyText(request.body, (use) => `{{${use}_json}}`), options: { raw: { language: 'json' } } } }),
    },
  };
}

function value(key: string, text: string): { readonly key: string; readonly value: string; readonly type: 'string' } {
  return { key, value: text, type: 'string' };
}
