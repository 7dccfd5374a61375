import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Connection } from '../../src/domain/agreement';
import type { Change } from '../../src/domain/change';
import { connectwise } from '../../src/psa/connectwise';
import { kaseyaBms } from '../../src/psa/kaseya-bms';
import { confirmPlans } from '../../src/storage/plans';
import LeftToYou from '../../src/ui/wizard/LeftToYou.svelte';
import OpenDeliveries from '../../src/ui/wizard/OpenDeliveries.svelte';
import Receipt from '../../src/ui/wizard/Receipt.svelte';
import { promiseOf } from '../../src/ui/automation/words';
import { leftInShort, optionNote } from '../../src/ui/wizard/words';
import { createChange, endChange, planOf, updateChange } from '../support/plans.ts';
import { fakeApp } from './support/app';

const line = (subProduct: string) => ({ lineKey: `tl1-${subProduct.padEnd(32, '0')}`, name: subProduct, subProducts: [subProduct] });
const UPDATE = updateChange(line('aa'));
const END = endChange(line('bb'));
const CREATE = createChange(line('cc'));
const NOW = '2021-01-03T09:00:00.000Z';

test('the list says contract, line, from, to and date, in the order of the plan', async () => {
  await opened([UPDATE, END]);
  const table = await screen.findByRole('table', { name: 'Hand-work' });
  const rows = within(table).getAllByRole('row');
  expect(rows.map((row) => [...row.children].map(({ textContent }) => textContent.trim()))).toEqual([
    ['Done', 'contract', 'service', 'What', 'From', 'To', 'Date'],
    ['', 'Managed Services', 'aa', 'Change the line', 'quantity 12', 'quantity 15', '01/01/2021'],
    ['', 'Managed Services', 'bb', 'End the line', 'quantity 12', 'ended', '12/31/2020'],
  ]);
  expect(screen.getByText(/2 of 2 left/)).toBeTruthy();
});

test('a tick is noted, and can be taken back while the list is open', async () => {
  const { user, states } = await opened([UPDATE, END]);
  await user.click(await box('aa'));
  await waitFor(async () => expect(await states()).toEqual(['sent', 'pending']));
  await waitFor(async () => expect((await box('aa')).checked).toBe(true));
  await user.click(await box('aa'));
  await waitFor(async () => expect(await states()).toEqual(['pending', 'pending']));
  await waitFor(async () => expect((await box('aa')).checked).toBe(false));
});

test('the last tick asks first, because nothing can be taken back after it', async () => {
  const { user, states, db } = await opened([UPDATE, END]);
  await user.click(await box('aa'));
  await waitFor(async () => expect(await states()).toEqual(['sent', 'pending']));
  await waitFor(async () => expect((await box('aa')).checked).toBe(true));
  await user.click(await box('bb'));
  await user.click(await screen.findByRole('button', { name: 'Not yet' }));
  expect([await states(), (await box('bb')).checked]).toEqual([['sent', 'pending'], false]);
  await user.click(await box('bb'));
  await user.click(await screen.findByRole('button', { name: 'It is done, close the list' }));
  await waitFor(async () => expect(await states()).toEqual(['sent', 'sent']));
  expect((await db.plans.toArray()).map(({ state }) => state)).toEqual(['settled']);
  await waitFor(async () => expect((await box('aa')).disabled).toBe(true));
});

test('what will not be done is given up after a question, and the list says so', async () => {
  const { user, states } = await opened([UPDATE, END]);
  await user.click(await screen.findByRole('button', { name: 'Give up what is left' }));
  await user.click(await screen.findByRole('button', { name: 'Not done, give up' }));
  await waitFor(async () => expect(await states()).toEqual(['refused', 'refused']));
  expect(await screen.findAllByText('Given up')).toHaveLength(2);
});

