import { expect, test } from 'vitest';
import { adapters, adapterOf } from '../../src/psa';
import { send } from '../../src/machines/deliver-actors';
import { readIntoMirror } from '../../src/machines/read-psa-actors';
import type { Customer } from '../../src/domain/marketplace';
import { planSetFor } from '../../src/domain/sync';
import { NO_CHOICES, type SyncChoices } from '../../src/domain/sync-choices';
import type { SyncFacts } from '../../src/domain/sync-facts';
import { gridFor } from '../../src/domain/sync-grid';
import { judgeFor } from '../../src/domain/sync-rules';
import { confirmSync } from '../../src/storage/confirm';
import type { Database } from '../../src/storage/db';
import { gridFacts } from '../../src/storage/grid';
import { mirrorOf } from '../../src/storage/mirrors';
import { december, january, mail, seeded } from './demo';

/** 17 in December and in January; 22 in December, 25 in January. */
const [SAME, GROWS] = [mail('valleyprint.com'), mail('bayviewdental.com')];

/** The demo begins with ConnectWise synced before; the others begin empty. */
test.each(adapters.filter(({ id, can }) => can.readBack && id !== 'connectwise').map(({ id }) => [id]))(
  'two months at the demo’s %s: December is created, January pushes nothing for the same count and the quantity for another',
  async (psa) => {
    const db = await seeded();
    expect(await synced(db, psa, SAME, december)).toEqual(['Creating']);
    expect(await synced(db, psa, GROWS, december)).toEqual(['Creating']);
    expect(await quantities(db, psa, SAME, january)).toEqual(['17']);
    expect(await synced(db, psa, SAME, january)).toEqual(['Unchanged']);
    expect(await quantities(db, psa, GROWS, january)).toEqual(['22']);
    expect(await synced(db, psa, GROWS, january)).toEqual(['Updating']);
    expect(await quantities(db, psa, GROWS, january)).toEqual(['25']);
    expect(await synced(db, psa, GROWS, january)).toEqual(['Unchanged']);
  },
);

type When = typeof december | typeof january;

/** Plans, confirms and delivers a customer's month through the in-page PSA. Answers the statuses of its lines. */
async function synced(db: Database, psa: string, customer: Customer, when: When): Promise<readonly string[]> {
  const adapter = adapterOf(psa);
  if (adapter === undefined) throw new Error(psa);
  const { facts, choices } = await asked(db, psa, customer, when);
  const grid = gridFor(facts, choices, adapter);
  expect(grid.lines.flatMap(({ blocks }) => blocks)).toEqual([]);
  const plans = planSetFor(facts, choices, adapter);
  if (!plans.ok || facts.company === null) throw new Error(JSON.stringify(plans));
  const { connection, company, period } = facts;
  const now = `${when.today}T09:00:00.000Z`;
  await confirmSync(db, now, { customer, company, connection, period, today: when.today, choices, plans: plans.value });
  const report = await send(meansOf(db, when), { connection: connection.id, plans: [] }, { signal: new AbortController().signal });
  const requests = plans.value.reduce((sum, { plan }) => sum + plan.requests.length, 0);
  expect([report.stopped, report.counts]).toEqual([null, { pending: 0, sending: 0, sent: requests, refused: 0, unknown: 0 }]);
  return grid.lines.map(({ status }) => status);
}

/** What the PSA holds of the customer's lines, read again through the connection. */
async function quantities(db: Database, psa: string, customer: Customer, when: When): Promise<readonly (string | null)[]> {
  const { facts, choices } = await asked(db, psa, customer, when);
  const line = gridFor(facts, choices, adapterOf(psa) ?? never()).lines[0];
  return (facts.psaLines ?? [])
    .filter(({ id }) => facts.synced?.lines.some(({ lineId }) => lineId === id))
    .map(({ quantity }) => quantity ?? line?.inPsa ?? null);
}

/** The facts after a fresh reading, with the products bound by name and the first usable agreement. */
async function asked(db: Database, psa: string, customer: Customer, when: When): Promise<{ facts: SyncFacts; choices: SyncChoices }> {
  const connection = `demo-${psa}`;
  const adapter = adapterOf(psa) ?? never();
  const question = { customer, connection, psaCompany: null, ...when };
  const before = await gridFacts(db, { ...question, agreementId: null });
  const products = (await mirrorOf(db, connection, 'products'))?.rows ?? [];
  const bound = (name: string) => products.find(({ description }) => description.toLowerCase() === name.toLowerCase());
  const wanted = [
    { subProduct: null, name: 'Proofpoint' },
    { subProduct: 'proofpoint-business', name: 'Proofpoint Business' },
  ] as const;
  const bindings = wanted.flatMap(({ subProduct, name }) => {
    const psaProduct = bound(name);
    return psaProduct === undefined || before.bindings.some((own) => own.subProduct === subProduct) ? [] : [{ subProduct, psaProduct }];
  });
  const choices = { ...NO_CHOICES, bindings };
  const usable = (before.agreements ?? []).find((agreement) => judgeFor(before, choices, adapter, agreement).refusals.length === 0);
  const agreementId = before.synced?.agreementId ?? usable?.id ?? null;
  if (agreementId === null) throw new Error(`${psa} has no agreement for ${customer.site}`);
  const means = { ...meansOf(db, when), fetch: () => Promise.reject(new Error('the demo needs no network')) };
  await readIntoMirror(means, connection, [{ kind: 'lines', agreementId }], { signal: new AbortController().signal });
  return { facts: await gridFacts(db, { ...question, agreementId }), choices: { ...choices, agreementId } };
}

function meansOf(db: Database, { today }: When) {
  let [ids, at] = [0, Date.parse(`${today}T09:00:00.000Z`)];
  const locks = {
    request: (_name: string, options: unknown, work?: () => unknown) => Promise.resolve((work ?? (options as () => unknown))()),
  };
  return {
    ...{ db, now: () => new Date((at += 1)), today: () => today, newId: () => `id-${String((ids += 1))}` },
    locks: locks as unknown as LockManager,
    wait: () => Promise.resolve(),
  };
}

function never(): never {
  throw new Error('there is no such PSA');
}
