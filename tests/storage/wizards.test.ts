import { expect, test } from 'vitest';
import { forgetWizard, savedWizard, saveWizard } from '../../src/storage/wizards';
import { emptyDatabase, NOW } from '../demo/demo';

test('a resting wizard is kept by customer, replaced, and forgotten without a trace', async () => {
  const db = await emptyDatabase();
  const before = [await db.meta.toArray(), await db.audit.toArray()];
  await saveWizard(db, NOW, 'a', { at: 1 });
  await saveWizard(db, NOW, 'a', { at: 2 });
  await saveWizard(db, NOW, 'b', { at: 3 });
  const kept = [await savedWizard(db, 'a'), await savedWizard(db, 'b'), await savedWizard(db, 'c')];
  await forgetWizard(db, NOW, 'a');
  expect([kept, await savedWizard(db, 'a'), await db.wizards.count()]).toEqual([[{ at: 2 }, { at: 3 }, undefined], undefined, 1]);
  await forgetWizard(db, NOW, 'b');
  expect([await db.meta.toArray(), await db.audit.toArray()]).toEqual(before);
});
