import type { Query as NestQuery } from '@nestjs/cqrs';
import type { HoursAsked } from '../lab/people/working-hours.js';
import type { LogName } from '../lab/origins.js';
import type { RecordFilter } from '../study/projections/records.js';
import type { Refusal } from '../study/refusal.js';
import type { Touch } from '../study/rules/threshold.js';
import type { AsOf } from './as-of.js';

/** An answer computed from a prefix of a stream. It includes study, treeSize and root, which identify the prefix. */
export type Answer = Record<string, unknown>;

/** Nest’s base of a query holds nothing but the type of its answer: to ask, nothing of Nest has to be loaded. */
const Query = class {} as unknown as typeof NestQuery;

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

/** The summary of one study. */
export class ShowStudy extends StudyQuery {}

/** A projection by name. */
export class ShowProjection extends StudyQuery {
  constructor(
    study: string,
    readonly projection: string,
    asOf: AsOf = {},
    readonly subject?: string,
    /** Of `review` alone. */
    readonly hours: HoursAsked = {},
  ) {
    super(study, asOf);
  }
}

/** A page of a study's records as they were stored, in record order. */
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

/** One record, with the records that it corrects and that correct it. */
export class ShowRecord extends StudyQuery {
  constructor(
    study: string,
    readonly number: number,
    asOf: AsOf = {},
  ) {
    super(study, asOf);
  }
}

/** The signatures of a study, each checked now. */
export class ShowSignatures extends StudyQuery {}

/** The next filament of an unfinished run, by the ladder of the study's protocol, and the estimate so far. */
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

/** The proof that a record is in its log: a C2SP tlog-proof under the signed head. */
export class ShowProof extends LogQuery {
  constructor(
    log: LogName,
    readonly number: number,
  ) {
    super(log);
  }
}

/** The proof that a log at size `to` begins with the log at size `from`: an RFC 6962 consistency proof. */
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
