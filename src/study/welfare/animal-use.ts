import type { Protocol } from '../protocol.js';
import type { ProcedureKind } from '../protocol/welfare.js';
import type { Fact, Protocols, ProtocolVersion } from '../study.js';
import type { Course } from './course.js';

/** The procedure on the animal that a fact states; undefined for an observation, and for what is done to help the animal. */
export function procedureOf(fact: Fact): ProcedureKind | undefined {
  switch (fact.type) {
    case 'NerveLigated': {
      const { procedure } = (fact as Fact<'NerveLigated'>).data;
      return procedure === 'sham' ? 'sham-ligation' : procedure;
    }
    case 'ModelInduced': {
      const { kind, sham } = (fact as Fact<'ModelInduced'>).data;
      return sham === true ? 'sham-induction' : INDUCTIONS[kind];
    }
    case 'ElectrodeImplanted':
      return 'electrode';
    case 'CatheterImplanted':
      return 'catheter';
    case 'KetamineAdministered':
      return 'dose';
    case 'SubstanceAdministered':
      return (fact as Fact<'SubstanceAdministered'>).data.purpose === 'rescue' ? undefined : 'dose';
    case 'SCSApplied':
      return 'stimulation';
    case 'MotorThresholdDetermined':
      return 'motor-threshold';
    case 'ThresholdRecorded':
      return 'threshold-test';
    case 'MeasurementRecorded':
      return 'measurement';
    default:
      return undefined;
  }
}

const INDUCTIONS = {
  injection: 'injection-of-agent',
  systemic: 'systemic-agent',
  incision: 'incision',
  other: 'other-induction',
} as const;

const NERVE_INJURIES: ReadonlySet<ProcedureKind> = new Set([
  'partial-ligation',
  'spinal-nerve-ligation',
  'chronic-constriction',
  'spared-nerve-injury',
  'transection',
]);

const SURGERIES: ReadonlySet<ProcedureKind> = new Set([
  ...NERVE_INJURIES,
  'sham-ligation',
  'incision',
  'electrode',
  'catheter',
]);

const MODELS: ReadonlySet<ProcedureKind> = new Set([...NERVE_INJURIES, ...Object.values(INDUCTIONS)]);

/** Whether a fact states an operation. */
export function isSurgery(fact: Fact): boolean {
  return isAmong(SURGERIES, fact);
}

export function isNerveInjury(fact: Fact): boolean {
  return isAmong(NERVE_INJURIES, fact);
}

/** Whether a fact states what makes the pain of the study. */
export function isModelOfPain(fact: Fact): boolean {
  return isAmong(MODELS, fact);
}

function isAmong(kinds: ReadonlySet<ProcedureKind>, fact: Fact): boolean {
  const kind = procedureOf(fact);
  return kind !== undefined && kinds.has(kind);
}

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
