import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Connection } from '../../../src/domain/agreement';
import { saveConnection } from '../../../src/storage/connections';
import ConnectionTab from '../../../src/ui/automation/ConnectionTab.svelte';
import { fakeApp } from '../support/app';

test('fills in the address after a click, by the user name alone', async () => {
  const asked = await ask(() => Response.json({ zoneName: 'Any', url: 'https://webservices16.autotask.net/ATServicesRest/', ci: 1 }));
  expect(await screen.findByText('Your zone was found')).toBeVisible();
  expect(screen.getByLabelText('Address')).toHaveValue('https://webservices16.autotask.net/ATServicesRest');
  expect(asked).toEqual([
    ['GET', 'https://webservices.autotask.net/ATServicesRest/V1.0/ZoneInformation?user=api%40acme.example', { Accept: 'application/json' }],
  ]);
});

test('says how to find it by hand where the browser cannot reach the PSA', async () => {
  await ask(() => {
    throw new TypeError('Failed to fetch');
  });
  expect(await screen.findByText('Refused by CORS, or unreachable')).toBeVisible();
  expect(screen.getByText('https://webservices.autotask.net/ATServicesRest/V1.0/ZoneInformation?user=')).toBeVisible();
  expect(screen.getByLabelText('Address')).toHaveValue('');
});

test.each([
  ['a refusal', () => Response.json({ errors: ['The user was not found.'] }, { status: 500 }), 500],
  ['an address of somebody else', () => Response.json({ url: 'https://autotask.net.evil.example/ATServicesRest/' }), 200],
])('takes no address from %s', async (_, answer, status) => {
  await ask(answer);
  expect(await screen.findByText('Autotask names no zone')).toBeVisible();
  expect(screen.getByText(new RegExp(`It answered ${status}`))).toBeVisible();
  expect(screen.getByLabelText('Address')).toHaveValue('');
});

test.each([
  ['connectwise', 'psa', false],
  ['autotask', 'psa', true],
  ['autotask', 'relay', false],
] as const)('at %s by the protocol %s it is offered: %s', async (psa, protocol, expected) => {
  await open({ psa, protocol });
  expect(screen.queryByRole('button', { name: 'Find my zone' }) !== null).toBe(expected);
});

/** An Autotask connection that is changed on its tab, whose partner looks for the zone of a user. Answers what was asked of the network. */
async function ask(answer: () => Response) {
  const asked: unknown[] = [];
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    asked.push([init?.method, input, init?.headers]);
    return Promise.resolve().then(answer);
  });
  onTestFinished(() => fetching.mockRestore());
  await open({ psa: 'autotask', protocol: 'psa' });
  await userEvent.clear(screen.getByLabelText('Address'));
  await userEvent.type(screen.getByLabelText('User name for the look-up'), 'api@acme.example');
  await userEvent.click(await screen.findByRole('button', { name: 'Find my zone' }));
  return asked;
}

async function open(changes: Pick<Connection, 'psa' | 'protocol'>): Promise<void> {
  const app = await fakeApp();
  const connection = await saveConnection(app.db, '2021-01-03T09:00:00.000Z', {
    ...{ id: 'c', name: 'Office', url: 'https://psa.example.com', tenant: 'acme', currency: 'USD', rateLimit: 100, quarantineMinutes: 10 },
    ...{ checksKeys: false, settings: {}, remember: false, ...changes },
  });
  render(ConnectionTab, { props: { connection }, context: app.context });
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
}
