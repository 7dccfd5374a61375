import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Day } from '../../src/domain/calendar';
import type { PlanLine } from '../../src/domain/plan';
import { problem, type Problem } from '../../src/domain/problem';
import type { BulkItem } from '../../src/domain/sync-bulk';
import BulkSync from '../../src/ui/wizard/BulkSync.svelte';
import type { PlanAnswer, PlanCall } from '../../src/workers/plan.worker';
import * as scene from '../delivery/scene';
import { fakeApp } from './support/app';

const CUSTOMER = { product: 'proofpoint', site: 'acme.com' };
const FIELD = 'Effective date of new lines';

test('the effective date of new lines is planned with, and cleared it is each customer’s own again', async () => {
  const { calls } = await opened('Creating');
  const field = within(await summary()).getByLabelText(FIELD);
  expect(field).toHaveValue('');
  await enter(field, '2021-02-01');
  await waitFor(() => expect(calls.map(({ effectiveDate }) => effectiveDate)).toEqual([null, '2021-02-01']));
  expect(await shownDate()).toBe('2021-02-01');
  await enter(screen.getByLabelText(FIELD), '');
  await waitFor(() => expect(calls.map(({ effectiveDate }) => effectiveDate)).toEqual([null, '2021-02-01', null]));
  expect(await shownDate()).toBe('');
});

test('what is confirmed carries the date that was entered', async () => {
  const { app, calls } = await opened('Creating');
  await enter(within(await summary()).getByLabelText(FIELD), '2021-02-01');
  expect(await shownDate()).toBe('2021-02-01');
  await userEvent.click(screen.getByRole('button', { name: 'Confirm Sync' }));
  await waitFor(async () => expect(await app.db.plans.count()).toBe(1));
  const [plan] = await app.db.plans.toArray();
  expect([plan?.plan.requests[0]?.line.after?.effectiveDate, calls.at(-1)?.effectiveDate]).toEqual(['2021-02-01', '2021-02-01']);
});

test('where no line is made there is no date to enter', async () => {
  await opened('Updating');
  expect(within(await summary()).queryByLabelText(FIELD)).toBeNull();
});

test('one customer who stays is told of as one, and nothing can be confirmed', async () => {
  await opened('Updating', [problem('no company assigned', { site: 'acme.com' })]);
  const dialog = within(await summary());
  expect(dialog.getByText('1 customer stays, with a question')).toBeVisible();
  expect(dialog.getByRole('listitem')).toHaveTextContent(/^acme\.com: ./);
  expect(dialog.getByRole('button', { name: 'Confirm Sync' })).toBeDisabled();
});

async function opened(status: PlanLine['status'], problems: readonly Problem[] = []) {
  const calls: PlanCall[] = [];
  vi.stubGlobal('Worker', planner(status, calls, problems));
  onTestFinished(() => void vi.unstubAllGlobals());
  const app = await fakeApp();
  await app.db.connections.put(scene.connectionOf());
  const { component } = render(BulkSync, { context: app.context });
  component.syncCustomers('Sync all clean ones', [CUSTOMER], null);
  return { app, calls };
}

/** A worker that plans one customer with the date that it is asked for. */
function planner(status: PlanLine['status'], calls: PlanCall[], problems: readonly Problem[]) {
  return class {
    onmessage: ((event: { readonly data: PlanAnswer }) => void) | null = null;
    postMessage(call: PlanCall): void {
      calls.push(call);
      queueMicrotask(() => this.onmessage?.({ data: { ok: true, items: [{ ...itemFor(status, call.effectiveDate ?? null), problems }] } }));
    }
    terminate(): void {
      this.onmessage = null;
    }
  };
}

function itemFor(status: PlanLine['status'], date: Day | null): BulkItem {
  const made = scene.createOf('business', 15);
  if (made.kind !== 'create') throw new Error('a create is one');
  const change = { ...made, after: { ...made.after, effectiveDate: date ?? made.after.effectiveDate } };
  const line: PlanLine = {
    ...{ lineKey: made.lineKey, status, name: made.name, subProducts: ['business'], effectiveDate: date, sentDate: date, quantity: '15' },
    ...{ syncedQuantity: '15', reason: null, before: null, cost: '2', price: '3', total: '45' },
  };
  return {
    ...{ customer: CUSTOMER, connection: 'cw', problems: [], warnings: [] },
    plans: [{ plan: scene.planOf([change], CUSTOMER.site, 0, [line]), withheld: [] }],
  };
}

function summary(): Promise<HTMLElement> {
  return screen.findByRole('dialog', { name: 'Sync all clean ones' });
}

async function enter(field: HTMLElement, value: string): Promise<void> {
  await fireEvent.change(field, { target: { value } });
}

/** Once the plans with it are there. */
async function shownDate(): Promise<string> {
  await waitFor(() => expect(screen.getByRole('button', { name: 'Confirm Sync' })).toBeEnabled());
  return screen.getByLabelText<HTMLInputElement>(FIELD).value;
}
