import { counted } from './printable.js';
import { openCheckpoint, type Checkpoint } from '../../tlog/checkpoint.js';
import { LedgerError } from '../../tlog/error.js';
import { ed25519Verifier, type VerifierKey } from '../../tlog/note.js';
import { ed25519Verify } from '../runtime/crypto.js';
import type { CheckId, Findings } from './findings.js';
import type { FoldedLog } from './log.js';

/** Where a signed head was found, for whoever has to look for it. */
export interface NotePlace {
  readonly check: CheckId;
  readonly log: string;
  /** Such as `marks/lab.note`. */
  readonly file: string;
}

/** The head that a note signs, if one of these keys signed it for this log. */
export function signedHead(
  note: string,
  origin: string,
  keys: readonly VerifierKey[],
  { check, log, file }: NotePlace,
  findings: Findings,
): Checkpoint | undefined {
  try {
    const { checkpoint } = openCheckpoint(
      note,
      keys.map((key) => ed25519Verifier(key, ed25519Verify)),
    );
    if (checkpoint.origin === origin) return checkpoint;
    findings.fail(check, log, `${file} is signed for ${checkpoint.origin}, not for ${origin}`);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    findings.fail(
      check,
      log,
      `${file} is not a checkpoint that a published key of ${origin} signed: ${error.message}`,
    );
  }
  return undefined;
}

/** Whether the log has, or had, this head. One that lies beyond a gap cannot be told: the gap is a finding already. */
export function checkHead(
  head: Pick<Checkpoint, 'size' | 'root'>,
  folded: FoldedLog,
  { check, log, file }: NotePlace,
  findings: Findings,
): void {
  if (head.size > folded.reach)
    findings.fail(
      check,
      log,
      `${file} signs ${counted(head.size, 'record')}, and ${folded.reach} are there: records ${folded.reach}…${head.size - 1} are missing`,
      { record: folded.reach },
    );
  else if (head.size <= folded.size && folded.rootAt(head.size) !== head.root)
    findings.fail(
      check,
      log,
      `${file} signs another root at size ${head.size}: a record below ${head.size} is not what was signed`,
    );
}
