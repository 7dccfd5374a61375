import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { replace, router } from 'svelte-spa-router';
import { expect, test } from 'vitest';
import { decimalOf } from '../../../src/domain/decimal';
import { syncedKey } from '../../../src/domain/synced';
import { settingOf } from '../../../src/storage/settings';
import Unsynced from '../../../src/ui/screens/Unsynced.svelte';
import { syncedLine } from '../../support/grid';
import { fakeApp } from '../support/app';
import { movement, product, standing } from '../support/standings';

const changed = standing('acme.com', {
  flag: 'changed',
  movements: [movement('Proofpoint Business', { current: 18, previous: 16, synced: 15, reason: 'quantity changed', money: '9' })],
});

async function open({ query = '', accepted = false } = {}) {
  await replace(`/unsynced${query}`);
  await waitFor(() => expect(`?${router.querystring ?? ''}`).toBe(query === '' ? '?' : query));
  const app = await fakeApp({ standings: [product([changed])] });
  if (accepted) {
    const said = { period: '2020-12', usage: decimalOf(18), quantity: decimalOf(20), reason: 'Agreed', at: app.clock.now() };
    await app.db.synced.put({
      ...{ key: syncedKey(changed.key, 'cw'), customer: changed.key, connection: 'cw', company: 'c1', agreementId: '12' },
      ...{ option: 'multi-product', withheld: null, lines: [{ ...syncedLine({ lineKey: 'tl1-x' }), accepted: said }] },
    });
  }
  render(Unsynced, { context: app.context });
  await waitFor(() => expect(screen.queryByText('Loading…')).toBeNull());
  return app;
}

test('Enter ignores, once there is a reason', async () => {
  const app = await open();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Pick acme.com' }));
  await userEvent.click(within(screen.getByRole('region', { name: 'Picked customers' })).getByRole('button', { name: 'Ignore' }));
  const reason = screen.getByRole('textbox', { name: 'Reason' });
  await userEvent.type(reason, '{Enter}');
  expect(reason).toHaveAccessibleDescription('Error: Say why, for whoever looks at it later');
  await userEvent.type(reason, 'leaves in January{Enter}');
  await waitFor(async () => expect(await app.db.ignores.toArray()).toMatchObject([{ site: 'acme.com', reason: 'leaves in January' }]));
});

test('Enter saves a view under its name', async () => {
  const app = await open({ query: '?view=changed' });
  await userEvent.click(screen.getByRole('button', { name: 'Save this view' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'Movers{Enter}');
  await waitFor(async () => expect(await settingOf(app.db, 'arrears views')).toEqual([{ name: 'Movers', query: 'view=changed' }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('Enter saves the limits of a second look', async () => {
  const app = await open();
  await userEvent.click(screen.getByRole('button', { name: 'Second look' }));
  const percent = screen.getByRole('textbox', { name: 'Percent' });
  await userEvent.clear(percent);
  await userEvent.type(percent, '40{Enter}');
  await waitFor(async () => expect(await settingOf(app.db, 'threshold')).toEqual({ percent: 40, amount: null }));
});

test('a customer with an accepted line is listed, and the list says that a sync of all leaves it out', async () => {
  await open({ accepted: true });
  expect(screen.getByRole('row', { name: /acme\.com/ })).toHaveTextContent(/Accepted, left alone or left out/);
  expect(screen.getByText(/^1 customer with a line that you accepted, leave alone/)).toHaveTextContent(
    '1 customer with a line that you accepted, leave alone or left out of this month’s sync: Sync all clean ones leaves it out, and only what you pick yourself is synced.',
  );
  expect(screen.getByRole('button', { name: 'Sync all clean ones' })).toBeDisabled();
});

test('without one, the list says nothing of it', async () => {
  await open();
  expect(screen.queryByText(/leave alone or left out/)).toBeNull();
});
