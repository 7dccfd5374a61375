import { DEFAULT_CALENDAR, newestFinalPeriod, type Day } from '../../../src/domain/calendar';
import type { ProductStanding } from '../../../src/domain/standing';
import type { Database } from '../../../src/storage/db';
import { openDatabase } from '../../../src/storage/open';
import { APP, type App } from '../../../src/ui/context';
import { onTestFinished } from 'vitest';

/** An app for component tests: a real database of its own, a day that stands still, and a record of what was asked of it. */
export interface FakeApp extends App {
  readonly went: string[];
  readonly said: string[];
  /** For `render(Screen, { props, context })`. */
  readonly context: Map<symbol, App>;
}

export async function fakeApp(
  options: { today?: Day; standings?: readonly ProductStanding[]; workspace?: App['workspace'] } = {},
): Promise<FakeApp> {
  const { today = '2021-01-03', standings = [], workspace = 'own' } = options;
  const db = await freshDatabase();
  let ids = 0;
  const app: FakeApp = {
    db,
    workspace,
    clock: { today: () => today, now: () => `${today}T09:00:00.000Z` },
    newId: () => `id-${String(++ids)}`,
    calendar: DEFAULT_CALENDAR,
    period: newestFinalPeriod(today),
    choosePeriod: () => undefined,
    standings: { current: standings, problem: null },
    navigate: (path) => app.went.push(path),
    announce: (text) => app.said.push(text),
    went: [],
    said: [],
    context: new Map(),
  };
  app.context.set(APP, app);
  return app;
}

async function freshDatabase(): Promise<Database> {
  const db = await openDatabase(`test-${crypto.randomUUID()}`, { newId: () => crypto.randomUUID() });
  onTestFinished(async () => {
    await db.delete();
  });
  return db;
}
