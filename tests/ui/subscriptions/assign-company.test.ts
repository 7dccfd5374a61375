import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import type { Company } from '../../../src/domain/marketplace';
import type { Standing } from '../../../src/domain/standing';
import AssignCompany from '../../../src/ui/subscriptions/AssignCompany.svelte';
import { fakeApp } from '../support/app';
import { company, standing } from '../support/standings';

const firstWest = standing('1stwestinsurance.com', { company: null, assignedBy: null, flag: 'needs company' });

async function open(companies: readonly Company[], of: Standing = firstWest, toSync = false) {
  const app = await fakeApp();
  await app.db.companies.bulkAdd(companies);
  const closed = vi.fn();
  const assigned = vi.fn();
  render(AssignCompany, {
    props: { standing: of, companies, ownCompany: 'own', toSync, onclose: closed, onassigned: assigned },
    context: app.context,
  });
  return { app, closed, assigned };
}
const assign = () => userEvent.click(screen.getByRole('button', { name: 'Assign' }));
const checked = () => screen.getAllByRole('radio').filter((radio) => (radio as HTMLInputElement).checked).length;

describe('Assign Company', () => {
  test('takes a sure suggestion in advance and says why', async () => {
    const { app, assigned } = await open([company('c9', '1st West Insurance'), company('c1', 'Acme')]);
    const option = screen.getByRole('radio', { name: /1st West Insurance/ });
    expect(option).toBeChecked();
    expect(option.closest('label')).toHaveTextContent(/Same name.*97%/);
    await assign();
    await waitFor(() => expect(assigned).toHaveBeenCalledOnce());
    expect(await app.db.assignments.toArray()).toMatchObject([{ site: '1stwestinsurance.com', company: 'c9', evidence: 'partner' }]);
  });

  test('never picks between two that fit equally well', async () => {
    const { app } = await open([company('a', '1st West Insurance LLC'), company('b', '1st West Insurance Inc')]);
    expect([screen.getAllByRole('radio').length, checked()]).toEqual([2, 0]);
    await assign();
    expect(screen.getByRole('alert')).toHaveTextContent(/There is a problem.*Choose a company, or create one/);
    expect(await app.db.assignments.count()).toBe(0);
  });

  test('never suggests the partner’s own company', async () => {
    await open([company('own', '1st West Insurance')]);
    expect(screen.queryAllByRole('radio')).toEqual([]);
  });

  test('creates a company and assigns it', async () => {
    const { app, assigned } = await open([company('c1', 'Acme')]);
    await userEvent.click(screen.getByRole('button', { name: 'Create company' }));
    expect(screen.getByLabelText('Domain (optional)')).toHaveValue('1stwestinsurance.com');
    await userEvent.type(screen.getByLabelText('Name'), 'First West');
    await userEvent.click(screen.getByRole('button', { name: 'Create and assign' }));
    await waitFor(() => expect(assigned).toHaveBeenCalledOnce());
    expect(await app.db.companies.get('id-1')).toEqual({
      id: 'id-1',
      name: 'First West',
      domains: ['1stwestinsurance.com'],
      externalId: null,
      status: 'active',
      source: 'partner',
    });
    expect(await app.db.assignments.toArray()).toMatchObject([{ company: 'id-1' }]);
  });

  test('says what is missing beside the field and in the summary, in the same words', async () => {
    await open([]);
    await userEvent.click(screen.getByRole('button', { name: 'Create company' }));
    await userEvent.click(screen.getByRole('button', { name: 'Create and assign' }));
    expect(within(screen.getByRole('alert')).getByRole('link', { name: 'Enter the name of the company' })).toBeVisible();
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('Error: Enter the name of the company');
  });

  test('goes on to the sync when that is why it asked', async () => {
    const { app, assigned } = await open([company('c9', '1st West Insurance')], firstWest, true);
    await assign();
    await waitFor(() => expect(assigned).toHaveBeenCalledOnce());
    expect(app.went).toEqual(['/sync/proofpoint/1stwestinsurance.com']);
  });

  test('that changes a company shows what it affects and picks nothing in advance', async () => {
    await open([company('c1', 'Acme Ltd'), company('c9', '1st West Insurance')], { ...firstWest, company: company('c1', 'Acme Ltd') });
    await screen.findByText(/^Nothing of it is in a PSA yet/);
    expect(screen.getByRole('dialog', { name: 'Change company' })).toHaveTextContent(/Assigned to Acme Ltd.*Nothing of it is in a PSA yet/);
    expect(checked()).toBe(0);
  });

  test('Cancel changes nothing', async () => {
    const { app, closed } = await open([company('c9', '1st West Insurance')]);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect([closed.mock.calls.length, await app.db.assignments.count()]).toEqual([1, 0]);
  });
});
