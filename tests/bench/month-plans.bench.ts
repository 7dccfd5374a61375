import type { Bench } from './bench.ts';
import { planned } from './planned.ts';

export const bench: Bench = {
  name: 'A whole month: plans and hashes for 5,000 customers with ten lines each, in workers, from the database to the answer',
  limits: [{ kind: 'ms', max: 5000 }],
  samples: 3,
  contenders: planned(5_000, 10),
};
