import type { Plan, PlanRequest } from '../domain/plan';
import type { Evidence, Method, PsaAdapter } from '../psa/psa';
import { title } from './text';

/** One request of a plan as the files show it: look first, send, read back. `n` counts through all plans of the file. */
export interface Step {
  readonly n: number;
  readonly request: PlanRequest & { readonly method: Method };
  /** Null where the PSA lets nobody read back what was written. */
  readonly evidence: Evidence | null;
  readonly name: string;
  /** The JSON type of the PSA's ids. */
  readonly ids: PsaAdapter['ids'];
}

/** Every request of the plans in order, without hand-work: exports come before the lines that use them. */
export function stepsOf(plans: readonly Plan[], adapter: PsaAdapter): readonly Step[] {
  return plans
    .flatMap(({ requests }) => requests.filter(isRequest))
    .map((request, index) => ({
      n: index + 1,
      request,
      evidence: adapter.evidence(request),
      ids: adapter.ids,
      name: title(`${VERBS[request.operation]} ${request.line.name}`),
    }));
}

function isRequest(request: PlanRequest): request is Step['request'] {
  return request.method !== 'HAND';
}

const VERBS: Readonly<Record<PlanRequest['operation'], string>> = {
  read: 'Find',
  create: 'Create',
  update: 'Update',
  end: 'End',
  charge: 'Charge',
  export: 'Export',
};
