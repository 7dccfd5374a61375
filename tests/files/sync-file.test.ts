import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/canonical';
import { planText, type Plan } from '../../src/domain/plan';
import { syncFile } from '../../src/files/sync-file';
import { bodyText, title, urlText } from '../../src/files/text';
import { autotask } from '../../src/psa/autotask';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaAdapter } from '../../src/psa/psa';
import { businessName, chargeChange, createChange, d, endChange, exportChange, keyOf, planOf, updateChange } from '../support/plans.ts';

interface Item {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly header: readonly { readonly key: string; readonly value: string }[];
    readonly url: { readonly raw: string };
    readonly body?: { readonly raw: string };
  };
}
interface Collection {
  readonly info: { readonly name: string; readonly schema: string };
  readonly auth: Json;
  readonly variable: readonly { readonly key: string; readonly value: string }[];
  readonly item: readonly Item[];
}

/** Keeps the byte order mark, which a decoder drops otherwise. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const advanced = createChange({
  lineKey: keyOf('advanced'),
  name: 'Advanced',
  product: { id: null, identifier: 'MAIL-ADV', use: 'product-advanced' },
});
const exported = planOf([exportChange()]);
const lines = planOf([createChange(), advanced]);

describe('a sync file', () => {
  test('holds the five files, plan.json being the plan byte for byte', () => {
    const { name, files } = opened([lines]);
    expect(name).toBe(`tallyline-connectwise-1stwestinsurance-com-2020-12-${lines.id.slice(0, 8)}.zip`);
    expect(Object.keys(files).sort()).toEqual(['README.txt', 'lines.csv', 'plan.json', 'postman_collection.json', 'requests.http']);
    expect(files['plan.json']).toBe(planText(lines));
  });

  test('of an export and its lines has the lines at its root, and one collection that exports first', () => {
    const { files } = opened([exported, lines]);
    expect(files['plan.json']).toBe(planText(lines));
    expect(files[`exports/${exported.id.slice(0, 12)}.plan.json`]).toBe(planText(exported));
    expect(collectionIn(files).item.map(({ name }) => name)).toEqual([
      '1a. Look: Export Mail Shield Advanced',
      '1b. Export Mail Shield Advanced',
      '1c. Read back: Export Mail Shield Advanced',
      `2a. Look: Create ${businessName}`,
      `2b. Create ${businessName}`,
      `2c. Read back: Create ${businessName}`,
      '3a. Look: Create Advanced',
      '3b. Create Advanced',
      '3c. Read back: Create Advanced',
    ]);
    expect(files['requests.http']).toContain('"id": {{step1.response.body.$.id}}');
  });

  test('takes the id that a read of the plan finds from the first row of its list', () => {
    const { files } = opened([planOf([createChange()], autotask)], null, autotask);
    expect(files['requests.http']).toContain('"id": {{step2.response.body.$.items[0].id}}');
  });

  test('has the same bytes for the same plan, however often and wherever it is made', () => {
    const plans = () => [planOf([exportChange()]), planOf([createChange(), advanced])];
    const once = syncFile(plans(), connectwise, { baseUrl: null });
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Auckland';
    const elsewhere = syncFile(plans(), connectwise, { baseUrl: null });
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(elsewhere).toEqual(once);
    expect(syncFile([planOf([createChange()])], connectwise, { baseUrl: null }).bytes).not.toEqual(once.bytes);
  });

  test('without a plan is a mistake of the caller', () => {
    expect(() => syncFile([], connectwise, { baseUrl: null })).toThrow('a sync file needs a plan');
  });

  test.each([
    ['https://relay.example/cw/apis/3.0/', 'https://relay.example/cw/apis/3.0'],
    ['https://user:password@relay.example/x?sig=secret#token', 'https://relay.example/x'],
    ['not a url', connectwise.placeholders.baseUrl],
    [null, connectwise.placeholders.baseUrl],
  ])('made for %s speaks to %s', (baseUrl, expected) => {
    const { files } = opened([lines], baseUrl);
    expect(collectionIn(files).variable[0]).toEqual({ key: 'baseUrl', value: expected, type: 'string' });
    expect(files['requests.http']).toContain(`@baseUrl = ${expected}\n`);
    expect(Object.values(files).join('')).not.toMatch(/password@|sig=secret|#token/);
  });
});

describe('no secret', () => {
  test('is in any file: the account is left to be filled in', () => {
    const { files } = opened([exported, lines]);
    const collection = collectionIn(files);
    expect(collection.variable.slice(1)).toEqual([
      { key: 'companyId', value: '', type: 'string' },
      { key: 'publicKey', value: '', type: 'string' },
      { key: 'privateKey', value: '', type: 'string' },
      { key: 'clientId', value: '', type: 'string' },
      { key: 'readBack', value: 'on', type: 'string' },
    ]);
    expect(collection.auth).toEqual({
      type: 'basic',
      basic: [
        { key: 'username', value: '{{companyId}}+{{publicKey}}', type: 'string' },
        { key: 'password', value: '{{privateKey}}', type: 'string' },
      ],
    });
    for (const { request } of collection.item) expect(request.header).toContainEqual({ key: 'clientId', value: '{{clientId}}' });
    for (const name of ['companyId', 'publicKey', 'privateKey', 'clientId']) expect(files['requests.http']).toContain(`\n@${name} = \n`);
    expect(files['plan.json']).not.toMatch(/authorization|clientId|Basic /i);
  });
});

describe('the collection', () => {
  const { files } = opened([
    planOf([
      createChange(),
      updateChange(),
      updateChange({ lineKey: keyOf('pro'), lineId: null }),
      endChange({ lineKey: keyOf('old'), lineId: '901' }),
      chargeChange(),
    ]),
  ]);
  const collection = collectionIn(files);

  test('is version 2.1', () => {
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
  });

  test('sends exactly the bodies of the plan', () => {
    const plan = JSON.parse(files['plan.json'] ?? '') as Plan;
    const writes = collection.item.filter(({ request }) => request.method !== 'GET');
    expect(writes.map(({ request }) => JSON.parse(request.body?.raw ?? '') as Json)).toEqual(
      plan.requests.filter(({ operation }) => operation !== 'read').map(({ body }) => body),
    );
  });

  test('looks before each write and reads back after it with the same read', () => {
    for (const [index, { name, request }] of collection.item.entries()) {
      if (request.method === 'GET') continue;
      const [before, after] = [collection.item[index - 1], collection.item[index + 1]];
      expect([before?.name.includes('Look'), after?.name.includes('Read back'), name.includes('Look')]).toEqual([true, true, false]);
      expect(before?.request).toEqual(after?.request);
    }
  });

  test('puts a found id into the path', () => {
    expect(collection.item.map(({ request }) => request.url.raw)).toContain(
      `{{baseUrl}}/finance/agreements/12/additions/{{addition-${keyOf('pro')}}}`,
    );
  });
});

describe('lines.csv', () => {
  const csvOf = (plan: Plan) => opened([plan]).files['lines.csv'] ?? '';

  test('has a byte order mark and the columns of the grid', () => {
    const csv = csvOf(planOf([createChange()]));
    expect(csv.charCodeAt(0)).toBe(0xfeff);
    expect(Papa.parse(csv.slice(1), { header: true, skipEmptyLines: true }).data).toEqual([
      {
        Name: businessName,
        Status: 'Creating',
        'Effective Date': '2020-07-01',
        'Synced Quantity': '15',
        Quantity: '15',
        Cost: '2.44',
        Price: '3',
        'Total to ConnectWise': '45',
        'In PSA now': '',
        'Sent Date': '2021-01-01',
        Currency: 'USD',
        'Sub-products': 'business',
        Reason: '',
        'Line key': keyOf('business'),
      },
    ]);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('guards the text %j, which a spreadsheet would run', (name) => {
    const { data } = Papa.parse<Record<string, string>>(csvOf(planOf([createChange({ name })])).slice(1), { header: true });
    expect(data[0]?.['Name']).toBe(`'${name}`);
  });

  test('leaves a negative number a number', () => {
    const credit = chargeChange({ after: { ...chargeChange().after, quantity: d('-3') } });
    const { data } = Papa.parse<Record<string, string>>(csvOf(planOf([credit])).slice(1), { header: true });
    expect(data[0]?.['Quantity']).toBe('-3');
  });
});

test('README.txt says what is inside, how to run it, and to mark it afterwards', () => {
  const readme = opened([exported, lines]).files['README.txt'] ?? '';
  for (const words of [
    lines.id,
    '1st West Insurance',
    'Managed Services',
    '2020-12',
    'newman run postman_collection.json',
    'companyId',
    'privateKey',
    'second run changes nothing',
    'mark this plan as applied',
    'exports/',
  ]) {
    expect(readme).toContain(words);
  }
});

describe('text that could be taken for a variable', () => {
  test('stays text in a body, in a title and in a query', () => {
    const body = { name: 'a {{privateKey}} b', product: { id: { $use: 'p' } } };
    expect(bodyText(body, () => '41')).toBe(
      '{\n  "name": "a \\u007b\\u007bprivateKey\\u007d\\u007d b",\n  "product": {\n    "id": 41\n  }\n}',
    );
    expect(JSON.parse(bodyText(body, () => '41'))).toEqual({ name: 'a {{privateKey}} b', product: { id: 41 } });
    expect(title('a {{b}}\r\n### c\u2028d')).toBe('a { {b}} ### c d');
    expect(urlText({ path: '/x/{{p}}', query: { conditions: 'a="{{b}}" AND c=1' } }, () => '41')).toBe(
      '/x/41?conditions=a%3D%22%7B%7Bb%7D%7D%22%20AND%20c%3D1',
    );
  });
});

function opened(
  plans: readonly Plan[],
  baseUrl: string | null = null,
  adapter: PsaAdapter = connectwise,
): { readonly name: string; readonly files: Readonly<Record<string, string>> } {
  const { name, bytes } = syncFile(plans, adapter, { baseUrl });
  return { name, files: Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, content]) => [path, decoder.decode(content)])) };
}

function collectionIn(files: Readonly<Record<string, string>>): Collection {
  return JSON.parse(files['postman_collection.json'] ?? '') as Collection;
}
