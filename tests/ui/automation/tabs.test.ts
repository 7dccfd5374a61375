import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { Company } from '../../../src/domain/marketplace';
import { connectwise } from '../../../src/psa/connectwise';
import { links } from '../../../src/storage/links';
import { saveMirror } from '../../../src/storage/mirrors';
import CompaniesTab from '../../../src/ui/automation/CompaniesTab.svelte';
import TestConnection from '../../../src/ui/automation/TestConnection.svelte';
import { corsAnswer } from '../../../src/ui/automation/words';
import { NOW, scene } from './scene';
import { company } from '../support/standings';

const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('Test connection', () => {
  test('says exactly what a proxy in front of the PSA has to answer, ready to copy', async () => {
    const { app, connection } = await scene({ protocol: 'psa', url: 'https://psa.example.com' });
    render(TestConnection, { props: { connection }, context: app.context });
    const said = [
      `Access-Control-Allow-Origin: ${location.origin}`,
      'Access-Control-Allow-Methods: GET, POST, PATCH, PUT, DELETE',
      'Access-Control-Allow-Headers: content-type, accept, authorization, clientid',
      'Access-Control-Max-Age: 600',
      'Access-Control-Expose-Headers: link, retry-after',
    ].join('\n');
    const details = screen.getByText('Headers that the proxy has to answer').closest('details');
    expect(details?.querySelector('pre')?.textContent).toBe(said);
    const written = vi.fn(() => Promise.resolve());
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(written);
    await userEvent.click(screen.getByText('Headers that the proxy has to answer'));
    await userEvent.click(await button('Copy headers'));
    expect(written.mock.calls).toEqual([[said]]);
    expect(app.said).toEqual(['Headers copied']);
  });

  test('of a relay names the header that the partner gave it, and nothing of the PSA', async () => {
    const { connection } = await scene({ protocol: 'relay', url: 'https://relay.example.com', settings: { relayHeader: 'X-Make-ApiKey' } });
    expect(corsAnswer(connection, connectwise, 'https://page.example.com').split('\n')).toEqual([
      'Access-Control-Allow-Origin: https://page.example.com',
      'Access-Control-Allow-Methods: POST',
      'Access-Control-Allow-Headers: content-type, idempotency-key, webhook-id, webhook-timestamp, webhook-signature, x-make-apikey',
      'Access-Control-Max-Age: 600',
      'Access-Control-Expose-Headers: retry-after',
    ]);
  });
});

describe('Companies', () => {
  test('links several at once: exact evidence is ticked, what is only similar or ambiguous is not', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([
      named('c1', 'Acme', ['acme.com']),
      named('c2', 'Twin'),
      named('c3', 'Bolt Fasteners'),
      named('c4', 'Nobody'),
    ]);
    await saveMirror(app.db, NOW, {
      ...{ connection: connection.id, kind: 'companies', scope: '', readAt: NOW },
      rows: [
        ...[psaCompany('1', 'Bolt Fastener Works'), psaCompany('2', 'A. C. Me', 'https://acme.com')],
        ...[psaCompany('3', 'Twin Ltd'), psaCompany('4', 'Twin Inc')],
      ],
    });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await button('Link 1 sure match');
    expect(screen.getAllByRole('checkbox').map((box) => [box.getAttribute('aria-label'), (box as HTMLInputElement).checked])).toEqual([
      ['Link Acme to A. C. Me', true],
      ['Link Twin to Twin Ltd', false],
      ['Link Bolt Fasteners to Bolt Fastener Works', false],
    ]);
    expect(screen.getByRole('row', { name: /^Acme/ })).toHaveTextContent('A. C. Me? Same domain as acme.com');
    expect(screen.getByRole('row', { name: /^Twin/ })).toHaveTextContent(/Twin (Ltd|Inc)\? .*, 97%; 1 other possible/);
    await userEvent.click(screen.getByRole('checkbox', { name: /^Link Bolt/ }));
    await userEvent.click(await button('Link 2 companies'));
    await waitFor(async () =>
      expect((await links(app.db, connection.id)).map((link) => [link.company, link.psaCompany])).toEqual([
        ...[
          ['c1', '2'],
          ['c3', '1'],
        ],
      ]),
    );
  });

  test('an equal name is ticked where no domain speaks against it, and is not called sure', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([named('c1', 'Bolt'), named('c2', 'Smith', ['smith-plumbing.com'])]);
    const rows = [psaCompany('1', 'Bolt Inc'), psaCompany('2', 'Smith Ltd', 'https://smith-dental.com')];
    await saveMirror(app.db, NOW, { connection: connection.id, kind: 'companies', scope: '', readAt: NOW, rows });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await button('Link 1 company');
    expect(screen.getAllByRole('checkbox').map((box) => (box as HTMLInputElement).checked)).toEqual([true, false]);
    expect(screen.getByRole('row', { name: /^Smith/ })).toHaveTextContent('smith-plumbing.com here, smith-dental.com in the PSA, 75%');
  });

  test('a sure match that the partner unticks stays unlinked', async () => {
    const { app, connection } = await scene();
    await app.db.companies.bulkPut([named('c1', 'Acme', ['acme.com'])]);
    const rows = [psaCompany('2', 'Acme', 'https://acme.com')];
    await saveMirror(app.db, NOW, { connection: connection.id, kind: 'companies', scope: '', readAt: NOW, rows });
    render(CompaniesTab, { props: { connection }, context: app.context });
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Link Acme to Acme' }));
    expect(screen.queryByRole('button', { name: /sure match/ })).toBe(null);
  });
});

function named(id: string, name: string, domains: readonly string[] = []): Company {
  return { ...company(id, name), domains: [...domains] };
}

function psaCompany(id: string, name: string, website: string | null = null) {
  return { id, name, identifier: null, website, externalId: null, active: true };
}
