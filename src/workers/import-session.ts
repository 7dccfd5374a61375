import { isDay, isPeriod, snapshotDayOf } from '../domain/calendar';
import { canonicalJson, hashOf, sha256HexOfBytes, type Json } from '../domain/canonical';
import { catalogueOf } from '../domain/catalogue';
import { profileIdOf, sameHeader, CsvProfile } from '../domain/csv-profile';
import type { Answers, FileFinding, ImporterReply, Inspection, Review } from '../domain/importing';
import { LIMITS } from '../domain/limits';
import { overlapOf, type ProductOverlap } from '../domain/overlap';
import { problem, ProblemError } from '../domain/problem';
import { mergeRegistry, type Found } from '../domain/registry';
import type { ImportRecord, UsageChunk } from '../domain/usage';
import { guessCsv, headerIn } from '../sources/csv-guess';
import { recognise, sourceNamed } from '../sources/index';
import type { SourceFile } from '../sources/source';
import { unpackFile } from '../sources/zip';
import type { Database } from '../storage/db';
import { commitImport, importOf, registryRows, stageChunk, stageImport, stageRejects } from '../storage/imports';
import { committedUsage } from '../storage/month';
import { profileOf, saveProfile } from '../storage/profiles';
import { Intake } from './intake';

type Reply = (reply: ImporterReply) => void;

interface Opened extends SourceFile {
  readonly hash: string;
  readonly kind: string;
}

/**
 * One import from picked files to the commit: inspect, stage (as often as the answers change), commit. Nothing is visible to
 * anybody before the commit. Throws a ProblemError; whatever is staged then is swept.
 */
export class ImportSession {
  readonly #db: Database;
  readonly #reply: Reply;
  #files: readonly Opened[] = [];
  #source = '';
  #unknown: readonly FileFinding[] = [];
  #findings: readonly FileFinding[] = [];
  #undated = false;
  #staged: { readonly record: ImportRecord; readonly found: Found; readonly profile: CsvProfile | null } | null = null;

  constructor(db: Database, reply: Reply) {
    this.#db = db;
    this.#reply = reply;
  }

  async inspect(picked: readonly SourceFile[]): Promise<void> {
    const files = picked.flatMap((file) => unpackFile(capped(file)));
    const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const [first] = files;
    if (first === undefined) throw new ProblemError(problem('file is empty', { file: picked[0]?.name ?? '' }));
    if (total > LIMITS.bytes) throw new ProblemError(problem('file is too large', { file: first.name, bytes: total, limit: LIMITS.bytes }));
    await this.#sort(files);
    this.#reply({ type: 'inspected', inspection: await this.#inspection() });
  }

  async lookAgain(headerRow: number): Promise<void> {
    this.#reply({ type: 'inspected', inspection: await this.#inspection(headerRow) });
  }

