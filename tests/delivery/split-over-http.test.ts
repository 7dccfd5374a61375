import { afterEach, expect, test } from 'vitest';
import { splitMarkOf } from '../../src/domain/line-key';
import { confirmPlans } from '../../src/storage/plans';
import { startHttpSandbox, type HttpFaultKind, type HttpSandbox } from '../support/http-sandbox.ts';
import * as scene from './scene';

const open: HttpSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((psa) => psa.close()));
});

const MARK = splitMarkOf(['a line', scene.PERIOD, 0, 0]);
const FAULTS: readonly (readonly [method: string, kind: HttpFaultKind | null])[] = [
  ['POST', null],
  ...(['PATCH', 'POST'] as const).flatMap((method) =>
    (['reset before', 'reset after', '500 after'] as const).map((kind) => [method, kind] as const),
  ),
];

test.each(FAULTS)('over HTTP, when a %s goes wrong (%s), a split leaves 3 of 5 ours and makes one line of 2', async (method, kind) => {
  const psa = await startHttpSandbox({ seed: scene.seed() });
  open.push(psa);
  if (kind !== null) psa.setFaults([{ match: { method, path: null }, kind, times: 1 }]);
  const db = await scene.freshDatabase();
  const connection = scene.connectionOf({ url: psa.url });
  await db.connections.put(connection);
  const rest = scene.createOf('advanced', 2);
  if (rest.kind !== 'create') throw new Error('a create is one');
  const named = {
    ...rest,
    lineKey: MARK,
    name: 'Seats by agreement',
    subProducts: [],
    after: { ...rest.after, name: 'Seats by agreement' },
  };
  const plan = scene.planOf([scene.updateOf('advanced', 5, 3, '500'), named]);
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection, today: scene.TODAY });
  await scene.drain({ db, connection, clock: scene.createClock(), fetch: globalThis.fetch });
  const additions = psa.state().tables['additions'] ?? [];
  expect(additions.map(({ quantity, serialNumber }) => [quantity, serialNumber]).sort()).toEqual(
    [
      [3, scene.keyOf('advanced')],
      [2, scene.keyOf('pro')],
      [2, MARK],
    ].sort(),
  );
  expect((await db.deliveries.orderBy('id').toArray()).map(({ state, duplicates }) => [state, duplicates])).toEqual([
    ['sent', []],
    ['sent', []],
  ]);
});
