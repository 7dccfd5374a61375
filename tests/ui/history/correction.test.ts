import { render, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Correction } from '../../../src/domain/correction';
import { decimalOf } from '../../../src/domain/decimal';
import CorrectionOfInvoices from '../../../src/ui/history/Correction.svelte';

const raised = {
  ...{ lineKey: 'a', name: 'acme.com - Business', billed: decimalOf(63), instead: decimalOf(60), invoices: 2, excess: decimalOf(6) },
};
const correction: Correction = { invoices: ['2021-01', '2021-02'], currency: 'USD', lines: [raised], excess: decimalOf(6) };

test('says which invoices billed what, and what the credit is', () => {
  render(CorrectionOfInvoices, { correction, site: 'acme.com', psa: 'Our ConnectWise' });
  expect(screen.getByText('The invoices of January 2021 and February 2021 went out')).toBeVisible();
  expect(screen.getByText('What was billed stays billed. Write a credit of $6.00 in Our ConnectWise.')).toBeVisible();
  const row = within(screen.getByRole('row', { name: 'acme.com - Business' }));
  expect(row.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual(['2', '$63.00', '$60.00', '$6.00']);
});

test('says what is to be billed more, and what nobody knows', async () => {
  const less: Correction = { ...correction, invoices: ['2021-01'], excess: decimalOf(-9) };
  const { rerender } = render(CorrectionOfInvoices, { correction: less, site: 'acme.com', psa: 'Our ConnectWise' });
  expect(screen.getByText('The invoice of January 2021 went out')).toBeVisible();
  expect(screen.getByText('What was billed stays billed. Bill $9.00 more in Our ConnectWise, as a line of its own.')).toBeVisible();
  await rerender({ correction: { ...correction, excess: null } });
  expect(
    screen.getByText('What was billed stays billed. What is to be corrected in Our ConnectWise is not known for every line.'),
  ).toBeVisible();
});

test('shows both lines of one key, as where a line moved to another product', () => {
  const moved = { ...raised, name: 'acme.com - Business, new', billed: decimalOf(80), instead: decimalOf(0), excess: decimalOf(160) };
  render(CorrectionOfInvoices, { correction: { ...correction, lines: [moved, raised] }, site: 'acme.com', psa: 'Our ConnectWise' });
  expect(screen.getAllByRole('rowheader').map(({ textContent }) => textContent)).toEqual([moved.name, raised.name]);
});