  async stage(now: string, answers: Answers): Promise<void> {
    this.#staged = null;
    const record = await this.#recordOf(now, answers);
    const known = await importOf(this.#db, record.id);
    if (known?.state === 'committed') {
      this.#reply({ type: 'known', record: known });
      return;
    }
    await stageImport(this.#db, now, record);
    const summaries = this.#source === 'pax8' ? await this.#db.summaries.toCollection().primaryKeys() : [];
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
    for (const file of this.#unknown) {
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
    const overlap = await this.#overlap({ record: staged, chunks }, found);
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

  /** Which files count, in the order in which they are read: what names things before what is named. */
  async #sort(files: readonly SourceFile[]): Promise<void> {
    const opened: (Opened & { readonly source: string; readonly undated: boolean })[] = [];
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
    if (opened.some(({ source }) => source !== first.source)) {
      throw new ProblemError(problem('files do not belong together', { files: opened.map(({ name, kind }) => `${name} (${kind})`) }));
    }
    this.#files = opened.sort((left, right) => placeOf(left.kind) - placeOf(right.kind));
    this.#source = first.source;
    this.#undated = opened.some(({ undated }) => undated);
    this.#unknown = unknown;
    this.#findings = findings;
  }

  async #inspection(headerRow?: number): Promise<Inspection> {
    const shared = { files: this.#findings, source: this.#source, undated: this.#undated };
    const [first] = this.#files;
    if (this.#source !== 'csv' || first === undefined) return { ...shared, csv: null };
    const chosen = headerRow === undefined ? {} : { headerRow };
    const guess = guessCsv(first, { ...chosen, styles: false });
    if (guess === null || guess.header.length > LIMITS.columns)
      throw new ProblemError(problem('file is not recognised', { file: first.name }));
    if (guess.repeated.length > 0) throw new ProblemError(problem('header is repeated', { file: first.name, names: guess.repeated }));
    const strangers = this.#files.filter((file) => headerIn(file, guess.delimiter, guess.header) === null);
    if (strangers.length > 0) {
      throw new ProblemError(problem('files do not belong together', { files: [first, ...strangers].map(({ name }) => name) }));
    }
    const saved = await profileOf(this.#db, profileIdOf(guess.header));
    const settings = CsvProfile.safeParse(saved?.settings);
    const fits =
      saved !== undefined &&
      settings.success &&
      sameHeader(settings.data.header, guess.header) &&
      settings.data.delimiter === guess.delimiter;
    if (fits) return { ...shared, csv: { guess, saved: { name: saved.name, profile: settings.data } } };
    return { ...shared, csv: { guess: guessCsv(first, chosen) ?? guess, saved: null } };
  }

  async #recordOf(now: string, answers: Answers): Promise<ImportRecord> {
    const dated = this.#source === 'csv' ? answers.profile?.columns.date !== undefined : !this.#undated;
    const asked = dated ? { date: null, final: null } : { date: answers.date, final: answers.final };
    if (!dated && (asked.final === null || !isPeriod(asked.final)) && (asked.date === null || !isDay(asked.date))) {
      throw new ProblemError(problem('text is missing', { field: 'date' }));
    }
    if (this.#source === 'csv' && answers.profile === null) throw new ProblemError(problem('text is missing', { field: 'profile' }));
    const profile = answers.profile === null ? null : await this.#profileVersion(answers.profile);
    const identity = { files: this.#files.map(({ hash }) => hash).sort(), source: this.#source, profile, ...asked, copies: answers.copies };
    return {
      id: hashOf(identity),
      seq: 0,
      source: this.#source,
      profile,
      state: 'staged',
      files: this.#findings
        .filter(({ sameAs }) => sameAs === null)
        .map(({ name, bytes, kind }) => ({ name, bytes, kind: kind ?? 'not recognised' })),
      counts: { read: 0, accepted: 0, rejected: 0, blank: 0, warned: 0 },
      slices: 0,
      periods: [],
      final: asked.final,
      complete: false,
      at: now,
    };
  }

  async #profileVersion(profile: CsvProfile): Promise<string> {
    const id = profileIdOf(profile.header);
    const saved = await profileOf(this.#db, id);
    const same = saved !== undefined && canonicalJson(saved.settings) === canonicalJson(profile as unknown as Json);
    return `${id}@${saved === undefined ? 1 : same ? saved.version : saved.version + 1}`;
  }

  async #readAll(intake: Intake, answers: Answers, final: string | null, store: () => Promise<void>): Promise<void> {
    const date = final === null ? answers.date : snapshotDayOf(final);
    const total = this.#files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let done = 0;
    for (const file of this.#files) {
      const reading = { date, profile: answers.profile, summaries: intake.summaries };
      for (const row of sourceNamed(this.#source)?.read(file, reading) ?? []) {
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

  async #overlap(staged: { record: ImportRecord; chunks: readonly UsageChunk[] }, found: Found): Promise<ProductOverlap[]> {
    const earlier = (await committedUsage(this.#db, staged.record.periods)).filter(({ record }) => record.source === staged.record.source);
    if (earlier.length === 0) return [];
    return overlapOf(staged, earlier, catalogueOf(mergeRegistry(await registryRows(this.#db), found, this.#source)));
  }
}

const PROGRESS_ROWS = 5000;
const ORDER = ['companies', 'products', 'subscriptions', 'usage-summaries'];

function placeOf(kind: string): number {
  const place = ORDER.indexOf(kind);
  return place < 0 ? ORDER.length : place;
}

function capped(file: SourceFile): SourceFile {
  if (file.bytes.length > LIMITS.bytes)
    throw new ProblemError(problem('file is too large', { file: file.name, bytes: file.bytes.length, limit: LIMITS.bytes }));
  return file;
}

function reviewOf(record: ImportRecord, found: Found, overlap: ProductOverlap[], reasons: Review['reasons'], intake: Intake): Review {
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

function profileName(record: ImportRecord): string {
  return (record.files[0]?.name ?? 'CSV').replace(/\.[^.]*$/, '');
}

/** SHA-256 by the browser where it has it (secure origins), else by our own code. */
async function digest(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto as { readonly subtle?: SubtleCrypto };
  if (subtle === undefined) return sha256HexOfBytes(bytes);
  const { buffer, byteOffset, length } = bytes;
  const own = buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, length) : bytes.slice();
  const hash = new Uint8Array(await subtle.digest('SHA-256', own));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
