import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { adapters } from '../../src/psa';
import { sandboxes } from '../../src/sandbox';
import { everyPsa } from './customer.ts';
import { adapter } from './newcomer.ts';

const NEWCOMER = 'tests/conformance/newcomer.ts';

/** The suites that ask everything but a vendor's contract. */
const SUITES = readdirSync('tests/conformance').filter((name) => name.endsWith('.test.ts') && !/contract|new-psa/.test(name));

test('a PSA that no registry knows goes through every suite that needs no contract of a vendor', () => {
  expect([adapters.includes(adapter), sandboxes.some(({ psa }) => psa === adapter.id)]).toEqual([false, false]);
  expect(everyPsa.map(([psa]) => psa)).toEqual([...adapters.map(({ id }) => id), adapter.id]);
  for (const suite of SUITES)
    expect([suite, /everyPsa|everyFixture/.test(textOf(posix.join('tests/conformance', suite)))]).toEqual([suite, true]);
});

test('it is one file: what it takes from the house is the contract of an adapter and the parts that every PSA shares', () => {
  const imported = [...textOf(NEWCOMER).matchAll(/from '(?:\.\.\/)+(?:src\/)?([^']+)'/g)].map(([, path = '']) => path.replace(/\.ts$/, ''));
  const shared = /^(domain\/[\w-]+|psa\/(psa|checks|fields|paging|fixture)|sandbox|sandbox\/(sandbox|tables))$/;
  expect(imported.filter((path) => !shared.test(path))).toEqual([]);
});

/** ConnectWise is left out: the history of the demo's customers is with it. */
test.each(adapters.map(({ id }) => [id]).filter(([id]) => id !== 'connectwise'))(
  'outside of its own files, %s is two lines in each of three files of the page: an import and an entry',
  (psa) => {
    const own = new RegExp(`^src/(psa|sandbox|demo)/${psa}(/|\\.ts$)`);
    const said = new RegExp(psa.replace('-', '[- ]?'), 'i');
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => posix.join('src', name.replaceAll('\\', '/')));
    const touched = files
      .filter((name) => /\.(ts|svelte)$/.test(name) && !own.test(name))
      .map(
        (name) =>
          [
            name,
            textOf(name)
              .split('\n')
              .filter((line) => said.test(line)).length,
          ] as const,
      )
      .filter(([, lines]) => lines > 0);
    expect(new Map(touched)).toEqual(
      new Map([
        ['src/demo/seed.ts', 2],
        ['src/psa/index.ts', 2],
        ['src/sandbox/index.ts', 2],
      ]),
    );
  },
);

function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}
