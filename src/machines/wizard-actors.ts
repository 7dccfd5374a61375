import { fromPromise } from 'xstate';
import { channels } from '../delivery';
import { syncBasis } from '../domain/basis';
import type { BillingCalendar, Day } from '../domain/calendar';
import { customerKey, versionFor, type Customer } from '../domain/marketplace';
import { isRecurring } from '../domain/change';
import { problem, ProblemError } from '../domain/problem';
import { planSetFor } from '../domain/sync';
import { agreementFor, type SyncChoices } from '../domain/sync-choices';
import type { SyncFacts } from '../domain/sync-facts';
import type { PsaRules } from '../domain/sync-rules';
import { isSkippedBefore } from '../domain/sync-bulk';
import { STEPS, STEPS_BEFORE_LINES, stepProblems, type Step } from '../domain/sync-steps';
import { adapterOf } from '../psa';
import { confirmSync } from '../storage/confirm';
import { connections } from '../storage/connections';
import type { Database } from '../storage/db';
import { gridFacts } from '../storage/grid';
import type { Choice, PlanRecord } from '../storage/rows';
import { readIntoMirror, type ReadMeans } from './read-psa-actors';
import type { Outlook } from './resume';
import type { Check, Survey, wizard, WizardContext } from './wizard';

/** What the wizard needs from outside. */
export interface WizardMeans extends ReadMeans {
  readonly db: Database;
  readonly today: () => Day;
  readonly stamp: () => string;
  readonly calendar: BillingCalendar;
}

/** The chart with its real actors. */
export function wizardActors(means: WizardMeans): Parameters<(typeof wizard)['provide']>[0] {
  return {
    actors: {
      survey: fromPromise(({ input }) => survey(means, input)),
      check: fromPromise(({ input, signal }) => check(means, input.step, input.context, signal)),
      lookAhead: fromPromise(({ input, signal }) => lookAhead(means, input, signal)),
      confirm: fromPromise(({ input }) => confirm(means, input.plan, input.context)),
    },
  };
}

/** What a resting wizard would find now. */
export async function outlook(means: WizardMeans, context: WizardContext): Promise<Outlook> {
  const { connection } = context;
  const known = connection !== null && (await means.db.connections.get(connection)) !== undefined;
  return {
    fingerprint: known ? (await factsOf(means, context, connection)).fingerprint : null,
    deliveryIsOpen: (await openPlan(means.db, customerOfContext(context))) !== undefined,
  };
}

async function survey(means: WizardMeans, context: WizardContext): Promise<Survey> {
  const { db } = means;
  const customer = customerOfContext(context);
  const versions = await db.assignments.where('[product+site]').equals([customer.product, customer.site]).toArray();
  const company = versionFor(versions, context.period)?.company ?? null;
  const nothing = { set: null, connection: null, choices: context.choices, done: [], fingerprint: null };
  if (company === null || (await db.companies.get(company)) === undefined) return { ...nothing, assigned: false };
  const open = await openPlan(db, customer);
  if (open !== undefined) return { ...nothing, assigned: true, set: open.set, connection: open.connection };
  const known = (await connections(db)).filter(({ psa }) => adapterOf(psa) !== undefined);
  const choices = (await db.choices.toArray())
    .filter(({ connection }) => known.some(({ id }) => id === connection))
    .sort((left, right) => right.at.localeCompare(left.at));
  const remembered = choices.find((choice) => choice.customer === customerKey(customer));
  const usual = known.length === 1 ? known[0]?.id : choices[0]?.connection;
  const connection = remembered?.connection ?? usual ?? null;
  if (connection === null) return { ...nothing, assigned: true };
  const opened = await opening(means, { ...context, connection });
  return {
    ...opened,
    assigned: true,
    set: null,
    connection,
    done: remembered === undefined ? [] : opened.done,
  };
}

