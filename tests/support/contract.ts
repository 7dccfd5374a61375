import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Json } from '../../src/domain/canonical';
import { contractsFolder } from './contracts.ts';

interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly $ref?: string };
}
export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
}

/** A vendor's contract with every object closed: a misspelt field is refused, which the vendor's own schema would let through. */
export function closedContract(psa: string): Contract {
  const text = readFileSync(join(contractsFolder, `${psa}.openapi.json`), 'utf8');
  return closed(JSON.parse(text)) as Contract;
}

/** Says what is wrong with a request's body by the contract, or that the operation or its body is not there. */
export function bodyCheckOf(contract: Contract): (method: string, path: string, body: unknown) => readonly string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(contract, 'contract');
  const compiled = new Map<string, ValidateFunction>();
  return (method, path, body) => {
    const template = templateOf(contract, path);
    const operation = template === undefined ? undefined : contract.paths[template]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined) return [`${method} ${path} is not in the contract`];
    if (operation.requestBody === undefined) return body === null ? [] : ['the operation takes no body'];
    const { $ref = `#/paths/${escaped(template)}/${method.toLowerCase()}/requestBody` } = operation.requestBody;
    const pointer = `contract${$ref}/content/application~1json/schema`;
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, validate);
    return validate(body) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
}

/** The body with a misspelt field in each of its objects, one at a time: which object, and the body. */
export function misspeltIn(body: Json): readonly Spoilt[] {
  return spoiltIn(body, (value) => (isRecord(value) ? { ...value, unitprice: 3 } : undefined));
}

/** The body with each of its numbers as text, one at a time; what a patch or a filter calls `value` may be anything by every contract. */
export function retypedIn(body: Json): readonly Spoilt[] {
  return spoiltIn(body, (value) => (typeof value === 'number' ? String(value) : undefined)).filter(([where]) => !where.endsWith('/value'));
}

type Spoilt = readonly [where: string, body: Json];

function spoiltIn(body: Json, spoil: (value: Json) => Json | undefined, where = ''): readonly Spoilt[] {
  const own = spoil(body);
  const inside = (name: string | number, value: Json, put: (wrong: Json) => Json) =>
    spoiltIn(value, spoil, `${where}/${String(name)}`).map(([place, wrong]): Spoilt => [place, put(wrong)]);
  return [
    ...(own === undefined ? [] : [[where, own] as const]),
    ...(isList(body) ? body.flatMap((value, at) => inside(at, value, (wrong) => body.with(at, wrong))) : []),
    ...(isRecord(body)
      ? Object.entries(body).flatMap(([name, value]) => inside(name, value, (wrong) => ({ ...body, [name]: wrong })))
      : []),
  ];
}

function isList(body: Json): body is readonly Json[] {
  return Array.isArray(body);
}

function isRecord(body: Json): body is Readonly<Record<string, Json>> {
  return typeof body === 'object' && body !== null && !isList(body);
}

/** An object where a list belongs, and a list where an object belongs. */
export function asObjectOrList(body: Json): Json {
  return isList(body) ? (body[0] ?? null) : [body];
}

/** The path of the contract that a request's path is an instance of; a `{{name}}` stands for any id. */
function templateOf(contract: Contract, path: string): string | undefined {
  const parts = path.split('/');
  const fits = (template: string) => {
    const wanted = template.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => (part.startsWith('{') ? /^(-?\d+|\{\{.+\}\})$/.test(parts[index] ?? '') : part === parts[index]))
    );
  };
  return Object.keys(contract.paths).find(fits);
}

/** Closes every object that names its properties; maps and free objects stay open. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const record = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]));
  const isOpenObject = record['type'] === 'object' && typeof record['properties'] === 'object' && !('additionalProperties' in record);
  return isOpenObject ? { ...record, additionalProperties: false } : record;
}

function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
