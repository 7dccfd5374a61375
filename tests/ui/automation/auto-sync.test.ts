import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { Queue, QueueItem } from '../../../src/domain/automation';
import { decimalOf } from '../../../src/domain/decimal';
import { problem, type Problem } from '../../../src/domain/problem';
import { automationsAt, pausesAt, setAutomation } from '../../../src/storage/automations';
import { recordRun } from '../../../src/storage/auto-sync-runs';
import type { QueueQuestion } from '../../../src/storage/auto-sync';
import AutoSyncStatus from '../../../src/ui/automation/AutoSyncStatus.svelte';
import AutoSyncTab from '../../../src/ui/automation/AutoSyncTab.svelte';
import { remedyOf, sumInWords } from '../../../src/ui/automation/auto-sync-words';
import { product, standing } from '../support/standings';
import { NOW, scene } from './scene';

const PRODUCT = product([standing('acme.com'), standing('beta.com')]);
const button = (name: string | RegExp) => screen.findByRole('button', { name });
const modes = () => screen.findByLabelText<HTMLSelectElement>('Proofpoint');

async function open(items: readonly QueueItem[], protocol: 'file' | 'sandbox' = 'sandbox') {
  const { app, connection } = await scene({ protocol }, [PRODUCT]);
  const asked: QueueQuestion[] = [];
  const ask = (question: QueueQuestion): Promise<Queue> => {
    asked.push(question);
    return Promise.resolve({ period: '2020-12', record: 0, items, idle: 3 });
  };
  render(AutoSyncTab, { props: { connection, ask }, context: app.context });
  return { app, connection, asked };
}

describe('Auto-sync of a connection', () => {
  test('shows what it would do today with each customer, for what one waits, and where that is solved', async () => {
    await open([item('beta.com', problem('no company assigned', { site: 'beta.com' })), item('acme.com', null)]);
    const table = within(await screen.findByRole('table', { name: 'Customers of auto-sync' }));
    const rows = table.getAllByRole('row').slice(1);
    expect(rows.map((row) => [within(row).getByRole('rowheader').textContent.trim(), ...cellsOf(row)])).toEqual([
      ['acme.com', 'Proofpoint', 'Would send', '', '$45.00', 'Pause acme.com'],
      [
        'beta.com',
        'Proofpoint',
        'Waits',
        'No company assigned. Nobody knows yet which company beta.com is. Assign Company',
        '$45.00',
        'Pause beta.com',
      ],
    ]);
    expect(table.getByRole('link', { name: 'Assign Company' })).toHaveAttribute('href', '#/subscriptions/proofpoint');
    expect(
      screen.getByText(
        'December 2020: would send 1 customer ($45.00); 1 customer waits for a reason; 3 customers have nothing to sync. This is a dry run: it wrote and sent nothing.',
      ),
    ).toBeVisible();
  });

  test('sends nothing by itself before the partner has seen what would go', async () => {
    const { app, connection, asked } = await open([item('acme.com', null)]);
    await userEvent.selectOptions(await modes(), 'Send by itself');
    const dialog = within(await screen.findByRole('dialog', { name: 'Send Proofpoint by itself?' }));
    expect(await dialog.findByText('1 customer ($45.00)')).toBeVisible();
    expect(asked.at(-1)?.assume).toEqual({ connection: 'office', product: 'proofpoint', mode: 'send' });
    await userEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
    expect([(await modes()).value, (await automationsAt(app.db, connection.id)).size]).toEqual(['off', 0]);
    await userEvent.selectOptions(await modes(), 'Send by itself');
    await userEvent.click(await button('Send by itself'));
    await waitFor(async () => expect([...(await automationsAt(app.db, connection.id))]).toEqual([['proofpoint', 'send']]));
  });

  test('prepares at once, and is offered no sending where a person carries the file', async () => {
    const { app, connection } = await open([], 'file');
    expect([...(await modes()).options].map(({ value }) => value)).toEqual(['off', 'prepare']);
    await userEvent.selectOptions(await modes(), 'Prepare plans for my approval');
    await waitFor(async () => expect([...(await automationsAt(app.db, connection.id))]).toEqual([['proofpoint', 'prepare']]));
  });

  test('pauses a customer with a reason, says so, and takes it back', async () => {
    const { app, connection } = await open([item('acme.com', null)]);
    await userEvent.click(await button('Pause acme.com'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Pause auto-sync' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Pause' }));
    expect(dialog.getByLabelText('Reason')).toHaveAccessibleDescription('Error: Say why, for whoever looks next month.');
    await userEvent.type(dialog.getByLabelText('Reason'), 'contract is being renewed');
    await userEvent.click(dialog.getByRole('button', { name: 'Pause' }));
    const resume = await button('Resume acme.com, Proofpoint');
    expect((await pausesAt(app.db, connection.id, '2021-01-03')).map(({ site, reason, until }) => [site, reason, until])).toEqual([
      ['acme.com', 'contract is being renewed', null],
    ]);
    await userEvent.click(resume);
    expect(await screen.findByText('Nothing is paused.')).toBeVisible();
    await waitFor(() => expect(app.said).toEqual(['acme.com is paused', 'acme.com, Proofpoint goes by itself again']));
  });
});

