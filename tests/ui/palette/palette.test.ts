import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import Palette from '../../../src/ui/palette/Palette.svelte';
import { entriesOf, type Entry } from '../../../src/ui/palette/entries';
import { find, indexed } from '../../../src/ui/palette/find';
import PaletteDoor from '../../../src/ui/shell/PaletteDoor.svelte';
import ThemeToggle from '../../../src/ui/shell/ThemeToggle.svelte';
import { chooseTheme } from '../../../src/ui/theme.svelte';
import { fakeApp } from '../support/app';
import { product, standing } from '../support/standings';

afterEach(() => chooseTheme('system'));

const PRODUCTS = [product([standing('acme.com'), standing('acme-labs.com', { company: null }), standing('zebra.org')])];

async function open() {
  const app = await fakeApp({ standings: PRODUCTS });
  let closed = 0;
  const { unmount } = render(Palette, { app, onclose: () => closed++, onkeys: () => undefined });
  const field = await screen.findByRole('combobox', { name: 'Search or do' });
  return { app, field, unmount, closed: () => closed };
}
const shown = () => screen.getAllByRole('option').map((option) => option.textContent.trim().replace(/\s+/g, ' '));
const current = () => screen.getByRole('option', { selected: true });

describe('the palette', () => {
  test('opens on the screens and the acts, and finds customers, what to do with them, and products', async () => {
    const { field } = await open();
    expect(screen.getAllByRole('group').map((group) => group.firstElementChild?.textContent.trim())).toEqual(['Go to', 'Do']);
    expect(shown().slice(0, 3)).toEqual(['Home', 'Projection', 'Subscriptions']);
    await userEvent.type(field, 'acme');
    expect(shown()).toEqual([
      'acme.com Acme Ltd, Proofpoint',
      'acme-labs.com No company assigned, Proofpoint',
      'zebra.org Acme Ltd, Proofpoint',
      'Sync acme.com Acme Ltd, Proofpoint',
      'Sync acme-labs.com No company assigned, Proofpoint',
      'Sync zebra.org Acme Ltd, Proofpoint',
    ]);
    expect(screen.getByRole('status')).toHaveTextContent('6 entries shown');
    await userEvent.clear(field);
    await userEvent.type(field, 'rules proof');
    expect(shown()).toEqual(['Rules of Proofpoint Where what bills differs from what is counted']);
    await userEvent.type(field, 'x');
    expect(screen.queryByRole('option')).toBeNull();
    expect(screen.getByText('Nothing is called “rules proofx”.')).toBeVisible();
    await userEvent.clear(field);
    await userEvent.type(field, 'as it was');
    expect(shown()).toEqual(['The month as it was known']);
  });

  test('is walked with the arrows, round both ends, and goes where Enter says', async () => {
    const { app, field, closed } = await open();
    await userEvent.type(field, 'zebra');
    await userEvent.keyboard('{ArrowUp}');
    expect(current()).toHaveTextContent('Sync zebra.org');
    expect(field).toHaveAttribute('aria-activedescendant', current().id);
    await userEvent.keyboard('{ArrowDown}');
    expect(current()).toHaveTextContent(/^zebra\.org/);
    await userEvent.keyboard('{Enter}');
    expect([app.went, closed()]).toEqual([['/subscriptions/proofpoint?search=zebra.org'], 1]);
  });

  test('shows what was picked last first, in this workspace only', async () => {
    const { app, unmount } = await open();
    await userEvent.click(screen.getByRole('option', { name: 'Settings' }));
    unmount();
    render(Palette, { app, onclose: () => undefined, onkeys: () => undefined });
    expect(
      within(await screen.findByRole('group', { name: 'Recent' }))
        .getAllByRole('option')
        .map((one) => one.textContent.trim()),
    ).toEqual(['Settings']);
    expect(screen.getAllByRole('option', { name: 'Settings' })).toHaveLength(1);
    expect(find(indexed(entriesOf({ products: [], connections: [], plans: [], views: [] })), '', []).map(({ name }) => name)).toEqual([
      'Go to',
      'Do',
    ]);
  });

  test('turns the theme, and whatever else shows it follows', async () => {
    const { app, field } = await open();
    render(ThemeToggle);
    await userEvent.type(field, 'dark');
    await userEvent.keyboard('{Enter}');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(screen.getByRole('button', { name: 'Theme: dark', hidden: true })).toBeInTheDocument();
    expect([app.said, app.went]).toEqual([['Dark theme chosen'], []]);
  });

  test('finds connections with their tabs, confirmed plans and saved views', async () => {
    const { app, field } = await open();
    await app.db.connections.add({
      ...{ id: 'cw', psa: 'connectwise', name: 'Our ConnectWise', account: 'acct', protocol: 'file', url: null, checksKeys: false },
      ...{ settings: {}, quarantineMinutes: 10 },
    } as never);
    await userEvent.type(field, 'connectwise auto');
    await waitFor(() => expect(shown()).toEqual(['Auto-sync: Our ConnectWise Connection']));
    const [plan] = entriesOf({
      products: [],
      connections: [],
      plans: [{ id: 'p1', period: '2020-12', plan: { customer: { site: 'acme.com' }, connection: { name: 'CW' } } }] as never,
      views: [{ name: 'Mine', query: 'view=changed' }],
    }).slice(-1);
    expect(plan).toEqual({
      ...{ id: '/delivery/p1', group: 'Plans', label: 'acme.com, December 2020', detail: 'Plan and receipt, CW' },
      aim: { path: '/delivery/p1' },
    });
  });
});

test('the best name comes first, and a long group says how many more there are', () => {
  const entry = (label: string, group: Entry['group'], detail = ''): Entry => ({
    id: `${group} ${label}`,
    group,
    label,
    detail,
    aim: { path: label },
  });
  const many = Array.from({ length: 9 }, (_, n) => entry(`Shop ${String(n)}`, 'Customers'));
  const found = find(indexed([entry('Photoshop', 'Products'), ...many, entry('Home', 'Go to', 'shopping')]), 'shop', ['Customers Shop 8']);
  expect(found.map(({ name, entries, more }) => [name, entries.map(({ label }) => label), more])).toEqual([
    ['Customers', ['Shop 8', 'Shop 0', 'Shop 1', 'Shop 2', 'Shop 3', 'Shop 4'], 3],
    ['Products', ['Photoshop'], 0],
    ['Go to', ['Home'], 0],
  ]);
});

describe('its keys', () => {
  function door() {
    const state = { open: false };
    const { unmount } = render(PaletteDoor, {
      get open() {
        return state.open;
      },
      set open(to) {
        state.open = to;
      },
    });
    return { state, unmount };
  }

  test('Ctrl K opens and closes it, as the button opens it, and no other key does', async () => {
    const { state } = door();
    await userEvent.keyboard('k{Control>}{Shift>}k{/Shift}{Alt>}k{/Alt}{/Control}');
    expect(state.open).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Search or do' }));
    expect(state.open).toBe(true);
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(state.open).toBe(false);
    await userEvent.keyboard('{Meta>}k{/Meta}');
    expect(state.open).toBe(true);
  });

  test('it never opens over a dialog that waits for an answer', async () => {
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.showModal();
    const { state } = door();
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(state.open).toBe(false);
    dialog.remove();
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(state.open).toBe(true);
  });
});
