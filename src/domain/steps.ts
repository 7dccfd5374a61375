/** Long work in small steps: it yields between them, so that whoever runs it may let others work meanwhile, or stop. */
export type Steps<T> = Generator<undefined, T>;

/** Called between two steps; rejects where nobody waits for the answer any more. */
export type Pause = () => Promise<void>;

/** Customers between two steps: some milliseconds of work. */
export const STEP = 100;

/** All steps without a rest. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** All steps with a `pause` after each; without any rest where there is no `pause`. */
export async function withPauses<T>(steps: Steps<T>, pause: Pause | undefined): Promise<T> {
  if (pause === undefined) return atOnce(steps);
  let step = steps.next();
  while (step.done !== true) {
    await pause();
    step = steps.next();
  }
  await pause();
  return step.value;
}
