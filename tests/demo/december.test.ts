import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import { exactCompany, suggestCompanies } from '../../src/domain/company-match';
import { gridFor } from '../../src/domain/sync-grid';
import { judgeFor } from '../../src/domain/sync-rules';
import { connectwise } from '../../src/psa/connectwise';
import { monthStanding } from '../../src/storage/month';
import { codes, december, demo, devices, linesOf, mail, standingOf, syncOf, users } from './demo';

test('December on 3 January, by product: customers, synced, changed, without a company, blocked, compared', async () => {
  const db = await demo();
  const rows = await monthStanding(db, december);
  expect(
    rows.map(({ name, customers, synced, changed, needCompany, blocked, compared }) => [
      name,
      ...[customers, synced, changed, needCompany, blocked, compared],
    ]),
  ).toEqual([
    ['Latchkey Password Manager', 5, 3, 1, 0, 0, 5],
    ['Northvault Backup', 9, 3, 3, 0, 0, 9],
    ['Proofpoint', 28, 3, 4, 3, 3, 27],
  ]);
});

describe('what a customer has counted', () => {
  test.each([
    ['greenfieldlogistics.com', 'reported nothing in December', 'unknown', null, 'blocked', ['no usage reported']],
    ['greenfieldfreight.com', 'is its company’s new site', 'snapshot', '2020-12-19', 'never synced', []],
    ['harborpointcpa.com', 'was counted too late', 'late', '2020-12-21', 'blocked', ['count is late']],
    ['ironbridgeconstruction.com', 'was last counted on the 15th', 'stale', '2020-12-15', 'changed', ['count is stale']],
    ['kestrelmedia.com', 'only tries', 'snapshot', '2020-12-19', 'nothing to bill', ['trial usage is not billed']],
    ['lakesideflorist.com', 'has no users', 'snapshot', '2020-12-19', 'nothing to bill', []],
    ['yarrowhealth.com', 'came without its quantity', 'snapshot', '2020-12-19', 'blocked', ['quantity is missing']],
    ['brightharborit.com', 'is the partner itself', 'snapshot', '2020-12-19', 'needs company', []],
  ] as const)('%s %s', async (site, _, how, date, flag, problems) => {
    const standing = await standingOf(await demo(), mail(site));
    expect([standing.count.how, standing.count.date, standing.flag, codes(standing.problems)]).toEqual([how, date, flag, problems]);
  });

  test('a trial is counted beside the paid users, and unknown is not 0', async () => {
    const db = await demo();
    const counted = async (site: string) =>
      (await standingOf(db, mail(site))).count.counts.map(({ quantity, trialQuantity }) => [quantity, trialQuantity]);
    expect([await counted('kestrelmedia.com'), await counted('lakesideflorist.com'), await counted('yarrowhealth.com')]).toEqual([
      [['0', '10']],
      [['0', '0']],
      [[null, '0']],
    ]);
  });

  test('the partner’s own 51 seats cost and bring nothing', async () => {
    const { count, cost, price } = await standingOf(await demo(), mail('brightharborit.com'));
    expect([count.counts.map(({ quantity }) => quantity), cost, price]).toEqual([['51'], '0', '0']);
  });

  test('two companies fit pinecrestpartners.com equally well, so neither is taken', async () => {
    const db = await demo();
    const companies = await db.companies.toArray();
    const seen = { site: 'pinecrestpartners.com', account: 'pinecrestpartners.com', namedCompany: null };
    const found = suggestCompanies(seen, companies);
    expect(found.slice(0, 2).map(({ item, score }) => [item.name, score])).toEqual([
      ['Pinecrest Partners LLC', 0.97],
      ['Pinecrest Partners Inc', 0.97],
    ]);
    expect(exactCompany(seen, companies)).toBeNull();
  });
});

