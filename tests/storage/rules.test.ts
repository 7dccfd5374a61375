import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import type { Problem } from '../../src/domain/problem';
import { checkRule, type RuleForm } from '../../src/domain/rule-form';
import type { Database } from '../../src/storage/db';
import { openDatabase } from '../../src/storage/open';
import { newestDecisions, turnDecision } from '../../src/storage/decisions';
import { addRule, endRule, rulesOf } from '../../src/storage/rules';

const NOW = '2021-01-03T08:00:00.000Z';
const FORM: RuleForm = {
  ...{ product: 'proofpoint', kind: 'minimum', subProduct: '', site: '', quantity: '', how: 'up', percent: '', overCost: '', least: '' },
  ...{ currency: '', places: '', from: '', until: '', reason: '' },
};
const twenty: RuleForm = { ...FORM, subProduct: 'proofpoint-business', site: 'acme.com', quantity: ' 20.50 ', from: '2020-12' };

describe('a rule', () => {
  test('is a version of its own with an act in the chain, newest first', async () => {
    const db = await database();
    const first = await addRule(db, NOW, twenty);
    const second = await addRule(db, NOW, { ...FORM, kind: 'exclusion', site: 'acme.com', reason: ' Ours ' });
    await addRule(db, NOW, { ...FORM, product: 'other', quantity: '1' });
    const place = { product: 'proofpoint', site: 'acme.com', until: null };
    expect([first, second]).toEqual([
      { ...place, kind: 'minimum', quantity: '20.5', subProduct: 'proofpoint-business', from: '2020-12', reason: '', seq: 1 },
      { ...place, kind: 'exclusion', subProduct: null, from: null, reason: 'Ours', seq: 3 },
    ]);
    expect(await rulesOf(db, 'proofpoint')).toEqual([second, first]);
    expect((await db.audit.toArray()).map(({ kind, subject, data }) => [kind, subject, data])).toEqual([
      ['rule added', 'proofpoint-business', first],
      ['rule added', 'proofpoint', second],
      ['rule added', 'other', expect.objectContaining({ quantity: '1' })],
    ]);
  });

  test('ends before a month, and earlier months keep it', async () => {
    const db = await database();
    const { seq } = await addRule(db, NOW, twenty);
    await endRule(db, NOW, { seq, from: '2021-02' });
    expect((await rulesOf(db, 'proofpoint')).map(({ from, until }) => [from, until])).toEqual([['2020-12', '2021-01']]);
    expect((await db.audit.toArray()).at(-1)).toMatchObject({
      ...{ kind: 'rule ended', subject: 'proofpoint-business' },
      data: { seq, kind: 'minimum', site: 'acme.com', until: '2021-01' },
    });
  });

  test('ends earlier than it would, but never later, and one that had not begun never holds', async () => {
    const db = await database();
    const { seq } = await addRule(db, NOW, { ...twenty, until: '2021-03' });
    const untilAfter = async (from: string) => {
      await endRule(db, NOW, { seq, from });
      return (await db.rules.get(seq))?.until;
    };
    expect([await untilAfter('2021-06'), await untilAfter('2021-02'), await untilAfter('2020-12')]).toEqual([
      '2021-03',
      '2021-01',
      '2020-11',
    ]);
    expect((await db.audit.toArray()).map(({ kind }) => kind)).toEqual(['rule added', 'rule ended', 'rule ended']);
  });

  test('and its end can be taken back', async () => {
    const db = await database();
    const { seq } = await addRule(db, NOW, twenty);
    await endRule(db, NOW, { seq, from: '2021-02' });
    const [end, begin] = await newestDecisions(db, 2);
    const untilAfter = async (decision: number) => {
      await turnDecision(db, NOW, decision);
      return (await db.rules.toArray()).map(({ until }) => until);
    };
    expect([await untilAfter(end?.seq ?? 0), await untilAfter(begin?.seq ?? 0)]).toEqual([[null], []]);
  });

  test('that is not there cannot end, and a wrong one is not added', async () => {
    const db = await database();
    await expect(endRule(db, NOW, { seq: 9, from: '2021-01' })).rejects.toThrow('rule is gone');
    await expect(addRule(db, NOW, FORM)).rejects.toThrow('rule needs a field');
    expect([await db.rules.count(), await db.audit.count()]).toEqual([0, 0]);
  });
});

