import * as z from 'zod/mini';

const texts = z.record(z.string(), z.string());

/** What protocol Relay posts for each request (`docs/relay.md`). `data` has the same bytes on every attempt; no credential is in it. */
export const EnvelopeSchema = z.strictObject({
  type: z.literal('tallyline.request'),
  /** When it was sent. */
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    /** The Idempotency-Key: `tl1-` and 32 hex digits for what changes something, any other text for a read. */
    key: z.string().check(z.minLength(1)),
    psa: z.string(),
    /** The partner's account at the PSA. */
    tenant: z.string(),
    method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
    /** Relative to the PSA's base URL, which the relay knows. */
    path: z.string(),
    query: texts,
    headers: texts,
    body: z.json(),
    /** What it means to a person. */
    line: z.string(),
  }),
});
export type Envelope = z.infer<typeof EnvelopeSchema>;

/** What a relay answers with status 200 when the PSA has answered, whatever the PSA said. */
export const RelayAnswerSchema = z.looseObject({
  status: z.int().check(z.gte(100), z.lte(599)),
  body: z.json(),
  /** `link` and `retry-after` of the PSA; names in any case. */
  headers: z.optional(z.record(z.string(), z.unknown())),
});
