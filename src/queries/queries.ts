import { Query } from '@nestjs/cqrs';
import type { LogName } from '../lab/origins.js';
import type { RecordFilter } from '../study/projections/records.js';
import type { Refusal } from '../study/refusal.js';
import type { Touch } from '../study/rules/threshold.js';
import type { AsOf } from './as-of.js';

/** An answer is computed from a prefix of one study and says which: study, treeSize and root come with it. */
export type Answer = Record<string, unknown>;

abstract class StudyQuery extends Query<Answer | Refusal> {
  constructor(
    readonly study: string,
    readonly asOf: AsOf = {},
  ) {
    super();
  }
}

/** Every study of the ledger. */
export class ListStudies extends Query<Answer> {}

/** One study: what it is, how far it is, under which protocol. */
export class ShowStudy extends StudyQuery {}

/** A projection by name. */
export class ShowProjection extends StudyQuery {
  constructor(
    study: string,
    readonly projection: string,
    asOf: AsOf = {},
    readonly subject?: string,
  ) {
    super(study, asOf);
  }
}

/** A page of records as they were stored, in record order. */
export class ListRecords extends StudyQuery {
  constructor(
    study: string,
    asOf: AsOf = {},
    readonly filter: RecordFilter = {},
    readonly from = 0,
    readonly limit = 100,
  ) {
    super(study, asOf);
  }
}

/** One record, with what it corrects and what corrected it. */
export class ShowRecord extends StudyQuery {
  constructor(
    study: string,
    readonly number: number,
    asOf: AsOf = {},
  ) {
    super(study, asOf);
  }
}

/** The next filament of a run under way, by the ladder of the study's protocol, and the estimate so far. */
export class NextFilament extends StudyQuery {
  constructor(
    study: string,
    readonly touches: readonly Touch[],
    asOf: AsOf = {},
  ) {
    super(study, asOf);
  }
}

abstract class LogQuery extends Query<Answer | Refusal> {
  constructor(readonly log: LogName) {
    super();
  }
}

/** The signed head of a log. */
export class ShowCheckpoint extends LogQuery {}

/** That a record is in its log: a C2SP tlog-proof under the signed head. */
export class ShowProof extends LogQuery {
  constructor(
    log: LogName,
    readonly number: number,
  ) {
    super(log);
  }
}

/** That a log of one size begins with all of a smaller one: an RFC 6962 consistency proof. */
export class ShowConsistency extends LogQuery {
  constructor(
    log: LogName,
    readonly from = 1,
    readonly to?: number,
  ) {
    super(log);
  }
}

/** A page of the records of `lab` or `access` as they were stored. */
export class ListLogRecords extends LogQuery {
  constructor(
    log: LogName,
    readonly from = 0,
    readonly limit = 100,
  ) {
    super(log);
  }
}
