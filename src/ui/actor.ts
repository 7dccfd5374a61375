import { createSubscriber } from 'svelte/reactivity';
import type { AnyActorRef, SnapshotFrom } from 'xstate';

/** A rune-readable view of an actor: reading `current` follows it. */
export function fromActor<A extends AnyActorRef>(actor: A): { readonly current: SnapshotFrom<A> } {
  const subscribe = createSubscriber((update) => {
    const subscription = actor.subscribe(update);
    return () => subscription.unsubscribe();
  });
  return {
    get current(): SnapshotFrom<A> {
      subscribe();
      return actor.getSnapshot() as SnapshotFrom<A>;
    },
  };
}
