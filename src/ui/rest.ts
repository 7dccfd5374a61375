import type { Rest } from '../domain/steps';

/** Milliseconds of work until the page may answer: less than a frame. */
const SPELL = 12;

/** Lets the page answer whenever work has taken long enough, and ends it with the reason of the signal once nobody waits for it. */
export function restsUntil(signal: AbortSignal): Rest {
  let since = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - since < SPELL) return;
    await turn();
    signal.throwIfAborted();
    since = performance.now();
  };
}

/** A timer would wait four milliseconds each time, and a second in a tab that is not seen. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
