import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Removal } from '../../src/domain/delivery';
import { problem } from '../../src/domain/problem';
import type { PlanRecord } from '../../src/storage/rows';
import { confirmPlans } from '../../src/storage/plans';
import ReceiptRow from '../../src/ui/wizard/ReceiptRow.svelte';
import * as scene from '../delivery/scene';

test('a removal that was cut short is told beside the copy, which can be pressed again', async () => {
  const removal: Removal = {
    ...{ copy: '900', state: 'unknown', attempts: 1, sentAt: scene.NOW },
    problem: problem('outcome is unknown', { line: 'business' }),
  };
  const db = await scene.freshDatabase();
  const plan = scene.planOf([scene.createOf('business', 15)]);
  await confirmPlans(db, scene.NOW, { plans: [{ plan, withheld: [] }], connection: scene.connectionOf(), today: scene.TODAY });
  const [record, delivery] = [(await db.plans.toArray())[0] as PlanRecord, (await db.deliveries.toArray())[0]!];
  const row = {
    record,
    request: plan.requests[0]!,
    delivery: { ...delivery, state: 'sent' as const, duplicates: ['900'], removals: [removal] },
  };
  const pressed: string[] = [];
  const nothing = () => undefined;
  render(ReceiptRow, {
    props: {
      ...{ row, busy: false, sends: true, onlook: nothing, onmark: nothing, onagain: nothing, onplan: null },
      onremove: (copy: string) => pressed.push(copy),
    },
    target: document.body.appendChild(document.createElement('table')).appendChild(document.createElement('tbody')),
  });
  expect(screen.getByText('Removal of the copy 900: Outcome unknown')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Remove the copy 900' }));
  expect(pressed).toEqual(['900']);
});
