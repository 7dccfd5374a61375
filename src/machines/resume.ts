import { createActor, type Snapshot } from 'xstate';
import * as z from 'zod/mini';
import { SYNC_OPTIONS } from '../domain/change';
import { STEPS } from '../domain/sync-steps';
import { placeOf, type wizard, type Wizard, type WizardContext, type WizardInput } from './wizard';

/** Where resting wizards are kept. */
export interface Shelf {
  load(): Promise<unknown>;
  save(saved: unknown): Promise<void>;
  clear(): Promise<void>;
}

/** What a resting wizard would find now: the usage, and whether a delivery of its customer is open. */
export interface Outlook {
  readonly fingerprint: string | null;
  readonly deliveryIsOpen: boolean;
}

/**
 * The wizard of a customer: where it rested, if what was saved is beyond doubt and of the same customer and period, else from the start.
 * It is saved whenever it rests, and forgotten when it is cancelled or confirmed; an open delivery outranks what was saved.
 */
export async function resumeWizard(
  chart: typeof wizard,
  shelf: Shelf,
  input: WizardInput,
  look: (context: WizardContext) => Promise<Outlook>,
): Promise<Wizard> {
  const rested = restored(chart, await shelf.load(), input);
  const outlook = rested === null ? null : await look(rested.getSnapshot().context);
  const stale = outlook?.deliveryIsOpen === true && rested?.getSnapshot().context.set === null;
  const actor = rested === null || stale ? createActor(chart, { input }) : rested;
  let saving = Promise.resolve();
  const after = (work: () => Promise<void>) => {
    saving = saving.then(work).catch(() => undefined);
  };
  actor.subscribe((snapshot) => {
    const confirmed = snapshot.hasTag('busy') && snapshot.context.set !== null;
    if (snapshot.status === 'done' || confirmed) after(() => shelf.clear());
    else if (snapshot.status === 'active' && !snapshot.hasTag('busy')) {
      const saved = { version: VERSION, snapshot: plain(actor.getPersistedSnapshot()) };
      after(() => shelf.save(saved));
    }
  });
  actor.start();
  const { context } = actor.getSnapshot();
  const fingerprint = actor === rested && context.set === null ? (outlook?.fingerprint ?? null) : null;
  if (fingerprint !== null && context.fingerprint !== null && fingerprint !== context.fingerprint)
    actor.send({ type: 'usage changed', fingerprint });
  return actor;
}

const VERSION = 1;

function restored(chart: typeof wizard, saved: unknown, input: WizardInput): Wizard | null {
  const parsed = Saved.safeParse(saved);
  if (!parsed.success) return null;
  const { product, site, period } = parsed.data.snapshot.context;
  if (product !== input.product || site !== input.site || period !== input.period) return null;
  const actor = createActor(chart, { input, snapshot: parsed.data.snapshot as unknown as Snapshot<unknown> });
  const snapshot = actor.getSnapshot();
  return snapshot.status === 'active' && !snapshot.hasTag('busy') && RESTING.includes(placeOf(snapshot)) ? actor : null;
}

const RESTING: readonly string[] = [...STEPS, 'receipt'];

/** A copy that IndexedDB can hold: no functions, no prototypes. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/));
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const step = z.enum(STEPS);
const pair = z.nullable(z.strictObject({ id: z.string(), name: z.string() }));

const Edit = z.strictObject({
  name: z.optional(z.string()),
  effectiveDate: z.optional(day),
  price: z.optional(decimal),
  cost: z.optional(decimal),
  syncedQuantity: z.optional(decimal),
  reason: z.optional(z.string()),
  pushPrice: z.optional(z.boolean()),
  ending: z.optional(z.enum(['date', 'zero'])),
  adopt: z.optional(z.string()),
  again: z.optional(z.boolean()),
});
const Exported = z.strictObject({
  product: z.string(),
  subProduct: z.nullable(z.string()),
  term: z.enum(['monthly', 'annual', 'one time']),
  name: z.string(),
  description: z.string(),
  identifier: z.string(),
  category: z.string(),
  type: z.string(),
  unit: z.nullable(z.string()),
  cost: z.nullable(decimal),
  price: z.nullable(decimal),
  taxable: z.boolean(),
});
const Choices = z.strictObject({
  link: pair,
  bindings: z.array(
    z.strictObject({
      subProduct: z.nullable(z.string()),
      psaProduct: z.strictObject({
        id: z.string(),
        identifier: z.string(),
        description: z.string(),
        taxable: z.nullable(z.boolean()),
      }),
    }),
  ),
  exports: z.array(Exported),
  skipped: z.boolean(),
  option: z.enum(SYNC_OPTIONS),
  deselected: z.array(z.string()),
  agreementId: z.nullable(z.string()),
  edits: z.record(z.string(), Edit),
  zero: z.enum(['date', 'zero']),
  confirmedEarly: z.boolean(),
  lateReason: z.string(),
});
const Context = z.strictObject({
  product: z.string(),
  site: z.string(),
  period: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
  assigned: z.boolean(),
  connection: z.nullable(z.string()),
  choices: Choices,
  done: z.array(step),
  problems: z.array(z.looseObject({ code: z.string() })),
  fingerprint: z.nullable(z.string()),
  usageChanged: z.boolean(),
  set: z.nullable(z.string()),
});
const Saved = z.strictObject({
  version: z.literal(VERSION),
  snapshot: z.looseObject({
    status: z.literal('active'),
    value: z.union([z.string(), z.record(z.string(), z.unknown())]),
    context: Context,
  }),
});
