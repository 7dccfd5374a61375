import type { Day } from '../../src/domain/calendar';
import type { Around, ProductReference } from '../../src/domain/change';
import type { Json } from '../../src/domain/canonical';
import type { ProductExport } from '../../src/domain/agreement';
import type { PsaAdapter, PsaRequest } from '../../src/psa/psa';
import type { Row, Sandbox, SandboxState } from '../../src/sandbox/sandbox';
import type { Outcomes } from './journeys.ts';

/** A line that the PSA holds before a journey begins. */
export interface HeldLine {
  readonly id: string;
  /** Our line key, or null where the line is somebody's own. A PSA that keeps no key leaves it out. */
  readonly key: string | null;
  readonly quantity: number;
  readonly price: number;
  readonly cost: number;
  readonly name: string;
  readonly start: Day;
}

/** What makes an agreement unfit, or moves its start: as the PSA's own record says it, and as the page then refuses it. */
export const AGREEMENT_STATES = ['not in force', 'ended', 'not monthly', 'not started', 'started late', 'in euros'] as const;
export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** One PSA as the conformance suites drive it: the ids that its sandbox answers with, and what its contract must refuse. */
export interface PsaFixture {
  readonly adapter: PsaAdapter;
  /** Where the PSA's paths begin behind a real server: '' or such as `/api`. */
  readonly base: string;
  readonly tenant: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What the partner enters, by field name: tenant and secrets. */
  readonly account: Readonly<Record<string, string>>;
  readonly companyId: string;
  readonly agreementId: string;
  /** The product of the lines below, known by its id. */
  readonly product: ProductReference;
  /** Ids of lines that the sandbox holds: two of them, for journeys that need a second one. */
  readonly lineIds: readonly [string, string];
  /** The table with the record of `agreementId` and the field of its ids, and what turns that record into each state; null where the PSA's record cannot say it. */
  readonly agreementTable: readonly [table: string, id: string];
  readonly agreementStates: Readonly<Record<AgreementState, Row | null>>;
  /** The table of the customers and the field of its ids. */
  readonly companyTable: readonly [table: string, id: string];
  /** An export that the PSA takes. */
  readonly exported: Pick<ProductExport, 'identifier' | 'category' | 'type' | 'unit'>;
  readonly lookups: Around['lookups'];
  /** The PSA with that company, agreement and product, and with lines on the agreement. */
  readonly sandbox: (held?: readonly HeldLine[]) => SandboxState;
  /** What plays the PSA where the registry of sandboxes does not know it. */
  readonly sandboxes?: readonly Sandbox[];
  /** What bills on the agreement by the PSA's own tables: for a PSA whose lines nobody can read. */
  readonly inside?: (state: SandboxState) => readonly Outcomes[];
  /** False where our key is written when a line is made and never again: a line that was taken over is known by its id. */
  readonly keysTakeovers?: false;
  /** What an id that an earlier request yields looks like in a body. */
  readonly someId: Json;
  /** Whether a request writes. */
  readonly writes: (request: Pick<PsaRequest, 'method' | 'path' | 'body'>) => boolean;
  /** Replacements in the exported collection of a new line that the closed contract must refuse: name, right text, wrong text. */
  readonly spoils: readonly (readonly [name: string, right: string, wrong: string])[];
}
