import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { published as schemas, schemaText } from '../support/schemas.ts';
import { chargeChange, createChange, endChange, exportChange, planOf, updateChange } from '../support/plans.ts';

const published = readFileSync(schemas.plan.file, 'utf8');
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(published) as object);

const plans = [
  ['create', planOf([createChange()])],
  ['update', planOf([updateChange(), updateChange({ lineId: null })])],
  ['end', planOf([endChange()])],
  ['charge', planOf([chargeChange()])],
  ['export', planOf([exportChange()])],
] as const;

test('the published schema is the one that the page checks plans with', () => {
  expect(published).toBe(schemaText(schemas.plan));
});

describe.each(plans)('a plan of kind %s', (_name, plan) => {
  test('is taken', () => {
    expect(validate(plan)).toBe(true);
  });

  test('is refused with a field too many, a missing one, or money as a number', () => {
    const { totals, ...rest } = plan;
    expect(validate({ ...plan, secret: 'x' })).toBe(false);
    expect(validate(rest)).toBe(false);
    expect(validate({ ...plan, totals: { ...totals, price: 45 } })).toBe(false);
    expect(validate({ ...plan, requests: plan.requests.map((request) => ({ ...request, authorization: 'Basic' })) })).toBe(false);
  });
});
