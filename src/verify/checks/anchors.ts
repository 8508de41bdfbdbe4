import { counted } from './printable.js';
/**
 * Anchors: heads of studies and of the access log, as the lab recorded them. They are what makes a study complete: the
 * lab is one tree, whose newest head somebody else holds, and each anchor in it fixes a study up to its size.
 */
import type { Hash } from '../../tlog/encoding.js';
import { verifyConsistency, type TreeHead } from '../../tlog/merkle.js';
import { sha256 } from '../runtime/crypto.js';
import type { Findings } from './findings.js';
import { decoded, type FoldedLog } from './log.js';
import type { Attributes } from './record.js';

export interface Anchor extends TreeHead {
  /** Number of the StudyCheckpointed or AccessCheckpointed record. */
  readonly lab: number;
  /** When the lab recorded it, to the letter. */
  readonly recorded: string;
}

/** With what is of use only against the one before: which that was, and the proof that this head extends it. */
export interface NewAnchor extends Anchor {
  readonly from: { readonly record?: unknown; readonly size?: unknown } | undefined;
  readonly proof: readonly Hash[];
}

/** Undefined where it is none. */
export function readAnchor(lab: number, facts: Attributes, recorded: string): NewAnchor | undefined {
  const { size, from, proof } = facts as { size: number; from?: NewAnchor['from']; proof: unknown };
  const root = decoded(facts['root']);
  const hashes = Array.isArray(proof) ? proof.map(decoded) : [];
  if (root === undefined || hashes.includes(undefined) || !Number.isSafeInteger(size)) return undefined;
  return { lab, size, root, recorded, from, proof: hashes as Hash[] };
}

/** What is wrong with an anchor after the last one. By the proof, a reader of the lab alone sees a study being rewritten. */
export function wrongAfter(last: Anchor | undefined, anchor: NewAnchor, log: string): string | undefined {
  const { size, from, proof } = anchor;
  if (from?.record !== last?.lab || from?.size !== last?.size)
    return `does not follow the anchor of ${log} before it (${last ? `record ${last.lab}` : 'none'})`;
  if (!last) return size === 0 ? `anchors an empty ${log}` : undefined;
  if (size <= last.size)
    return `anchors ${log} at size ${size}, after size ${last.size} in record ${last.lab}`;
  if (!verifyConsistency(sha256, last, anchor, proof))
    return `anchors a ${log} of size ${size} that does not begin with the ${last.size} records anchored in record ${last.lab}: the log was rewritten`;
  return undefined;
}

/**
 * Holds a log against every head of it that the lab recorded. Between the last that is right and the first that is
 * wrong lies what was changed.
 */
export function checkAnchors(
  log: string,
  anchors: readonly Anchor[],
  folded: FoldedLog,
  findings: Findings,
): void {
  let right = 0;
  for (const { lab, size, root } of anchors) {
    if (size > folded.reach) {
      findings.fail(
        'anchor',
        log,
        `${log} was anchored at size ${size} in lab record ${lab}, and has ${counted(folded.reach, 'record')}: ${folded.reach}…${size - 1} are missing`,
        { record: folded.reach, lab },
      );
      return;
    }
    // Beyond a gap, which is a finding already.
    if (size > folded.size) return;
    if (folded.rootAt(size) === root) right = size;
    else
      findings.fail(
        'root',
        log,
        `the root of ${log} at size ${size} is not the one anchored in lab record ${lab}: a record in ${right}…${size - 1} was changed, moved or replaced`,
        { record: right, lab },
      );
  }
}
