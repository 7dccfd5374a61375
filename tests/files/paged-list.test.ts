import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { syncFile } from '../../src/files/sync-file';
import { superops } from '../../src/psa/superops';
import { fixture } from '../psa/fixtures/superops.ts';
import { heldLine, keyFor, journeysOf, linesIn } from '../psa/journeys.ts';

/** SuperOps cannot search its contracts: the one that is sought may stand on any page. */
const found = journeysOf(fixture).find(({ name }) => name === 'another quantity of a line that is found first');
const plans = found?.plans(linesIn(fixture, fixture.sandbox([heldLine(fixture)]))) ?? [];
const files = unzipSync(syncFile(plans, superops, { baseUrl: null }).bytes);
const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());

test('the collection asks for the page that its scripts count, from the first one on, and sends the change without it', () => {
  const { item, variable } = JSON.parse(text('postman_collection.json')) as {
    readonly item: readonly { readonly name: string; readonly request: { readonly body: { readonly raw: string } } }[];
    readonly variable: readonly { readonly key: string; readonly value: string }[];
  };
  expect(variable.filter(({ key }) => key === 'page_json').map(({ value }) => value)).toEqual(['1']);
  expect(item.map(({ name, request }) => [name.slice(0, 2), /"page": (.*?),/.exec(request.body.raw)?.[1]])).toEqual([
    ['1.', '{{page_json}}'],
    ['2a', '{{page_json}}'],
    ['2b', undefined],
    ['2c', '{{page_json}}'],
  ]);
});

test('in the .http file a person turns the page, and the id is that of the contract with our key, as a text', () => {
  const lines = text('requests.http').split('\n');
  expect(lines.filter((line) => /page = |"page"|contractId":/.test(line)).map((line) => line.trim())).toEqual([
    '@page = 1',
    ...['"page": {{page}},', '"page": {{page}},'],
    `"contractId": "{{step1.response.body.$.data.getClientContractList.clientContracts[?(@.contract.description=="${keyFor(fixture)}")].contract.contractId}}"`,
    '"page": {{page}},',
  ]);
});
