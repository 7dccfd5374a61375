import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cycles, imports, violations, type House } from './support/import-law.ts';

// Read from the disk: a glob of Vite is answered from a cache that does not notice a new file.
const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => posix.join('src', name.replaceAll('\\', '/')));
const house: House = new Map(names.filter((name) => /\.(ts|svelte)$/.test(name)).map((name) => [name, readFileSync(name, 'utf8')]));

test('the house was found', () => {
  expect([...house.keys()]).toContain('src/main.ts');
});

test.each([...house.keys()].map((path) => [path]))('%s imports only what its layer may', (path) => {
  expect(violations(path, house)).toEqual([]);
});

test('no file imports itself in a circle', () => {
  expect(cycles(house)).toEqual([]);
});

test('at most one component registers the service worker', () => {
  const registering = [...house].filter(([path, source]) =>
    imports(path, source).some(({ name }) => name.startsWith('virtual:pwa-register')),
  );
  expect(registering.length).toBeLessThanOrEqual(1);
});

test('an index.ts is a registry, and only a registry', () => {
  const registries = [
    'src/sources/index.ts',
    'src/psa/index.ts',
    'src/sandbox/index.ts',
    'src/delivery/index.ts',
    'src/ui/wizard/index.ts',
  ];
  const found = [...house.keys()].filter((path) => path.endsWith('/index.ts'));
  expect(found.filter((path) => !registries.includes(path))).toEqual([]);
});

