import type { FileFinding } from '../domain/importing';
import { LIMITS } from '../domain/limits';
import { problem, ProblemError } from '../domain/problem';
import { recognise, sourceNamed } from '../sources/index';
import type { SourceFile } from '../sources/source';
import { unpackFile } from '../sources/zip';
import { digest } from './digest';

interface OpenedFile extends SourceFile {
  readonly hash: string;
  readonly kind: string;
}

export interface PickedFiles {
  /** Those that count, in the order in which they are read. */
  readonly files: readonly OpenedFile[];
  readonly source: string;
  readonly undated: boolean;
  /** Files of no kind that can be read. */
  readonly unknown: readonly FileFinding[];
  /** What was found in every file, also in those that do not count. */
  readonly findings: readonly FileFinding[];
}

/** Opens what was picked. Throws a ProblemError unless at least one file can be read, and all of them belong to one source. */
export async function openFiles(picked: readonly SourceFile[]): Promise<PickedFiles> {
  const files = picked.flatMap((file) => unpackFile(capped(file)));
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const [first] = files;
  if (first === undefined) throw new ProblemError(problem('file is empty', { file: picked[0]?.name ?? '' }));
  if (total > LIMITS.bytes) throw new ProblemError(problem('file is too large', { file: first.name, bytes: total, limit: LIMITS.bytes }));
  return sortFiles(files);
}

function capped(file: SourceFile): SourceFile {
  if (file.bytes.length > LIMITS.bytes)
    throw new ProblemError(problem('file is too large', { file: file.name, bytes: file.bytes.length, limit: LIMITS.bytes }));
  return file;
}

/** Which files count, in the order in which they are read: what names things before what is named. */
async function sortFiles(files: readonly SourceFile[]): Promise<PickedFiles> {
  const opened: (OpenedFile & { readonly source: string; readonly undated: boolean })[] = [];
  const unknown: FileFinding[] = [];
  const findings: FileFinding[] = [];
  const begun = files.map((file) => ({ file, hashing: digest(file.bytes) }));
  for (const { file, hashing } of begun) {
    const recognised = file.bytes.length === 0 ? null : recognise(file);
    const hash = await hashing;
    const same = opened.find((other) => other.hash === hash);
    const finding: FileFinding = {
      name: file.name,
      bytes: file.bytes.length,
      kind: recognised?.kind ?? null,
      sameAs: same?.name ?? null,
    };
    findings.push(finding);
    if (same !== undefined) continue;
    if (recognised === null) unknown.push(finding);
    else opened.push({ ...file, ...recognised, hash });
  }
  const [first] = opened;
  if (first === undefined) {
    const [file] = files;
    throw new ProblemError(
      file?.bytes.length === 0
        ? problem('file is empty', { file: file.name })
        : problem('file is not recognised', { file: file?.name ?? '' }),
    );
  }
  opened.sort((left, right) => placeOf(left.kind) - placeOf(right.kind));
  const groups = [...new Set(opened.map(({ source }) => source))].map((source) => ({
    source: sourceNamed(source)?.label ?? source,
    header: null,
    files: opened.filter((file) => file.source === source).map(({ name }) => name),
  }));
  if (groups.length > 1) throw new ProblemError(problem('files do not belong together', { groups }));
  return {
    files: opened,
    source: first.source,
    undated: opened.some(({ undated }) => undated),
    unknown,
    findings,
  };
}

const ORDER = ['companies', 'products', 'subscriptions', 'usage-summaries'];

function placeOf(kind: string): number {
  const place = ORDER.indexOf(kind);
  return place < 0 ? ORDER.length : place;
}