test('the Unsynced screen says in one line what went by itself, with the way there', async () => {
  const { app, connection } = await scene({ protocol: 'sandbox' }, [PRODUCT]);
  render(AutoSyncStatus, { context: app.context });
  await setAutomation(app.db, NOW, { connection: connection.id, product: 'proofpoint', mode: 'prepare' });
  const line = await screen.findByRole('status');
  expect(line).toHaveTextContent('Auto-sync: nothing went yet. Open Auto-sync');
  await recordRun(app.db, NOW, { period: '2020-12', prepared: 12, waits: 2, plans: [] });
  await waitFor(() => expect(line).toHaveTextContent('Auto-sync: 0 sent, 12 wait for approval, 2 wait. Open Auto-sync'));
  expect(screen.getByRole('link')).toHaveAttribute('href', '#/tools/business-automation/office/auto-sync');
});

test.each<[Problem, string]>([
  [problem('delivery is not settled', { plan: 'p1' }), '/delivery/p1'],
  [problem('no usage reported', { site: 'acme.com', period: '2020-12', lastSeen: null }), '/import'],
  [problem('sub-products have no product', { names: ['Pro'], topLevel: null }), '/tools/business-automation/office/products'],
  [problem('company is not linked', { company: 'Acme', psa: 'Office' }), '/tools/business-automation/office/companies'],
  [problem('secret is locked', { connection: 'office' }), '/tools/business-automation/office'],
  [problem('customer is ignored', { site: 'acme.com', reason: 'ours', until: null }), '/unsynced'],
  [problem('month was synced already', { site: 'acme.com', period: '2020-12' }), '/sync/proofpoint/acme.com'],
])('what stopped a customer has the way to what solves it', (stopped, path) => {
  expect(remedyOf(item('acme.com', stopped))?.path).toBe(path);
});

test('money of two currencies is never one sum, and what is unknown is in none', () => {
  const euro = { ...item('b.com', null), currency: 'EUR' };
  expect(sumInWords([item('a.com', null), item('c.com', null), euro, { ...euro, money: null }])).toBe('4 customers ($90.00 and €45.00)');
});

function item(site: string, stopped: Problem | null): QueueItem {
  return {
    ...{ customer: { product: 'proofpoint', site }, company: null, connection: 'office', mode: 'send', stopped, plans: [] },
    ...{ money: decimalOf(45), currency: 'USD' },
  };
}

function cellsOf(row: HTMLElement): string[] {
  return within(row)
    .getAllByRole('cell')
    .map((cell) => cell.textContent.replace(/\s+/g, ' ').trim());
}
