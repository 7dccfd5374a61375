import type { UsageProblems } from '../../domain/problem';
import { formatDelta, formatDayInWords, formatList, formatMoney, formatPeriod, formatPrice, formatQuantity, plural } from '../format';
import type { Sentences } from './sentences';

export const USAGE: Sentences<UsageProblems> = {
  'no usage reported': ({ site, period, lastSeen }) => ({
    title: 'No usage reported',
    detail: `${site} is in no file for ${formatPeriod(period)}${lastSeen === null ? '' : `; it was last seen on ${formatDayInWords(lastSeen)}`}. Its count is unknown, which is not 0.`,
    action: 'Import the missing file, or check whether the customer was renamed.',
  }),
  'count is stale': ({ site, date }) => ({
    title: 'Count is older than the snapshot day',
    detail: `${site} was last counted on ${formatDayInWords(date)}.`,
    action: 'Import a newer file, or bill this count.',
  }),
  'count is late': ({ site, date }) => ({
    title: 'Counted only after the snapshot day',
    detail: `The first count of ${site} is of ${formatDayInWords(date)}.`,
    action: 'Give a reason in the wizard to bill it.',
  }),
  'quantity is missing': ({ subProduct, file, row }) => ({
    title: 'Quantity is missing',
    detail: `${subProduct} has no quantity in ${file}, row ${row}.`,
    action: 'Correct the file and import it again.',
  }),
  'quantity is negative': ({ subProduct, quantity }) => ({
    title: 'Quantity is negative',
    detail: `${subProduct} counts ${formatQuantity(quantity)}.`,
    action: 'A negative count is never billed. Correct the file and import it again.',
  }),
  'prices differ within the count': ({ subProduct, prices }) => ({
    title: 'Several prices in one count',
    detail: `${subProduct} is reported at ${formatList(prices.map((price) => formatPrice(price, null)))}.`,
    action: 'Choose the price in the line grid.',
  }),
  'currencies differ within the count': ({ subProduct, currencies }) => ({
    title: 'Several currencies in one count',
    detail: `${subProduct} is reported in ${formatList(currencies)}, and currencies are never mixed.`,
    action: 'Correct the file and import it again.',
  }),
  'trial usage is not billed': ({ subProduct, quantity }) => ({
    title: 'Trial usage is not billed',
    detail: `${formatQuantity(quantity)} of ${subProduct} are a trial.`,
  }),
  'change is unusual': ({ site, subProduct, delta, before, limit }) => ({
    title: 'Unusual change',
    detail: `${subProduct} of ${site} changes by ${formatDelta(delta)} from ${formatQuantity(before)}, which is above your threshold of ${limit}.`,
    action: 'Look at it and sync it by itself, or choose it for this sync.',
  }),
  'change needs a look': ({ subProduct, gone }) => ({
    title: gone ? 'A line would end' : 'A line would be new beside others',
    detail: gone ? `${subProduct} is no longer counted.` : `${subProduct} was never synced for this customer.`,
    action: 'Sync it yourself once you have seen that it is right.',
  }),
  'line was decided by hand': ({ site }) => ({
    title: 'You decided about a line of it',
    detail: `A line of ${site} was accepted as the PSA has it, is left alone, or was left out of this month’s sync.`,
    action: 'Sync it yourself where the PSA should hold what is counted.',
  }),
  'totals disagree with the vendor': ({ subProduct, ours, vendors, currency }) => ({
    title: 'The vendor’s total is another one',
    detail: `${subProduct} comes to ${formatMoney(ours, currency)}; the vendor says ${formatMoney(vendors, currency)}.`,
    action: 'Compare the price with the vendor’s invoice.',
  }),
  'licences differ': ({ subProduct, quantity, licences }) => ({
    title: 'Licences and active users differ',
    detail: `${subProduct} has ${formatQuantity(quantity)} active users and ${formatQuantity(licences)} licences. The active users bill.`,
  }),
  'another source differs': ({ subProduct, source, ours, theirs }) => ({
    title: 'Another source counts differently',
    detail: `${subProduct}: ${formatQuantity(ours)} bills, ${source} says ${formatQuantity(theirs)}. One source bills, others are compared and never added. Settings choose which one bills.`,
  }),
  'usage has no customer yet': ({ rows }) => ({
    title: 'Some usage names no customer yet',
    detail: `${plural(rows, 'row')} of this month belong to usage summaries that are not imported, so a sub-product that seems to be gone may be among them. No line is ended for a zero until then.`,
    action: 'Import the usage summaries.',
  }),
  'customer is synced elsewhere': ({ site, connection }) => ({
    title: `${site} has lines at ${connection} too`,
    detail: 'Those lines go on billing. Syncing here as well bills the customer at both places.',
    action: `End the lines at ${connection} first, unless both are meant.`,
  }),
  'currency is unknown': ({ subProduct }) => ({
    title: 'The currency is unknown',
    detail: `Neither the usage of ${subProduct}, the price list nor the agreement names a currency.`,
    action: 'Import a price list with a currency, or read the agreements again.',
  }),
  'period is not final': ({ period, finalOn }) => ({
    title: `${formatPeriod(period)} is not final`,
    detail: `It becomes final on ${formatDayInWords(finalOn)}; counts may still change.`,
    action: 'Wait until then, or confirm that you want to sync it now.',
  }),
};
