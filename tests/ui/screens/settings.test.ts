import { readFileSync } from 'node:fs';
import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { settingOf } from '../../../src/storage/settings';
import { regional } from '../../../src/ui/locale.svelte';
import Settings from '../../../src/ui/screens/Settings.svelte';
import { SESSION } from '../../../src/ui/session-context';
import { chooseTheme } from '../../../src/ui/theme.svelte';
import { VERSION } from '../../../src/ui/version';
import { fakeApp } from '../support/app';
import { company } from '../support/standings';

afterEach(() => {
  regional.choose('en-US');
  chooseTheme('system');
});

async function open() {
  const app = await fakeApp();
  const session = { openDemo: vi.fn(), openOwn: vi.fn(), resetDemo: vi.fn(), deleteWorkspace: vi.fn() };
  await app.db.companies.add(company('c1', 'Bright Harbor IT'));
  await app.db.secrets.add({ connection: 'cw', salt: new Uint8Array(), iv: new Uint8Array(), iterations: 1, cipher: new Uint8Array() });
  render(Settings, { context: new Map<symbol, unknown>([...app.context, [SESSION, session]]) });
  return { app, session };
}

describe('Settings', () => {
  test('paint the page at once', async () => {
    await open();
    await userEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    expect([document.documentElement.dataset['theme'], localStorage.getItem('tallyline.theme')]).toEqual(['dark', 'dark']);
  });

  test('write dates and numbers another way at once', async () => {
    await open();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Dates and numbers' }), 'en-GB');
    expect(screen.getByText(/Today is 03\/01\/2021; a thousand is US\$1,000\.00/)).toBeVisible();
  });

  test('save the line name template with an example', async () => {
    const { app } = await open();
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Collapse equal parts' }));
    expect(screen.getByText('1stwestinsurance.com - Proofpoint Business')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Save line names' }));
    await waitFor(async () =>
      expect(await settingOf(app.db, 'name template')).toEqual({ text: '{account} - {site} - {product}', collapse: true }),
    );
  });

  test('refuse a template that names nothing', async () => {
    const { app } = await open();
    const field = await screen.findByRole('textbox', { name: 'Name template' });
    await userEvent.clear(field);
    await userEvent.type(field, 'always the same');
    await userEvent.click(screen.getByRole('button', { name: 'Save line names' }));
    expect(field).toHaveAccessibleDescription(/Use at least one of \{account\}, \{site\} and \{product\}/);
    expect(await settingOf(app.db, 'name template')).toBeUndefined();
  });

  test('keep which company is the partner’s own', async () => {
    const { app } = await open();
    await screen.findByRole('option', { name: 'Bright Harbor IT' });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Which company is mine' }), 'c1');
    await waitFor(async () => expect(await settingOf(app.db, 'own company')).toBe('c1'));
  });

  test('forget remembered secrets', async () => {
    const { app } = await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Forget the secrets of cw' }));
    await screen.findByText('None are remembered on this device.');
    expect(await app.db.secrets.count()).toBe(0);
  });

  test('delete the workspace only after the words are typed', async () => {
    const { session } = await open();
    await userEvent.click(screen.getByRole('button', { name: 'Delete all my data' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Delete all my data' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(dialog.getByRole('alert')).toHaveTextContent('Type “delete my data” to confirm');
    expect(session.deleteWorkspace).not.toHaveBeenCalled();
    await userEvent.type(dialog.getByRole('textbox'), 'delete my data');
    await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(session.deleteWorkspace).toHaveBeenCalledOnce();
  });

  test('explain the billing days', async () => {
    await open();
    expect(screen.getByText(/December 2020 is counted on Dec 19, 2020\./)).toBeVisible();
    expect(screen.getByText(/December 2020 is final from Jan 3, 2021/)).toBeVisible();
  });

  test('keep the day on which the partner invoices, from the final day on', async () => {
    const { app } = await open();
    const field = await screen.findByRole('combobox', { name: 'My invoices go out on day' });
    expect([field, within(field).getAllByRole('option')[0]?.textContent]).toMatchObject([{ value: '5' }, '3 of the next month']);
    expect(field).toHaveAccessibleDescription(/December 2020 is invoiced on Jan 5, 2021\./);
    await userEvent.selectOptions(field, '15');
    await waitFor(() => expect(field).toHaveAccessibleDescription(/December 2020 is invoiced on Jan 15, 2021\./));
    expect(await settingOf(app.db, 'invoice day')).toBe(15);
    await waitFor(() => expect(app.said).toEqual(['Your invoice day is saved']));
    await userEvent.selectOptions(field, '5');
    await waitFor(async () => expect(await settingOf(app.db, 'invoice day')).toBeUndefined());
  });

  test('show the version of package.json', () => {
    expect((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version).toBe(VERSION);
  });
});
