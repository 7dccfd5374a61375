import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { PLAN_FORMAT, PlanSchema } from '../../src/domain/plan.ts';

/** Where the schema is published. */
export const planSchemaFile = 'public/schema/tallyline.plan.1.schema.json';

/** The JSON Schema of a plan, made from the one schema that the page itself checks plans with. */
export function planSchemaText(): string {
  const schema = z.toJSONSchema(PlanSchema, { target: 'draft-2020-12' });
  const described = {
    ...schema,
    title: PLAN_FORMAT,
    description:
      'The frozen list of changes that one sync of Tallyline makes. Money is text; its id is the SHA-256 of its canonical JSON (RFC 8785) without id and hash.',
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** Publishes it anew: `node tests/support/run.js tests/support/plan-schema.ts`. */
export function main(): number {
  writeFileSync(planSchemaFile, planSchemaText());
  return 0;
}
