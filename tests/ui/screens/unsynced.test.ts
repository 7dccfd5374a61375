import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { replace, router } from 'svelte-spa-router';
import { describe, expect, test } from 'vitest';
import type { ProductStanding } from '../../../src/domain/standing';
import Toasts from '../../../src/ui/parts/Toasts.svelte';
import Unsynced from '../../../src/ui/screens/Unsynced.svelte';
import { fakeApp } from '../support/app';
import { movement, product, standing, unknownStanding } from '../support/standings';

const changed = standing('acme.com', {
  flag: 'changed',
  movements: [movement('Proofpoint Business', { current: 18, previous: 16, synced: 15, reason: 'quantity changed', money: '9' })],
});
const fresh = standing('new.com', {
  flag: 'never synced',
  movements: [movement('Proofpoint Pro', { current: 2, previous: null, synced: null, reason: 'new', money: '6' })],
});

async function open(standings: readonly ProductStanding[]) {
  await replace('/unsynced');
  await waitFor(() => expect(router.querystring ?? '').toBe(''));
  const app = await fakeApp({ standings });
  render(Unsynced, { context: app.context });
  await waitFor(() => expect(screen.queryByText('Loading…')).toBeNull());
  return app;
}
const cellsOf = (name: RegExp) =>
  within(screen.getByRole('row', { name }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent.trim());

describe('Arrears Subscriptions', () => {
  test('lists old, last month, new, delta, money and the reason', async () => {
    await open([product([standing('same.com'), changed, fresh])]);
    expect(screen.getByRole('heading', { level: 1, name: 'Arrears Subscriptions' })).toBeVisible();
    expect([cellsOf(/acme\.com/), cellsOf(/new\.com/)]).toEqual([
      ['', 'Proofpoint Business', '15.00', '16.00', '18.00', '+3.00 ▲', '+$9.00', 'Quantity changed', 'Sync'],
      ['', 'Proofpoint Pro', 'never', 'none', '2.00', '+2.00 ▲', '+$6.00', 'New, not in the PSA yet', 'Sync'],
    ]);
    expect(screen.getByText('3 of 3 customers compared for December 2020, 2 changed.')).toBeVisible();
    expect(screen.queryByRole('row', { name: /same\.com/ })).toBeNull();
  });

  test('says why nothing prepaid is compared', async () => {
    await open([product([changed])]);
    expect(screen.getByRole('region', { name: 'Prepaid Subscriptions' })).toHaveTextContent(
      /^Prepaid Subscriptions None\. What is prepaid bills/,
    );
  });

  test('leads each row into the wizard', async () => {
    const app = await open([product([changed])]);
    await userEvent.click(screen.getByRole('button', { name: 'Sync' }));
    expect(app.went).toEqual(['/sync/proofpoint/acme.com']);
  });

  test('shows customers that need a look, with what to do', async () => {
    await open([product([unknownStanding('gone.com'), standing('who.com', { company: null, flag: 'needs company' })])]);
    const table = within(screen.getByRole('table', { name: 'Customers that need a look' }));
    expect(table.getByRole('row', { name: /gone\.com/ })).toHaveTextContent(/unknown, which is not 0.*Import the missing file/);
    expect(table.getByRole('row', { name: /who\.com/ })).toHaveTextContent(/Nobody knows yet which company who\.com is\..*Assign Company/);
    expect(screen.getByText('Nothing to sync')).toBeVisible();
  });

  test('is a good result with its coverage when nothing is left', async () => {
    await open([product([standing('a.com'), standing('b.com')])]);
    expect(screen.getByRole('heading', { name: 'Everything is in the PSA' })).toBeVisible();
    expect(screen.getByText(/2 of 2 customers compared for December 2020, 0 changed\. Nothing to sync on Jan 3, 2021\./)).toBeVisible();
  });

  test('a view, a search and a group come from what the partner chose', async () => {
    await open([product([changed, fresh])]);
    const views = within(screen.getByRole('group', { name: 'View' }));
    expect(views.getAllByRole('button').map((button) => button.textContent.trim().replace(/\s+/g, ' '))).toEqual([
      'All 2',
      'Never synced 1',
      'Changed 1',
    ]);
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search arrears' }), 'acme.com');
    expect(screen.queryByRole('row', { name: /new\.com/ })).toBeNull();
    expect(screen.getByRole('row', { name: /acme\.com/ })).toBeVisible();
  });

  test('picked customers stay picked when the list no longer shows them', async () => {
    await open([product([changed, fresh])]);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Pick acme.com' }));
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search arrears' }), 'new');
    const bar = within(screen.getByRole('region', { name: 'Picked customers' }));
    expect(bar.getByText(/1 customer picked/).parentElement).toHaveTextContent('1 customer picked, 1 of them not shown');
    expect(bar.getByRole('button', { name: 'Sync 1 picked' })).toBeEnabled();
    await userEvent.click(bar.getByRole('button', { name: 'Clear' }));
    expect(screen.queryByRole('region', { name: 'Picked customers' })).toBeNull();
  });

  test('a customer is ignored with a reason, is found in its view, and is taken back', async () => {
    const app = await open([product([changed, fresh])]);
    render(Toasts);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Pick acme.com' }));
    await userEvent.click(within(screen.getByRole('region', { name: 'Picked customers' })).getByRole('button', { name: 'Ignore' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Ignore acme.com' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Ignore' }));
    expect(dialog.getByText(/Say why, for whoever looks at it later/)).toBeVisible();
    await userEvent.type(dialog.getByRole('textbox', { name: 'Reason' }), 'leaves in January');
    await userEvent.click(dialog.getByRole('button', { name: 'Ignore' }));
    await waitFor(() => expect(screen.queryByRole('row', { name: /acme\.com/ })).toBeNull());
    expect(await app.db.ignores.toArray()).toMatchObject([{ site: 'acme.com', reason: 'leaves in January', until: '2021-02-02' }]);
    await screen.findByText('1 customer ignored');
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByRole('row', { name: /acme\.com/ });
  });

  test('a change above the threshold is in no bulk sync, and says so', async () => {
    const jump = standing('jump.com', {
      flag: 'changed',
      movements: [movement('Proofpoint Business', { current: 31, previous: 15, synced: 15, reason: 'quantity changed', money: '48' })],
    });
    await open([product([jump, fresh])]);
    expect(screen.getByRole('row', { name: /jump\.com/ })).toHaveTextContent(/Unusual change/);
    expect(screen.getByRole('button', { name: 'Pick all 1 that match' })).toBeEnabled();
  });

  test('says that there is nothing to compare yet', async () => {
    await open([]);
    expect(screen.getByRole('link', { name: 'Import usage' })).toBeVisible();
  });
});
