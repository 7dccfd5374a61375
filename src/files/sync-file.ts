import { strToU8, zipSync, type Zippable } from 'fflate';
import { slugOf } from '../domain/marketplace';
import { handWorkOf } from '../domain/hand-work';
import { planText, type Plan } from '../domain/plan';
import type { PsaAdapter } from '../psa/psa';
import { handWorkCsv } from './hand-work';
import { httpRequests } from './http';
import { linesCsv } from './lines-csv';
import { postmanCollection } from './postman';
import { readmeText } from './readme';
import { stepsOf } from './steps';

/**
 * The sync file of a plan set: exports first, the lines plan last. The root files are of the last plan; the one collection runs all of
 * them in order and feeds the ids of exported products. Same plans, same bytes. `baseUrl` is the PSA's own address (null leaves the
 * PSA's usual one); what it could hide, a password or a query, is cut off. A plan that is hand-work alone has nothing to run.
 */
export function syncFile(
  plans: readonly Plan[],
  adapter: PsaAdapter,
  options: { readonly baseUrl: string | null },
): { readonly name: string; readonly bytes: Uint8Array } {
  const root = plans.at(-1);
  if (root === undefined) throw new RangeError('a sync file needs a plan');
  const steps = stepsOf(plans, adapter);
  const name = `Tallyline ${adapter.words.psa} ${root.customer?.site ?? root.connection.name} ${root.period}`;
  const baseUrl = plainUrl(options.baseUrl) ?? adapter.placeholders.baseUrl;
  const files: Readonly<Record<string, string>> = {
    'plan.json': planText(root),
    ...Object.fromEntries(plans.slice(0, -1).map((plan) => [`exports/${plan.id.slice(0, 12)}.plan.json`, planText(plan)])),
    ...(steps.length === 0
      ? {}
      : {
          'postman_collection.json': postmanCollection(name, `Plan ${root.id}. Read README.txt first.`, steps, adapter, baseUrl),
          'requests.http': httpRequests(name, steps, adapter, baseUrl),
        }),
    'lines.csv': linesCsv(root, adapter.words.psa),
    ...(handWorkOf(root).length === 0 ? {} : { 'hand-work.csv': handWorkCsv([root], adapter.words) }),
    'README.txt': readmeText(plans, root, adapter),
  };
  const entries: Zippable = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]));
  return { name: `${fileName(root)}.zip`, bytes: zipSync(entries, { mtime: fixedTime() }) };
}

/** A zip holds local time: made of local parts, at the moment of zipping, it is the same bytes in every time zone. */
function fixedTime(): Date {
  return new Date(2021, 0, 3);
}

function fileName(plan: Plan): string {
  const subject = plan.customer?.site ?? plan.kind;
  return ['tallyline', plan.psa, slugOf(subject).slice(0, 60), plan.period, plan.id.slice(0, 8)].join('-');
}

function plainUrl(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/$/, '');
}
