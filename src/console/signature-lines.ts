import type { Lab } from '../lab/lab.js';
import { faultsOf } from '../queries/signatures.js';
import type { View } from '../study/projections/projection.js';
import type { Applied } from '../study/signatures/applied.js';
import { statusOf } from '../study/signatures/signatures.js';
import { signaturesOf } from '../study/study.js';
import type { Steps } from '../study/steps.js';
import type { SignatureLine } from './parts/signatures.js';

/** Signatures as they are shown: each is checked now, and a manifestation is taken only from one that checks. */
export function* signatureLines(
  view: View,
  lab: Lab,
  signatures: readonly Applied[],
): Steps<SignatureLine[]> {
  const lines: SignatureLine[] = [];
  for (const signature of signatures) {
    const { record, covers, statement } = signature;
    const faults = faultsOf(lab, view.study, signature);
    lines.push(
      faults.length > 0
        ? { record, covers, status: { status: 'broken', faults } }
        : { record, covers, signed: statement.predicate, status: statusOf(view.study, signature) },
    );
    yield;
  }
  return lines;
}

/** What was found of signatures by the keys of a lab: a page that is shown all day long checks each signature once a lab. */
const checked = new WeakMap<Lab, WeakMap<Applied, boolean>>();

/** The records of signatures that do not check by the lab as it is. */
export function* brokenIn({ study }: View, lab: Lab): Steps<number[]> {
  const known = checked.get(lab) ?? new WeakMap<Applied, boolean>();
  checked.set(lab, known);
  const broken: number[] = [];
  for (const signature of signaturesOf(study)) {
    const isBroken = known.get(signature) ?? faultsOf(lab, study, signature).length > 0;
    known.set(signature, isBroken);
    if (isBroken) broken.push(signature.record);
    yield;
  }
  return broken;
}