test('printing the list marks it and the page for the time of printing', async () => {
  const { user } = await opened([UPDATE]);
  const printed: unknown[] = [];
  vi.stubGlobal('print', () => {
    printed.push([document.body.dataset['prints'], document.querySelectorAll('.printed table').length]);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  await user.click(await screen.findByRole('button', { name: 'Print the list' }));
  window.dispatchEvent(new Event('afterprint'));
  expect([printed, document.body.dataset['prints'], document.querySelectorAll('.printed').length]).toEqual([[['part', 1]], undefined, 0]);
});

test('a file is marked for its requests alone; line by line, hand-work that is ticked is done', async () => {
  const { user, states, db } = await opened([UPDATE, CREATE, END]);
  expect(await screen.findByRole('button', { name: 'Applied, all requests' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Line by line' }));
  const list = (await screen.findAllByRole('list')).find((each) => within(each).queryAllByText(/done by hand/).length > 0);
  if (list === undefined) throw new Error('no list');
  expect(
    within(list)
      .getAllByRole<HTMLInputElement>('checkbox')
      .map(({ checked }) => checked),
  ).toEqual([false, true, false]);
  await user.click(within(list).getByRole('checkbox', { name: /^aa/ }));
  await user.click(screen.getByRole('button', { name: 'Mark the ticked lines as applied' }));
  await waitFor(async () => expect(await states()).toEqual(['sent', 'sent', 'pending']));
  expect((await db.plans.toArray()).map(({ state }) => state)).toEqual(['delivering']);
  await waitFor(() => expect(screen.queryByText('Was the sync file applied?')).toBeNull());
});

test('a plan that is hand-work alone asks nothing about a file', async () => {
  await opened([UPDATE]);
  await screen.findByRole('table', { name: 'Hand-work' });
  expect(screen.queryByText('Was the sync file applied?')).toBeNull();
  expect(screen.queryByText('The sync file is ready')).toBeNull();
});

test('the banner counts what is left to do by hand', async () => {
  const { context } = await opened([UPDATE, END]);
  cleanup();
  render(OpenDeliveries, { context });
  expect((await screen.findByRole('listitem')).textContent).toBe('1stwestinsurance.com: 2 to do by hand');
});

test('a request without an answer waits for a person: nobody can look again', async () => {
  const { db } = await opened([CREATE], { protocol: 'psa', url: 'http://bms.test' });
  const [row] = await db.deliveries.toArray();
  if (row !== undefined) await db.deliveries.put({ ...row, state: 'unknown', attempts: 1, sentAt: NOW });
  expect(await screen.findByRole('button', { name: 'It was applied' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Look again' })).toBeNull();
  expect(screen.getByText(/Kaseya BMS lets nobody read its services/)).toBeTruthy();
});

test('what is left to the partner is said in words, and nothing where nothing is', async () => {
  const app = await fakeApp();
  const { container } = render(LeftToYou, { props: { adapter: kaseyaBms }, context: app.context });
  const items = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
  expect(items).toEqual([
    'New services are sent. By hand: changes and ends of services and one-time lines, because Kaseya BMS has no request for them. They come as a list to print, download and tick off, and the customer’s next sync waits until it is ticked off or given up.',
    'Kaseya BMS lets nobody read its services back. So nothing is looked for before it is sent and nothing is counted afterwards: services that are there already are not seen, and a double is not found. A request without an answer is never sent again by itself; it waits until you have looked.',
    'What this page takes for held by Kaseya BMS is what was last sent or ticked off here. Do not change those services in Kaseya BMS without it.',
  ]);
  cleanup();
  render(LeftToYou, { props: { adapter: connectwise }, context: app.context });
  expect([container.textContent.trim(), screen.queryAllByRole('listitem').length]).toEqual(['', 0]);
});

test('each option and each connection says what it means where not everything is a request', () => {
  expect(optionNote('multi-product', kaseyaBms)).toBe('New services are sent. Next month’s changes and ends are hand-work.');
  expect(optionNote('one-time single', kaseyaBms)).toBe('All of it is hand-work: Kaseya BMS has no request for one-time lines.');
  expect([optionNote('multi-product', connectwise), optionNote('one-time single', connectwise)]).toEqual([null, null]);
  expect(leftInShort(kaseyaBms)).toBe('By hand: changes and ends of services and one-time lines; cannot be read back');
  expect(leftInShort(connectwise)).toBeNull();
  expect(promiseOf({ protocol: 'psa', checksKeys: false }, kaseyaBms)).toContain('a double would not be found');
  expect(promiseOf({ protocol: 'file', checksKeys: false }, kaseyaBms)).toContain('run it once');
  expect(promiseOf({ protocol: 'relay', checksKeys: true }, kaseyaBms)).toContain('no line is made twice');
  expect(promiseOf({ protocol: 'psa', checksKeys: false }, connectwise)).toContain('a double is always found');
});

async function opened(changes: readonly Change[], parts: Partial<Connection> = {}) {
  const app = await fakeApp();
  const connection: Connection = {
    ...{ id: 'bms', psa: 'kaseya-bms', name: 'Our BMS', protocol: 'file', url: null, tenant: 'acme', currency: 'USD', rateLimit: 25 },
    ...{ quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false, ...parts },
  };
  await app.db.connections.put(connection);
  const plan = planOf(changes, kaseyaBms);
  await confirmPlans(app.db, NOW, { plans: [{ plan, withheld: [] }], connection, today: '2021-01-03' });
  render(Receipt, { props: { set: plan.id }, context: app.context });
  onTestFinished(() => cleanup());
  const states = async () => (await app.db.deliveries.orderBy('id').toArray()).map(({ state }) => state);
  return { user: userEvent.setup(), db: app.db, context: app.context, states };
}

function box(name: string): Promise<HTMLInputElement> {
  return screen.findByRole<HTMLInputElement>('checkbox', { name: `${name} is done` });
}
