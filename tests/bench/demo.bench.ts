import type { Bench } from './bench.ts';

const list = Array.from({ length: 100_000 }, (_, index) => ({ id: `row-${String(index)}`, quantity: index % 50 }));

export const bench: Bench = {
  name: 'Sum of 100,000 quantities against reading them from text',
  limits: [
    { kind: 'ratio', of: 'JSON.parse', max: 1 },
    { kind: 'ms', max: 50 },
  ],
  contenders: {
    ours: async ({ watch }) => {
      const { ms, longestBlock } = await watch(() => Promise.resolve(list.reduce((sum, { quantity }) => sum + quantity, 0)));
      return { ms, longestBlock };
    },
    'JSON.parse': ({ watch }) => {
      const text = JSON.stringify(list);
      return watch(() => Promise.resolve(JSON.parse(text) as unknown)).then(({ ms }) => ms);
    },
  },
};
