import type { Refusal } from '../study/refusal.js';

/** Recorded in the lab; under a checkpoint that a quorum of witnesses cosigned; under one that was stamped. */
export type EvidenceState = 'lab' | 'cosigned' | 'stamped';

/** Who is told of commands after which the study’s head is recorded at once, and may refuse some for want of witnesses. */
export interface Anchorer {
  milestone(): void;
  refusal(command: string): Refusal | undefined;
  /** Resolves once nothing outside speaks against signing; also where nobody outside could be asked. */
  ready(): Promise<void>;
  /** How far a record of the lab has come. */
  evidenceOf(labRecord: number): EvidenceState;
  /** How well the ledger is watched, for people and programs to see. */
  standing(): object;
  stop(): Promise<void>;
}
