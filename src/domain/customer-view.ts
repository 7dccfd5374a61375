import { isUnsynced, type Standing } from './standing-row';

/** Which customers of a product a number of the checklist means; the same words stand in the address of the list that shows them. */
export type CustomerView = 'counted' | 'stale' | 'late' | 'missing' | 'unclear' | 'needs-company' | 'to-sync' | 'synced';

/** `unclear` is a count that is there and does not bill: a missing or negative quantity, prices that differ. */
export const CUSTOMER_VIEWS: Readonly<Record<CustomerView, (standing: Standing) => boolean>> = {
  counted: ({ count }) => count.blocks.length === 0,
  stale: ({ count }) => count.how === 'stale',
  late: ({ count }) => count.how === 'late',
  missing: ({ count }) => count.how === 'unknown',
  unclear: ({ count }) => count.blocks.length > 0 && count.how !== 'late' && count.how !== 'unknown',
  'needs-company': ({ flag }) => flag === 'needs company',
  'to-sync': isUnsynced,
  synced: ({ flag }) => flag === 'synced',
};

/** Whether the customer's month has anything to hold in a PSA: a count that bills, or a line of ours. */
export function isBillable({ flag }: Standing): boolean {
  return flag !== 'nothing to bill';
}
