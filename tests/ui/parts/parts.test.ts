import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import { decimalOf, type Decimal } from '../../../src/domain/decimal';
import { problem, ProblemError } from '../../../src/domain/problem';
import { live } from '../../../src/ui/live';
import Combobox from '../../../src/ui/parts/Combobox.svelte';
import ErrorSummary from '../../../src/ui/parts/ErrorSummary.svelte';
import FileDrop from '../../../src/ui/parts/FileDrop.svelte';
import Gate from '../../../src/ui/parts/Gate.svelte';
import Progress from '../../../src/ui/parts/Progress.svelte';
import Quantity from '../../../src/ui/parts/Quantity.svelte';
import Stepper from '../../../src/ui/parts/Stepper.svelte';
import { sortRows } from '../../../src/ui/parts/table';
import { fakeApp } from '../support/app';

const text = (words: string) => createRawSnippet(() => ({ render: () => `<p>${words}</p>` }));

describe('a gate', () => {
  test('waits, then draws what the database answers, and follows it', async () => {
    const { db } = await fakeApp();
    const count = live((of: typeof db) => of.companies.count(), db);
    render(Gate<number>, {
      of: count,
      children: createRawSnippet<[number]>((value) => ({ render: () => `<p>${String(value())} companies</p>` })),
    });
    expect(screen.getByRole('status')).toHaveTextContent('Loading');
    await screen.findByText('0 companies');
  });

  test('draws an empty answer as its empty state', async () => {
    render(Gate<string[]>, {
      of: live(() => [] as string[]),
      isEmpty: (rows: string[]) => rows.length === 0,
      empty: text('None yet'),
      children: text('Rows'),
    });
    await screen.findByText('None yet');
    expect(screen.queryByText('Rows')).toBeNull();
  });

  test('says a failure in words instead of waiting for ever', async () => {
    const broken = live(() => Promise.reject<string>(new ProblemError(problem('record is damaged', { what: 'usage of acme.json' }))));
    render(Gate<string>, { of: broken, children: text('Rows') });
    expect(await screen.findByRole('alert')).toHaveTextContent(/Stored data is damaged.*usage of acme\.json.*Import the file again/);
  });
});

describe('an error summary', () => {
  const errors = [
    { field: 'price', text: 'Enter a price' },
    { field: null, text: 'Choose a company' },
  ];
  test('takes the focus and leads to the field', async () => {
    const field = document.body.appendChild(Object.assign(document.createElement('input'), { id: 'price' }));
    render(ErrorSummary, { errors });
    expect(screen.getByRole('alert', { name: 'There is a problem' })).toHaveFocus();
    await userEvent.click(screen.getByRole('link', { name: 'Enter a price' }));
    expect(field).toHaveFocus();
    field.remove();
  });
  test('is not there without errors', () => {
    render(ErrorSummary, { errors: [] });
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

test('a file input keeps the name that scripts know, and gives its files', async () => {
  const onfiles = vi.fn();
  render(FileDrop, { label: 'Usage files', onfiles });
  const file = new File(['a'], 'a.csv');
  await userEvent.upload(screen.getByLabelText('Usage files'), [file]);
  expect(onfiles.mock.calls).toEqual([[[file]]]);
});

test('a stepper says which step is current and which are done, and leads back to those', async () => {
  const onpick = vi.fn();
  render(Stepper, {
    label: 'Sync',
    onpick,
    steps: [
      { key: 'psa', title: 'Choose PSA', state: 'done', note: 'ConnectWise' },
      { key: 'products', title: 'Products', state: 'current' },
      { key: 'lines', title: 'Lines', state: 'ahead' },
    ],
  });
  expect(screen.getAllByRole('listitem').map((step) => step.getAttribute('aria-current'))).toEqual([null, 'step', null]);
  await userEvent.click(screen.getByRole('button', { name: 'Choose PSA' }));
  expect(onpick.mock.calls).toEqual([['psa']]);
});

test('progress is told in a bar and in words, also while the end is unknown', () => {
  const { unmount } = render(Progress, { label: 'Sending', done: 3, total: 7, text: '3 of 7 requests' });
  expect(screen.getByRole('progressbar', { name: 'Sending' })).toHaveAttribute('value', '3');
  unmount();
  render(Progress, { label: 'Reading', done: null, total: 0, text: 'a.csv' });
  expect(screen.getByRole('progressbar', { name: 'Reading' })).not.toHaveAttribute('value');
});

test('a search list takes one of its options', async () => {
  const onpick = vi.fn();
  const options = [
    { value: 'a', label: 'Acme', detail: 'acme.com' },
    { value: 'b', label: 'Beta', detail: 'beta.com' },
  ];
  render(Combobox, { label: 'Company', options, value: null, onpick });
  await userEvent.type(screen.getByRole('combobox', { name: 'Company' }), 'beta');
  expect((await screen.findAllByRole('option')).map((option) => option.textContent.trim())).toEqual(['Beta beta.com']);
  await userEvent.click(screen.getByRole('option', { name: /Beta/ }));
  expect(onpick.mock.calls).toEqual([['b']]);
});

test('a change of quantity carries its sign and a shape', () => {
  const shown = (value: Decimal | null) => {
    const { container, unmount } = render(Quantity, { value, change: true });
    const words = container.textContent;
    unmount();
    return words;
  };
  expect([shown(decimalOf(3)), shown(decimalOf(-1)), shown(decimalOf(0)), shown(null)]).toEqual(['+3.00 ▲', '-1.00 ▼', '0.00', 'unknown']);
});

test('sorting leaves what is not known at the end, in either direction', () => {
  const rows = [{ value: decimalOf(10) }, { value: null }, { value: decimalOf(9) }];
  const sorted = (direction: 'ascending' | 'descending') =>
    sortRows(rows, direction, ({ value }) => (value === null ? null : { decimal: value })).map(({ value }) => value);
  expect([sorted('ascending'), sorted('descending')]).toEqual([
    ['9', '10', null],
    ['10', '9', null],
  ]);
});
