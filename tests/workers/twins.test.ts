import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf } from '../../src/domain/decimal';
import type { UsageLine } from '../../src/domain/usage';
import { Twins } from '../../src/workers/twins';
import { usageLine } from '../support/usage';

const line = fc.record({
  site: fc.constantFrom('a.com', 'b.com'),
  product: fc.constantFrom('Mail', 'Archive', null),
  subProductId: fc.constantFrom('1', '2', null),
  subProductName: fc.constantFrom('User', 'Seat'),
  date: fc.constantFrom('2020-12-18', '2020-12-19'),
  trial: fc.boolean(),
  quantity: fc.constantFrom(decimalOf(1), decimalOf(2)),
});

function thingOf({ product, subProductId, subProductName }: UsageLine): string {
  return JSON.stringify([product, subProductId, subProductName]);
}

test('a twin is an earlier row of the same site, product, sub-product, date and kind, whatever came between', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (given) => {
      const twins = new Twins();
      const seen = new Map<string, { row: number; quantities: string[] }>();
      for (const [row, each] of given.entries()) {
        const own = usageLine({ ...each, row });
        const key = `${thingOf(own)} ${own.site ?? ''} ${own.date} ${String(own.trial)}`;
        const known = seen.get(key);
        const exact = known?.quantities.includes(each.quantity) === true;
        expect(twins.find(own)).toEqual(known === undefined ? null : { file: own.file, row: known.row, exact });
        seen.set(key, { row: known?.row ?? row, quantities: [...(known?.quantities ?? []), each.quantity] });
      }
    }),
  );
});

test('a sub-product keeps its number, and no other has it', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (given) => {
      const twins = new Twins();
      const lines = given.map((each) => usageLine(each));
      const numbers = lines.map((each) => twins.what(each));
      const things = lines.map(thingOf);
      expect(numbers.map((number) => numbers.indexOf(number))).toEqual(things.map((thing) => things.indexOf(thing)));
    }),
  );
});
