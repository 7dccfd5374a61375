import { expect, test } from 'vitest';
import { customerKey } from '../../src/domain/marketplace';
import { customersDecided } from '../../src/storage/decided-lines';
import { december, devices, seeded } from '../demo/demo';

test('whoever left a sub-product out of the sync of a month decided so for that month, and who left out nothing did not', async () => {
  const db = await seeded();
  const [cedar, harbor] = [customerKey(devices('Cedar Ridge Law')), customerKey(devices('Harbor Point CPA'))];
  const leaves = (customer: string, subProducts: readonly string[]) =>
    db.synced
      .where('customer')
      .equals(customer)
      .modify({ withheld: { period: december.period, subProducts } });
  expect(await leaves(cedar, ['northvault-server'])).toBe(1);
  expect(await leaves(harbor, [])).toBe(1);
  expect(await customersDecided(db, december.period, december.today)).toEqual(new Set([cedar]));
  expect(await customersDecided(db, '2021-01', '2021-02-03')).toEqual(new Set());
});
