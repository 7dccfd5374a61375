import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import Keys from '../../src/ui/shell/Keys.svelte';
import { singleKeysOn, switchSingleKeys } from '../../src/ui/single-keys.svelte';
import { fakeApp } from './support/app';

beforeEach(() => {
  document.body.innerHTML = '<main><input type="search" aria-label="Search" /><input aria-label="Name" /></main>';
});
afterEach(() => switchSingleKeys(true));

async function keys() {
  const app = await fakeApp();
  render(Keys, { app, open: false });
  return app;
}
const sheet = () => screen.queryByRole('dialog', { name: 'Keyboard shortcuts' });

test('a letter after G leads to a screen, and alone, or with another key between, it does nothing', async () => {
  const app = await keys();
  await userEvent.keyboard('u');
  await userEvent.keyboard('gxu');
  await userEvent.keyboard('{Control>}g{/Control}u');
  expect(app.went).toEqual([]);
  await userEvent.keyboard('gu');
  await userEvent.keyboard('gs');
  await userEvent.keyboard('gh');
  await userEvent.keyboard('gt');
  expect(app.went).toEqual(['/unsynced', '/subscriptions', '/history', '/tools/business-automation']);
});

test('a slash leads to the search, and in a field it is a slash', async () => {
  await keys();
  await userEvent.keyboard('/');
  expect(screen.getByRole('searchbox', { name: 'Search' })).toHaveFocus();
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'g/u?');
  expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('g/u?');
  expect(sheet()).toBeNull();
});

test('a question mark shows the keys, where those that are pressed alone can be switched off', async () => {
  const app = await keys();
  await userEvent.keyboard('?');
  const shown = within(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' }));
  expect(shown.getAllByRole('region').map((section) => section.getAttribute('aria-label'))).toEqual([
    ...['On every screen', 'Pressed alone, outside of fields', 'In a row of a table', 'In the sync wizard'],
  ]);
  await userEvent.keyboard('gu');
  await userEvent.click(shown.getByRole('checkbox', { name: 'Keys that are pressed alone do something' }));
  expect(singleKeysOn()).toBe(false);
  expect(localStorage.getItem('tallyline.single-keys')).toBe('off');
  await userEvent.click(shown.getByRole('button', { name: 'Close' }));
  expect(sheet()).toBeNull();
  await userEvent.keyboard('gu/?');
  expect(app.went).toEqual([]);
  expect(sheet()).toBeNull();
  expect(document.body).toHaveFocus();
});
