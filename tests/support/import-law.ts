import { posix } from 'node:path';
import ts from 'typescript';

/** Every file below src by its path ('src/domain/plan.ts') with its text. */
export type House = ReadonlyMap<string, string>;

/** One import of a file: what it names, whether only its types, and whether as `new URL('...', import.meta.url)`. */
export interface Import {
  readonly name: string;
  readonly types: boolean;
  readonly url: boolean;
}

type Part = 'all' | 'contract' | 'registry and contract' | 'types' | 'URL';

interface Law {
  /** Other layers it may import, and which part of them. */
  readonly layers: Readonly<Record<string, Part>>;
  readonly packages: readonly string[];
  readonly typesOf?: readonly string[];
}

/** Who may import whom; the README draws the same table. */
const laws: Readonly<Record<string, Law>> = {
  domain: { layers: {}, packages: ['zod', 'date-fns', '@date-fns/utc', 'big.js', '@noble/hashes', 'fast-fuzzy'] },
  sources: { layers: { domain: 'all' }, packages: ['zod', 'papaparse', 'fflate'] },
  psa: { layers: { domain: 'all' }, packages: ['zod'] },
  sandbox: { layers: { domain: 'all', psa: 'contract' }, packages: ['zod'] },
  files: { layers: { domain: 'all', psa: 'contract' }, packages: ['papaparse', 'fflate'] },
  storage: { layers: { domain: 'all' }, packages: ['dexie', 'zod'] },
  delivery: { layers: { domain: 'all', psa: 'contract', files: 'all', sandbox: 'all' }, packages: [] },
  workers: { layers: { domain: 'all', sources: 'all', psa: 'all', storage: 'all' }, packages: ['zod'] },
  machines: { layers: { domain: 'all' }, packages: ['xstate', 'zod'] },
  'machines/*-actors.ts': {
    layers: { domain: 'all', sources: 'all', psa: 'all', storage: 'all', delivery: 'all', workers: 'URL' },
    packages: ['xstate'],
  },
  demo: { layers: { domain: 'all', sources: 'all', psa: 'all', sandbox: 'all', storage: 'all' }, packages: [] },
  ui: {
    layers: {
      domain: 'all',
      files: 'all',
      machines: 'all',
      storage: 'all',
      sources: 'registry and contract',
      psa: 'registry and contract',
      delivery: 'registry and contract',
    },
    packages: ['svelte', 'svelte-spa-router', 'bits-ui', 'svelte-sonner', '@lucide/svelte', '@tanstack/virtual-core'],
    typesOf: ['xstate'],
  },
  main: {
    layers: {
      domain: 'all',
      sources: 'all',
      psa: 'all',
      sandbox: 'all',
      files: 'all',
      storage: 'all',
      delivery: 'all',
      workers: 'types',
      machines: 'all',
      demo: 'all',
      ui: 'all',
    },
    packages: ['svelte', 'xstate'],
  },
};

const contracts: Readonly<Record<string, string>> = {
  sources: 'src/sources/source.ts',
  psa: 'src/psa/psa.ts',
  delivery: 'src/delivery/channel.ts',
  sandbox: 'src/sandbox/sandbox.ts',
};

/** What one file imports against the law, each as a sentence; empty when it is lawful. */
export function violations(path: string, house: House): string[] {
  const layer = layerOf(path);
  const law = laws[layer === 'machines' && isActors(path) ? 'machines/*-actors.ts' : layer];
  if (law === undefined) return [`${layer === path ? path : `src/${layer}`}: there is no such layer`];
  return imports(path, house.get(path) ?? '').flatMap((found) => {
    const problem = found.name.startsWith('.') ? ofFile(path, layer, law, found, house) : ofPackage(path, layer, law, found);
    return problem === undefined ? [] : [`${found.name}: ${problem}`];
  });
}

/** Every circle of files that import each other, types and lazy imports included, each once. */
export function cycles(house: House): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) found.push([...trail.slice(start), path]);
    if (start !== -1 || done.has(path)) return;
    for (const { name, url } of imports(path, house.get(path) ?? '')) {
      const target = name.startsWith('.') && !url ? fileOf(path, name, house) : undefined;
      if (target !== undefined) walk(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of house.keys()) walk(path, []);
  return found;
}

/** Every import, re-export, lazy import, import type and worker URL of a source file or component. A file is parsed once. */
export function imports(path: string, source: string): readonly Import[] {
  const known = PARSED.get(path);
  if (known?.source === source) return known.found;
  const found = importsIn(path, source);
  PARSED.set(path, { source, found });
  return found;
}

