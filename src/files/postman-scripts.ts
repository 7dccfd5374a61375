import type { Json } from '../domain/canonical';
import type { Held, SignIn } from '../psa/psa';
import type { Step } from './steps';

/**
 * The scripts of a collection. They carry their facts as data, and know no PSA: `step_N` says whether request N is still to be sent,
 * a yielded id is kept as `name` (text) and `name_json` (with its JSON type). With `readBack` off nothing is skipped or asserted but
 * the status, for mock servers that answer samples.
 */
export function lookScript(step: Step): readonly string[] {
  const { operation } = step.request;
  return paged({ ...factsOf(step), creates: operation !== 'update' && operation !== 'end' }, [
    'for (const name of Object.keys(facts.yields)) pm.collectionVariables.unset(name);',
    "let next = 'send';",
    'if (on) {',
    "  next = 'skip';",
    "  pm.test('the PSA answers the look', () => { pm.expect(pm.response.code).to.equal(200); pm.expect(rows()).to.be.an('array'); });",
    '  if (pm.response.code === 200 && Array.isArray(rows())) {',
    '    const ours = mine(rows());',
    '    const done = facts.gone ? ours.length === 0 : ours.length === 1 && facts.after.every((held) => same(ours[0], held));',
    "    if (facts.creates) pm.test('at most one copy is there', () => pm.expect(ours.length).to.be.below(2));",
    "    else pm.test('the line is there once', () => pm.expect(ours.length + (facts.gone && done ? 1 : 0)).to.equal(1));",
    '    if (facts.creates && ours.length === 1) for (const name of Object.keys(facts.yields)) keepAs(name, at(ours[0], facts.id));',
    "    if (facts.creates && ours.length === 0) next = 'send';",
    '    if (!facts.creates && ours.length === 1 && !done) {',
    '      const changed = facts.before.filter((held) => !same(ours[0], held)).map((held) => held.field);',
    "      pm.test('nobody changed the line meanwhile', () => pm.expect(changed).to.eql([]));",
    "      if (changed.length === 0) next = 'send';",
    '    }',
    "    if (next === 'send' && facts.every.length > 0) {",
    '      const other = rows().flatMap((row) => facts.every.filter((held) => !same(row, held)).map((held) => `${held.field} ${at(row, held.field)}`));',
    "      pm.test('nobody planned or posted anything else for a later day meanwhile', () => pm.expect(other.join(', ')).to.equal(''));",
    "      if (other.length > 0) next = 'skip';",
    '    }',
    "    if (next === 'send' && facts.rowsBefore !== null) {",
    '      const count = rows().length;',
    "      pm.test('nobody added or took away a line meanwhile', () => pm.expect(count).to.equal(facts.rowsBefore));",
    "      if (count !== facts.rowsBefore) next = 'skip';",
    '    }',
    "    if (next === 'send' && facts.others.length > 0) {",
    '      const others = facts.others.every((other) => stands(rows(), other));',
    "      pm.test('nobody changed another line meanwhile', () => pm.expect(others).to.equal(true));",
    "      if (!others) next = 'skip';",
    '    }',
    '  }',
    '}',
    'pm.collectionVariables.set(facts.step, next);',
  ]);
}

export function gateScript(step: Step): readonly string[] {
  return script({ ...factsOf(step), looked: step.evidence !== null }, [
    "if (facts.looked && pm.collectionVariables.get(facts.step) !== 'send') pm.execution.skipRequest();",
    'else for (const name of facts.uses.filter((use) => !pm.collectionVariables.has(use))) {',
    '  pm.test(`the id ${name} is known`, () => pm.expect.fail());',
    '  pm.execution.skipRequest();',
    '}',
  ]);
}

export function sendScript(step: Step): readonly string[] {
  return script(factsOf(step), [
    ...HELPERS,
    "pm.test('the PSA took it', () => pm.expect(pm.response.code).to.be.oneOf(facts.status));",
    'const told = Object.entries(facts.yields).filter(([, yielded]) => yielded.where === null || !on);',
    'if (facts.status.includes(pm.response.code)) keep(Object.fromEntries(told), answer());',
  ]);
}

