import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIRST_WEST, page, summary, usageLine } from '../fixtures/usage/files.ts';
import { createChance } from './chance';
import { createVictim, type Victim, type Weapon } from './victim';

const KILLS = Math.max(2, Math.ceil(Number(process.env['KILLS'] ?? '60') / 6));
const SEED = Number(process.env['SEED'] ?? String(Date.now() % 1_000_000));
const SITES = 200;
const SUB_PRODUCTS = 50;
const LINES = SITES * SUB_PRODUCTS;
const PERIOD = '2026-03';
const POINTS = ['staged', 'committed', 'committing', 'read', null, null] as const;

let victim: Victim;
beforeAll(async () => {
  victim = await createVictim();
});
afterAll(async () => victim.close());

it('an import that is killed leaves everything or nothing, and the same files finish it', async () => {
  const chance = createChance(SEED);
  const tally = { kills: 0, whole: 0, nothing: 0, partial: 0 };
  const name = 'faults-import';
  const began = performance.now();
  expect(await victim.ask('import', name, filesOf(0), null)).toBe('done');
  const whole = Math.ceil((performance.now() - began) * 1.3);
  for (let round = 1; tally.kills < KILLS; round += 1) {
    const weapon: Weapon = chance.below(4) === 0 ? 'browser' : 'tab';
    const database = `${name}-${round}`;
    const files = filesOf(round);
    const point = POINTS[tally.kills % POINTS.length] ?? null;
    const reached = new Promise<void>((resolve) => {
      victim.onPoint = () => resolve();
      if (point === null) setTimeout(resolve, chance.below(whole));
    });
    const importing = victim.ask('import', database, files, point).catch(() => 'killed');
    await Promise.race([reached, importing]);
    await victim.kill(weapon);
    await importing;
    tally.kills += 1;
    const found = await victim.ask('imported', database, PERIOD);
    if (found.left > 0 || (found.lines !== 0 && found.lines !== LINES)) tally.partial += 1;
    else if (found.imports === 1) tally.whole += 1;
    else tally.nothing += 1;
    if (point === 'staged' || point === 'committed') expect([point, found.imports]).toEqual([point, point === 'staged' ? 0 : 1]);
    expect(await victim.ask('import', database, files, null)).toBe(found.imports === 1 ? 'known' : 'done');
    expect(await victim.ask('imported', database, PERIOD)).toEqual({ imports: 1, lines: LINES, left: 0 });
  }
  console.log(`import, SEED=${SEED}: ${JSON.stringify(tally)}`);
  expect(tally.partial).toBe(0);
});

/** Pax8 answers: a summary per site, and every sub-product of it counted once. */
function filesOf(round: number): readonly { readonly name: string; readonly text: string }[] {
  const sites = Array.from({ length: SITES }, (_, site) => `${FIRST_WEST.slice(0, -4)}${String(site).padStart(4, '0')}`);
  const more = { quantity: 1 + round, unitPrice: 2, currentCharges: 2 * (1 + round), partnerTotal: 1 + round, currentProfit: 1 + round };
  const line = (usageSummaryId: string, index: number) =>
    usageLine({ ...more, usageSummaryId, usageDate: `${PERIOD}-19`, productId: undefined, productName: `Sub-product ${index}` });
  const rows = sites.flatMap((id) => Array.from({ length: SUB_PRODUCTS }, (_, index) => JSON.stringify(line(id, index))));
  return [
    { name: 'usage-summaries.json', text: JSON.stringify(page(sites.map((id, site) => summary(id, `site-${site}.com`)))) },
    { name: 'usage-lines.jsonl', text: rows.join('\n') },
  ];
}
