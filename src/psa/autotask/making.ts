import type { Json } from '../../domain/canonical';
import type { Around, Change, RequestDraft, Yield } from '../../domain/change';
import type { Problem } from '../../domain/problem';
import type { Checks } from '../checks';
import { jsonHeaders } from './http';

/** A change on its way to requests, with everything that gets in the way of it. */
export interface Making {
  readonly around: Around;
  readonly problems: Problem[];
  readonly check: Checks;
}

/** The id of what was written is all that an answer says. */
export const ITEM: Yield = { field: 'itemId', where: null };

export function write(
  operation: Change['kind'],
  method: 'POST' | 'PATCH',
  path: string,
  body: Json,
  yields: Readonly<Record<string, Yield>>,
): RequestDraft {
  return { operation, method, path, query: {}, headers: jsonHeaders, body, expects: { status: [200], yields }, uses: [] };
}
