import type { Plan, PlanRequest } from './plan';

/** One thing that the PSA has no request for, as a person does it. `n` is its place among the plan's requests. */
export interface HandWork {
  readonly n: number;
  readonly agreement: string;
  readonly line: string;
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly lineKey: string;
}

/** What a plan leaves to a person, in its order. Empty where every change is a request. */
export function handWorkOf(plan: Plan): readonly HandWork[] {
  return plan.requests.flatMap((request, n) => (request.method === 'HAND' ? [handWork(plan, request, n)] : []));
}

function handWork(plan: Plan, { operation, line, before }: PlanRequest, n: number): HandWork {
  const { after } = line;
  const fields = [
    ['quantity', before?.quantity, after?.quantity],
    ['price', before?.price, after?.price],
    ['cost', before?.cost, after?.cost],
    ['name', before?.name, after?.name],
  ] as const;
  const written = fields.filter(([, , to]) => to !== null && to !== undefined);
  const isNew = operation === 'create' || operation === 'charge';
  const ends = operation === 'end' && (after?.endDate ?? null) !== null;
  return {
    n,
    agreement: plan.agreement?.name ?? '',
    line: line.name,
    what: WHAT[operation],
    from: ends ? (before?.quantity ?? '') : isNew ? '' : written.map(([name, from]) => `${name} ${from ?? '?'}`).join(', '),
    to: ends ? 'ended' : written.map(([name, , to]) => `${name} ${to ?? ''}`).join(', '),
    date: after?.endDate ?? after?.effectiveDate ?? '',
    lineKey: line.lineKey,
  };
}

const WHAT: Readonly<Record<PlanRequest['operation'], string>> = {
  read: 'Find',
  create: 'Add the line',
  update: 'Change the line',
  end: 'End the line',
  charge: 'Charge once',
  export: 'Add the product',
};
