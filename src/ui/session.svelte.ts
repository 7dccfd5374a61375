import { replace } from 'svelte-spa-router';
import type { Json } from '../domain/canonical';
import { isDay, type Day } from '../domain/calendar';
import { problemOf, type Problem } from '../domain/problem';
import { isAutomated } from '../storage/automations';
import type { Database } from '../storage/db';
import { settingOf } from '../storage/settings';
import { Announcer } from './announcer.svelte';
import { DemoClock, FIRST_DEMO_DAY, LocalClock } from './clock.svelte';
import type { Workspace } from './context';
import { follow } from './live';
import { paths } from './paths';
import { DEMO_DATE, OpenWorkspace, type Standings } from './workspace.svelte';

/** What `main.ts` gives: the only ways to open a database, to fill the demo, and the tasks of every start. */
export interface Doors {
  readonly newId: () => string;
  /** Throws `database is newer` or `database was replaced`; `acceptReplaced` starts empty. */
  open(workspace: Workspace, options: { acceptReplaced: boolean }): Promise<Database>;
  seedDemo(db: Database, now: string): Promise<void>;
  /** What the PSAs of the demo do until a day. */
  stepDemo(db: Database, day: Day): Promise<void>;
  /** Sweeps what a crash left behind. Runs before anything is shown. */
  start(db: Database, now: string): Promise<void>;
}

export type SessionState =
  | { readonly at: 'choosing' }
  | { readonly at: 'opening'; readonly workspace: Workspace }
  | { readonly at: 'open'; readonly app: OpenWorkspace }
  | { readonly at: 'stuck'; readonly workspace: Workspace; readonly problem: Problem }
  | { readonly at: 'superseded' };

interface Entry {
  readonly acceptReplaced?: boolean;
  readonly at?: (db: Database) => string | Promise<string>;
}

const KEY = 'tallyline.workspace';

/** Which workspace the page shows, and how it got there. */
export class Session {
  state = $state.raw<SessionState>({ at: 'choosing' });
  readonly announcer = new Announcer();
  readonly #doors: Doors;
  #leave: () => void = () => undefined;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  /** Opens the workspace that was open last; shows the two choices on a first visit. */
  async resume(): Promise<void> {
    const last = remembered();
    if (last !== null) await this.#enter(last);
  }

  async openDemo(): Promise<void> {
    await this.#enter('demo', { at: () => paths.subscriptions });
  }

  async openOwn(): Promise<void> {
    await this.#enter('own', { at: async (db) => ((await db.imports.count()) === 0 ? paths.import : paths.subscriptions) });
  }

  /** Deletes the demo and seeds it again. */
  async resetDemo(): Promise<void> {
    await this.#remove();
    await this.#enter('demo', { at: () => paths.subscriptions });
  }

  /** Deletes everything of the open workspace and goes back to the two choices. */
  async deleteWorkspace(): Promise<void> {
    await this.#remove();
    forget();
    this.state = { at: 'choosing' };
    await replace(paths.start);
  }

  /** After the partner was told that the data is gone. */
  async startEmpty(workspace: Workspace): Promise<void> {
    await this.#enter(workspace, { acceptReplaced: true });
  }

  /** `at` is the screen to begin with. It is in the address before the workspace shows, so no other screen is drawn and thrown away first. */
  async #enter(workspace: Workspace, { acceptReplaced = workspace === 'demo', at }: Entry = {}): Promise<void> {
    this.#leave();
    this.state = { at: 'opening', workspace };
    try {
      const [db, { monthStanding }] = await Promise.all([this.#doors.open(workspace, { acceptReplaced }), import('../storage/month')]);
      const app = await this.#furnish(db, workspace, monthStanding);
      if (at !== undefined) await replace(await at(db));
      this.state = { at: 'open', app };
      remember(workspace);
    } catch (reason) {
      this.state = { at: 'stuck', workspace, problem: problemOf(reason) };
    }
  }

  async #furnish(db: Database, workspace: Workspace, standings: Standings): Promise<OpenWorkspace> {
    const clock = workspace === 'demo' ? new DemoClock(FIRST_DEMO_DAY) : new LocalClock();
    if (workspace === 'demo' && (await settingOf(db, DEMO_DATE)) === undefined) await this.#doors.seedDemo(db, clock.now());
    const unfollow = 'set' in clock ? await this.#followDemoDate(db, clock) : () => undefined;
    await this.#doors.start(db, clock.now());
    db.on('versionchange', () => {
      this.#leave();
      this.state = { at: 'superseded' };
      return false;
    });
    const app = new OpenWorkspace({
      ...{ db, workspace, clock, newId: this.#doors.newId, announcer: this.announcer, standings },
      stepped: (day) => this.#doors.stepDemo(db, day),
    });
    const unautomate = automate(app);
    this.#leave = () => {
      unfollow();
      unautomate();
      clock.stop();
      db.close();
      this.#leave = () => undefined;
    };
    return app;
  }

  async #followDemoDate(db: Database, clock: DemoClock): Promise<() => void> {
    const turn = (value: Json | undefined) => {
      if (typeof value === 'string' && isDay(value)) clock.set(value);
    };
    turn(await settingOf(db, DEMO_DATE));
    return follow(() => settingOf(db, DEMO_DATE), turn);
  }

  async #remove(): Promise<void> {
    if (this.state.at !== 'open') return;
    const { app } = this.state;
    this.state = { at: 'opening', workspace: app.workspace };
    this.#leave();
    await app.db.delete();
  }
}

/** Runs what goes by itself for as long as the workspace is open. It is loaded once something does. */
function automate(app: OpenWorkspace): () => void {
  let stop: (() => void) | null = null;
  let left = false;
  const unfollow = follow(
    () => isAutomated(app.db),
    (on) => {
      if (!on || stop !== null) return;
      stop = () => undefined;
      void import('./automation/auto-sync.svelte').then(({ runAutoSync }) => {
        if (!left) stop = runAutoSync(app);
      });
    },
  );
  return () => {
    left = true;
    unfollow();
    stop?.();
  };
}

function remembered(): Workspace | null {
  try {
    const found = localStorage.getItem(KEY);
    return found === 'demo' || found === 'own' ? found : null;
  } catch {
    return null;
  }
}

function remember(workspace: Workspace): void {
  try {
    localStorage.setItem(KEY, workspace);
  } catch {
    // Storage may be forbidden; the page then asks again next time.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered then.
  }
}
