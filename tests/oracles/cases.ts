import { strFromU8, unzipSync } from 'fflate';
import type { Plan } from '../../src/domain/plan';
import { syncFile } from '../../src/files/sync-file';
import { connectwise } from '../../src/psa/connectwise';
import type { PsaAdapter } from '../../src/psa/psa';
import type { Row } from '../../src/sandbox/sandbox';
import {
  additionRow,
  chargeChange,
  createChange,
  d,
  endChange,
  exportChange,
  keyOf,
  NOTHING,
  planOf,
  updateChange,
} from '../support/plans.ts';

/** A plan set, what the PSA holds before it, and how many effects it has in all. */
export interface Case {
  readonly name: string;
  readonly plans: readonly Plan[];
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly effects: readonly string[];
}

const advanced = {
  lineKey: keyOf('advanced'),
  product: { id: null, identifier: 'MAIL-ADV', use: 'product-advanced' },
  name: 'Advanced',
  subProducts: ['advanced'],
};

export const cases: readonly Case[] = [
  { name: 'create', plans: [planOf([createChange()])], tables: {}, effects: [`created additions ${keyOf('business')}`] },
  {
    name: 'create beside an ended line of the same key',
    plans: [planOf([createChange({ follows: '900' })])],
    tables: { additions: [additionRow({ cancelledDate: '2020-10-31T00:00:00Z', effectiveDate: '2020-07-01T00:00:00Z' })] },
    effects: [`created additions ${keyOf('business')}`],
  },
  {
    name: 'update',
    plans: [planOf([updateChange()])],
    tables: { additions: [additionRow()] },
    effects: [`changed additions ${keyOf('business')}`],
  },
  {
    name: 'update of a line that is found first',
    plans: [planOf([updateChange({ lineId: null })])],
    tables: {
      additions: [additionRow({ id: 899, cancelledDate: '2020-10-31T00:00:00Z', effectiveDate: '2020-07-01T00:00:00Z' }), additionRow()],
    },
    effects: [`changed additions ${keyOf('business')}`],
  },
  {
    name: 'adoption',
    plans: [planOf([updateChange({ adopt: true })])],
    tables: { additions: [additionRow({ serialNumber: '' })] },
    effects: [`changed additions ${keyOf('business')}`],
  },
  {
    name: 'end by date',
    plans: [planOf([endChange()])],
    tables: { additions: [additionRow()] },
    effects: [`changed additions ${keyOf('business')}`],
  },
  {
    name: 'end by quantity of a line that is found first',
    plans: [planOf([endChange({ lineId: null, how: 'zero', after: { ...NOTHING, quantity: d('0') } })])],
    tables: { additions: [additionRow()] },
    effects: [`changed additions ${keyOf('business')}`],
  },
  {
    name: 'charge',
    plans: [planOf([chargeChange()])],
    tables: {},
    effects: [`created products ${keyOf('business', 'one-time itemised')}`],
  },
  {
    name: 'export and the lines that use it',
    plans: [
      planOf([exportChange()]),
      planOf([
        createChange({
          name: 'A name with {{braces}} and "quotes"',
          after: { ...createChange().after, name: 'A name with {{braces}} and "quotes"' },
        }),
        createChange(advanced),
      ]),
    ],
    tables: {},
    effects: [
      `created catalog ${exportChange().reference}`,
      `created additions ${keyOf('business')}`,
      `created additions ${keyOf('advanced')}`,
    ],
  },
];

/** The collection of the sync file. */
export function collectionOf(plans: readonly Plan[], adapter: PsaAdapter = connectwise): string {
  const { bytes } = syncFile(plans, adapter, { baseUrl: null });
  const file = unzipSync(bytes)['postman_collection.json'];
  if (file === undefined) throw new Error('no collection in the zip');
  return strFromU8(file);
}
