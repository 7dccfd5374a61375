import type { PlanRequest } from '../domain/plan';
import { problem, type Problem } from '../domain/problem';
import type { Finding } from '../domain/proof';

/** What stands in the way where the PSA holds something else than a request believed or wrote. */
export function conflictOf({ operation, line }: PlanRequest, finding: Extract<Finding, { kind: 'different' }>): Problem {
  if (operation === 'export') return problem('line may already be there', { line: line.name, candidate: finding.id });
  if (finding.copies.length > 0) return problem('line exists more than once', { line: line.name, ids: [finding.id, ...finding.copies] });
  return problem('line was changed meanwhile', { line: line.name, field: finding.field, believed: finding.believed, found: finding.found });
}
