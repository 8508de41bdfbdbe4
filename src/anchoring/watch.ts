import type { Lab } from '../lab/lab.js';
import type { OpenLog } from '../recording/streams.js';
import type { SigningError } from '../signing/signing-error.js';
import type { Refusal } from '../study/refusal.js';

/** Recorded in the lab; under a checkpoint that a quorum of witnesses cosigned; under one that was stamped. */
export type EvidenceState = 'lab' | 'cosigned' | 'stamped';

/** Who has the lab log open. */
export interface LabReader {
  /** As it is folded at this moment. */
  readonly labNow: Lab;
  log(name: 'lab'): Promise<OpenLog>;
  /** Whether it holds so many records, perhaps after waiting for another process's. */
  reaches(name: 'lab', size: number): Promise<boolean>;
}

/** Those who watch the ledger from outside, as the engine sees them. */
export interface Watch {
  /** Why nothing is signed: the lab log here is not the one that was witnessed, or too many witnesses say so. */
  readonly alarm: SigningError | undefined;
  /** Resolves once every witness was asked whether it knows of more than is here; also where none could be reached. */
  ready(lab: LabReader): Promise<void>;
  /** Why a ledger that is to be watched, and is not, does not take this command. */
  refusal(command: string, lab: Lab): Refusal | undefined;
  /** How far a record of the lab has come. */
  evidenceOf(lab: Lab, labRecord: number): EvidenceState;
  /** For people and programs to see; undefined where there is no folder to tell. */
  status(lab: Lab): object | undefined;
}

/** For a ledger without a folder: nobody watches it. */
export const UNWATCHED: Watch = {
  alarm: undefined,
  ready: async () => undefined,
  refusal: () => undefined,
  evidenceOf: () => 'lab',
  status: () => undefined,
};
