import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createActor, fromPromise, type Actor } from 'xstate';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { seedDemo } from '../../src/demo/seed';
import type { Connection } from '../../src/domain/agreement';
import { customerKey } from '../../src/domain/marketplace';
import { wizard } from '../../src/machines/wizard';
import type { Database } from '../../src/storage/db';
import { savedWizard } from '../../src/storage/wizards';
import { openWizard, WizardView } from '../../src/ui/wizard/wizard.svelte';
import { places } from '../../src/ui/wizard';
import OpenDeliveries from '../../src/ui/wizard/OpenDeliveries.svelte';
import WizardFrame from '../../src/ui/wizard/WizardFrame.svelte';
import { INPUT, oneOfEach } from '../machines/wizard-paths';
import { placeOf } from '../../src/machines/wizard';
import { fakeApp, type FakeApp } from './support/app';

const CEDAR = { product: 'northvault-backup', site: 'Cedar Ridge Law' };

beforeAll(() => {
  Element.prototype.scrollIntoView = () => undefined;
});

describe('every state of the chart is drawn', () => {
  test.each(oneOfEach().map((reached) => [reached.name, reached] as const))('%s', async (_, { snapshot }) => {
    const app = await demoApp();
    const quiet = wizard.provide({
      actors: {
        survey: fromPromise(() => new Promise(() => undefined)),
        check: fromPromise(() => new Promise(() => undefined)),
        confirm: fromPromise(() => new Promise(() => undefined)),
      },
    });
    const actor = createActor(quiet, { input: INPUT, snapshot: snapshot });
    render(WizardFrame, { props: { actor }, context: app.context });
    const title = places[placeOf(snapshot)].title;
    expect(await screen.findByRole('heading', { level: 2, name: title })).toBeTruthy();
    if (snapshot.context.problems.length > 0) expect(screen.getByRole('heading', { name: 'There is a problem' })).toBeTruthy();
    cleanup();
  });
});

