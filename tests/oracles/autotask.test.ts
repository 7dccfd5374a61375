import { describe, expect, test } from 'vitest';
import { strFromU8, unzipSync } from 'fflate';
import { syncFile } from '../../src/files/sync-file';
import type { Row, SandboxState } from '../../src/sandbox/sandbox';
import { fixture } from '../psa/fixtures/autotask.ts';
import { heldLine, keyFor, linesIn, plan } from '../psa/journeys.ts';
import { d, endChange, NOTHING, UNKNOWN, updateChange } from '../support/plans.ts';
import { startHttpSandbox } from '../support/http-sandbox.ts';
import { collectionOf } from './cases.ts';
import { runCollection } from './newman.ts';

const { adapter, account, base } = fixture;
const start = fixture.sandbox([heldLine(fixture)]);
const here = { agreementId: fixture.agreementId, product: fixture.product, lineKey: keyFor(fixture), lineId: fixture.lineIds[0] };
const before = { ...UNKNOWN, quantity: d('12'), productId: fixture.product.id };
const change = updateChange({ ...here, before, after: { ...NOTHING, quantity: d('15') } });
const made = plan(fixture, [change], linesIn(fixture, start));
const ended = plan(fixture, [endChange({ ...here, before })], linesIn(fixture, start));
const at = (day: string) => `${day}T00:00:00Z`;

describe('a delta whose file was made before somebody planned', () => {
  const untilMarch = { endDate: at('2021-02-28') };
  const march = { startDate: at('2021-03-01') };

  test.each<[string, readonly Row[], string]>([
    ['15 units for March', [untilMarch, { ...march, units: 15 }], 'units 15'],
    ['none from March on', [untilMarch, { ...march, units: 0 }], 'units 0'],
    [
      'other units for March alone',
      [untilMarch, { ...march, endDate: at('2021-03-31'), units: 13 }, { startDate: at('2021-04-01') }],
      'units 13',
    ],
    [
      'nothing, but posted February',
      [{ endDate: at('2021-01-31') }, { startDate: at('2021-02-01'), approveAndPostDate: at('2021-02-28') }],
      'approveAndPostDate',
    ],
  ])('%s is not posted, and the collection says what is in the way', async (_, periods, said) => {
    const since = withUnits(periods);
    for (const each of [made, ended]) {
      const { failures, state } = await ran(since, collectionOf([each], adapter));
      const told = failures.filter((text) => text.includes('nobody planned or posted anything else for a later day meanwhile'));
      expect([told.length, told[0]?.includes(said)]).toEqual([1, true]);
      expect(state).toEqual(since);
    }
  });

  test('the same units for later days goes along with them, once', async () => {
    const first = await ran(withUnits([untilMarch, march]), collectionOf([made], adapter));
    const second = await ran(first.state, collectionOf([made], adapter));
    expect([first.failures, second.failures]).toEqual([[], []]);
    expect(second.state).toEqual(first.state);
    expect((second.state.tables['contractServiceUnits'] ?? []).map(({ startDate, units }) => [startDate, units])).toEqual([
      [at('2020-12-01'), 12],
      [at('2021-01-01'), 15],
      [at('2021-03-01'), 15],
    ]);
  });
});

test('a file for an editor asks to look at every row, since the change moves them all', () => {
  const { bytes } = syncFile([made], adapter, { baseUrl: null });
  const found = unzipSync(bytes)['requests.http'];
  expect(found === undefined ? '' : strFromU8(found)).toContain('go on only if every row is as you expect it: the change moves them all');
});

function withUnits(periods: readonly Row[]): SandboxState {
  const [own] = start.tables['contractServiceUnits'] ?? [];
  const rows = periods.map((parts, n) => ({ ...own, id: 5900 + n, ...parts }));
  return { ...start, nextId: 6000, tables: { ...start.tables, contractServiceUnits: rows } };
}

async function ran(seed: SandboxState, collection: string) {
  const server = await startHttpSandbox({ seed, cors: false, base });
  try {
    const { failures } = await runCollection(collection, { ...account, baseUrl: server.url });
    return { failures, state: server.state() };
  } finally {
    await server.close();
  }
}
