import { catalogueOf } from '../domain/catalogue';
import type { Review } from '../domain/importing';
import { overlapOf, type ProductOverlap } from '../domain/overlap';
import { mergeRegistry, type Found } from '../domain/registry';
import type { ImportRecord, UsageChunk } from '../domain/usage';
import type { Database } from '../storage/db';
import { registryRows } from '../storage/imports';
import { committedUsage } from '../storage/month';
import type { Intake } from './intake';

/** What a staged import would change of what its source has counted before. */
export async function overlapWithEarlier(
  db: Database,
  staged: { readonly record: ImportRecord; readonly chunks: readonly UsageChunk[] },
  found: Found,
): Promise<ProductOverlap[]> {
  const earlier = (await committedUsage(db, staged.record.periods)).filter(({ record }) => record.source === staged.record.source);
  if (earlier.length === 0) return [];
  return overlapOf(staged, earlier, catalogueOf(mergeRegistry(await registryRows(db), found, staged.record.source)));
}

export function reviewOf(
  record: ImportRecord,
  found: Found,
  overlap: ProductOverlap[],
  reasons: Review['reasons'],
  intake: Intake,
): Review {
  const disputed = overlap.some(({ changed, unmentioned }) => changed > 0 || unmentioned > 0);
  return {
    importId: record.id,
    counts: record.counts,
    periods: record.periods,
    reasons,
    samples: intake.samples,
    copies: intake.copies,
    overlap,
    registry: {
      companies: found.companies.length,
      products: found.products.length,
      subscriptions: found.subscriptions.length,
      summaries: found.summaries.length,
    },
    clean: record.counts.rejected === 0 && record.counts.accepted > 0 && !disputed,
  };
}