describe('the line grid of a changed customer', () => {
  test('shows what the PSA will hold, in the product’s words and order', async () => {
    await opened(CEDAR);
    const table = await screen.findByRole('table', { name: 'Line items' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Synced',
      'Name',
      'Status',
      'Usage Date',
      'Effective Date',
      'Synced Quantity',
      'Quantity',
      'Cost',
      'Price',
      'Total to ConnectWise',
    ]);
    const [, row] = within(table).getAllByRole('row');
    expect(row?.textContent).toContain('Updating');
    expect(within(row!).getByRole('cell', { name: '22.00 x 5.50 = $121.00' })).toBeTruthy();
  });

  test('a changed quantity is marked, asks for its reason, and can be set back', async () => {
    const { user, db } = await opened(CEDAR);
    await user.click(await screen.findByRole('button', { name: /^Edit synced quantity of/ }));
    const field = screen.getByRole('textbox', { name: /^synced quantity of/ });
    await user.clear(field);
    await user.type(field, '20.5{Enter}');
    expect(await screen.findByRole('cell', { name: '20.50 x 5.50 = $112.75' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('A reason is needed');
    const reason = screen.getByRole('textbox', { name: 'Reason for the changed quantity' });
    await user.type(reason, 'Agreed by mail{Tab}');
    await waitFor(async () => expect(JSON.stringify(await savedWizard(db, customerKey(CEDAR)))).toContain('Agreed by mail'));
    await user.click(screen.getByRole('button', { name: /^Reset synced quantity/ }));
    expect(await screen.findByRole('cell', { name: '22.00 x 5.50 = $121.00' })).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'Reason for the changed quantity' })).toBeNull();
  });

  test('a cell gives the focus back with the key that ends it, not a frame later when somebody may be elsewhere', async () => {
    const { user } = await opened(CEDAR);
    for (const key of ['Enter', 'Escape']) {
      await user.click(await screen.findByRole('button', { name: /^Edit synced quantity of/ }));
      await fireEvent.keyDown(screen.getByRole('textbox', { name: /^synced quantity of/ }), { key });
      await Promise.resolve();
      expect(screen.getByRole('button', { name: /^Edit synced quantity of/ })).toHaveFocus();
    }
  });

  test('a value that is no number is refused beside its field', async () => {
    const { user } = await opened(CEDAR);
    await user.click(await screen.findByRole('button', { name: /^Edit price of/ }));
    const field = screen.getByRole('textbox', { name: /^price of/ });
    await user.clear(field);
    await user.type(field, 'cheap{Enter}');
    expect(screen.getByText('Enter a number such as 3.00')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });
});

test('a site without a company says so and offers to assign it in place', async () => {
  await opened({ product: 'proofpoint', site: '1stwestinsurance.com' });
  expect(await screen.findByText('No company assigned')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Assign Company' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
});

test('Confirm Sync beside a delivery of another tab leads to that delivery instead of stopping at the summary', async () => {
  const { user, db, app } = await opened(CEDAR);
  await user.click(await screen.findByRole('button', { name: 'Continue' }));
  const confirm = await screen.findByRole('button', { name: 'Confirm Sync' });
  await waitFor(() => expect(confirm).toBeEnabled());
  const other = (await openWizard(app, CEDAR)) as unknown as Actor<typeof wizard>;
  onTestFinished(() => void other.stop());
  other.send({ type: 'back' });
  other.send({ type: 'edit line', slot: 'northvault-workstation', edit: { name: 'Backup' } });
  other.send({ type: 'continue' });
  await waitFor(() => expect(placeOf(other.getSnapshot())).toBe('summary'));
  const view = new WizardView(app, other);
  await waitFor(() => expect(view.plans?.ok).toBe(true));
  other.send({ type: 'confirm', plan: view.plans?.ok === true ? (view.plans.value.at(-1)?.plan.id ?? '') : '' });
  await waitFor(() => expect(placeOf(other.getSnapshot())).toBe('delivering'));
  await user.click(confirm);
  expect(await screen.findByRole('heading', { level: 2, name: 'Receipt' })).toBeVisible();
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('A delivery is not settled'));
  expect(await screen.findByRole('button', { name: 'Send it (1 request)' })).toBeVisible();
  expect((await db.plans.toArray()).map(({ state }) => state)).toEqual(['confirmed']);
});

describe('a connection that works by file', () => {
  test('hands out the sync file and waits until the partner says what became of it', async () => {
    const { user, db, actor } = await opened(CEDAR, { protocol: 'file' });
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    await user.click(await screen.findByRole('button', { name: 'Confirm Sync' }));
    expect(await screen.findByRole('button', { name: 'Download sync file' })).toBeTruthy();
    await waitFor(() => expect(placeOf(actor.getSnapshot())).toBe('receipt'));
    expect((await db.plans.toArray()).map(({ state }) => state)).toEqual(['confirmed']);
    await user.click(await screen.findByRole('button', { name: 'Applied, all of it' }));
    await waitFor(async () => expect((await db.plans.toArray()).map(({ state }) => state)).toEqual(['applied']));
    const synced = await db.synced.where('customer').equals(customerKey(CEDAR)).toArray();
    expect(synced.flatMap(({ lines }) => lines.map(({ quantity, period }) => [quantity, period]))).toEqual([['22', '2020-12']]);
  });

  test('takes the partner’s word line by line, and what was not applied is not synced', async () => {
    const { user, db } = await opened(CEDAR, { protocol: 'file' });
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    await user.click(await screen.findByRole('button', { name: 'Confirm Sync' }));
    await user.click(await screen.findByRole('button', { name: 'Line by line' }));
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: 'Mark the ticked lines as applied' }));
    await waitFor(async () => expect((await db.deliveries.toArray()).map(({ state }) => state)).toEqual(['refused']));
    const synced = await db.synced.where('customer').equals(customerKey(CEDAR)).toArray();
    expect(synced.flatMap(({ lines }) => lines.map(({ quantity, period }) => [quantity, period]))).toEqual([['20', '2020-11']]);
  });
});

test('nothing is drawn where no delivery waits', async () => {
  const app = await demoApp();
  const { container } = render(OpenDeliveries, { context: app.context });
  await expect.poll(() => container.textContent.trim()).toBe('');
});

async function demoApp(): Promise<FakeApp> {
  const app = await fakeApp({ workspace: 'demo' });
  await seedDemo(app.db, '2021-01-03T08:00:00.000Z');
  return app;
}

async function opened(
  customer: { product: string; site: string },
  connection: Partial<Connection> = {},
): Promise<{
  user: ReturnType<typeof userEvent.setup>;
  db: Database;
  app: FakeApp;
  actor: Actor<typeof wizard>;
}> {
  const app = await demoApp();
  await app.db.connections.toCollection().modify(connection);
  const actor = (await openWizard(app, customer)) as unknown as Actor<typeof wizard>;
  onTestFinished(() => {
    cleanup();
    actor.stop();
  });
  render(WizardFrame, { props: { actor }, context: app.context });
  return { user: userEvent.setup(), db: app.db, app, actor };
}
