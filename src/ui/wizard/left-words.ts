import type { LeftLine } from '../../domain/grid';
import { sayShort } from '../copy';

/** Why a sub-product is not sent, in words. */
export function whyLeft({ reason }: LeftLine): string {
  switch (reason) {
    case 'deselected':
      return 'Not ticked: it stays untouched';
    case 'trial':
      return 'Trial usage is not billed';
    case 'zero':
      return 'A count of zero creates nothing';
    default:
      return sayShort(reason);
  }
}
