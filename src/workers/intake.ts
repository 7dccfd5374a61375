import { periodOf, type Day, type Period } from '../domain/calendar';
import type { ReasonGroup, RowProblem } from '../domain/importing';
import type { Company, Subscription, UsageSummary } from '../domain/marketplace';
import { UsagePacker } from '../domain/pack';
import type { Found, NamedSubProduct } from '../domain/registry';
import type { ImportRecord, UsageChunk, UsageLine } from '../domain/usage';
import type { PageNumber, SourceRecord, SourceRow } from '../sources/source';
import { Twins, type Twin } from './twins';

const REJECT_ROWS = 1000;
const SHOWN = 20;

/**
 * Takes rows of one import from its source, in order: counts every one of them as accepted, rejected or blank, finds rows that count
 * the same thing twice, packs usage and collects names. Full chunks and full slices of problems wait to be stored.
 */
export class Intake {
  readonly chunks: UsageChunk[] = [];
  readonly rejects: RowProblem[][] = [];
  readonly samples: RowProblem[] = [];
  readonly summaries: Set<string>;
  copies = 0;
  readonly #packer: UsagePacker;
  readonly #keepCopies: boolean;
  readonly #counts = { read: 0, accepted: 0, rejected: 0, blank: 0, warned: 0 };
  readonly #reasons = new Map<string, { reason: string; severity: RowProblem['severity']; count: number }>();
  readonly #days = new Set<Day>();
  readonly #twins = new Twins();
  readonly #pages = new Pages();
  readonly #registry = { companies: new Map<string, Company>(), products: new Map<string, Found['products'][number]>() };
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #summaries = new Map<string, UsageSummary>();
  readonly #named = new Map<number, NamedSubProduct>();
  readonly #strangers = new Set<string>();
  #problems: RowProblem[] = [];

  constructor(importId: string, known: Iterable<string>, copies: 'once' | 'each') {
    this.#packer = new UsagePacker(importId);
    this.#keepCopies = copies === 'each';
    this.summaries = new Set(known);
  }

  get rows(): number {
    return this.#counts.read;
  }

  take(row: SourceRow): void {
    if (row.page !== undefined) this.#pages.add(row.page);
    if (row.row === 0) {
      for (const problem of row.problems) this.#note(problem);
      return;
    }
    this.#counts.read++;
    let record = row.record;
    let failed = row.problems.some(({ severity }) => severity === 'error');
    let warned = !failed && row.problems.length > 0;
    for (const problem of row.problems) this.#note(problem);
    if (record?.kind === 'usage' && !failed) {
      const twin = this.#twins.find(record.line);
      if (twin !== null) {
        const problem = this.#problemOf(twin, record.line);
        this.#note(problem);
        failed = problem.severity === 'error';
        warned ||= !failed;
        if (failed) record = null;
      }
    }
    if (failed) this.#counts.rejected++;
    else if (record === null) this.#counts.blank++;
    else this.#counts.accepted++;
    if (warned) this.#counts.warned++;
    if (record !== null) this.#keep(record);
  }

  /** A row that could not be taken for a reason of the import itself. */
  refuse(problem: RowProblem): void {
    this.#counts.read++;
    this.#counts.rejected++;
    this.#note(problem);
  }

