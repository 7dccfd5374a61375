import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change';
import type { Delivery } from '../../src/domain/delivery';
import type { Plan, PlanRequest } from '../../src/domain/plan';
import * as scene from '../delivery/scene';
import type { EndpointFault } from '../support/endpoint';
import { createChance, type Chance } from './chance';
import { createVictim, type Victim, type Weapon } from './victim';
import { connectionFor, createWorld, CREDENTIALS, type Mode, type World } from './world';

const KILLS = Math.max(2, Number(process.env['KILLS'] ?? '60'));
const SEED = Number(process.env['SEED'] ?? String(Date.now() % 1_000_000));
const POINTS = ['claimed', 'handled', 'answered', 'random', 'random'] as const;
const FAULTS: readonly EndpointFault[] = [
  'reset before',
  'reset after',
  'late',
  '500 before',
  '500 after',
  'html',
  'empty',
  'truncated',
  'no cors',
];

let victim: Victim;
let world: World;
beforeAll(async () => {
  [victim, world] = [await createVictim(), await createWorld()];
  await victim.ask('leaveNote');
});
afterAll(async () => {
  await victim.close();
  await world.close();
});

it.each<[Mode, readonly EndpointFault[]]>([
  ['relay that checks keys', []],
  ['PSA with read-back', []],
  ['PSA with read-back', FAULTS],
  ['relay that checks keys', ['reset before', 'reset after', '500 after', 'html']],
])('killed again and again, with a %s (faults: %s): nothing is lost, nothing is sent twice, every doubt is shown', async (mode, faults) => {
  const chance = createChance(SEED + faults.length);
  const tally = {
    ...{ kills: 0, lines: 0, lost: 0, doubled: 0, 'browser-made doubles detected': 0, 'unknown shown': 0 },
    'stores that the browser threw away': 0,
  };
  const missed: string[] = [];
  for (let round = 0; tally.kills < KILLS / 4; round += 1) {
    const name = `faults-${mode}-${faults.length}-${round}`;
    const connection = connectionFor(mode, world.url(mode));
    const plans = plansOf(round);
    world.begin(chance, faults);
    await victim.ask('confirm', name, connection, plans);
    for (let kill = 0; kill < 3; kill += 1) {
      await deliverAndKill(name, connection, chance);
      tally.kills += 1;
    }
    world.onHandled = () => undefined;
    if ((await victim.ask('rows', name)).length === 0) {
      expect(await victim.ask('hasNote'), `${name} is empty, and nothing else is`).toBe(false);
      expect(twiceIn(plans)).toEqual([]);
      tally['stores that the browser threw away'] += 1;
      await victim.ask('leaveNote');
      continue;
    }
    await victim.ask('deliver', name, connection, CREDENTIALS, null);
    const rows = await victim.ask('rows', name);
    const found = judged(plans, rows);
    tally.lines += found.lines;
    tally.lost += found.lost;
    tally.doubled += found.doubled;
    tally['browser-made doubles detected'] += found.detected;
    tally['unknown shown'] += found.unknown;
    missed.push(...found.missed);
  }
  console.log(`${mode}, faults ${faults.length === 0 ? 'none' : faults.join(', ')}, SEED=${SEED}: ${JSON.stringify(tally)}`);
  expect({ lost: tally.lost, doubled: tally.doubled, missed }).toEqual({ lost: 0, doubled: 0, missed: [] });
});

async function deliverAndKill(name: string, connection: ReturnType<typeof connectionFor>, chance: Chance): Promise<void> {
  const point = chance.pick(POINTS);
  const weapon: Weapon = chance.below(5) === 0 ? 'browser' : 'tab';
  const skip = chance.below(3);
  let reached = 0;
  const dead = new Promise<void>((resolve) => {
    const strike = () => {
      world.onHandled = () => undefined;
      resolve();
    };
    victim.onPoint = strike;
    world.onHandled = () => {
      reached += 1;
      if (point === 'handled' && reached > skip) strike();
    };
    if (point === 'random') setTimeout(strike, chance.below(260));
  });
  const delivered = victim.ask('deliver', name, connection, CREDENTIALS, point === 'claimed' || point === 'answered' ? point : null);
  await Promise.race([dead, delivered.then(() => undefined).catch(() => undefined)]);
  await victim.kill(weapon);
  await delivered.catch(() => undefined);
}

/** Three customers: new lines, changes and an end with the product that one of the lines needs, and what is charged once. */
function plansOf(round: number): readonly Plan[] {
  const many = Array.from({ length: 5 }, (_, index) => scene.createOf(`sub-${index}`, index + 1));
  const rest: readonly Change[] = [
    scene.updateOf('advanced', 5, 6, null),
    scene.endOf('pro', 2, '501'),
    scene.createOf('shield', 3, { use: scene.EXPORTED_ID, product: 'MAIL-SHIELD' }),
  ];
  const charges = [scene.chargeOf('setup', 4), scene.chargeOf('training', 2)];
  return [
    scene.planOf([scene.exportOf()]),
    scene.planOf(charges, `c${round}.com`),
    scene.planOf(many, `a${round}.com`),
    scene.planOf(rest, `b${round}.com`),
  ];
}

/** What can be there twice. */
function isNew({ operation }: PlanRequest): boolean {
  return operation === 'create' || operation === 'charge' || operation === 'export';
}

/** Keys that more than one call of the page applied. */
function twiceIn(plans: readonly Plan[]): readonly string[] {
  return plans
    .flatMap(({ requests }) => requests.filter(isNew))
    .map(({ line }) => line.lineKey)
    .filter((key) => new Set(world.applied().flatMap(({ effect, attempt }) => (effect.key === key ? [attempt] : []))).size > 1);
}

/** The rows against what the endpoint applied, call by call. */
function judged(plans: readonly Plan[], rows: readonly Delivery[]) {
  let [lost, doubled, detected, unknown, lines] = [0, 0, 0, 0, 0];
  const missed: string[] = [];
  for (const row of rows) {
    const request = plans.find(({ id }) => id === row.plan)?.requests[row.n];
    if (request === undefined || request.operation === 'read') continue;
    const wanted = isNew(request) ? 'created' : 'changed';
    const effects = world.applied().filter(({ effect }) => effect.key === request.line.lineKey && effect.effect === wanted);
    lines += 1;
    unknown += row.state === 'unknown' ? 1 : 0;
    if (row.state === 'sent' && effects.length === 0) lost += 1;
    if (row.state === 'refused') lost += 1;
    if (row.state === 'pending' && !rows.some(({ plan, state }) => plan === row.plan && state === 'unknown') && request.uses.length === 0)
      lost += 1;
    if (!isNew(request) || effects.length < 2) continue;
    const calls = new Set(effects.map(({ attempt }) => attempt)).size;
    if (calls > 1) doubled += calls - 1;
    const shown = row.duplicates.length;
    detected += shown;
    if (shown !== effects.length - 1) missed.push(`${row.id}: ${String(effects.length)} applied, ${String(shown)} shown`);
  }
  return { lost, doubled, detected, unknown, lines, missed };
}
