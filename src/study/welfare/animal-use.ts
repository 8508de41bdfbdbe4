import type { Protocol } from '../protocol.js';
import type { ProcedureKind } from '../protocol/welfare.js';
import type { Fact, Protocols, ProtocolVersion } from '../study.js';
import type { Course } from './course.js';

/** The procedure on the animal that a fact states; undefined for an observation. */
export function procedureOf(fact: Fact): ProcedureKind | undefined {
  switch (fact.type) {
    case 'NerveLigated':
      return (fact as Fact<'NerveLigated'>).data.procedure === 'sham' ? 'sham-ligation' : 'partial-ligation';
    case 'ElectrodeImplanted':
      return 'electrode';
    case 'CatheterImplanted':
      return 'catheter';
    case 'KetamineAdministered':
      return 'dose';
    case 'SCSApplied':
      return 'stimulation';
    case 'MotorThresholdDetermined':
      return 'motor-threshold';
    case 'ThresholdRecorded':
      return 'threshold-test';
    default:
      return undefined;
  }
}

export const SURGERIES: ReadonlySet<ProcedureKind> = new Set([
  'partial-ligation',
  'sham-ligation',
  'electrode',
  'catheter',
]);

type Ending = Fact<'SubjectEuthanised'> | Fact<'FateRecorded'>;

/**
 * One use of one animal: it begins with the first thing that is done to it, and ends when it is killed, dies or leaves
 * the project. All procedures of one study on one animal are one use. An animal to which nothing was done was never used.
 */
export interface Use {
  readonly first: Fact | undefined;
  /** What ended its part in the study, used or not. */
  readonly end: Ending | undefined;
  readonly used: boolean;
  /** By the local date of its end; null while it goes on. */
  readonly endYear: number | null;
  /** In force when it ended, or now. */
  readonly version: ProtocolVersion | undefined;
}

export function useOf(course: Course, protocols: Protocols): Use {
  const first = course.facts.find((fact) => procedureOf(fact) !== undefined);
  const endings: Ending[] = [
    ...course.of('SubjectEuthanised').slice(0, 1),
    ...course.of('FateRecorded').slice(0, 1),
  ];
  const end = endings.sort((a, b) => a.at - b.at || a.number - b.number)[0];
  const { versions } = protocols;
  const version = (end && protocols.inForceAt(end.at)) ?? (end ? versions[0] : versions.at(-1));
  const killedForTissue = isTissueOnly(version?.protocol) && end?.type === 'SubjectEuthanised';
  return {
    first,
    end,
    used: first !== undefined || killedForTissue,
    endYear: end ? Number(end.time.slice(0, 4)) : null,
    version,
  };
}

/** The first record of its death: by a person, or found. */
export function deathOf(course: Course): Fact | undefined {
  const found = course.of('FateRecorded').filter(({ data }) => data.fate === 'found-dead');
  return [...course.of('SubjectEuthanised'), ...found].sort((a, b) => a.at - b.at || a.number - b.number)[0];
}

/** Killing for tissue is counted by German law, and is no procedure (§ 4 (3) TierSchG). */
export function isTissueOnly(protocol: Protocol | undefined): boolean {
  return protocol?.licence?.legalType === 'killed-for-tissue';
}
