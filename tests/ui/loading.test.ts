import { render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/domain/agreement';
import { decimalOf } from '../../src/domain/decimal';
import { problem } from '../../src/domain/problem';
import { saveConnection } from '../../src/storage/connections';
import { linkCompany } from '../../src/storage/links';
import { saveMirror } from '../../src/storage/mirrors';
import { changeSetting, saveNameTemplate } from '../../src/storage/settings';
import AgreementsTab from '../../src/ui/automation/AgreementsTab.svelte';
import BindProductDialog from '../../src/ui/automation/BindProductDialog.svelte';
import CompaniesTab from '../../src/ui/automation/CompaniesTab.svelte';
import ConnectionList from '../../src/ui/automation/ConnectionList.svelte';
import ConnectionTab from '../../src/ui/automation/ConnectionTab.svelte';
import ProductsTab from '../../src/ui/automation/ProductsTab.svelte';
import { together, type Live } from '../../src/ui/live';
import LineNames from '../../src/ui/settings/LineNames.svelte';
import OwnCompany from '../../src/ui/settings/OwnCompany.svelte';
import Secrets from '../../src/ui/settings/Secrets.svelte';
import AssignEffect from '../../src/ui/subscriptions/AssignEffect.svelte';
import { fakeApp } from './support/app';
import { company, product, standing } from './support/standings';

const READ = '2021-01-02T09:00:00.000Z';

describe('what is not known yet is not shown as what is not there', () => {
  test('when a connection was last read', async () => {
    const { app, connection } = await scene();
    render(ConnectionList, { props: { rows: [connection] }, context: app.context });
    const cell = screen.getAllByRole('cell').at(-1);
    expect(cell).toHaveTextContent('Loading…');
    await screen.findByText(/Jan 2, 2021/);
    expect(cell).toHaveTextContent(/^Jan 2, 2021, \d/);
  });

  test('a connection that was never read says so once that is known', async () => {
    const { app, connection } = await scene();
    await app.db.mirrors.clear();
    render(ConnectionList, { props: { rows: [connection] }, context: app.context });
    expect(screen.queryByText('Never')).toBe(null);
    expect(await screen.findByRole('cell', { name: 'Never' })).toBeVisible();
  });

  test('what is known of a PSA', async () => {
    const { screenOf } = await scene();
    expect(screenOf(ConnectionTab)).not.toHaveTextContent('Nothing is read yet.');
    expect(await screen.findByText(/^1 company, read/)).toBeVisible();
  });

  test('which companies are linked, and which could be', async () => {
    const { screenOf } = await scene();
    const shown = everythingShown(screenOf(CompaniesTab));
    expect(await screen.findByText('1 of 1 company linked')).toBeVisible();
    expect(shown.filter((text) => /Not linked|0 of|sure match/.test(text))).toEqual([]);
  });

  test('whose an agreement is', async () => {
    const { screenOf } = await scene();
    expect(screenOf(AgreementsTab)).not.toHaveTextContent(/not read yet/);
    expect((await screen.findAllByRole('cell'))[0]).toHaveTextContent(/^Acme Holding$/);
  });

  test('which products are bound', async () => {
    const { screenOf } = await scene();
    expect(screenOf(ProductsTab)).not.toHaveTextContent(/has a product|without a product/);
    expect(await screen.findByText('Every counted sub-product has a product in ConnectWise')).toBeVisible();
  });

  test('which product of the PSA looks like it', async () => {
    const { screenOf } = await scene();
    const place = { product: 'proofpoint', subProduct: null, bound: null, onclose: () => undefined, onbound: () => undefined };
    const shown = everythingShown(screenOf(BindProductDialog, place));
    expect(await screen.findByRole('radio', { name: /Proofpoint/ })).toBeChecked();
    expect(shown.filter((text) => text.includes('No product of ConnectWise looks like it'))).toEqual([]);
  });

  test('what a move to another company would touch', async () => {
    const { app } = await scene();
    const { container } = render(AssignEffect, { props: { standing: standing('acme.com') }, context: app.context });
    expect(container).not.toHaveTextContent('Nothing of it is in a PSA yet');
    expect(await screen.findByText(/^Nothing of it is in a PSA yet/)).toBeVisible();
  });

  test('the partner’s own company', async () => {
    const { app, screenOf } = await scene();
    await changeSetting(app.db, READ, 'own company', 'c1');
    expect(screenOf(OwnCompany)).not.toHaveTextContent(/None of them|Import companies first/);
    expect(await screen.findByLabelText('Which company is mine')).toHaveValue('c1');
  });

  test('the line name template, which an early edit would overwrite', async () => {
    const { app, screenOf } = await scene();
    await saveNameTemplate(app.db, READ, { text: '{product}', collapse: true });
    expect(screenOf(LineNames).querySelector('input')).toBe(null);
    expect(await screen.findByLabelText('Name template')).toHaveValue('{product}');
  });

  test('which secrets are remembered', async () => {
    const { screenOf } = await scene();
    expect(screenOf(Secrets)).not.toHaveTextContent('None are remembered');
    expect(await screen.findByText('None are remembered on this device.')).toBeVisible();
  });
});

test('queries together answer once the last one did, with the first problem', () => {
  const answered: Live<number> = { current: 1, problem: null };
  const waiting: Live<string> = { current: undefined, problem: null };
  const failed: Live<string> = { current: undefined, problem: problem('connection is not chosen', {}) };
  expect([together(answered, waiting).current, together(answered, waiting).problem]).toEqual([undefined, null]);
  expect(together(answered, { current: 'two', problem: null }).current).toEqual([1, 'two']);
  expect(together(answered, waiting, failed).problem).toEqual(failed.problem);
});

/** Every text that an element shows from now on, also for a moment only. */
function everythingShown(element: HTMLElement): readonly string[] {
  const texts = [element.textContent];
  const observer = new MutationObserver(() => texts.push(element.textContent));
  observer.observe(element, { childList: true, subtree: true, characterData: true });
  onTestFinished(() => observer.disconnect());
  return texts;
}

/** A customer of ConnectWise that was read, with a company that is linked and products that are bound. */
async function scene() {
  const app = await fakeApp({ standings: [product([standing('acme.com')])] });
  const connection: Connection = await saveConnection(app.db, READ, {
    ...{ id: 'cw', psa: 'connectwise', name: 'Office', protocol: 'file', url: null, tenant: 'brightharbor', currency: 'USD' },
    ...{ rateLimit: 120, quarantineMinutes: 10, checksKeys: false, settings: {}, remember: false },
  });
  const acme = { id: '7', name: 'Acme Holding', identifier: 'acme', website: null, externalId: null, active: true };
  const read = { connection: connection.id, scope: '', readAt: READ };
  await saveMirror(app.db, READ, { ...read, kind: 'companies', rows: [acme] });
  await saveMirror(app.db, READ, {
    ...{ ...read, kind: 'agreements' },
    rows: [
      {
        ...{ id: '10', name: 'Managed', companyId: '7', type: null, status: 'active', startDate: null, endDate: null, cycle: null },
        ...{ monthly: true, currency: 'USD', prorates: null, nextInvoiceDate: null, billsProducts: null },
      },
    ],
  });
  await saveMirror(app.db, READ, {
    ...{ ...read, kind: 'products' },
    rows: [
      {
        ...{ id: '40', identifier: 'PP', description: 'Proofpoint', price: decimalOf(3), cost: null },
        ...{ taxable: true, active: true, reference: null },
      },
    ],
  });
  await app.db.companies.add(company('c1', 'Acme', ['acme.com']));
  await app.db.products.put({ key: 'proofpoint', name: 'Proofpoint', vendor: 'Proofpoint', ids: [] });
  await linkCompany(app.db, READ, { connection: connection.id, company: 'c1', psaCompany: acme });
  const screenOf = (part: Component<never>, own: object = {}): HTMLElement =>
    render(part as Component<Record<string, unknown>>, { props: { connection, ...own }, context: app.context }).container;
  return { app, connection, screenOf };
}
