import { describe, expect, test } from 'vitest';
import { LOOKUP_KINDS } from '../../src/domain/change';
import { saveFound } from '../../src/machines/psa-files-actors';
import { asksOf, pageName, type Ask } from '../../src/psa/asks';
import type { PsaRequest } from '../../src/psa/psa';
import { tellFiles, type PsaFile } from '../../src/psa/saved-files';
import { answer } from '../../src/sandbox';
import type { SandboxState } from '../../src/sandbox/sandbox';
import { choicesRead, linesReadAt, mirrorOf } from '../../src/storage/mirrors';
import * as scene from '../delivery/scene';
import type { PsaFixture } from '../psa/fixture.ts';
import { heldLine, linesIn, rowsOf, signed } from '../psa/journeys.ts';
import { everyPsa } from './customer.ts';

const AT = '2021-01-03T09:00:00.000Z';

describe.each(everyPsa)('%s, a partner without an endpoint', (_, fixture) => {
  const { adapter, agreementId } = fixture;
  const { can, read } = adapter;
  const agreements = rowsOf(fixture, fixture.sandbox(), read.agreements(null)).map(({ id }) => id);
  const asks = asksOf(adapter, agreements);

  test('saves the answers of every request under its name, and knows what an endpoint would have told', async () => {
    const state = fixture.sandbox(can.readBack ? [heldLine(fixture)] : []);
    const db = await taken(fixture, state, asks);
    const lookups = Object.entries(read.lookups()).map(([kind, reading]) => [kind, rowsOf(fixture, state, reading)]);
    const known = await Promise.all((['companies', 'agreements', 'products'] as const).map((kind) => mirrorOf(db, 'office', kind)));
    expect(known.map((mirror) => mirror?.rows.map(({ id }) => id))).toEqual(
      [read.companies(), read.agreements(null), read.products()].map((reading) =>
        rowsOf<{ readonly id: string }>(fixture, state, reading as never).map(({ id }) => id),
      ),
    );
    expect(await choicesRead(db, 'office')).toEqual(lookups.length === 0 ? null : Object.fromEntries(lookups));
    expect((await mirrorOf(db, 'office', 'lines', agreementId))?.rows ?? []).toEqual(linesIn(fixture, state));
  });

  test('knows both kinds of lines of an agreement that has none of ours, and nothing of one that nobody read', async () => {
    const state = fixture.sandbox();
    const own = asksOf(adapter, [agreementId]).filter(({ parts }) => parts.some(({ kind }) => kind === 'lines'));
    const db = await taken(fixture, state, own);
    const [lines, never] = await Promise.all([agreementId, 'never read'].map((id) => mirrorOf(db, 'office', 'lines', id)));
    const told = can.readBack ? { rows: linesIn(fixture, state), recurring: can.recurring, oneTime: can.oneTime } : null;
    const readAt = (kind: 'recurring' | 'one-time') => lines !== undefined && linesReadAt(lines, kind) === AT;
    const known = lines === undefined ? null : { rows: lines.rows, recurring: readAt('recurring'), oneTime: readAt('one-time') };
    expect([known, never]).toEqual([told, undefined]);
  });

  test('hears which page is missing, and its request, until the last one is there', () => {
    const state = fixture.sandbox(can.readBack ? [heldLine(fixture)] : []);
    const long = asks.map((ask) => ({ ask, pages: pagesOf(fixture, state, ask) })).filter(({ pages }) => pages.length > 1);
    const heard = long.map(({ pages }) => tellFiles(adapter, pages.slice(0, -1), agreements).map(({ next }) => next?.file));
    expect(heard).toEqual(long.map(({ ask, pages }) => pages.slice(1).map(() => pageName(ask, pages.length))));
  });

  test('saves choices under the words of the form', () => {
    const { productFields } = adapter;
    const named = LOOKUP_KINDS.filter((kind) => asks.some(({ name }) => name === kind));
    const fields = { categories: productFields.category, types: productFields.type, units: productFields.unit };
    expect(named.filter((kind) => kind !== 'rules')).toEqual(
      (['categories', 'types', 'units'] as const).filter((kind) => fields[kind] !== null),
    );
  });
});

/** The database after the partner has run these requests, saved each answer under its name, and picked the files. */
async function taken(fixture: PsaFixture, state: SandboxState, asks: readonly Ask[]) {
  const db = await scene.freshDatabase();
  await db.connections.put(scene.connectionOf({ id: 'office', psa: fixture.adapter.id, protocol: 'file', url: null }));
  const files = asks.flatMap((ask) => pagesOf(fixture, state, ask));
  const agreements = rowsOf(fixture, state, fixture.adapter.read.agreements(null)).map(({ id }) => id);
  const found = tellFiles(fixture.adapter, files, agreements);
  expect(found.flatMap((one) => ('problem' in one ? [one] : []))).toEqual([]);
  await saveFound(db, AT, 'office', found);
  return db;
}

/** Every answer to an ask, as the PSA gives it, under the name that the page suggests. */
function pagesOf(fixture: PsaFixture, state: SandboxState, ask: Ask): PsaFile[] {
  const files: PsaFile[] = [];
  const [part] = ask.parts;
  for (let asked: PsaRequest | null = ask.request; asked !== null && part !== undefined;) {
    const request: PsaRequest = asked;
    const { answer: answered } = answer(state, signed(fixture, request), { among: fixture.sandboxes });
    const page = answered === null ? null : part.reading.parse(answered, request);
    if (answered === null || page?.ok !== true) throw new Error(`${request.path} is not answered`);
    files.push({ name: pageName(ask, files.length + 1), text: answered.text });
    asked = page.value.next;
  }
  return files;
}
