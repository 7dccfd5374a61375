import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { openDatabase } from '../../src/storage/open';
import { changeSetting } from '../../src/storage/settings';
import { saveThreshold, thresholdFor, thresholds, USUAL_THRESHOLD } from '../../src/storage/thresholds';

const NOW = '2021-01-03T08:00:00.000Z';

test('a product has its own threshold, else that of all others, else the usual one', async () => {
  const db = await openDatabase(`thresholds-${crypto.randomUUID()}`, { newId: () => 'uuid' });
  const both = async () => {
    const all = await thresholds(db);
    return [thresholdFor(all, 'proofpoint'), thresholdFor(all, 'ninja')];
  };
  expect(await both()).toEqual([USUAL_THRESHOLD, USUAL_THRESHOLD]);
  const [others, own] = [
    { percent: null, amount: decimalOf('250.50') },
    { percent: 20, amount: null },
  ];
  await saveThreshold(db, NOW, null, others);
  await saveThreshold(db, NOW, 'proofpoint', own);
  expect(await both()).toEqual([own, others]);
  await saveThreshold(db, NOW, 'proofpoint', null);
  await changeSetting(db, NOW, 'threshold', { percent: 'many', amount: null });
  expect(await both()).toEqual([USUAL_THRESHOLD, USUAL_THRESHOLD]);
});