  finish(): { counts: ImportRecord['counts']; slices: number; periods: Period[]; reasons: ReasonGroup[]; found: Found } {
    for (const missing of this.#pages.missing()) this.#note(missing);
    const last = this.#packer.finish();
    if (last !== null) this.chunks.push(last);
    if (this.#problems.length > 0) this.rejects.push(this.#problems);
    this.#problems = [];
    return {
      counts: { ...this.#counts },
      slices: this.#packer.slices,
      periods: [...new Set([...this.#days].map(periodOf))].sort(),
      reasons: [...this.#reasons.values()].sort((left, right) => right.count - left.count),
      found: {
        companies: [...this.#registry.companies.values()],
        products: [...this.#registry.products.values()],
        subscriptions: [...this.#subscriptions.values()],
        summaries: [...this.#summaries.values()],
        named: [...this.#named.values()],
      },
    };
  }

  #keep(record: SourceRecord): void {
    if (record.kind === 'usage') this.#pack(record.line);
    else if (record.kind === 'company') this.#registry.companies.set(record.company.id, record.company);
    else if (record.kind === 'product') {
      const { name, vendor, ids } = record.product;
      for (const id of ids) this.#registry.products.set(id, { id, name, vendor });
    } else if (record.kind === 'subscription') this.#subscriptions.set(record.subscription.id, record.subscription);
    else if (record.kind === 'summary') {
      this.#summaries.set(record.summary.id, record.summary);
      this.summaries.add(record.summary.id);
    }
  }

  #pack(line: UsageLine): void {
    this.#days.add(line.date);
    const { product, summary, subProductId: id, subProductName: name, unit } = line;
    const what = this.#twins.what(line);
    const named = this.#named.get(what);
    if (named === undefined || (named.summary !== null && named.summary !== summary && !this.summaries.has(named.summary))) {
      this.#named.set(what, { product, summary, id, name, unit });
    }
    if (summary !== null && !this.summaries.has(summary) && !this.#strangers.has(summary)) {
      this.#strangers.add(summary);
      const reason = 'The usage summary of this line is not imported yet: nobody is billed for it until it is';
      this.#note({ file: line.file, row: line.row, column: 'usageSummaryId', value: summary, reason, severity: 'warning' });
    }
    const full = this.#packer.add(line);
    if (full !== null) this.chunks.push(full);
  }

  #problemOf(twin: Twin, line: UsageLine): RowProblem {
    const at = {
      file: line.file,
      row: line.row,
      column: null,
      value: `${line.site ?? line.summary ?? ''}, ${line.subProductName}, ${line.date}`,
    };
    const there = twin.file === line.file ? `row ${twin.row}` : `row ${twin.row} of ${twin.file}`;
    if (twin.exact) {
      this.copies++;
      if (this.#keepCopies) return { ...at, reason: 'An exact copy of another row, counted as well', severity: 'warning' };
      return { ...at, value: `${at.value}: ${there}`, reason: 'An exact copy of another row', severity: 'error' };
    }
    if (twin.file !== line.file) {
      const reason =
        'Another file of this import counts the same site, sub-product and date differently: import the newer file by itself afterwards';
      return { ...at, value: `${at.value}: ${there}`, reason, severity: 'error' };
    }
    return {
      ...at,
      value: `${at.value}: ${there}`,
      reason: 'Another row counts the same site, sub-product and date: both are added',
      severity: 'warning',
    };
  }

  #note(problem: RowProblem): void {
    const group = this.#reasons.get(`${problem.severity} ${problem.reason}`) ?? {
      reason: problem.reason,
      severity: problem.severity,
      count: 0,
    };
    group.count++;
    this.#reasons.set(`${problem.severity} ${problem.reason}`, group);
    if (this.samples.length < SHOWN) this.samples.push(problem);
    this.#problems.push(problem);
    if (this.#problems.length < REJECT_ROWS) return;
    this.rejects.push(this.#problems);
    this.#problems = [];
  }
}

/** Pages of answers, over all files: an answer whose pages are not all there misses customers. */
class Pages {
  readonly #answers = new Map<string, { total: number; numbers: Map<number, number> }>();

  add({ answer, number, total }: PageNumber): void {
    const key = `${answer}, ${total} pages`;
    const seen = this.#answers.get(key) ?? { total, numbers: new Map<number, number>() };
    seen.numbers.set(number, (seen.numbers.get(number) ?? 0) + 1);
    this.#answers.set(key, seen);
  }

  *missing(): Generator<RowProblem> {
    for (const [answer, { total, numbers }] of this.#answers) {
      const most = Math.max(...numbers.values());
      const absent = Array.from({ length: Math.min(total, 1000) }, (_, number) => number).filter(
        (number) => (numbers.get(number) ?? 0) < most,
      );
      if (absent.length === 0) continue;
      const value = `${answer}: page ${absent.map((number) => number + 1).join(', ')} is missing`;
      yield {
        file: '',
        row: 0,
        column: 'page',
        value: value.slice(0, 200),
        reason: 'Not all pages of an answer are among the files: customers may be missing',
        severity: 'warning',
      };
    }
  }
}
