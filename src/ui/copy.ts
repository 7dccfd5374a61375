import type { MatchReason } from '../domain/match';
import type { Problem, ProblemCode, ProblemData } from '../domain/problem';
import type { ChangeReason, Flag } from '../domain/standing';
import {
  formatBytes,
  formatDay,
  formatDayInWords,
  formatList,
  formatMoney,
  formatPeriod,
  formatPrice,
  formatQuantity,
  plural,
} from './format';

/** What happened, where, and what to do next. */
export interface Copy {
  readonly title: string;
  readonly detail: string;
  readonly action?: string;
}

/** The sentence of a problem. */
export function say(problem: Problem): Copy {
  const sentence = SENTENCES[problem.code] as (data: Problem) => Copy;
  return sentence(problem);
}

/** The same on one line, for tables and lists. */
export function sayShort(problem: Problem): string {
  const { title, detail } = say(problem);
  return `${title}. ${detail}`;
}

const SENTENCES: { readonly [C in ProblemCode]: (data: ProblemData[C]) => Copy } = {
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
  'no company assigned': ({ site }) => ({
    title: 'No company assigned',
    detail: `Nobody knows yet which company ${site} is.`,
    action: 'Choose Assign Company.',
  }),
  'company is not linked': ({ company, psa }) => ({
    title: `Not linked in ${psa}`,
    detail: `${company} has no company in ${psa} yet.`,
    action: 'Choose the company it is there.',
  }),
  'no product bound': ({ product }) => ({
    title: 'No product in the PSA',
    detail: `${product} is neither bound nor exported.`,
    action: 'Bind it to an existing product, or export it as a new one.',
  }),
  'sub-product uses the top-level product': ({ subProduct, money, currency }) => ({
    title: `${subProduct} uses the top-level product`,
    detail: `It has no product of its own; its line names it in the description and is worth ${formatMoney(money, currency)}.`,
  }),
  'price is missing': ({ subProduct }) => ({
    title: 'Price is missing',
    detail: `Nobody gave a price for ${subProduct}.`,
    action: 'Enter a price in the line grid.',
  }),
  'cost is unknown': ({ subProduct }) => ({ title: 'Cost is unknown', detail: `The margin of ${subProduct} is unknown, too.` }),
  'price is below cost': ({ subProduct, price, cost }) => ({
    title: 'Price is below cost',
    detail: `${subProduct} sells at ${formatPrice(price, null)} and costs ${formatPrice(cost, null)}.`,
    action: 'Check the price before you continue.',
  }),
  'currency differs': ({ expected, found }) => ({ title: 'Another currency', detail: `Expected ${expected}, found ${found}.` }),
  'agreement is ended': ({ agreement, on }) => ({
    title: 'Ended',
    detail: `${agreement} ended${on === null ? '' : ` on ${formatDay(on)}`}.`,
  }),
  'agreement is cancelled': ({ agreement }) => ({ title: 'Cancelled', detail: `${agreement} is cancelled.` }),
  'agreement is inactive': ({ agreement }) => ({ title: 'Inactive', detail: `${agreement} is not active.` }),
  'agreement is not monthly': ({ agreement, cycle }) => ({
    title: 'Not monthly',
    detail: `${agreement} is billed ${cycle === null ? 'in an unknown cycle' : `by the cycle “${cycle}”`}.`,
  }),
  'agreement is in another currency': ({ agreement, expected, found }) => ({
    title: 'Another currency',
    detail: `${agreement} is in ${found}; this usage is in ${expected}.`,
  }),
  'agreement has not started': ({ agreement, startDate }) => ({
    title: 'Not yet started',
    detail: `${agreement} starts on ${formatDay(startDate)}.`,
  }),
  'agreement prorates': ({ agreement }) => ({
    title: 'Prorates changes',
    detail: `${agreement} prorates. Changes are dated to the first day that is not invoiced, so that nothing is billed backwards.`,
  }),
  'agreement does not bill products': ({ agreement }) => ({
    title: 'Would not bill the line',
    detail: `${agreement} does not bill products, so a one-time line on it would never be invoiced.`,
    action: 'Choose another agreement or a recurring option.',
  }),
  'agreement takes no services': ({ agreement, type }) => ({
    title: 'Takes no services',
    detail: `${agreement} is ${type === null ? 'of a type that was not read' : `a contract of the type ${type}`}; only recurring service contracts take services.`,
    action: 'Choose a recurring service contract, or read the contracts again.',
  }),
  'line has less included': ({ line, quantity }) => ({
    title: 'Some are included for free',
    detail: `${line} has ${formatQuantity(quantity)} included, so the invoice will show less.`,
  }),
  'option is refused': ({ option, reason }) => ({
    title: 'This option is not possible here',
    detail: `${option} cannot be used with ${reason === 'not the newest final period' ? 'a month that is not the newest final one' : reason}.`,
    action: 'Choose another option.',
  }),
  'several lines could be ours': ({ line, candidates }) => ({
    title: 'Several lines could be this one',
    detail: `${plural(candidates, 'open line')} on the agreement could be ${line}.`,
    action: 'Choose the line to adopt.',
  }),
  'line may already be there': ({ line, candidate }) => ({
    title: 'The line may be there already',
    detail: `${candidate} on the agreement could be ${line}.`,
    action: 'Adopt it, or confirm that a second line shall be made.',
  }),
  'line was invoiced already': ({ line }) => ({ title: 'Invoiced already', detail: `${line} is on an invoice and is not changed.` }),
  'line cannot end before it starts': ({ line, start }) => ({
    title: 'Stays with quantity 0',
    detail: `${line} starts on ${formatDay(start)}, so it cannot end before this invoice. Its quantity becomes 0 instead.`,
  }),
  'line has ended already': ({ line, on }) => ({
    title: on === null ? 'The PSA no longer holds it' : 'Ended already',
    detail:
      on === null ? `${line} is gone there; only its end is noted here.` : `${line} ended on ${formatDay(on)}; only that is noted here.`,
  }),
  'charge is not there': ({ line }) => ({
    title: 'The PSA no longer shows this charge',
    detail: `${line} was charged for the month, and is not on the agreement now. It is not charged a second time by itself.`,
    action: 'If somebody deleted it and no invoice has it, say so below.',
  }),
  'product cannot repeat on the agreement': ({ product, money, currency }) => ({
    title: 'The product is on the agreement already',
    detail: `${product} cannot stand on it twice; ${formatMoney(money, currency)} are left out.`,
    action: 'Bind the sub-product to a product of its own.',
  }),
  'name was cut': ({ name, limit }) => ({
    title: 'Name was cut',
    detail: `“${name}” is cut to the ${limit} characters that the PSA takes.`,
  }),
  'name is not kept': ({ line, name }) => ({
    title: 'The PSA keeps no name here',
    detail: `The invoice says “${name}”, the product's own name, instead of “${line}”.`,
  }),
  'cost is not kept': ({ line }) => ({
    title: 'The PSA keeps no cost here',
    detail: `The cost of ${line} counts on this page only; in the PSA it stands on the product.`,
  }),
  'quantity was rounded': ({ line, from, to, money, currency }) => ({
    title: 'Quantity was rounded',
    detail: `The PSA takes ${formatQuantity(to)} of ${line} instead of ${formatQuantity(from)}${money === null ? '' : `: ${formatMoney(money, currency)} on the line`}.`,
  }),
  'price was rounded': ({ line, from, to, money, currency }) => ({
    title: 'Price was rounded',
    detail: `The PSA takes ${formatPrice(to, currency)} for ${line} instead of ${formatPrice(from, currency)}${money === null ? '' : `: ${formatMoney(money, currency)} on the line`}.`,
  }),
  'rounding is too much': ({ line, from, to, money, limit, currency }) => ({
    title: 'Rounding the price costs too much',
    detail: `${line} at ${formatPrice(from, currency)} can only be ${formatPrice(to, currency)} in the PSA, which moves the line by ${formatMoney(money, currency)}; ${formatMoney(limit, currency)} is the most.`,
    action: 'Give the line a price that the PSA can hold, or use a single line.',
  }),
  'line is counted by the PSA': ({ line }) => ({
    title: 'The PSA counts this line itself',
    detail: `${line} takes its quantity from the PSA's own count, so the pushed quantity may be overwritten.`,
    action: 'Set the line to a fixed quantity in the PSA.',
  }),
  'period was posted already': ({ line, through }) => ({
    title: 'Approved and posted already',
    detail: `The PSA has posted ${line} through ${formatDayInWords(through)}: a change of that time is not billed.`,
    action: 'Bill the difference as a one-time line.',
  }),
  'lines of the agreement were never read': ({ agreement }) => ({
    title: 'The lines were never read',
    detail: `This PSA takes all lines of ${agreement} back whole, so they must be read before one changes.`,
    action: 'Read them under Tools > Business Automation > Agreements.',
  }),
  'choices were never read': ({ what }) => ({
    title: 'Choices of the PSA were never read',
    detail: `A request needs the ${what} of your PSA.`,
    action: 'Read them under Tools > Business Automation > Export Product.',
  }),
  'field is read-only': ({ field }) => ({
    title: `${field} cannot be written`,
    detail: 'Your PSA says that this field is read-only, so the change would be refused or lost.',
    action: 'Leave it as the PSA holds it, or ask the PSA’s administrator.',
  }),
  'text is too long': ({ field, value, limit }) => ({
    title: `${field} is too long`,
    detail: `“${value}” has ${value.length} characters; ${limit} are possible.`,
    action: 'Shorten it.',
  }),
  'text is missing': ({ field }) => ({ title: `${field} is missing`, detail: `Enter ${field}.` }),
  'number is not accepted': ({ field, value }) => ({
    title: `${field} is not a number that can be used`,
    detail: `“${value}” was entered.`,
    action: 'Enter a number such as 3.00.',
  }),
  'reason is missing': ({ line }) => ({
    title: 'A reason is needed',
    detail: `The quantity of ${line} differs from the vendor’s count.`,
    action: 'Say why.',
  }),
  'sync file is not marked': () => ({
    title: 'A sync file waits to be marked',
    detail: 'It was downloaded, and nobody said whether it was applied.',
    action: 'Mark it as applied or not applied, or read the lines of the PSA again.',
  }),
  'delivery is not settled': () => ({
    title: 'A delivery is not settled',
    detail: 'The outcome of an earlier delivery for this customer is still open.',
    action: 'Open that delivery and settle it first.',
  }),
  'newer plan has the line': ({ line }) => ({
    title: 'A newer plan has this line',
    detail: `${line} was planned anew after this delivery. Sending the old request would set it back, or bill it a second time.`,
    action: 'Open the newer delivery, or plan again.',
  }),
  'nothing to sync': ({ site }) => ({ title: 'Nothing to sync', detail: `Everything of ${site} is in the PSA as counted.` }),
  'connection is not chosen': () => ({ title: 'No PSA chosen', detail: 'Choose the PSA tool that receives the lines.' }),
  'agreement is not chosen': () => ({ title: 'No agreement chosen', detail: 'Choose the agreement that is to be invoiced.' }),
  'sub-products have no product': ({ names, topLevel }) => ({
    title: `${formatList(names)} ${names.length === 1 ? 'has' : 'have'} no product`,
    detail:
      topLevel === null
        ? 'Bind or export a product for each, or bind the top-level product, whose lines they can use.'
        : `Bind or export a product for each, or choose Next: their lines then use ${topLevel} and name the sub-product.`,
  }),
  'lines were never read': ({ site }) => ({
    title: 'The lines were never read',
    detail: `Nobody knows what the agreement of ${site} holds.`,
    action: 'Open its wizard once, or read the lines under Business Automation.',
  }),
  'choice is not remembered': ({ site }) => ({
    title: 'Never synced before',
    detail: `${site} has no option and agreement yet.`,
    action: 'Open its wizard once.',
  }),
  'plan changed meanwhile': () => ({
    title: 'Something changed since you looked',
    detail: 'The lines below are not those that you were about to confirm. Nothing was sent.',
    action: 'Check them and confirm again.',
  }),
  'answer is not understood': ({ what, detail }) => ({
    title: 'An answer was not understood',
    detail: `${what}: ${detail}`,
    action: 'Check that the address belongs to the PSA or to your relay.',
  }),
  'credentials are missing': ({ field }) => ({
    title: 'Credentials are missing',
    detail: `${field} is not entered.`,
    action: 'Enter it under Tools > Business Automation.',
  }),
  'credentials were refused': ({ status, message }) => ({
    title: 'The PSA refused the credentials',
    detail: `It answered ${status}${message === '' ? '' : `: ${message}`}.`,
    action: 'Check the keys under Tools > Business Automation.',
  }),
  'request was refused': ({ status, message }) => ({
    title: 'The PSA refused the request',
    detail: `It answered ${status}${message === '' ? '' : `: ${message}`}. Nothing was changed.`,
    action: 'Correct what it names and plan again.',
  }),
  'endpoint is unreachable': ({ url }) => ({
    title: 'No answer',
    detail: `${url} could not be reached, or does not allow requests from this page.`,
    action: 'Check the address, your connection and the relay.',
  }),
  'line was changed meanwhile': ({ line, field, believed, found }) => ({
    title: 'The line was changed in the PSA',
    detail: `${field} of ${line} is ${found ?? 'empty'}, and the plan rests on ${believed ?? 'empty'}. Nothing was sent for it.`,
    action: 'Plan again, or send it all the same.',
  }),
  'line is gone': ({ line }) => ({
    title: 'The line is gone',
    detail: `${line} is no longer in the PSA.`,
    action: 'Plan again to create it.',
  }),
  'line exists more than once': ({ line, ids }) => ({
    title: 'The line is there more than once',
    detail: `${line} is in the PSA ${ids.length} times: ${formatList(ids)}.`,
    action: 'Send the request that removes the copy.',
  }),
  'outcome is unknown': ({ line }) => ({
    title: 'Outcome unknown',
    detail: `Nothing proves whether ${line} was changed.`,
    action: 'Read the PSA again. Nothing is sent twice before that.',
  }),
  'rate limit': ({ seconds }) => ({ title: 'The PSA asks to wait', detail: `It takes the next request in ${plural(seconds, 'second')}.` }),
  'address is not accepted': () => ({
    title: 'The address cannot be used',
    detail: 'It has to begin with https:// (http:// only on this computer) and hold no name or password.',
    action: 'Enter the address again.',
  }),
  'value is not accepted': ({ field, value }) => ({
    title: `${field} cannot be used`,
    detail: `“${value}” was entered.`,
    action: 'Enter another one.',
  }),
  'connection is in use': ({ connection, customers }) => ({
    title: 'The account of this connection stays',
    detail: `${connection} has plans or synced lines of ${plural(customers, 'customer')}, and its account is part of their keys.`,
    action: 'Make another connection for the other account.',
  }),
  'secret is locked': () => ({
    title: 'The secrets are locked',
    detail: 'They are stored encrypted on this device.',
    action: 'Enter the passphrase to unlock them.',
  }),
  'passphrase is wrong': () => ({
    title: 'The passphrase is wrong',
    detail: 'The stored secrets could not be opened with it.',
    action: 'Try again, or forget the secrets under Settings and enter them anew.',
  }),
  'request was withdrawn': ({ line }) => ({ title: 'Withdrawn', detail: `The request for ${line} was withdrawn before it was sent.` }),
  'key was used for something else': ({ line, message }) => ({
    title: 'The receiver knows this key with other content',
    detail: `It refused ${line}${message === '' ? '' : `: ${message}`}. Nothing was sent again.`,
    action: 'Read the PSA again and plan anew.',
  }),
  'product is not exported yet': ({ line, product }) => ({
    title: 'Its product is not exported yet',
    detail: `${line} needs ${product}, which the PSA does not have yet.`,
    action: 'Deliver or mark the export first.',
  }),
  'browser cannot lock': () => ({
    title: 'This browser cannot hold other tabs back',
    detail: 'Sending needs Web Locks, which this browser or address (plain http) does not offer.',
    action: 'Use a current browser over https or localhost, or download the sync file.',
  }),
  'file is not recognised': ({ file }) => ({
    title: 'File not recognised',
    detail: `${file} is neither a known export nor a table with usage.`,
    action: 'Choose a Pax8 or Proofpoint export, or a CSV with a header row.',
  }),
  'file is too large': ({ file, bytes, limit }) => ({
    title: 'File is too large',
    detail: `${file} has ${formatBytes(bytes)}; ${formatBytes(limit)} are possible.`,
    action: 'Split it and import the parts.',
  }),
  'file is empty': ({ file }) => ({ title: 'File is empty', detail: `${file} holds no rows.` }),
  'header is repeated': ({ file, names }) => ({
    title: 'Two columns have the same name',
    detail: `In ${file}: ${formatList(names)}. Nothing was read, because it is not clear which column counts.`,
    action: 'Rename the columns in the file and pick it again.',
  }),
  'files do not belong together': ({ files }) => ({
    title: 'These files come from different sources',
    detail: `One import takes the files of one source: ${formatList(files)}.`,
    action: 'Import them one after the other.',
  }),
  'another import is running': () => ({
    title: 'Another import is running',
    detail: 'A second tab of this page is importing, so nothing was read here.',
    action: 'Finish or cancel it there, then pick the files again.',
  }),
  'import was not started': () => ({
    title: 'The import is gone',
    detail: 'What was read is no longer there. Nothing was imported.',
    action: 'Pick the files again.',
  }),
  'encoding is not readable': ({ file }) => ({
    title: 'File cannot be read as text',
    detail: `${file} is in an unknown encoding.`,
    action: 'Save it as UTF-8 and import it again.',
  }),
  'database is newer': () => ({
    title: 'A newer Tallyline wrote this data',
    detail: 'This tab runs an older version, which must not touch it. Nothing was changed.',
    action: 'Reload to get the newer version.',
  }),
  'database was replaced': () => ({
    title: 'Your data is no longer here',
    detail:
      'This browser held Tallyline data before, and it was removed: by clearing site data, by the browser to free space, or in another tab.',
    action: 'If another tab removed it, reload. Otherwise start empty and import your files again.',
  }),
  'storage is full': () => ({
    title: 'The browser’s storage is full',
    detail: 'The last step was not saved.',
    action: 'Free space on this device, or delete old data under Settings.',
  }),
  'record is damaged': ({ what }) => ({
    title: 'Stored data is damaged',
    detail: `${what} does not match its checksum, so it is not used.`,
    action: 'Import the file again.',
  }),
  unexpected: ({ message }) => ({
    title: 'Something unexpected happened',
    detail: message,
    action: 'Reload the page; what was saved is still there.',
  }),
};

