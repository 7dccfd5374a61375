import { modeAt, type Automation, type AutomationMode } from '../domain/automation';
import type { Day } from '../domain/calendar';
import { pausesOn, type Pause, type PausePlace } from '../domain/pause';
import { problem, ProblemError } from '../domain/problem';
import type { Database } from './db';
import { decide } from './decide';

/** What goes by itself at a connection, by product; a product that is not in it is off. */
export async function automationsAt(db: Database, connection: string): Promise<ReadonlyMap<string, AutomationMode>> {
  const own = await db.automations.where('connection').equals(connection).toArray();
  return new Map(own.map(({ product, mode }) => [product, mode]));
}

/** Whether anything goes by itself. */
export async function isAutomated(db: Database): Promise<boolean> {
  return (await db.automations.filter(({ mode }) => mode !== 'off').count()) > 0;
}

/** The connections at which anything goes by itself. */
export async function automatedConnections(db: Database): Promise<readonly string[]> {
  return [...new Set((await db.automations.filter(({ mode }) => mode !== 'off').toArray()).map(({ connection }) => connection))];
}

/** Chooses what goes by itself. Throws `file cannot be sent` for a connection whose files a person carries. */
export function setAutomation(db: Database, now: string, { connection, product, mode }: Omit<Automation, 'at'>): Promise<void> {
  return decide(db, now, ['automations', 'connections'], async ({ audit }) => {
    const found = await db.connections.get(connection);
    if (found === undefined) throw new ProblemError(problem('record is damaged', { what: `connection ${connection}` }));
    if (modeAt(mode, found) !== mode) throw new ProblemError(problem('file cannot be sent', { connection: found.name }));
    await db.automations.put({ connection, product, mode, at: now });
    await audit('auto-sync set', product, { connection, mode });
  });
}

/** Holds something back until the end of a day; null is until the partner takes it back. */
export function pauseAutoSync(
  db: Database,
  now: string,
  { place, reason, until }: { readonly place: PausePlace; readonly reason: string; readonly until: Day | null },
): Promise<void> {
  const { connection, product, site } = place;
  return decide(db, now, ['pauses'], async ({ next, audit }) => {
    await db.pauses.add({ connection, product, site, reason, until, seq: next(), at: now, lifted: false });
    await audit('auto-sync paused', subjectOf(place), { connection, product, reason, until });
  });
}

/** Takes the pause of a place back. */
export function liftPause(db: Database, now: string, place: PausePlace): Promise<void> {
  const { connection, product, site } = place;
  return decide(db, now, ['pauses'], async ({ next, audit }) => {
    await db.pauses.add({ connection, product, site, reason: '', until: null, seq: next(), at: now, lifted: true });
    await audit('pause taken back', subjectOf(place), { connection, product });
  });
}

/** Changes whenever something changes that a run decides by, beside what runs write themselves. */
export async function automationStamp(db: Database): Promise<string> {
  const [automations, settings, rules, pauses, ...counts] = await Promise.all([
    db.automations.toArray(),
    db.settings.toArray(),
    db.rules.toArray(),
    db.pauses.count(),
    db.imports.where('state').equals('committed').count(),
    ...[db.ignores, db.assignments, db.links, db.bindings, db.prices].map((table) => table.count()),
  ]);
  return JSON.stringify([automations, settings, rules, pauses, counts]);
}

/** Changes whenever auto-sync may have something else before it: the same, and with every plan that is confirmed or settled. */
export async function queueStamp(db: Database): Promise<string> {
  const open = await db.plans.where('state').anyOf('confirmed', 'delivering', 'downloaded').count();
  return JSON.stringify([await automationStamp(db), await db.plans.count(), open]);
}

/** The pauses that hold on a day at a connection, or everywhere. */
export async function pausesAt(db: Database, connection: string, today: Day): Promise<readonly Pause[]> {
  return pausesOn(await db.pauses.toArray(), today).filter((pause) => pause.connection === null || pause.connection === connection);
}

function subjectOf({ connection, product, site }: PausePlace): string {
  return [product, site].filter((part) => part !== null).join('\u001f') || (connection ?? '');
}