describe('a form', () => {
  test.each<[Partial<RuleForm>, object]>([
    [{ kind: 'included', quantity: '5' }, { quantity: '5' }],
    [{ kind: 'free', quantity: '' }, { quantity: null }],
    [{ kind: 'free', quantity: '0' }, { quantity: '0' }],
    [
      { kind: 'override', quantity: '4', site: 'acme.com', subProduct: 'x', until: '2021-03', reason: 'Paid' },
      { quantity: '4', until: '2021-03' },
    ],
    [{ kind: 'whole units', how: 'half away from zero' }, { how: 'half away from zero' }],
    [
      { kind: 'markup', percent: '20', overCost: '1', least: '', currency: 'usd' },
      { percent: '20', overCost: '1', least: null, currency: 'USD' },
    ],
    [
      { kind: 'markup', percent: '20' },
      { percent: '20', overCost: null, least: null, currency: null },
    ],
    [
      { kind: 'price rounding', places: '' },
      { places: null, currency: null },
    ],
    [
      { kind: 'price rounding', places: '3', currency: 'EUR' },
      { places: 3, currency: 'EUR' },
    ],
  ])('%o is a rule', (given, effect) => {
    const checked = checkRule({ ...FORM, ...given });
    expect(checked.ok ? checked.value : checked.error).toMatchObject({ kind: given.kind, ...effect });
  });

  test.each<[Partial<RuleForm>, readonly (readonly [string, string])[]]>([
    [{ quantity: '' }, [['rule needs a field', 'quantity']]],
    [{ quantity: 'ten' }, [['number is not accepted', 'quantity']]],
    [{ quantity: '-1' }, [['number is not accepted', 'quantity']]],
    [{ kind: 'exclusion' }, [['rule needs a field', 'reason']]],
    [{ quantity: '1', reason: 'x'.repeat(201) }, [['text is too long', 'reason']]],
    [{ quantity: '1', from: 'soon' }, [['value is not accepted', 'from']]],
    [{ quantity: '1', from: '2021-02', until: '2021-01' }, [['rule ends before it begins', 'until']]],
    [{ kind: 'markup', percent: '20', least: '3' }, [['rule needs a field', 'currency']]],
    [{ kind: 'markup', percent: '20', currency: 'dollars' }, [['value is not accepted', 'currency']]],
    [{ kind: 'price rounding', places: '1.5' }, [['number is not accepted', 'places']]],
    [{ kind: 'price rounding', places: '7' }, [['number is not accepted', 'places']]],
    [{ kind: 'whole units', how: 'down' }, [['value is not accepted', 'how']]],
  ])('%o is told what is wrong, and where', (given, expected) => {
    expect(wrongIn(given)).toEqual(expected);
  });

  test('of a fixed quantity names everything that it cannot do without', () => {
    expect(
      wrongIn({ kind: 'override' })
        .map(([, field]) => field)
        .sort(),
    ).toEqual(['quantity', 'reason', 'site', 'subProduct', 'until']);
  });

  test('keeps a number exactly as it was typed', () => {
    const checked = checkRule({ ...FORM, quantity: '0.1000000000000000055511151231257827' });
    expect(checked.ok && checked.value).toMatchObject({ quantity: decimalOf('0.1000000000000000055511151231257827') });
  });
});

function wrongIn(given: Partial<RuleForm>): (readonly [string, string])[] {
  const checked = checkRule({ ...FORM, ...given });
  return checked.ok ? [] : checked.error.map((one: Problem) => [one.code, 'field' in one ? one.field : ''] as const);
}
function database(): Promise<Database> {
  return openDatabase(`rules-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
}
