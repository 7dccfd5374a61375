import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';
import Subscriptions from '../../../src/ui/screens/Subscriptions.svelte';
import { fakeApp, type FakeApp } from '../support/app';
import { company, movement, product, standing, unknownStanding } from '../support/standings';

const firstWest = standing('1stwestinsurance.com', { company: null, assignedBy: null, flag: 'needs company' });
const acme = standing('acme.com', {
  flag: 'changed',
  movements: [movement('Proofpoint Business', { current: 18, previous: 15, synced: 15, reason: 'quantity changed', money: '9' })],
});
const standings = [
  product([firstWest, acme, unknownStanding('gone.com')]),
  product([standing('Beta Bakery')], { product: 'backup', name: 'Northvault Backup', vendor: 'Northvault', margin: null, cost: null }),
];

beforeEach(() => {
  location.hash = '#/subscriptions';
});

async function open(productKey: string | null = null): Promise<FakeApp> {
  const app = await fakeApp({ standings });
  await app.db.companies.bulkAdd([company('c9', '1st West Insurance'), company('c1', 'Acme Ltd', ['acme.com'])]);
  render(Subscriptions, { props: { params: { product: productKey } }, context: app.context });
  return app;
}
const rowOf = (name: string | RegExp) => screen.findByRole('row', { name });

describe('the list', () => {
  test('has one row per product with its figures, and says what is unknown', async () => {
    await open();
    const cells = (row: HTMLElement) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent.trim().replace(/\s+/g, ' '));
    expect(cells(await rowOf(/^Proofpoint/))).toEqual([
      'Proofpoint Inc',
      '3',
      '30.00',
      '+3.00 ▲',
      '$73.20',
      '$90.00',
      '$16.80 19%',
      '0 of 3',
    ]);
    expect(cells(await rowOf(/^Northvault Backup/))).toEqual([
      'Northvault',
      '1',
      '30.00',
      '+3.00 ▲',
      'unknown',
      '$90.00',
      'unknown',
      '1 of 1',
    ]);
  });

  test('narrows by what is typed', async () => {
    await open();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search subscriptions' }), 'bakery');
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['Northvault Backup', '1 product']);
  });

  test('says that nothing matches and offers the way back', async () => {
    await open();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search subscriptions' }), 'nobody');
    await userEvent.click(screen.getByRole('button', { name: 'Show all 2' }));
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });

  test('counts its status tabs', async () => {
    await open();
    const group = screen.getByRole('group', { name: 'Status' });
    expect(
      within(group)
        .getAllByRole('button')
        .map((tab) => tab.textContent.replace(/\s+/g, ' ').trim()),
    ).toEqual(['All 2', 'Needs company 1', 'Changed 1', 'Never synced 0', 'Synced 1']);
  });

  test('sorts by a column and says so', async () => {
    await open();
    await userEvent.click(screen.getByRole('button', { name: 'Product' }));
    expect(screen.getByRole('columnheader', { name: 'Product' })).toHaveAttribute('aria-sort', 'descending');
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent)).toEqual(['Proofpoint', 'Northvault Backup', '2 products']);
  });

  test('opens a product by a click on its row', async () => {
    const app = await open();
    await userEvent.click(within(await rowOf(/^Northvault Backup/)).getByText('Northvault'));
    expect(app.went).toEqual(['/subscriptions/backup']);
  });

  test('is empty with a reason and a next action', async () => {
    const app = await fakeApp();
    render(Subscriptions, { context: app.context });
    expect(screen.getByRole('heading', { name: 'No usage for December 2020' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Import usage' })).toHaveAttribute('href', '#/import');
  });
});

describe('the panel', () => {
  test('has every customer as a row named by its site, with status in words', async () => {
    await open('proofpoint');
    const panel = await screen.findByRole('region', { name: 'Proofpoint' });
    await within(panel).findByRole('row', { name: /1stwestinsurance\.com/ });
    const flags = ['1stwestinsurance.com', 'acme.com', 'gone.com'].map((site) => {
      const row = within(panel).getByRole('row', { name: new RegExp(site) });
      return /Needs company|Changed|Needs a look/.exec(row.textContent)?.[0];
    });
    expect(flags).toEqual(['Needs company', 'Changed', 'Needs a look']);
  });

  test('says that a customer has no company, and that an absent one is unknown', async () => {
    await open('proofpoint');
    expect((await rowOf(/1stwestinsurance\.com/)).textContent).toContain('No company assigned');
    expect((await rowOf(/gone\.com/)).textContent).toContain('Not reported for December 2020: unknown');
  });

  test('unfolds a customer’s counts with Show Details', async () => {
    await open('proofpoint');
    const button = within(await rowOf(/acme\.com/)).getByRole('button', { name: 'Show Details' });
    await userEvent.click(button);
    expect(button).toHaveAttribute('aria-expanded', 'true');
    const row = within(screen.getByRole('table', { name: 'Details by sub-product' })).getByRole('row', { name: /Proofpoint Business/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .slice(0, 5)
        .map((cell) => cell.textContent.trim()),
    ).toEqual(['Proofpoint Business', '18.00', '15.00', '15.00', '+3.00 ▲']);
  });

  test('leads into the wizard with Sync', async () => {
    const app = await open('proofpoint');
    await userEvent.click(within(await rowOf(/acme\.com/)).getByRole('button', { name: 'Sync' }));
    expect(app.went).toEqual(['/sync/proofpoint/acme.com']);
  });

  test('asks for the company before a sync that has none', async () => {
    const app = await open('proofpoint');
    await userEvent.click(within(await rowOf(/1stwestinsurance\.com/)).getByRole('button', { name: 'Sync' }));
    expect(await screen.findByRole('dialog', { name: 'Assign Company' })).toHaveTextContent(/A sync needs to know/);
    expect(app.went).toEqual([]);
  });

  test('takes a suggestion in place, with its reason, and can undo it', async () => {
    const app = await open('proofpoint');
    await userEvent.click(await screen.findByRole('button', { name: 'Assign 1st West Insurance' }));
    await waitFor(async () => expect(await app.db.assignments.toArray()).toHaveLength(1));
    expect(await app.db.assignments.toArray()).toEqual([
      { product: 'proofpoint', site: '1stwestinsurance.com', company: 'c9', from: null, until: null, seq: 1, evidence: 'partner' },
    ]);
    await waitFor(() => expect(app.said).toEqual(['1stwestinsurance.com is now assigned to 1st West Insurance']));
  });

  test('closes with Escape, and its row has the focus once it is gone', async () => {
    const app = await fakeApp({ standings });
    const { rerender } = render(Subscriptions, { props: { params: { product: 'proofpoint' } }, context: app.context });
    const close = await screen.findByRole('button', { name: 'Close panel' });
    close.focus();
    await userEvent.keyboard('{Escape}');
    expect(app.went).toEqual(['/subscriptions']);
    await new Promise((frame) => requestAnimationFrame(frame));
    expect(close).toHaveFocus();
    await rerender({ params: null });
    expect(screen.getByRole('link', { name: 'Proofpoint' })).toHaveFocus();
  });
});
