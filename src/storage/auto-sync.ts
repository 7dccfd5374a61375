import type { Connection } from '../domain/agreement';
import { modeAt, stoppedBy, type Automation, type Queue, type QueueItem } from '../domain/automation';
import { newestFinalPeriod, type BillingCalendar, type Day } from '../domain/calendar';
import { add, type Decimal } from '../domain/decimal';
import { pauseFor, pausesOn } from '../domain/pause';
import type { Standing } from '../domain/standing';
import type { PsaRules } from '../domain/sync-rules';
import { bulkPlans } from './bulk';
import type { Database } from './db';
import { newestMonths } from './auto-sync-runs';
import { customersDecided } from './decided-lines';
import { ignoresOn } from './ignores';
import { monthStanding } from './month';
import { thresholdFor, thresholds } from './thresholds';

/** Which day it is; with `assume` as if one product at one connection were set otherwise. */
export interface QueueQuestion {
  readonly today: Day;
  readonly calendar: BillingCalendar;
  readonly assume?: Omit<Automation, 'at'>;
  /** Whether each plan comes with what it was made of, because it is about to be confirmed. */
  readonly withBases?: boolean;
}

/** What auto-sync would do on a day: every customer that goes by itself or waits, for the newest final month. Writes nothing. */
export async function autoSyncQueue(
  db: Database,
  { today, calendar, assume, withBases = false }: QueueQuestion,
  rulesOf: (psa: string) => PsaRules | undefined,
): Promise<Queue> {
  const period = newestFinalPeriod(today, calendar);
  const record = (await db.audit.orderBy('seq').last())?.seq ?? 0;
  const [stored, connections] = await Promise.all([db.automations.toArray(), db.connections.toArray()]);
  const chosen = chosenModes(assume === undefined ? stored : [...stored, { ...assume, at: '' }], connections);
  const products = new Set([...chosen.values()].flatMap((own) => [...own.keys()]));
  if (products.size === 0) return { period, record, items: [], idle: 0 };
  const [rows, ignores, pauses, limits, decided] = await Promise.all([
    monthStanding(db, { period, today, calendar }),
    ignoresOn(db, today),
    db.pauses.toArray(),
    thresholds(db),
    customersDecided(db, period, today),
  ]);
  const standings = rows.filter(({ product }) => products.has(product)).flatMap((row) => row.standings);
  const open = standings.filter(({ flag }) => flag !== 'synced' && flag !== 'nothing to bill');
  const newest = await newestMonths(
    db,
    open.map(({ key }) => key),
  );
  const planned = await bulkPlans(
    db,
    { customers: open.map(({ customer }) => customer), period, today, calendar, withWarnings: true, withBases },
    rulesOf,
  );
  const holding = pausesOn(pauses, today);
  const items = open.flatMap((standing, index): QueueItem[] => {
    const item = planned[index];
    if (item === undefined) return [];
    const place = placeOf(chosen, standing, item.connection);
    if (place === null || item.problems.some(({ code }) => code === 'nothing to sync')) return [];
    const facts = {
      decided: decided.has(standing.key),
      standing,
      item,
      threshold: thresholdFor(limits, standing.customer.product),
      ignore: ignores.get(standing.key) ?? null,
      newest: newest.get(standing.key) ?? null,
      calendar,
    };
    const stopped = stoppedBy({ ...facts, pause: pauseFor(holding, standing.customer, place.connection) });
    const { customer, company } = standing;
    return [
      { customer, company: company?.name ?? null, ...place, stopped, plans: stopped === null ? item.plans : [], ...worth(standing, item) },
    ];
  });
  return { period, record, items, idle: standings.length - items.length };
}

type Modes = ReadonlyMap<string, ReadonlyMap<string, QueueItem['mode']>>;

/** By connection and product, what is not off. */
function chosenModes(automations: readonly Automation[], connections: readonly Connection[]): Modes {
  return new Map(
    connections.map((connection) => [
      connection.id,
      new Map(
        [...new Map(automations.filter((own) => own.connection === connection.id).map(({ product, mode }) => [product, mode]))].flatMap(
          ([product, mode]) => {
            const able = modeAt(mode, connection);
            return able === 'off' ? [] : [[product, able] as const];
          },
        ),
      ),
    ]),
  );
}

/** Where a customer goes. One that was never synced belongs to no connection yet, and waits wherever its product goes by itself. */
function placeOf(chosen: Modes, { customer }: Standing, connection: string | null): Pick<QueueItem, 'connection' | 'mode'> | null {
  if (connection !== null) {
    const mode = chosen.get(connection)?.get(customer.product);
    return mode === undefined ? null : { connection, mode };
  }
  const modes = [...chosen.values()].flatMap((own) => own.get(customer.product) ?? []);
  return modes[0] === undefined ? null : { connection: null, mode: modes.includes('send') ? 'send' : modes[0] };
}

function worth({ price, currency }: Standing, { plans }: { plans: QueueItem['plans'] }): Pick<QueueItem, 'money' | 'currency'> {
  const [first] = plans;
  if (first === undefined) return { money: price, currency };
  return { money: add(...plans.map(({ plan }) => plan.totals.price as Decimal)), currency: first.plan.currency };
}
