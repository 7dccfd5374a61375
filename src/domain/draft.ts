import type { Agreement, Connection, ProductExport } from './agreement';
import type { Period } from './calendar';
import type { SyncOption } from './change';
import { productUse } from './line-changes';
import type { Grid, GridLine, LeftLine } from './grid';
import type { Company, Customer } from './marketplace';
import { productKeyOf, type PlanDraft, type PlanLine } from './plan';

/** What a plan of lines is made of, beside the grid. */
export interface PlanContext {
  readonly psa: string;
  readonly connection: Pick<Connection, 'name' | 'tenant'>;
  readonly company: { readonly company: Company; readonly psaId: string };
  readonly vendor: string;
  readonly customer: Customer;
  readonly agreement: Agreement;
  readonly period: Period;
  readonly option: SyncOption;
  readonly imports: readonly string[];
}

/** The draft of a plan of lines: every line of the grid, every change that it makes, endings first. */
export function draftOf(grid: Grid, context: PlanContext): PlanDraft {
  const { company, customer, vendor } = context;
  return {
    kind: 'lines',
    psa: context.psa,
    connection: { name: context.connection.name, tenant: context.connection.tenant },
    company: { id: company.company.id, name: company.company.name, psaId: company.psaId },
    customer: { vendor, product: customer.product, site: customer.site },
    agreement: { id: context.agreement.id, name: context.agreement.name },
    period: context.period,
    option: context.option,
    currency: grid.currency,
    inputs: inputsOf(grid, context.imports),
    lines: grid.lines.map(planLineOf),
    left: grid.left.map((left) => ({ name: left.name, code: reasonOf(left), money: left.money })),
    totals: grid.totals,
    changes: grid.lines.flatMap((line) => line.changes.map((change) => ({ change, settled: line.settled }))),
  };
}

/** The draft of a plan that exports products. Its lines are the products; it has no customer. */
export function exportDraftOf(
  products: readonly ProductExport[],
  context: { psa: string; connection: Pick<Connection, 'name' | 'tenant'>; vendor: string; period: Period },
): PlanDraft {
  const { psa, connection, vendor, period } = context;
  return {
    kind: 'export',
    psa,
    connection: { name: connection.name, tenant: connection.tenant },
    company: null,
    customer: null,
    agreement: null,
    period,
    option: null,
    currency: null,
    inputs: { imports: [], bindings: [], prices: [] },
    lines: [],
    left: [],
    totals: { cost: null, price: '0', margin: null, before: null },
    changes: products.map((product) => {
      const reference = productKeyOf({ psa, tenant: connection.tenant, vendor, product: product.product, subProduct: product.subProduct });
      return { change: { kind: 'export', lineKey: reference, reference, yields: productUse(product), product }, settled: 0 };
    }),
  };
}

/** Without rules there is no word of them, so a plan keeps the bytes that it had before there were any. */
function inputsOf({ inputs: { bindings, prices, rules } }: Grid, imports: readonly string[]): PlanDraft['inputs'] {
  const inputs = { imports: [...imports].sort(), bindings: [...bindings].sort(), prices: [...prices].sort() };
  return rules.length === 0 ? inputs : { ...inputs, rules: [...rules].sort() };
}

/** What a plan keeps of a line. */
export function planLineOf(line: GridLine): PlanLine {
  return {
    lineKey: line.lineKey,
    status: line.status,
    name: line.name,
    subProducts: [...line.subProducts],
    effectiveDate: line.effectiveDate,
    sentDate: line.sentDate,
    quantity: line.quantity,
    syncedQuantity: line.syncedQuantity,
    reason: line.reason,
    before: line.inPsa,
    cost: line.cost,
    price: line.price,
    total: line.total,
  };
}

function reasonOf({ reason }: LeftLine): string {
  return typeof reason === 'string' ? reason : reason.code;
}
