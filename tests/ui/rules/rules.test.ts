import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { RuleVersion } from '../../../src/domain/rule';
import Rules from '../../../src/ui/screens/Rules.svelte';
import { exclusion, minimum } from '../../support/rules';
import { fakeApp } from '../support/app';
import { product, standing } from '../support/standings';

describe('the rules of a product', () => {
  test('begin as none, and a new one is in the list as it holds', async () => {
    const { db, said } = await open([]);
    await screen.findByRole('heading', { name: 'No rules' });
    await userEvent.type(screen.getByLabelText('Quantity'), '20');
    await userEvent.selectOptions(screen.getByLabelText('Sub-product'), 'Proofpoint Business');
    await userEvent.selectOptions(screen.getByLabelText('Customer'), 'acme.com');
    await userEvent.type(screen.getByLabelText('Reason (optional)'), 'Contract');
    await userEvent.click(screen.getByRole('button', { name: 'Add rule' }));
    await screen.findByRole('table', { name: 'Rules' });
    expect(rows()).toEqual([['Minimum 20.00', 'Proofpoint Business', 'acme.com', 'Dec 2020', 'No end', 'Holds', 'Contract', 'End']]);
    expect(await db.rules.toArray()).toEqual([
      {
        product: 'proofpoint',
        kind: 'minimum',
        quantity: '20',
        subProduct: 'proofpoint-business',
        site: 'acme.com',
        from: '2020-12',
        until: null,
        reason: 'Contract',
        seq: 1,
      },
    ]);
    await waitFor(() => expect(said).toEqual(['Minimum is added']));
    await waitFor(() => expect(screen.getByLabelText('Quantity')).toHaveValue(''));
  });

  test('name every field that a fixed quantity cannot do without, and store nothing', async () => {
    const { db } = await open([]);
    await userEvent.selectOptions(await screen.findByLabelText('Rule'), 'Fixed quantity');
    await userEvent.click(screen.getByRole('button', { name: 'Add rule' }));
    const summary = within(screen.getByRole('alert'));
    expect(summary.getAllByRole('listitem').map(({ textContent }) => textContent.trim())).toEqual([
      'Sub-product is missing. Fixed quantity needs it.',
      'Customer is missing. Fixed quantity needs it.',
      'Last month is missing. Fixed quantity needs it.',
      'Reason is missing. Fixed quantity needs it.',
      'Quantity is missing. Fixed quantity needs it.',
    ]);
    expect(screen.getByLabelText('Last month')).toHaveAccessibleDescription('Error: Last month is missing. Fixed quantity needs it.');
    expect(await db.rules.count()).toBe(0);
  });

  test('ask for the fields of a markup, and only for those', async () => {
    await open([]);
    await userEvent.selectOptions(await screen.findByLabelText('Rule'), 'Markup on cost');
    expect(screen.queryByLabelText('Quantity')).toBeNull();
    await userEvent.type(screen.getByLabelText('Markup in percent'), '20');
    await userEvent.type(screen.getByLabelText('Least price (optional)'), '3');
    await userEvent.type(screen.getByLabelText('Currency (optional)'), 'usd');
    await userEvent.click(screen.getByRole('button', { name: 'Add rule' }));
    await screen.findByText('Markup 20% on cost, at least 3.00 USD');
  });

  test('say how each stands in the month that is looked at', async () => {
    await open([
      minimum(10, { seq: 1, from: '2020-10' }),
      minimum(20, { seq: 2, from: '2020-12' }),
      minimum(30, { seq: 3, from: '2021-01' }),
      exclusion({ seq: 4, site: 'acme.com', until: '2020-11', reason: 'Pilot' }),
      exclusion({ seq: 5, from: '2020-12', until: '2020-11', reason: 'A mistake' }),
    ]);
    await screen.findByRole('table', { name: 'Rules' });
    expect(rows().map(([rule, , , , , state, , action]) => [rule, state, action !== ''])).toEqual([
      ['Excluded', 'Never held', false],
      ['Excluded', 'Ended', false],
      ['Minimum 30.00', 'Begins later', true],
      ['Minimum 20.00', 'Holds', true],
      ['Minimum 10.00', 'A newer one holds', true],
    ]);
  });

  test('end one with the month before the named one', async () => {
    const { db } = await open([minimum(20, { seq: 1, from: '2020-12' })]);
    await userEvent.click(await screen.findByRole('button', { name: 'End Minimum 20.00 of every customer' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'End Minimum 20.00?' }));
    expect(dialog.getByLabelText('First month without it')).toHaveValue('2021-01');
    expect(dialog.getByLabelText('First month without it')).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect((await db.rules.toArray()).map(({ until }) => until)).toEqual(['2020-12']);
  });
});

async function open(rules: readonly RuleVersion[]) {
  const app = await fakeApp({ standings: [product([standing('acme.com'), standing('b.com')])] });
  await app.db.rules.bulkAdd(rules);
  await app.db.subProducts.add({ key: 'proofpoint-business', product: 'proofpoint', name: 'Proofpoint Business', unit: 'User', ids: [] });
  render(Rules, { props: { params: { product: 'proofpoint' } }, context: app.context });
  return app;
}
function rows(): string[][] {
  const [, ...body] = within(screen.getByRole('table', { name: 'Rules' })).getAllByRole('row');
  return body.map((row) => [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim()));
}
