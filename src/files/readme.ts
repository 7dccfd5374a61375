import { handWorkOf, isHandWork } from '../domain/hand-work';
import type { Plan } from '../domain/plan';
import type { PsaAdapter } from '../psa/psa';
import { capital, title } from './text';

/** Plain words for the person who gets the file. */
export function readmeText(plans: readonly Plan[], root: Plan, adapter: PsaAdapter): string {
  const others = plans.filter((plan) => plan !== root);
  const handWork = handWorkOf(root).length;
  const requests = plans.reduce((sum, plan) => sum + plan.requests.filter((request) => !isHandWork(request)).length, 0);
  const lines = [
    `Tallyline sync file for ${adapter.words.psa}`,
    '',
    `Plan      ${root.id}`,
    ...(root.company === null ? [] : [`Company   ${title(root.company.name)}`]),
    ...(root.customer === null ? [] : [`Site      ${title(root.customer.site)}`]),
    ...(root.agreement === null ? [] : [`${capital(adapter.words.agreement).padEnd(10)}${title(root.agreement.name)}`]),
    `Period    ${root.period}`,
    `Requests  ${requests}`,
    ...(handWork === 0 ? [] : [`By hand   ${handWork}`]),
    ...(root.kind === 'export' ? [] : [`Total     ${root.totals.price}${root.currency === null ? '' : ` ${root.currency}`}`]),
    '',
    'What is inside',
    '  plan.json                the frozen list of changes; its id is its own hash',
    ...(requests === 0
      ? []
      : [
          '  postman_collection.json  the requests, to be run with Postman or Newman',
          '  requests.http            the same requests for VS Code (REST Client) or a JetBrains editor, one by one',
        ]),
    '  lines.csv                the lines for a spreadsheet',
    ...(handWork === 0 ? [] : [`  hand-work.csv            ${handWork} to do by hand: ${adapter.words.psa} has no request for it`]),
    ...others.map(
      (plan) => `  ${`exports/${plan.id.slice(0, 12)}.plan.json`.padEnd(24)} a plan that exports products; its requests come first`,
    ),
    '',
    ...(requests === 0 ? [] : howToRun(adapter)),
    ...(handWork === 0 ? [] : byHand(adapter.words, handWork)),
    'Afterwards',
    ...(requests === 0
      ? ['  Open Tallyline and tick off what you did. Until then the next sync of this customer waits.']
      : [
          '  Open Tallyline and mark this plan as applied (all lines, or line by line), or as not applied. Until then the next sync of',
          '  this customer waits, because nothing else tells the page what became of the file.',
        ]),
    '',
  ];
  return lines.join('\r\n');
}

function howToRun(adapter: PsaAdapter): readonly string[] {
  const account = adapter.fields.filter(({ target }) => target !== 'settings');
  return [
    'How to run it',
    '  1. Import postman_collection.json into Postman and fill in the variables of the collection:',
    '     baseUrl, and the account:',
    ...account.map((field) => `       ${field.name.padEnd(12)} ${field.label}. ${field.help}`),
    '     The file holds none of them. Do not put them into a file that you pass on.',
    '  2. Run the whole collection, in order. Or with Newman:',
    `       newman run postman_collection.json ${account.map((field) => `--env-var "${field.name}=..."`).join(' ')}`,
    '',
    'What it does',
    ...(adapter.can.readBack ? readsBack(adapter.words.line) : writesOnce(adapter.words)),
    '',
  ];
}

function byHand({ psa, line }: PsaAdapter['words'], count: number): readonly string[] {
  return [
    'What is left to you',
    `  ${psa} has no request for ${count} of the changes: they are in hand-work.csv, with the ${line}, what it holds, what it must hold and`,
    '  the day. Do them there, and tick them off in Tallyline. Running the collection does none of them.',
    '',
  ];
}

function readsBack(line: string): readonly string[] {
  return [
    `  Before each write it looks whether the ${line} is there already, and then leaves it alone. After each write it reads`,
    '  back and counts. It may be run twice: the second run changes nothing. If somebody changed a line meanwhile, that line is',
    '  not sent, and the run shows it as a failed check. Do not run two copies of it at the same time.',
    '  The variable readBack is "on". "off" leaves out looking and counting: it is meant for mock servers only.',
  ];
}

function writesOnce({ psa, line }: PsaAdapter['words']): readonly string[] {
  return [
    `  ${psa} lets nobody read a ${line} back. Run the collection once: a second run would create the lines again.`,
    '  Look at the answer of every request, and into the PSA, before you mark the plan.',
  ];
}
