import { expect, test } from 'vitest';
import { handWorkOf } from '../../src/domain/hand-work';
import { isIntact } from '../../src/domain/plan';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import { chargeChange, createChange, d, endChange, NOTHING, planOf, updateChange } from '../support/plans.ts';

const NAME = '1stwestinsurance.com - 1stwestinsurance.com - Proofpoint Business';
const here = { company: '1st West Insurance', agreement: 'Managed Services', line: NAME };

test('says for every change what the line holds, what it must hold, and from which day', () => {
  const priced = { ...updateChange().before, price: d('3'), name: 'Old name' };
  const changes = [
    createChange(),
    updateChange(),
    updateChange({ before: priced, after: { ...NOTHING, quantity: d('15'), price: d('3.5'), name: NAME } }),
    endChange(),
    endChange({ how: 'zero', after: { ...NOTHING, quantity: d('0') } }),
    chargeChange(),
  ];
  const plan = planOf(changes, kaseyaBms);
  expect(isIntact(plan)).toBe(true);
  expect(handWorkOf(plan).map(({ lineKey: _, ...work }) => work)).toEqual([
    { n: 1, ...here, what: 'Change the line', from: 'quantity 12', to: 'quantity 15', date: '2021-01-01' },
    {
      ...{ n: 2, ...here, what: 'Change the line', from: 'quantity 12, price 3, name Old name' },
      ...{ to: `quantity 15, price 3.5, name ${NAME}`, date: '2021-01-01' },
    },
    { n: 3, ...here, what: 'End the line', from: 'quantity 12', to: 'ended', date: '2020-12-31' },
    { n: 4, ...here, what: 'End the line', from: 'quantity 12', to: 'quantity 0', date: '2021-01-01' },
    { n: 5, ...here, what: 'Charge once: PFPT-BUS', from: '', to: 'quantity 15, price 3, cost 2.44', date: '2021-01-01' },
  ]);
});

test('a line that moves ends on the agreement that it stood on, and a belief that nobody has is not made up', () => {
  const before = { ...endChange().before, quantity: null };
  const plan = planOf([endChange({ agreementId: '99', before })], kaseyaBms);
  expect(handWorkOf(plan).map(({ agreement, from }) => [agreement, from])).toEqual([['number 99', 'quantity ?']]);
});

test('a plan of requests leaves nothing', () => {
  expect(handWorkOf(planOf([createChange(), updateChange()]))).toEqual([]);
});
