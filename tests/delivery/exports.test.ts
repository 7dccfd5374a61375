import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change';
import { productUse } from '../../src/domain/line-changes';
import { yieldedIds } from '../../src/storage/deliveries';
import { confirmPlans } from '../../src/storage/plans';
import * as scene from './scene';
import { onWrites, report, stageOf, type Staged } from './stage';

const FIRST = 'MAIL-SHIELD';
const SECOND = 'MAIL-SHIELD-2';

describe('an exported product that is exported once more', () => {
  it('under another identifier is another product: a line waits for the one that it means', async () => {
    const staged = await stageOf([[exportAs(FIRST)]], { faults: onWrites(null, 'refuse') });
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    await confirm(staged, [exportAs(SECOND)], [lineOn(SECOND)]);
    await scene.run(staged);
    const writes = staged.endpoint.runs().filter(({ method }) => method !== 'GET');
    expect(writes.map(({ path, fault }) => [path, fault])).toEqual([
      ['/procurement/catalog', null],
      ['/procurement/catalog', 'refuse'],
    ]);
    expect(Object.keys(await yieldedIds(staged.db, 'cw'))).toEqual([useOf(FIRST)]);
  });

  it('a plan that means the first one gets the first one, however the second went', async () => {
    const staged = await stageOf([[exportAs(FIRST)], [exportAs(SECOND)]]);
    await scene.run(staged);
    await confirm(staged, [lineOn(FIRST)]);
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    const [first] = staged.endpoint.effects();
    expect(staged.endpoint.effects().map(({ table }) => table)).toEqual(['catalog', 'catalog', 'additions']);
    expect(staged.endpoint.effects().at(-1)?.body).toMatchObject({ product: { id: first?.id } });
  });

  it('under the same identifier: what the older export yielded is not taken for it while it is not there', async () => {
    const staged = await stageOf([[exportAs(FIRST)]], { faults: onWrites(null, 'refuse') });
    await scene.run(staged);
    staged.endpoint.change((state) => ({ ...state, tables: { ...state.tables, catalog: [] } }));
    await confirm(staged, [exportAs(FIRST, 'Mail shield, once more')], [lineOn(FIRST)]);
    await scene.run(staged);
    expect(await yieldedIds(staged.db, 'cw')).toEqual({});
    expect(staged.endpoint.runs().filter(({ path }) => path.endsWith('/additions'))).toEqual([]);
  });
});

describe('several products that are exported with one confirmation', () => {
  it('a plan for each: one that is refused stops no other, and nothing of it is lost', async () => {
    const staged = await stageOf([], { faults: onWrites('refuse') });
    await confirm(staged, [exportAs(FIRST)], [exportAs(SECOND)], [exportAs('VAULT')]);
    expect(await scene.run(staged)).toEqual(report({ refused: 1, sent: 2 }));
    expect((await staged.db.deliveries.toArray()).map(({ state }) => state).sort()).toEqual(['refused', 'sent', 'sent']);
    expect(Object.keys(await yieldedIds(staged.db, 'cw'))).toEqual([useOf(SECOND), useOf('VAULT')]);
    await confirm(staged, [exportAs(FIRST)]);
    expect(await scene.run(staged)).toEqual(report({ sent: 1 }));
    expect(staged.endpoint.effects().map(({ body }) => (body as { identifier: string }).identifier)).toEqual([SECOND, 'VAULT', FIRST]);
  });
});

function useOf(identifier: string): string {
  return productUse({ product: 'proofpoint', subProduct: 'white-label', identifier });
}

function exportAs(identifier: string, name = 'Mail shield'): Change {
  const change = scene.exportOf() as Extract<Change, { kind: 'export' }>;
  return { ...change, yields: useOf(identifier), product: { ...change.product, identifier, name } };
}

function lineOn(identifier: string): Change {
  return scene.createOf('shield', 3, { use: useOf(identifier), product: identifier });
}

async function confirm({ db, connection }: Staged, ...plans: readonly (readonly Change[])[]): Promise<void> {
  const frozen = plans.map((changes) => ({ plan: scene.planOf(changes), withheld: [] }));
  await confirmPlans(db, scene.NOW, { plans: frozen, connection, today: scene.TODAY });
}
