import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { saveInvoiceDay } from '../../src/storage/settings';
import { Announcer } from '../../src/ui/announcer.svelte';
import { APP } from '../../src/ui/context';
import BillingStrip from '../../src/ui/home/BillingStrip.svelte';
import { OpenWorkspace } from '../../src/ui/workspace.svelte';
import { fakeApp } from './support/app';

test('the days of Home are those of the partner’s own invoice day, as soon as it is chosen', async () => {
  const { db, clock, newId } = await fakeApp();
  const workspace = new OpenWorkspace({
    ...{ db, clock: clock as never, newId, workspace: 'own', announcer: new Announcer(), standings: () => Promise.resolve([]) },
    stepped: () => Promise.resolve(),
  });
  render(BillingStrip, { context: new Map([[APP, workspace]]) });
  expect(days()).toEqual(['Dec 19, 2020', 'Jan 3, 2021', 'Jan 5, 2021']);
  await saveInvoiceDay(db, clock.now(), 15);
  await screen.findByText('Jan 15, 2021');
  expect(days()).toEqual(['Dec 19, 2020', 'Jan 3, 2021', 'Jan 15, 2021']);
});

function days(): (string | undefined)[] {
  return screen.getAllByRole('listitem').map((day) => day.querySelector('.tabular')?.textContent);
}
