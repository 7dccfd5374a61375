import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change';
import { syncFile } from '../../src/files/sync-file';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import { chargeChange, createChange, endChange, planOf, updateChange } from '../support/plans.ts';

/** Keeps the byte order mark, which a decoder drops otherwise. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const NAME = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business';

test('the collection holds the creates alone, without a look, and the list what is left', () => {
  const files = opened([createChange(), updateChange(), endChange()]);
  expect(Object.keys(files).sort()).toEqual([
    ...['README.txt', 'hand-work.csv', 'lines.csv', 'plan.json', 'postman_collection.json', 'requests.http'],
  ]);
  const { item } = JSON.parse(files['postman_collection.json'] ?? '') as { readonly item: readonly { readonly name: string }[] };
  expect(item.map(({ name }) => name)).toEqual(['0. Sign in', `1. Create ${NAME}`]);
  expect(files['hand-work.csv']?.split('\r\n').map((row) => row.replace(/tl1-[0-9a-f]{32}/, 'KEY'))).toEqual([
    '\uFEFFDone,Company,Contract,Service,What,From,To,Date,Line key',
    `,1st West Insurance,Managed Services,${NAME},Change the line,quantity 12,quantity 15,2021-01-01,KEY`,
    `,1st West Insurance,Managed Services,${NAME},End the line,quantity 12,ended,2020-12-31,KEY`,
    '',
  ]);
});

test('README.txt says to run it once, and what is left to do by hand', () => {
  const readme = opened([createChange(), updateChange(), endChange()])['README.txt'] ?? '';
  expect(readme).toContain('Requests  1\r\nBy hand   2\r\n');
  expect(readme).toContain('Kaseya BMS lets nobody read a service back. Run the collection once');
  expect(readme).toContain('Kaseya BMS has no request for 2 of the changes: they are in hand-work.csv');
  expect(readme).not.toContain('It may be run twice');
});

test('a plan that is hand-work alone has nothing to run, and its README asks for ticks', () => {
  const files = opened([chargeChange()]);
  expect(Object.keys(files).sort()).toEqual(['README.txt', 'hand-work.csv', 'lines.csv', 'plan.json']);
  expect(files['README.txt']).toContain('tick off what you did');
  expect(files['README.txt']).not.toContain('How to run it');
});

function opened(changes: readonly Change[]): Readonly<Record<string, string>> {
  const { bytes } = syncFile([planOf(changes, kaseyaBms)], kaseyaBms, { baseUrl: null });
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, decoder.decode(content)]));
}
