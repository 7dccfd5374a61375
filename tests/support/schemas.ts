import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { EnvelopeSchema, RelayAnswerSchema } from '../../src/domain/envelope.ts';
import { PLAN_FORMAT, PlanSchema } from '../../src/domain/plan.ts';

interface Published {
  readonly file: string;
  readonly schema: z.core.$ZodType;
  readonly title: string;
  readonly description: string;
}

/** Every JSON Schema that is published, each made from the one schema that the page itself checks with. */
export const published = {
  plan: {
    file: 'public/schema/tallyline.plan.1.schema.json',
    schema: PlanSchema,
    title: PLAN_FORMAT,
    description:
      'The frozen list of changes that one sync of Tallyline makes. Money is text; its id is the SHA-256 of its canonical JSON (RFC 8785) without id and hash.',
  },
  envelope: {
    file: 'public/schema/tallyline.request.1.schema.json',
    schema: EnvelopeSchema,
    title: 'tallyline.request/1',
    description: 'What Tallyline posts to a relay for each request to the PSA. The path is relative to the base URL that the relay knows.',
  },
  answer: {
    file: 'public/schema/tallyline.answer.1.schema.json',
    schema: RelayAnswerSchema,
    title: 'tallyline.answer/1',
    description: "What a relay answers with status 200 once the PSA has answered: the PSA's status, whatever it is, and the PSA's body.",
  },
} as const satisfies Record<string, Published>;

export function schemaText({ schema, title, description }: Published): string {
  return `${JSON.stringify({ ...z.toJSONSchema(schema, { target: 'draft-2020-12' }), title, description }, null, 2)}\n`;
}

/** Publishes them anew: `node tests/support/run.js tests/support/schemas.ts`. */
export function main(): number {
  for (const one of Object.values(published)) writeFileSync(one.file, schemaText(one));
  return 0;
}
