import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { expect, onTestFinished, test, vi } from 'vitest';
import Button from '../../src/ui/parts/Button.svelte';
import Dialog from '../../src/ui/parts/Dialog.svelte';
import Menu from '../../src/ui/parts/Menu.svelte';
import { keepFocus } from '../../src/ui/shell/keep-focus';

function page(html: string): HTMLElement {
  const main = document.body.appendChild(document.createElement('main'));
  main.innerHTML = html;
  const stop = keepFocus(main);
  onTestFinished(() => {
    stop();
    main.remove();
  });
  return main;
}
const TABLE = `<h1 tabindex="-1">Screen</h1><div class="table-box" tabindex="0"><table><tbody>
  <tr><td><button data-row="0">first</button><button>more of first</button></td></tr>
  <tr><td><button data-row="1">second</button></td></tr></tbody></table></div>`;
const node = (main: HTMLElement, selector: string) => main.querySelector(selector) as HTMLElement;

test('the row that takes the place of one that goes has the focus, else the table, else the heading', async () => {
  const main = page(TABLE);
  node(main, 'button:not([data-row])').focus();
  const [first, second] = [...main.querySelectorAll('tr')];
  first?.remove();
  second?.querySelector('button')?.setAttribute('data-row', '0');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('second'));
  second?.remove();
  await waitFor(() => expect(node(main, '.table-box')).toHaveFocus());
  node(main, '.table-box').remove();
  await waitFor(() => expect(node(main, 'h1')).toHaveFocus());
});

test('who left by himself is not followed when what he left goes', async () => {
  const main = page(TABLE);
  const button = node(main, 'button');
  button.focus();
  button.blur();
  await Promise.resolve();
  const gone = new Promise((seen) => new MutationObserver(seen).observe(main, { childList: true, subtree: true }));
  button.closest('tr')?.remove();
  await gone;
  expect(document.body).toHaveFocus();
});

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

test('a busy button gets its focus back', async () => {
  const { rerender } = render(Button, { busy: false, children: words('Read') });
  const button = screen.getByRole('button', { name: 'Read' });
  button.focus();
  await rerender({ busy: true });
  expect(button).toBeDisabled();
  button.blur();
  await rerender({ busy: false });
  expect(button).toHaveFocus();
});

test('a dialog whose opener is gone gives the focus to the heading', () => {
  const main = page('<h1 tabindex="-1">Screen</h1><button>Open</button>');
  const opener = node(main, 'button');
  opener.focus();
  const { unmount } = render(Dialog, { title: 'Question', onclose: () => undefined, children: words('Really?') });
  opener.remove();
  unmount();
  expect(node(main, 'h1')).toHaveFocus();
});

test('a menu that Enter opens for the first time takes Enter for its first item', async () => {
  const onpick = vi.fn();
  render(Menu, { label: 'More for acme.com', items: [{ label: 'Ignore', onpick }] });
  screen.getByRole('button', { name: 'More for acme.com' }).focus();
  await userEvent.keyboard('{Enter}');
  const item = await screen.findByRole('menuitem', { name: 'Ignore' });
  await waitFor(() => expect(item).toHaveFocus());
  await userEvent.keyboard('{Enter}');
  expect(onpick).toHaveBeenCalledTimes(1);
});

const markup = (html: string) => createRawSnippet(() => ({ render: () => `<div>${html}</div>` }));
const asks = (html: string) =>
  render(Dialog, { title: 'Question', onclose: () => undefined, onsubmit: () => undefined, children: markup(html) });
const labelled = (label: string) => screen.getByLabelText(label);

test('a dialog opens on the first field of its form, and of choices on the one that is made', () => {
  const { unmount } = asks('<p>Really?</p><input aria-label="Locked" disabled><input aria-label="Reason"><input aria-label="Other">');
  expect(labelled('Reason')).toHaveFocus();
  unmount();
  asks('<input type="radio" name="of" aria-label="Acme"><input type="radio" name="of" aria-label="Beta" checked>');
  expect(labelled('Beta')).toHaveFocus();
});

test('a field that is drawn later has the focus of its dialog, unless somebody took it meanwhile', async () => {
  const { unmount } = asks('<section aria-label="Late"></section><a href="#/import">Import</a>');
  labelled('Late').innerHTML = '<input aria-label="Reason">';
  await waitFor(() => expect(labelled('Reason')).toHaveFocus());
  unmount();
  asks('<section aria-label="Late"></section><a href="#/import">Import</a>');
  screen.getByRole('link', { name: 'Import' }).focus();
  const drawn = new Promise((seen) => new MutationObserver(seen).observe(labelled('Late'), { childList: true }));
  labelled('Late').innerHTML = '<input aria-label="Reason">';
  await drawn;
  expect(screen.getByRole('link', { name: 'Import' })).toHaveFocus();
});

test('the Enter that opened a dialog and is held does nothing in it', async () => {
  const did = vi.fn();
  render(Dialog, { title: 'Summary', onclose: did, onsubmit: did, children: markup('<input aria-label="Reason">') });
  const repeated = new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true });
  labelled('Reason').addEventListener('keydown', did);
  labelled('Reason').dispatchEvent(repeated);
  expect([repeated.defaultPrevented, did.mock.calls]).toEqual([true, []]);
  await userEvent.keyboard('{Enter}');
  expect(did).toHaveBeenCalled();
});
