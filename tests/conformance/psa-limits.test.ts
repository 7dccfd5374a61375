import { describe, expect, test } from 'vitest';
import type { Limits } from '../../src/psa/limits';
import { everyPsa } from './customer.ts';
import { SIDES } from './limit-sides.ts';

describe.each(everyPsa)('%s, each limit from both sides', (_, fixture) => {
  const { limits } = fixture.adapter;
  const names = [...new Set([...Object.keys(limits), ...Object.keys(SIDES)])] as (keyof Limits)[];

  test.each(names)('%s', (name) => {
    expect(Object.keys(SIDES)).toContain(name);
    const sides: (given: typeof fixture, limit: never) => void = SIDES[name];
    sides(fixture, (limits[name] ?? null) as never);
  });
});
