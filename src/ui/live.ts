import { liveQuery } from 'dexie';
import { createSubscriber } from 'svelte/reactivity';
import { problemOf, type Problem } from '../domain/problem';
import type { Rest } from '../domain/steps';
import { restsUntil } from './rest';

/** A Dexie query as a rune: `current` is undefined until it answers, and throws once it failed; read `problem` first to show it. */
export interface Live<T> {
  readonly current: T | undefined;
  readonly problem: Problem | null;
}

/** Arguments are taken by value, so it can never answer for a stale one: write `$derived(live(query, a, b))`. */
export function live<A extends unknown[], T>(query: (...args: A) => T | Promise<T>, ...args: A): Live<T> {
  return answered(() => query(...args));
}

/**
 * The same of long work in small steps: the page answers between them, and the work stops once nobody looks at its answer any more. It reads
 * before its first rest; what changes after that is read when it has answered.
 */
export function liveInSteps<A extends unknown[], T>(query: (...args: [...A, Rest]) => Promise<T>, ...args: A): Live<T> {
  let working = new AbortController();
  return answered(
    () => {
      working.abort();
      working = new AbortController();
      return query(...args, restsUntil(working.signal));
    },
    () => working.abort(),
  );
}

function answered<T>(query: () => T | Promise<T>, left?: () => void): Live<T> {
  let value: T | undefined;
  let failure: { reason: unknown } | null = null;
  const subscribe = createSubscriber((update) => {
    const subscription = liveQuery(query).subscribe({
      next: (next) => {
        value = next;
        failure = null;
        update();
      },
      error: (reason: unknown) => {
        failure = { reason };
        update();
      },
    });
    return () => {
      subscription.unsubscribe();
      left?.();
      failure = null;
    };
  });
  return {
    get current() {
      subscribe();
      if (failure !== null) throw failure.reason;
      return value;
    },
    get problem() {
      subscribe();
      return failure === null ? null : problemOf(failure.reason);
    },
  };
}

/** Several queries as one, so that nothing is said before all of them answered; the first problem is its problem. */
export function together<T extends readonly unknown[]>(...parts: { readonly [K in keyof T]: Live<T[K]> }): Live<T> {
  return {
    get current() {
      const values = parts.map((part) => part.current);
      return values.includes(undefined) ? undefined : (values as unknown as T);
    },
    get problem() {
      return parts.map((part) => part.problem).find((problem) => problem !== null) ?? null;
    },
  };
}

/** The same outside of components: calls `next` for every answer until the returned function is called. */
export function follow<T>(query: () => T | Promise<T>, next: (value: T) => void): () => void {
  const subscription = liveQuery(query).subscribe({ next });
  return () => subscription.unsubscribe();
}
