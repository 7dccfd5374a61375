import { snapshotDayOf } from '../domain/calendar';
import type { Json } from '../domain/canonical';
import { profileIdOf, type CsvProfile } from '../domain/csv-profile';
import type { Answers, ImporterReply } from '../domain/importing';
import { LIMITS } from '../domain/limits';
import { problem, ProblemError } from '../domain/problem';
import type { Found } from '../domain/registry';
import type { ImportRecord, UsageChunk } from '../domain/usage';
import { sourceNamed } from '../sources/index';
import type { SourceFile } from '../sources/source';
import type { Database } from '../storage/db';
import { commitImport, importOf, stageChunk, stageImport, stageRejects } from '../storage/imports';
import { saveProfile } from '../storage/profiles';
import { recordOf } from './import-record';
import { inspectionOf } from './inspection';
import { Intake } from './intake';
import { openFiles, type PickedFiles } from './picked-files';
import { overlapWithEarlier, reviewOf } from './review';

type Reply = (reply: ImporterReply) => void;

/**
 * One import from picked files to the commit: inspect, stage (as often as the answers change), commit. Nothing is visible to
 * anybody before the commit. Throws a ProblemError; whatever is staged then is swept.
 */
export class ImportSession {
  readonly #db: Database;
  readonly #reply: Reply;
  #picked = NOTHING;
  #staged: { readonly record: ImportRecord; readonly found: Found; readonly profile: CsvProfile | null } | null = null;

  constructor(db: Database, reply: Reply) {
    this.#db = db;
    this.#reply = reply;
  }

  async inspect(picked: readonly SourceFile[]): Promise<void> {
    this.#picked = await openFiles(picked);
    this.#reply({ type: 'inspected', inspection: await inspectionOf(this.#db, this.#picked) });
  }

  async lookAgain(headerRow: number): Promise<void> {
    this.#reply({ type: 'inspected', inspection: await inspectionOf(this.#db, this.#picked, headerRow) });
  }

  async stage(now: string, answers: Answers): Promise<void> {
    this.#staged = null;
    const record = await recordOf(this.#db, now, this.#picked, answers);
    const known = await importOf(this.#db, record.id);
    if (known?.state === 'committed') {
      this.#reply({ type: 'known', record: known });
      return;
    }
    await stageImport(this.#db, now, record);
    const summaries = this.#picked.source === 'pax8' ? await this.#db.summaries.toCollection().primaryKeys() : [];
    const intake = new Intake(record.id, summaries, answers.copies);
    const chunks: UsageChunk[] = [];
    let slice = 0;
    const store = async () => {
      for (const chunk of intake.chunks.splice(0)) {
        await stageChunk(this.#db, now, chunk);
        chunks.push(chunk);
      }
      for (const rows of intake.rejects.splice(0))
        await stageRejects(this.#db, now, record.id, slice++, rows as unknown as readonly Json[]);
    };
    for (const file of this.#picked.unknown) {
      intake.refuse({
        file: file.name,
        row: 0,
        column: null,
        value: '',
        reason: 'This file is of no kind that can be read',
        severity: 'error',
      });
    }
    await this.#readAll(intake, answers, record.final, store);
    const { found, reasons, counts, periods, slices } = intake.finish();
    await store();
    const staged: ImportRecord = { ...record, counts, slices, periods };
    this.#staged = { record: staged, found, profile: answers.profile };
    const overlap = await overlapWithEarlier(this.#db, { record: staged, chunks }, found);
    this.#reply({ type: 'staged', review: reviewOf(staged, found, overlap, reasons, intake) });
  }

  async commit(now: string, complete: boolean): Promise<void> {
    if (this.#staged === null) throw new ProblemError(problem('import was not started', {}));
    const { record, found, profile } = this.#staged;
    if (profile !== null) {
      const id = profileIdOf(profile.header);
      await saveProfile(this.#db, now, { id, name: profileName(record), header: profile.header, settings: profile as unknown as Json });
    }
    this.#reply({ type: 'committed', ...(await commitImport(this.#db, now, { ...record, complete }, found)) });
  }

  async #readAll(intake: Intake, answers: Answers, final: string | null, store: () => Promise<void>): Promise<void> {
    const date = final === null ? answers.date : snapshotDayOf(final);
    const total = this.#picked.files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let done = 0;
    for (const file of this.#picked.files) {
      const reading = { date, profile: answers.profile, summaries: intake.summaries };
      for (const row of sourceNamed(this.#picked.source)?.read(file, reading) ?? []) {
        intake.take(row);
        if (intake.chunks.length > 0 || intake.rejects.length > 0) await store();
        if (intake.rows % PROGRESS_ROWS === 0)
          this.#reply({ type: 'progress', progress: { bytes: done + row.bytes, total, rows: intake.rows } });
        if (intake.rows < LIMITS.rows) continue;
        const reason = `There are more than ${LIMITS.rows} rows: nothing behind this row was read`;
        intake.refuse({ file: file.name, row: row.row + 1, column: null, value: '', reason, severity: 'error' });
        return;
      }
      done += file.bytes.length;
      this.#reply({ type: 'progress', progress: { bytes: done, total, rows: intake.rows } });
    }
  }
}

const NOTHING: PickedFiles = { files: [], source: '', undated: false, unknown: [], findings: [] };
const PROGRESS_ROWS = 5000;

function profileName(record: ImportRecord): string {
  return (record.files[0]?.name ?? 'CSV').replace(/\.[^.]*$/, '');
}
