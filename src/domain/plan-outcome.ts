import type { DeliveryState, PlanState } from './delivery';

/**
 * What became of a confirmed plan: `unmarked` is a sync file that nobody marked, `open` one that is not sent to its end, `replaced` one
 * that did not get through while a newer plan of the same customer at the same connection stands in its place.
 */
export type PlanOutcome = 'done' | 'open' | 'refused' | 'unknown' | 'unmarked' | 'not applied' | 'replaced';

export interface OutcomeFacts {
  readonly id: string;
  readonly state: PlanState;
  readonly connection: string;
  readonly customer: string | null;
  readonly seq: number;
  /** The states of its requests. */
  readonly requests: readonly DeliveryState[];
  /** It makes a line of the partner's own, which no newer plan of the customer makes in its stead. */
  readonly splits: boolean;
}

/** The outcome of each plan, by its id. An outcome that nobody knows, a file that nobody marked, or half a split is never replaced. */
export function outcomesOf(plans: readonly OutcomeFacts[]): ReadonlyMap<string, PlanOutcome> {
  const newest = new Map<string, number>();
  for (const plan of plans) newest.set(placeOf(plan), Math.max(newest.get(placeOf(plan)) ?? 0, plan.seq));
  return new Map(
    plans.map((plan) => {
      const outcome = outcomeOf(plan);
      const isOld = plan.customer !== null && plan.seq < (newest.get(placeOf(plan)) ?? 0);
      const isHalf = plan.splits && plan.requests.includes('sent');
      return [plan.id, isOld && !isHalf && (outcome === 'refused' || outcome === 'not applied') ? 'replaced' : outcome];
    }),
  );
}

function placeOf({ connection, customer, id }: OutcomeFacts): string {
  return customer === null ? id : `${connection}\u001f${customer}`;
}

function outcomeOf({ state, requests }: OutcomeFacts): PlanOutcome {
  if (requests.includes('unknown') || requests.includes('sending')) return 'unknown';
  if (state === 'downloaded') return 'unmarked';
  if (requests.includes('refused')) return state === 'not applied' ? 'not applied' : 'refused';
  if (state === 'confirmed' || state === 'delivering') return 'open';
  return state === 'not applied' ? 'not applied' : 'done';
}
