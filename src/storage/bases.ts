import { basisFrom, type Basis, type BasisText } from '../domain/basis';
import { sha256Hex } from '../domain/canonical';
import { problem, ProblemError } from '../domain/problem';
import type { Database } from './db';
import type { BasisRecord } from './rows';

/** Inside the transaction that confirms plans: what they were made of, each text once. */
export async function keepBases(db: Database, bases: readonly BasisText[]): Promise<void> {
  const records = new Map<string, BasisRecord>();
  for (const { hash, own, common } of bases) {
    records.set(common.hash, { hash: common.hash, text: common.text, common: null });
    records.set(hash, { hash, text: own, common: common.hash });
  }
  await db.bases.bulkPut([...records.values()]);
}

/** What a plan was made of. Throws `record is damaged` where it is gone or is not what was kept. */
export async function basisOf(db: Database, hash: string): Promise<Basis> {
  const own = await db.bases.get(hash);
  const common = await db.bases.get(own?.common ?? '');
  const intact = own !== undefined && common !== undefined && sha256Hex(common.text) === common.hash;
  if (!intact || sha256Hex(`${common.hash}${own.text}`) !== hash)
    throw new ProblemError(problem('record is damaged', { what: `basis ${hash}` }));
  return basisFrom(own.text, common.text);
}