describe('what the wizard would do', () => {
  test.each([
    ['creates a customer that was never synced', devices('Eastfield Veterinary'), [['Creating', null, '6']]],
    ['updates a quantity that changed', devices('Cedar Ridge Law'), [['Updating', '20', '22']]],
    ['leaves unchanged counts alone', devices('Bayview Dental'), [['Unchanged', '2', '2'], ['Unchanged', '14', '14']]], // prettier-ignore
    ['ends a sub-product that is no longer reported', devices('Donovan Brothers'), [['Ending', '1', '0'], ['Unchanged', '6', '6']]], // prettier-ignore
    ['updates a product that was bound anew', mail('cedarridgelaw.com'), [['Updating', '31', '34']]],
    ['leaves an unchanged count alone after binding anew', mail('bayviewdental.com'), [['Unchanged', '22', '22']]],
    ['ends a sub-product that reports a true 0', mail('donovanbrothers.com'), [['Ending', '4', '0'], ['Unchanged', '9', '9']]], // prettier-ignore
    ['creates a line for each of two sub-products', mail('northgateauto.com'), [['Creating', null, '8'], ['Creating', null, '3']]], // prettier-ignore
  ] as const)('%s', async (_, customer, expected) => {
    const lines = await linesOf(await demo(), customer);
    expect(lines.map(({ status, inPsa, syncedQuantity }) => [status, inPsa, syncedQuantity])).toEqual(expected);
    expect(lines.flatMap(({ blocks }) => blocks)).toEqual([]);
  });

  test('holds a single line whose sum did not change', async () => {
    const { facts, choices } = await syncOf(await demo(), users('Northgate Auto'));
    const lines = gridFor(facts, choices, connectwise).lines;
    expect(
      lines.map(({ slot, status, syncedQuantity, price, cost, total, subProducts }) => [
        slot,
        status,
        syncedQuantity,
        price,
        cost,
        total,
        subProducts,
      ]),
    ).toEqual([['*', 'Unchanged', '8', '4.5', '3.275', '36', ['latchkey-business', 'latchkey-enterprise']]]);
  });

  test('offers a line that somebody typed into the PSA, and takes it over', async () => {
    const db = await demo();
    const [offered] = await linesOf(db, mail('eastfieldvet.com'));
    expect([codes(offered?.blocks ?? []), offered?.candidates.map(({ id, quantity, key }) => [id, quantity, key])]).toEqual([
      ['line may already be there'],
      [['7100', '11', null]],
    ]);
    const [adopted] = await linesOf(db, mail('eastfieldvet.com'), { choices: { edits: { 'proofpoint-business': { adopt: '7100' } } } });
    expect([adopted?.status, adopted?.inPsa, adopted?.syncedQuantity, adopted?.blocks]).toEqual(['Updating', '11', '12', []]);
  });

  test('asks which of two such lines is meant', async () => {
    const [line] = await linesOf(await demo(), mail('willowcreekspa.com'));
    expect([codes(line?.blocks ?? []), line?.candidates.map(({ id }) => id)]).toEqual([['several lines could be ours'], ['7101', '7102']]);
  });

  test('stops without a product', async () => {
    const lines = await linesOf(await demo(), mail('maplestreetschool.org'), { choices: { bindings: [] } });
    expect(lines.map(({ blocks }) => codes(blocks))).toEqual([['no product bound']]);
  });

  test('says which sub-product uses the top-level product, and what it is worth', async () => {
    const [line] = await linesOf(await demo(), users('Ironbridge Construction'));
    expect([line?.product.identifier, line?.warnings]).toEqual([
      'LATCHKEY',
      [{ code: 'sub-product uses the top-level product', subProduct: 'Latchkey Enterprise', money: '90', currency: 'USD' }],
    ]);
  });

  test('warns of a price below cost', async () => {
    const [line] = await linesOf(await demo(), mail('juniperyoga.com'));
    expect([line?.total, line?.margin, line?.warnings]).toEqual([
      '11',
      '-1.2',
      [{ code: 'price is below cost', subProduct: 'Proofpoint Business', price: decimalOf('2.2'), cost: decimalOf('2.44') }],
    ]);
  });

  test('gives the two sites of one company a line each on its agreement', async () => {
    const db = await demo();
    const [first, second] = [await linesOf(db, mail('oakhurstclinic.com')), await linesOf(db, mail('oakhurstclinic.org'))].flat();
    expect([first?.status, second?.status, first?.lineKey === second?.lineKey]).toEqual(['Unchanged', 'Creating', false]);
    expect((await syncOf(db, mail('oakhurstclinic.com'))).choices.agreementId).toBe(
      (await syncOf(db, mail('oakhurstclinic.org'))).choices.agreementId,
    );
  });

  test('never starts a line before its agreement', async () => {
    const [line] = await linesOf(await demo(), mail('valleyprint.com'));
    expect([line?.status, line?.effectiveDate]).toEqual(['Unchanged', '2020-10-01']);
  });

  test('finds no company in the PSA where none is linked', async () => {
    const { facts } = await syncOf(await demo(), mail('westlakehotels.com'));
    expect([facts.company?.name, facts.link, facts.agreements]).toEqual(['Westlake Hotels', null, null]);
  });
});

describe('an agreement', () => {
  test.each([
    ['quarrystone.com', ['agreement is ended'], []],
    ['riverbendfarms.com', ['agreement is cancelled'], []],
    ['summitoutdoors.eu', ['agreement is in another currency'], []],
    ['umbraphotography.com', ['agreement is not monthly'], []],
    ['tidewatermarine.com', [], ['agreement prorates']],
    ['bayviewdental.com', [], []],
  ] as const)('of %s is refused for %j and warns of %j', async (site, refusals, warnings) => {
    const { facts, choices } = await syncOf(await demo(), mail(site));
    const [agreement] = facts.agreements ?? [];
    if (agreement === undefined) throw new Error('no agreement');
    const judged = judgeFor(facts, choices, connectwise, agreement);
    expect([codes(judged.refusals), codes(judged.warnings)]).toEqual([refusals, warnings]);
  });

  test('that prorates gets a first day that bills nothing back', async () => {
    const [line] = await linesOf(await demo(), mail('tidewatermarine.com'));
    expect([line?.status, line?.effectiveDate, line?.sentDate]).toEqual(['Creating', '2020-07-01', '2021-01-01']);
  });

  test('that ended long ago stands beside the one in use', async () => {
    const { facts } = await syncOf(await demo(), mail('bayviewdental.com'));
    expect(facts.agreements?.map(({ name, status }) => [name, status])).toEqual([
      ['Managed Services', 'active'],
      ['Managed Services 2018', 'ended'],
    ]);
  });
});