describe('the law finds', () => {
  const found = (path: string, source: string) => violations(path, new Map([[path, source]]));

  test.each([
    ['a layer above', 'src/domain/a.ts', `import { x } from '../storage/db.ts';`, ['../storage/db.ts: domain may not import storage']],
    [
      'a type of a layer above',
      'src/psa/a.ts',
      `import type { X } from '../sources/source';`,
      ['../sources/source: psa may not import sources'],
    ],
    ['a re-export', 'src/domain/a.ts', `export * from '../ui/copy.ts';`, ['../ui/copy.ts: domain may not import ui']],
    ['a lazy import', 'src/storage/a.ts', `void import('../ui/live.ts');`, ['../ui/live.ts: storage may not import ui']],
    [
      'an import in a component',
      'src/ui/A.svelte',
      `<script lang="ts">\nimport x from '../psa/connectwise.ts';\n</script>`,
      ['../psa/connectwise.ts: ui may import only the registry and the contract of psa'],
    ],
    [
      'an import in a module script',
      'src/ui/A.svelte',
      `<script module lang="ts">import { z } from 'zod';</script>`,
      ['zod: ui may not import this package'],
    ],
    ['a package', 'src/domain/a.ts', `import Dexie from 'dexie';`, ['dexie: domain may not import this package']],
    ['a package by prefix only', 'src/domain/a.ts', `import x from 'zodiac';`, ['zodiac: domain may not import this package']],
    ['a platform module', 'src/files/a.ts', `import { readFile } from 'node:fs';`, ['node:fs: files may not import this package']],
    ['the full zod', 'src/domain/a.ts', `import { z } from 'zod';`, ["zod: import 'zod/mini', the full one is too heavy"]],
    [
      'the icons in one bundle',
      'src/ui/a.ts',
      `import { X } from '@lucide/svelte';`,
      ["@lucide/svelte: import one icon, '@lucide/svelte/icons/x'"],
    ],
    ['dexie outside the bridge', 'src/ui/a.ts', `import { liveQuery } from 'dexie';`, ['dexie: ui may not import this package']],
    [
      'the xstate runtime in a component',
      'src/ui/screens/a.ts',
      `import { createActor } from 'xstate';`,
      ['xstate: ui may import only types of this package'],
    ],
    [
      'the update prompt outside a component',
      'src/main.ts',
      `import { useRegisterSW } from 'virtual:pwa-register/svelte';`,
      ['virtual:pwa-register/svelte: only a component of ui may register the service worker'],
    ],
    [
      'a chart that imports actors',
      'src/machines/wizard.ts',
      `import { x } from './wizard-actors.ts';`,
      ['./wizard-actors.ts: a chart may not import actors'],
    ],
    [
      'a concrete PSA in the sandbox',
      'src/sandbox/a.ts',
      `import { x } from '../psa/connectwise.ts';`,
      ['../psa/connectwise.ts: sandbox may import only the contract of psa'],
    ],
    [
      'an effect in a chart',
      'src/machines/wizard.ts',
      `import { db } from '../storage/db.ts';`,
      ['../storage/db.ts: machines may not import storage'],
    ],
    [
      'the outbox that reaches for a PSA',
      'src/delivery/outbox.ts',
      `import { x } from '../psa/index.ts';`,
      ['../psa/index.ts: delivery may import only the contract of psa'],
    ],
    [
      'a worker that is imported',
      'src/machines/import-actors.ts',
      `import '../workers/import.worker.ts';`,
      ['../workers/import.worker.ts: a worker is constructed by URL, never imported'],
    ],
    [
      'a worker that is constructed elsewhere',
      'src/ui/a.ts',
      `new Worker(new URL('../workers/import.worker.ts', import.meta.url));`,
      ['../workers/import.worker.ts: only machines/*-actors.ts construct workers'],
    ],
    ['a way out of the house', 'src/domain/a.ts', `import x from '../../tests/support/x.ts';`, ['../../tests/support/x.ts: leaves src']],
    ['somebody who imports main', 'src/ui/a.ts', `import '../main.ts';`, ['../main.ts: nobody imports main']],
    ['an unknown layer', 'src/utils/a.ts', ``, ['src/utils: there is no such layer']],
    ['a file that stands outside the layers', 'src/other.ts', ``, ['src/other.ts: there is no such layer']],
  ])('%s', (_, path, source, expected) => {
    expect(found(path, source)).toEqual(expected);
  });

  test('a circle, also through a component and a type', () => {
    const round: House = new Map([
      ['src/ui/a.ts', `import B from './B.svelte';`],
      ['src/ui/B.svelte', `<script lang="ts">import type { C } from './c';</script>`],
      ['src/ui/c.ts', `export { a } from './a';`],
      ['src/ui/d.ts', `import { a } from './a.ts';`],
    ]);
    expect(cycles(round)).toEqual([['src/ui/a.ts', 'src/ui/B.svelte', 'src/ui/c.ts', 'src/ui/a.ts']]);
  });

  test('an adapter that knows a sibling or the registry', () => {
    const psas: House = new Map([
      ['src/psa/index.ts', `import { a } from './connectwise.ts'; import { b } from './halopsa.ts'; import type { Psa } from './psa.ts';`],
      ['src/psa/psa.ts', ''],
      ['src/psa/connectwise.ts', `import './connectwise-limits.ts'; import './psa.ts'; import './halopsa.ts'; import './index.ts';`],
      ['src/psa/connectwise-limits.ts', `import './halopsa/lines.ts';`],
      ['src/psa/halopsa.ts', `import './request.ts'; import './halopsa/lines.ts';`],
      ['src/psa/halopsa/lines.ts', ''],
      ['src/psa/request.ts', `import './connectwise.ts';`],
    ]);
    expect([...psas.keys()].flatMap((path) => violations(path, psas).map((problem) => `${path}: ${problem}`))).toEqual([
      'src/psa/connectwise.ts: ./halopsa.ts: an adapter may not be imported by a sibling',
      'src/psa/connectwise.ts: ./index.ts: an adapter may not import the registry',
      'src/psa/connectwise-limits.ts: ./halopsa/lines.ts: an adapter may not be imported by a sibling',
      'src/psa/request.ts: ./connectwise.ts: an adapter may not be imported by a sibling',
    ]);
  });
});

describe('the law allows', () => {
  test.each([
    ['src/domain/match.ts', `import { search } from 'fast-fuzzy'; import * as z from 'zod/mini'; import { utc } from '@date-fns/utc';`],
    [
      'src/machines/import-actors.ts',
      `new Worker(new URL('../workers/import.worker.ts', import.meta.url), { type: 'module' }); import { fromPromise } from 'xstate';`,
    ],
    ['src/ui/live.ts', `import { liveQuery } from 'dexie'; import { createSubscriber } from 'svelte/reactivity';`],
    ['src/ui/screens/Update.svelte', `<script lang="ts">import { useRegisterSW } from 'virtual:pwa-register/svelte';</script>`],
    ['src/ui/a.ts', `import type { SnapshotFrom } from 'xstate'; import X from '@lucide/svelte/icons/x';`],
  ])('%s: %s', (path, source) => {
    expect(violations(path, new Map([[path, source]]))).toEqual([]);
  });

  test('a comment and a string that only look like an import', () => {
    const source = `// import x from 'dexie';\nconst s = "import y from 'xstate'";`;
    expect(imports('src/domain/a.ts', source)).toEqual([]);
  });
});