const PARSED = new Map<string, { readonly source: string; readonly found: readonly Import[] }>();

function importsIn(path: string, source: string): Import[] {
  const code = path.endsWith('.svelte') ? scriptsOf(source) : source;
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, types: boolean, url = false) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ name: node.text, types, url });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypesOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isNewExpression(node) && node.expression.getText() === 'URL' && node.arguments?.[1]?.getText() === 'import.meta.url') {
      add(node.arguments[0], false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS));
  return found;
}

function ofPackage(path: string, layer: string, law: Law, { name, types }: Import): string | undefined {
  if (name === 'virtual:pwa-register/svelte') {
    return layer === 'ui' && path.endsWith('.svelte') ? undefined : 'only a component of ui may register the service worker';
  }
  if (path === 'src/ui/live.ts' && name === 'dexie') return undefined;
  if ((law.typesOf ?? []).some((allowed) => belongs(name, allowed))) {
    return types ? undefined : `${layer} may import only types of this package`;
  }
  if (name === 'zod' && law.packages.includes('zod')) return "import 'zod/mini', the full one is too heavy";
  if (name === '@lucide/svelte') return "import one icon, '@lucide/svelte/icons/x'";
  return law.packages.some((allowed) => belongs(name, allowed)) ? undefined : `${layer} may not import this package`;
}

function ofFile(path: string, layer: string, law: Law, found: Import, house: House): string | undefined {
  const target = fileOf(path, found.name, house) ?? resolved(path, found.name);
  const to = layerOf(target);
  if (!target.startsWith('src/')) return 'leaves src';
  if (to === 'main') return 'nobody imports main';
  if (to === 'workers' && layer !== 'workers' && found.url) {
    return law.layers['workers'] === 'URL' ? undefined : 'only machines/*-actors.ts construct workers';
  }
  if (to === layer) return ofSibling(path, target, layer, house);
  const part = law.layers[to];
  if (part === undefined) return `${layer} may not import ${to}`;
  if (part === 'URL') return found.types ? undefined : 'a worker is constructed by URL, never imported';
  if (part === 'types') return found.types ? undefined : `${layer} may import only types of ${to}`;
  const contract = contracts[to];
  if (part === 'contract') return target === contract ? undefined : `${layer} may import only the contract of ${to}`;
  if (part === 'all' || target === contract || target === `src/${to}/index.ts`) return undefined;
  return `${layer} may import only the registry and the contract of ${to}`;
}

function ofSibling(path: string, target: string, layer: string, house: House): string | undefined {
  if (layer === 'machines' && isActors(target) && !isActors(path)) return 'a chart may not import actors';
  const registry = `src/${layer}/index.ts`;
  const mine = adapterOf(path, registry, house);
  if (!(layer in contracts) || path === registry) return undefined;
  if (target === registry) return mine === undefined ? undefined : 'an adapter may not import the registry';
  const theirs = adapterOf(target, registry, house);
  return theirs === undefined || theirs === mine ? undefined : 'an adapter may not be imported by a sibling';
}

/** The adapter that a file is part of: what the registry imports, with 'name-more.ts' and 'name/*.ts' beside 'name.ts'. */
function adapterOf(path: string, registry: string, house: House): string | undefined {
  const adapters = imports(registry, house.get(registry) ?? '')
    .map(({ name }) => fileOf(registry, name, house))
    .filter((file) => file !== undefined && file !== contracts[layerOf(registry)])
    .map((file) => roomOf(file ?? ''));
  const room = roomOf(path);
  return adapters.find((adapter) => room === adapter || room.startsWith(`${adapter}-`));
}

function roomOf(path: string): string {
  return path.split('/')[2]?.replace(/\.ts$/, '') ?? '';
}

function layerOf(path: string): string {
  if (path === 'src/main.ts') return 'main';
  const [, layer, ...rest] = path.split('/');
  return rest.length === 0 || layer === undefined ? path : layer;
}

function fileOf(path: string, name: string, house: House): string | undefined {
  const plain = resolved(path, name);
  return [plain, `${plain}.ts`, plain.replace(/\.js$/, '.ts'), `${plain}/index.ts`].find((file) => house.has(file));
}

function resolved(path: string, name: string): string {
  return posix.join(posix.dirname(path), name.split('?')[0] ?? '');
}

function isActors(path: string): boolean {
  return path.endsWith('-actors.ts');
}

function isTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly);
}

function belongs(name: string, allowed: string): boolean {
  return name === allowed || name.startsWith(`${allowed}/`);
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '').join('\n');
}
