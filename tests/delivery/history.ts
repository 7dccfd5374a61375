import { expect } from 'vitest';
import type { Delivery } from '../../src/domain/delivery';
import type { Plan } from '../../src/domain/plan';
import type { Effect } from '../../src/sandbox/sandbox';
import type { Endpoint } from '../support/endpoint';

export interface Account {
  /** Rows that claim `sent` while the PSA does not hold what they wrote. */
  readonly lost: readonly string[];
  /** New records that the PSA holds more than once. */
  readonly doubled: readonly string[];
  /** Applied although the row says refused. */
  readonly smuggled: readonly string[];
  /** Copies that the partner is shown. */
  readonly shown: number;
  readonly unknown: number;
  /** Keys that went out with more than one body. */
  readonly changedBytes: readonly string[];
}

/** Holds the books of the endpoint against the rows of the page: what a history of invocations and outcomes may not contain. */
export function accountOf(endpoint: Pick<Endpoint, 'effects'>, plans: readonly Plan[], rows: readonly Delivery[]): Account {
  const effects = endpoint.effects();
  const writes = rows.flatMap((row) => {
    const request = plans.find(({ id }) => id === row.plan)?.requests[row.n];
    return request === undefined || request.operation === 'read' ? [] : [{ row, request, applied: appliedOf(effects, request) }];
  });
  const isNew = ({ request }: (typeof writes)[number]) => ['create', 'charge', 'export'].includes(request.operation);
  return {
    lost: writes.filter(({ row, applied }) => row.state === 'sent' && applied === 0).map(({ row }) => row.id),
    doubled: writes.filter((write) => isNew(write) && write.applied > 1).map(({ row }) => row.id),
    smuggled: writes.filter(({ row, applied }) => row.state === 'refused' && applied > 0).map(({ row }) => row.id),
    shown: rows.reduce((sum, { duplicates }) => sum + duplicates.length, 0),
    unknown: rows.filter(({ state }) => state === 'unknown').length,
    changedBytes: bodiesPerKey(effects),
  };
}

export function expectClean(account: Account): void {
  expect(account).toEqual({ lost: [], doubled: [], smuggled: [], shown: 0, unknown: 0, changedBytes: [] });
}

function appliedOf(effects: readonly Effect[], { operation, line }: Plan['requests'][number]): number {
  const wanted = operation === 'update' || operation === 'end' ? 'changed' : 'created';
  return effects.filter(({ effect, key }) => effect === wanted && key === line.lineKey).length;
}

function bodiesPerKey(effects: readonly Effect[]): readonly string[] {
  const bodies = new Map<string, Set<string>>();
  for (const { effect, key, body } of effects.filter(({ effect }) => effect === 'created')) {
    const known = bodies.get(`${effect} ${String(key)}`) ?? new Set<string>();
    bodies.set(`${effect} ${String(key)}`, known.add(JSON.stringify(body)));
  }
  return [...bodies].filter(([, texts]) => texts.size > 1).map(([key]) => key);
}
