import type { Lab } from '../lab/lab.js';
import type { Engine } from '../recording/engine.js';
import { isOf } from '../study/record.js';
import { refuse, type Refusal } from '../study/refusal.js';

/** What quality assurance found in an inspection, as far as it is kept. */
export interface InspectionFindings {
  readonly record: number;
  readonly phase: string;
  readonly on: string;
  readonly inspector: string;
  readonly recordedAt: string;
  /** The digest in the record; null where no findings were given. */
  readonly digest: string | null;
  /** Null where none were given, or what opens the digest was erased or is not here. */
  readonly findings: string | null;
  /** The lab record that says that they were erased. */
  readonly erasedBy: number | null;
  readonly supersededBy: number | null;
}

/** Of any inspection that was ever recorded, a withdrawn one as well. Who may ask is decided before. */
export async function inspectionFindings(
  engine: Engine,
  code: string,
  number: number,
): Promise<InspectionFindings | Refusal> {
  const lab = await engine.lab();
  if (!lab.studies.has(code))
    return refuse('study-unknown', `There is no study ${code.slice(0, 60)}.`, 'study');
  const { state } = await engine.study(code);
  const record = state.records.at(number)?.record;
  if (!record || number < 0)
    return refuse(
      'record-unknown',
      `There is no record ${number} among the ${state.size} of ${code}.`,
      'number',
    );
  if (!isOf('InspectionRecorded', record))
    return refuse('not-an-inspection', `Record ${number} is not an inspection.`, 'number');
  const { phase, on, findings } = record.data;
  return {
    record: number,
    phase,
    on,
    inspector: record.actor,
    recordedAt: record.recordedtime,
    digest: findings?.['...'] ?? null,
    findings: (findings && (engine.disclosures.open(findings) as string | undefined)) ?? null,
    erasedBy: erasureOf(lab, findings?.['...']) ?? null,
    supersededBy: state.supersededBy.get(number) ?? null,
  };
}

function erasureOf({ people }: Lab, digest: string | undefined): number | undefined {
  return [...people.redactions.values()].find(({ asked }) => asked.digest === digest)?.redacted;
}