/** For a plan's own read: the one open line with our key, else the one that ended. */
export function findScript(step: Step): readonly string[] {
  return paged(factsOf(step), [
    "pm.test('the PSA answers', () => pm.expect(pm.response.code).to.be.oneOf(facts.status));",
    'for (const [name, yielded] of Object.entries(facts.yields)) {',
    '  pm.collectionVariables.unset(name);',
    '  const found = (Array.isArray(rows()) ? rows() : []).filter((row) => yielded.where === null || at(row, yielded.where.field) === yielded.where.equals);',
    '  const bills = found.filter(open);',
    '  const lines = bills.length > 0 ? bills : found;',
    "  if (on) pm.test('the line is there once', () => pm.expect(lines.length).to.equal(1));",
    '  if (lines.length === 1 || !on) keep({ [name]: yielded }, lines[0]);',
    '}',
  ]);
}

export function checkScript(step: Step): readonly string[] {
  return paged(factsOf(step), [
    'if (on) {',
    '  const ours = Array.isArray(rows()) ? mine(rows()) : [];',
    "  pm.test(facts.gone ? 'it is gone' : 'it is there exactly once', () => pm.expect(ours.length).to.equal(facts.gone ? 0 : 1));",
    '  const told = Object.keys(facts.yields).filter((name) => facts.yields[name].where !== null);',
    '  if (ours.length === 1) for (const name of told) keepAs(name, at(ours[0], facts.id));',
    "  if (facts.others.length > 0 && pm.collectionVariables.get(facts.step) === 'send')",
    "    pm.test('the other lines are what they were', () => pm.expect(facts.others.every((other) => stands(rows() ?? [], other))).to.equal(true));",
    '  for (const held of facts.after) pm.test(`${held.field} is ${held.equals}`, () => pm.expect(ours.length > 0 && same(ours[0], held)).to.equal(true));',
    '}',
  ]);
}

/** Before and after the sign-in: its address beside the base URL, and the token for every request that follows. */
export function signInScripts({ path, token }: SignIn): { readonly before: readonly string[]; readonly after: readonly string[] } {
  return {
    before: script({ path }, [
      "let base = pm.variables.get('baseUrl').replace(/\\/+$/, '');",
      'let path = pm.variables.replaceIn(facts.path);',
      "while (path.startsWith('../')) { base = base.replace(/\\/[^/]*$/, ''); path = path.slice(3); }",
      "pm.variables.set('signInUrl', `${base}/${path}`);",
    ]),
    after: script({ token }, [
      "const found = facts.token.split('.').reduce((value, name) => (value === undefined || value === null ? undefined : value[name]), pm.response.json());",
      "pm.test('the PSA gives a token', () => pm.expect(found).to.be.a('string'));",
      "pm.collectionVariables.set('token', String(found));",
    ]),
  };
}

interface Facts {
  readonly [name: string]: Json;
}

function factsOf({ n, request, evidence, ids }: Step): Facts {
  return {
    step: `step_${n}`,
    sample: ids === 'number' ? 1 : '1',
    more: evidence?.more ?? null,
    status: request.expects.status,
    uses: request.uses,
    yields: request.expects.yields,
    rows: evidence?.rows ?? '',
    id: evidence?.id ?? 'id',
    where: (evidence?.where ?? []).map(plain),
    alike: (evidence?.alike ?? []).map(plain),
    ended: evidence?.ended ?? null,
    gone: evidence?.gone === true,
    before: (evidence?.before ?? []).map(plain),
    after: (evidence?.after ?? []).map(plain),
    every: (evidence?.every ?? []).map(plain),
    rowsBefore: evidence?.rowsBefore ?? null,
    others: (evidence?.others ?? []).map(({ where, held }) => ({ where: where.map(plain), held: held.map(plain) })),
  };
}

function plain({ field, equals, as }: Held): Json {
  return { field, equals, as };
}

