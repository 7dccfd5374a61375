/** Long work in small steps: it yields between them, so that whoever runs it may let others work meanwhile, or stop. */
export type Steps<T> = Generator<undefined, T>;

/** Called between two steps; rejects where nobody waits for the answer any more. */
export type Rest = () => Promise<void>;

/** Customers between two steps: some milliseconds of work. */
export const STEP = 100;

/** All steps without a rest. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** All steps with a `rest` after each; without any rest where there is no `rest`. */
export async function withRests<T>(steps: Steps<T>, rest: Rest | undefined): Promise<T> {
  if (rest === undefined) return atOnce(steps);
  let step = steps.next();
  while (step.done !== true) {
    await rest();
    step = steps.next();
  }
  await rest();
  return step.value;
}
