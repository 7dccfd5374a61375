import type { BillingCalendar } from '../../domain/calendar';
import type { Derivation } from '../../domain/derivation';
import type { GridLine } from '../../domain/grid';
import type { PlanLine } from '../../domain/plan';
import type { Standing } from '../../domain/standing';
import type { SyncChoices } from '../../domain/sync-choices';
import type { SyncFacts } from '../../domain/sync-facts';
import type { PsaRules } from '../../domain/sync-rules';
import type { Database } from '../../storage/db';
import { derivationOfCount, derivationOfLine } from '../../storage/explanations';
import { derivationOfPast } from '../../storage/past-derivation';
import type { PlanRecord } from '../../storage/rows';

/** Whose numbers are asked about: a line that a sync would make, a count, or a line of a confirmed plan. */
export type Question =
  | { readonly of: 'line'; readonly facts: SyncFacts; readonly choices: SyncChoices; readonly rules: PsaRules; readonly line: GridLine }
  | { readonly of: 'count'; readonly standing: Standing; readonly subProduct: string }
  | { readonly of: 'past'; readonly record: PlanRecord; readonly line: PlanLine; readonly rules: PsaRules };

export function answerTo(db: Database, question: Question, calendar: BillingCalendar): Promise<Derivation> {
  switch (question.of) {
    case 'line':
      return derivationOfLine(db, question);
    case 'count':
      return derivationOfCount(db, { ...question, calendar });
    case 'past':
      return derivationOfPast(db, { ...question, calendar });
  }
}
