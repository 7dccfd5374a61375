import type { Bench, PageContext, Sample } from '../bench.ts';

/** What the runner in Node calls. Each bench is loaded on its own, so that no other one's code is in the page. */
export interface BenchPage {
  describe(file: string): Promise<Pick<Bench, 'name' | 'limits' | 'samples'> & { contenders: string[] }>;
  run(file: string, contender: string, round: number): Promise<Sample>;
}

declare global {
  var benchPage: BenchPage;
}

const benches = import.meta.glob<{ bench: Bench }>('../*.bench.ts');

globalThis.benchPage = {
  describe: async (file) => {
    const { name, limits, samples = 5, contenders } = await benchOf(file);
    return { name, limits, samples, contenders: Object.keys(contenders) };
  },
  run: async (file, contender, round) => {
    const work = (await benchOf(file)).contenders[contender];
    if (work === undefined) throw new Error(`${file} has no contender ${contender}.`);
    return work({ round, watch });
  },
};

async function benchOf(file: string): Promise<Bench> {
  const load = benches[`../${file}`];
  if (load === undefined) throw new Error(`There is no ${file}.`);
  return (await load()).bench;
}

const watch: PageContext['watch'] = async (work) => {
  const beat = 4;
  let last = performance.now();
  let longestBlock = 0;
  const look = () => {
    const now = performance.now();
    longestBlock = Math.max(longestBlock, now - last - beat);
    last = now;
  };
  const timer = setInterval(look, beat);
  const start = performance.now();
  const value = await work();
  const ms = performance.now() - start;
  look();
  clearInterval(timer);
  return { value, ms, longestBlock };
};