async function check(means: WizardMeans, step: Step, context: WizardContext, signal: AbortSignal): Promise<Check> {
  const { connection } = context;
  const same = { choices: context.choices, done: context.done, fingerprint: context.fingerprint };
  if (connection === null) return { ...same, problems: stepProblems(step, null, context.choices, null) };
  let facts = await factsOf(means, context, connection);
  if (step === 'grid' && isOldReading(means, facts, context.choices)) facts = await readLinesAgain(means, facts, context, signal);
  const rules = rulesOf(facts);
  const problems = stepProblems(step, facts, context.choices, rules);
  if (problems.length > 0) return { ...same, problems };
  if (step === 'psa') {
    const opened = await opening(means, { ...context, connection });
    return { ...opened, problems: [], done: heldOf([...opened.done, ...context.done, 'psa'], step) };
  }
  if (step === 'agreement') facts = await readLinesAgain(means, facts, context, signal);
  const claimed = STEPS.filter((one) => one === step || one === 'products' || context.done.includes(one));
  const done = claimed.filter((one) => stepProblems(one, facts, context.choices, rules).length === 0);
  return { problems: [], choices: context.choices, done: heldOf(done, step), fingerprint: facts.fingerprint };
}

/** Every step before the lines in one look: the way ends at the first one that has a question. */
async function lookAhead(means: WizardMeans, context: WizardContext, signal: AbortSignal): Promise<Check> {
  const { connection } = context;
  if (connection === null) throw new ProblemError(problem('connection is not chosen', {}));
  const { choices } = await opening(means, { ...context, connection });
  const facts = await factsOf(means, { ...context, choices }, connection);
  const rules = rulesOf(facts);
  const open = STEPS_BEFORE_LINES.findIndex((step) => stepProblems(step, facts, choices, rules).length > 0);
  const done = open === -1 ? STEPS_BEFORE_LINES : STEPS_BEFORE_LINES.slice(0, open);
  const { fingerprint } = open === -1 ? await readLinesAgain(means, facts, { ...context, choices }, signal) : facts;
  return { problems: [], choices, done, fingerprint };
}

async function confirm(means: WizardMeans, plan: string, context: WizardContext): Promise<string> {
  const { connection, choices, period } = context;
  if (connection === null) throw new ProblemError(problem('connection is not chosen', {}));
  const facts = await factsOf(means, context, connection);
  const rules = rulesOf(facts);
  const plans = planSetFor(facts, choices, rules);
  if (!plans.ok || plans.value.at(-1)?.plan.id !== plan) throw new ProblemError(problem('plan changed meanwhile', {}));
  const [first] = stepProblems('summary', facts, choices, rules);
  if (first !== undefined || facts.company === null) throw new ProblemError(first ?? problem('plan changed meanwhile', {}));
  const { customer, company, today } = facts;
  const basis = syncBasis(facts, choices);
  return confirmSync(means.db, means.stamp(), {
    ...{ customer, company, connection: facts.connection, period, today, choices },
    plans: plans.value.map((one) => ({ ...one, basis })),
  });
}

/** What is remembered of a customer at a connection, and which steps therefore need no look. */
async function opening(
  means: WizardMeans,
  context: WizardContext & { readonly connection: string },
): Promise<Pick<Survey, 'choices' | 'done' | 'fingerprint'>> {
  const { connection, choices } = context;
  const choice = await means.db.choices.get([customerKey(customerOfContext(context)), connection]);
  const begun = choices.agreementId !== null || context.done.length > 0;
  const first = begun || choice === undefined ? choices : withMemory(choices, choice);
  const facts = await factsOf(means, { ...context, choices: first }, connection);
  const rules = rulesOf(facts);
  const started: SyncChoices = {
    ...first,
    skipped: first.skipped || isSkippedBefore(facts, first),
    agreementId: first.agreementId ?? facts.synced?.agreementId ?? onlyUsable(facts, first, rules),
  };
  const whole = await factsOf(means, { ...context, choices: started }, connection);
  const claimed: readonly Step[] = choice === undefined ? ['psa', 'products'] : ['psa', 'products', 'option', 'agreement'];
  const done = claimed.filter((step) => stepProblems(step, whole, started, rules).length === 0);
  return { choices: started, done, fingerprint: whole.fingerprint };
}

