import { expect, test } from 'vitest';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar';
import { add, ZERO } from '../../src/domain/decimal';
import { billsOf, projectedRows, spreadsOf } from '../../src/domain/projection';
import { monthStanding } from '../../src/storage/month';
import { projectionFacts } from '../../src/storage/projection';
import { december, demo, emptyDatabase, january } from '../demo/demo';

const asked = (today: string) => ({ today, calendar: DEFAULT_CALENDAR });
const atOnce = () => Promise.resolve();

test('on the day a month becomes final nothing of the next one is counted: it is projected as the month before', async () => {
  const db = await demo();
  const { lines, months, ...facts } = await projectionFacts(db, asked('2021-01-03'), atOnce);
  expect([facts, months.at(-1)?.period, months.length]).toEqual([{ period: '2021-01', counted: 0, carried: 41, unknown: 1 }, '2020-12', 5]);
  const standings = await monthStanding(db, december);
  const sum = (read: 'cost' | 'price' | 'margin') => add(ZERO, ...standings.map((product) => product[read] ?? ZERO));
  expect(billsOf(projectedRows(lines), new Map()).map(({ currency, cost, price, margin }) => [currency, cost, price, margin])).toEqual([
    ['USD', sum('cost'), sum('price'), sum('margin')],
  ]);
});

test('a site that is counted in the month replaces its count of the month before, and one that is not yet stays in', async () => {
  const db = await demo();
  const { lines, ...facts } = await projectionFacts(db, asked('2021-01-25'), atOnce);
  expect([facts.period, facts.counted, facts.carried, facts.unknown]).toEqual(['2021-01', 41, 0, 0]);
  const standings = await monthStanding(db, january);
  expect(add(ZERO, ...lines.map(({ quantity }) => quantity))).toBe(add(ZERO, ...standings.map(({ quantity }) => quantity)));
});

test('every product of the demo has months enough for a range around its projection', async () => {
  const { lines, months } = await projectionFacts(await demo(), asked('2021-01-03'), atOnce);
  expect([...spreadsOf(months)].map(([product, { low, high, changes }]) => [product, low, high, changes])).toEqual([
    ['latchkey-password-manager', '1', '1.386364', 4],
    ['northvault-backup', '1', '1.075', 4],
    ['proofpoint', '0.988814', '1.080685', 4],
  ]);
  expect(billsOf(projectedRows(lines), spreadsOf(months)).map(({ short }) => short)).toEqual([[]]);
});

test('nothing is projected where nothing was counted', async () => {
  expect(await projectionFacts(await emptyDatabase(), asked('2021-01-03'), atOnce)).toEqual({
    ...{ period: '2021-01', lines: [], counted: 0, carried: 0, unknown: 0, months: [] },
  });
});
