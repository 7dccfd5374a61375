import { createLocks } from '../delivery/scene';

/** Web Locks within one page: first come first served, and `ifAvailable`. */
export function lockManager(): LockManager {
  const held = new Set<string>();
  const lock = createLocks();
  const request = (name: string, options: LockOptions | LockGrantedCallback<unknown>, callback?: LockGrantedCallback<unknown>) => {
    const work = typeof options === 'function' ? options : callback;
    if (work === undefined) throw new TypeError('a lock needs work');
    if (typeof options !== 'function' && options.ifAvailable === true && held.has(name)) return Promise.resolve(work(null));
    return lock(name, async () => {
      held.add(name);
      try {
        return await work({ name, mode: 'exclusive' });
      } finally {
        held.delete(name);
      }
    });
  };
  return { request, query: () => Promise.resolve({ held: [], pending: [] }) };
}
