import { render, screen, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { ProductStanding } from '../../../src/domain/standing';
import { ignoreCustomers } from '../../../src/storage/ignores';
import Home from '../../../src/ui/screens/Home.svelte';
import { fakeApp } from '../support/app';
import { movement, product, standing, unknownStanding } from '../support/standings';

const changed = standing('acme.com', {
  flag: 'changed',
  movements: [movement('Proofpoint Business', { current: 18, previous: 16, synced: 15, reason: 'quantity changed', money: '9' })],
});

async function open(standings: readonly ProductStanding[], ignored: readonly string[] = []) {
  const app = await fakeApp({ standings });
  const customers = ignored.map((site) => ({ product: 'proofpoint', site }));
  if (ignored.length > 0) await ignoreCustomers(app.db, app.clock.now(), { customers, reason: 'leaving', until: null });
  render(Home, { context: app.context });
  await screen.findByRole('heading', { level: 2, name: /steps done|Start with|No usage/ });
  return app;
}
const linksOf = (step: string) =>
  within(screen.getByRole('heading', { level: 3, name: step }).closest('li') as HTMLElement)
    .getAllByRole('link')
    .map((link) => [link.textContent.trim(), link.getAttribute('href')]);

describe('Home', () => {
  test('says where the month stands, and leads from every number to its rows', async () => {
    await open([
      product([standing('same.com'), changed, unknownStanding('gone.com'), standing('who.com', { company: null, flag: 'needs company' })]),
    ]);
    expect(screen.getByText('December 2020 is final. Today is Jan 3, 2021.')).toBeVisible();
    expect(linksOf('Usage in')).toEqual([
      ['3 of 4 customers counted', '#/subscriptions/proofpoint?view=counted'],
      ['1 not reported', '#/subscriptions/proofpoint?view=missing'],
    ]);
    expect(linksOf('Companies')).toEqual([
      ['1 of 4 customers without a company', '#/subscriptions/proofpoint?view=needs-company'],
      ['1 needs a company', '#/subscriptions/proofpoint?view=needs-company'],
    ]);
    expect(linksOf('Changed')).toEqual([
      ['1 of 2 lines changed since the last sync', '#/unsynced'],
      ['1 changed', '#/unsynced?view=changed'],
      ['Review 1 changed', '#/unsynced'],
    ]);
    expect(screen.getByText('+$9.00')).toBeVisible();
    expect(linksOf('Synced')[0]).toEqual(['1 of 4 customers synced', '#/subscriptions/proofpoint?view=synced']);
    expect(linksOf('Delivered')).toEqual([['Nothing is confirmed yet', '#/history']]);
  });

  test('the parts of what changed add up, and what is among them says so', async () => {
    const left = standing('left.com', {
      flag: 'changed',
      movements: [movement('Proofpoint Pro', { current: 0, previous: 4, synced: 4, reason: 'gone', money: '-12' })],
    });
    const fresh = standing('new.com', {
      flag: 'never synced',
      movements: [movement('Proofpoint Pro', { current: 2, previous: null, synced: null, reason: 'new', money: '6' })],
    });
    const dearer = standing('dear.com', {
      movements: [movement('Proofpoint Business', { current: 15, previous: 15, synced: 15, reason: 'price changed', money: '0' })],
    });
    await open([product([standing('same.com'), changed, left, fresh, dearer])]);
    const step = screen.getByRole('heading', { level: 3, name: 'Changed' }).closest('li') as HTMLElement;
    expect(within(step).getByRole('link', { name: '4 of 5 lines changed since the last sync' })).toBeVisible();
    expect(
      within(step)
        .getAllByRole('listitem')
        .map((part) => part.textContent.trim()),
    ).toEqual(['1 never synced', '2 changed', '1 in price or cost', 'of these 1 gone']);
  });

  test('shows each product with a number for each word, each a link', async () => {
    await open([product([standing('same.com'), changed])]);
    const row = within(screen.getByRole('table', { name: 'Products of the month' })).getByRole('row', { name: /^Proofpoint/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent.trim()),
    ).toEqual(['Final', '2', '2', '0', '0', '0', '0', '0', '1', '1']);
    expect(within(row).getByRole('link', { name: '1 of 2: Proofpoint, to sync' })).toHaveAttribute(
      'href',
      '#/subscriptions/proofpoint?view=to-sync',
    );
  });

  test('leaves ignored customers out, says so, and the lists that it leads to leave them out, too', async () => {
    await open([product([standing('same.com'), changed])], ['acme.com']);
    expect(await screen.findByRole('link', { name: '1 of 2 customers' })).toHaveAttribute('href', '#/unsynced?view=ignored');
    expect(linksOf('Usage in')).toEqual([['1 of 1 customer counted', '#/subscriptions/proofpoint?view=counted&ignored=no']]);
    expect(screen.queryByRole('link', { name: /^Review/ })).toBeNull();
  });

  test('is a good result with its coverage when nothing is left', async () => {
    await open([product([standing('a.com'), standing('b.com')])]);
    expect(screen.getByText('December 2020 is done')).toBeVisible();
    expect(screen.getByText(/2 of 2 customers compared, 2 of 2 synced,\s+0 of 0 plans delivered\./)).toBeVisible();
    expect(screen.getByRole('heading', { name: 'December 2020, 6 of 6 steps done' })).toBeVisible();
  });

  test('of an empty workspace says what to do first', async () => {
    await open([]);
    expect(screen.getByRole('heading', { name: 'Start with your usage' })).toBeVisible();
    const names = ['Import usage', 'New connection'] as const;
    expect(names.map((name) => screen.getAllByRole('link', { name }).at(-1)?.getAttribute('href'))).toEqual([
      '#/import',
      '#/tools/business-automation/new',
    ]);
  });

  test('shows the days of the month with today among them', async () => {
    await open([product([changed])]);
    const strip = within(screen.getByRole('region', { name: 'Billing calendar' }));
    expect(strip.getAllByRole('listitem').map((item) => item.textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'Counted Dec 19, 2020 passed',
      'Final Jan 3, 2021 today',
      'Invoice day Jan 5, 2021 in 2 days',
    ]);
    expect(strip.getByText('Next: December 2020 is invoiced on Jan 5, 2021, in 2 days.')).toBeVisible();
  });
});
