import * as z from 'zod/mini';
import { CsvProfile } from '../domain/csv-profile';

/** What the importer is asked. The first message opens the database; `now` is the workspace's clock. */
export const ImporterOrder = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('inspect'),
    database: z.string(),
    uuid: z.string(),
    now: z.string(),
    files: z.array(z.strictObject({ name: z.string(), blob: z.instanceof(Blob) })),
  }),
  z.strictObject({ type: z.literal('look again'), headerRow: z.int().check(z.gte(1), z.lte(20)) }),
  z.strictObject({
    type: z.literal('stage'),
    now: z.string(),
    answers: z.strictObject({
      date: z.nullable(z.string()),
      final: z.nullable(z.string()),
      profile: z.nullable(CsvProfile),
      copies: z.enum(['once', 'each']),
    }),
  }),
  z.strictObject({ type: z.literal('commit'), now: z.string(), complete: z.boolean() }),
]);
export type ImporterOrder = z.infer<typeof ImporterOrder>;
