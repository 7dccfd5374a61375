import type { Bench } from './bench.ts';
import { planned } from './planned.ts';

export const bench: Bench = {
  name: 'Plans and hashes for 2,000 customers with three lines each, in workers, from the database to the answer',
  limits: [{ kind: 'ms', max: 1000 }],
  contenders: planned(2_000, 3),
};