/** A list that the PSA cannot search is read page by page: the request is sent again until the last one, and all rows are judged then. */
function paged(facts: Facts, lines: readonly string[]): readonly string[] {
  if (facts['more'] === null) return script(facts, [...HELPERS, ...lines]);
  return script(facts, [
    ...HELPERS,
    "if (pm.collectionVariables.has('earlier')) earlier = JSON.parse(pm.collectionVariables.get('earlier'));",
    "const page = Number(pm.collectionVariables.get('page_json'));",
    'if (on && at(answer(), facts.more) === true) {',
    "  pm.collectionVariables.set('earlier', JSON.stringify(rows()));",
    "  pm.collectionVariables.set('page_json', String(page + 1));",
    '  pm.execution.setNextRequest(pm.info.requestName);',
    '} else {',
    ...lines.map((line) => `  ${line}`),
    "  pm.collectionVariables.unset('earlier');",
    "  pm.collectionVariables.set('page_json', '1');",
    '}',
  ]);
}

function script(facts: Facts, lines: readonly string[]): readonly string[] {
  return [`const facts = ${JSON.stringify(facts)};`, ...lines];
}

const HELPERS: readonly string[] = [
  "const on = pm.variables.get('readBack') !== 'off';",
  'const today = new Date().toISOString().slice(0, 10);',
  'const answer = () => { try { return pm.response.json(); } catch { return undefined; } };',
  'let earlier = [];',
  "const rows = () => { if (facts.more !== null && (answer() || {}).errors) return undefined; const found = facts.rows === '' ? answer() : at(answer(), facts.rows); return Array.isArray(found) ? [...earlier, ...found] : found !== null && typeof found === 'object' ? [found] : found; };",
  "const last = (list, name, day) => (Array.isArray(list) ? list.filter((each) => day === undefined || String(each[name] || '').slice(0, 10) <= day).reduce((most, each) => (most === undefined || String(each[name] || '') >= String(most[name] || '') ? each : most), undefined) : undefined);",
  "const at = (row, path) => path.split('.').reduce((value, name) => (value === undefined || value === null ? undefined : name.startsWith('[last ') ? last(value, ...name.slice(6, -1).split(' to ')) : value[name]), row);",
  "const known = (value) => (value !== null && typeof value === 'object' && value.$use ? JSON.parse(pm.collectionVariables.get(`${value.$use}_json`) || 'null') : value);",
  "const blank = (value) => value === undefined || value === null || value === '' || /^(0\\d|1[0-8])\\d\\d-|^1900-01-01/.test(String(value));",
  "const same = (row, held) => { const found = at(row, held.field); const wanted = known(held.equals); if (wanted === null) return blank(found); if (held.as === 'day') return String(found || '').slice(0, 10) === String(wanted).slice(0, 10); if (held.as === 'until') return !blank(found) && String(found).slice(0, 10) <= String(wanted).slice(0, 10); if (held.as === 'part') return String(found || '').includes(String(wanted)); if (held.as === 'number') return found !== null && found !== undefined && found !== '' && Number(found) === Number(wanted); return typeof wanted === 'object' && wanted !== null ? JSON.stringify(found) === JSON.stringify(wanted) : found === wanted; };",
  'const open = (row) => facts.ended === null || blank(at(row, facts.ended)) || String(at(row, facts.ended)).slice(0, 10) > today;',
  'const fits = (row, all) => all.length > 0 && all.every((held) => same(row, held));',
  'const stands = (all, other) => all.some((row) => [...other.where, ...other.held].every((held) => same(row, held)));',
  'const mine = (all) => all.filter((row) => (fits(row, facts.where) || fits(row, facts.alike)) && open(row));',
  'const keepAs = (name, value) => {',
  '  if (value === undefined && on) return;',
  "  const sample = value === undefined || (!on && typeof value === 'number' && !(value > 0 && value < 2147483648));",
  '  pm.collectionVariables.set(name, String(sample ? facts.sample : value));',
  '  pm.collectionVariables.set(`${name}_json`, JSON.stringify(sample ? facts.sample : value));',
  '};',
  'const keep = (yields, row) => { for (const [name, yielded] of Object.entries(yields)) keepAs(name, at(row || {}, yielded.field)); };',
];
