import { expect, test } from 'vitest';
import { planSetFor } from '../../src/domain/sync';
import { connectwise } from '../../src/psa/connectwise';
import { monthStanding } from '../../src/storage/month';
import { demo, devices, january, linesOf, mail, syncOf } from './demo';

test('in February most of the customers that are synced have nothing to do', async () => {
  const rows = await monthStanding(await demo(), january);
  const synced = rows.flatMap(({ standings }) =>
    standings.filter(({ movements }) => movements.some((movement) => movement.synced !== null)),
  );
  const moved = synced.filter(({ movements }) => movements.some(({ previous, current }) => previous !== current));
  expect([synced.length, moved.map(({ customer }) => customer.site)]).toEqual([
    18,
    ['Maple Street School', 'bayviewdental.com', 'ironbridgeconstruction.com'],
  ]);
});

test('an unchanged customer has nothing to sync', async () => {
  const { facts, choices } = await syncOf(await demo(), devices('Bayview Dental'), january);
  const set = planSetFor(facts, choices, connectwise);
  expect(set.ok && set.value.map(({ plan }) => [plan.lines.map(({ status }) => status), plan.requests])).toEqual([
    [['Unchanged', 'Unchanged'], []],
  ]);
});

test('22 that became 25 is a PATCH of the quantity and of nothing else', async () => {
  const db = await demo();
  const [line] = await linesOf(db, mail('bayviewdental.com'), { when: january });
  const { facts, choices } = await syncOf(db, mail('bayviewdental.com'), january);
  const set = planSetFor(facts, choices, connectwise);
  expect([line?.status, line?.inPsa, line?.syncedQuantity]).toEqual(['Updating', '22', '25']);
  expect(set.ok && set.value.flatMap(({ plan }) => plan.requests.map(({ method, path, body }) => ({ method, path, body })))).toEqual([
    {
      method: 'PATCH',
      path: '/finance/agreements/503/additions/7000',
      body: [{ op: 'replace', path: 'quantity', value: 25 }],
    },
  ]);
});
