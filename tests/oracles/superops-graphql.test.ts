import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { superops } from '../../src/psa/superops';
import { fixture } from '../psa/fixtures/superops.ts';
import { journeysOf, linesIn } from '../psa/journeys.ts';
import { contractsFolder } from '../support/contracts.ts';

interface GraphQl {
  readonly buildSchema: (sdl: string) => unknown;
  readonly parse: (document: string) => unknown;
  readonly validate: (schema: unknown, document: unknown) => readonly { readonly message: string }[];
}

const { buildSchema, parse, validate } = createRequire(resolve('tests/oracles/package.json'))('graphql') as GraphQl;
const contract = JSON.parse(readFileSync(join(contractsFolder, 'superops.openapi.json'), 'utf8')) as { readonly 'x-graphql-sdl': string };
const schema = buildSchema(contract['x-graphql-sdl']);
const wrongIn = (document: string) => validate(schema, parse(document)).map(({ message }) => message);

const { read, removal } = superops;
const { companyId, agreementId } = fixture;
const bodies = [
  ...[read.companies(), read.agreements(null), read.agreements(companyId), read.products(), read.productsByReference('x', 'y')],
  ...[read.lines(agreementId), read.oneTimeLines(agreementId), ...Object.values(read.lookups()), { request: read.test() }],
  ...journeysOf(fixture).flatMap(({ held, plans }) =>
    plans(linesIn(fixture, fixture.sandbox(held))).flatMap(({ requests }) => requests.map((request) => ({ request }))),
  ),
  { request: { body: removal({ agreementId, lineId: '1', kind: 'one-time' })?.body } },
].map(({ request }) => request.body as { readonly operationName: string; readonly query: string });
const documents = [...new Map(bodies.map(({ operationName, query }) => [operationName, query]))];

describe('by the native schema of SuperOps', () => {
  test('every operation of the adapter is among the documents', () => {
    expect(documents.map(([name]) => name).sort()).toEqual([
      ...['createClientContract', 'createInvoice', 'createServiceCatalogItem', 'getClient', 'getClientContractList', 'getClientList'],
      ...['getInvoiceList', 'getServiceCatalogItemList', 'getServiceCategoryList', 'updateClientContract', 'updateInvoice'],
    ]);
  });

  test.each(documents)('the document of %s is valid, and is not with a field that nobody has', (_, query) => {
    expect(wrongIn(query)).toEqual([]);
    expect(wrongIn(query.replace(/\}(?=[^}]*$)/, ' seats }'))).not.toEqual([]);
  });
});
