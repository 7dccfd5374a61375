import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ImporterReply } from '../../../src/domain/importing.ts';
import { importer } from '../../../src/workers/importer.ts';
import Import from '../../../src/ui/screens/Import.svelte';
import { badRowsCsv } from '../../../src/ui/import/bad-rows.ts';
import { FIRST_WEST, page, summary, usageLine } from '../../fixtures/usage/files.ts';
import { fakeApp } from '../support/app.ts';

/** The importer itself, on this thread. */
class InlineWorker {
  onmessage: ((event: { data: ImporterReply }) => void) | null = null;
  #alive = true;
  readonly #obey = importer((data) => {
    if (this.#alive) this.onmessage?.({ data });
  });
  postMessage(order: unknown): void {
    this.#obey(order);
  }
  terminate(): void {
    this.#alive = false;
  }
}

beforeEach(() => vi.stubGlobal('Worker', InlineWorker));

const json = (name: string, value: unknown) => new File([JSON.stringify(value)], name, { type: 'application/json' });
const names = json('summaries.json', page([summary(FIRST_WEST, '1stwestinsurance.com')]));
const lines = (...of: object[]) => json('lines.json', page(of.map((more) => usageLine(more))));

async function open() {
  const app = await fakeApp();
  const user = userEvent.setup();
  render(Import, { context: app.context });
  const pick = (...files: File[]) => user.upload(screen.getByLabelText('Usage files'), files);
  const press = async (name: string) => user.click(await screen.findByRole('button', { name }));
  return { app, user, pick, press };
}

describe('the Import screen', () => {
  test('imports saved answers and lists them', async () => {
    const { pick, press } = await open();
    await pick(names, lines({}));
    expect(await screen.findByText('2 rows: 2 good, 0 not')).toBeInTheDocument();
    await press('Import');
    expect(await screen.findByText('2 rows imported')).toBeInTheDocument();
    expect(await screen.findByRole('rowheader', { name: 'summaries.json and lines.json' })).toBeInTheDocument();
  });

  test('says when the same files come again', async () => {
    const { pick, press } = await open();
    await pick(names, lines({}));
    await press('Import');
    await screen.findByText('2 rows imported');
    await pick(lines({}), names);
    expect(await screen.findByText('Already imported, nothing changed')).toBeInTheDocument();
  });

  test('lists bad rows and keeps the good ones out until they are asked for', async () => {
    const { app, user, pick, press } = await open();
    await pick(names, lines({}, { quantity: 'x', usageDate: '2020-01-15' }));
    expect(await screen.findByText('3 rows: 2 good, 1 not')).toBeInTheDocument();
    const row = within(screen.getByRole('table', { name: 'Bad rows', hidden: true })).getAllByRole('cell', { hidden: true });
    expect(row.map(({ textContent }) => textContent)).toEqual([
      'lines.json',
      '2',
      'quantity',
      'x',
      'quantity is not a number that can be kept exactly',
    ]);
    await press('Import');
    expect(await screen.findByRole('link', { name: /1 row cannot be imported/ })).toBeInTheDocument();
    expect(await app.db.imports.where('state').equals('committed').count()).toBe(0);
    await user.click(screen.getByRole('checkbox', { name: 'Import the good rows only' }));
    await press('Import');
    expect(await screen.findByText('2 rows imported')).toBeInTheDocument();
  });

  test('asks what undated counts stand for', async () => {
    const { app, pick, press } = await open();
    await pick(
      json('orgs.json', { orgs: [{ primary_domain: 'a.example', type: 'organization', licensing_package: 'business', active_users: 3 }] }),
    );
    expect(await screen.findByLabelText('Day of the count')).toHaveValue('2021-01-03');
    await press('Import');
    expect(await screen.findByText('1 row imported')).toBeInTheDocument();
    expect((await app.db.imports.toArray()).map(({ periods, final }) => [periods, final])).toEqual([[['2021-01'], null]]);
  });

  test('shows the guesses about a CSV, names what is missing, and reads it as told', async () => {
    const { user, pick, press } = await open();
    await pick(new File(['Domain,Plan,Date,Users,Price\na.example,Business,01/02/2021,3,1.50\n'], 'usage.csv'));
    expect(await screen.findByRole('combobox', { name: 'Read Users as' })).toHaveValue('quantity');
    await press('Import');
    const errors = within(await screen.findByRole('alert')).getAllByRole('link');
    expect(errors.map(({ textContent }) => textContent)).toEqual([
      'Enter the product that this file counts, for example Proofpoint',
      'Enter the currency of the prices, for example USD',
      'Choose how dates are written',
    ]);
    await user.type(screen.getByRole('textbox', { name: 'Product' }), 'Proofpoint');
    await user.type(screen.getByRole('textbox', { name: 'Currency' }), 'usd');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Dates' }), 'us');
    await press('Import');
    expect(await screen.findByText('1 row: 1 good, 0 not')).toBeInTheDocument();
    expect(screen.getByText('Usage of January 2021.', { exact: false })).toBeInTheDocument();
  });

  test('shows what overlapping files change, and asks about what they do not mention', async () => {
    const { user, pick, press } = await open();
    await pick(names, lines({}, { productName: 'Business', productId: 'p2' }));
    await press('Import');
    await screen.findByText('3 rows imported');
    await pick(lines({ quantity: 4, currentCharges: 21.32 }));
    const changes = await screen.findByRole('table', { name: 'Changed counts' });
    expect(
      within(changes)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent.trim()),
    ).toEqual(['Proofpoint Essentials - Professional', '01/14/2020', '3.00', '4.00']);
    await press('Import');
    expect(await screen.findByRole('link', { name: 'Say what happens to the counts that are not mentioned' })).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: /Keep them/ }));
    await press('Import');
    expect(await screen.findByText('1 row imported')).toBeInTheDocument();
  });

  test('Cancel leaves nothing behind', async () => {
    const { app, pick, press } = await open();
    await pick(names, lines({}));
    await screen.findByText('2 rows: 2 good, 0 not');
    await press('Cancel');
    await waitFor(async () => expect([await app.db.imports.count(), await app.db.usage.count()]).toEqual([0, 0]));
    expect(screen.queryByRole('button', { name: 'Import' })).toBeNull();
  });
});

test('bad rows as a CSV hold no live formula', async () => {
  const app = await fakeApp();
  const row = (value: string) => ({ file: 'a.csv', row: 2, column: 'Users', value, reason: 'no number', severity: 'error' as const });
  await app.db.rejects.add({ importId: 'id', slice: 0, rows: ['=1+1', ' @x', '-5', 'a "b", c'].map(row) });
  const text = await (await badRowsCsv(app.db, 'id')).text();
  expect(text.split('\r\n')).toEqual([
    '\ufefffile,row,column,value,reason,what happened',
    "a.csv,2,Users,'=1+1,no number,not imported",
    "a.csv,2,Users,' @x,no number,not imported",
    'a.csv,2,Users,-5,no number,not imported',
    'a.csv,2,Users,"a ""b"", c",no number,not imported',
    '',
  ]);
});
