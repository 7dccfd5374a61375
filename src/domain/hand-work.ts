import type { LineStatus } from './grid';
import type { Plan, PlanRequest } from './plan';

/** One thing that the PSA has no request for, as a person does it. `n` is its place among the plan's requests. */
export interface HandWork {
  readonly n: number;
  readonly company: string;
  readonly agreement: string;
  readonly line: string;
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** The day from which it holds, or the last day of a line that ends; '' where the plan says none. */
  readonly date: string;
  readonly lineKey: string;
}

export function isHandWork({ method }: Pick<PlanRequest, 'method'>): boolean {
  return method === 'HAND';
}

/** What a plan leaves to a person, in its order. Empty where every change is a request. */
export function handWorkOf(plan: Plan): readonly HandWork[] {
  return plan.requests.flatMap((request, n) => (isHandWork(request) ? [handWork(plan, request, n)] : []));
}

function handWork(plan: Plan, { operation, line, before }: PlanRequest, n: number): HandWork {
  const { after } = line;
  const isNew = operation === 'create' || operation === 'charge';
  const fields = [
    ['quantity', before?.quantity, after?.quantity],
    ['price', before?.price, after?.price],
    ['cost', before?.cost, after?.cost],
    ['name', before?.name, isNew ? null : after?.name],
  ] as const;
  const written = fields.filter(([, , to]) => to !== null && to !== undefined);
  const ends = operation === 'end' && (after?.endDate ?? null) !== null;
  const sent = plan.lines.find(({ lineKey, status }) => lineKey === line.lineKey && status === STATUS[operation])?.sentDate ?? null;
  return {
    n,
    company: plan.company?.name ?? '',
    agreement: agreementOf(plan, line.agreementId),
    line: line.name,
    what: isNew && line.product !== '' ? `${WHAT[operation]}: ${line.product}` : WHAT[operation],
    from: isNew ? '' : ends ? `quantity ${before?.quantity ?? '?'}` : written.map(([name, from]) => `${name} ${from ?? '?'}`).join(', '),
    to: ends ? 'ended' : written.map(([name, , to]) => `${name} ${to ?? ''}`).join(', '),
    date: after?.endDate ?? after?.effectiveDate ?? sent ?? '',
    lineKey: line.lineKey,
  };
}

/** A line that moves ends on the agreement that it stood on, of which the plan knows the number alone. */
function agreementOf({ agreement }: Plan, id: string | null): string {
  return id === null || id === agreement?.id ? (agreement?.name ?? '') : `number ${id}`;
}

const WHAT: Readonly<Record<PlanRequest['operation'], string>> = {
  read: 'Find',
  create: 'Add the line',
  update: 'Change the line',
  end: 'End the line',
  charge: 'Charge once',
  export: 'Add the product',
};

const STATUS: Readonly<Record<PlanRequest['operation'], LineStatus | null>> = {
  read: null,
  create: 'Creating',
  update: 'Updating',
  end: 'Ending',
  charge: 'Creating',
  export: null,
};
