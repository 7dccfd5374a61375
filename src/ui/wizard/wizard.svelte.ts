import { resumeWizard } from '../../machines/resume';
import { placeOf, reached, wizard, type Place, type Wizard, type WizardContext, type WizardEvent } from '../../machines/wizard';
import { outlook, wizardActors, type WizardMeans } from '../../machines/wizard-actors';
import { customerKey, type Customer } from '../../domain/marketplace';
import { planSetFor, type PlanSet } from '../../domain/sync';
import type { SyncFacts } from '../../domain/sync-facts';
import { gridFor } from '../../domain/sync-grid';
import { blocksOf, stepProblems, type Step } from '../../domain/sync-steps';
import type { Grid } from '../../domain/grid';
import type { Problem } from '../../domain/problem';
import type { Result } from '../../domain/result';
import { adapterOf } from '../../psa';
import type { PsaAdapter } from '../../psa/psa';
import { gridFacts } from '../../storage/grid';
import { forgetWizard, savedWizard, saveWizard } from '../../storage/wizards';
import { fromActor } from '../actor';
import { readMeans } from '../automation/means';
import type { App } from '../context';
import { live, type Live } from '../live';

/** Opens the wizard of a customer: where it rested, or from the start. */
export async function openWizard(page: App, customer: Customer): Promise<Wizard> {
  const means: WizardMeans = {
    ...readMeans(page),
    today: () => page.clock.today(),
    stamp: () => page.clock.now(),
    calendar: page.calendar,
  };
  const key = customerKey(customer);
  const shelf = {
    load: () => savedWizard(page.db, key),
    save: (saved: unknown) => saveWizard(page.db, page.clock.now(), key, saved),
    clear: () => forgetWizard(page.db, page.clock.now(), key),
  };
  return resumeWizard(wizard.provide(wizardActors(means)), shelf, { ...customer, period: page.period }, (context) =>
    outlook(means, context),
  );
}

/** A wizard as its components read it: where it is, what is known, and the lines that the choices make. */
export class WizardView {
  readonly page: App;
  readonly #actor: Wizard;
  readonly #snapshot: ReturnType<typeof fromActor<Wizard>>;
  #kept: SyncFacts | null = null;

  constructor(page: App, actor: Wizard) {
    this.page = page;
    this.#actor = actor;
    this.#snapshot = fromActor(actor);
  }

  readonly context: WizardContext = $derived.by(() => this.#snapshot.current.context);
  readonly place: Place = $derived.by(() => placeOf(this.#snapshot.current));
  readonly busy: boolean = $derived.by(() => this.#snapshot.current.hasTag('busy'));
  readonly reached: readonly Step[] = $derived.by(() => reached(this.context));

  readonly #connection = $derived.by(() => this.context.connection);
  readonly #agreementId = $derived.by(() => this.context.choices.agreementId);
  readonly #psaCompany = $derived.by(() => this.context.choices.link?.id ?? null);
  readonly #period = $derived.by(() => this.context.period);
  readonly #live: Live<SyncFacts | null> = $derived.by(() =>
    live(factsNow, this.page, this.#customer, this.#connection, this.#agreementId, this.#psaCompany, this.#period, this.page.clock.today()),
  );

  /** What is stored; undefined until it is read. While an answer is on its way the last one of the same connection stays. */
  readonly facts: SyncFacts | null | undefined = $derived.by(() => {
    const answer = this.#live.problem === null ? this.#live.current : null;
    if (answer !== undefined) this.#kept = answer;
    return answer ?? (this.#kept?.connection.id === this.#connection ? this.#kept : answer);
  });
  readonly problem: Problem | null = $derived.by(() => this.#live.problem);
  readonly adapter: PsaAdapter | null = $derived.by(() => (this.facts ? (adapterOf(this.facts.connection.psa) ?? null) : null));
  readonly grid: Grid | null = $derived.by(() =>
    this.facts && this.adapter ? gridFor(this.facts, this.context.choices, this.adapter) : null,
  );
  readonly blocks: readonly Problem[] = $derived.by(() =>
    this.grid && this.facts ? blocksOf(this.grid, this.facts, this.context.choices) : [],
  );
  readonly plans: Result<PlanSet, readonly Problem[]> | null = $derived.by(() =>
    this.facts && this.adapter ? planSetFor(this.facts, this.context.choices, this.adapter) : null,
  );

  get #customer(): Customer {
    return { product: this.context.product, site: this.context.site };
  }
  problemsOf(step: Step): readonly Problem[] {
    return stepProblems(step, this.facts ?? null, this.context.choices, this.adapter);
  }
  send(event: WizardEvent): void {
    this.#actor.send(event);
  }
}

async function factsNow(
  page: App,
  customer: Customer,
  connection: string | null,
  agreementId: string | null,
  psaCompany: string | null,
  period: string,
  today: string,
): Promise<SyncFacts | null> {
  if (connection === null || (await page.db.connections.get(connection)) === undefined) return null;
  return gridFacts(page.db, { customer, connection, agreementId, psaCompany, period, today, calendar: page.calendar });
}
