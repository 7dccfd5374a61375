import { expect, test } from 'vitest';
import { choiceOf, rememberChoice } from '../../src/storage/choices.ts';
import { openDatabase } from '../../src/storage/open.ts';

const NOW = '2026-04-03T08:00:00.000Z';

test('the last choice of a customer at a connection is remembered', async () => {
  const db = await openDatabase(`choices-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
  const choice = { customer: 'acme', connection: 'office', option: 'multi-product', agreementId: '12', zero: 'date' } as const;
  await rememberChoice(db, NOW, choice);
  await rememberChoice(db, NOW, { ...choice, option: 'single line', zero: 'zero' });
  expect([await choiceOf(db, 'acme', 'office'), await choiceOf(db, 'acme', 'branch')]).toEqual([
    { ...choice, option: 'single line', zero: 'zero', at: NOW },
    undefined,
  ]);
});
