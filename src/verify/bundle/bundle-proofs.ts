/** The proofs in a bundle: that a record is in a log, that an earlier state is the beginning of a later one. */
import { hashFromBase64 } from '../../tlog/encoding.js';
import { verifyConsistency, verifyInclusion, type TreeHead } from '../../tlog/merkle.js';
import { parseProof } from '../../tlog/proof.js';
import { sha256 } from '../runtime/crypto.js';
import type { Files } from '../runtime/files.js';
import type { Findings } from '../checks/findings.js';
import type { Anchor } from '../checks/anchors.js';
import type { FoldedLog } from '../checks/log.js';
import type { Signed } from '../checks/signatures/statement.js';

/** That the lab record which holds the study's head is in the lab as it was signed. */
export function checkAnchorProof(
  files: Files,
  log: string,
  { lab }: Anchor,
  labLog: FoldedLog,
  findings: Findings,
): void {
  const path = `anchors/${lab}.tlog-proof`;
  if (!isProven(files, path, lab, labLog, labLog, files.text('lab/checkpoint')))
    findings.fail('proof', log, `${path} does not prove lab record ${lab} under lab/checkpoint`, { lab });
}

/**
 * Signatures, and the records that they are over one by one: each has a proof of its own, so that it can be handed on and checked
 * without the bundle. What is signed as a range is proved by the whole log.
 */
export function provenRecords(signed: readonly Pick<Signed, 'record' | 'covers'>[], size: number): number[] {
  const numbers = signed.flatMap(({ record, covers }) => [
    record,
    ...covers.flatMap(({ from, to }) => (from === to ? [from] : [])),
  ]);
  return [...new Set(numbers)].filter((number) => number < size).sort((a, b) => a - b);
}

/** That single records are in the study as it was signed. */
export function checkRecordProofs(
  files: Files,
  log: string,
  study: FoldedLog,
  head: TreeHead | undefined,
  /** Which must have one, where any has: older bundles have none. */
  proven: readonly number[],
  findings: Findings,
): void {
  const names = files.list('proofs');
  const note = names.length > 0 ? files.text('study/checkpoint') : undefined;
  for (const name of names) {
    const record = Number(/^(\d{1,15})\.tlog-proof$/.exec(name)?.[1] ?? NaN);
    if (!head || !isProven(files, `proofs/${name}`, record, study, head, note))
      findings.fail('proof', log, `proofs/${name} does not prove record ${record} under study/checkpoint`, {
        record,
      });
  }
  const found = new Set(names);
  for (const record of names.length > 0 ? proven : [])
    if (!found.has(`${record}.tlog-proof`))
      findings.fail('proof', log, `proofs/${record}.tlog-proof is not there`, { record });
}

/** An earlier size, declared as such, is tied to the anchor after it; without that, records are missing. */
export function checkPrefix(
  files: Files,
  log: string,
  study: FoldedLog,
  head: TreeHead | undefined,
  anchor: Anchor,
  findings: Findings,
): void {
  const { lab } = anchor;
  const path = `anchors/${lab}.consistency`;
  const proof = files.text(path);
  const rest = `records ${study.size}…${anchor.size - 1}`;
  if (head && head.size > study.size && (head.size !== anchor.size || head.root !== anchor.root))
    findings.fail(
      'note',
      log,
      `study/checkpoint is neither of size ${study.size} nor the head that lab record ${lab} anchors`,
      { lab },
    );
  const hashes =
    proof === undefined ? undefined : attempt(() => proof.split('\n').slice(0, -1).map(hashFromBase64));
  if (proof === undefined)
    findings.fail('missing', log, `${rest} are missing: lab record ${lab} anchors ${anchor.size}`, {
      record: study.size,
      lab,
    });
  else if (!hashes || !verifyConsistency(sha256, study, anchor, hashes))
    findings.fail(
      'proof',
      log,
      `${path} does not tie size ${study.size} to size ${anchor.size}: ${rest} are missing`,
      {
        record: study.size,
        lab,
      },
    );
  else
    findings.incomplete(
      'missing',
      log,
      `an earlier state, size ${study.size}: ${rest}, which lab record ${lab} anchors, are not part of it`,
      {
        record: study.size,
        lab,
      },
    );
}

/** A proof may verify at more than one index: which one is meant is for the record to say, never for the proof. */
function isProven(
  files: Files,
  path: string,
  index: number,
  log: FoldedLog,
  head: TreeHead,
  note: string | undefined,
): boolean {
  const proof = attempt(() => parseProof(files.text(path) ?? ''));
  return (
    proof !== undefined &&
    proof.index === index &&
    index < log.size &&
    proof.note === note &&
    verifyInclusion(sha256, log.leafAt(index), index, head, proof.proof)
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