function withMemory(choices: SyncChoices, { option, agreementId, zero }: Choice): SyncChoices {
  return { ...choices, option, zero, agreementId: agreementId === '' ? null : agreementId };
}

function onlyUsable(facts: SyncFacts, choices: SyncChoices, rules: PsaRules): string | null {
  const usable = (facts.agreements ?? []).filter(
    ({ id }) => stepProblems('agreement', facts, { ...choices, agreementId: id }, rules).length === 0,
  );
  return usable.length === 1 ? (usable[0]?.id ?? null) : null;
}

/** A remembered agreement is not looked at on the way: its lines may have been read a month ago. */
function isOldReading({ now }: WizardMeans, facts: SyncFacts, choices: SyncChoices): boolean {
  const { linesReadAt } = facts;
  const isUnread = (agreement: string) => !facts.linesByAgreement.has(agreement);
  return linesReadAt === null || now().getTime() - Date.parse(linesReadAt) > STILL_FRESH || documentsFor(facts, choices).some(isUnread);
}

/** The agreements whose lines a plan rests on: the chosen one, and for a PSA that guards its writes those on which a line of ours ends. */
function documentsFor(facts: SyncFacts, choices: SyncChoices): readonly string[] {
  const chosen = agreementFor(facts, choices)?.id ?? null;
  const live = (facts.synced?.lines ?? []).filter(({ endedOn, option }) => endedOn === null && isRecurring(option));
  const others = adapterOf(facts.connection.psa)?.guard === undefined ? [] : live.map(({ agreementId }) => agreementId);
  return [...new Set(chosen === null ? [] : [chosen, ...others])];
}

const STILL_FRESH = 10 * 60_000;

/**
 * The lines are only as good as the last look at the agreement: look again where a connection and the PSA can. What fails leaves what
 * was known.
 */
async function readLinesAgain(means: WizardMeans, facts: SyncFacts, context: WizardContext, signal: AbortSignal): Promise<SyncFacts> {
  const scopes = documentsFor(facts, context.choices).map((agreementId) => ({ kind: 'lines', agreementId }) as const);
  if (scopes.length === 0 || !channels[facts.connection.protocol].sends || !rulesOf(facts).can.readBack) return facts;
  try {
    await readIntoMirror(means, facts.connection.id, scopes, { signal });
  } catch (reason) {
    if (facts.psaLines === null) throw reason;
    return facts;
  }
  return factsOf(means, context, facts.connection.id);
}

/** The lines are looked at anew whenever a step before them was left. */
function heldOf(done: readonly Step[], step: Step): readonly Step[] {
  return STEPS.filter((one) => done.includes(one) && (one !== 'grid' || step === 'grid'));
}

function factsOf(means: WizardMeans, context: Pick<WizardContext, 'product' | 'site' | 'period' | 'choices'>, connection: string) {
  const { choices, period } = context;
  return gridFacts(means.db, {
    ...{ customer: customerOfContext(context), connection, period, today: means.today(), calendar: means.calendar },
    ...{ agreementId: choices.agreementId, psaCompany: choices.link?.id ?? null },
  });
}

async function openPlan(db: Database, customer: Customer): Promise<PlanRecord | undefined> {
  const plans = await db.plans.where('customer').equals(customerKey(customer)).toArray();
  return plans.find(({ state }) => state === 'confirmed' || state === 'delivering' || state === 'downloaded');
}

function rulesOf({ connection }: SyncFacts): PsaRules {
  const adapter = adapterOf(connection.psa);
  if (adapter === undefined) throw new ProblemError(problem('record is damaged', { what: `connection ${connection.id}` }));
  return adapter;
}

function customerOfContext({ product, site }: Pick<WizardContext, 'product' | 'site'>): Customer {
  return { product, site };
}