/** Why something is suggested. */
export function sayMatch(reason: MatchReason): string {
  switch (reason.kind) {
    case 'same domain':
      return `Same domain as ${reason.domain}`;
    case 'same external id':
      return `Same external id, ${reason.id}`;
    case 'named by the usage':
      return 'Named by the usage itself';
    case 'same name':
      return 'Same name after removing endings, spaces and legal forms';
    case 'same reference':
      return `Same reference, ${reason.reference}`;
    case 'similar name':
      return `Similar name: “${reason.left}” and “${reason.right}”`;
  }
}

/** How a customer row stands, in text, shape and colour. */
export const FLAGS = {
  synced: { text: 'Synced', tone: 'good', shape: 'check' },
  changed: { text: 'Changed', tone: 'info', shape: 'change' },
  'never synced': { text: 'Never synced', tone: 'note', shape: 'dot' },
  'needs company': { text: 'Needs company', tone: 'warn', shape: 'alert' },
  blocked: { text: 'Needs a look', tone: 'bad', shape: 'warning' },
  'nothing to bill': { text: 'Nothing to bill', tone: 'plain', shape: 'dash' },
} as const satisfies Record<Flag, { text: string; tone: string; shape: string }>;

/** Why a line of Arrears Subscriptions needs a sync. */
export const REASONS: Readonly<Record<ChangeReason, string>> = {
  new: 'New, not in the PSA yet',
  'quantity changed': 'Quantity changed',
  gone: 'No longer counted',
  'price changed': 'Price changed',
  'agreement changed': 'Agreement changed',
  withheld: 'Left out of the last sync',
};
