/** Who may make which record: written here anew, so that a mistake in the program is not the verifier's as well. */

const DIRECTOR = ['director'];
const MANAGEMENT = ['management'];
const EXPERIMENT = ['technician', 'director'];
const CARE = ['technician', 'director', 'veterinarian'];
const JUDGEMENT = ['director', 'veterinarian'];

export const ROLES: readonly string[] = [
  'administrator',
  'director',
  'technician',
  'veterinarian',
  'statistician',
  'quality',
  'management',
  'inspector',
];

export interface Row {
  /** The command that makes records of this type. */
  readonly command: string;
  readonly roles: readonly string[];
  /** Of those with the role `director`, the study's director at that moment alone. */
  readonly isStudyDirector?: boolean;
  /** A grant for one study is not enough. */
  readonly isFacility?: boolean;
}

const direct = (command: string): Row => ({ command, roles: DIRECTOR, isStudyDirector: true });
const manage = (command: string): Row => ({ command, roles: MANAGEMENT });
const experiment = (command: string): Row => ({ command, roles: EXPERIMENT });
const care = (command: string): Row => ({ command, roles: CARE });
const inspect = (command: string): Row => ({ command, roles: ['quality'] });
const judge = (command: string): Row => ({ command, roles: JUDGEMENT });

/** By type of record, those of studies. Corrections and voids are judged by their target as well. */
const STUDY_ROWS: Readonly<Record<string, Row>> = {
  StudyOpened: { command: 'RegisterStudy', roles: ['director', 'management'], isFacility: true },
  ProtocolApproved: direct('ApproveProtocol'),
  ProtocolAmended: direct('AmendProtocol'),
  SubjectExcluded: direct('ExcludeSubject'),
  SubEffectiveDoseDesignated: direct('DesignateSubEffectiveDose'),
  DeviationAcknowledged: direct('AcknowledgeDeviation'),
  StudyClosed: direct('CloseStudy'),
  StudyReopened: direct('ReopenStudy'),
  StudyHandedOver: direct('HandOverStudy'),
  DirectorReplaced: manage('ReplaceDirector'),
  StudyArchived: manage('ArchiveStudy'),
  InspectionRecorded: inspect('RecordInspection'),
  InspectionReported: inspect('ReportInspection'),
  NerveLigated: experiment('LigateNerve'),
  ModelInduced: experiment('InduceModel'),
  ElectrodeImplanted: experiment('ImplantElectrode'),
  CatheterImplanted: experiment('ImplantCatheter'),
  MotorThresholdDetermined: experiment('DetermineMotorThreshold'),
  SCSApplied: experiment('ApplySCS'),
  KetamineAdministered: experiment('AdministerKetamine'),
  ThresholdRecorded: experiment('RecordThreshold'),
  MeasurementRecorded: experiment('RecordMeasurement'),
  SubjectEnrolled: care('EnrolSubject'),
  BodyWeightRecorded: care('RecordBodyWeight'),
  SideEffectsScored: care('ScoreSideEffects'),
  WelfareScored: care('ScoreWelfare'),
  InterventionRecorded: care('RecordIntervention'),
  FateRecorded: care('RecordFate'),
  SubjectEuthanised: care('EuthaniseSubject'),
  AdverseEventReported: care('ReportAdverseEvent'),
  DeviationRecorded: care('RecordDeviation'),
  SubstanceAdministered: care('AdministerSubstance'),
  ImportMappingSaved: care('SaveImportMapping'),
  RecordWitnessed: care('WitnessRecord'),
  EndpointDecided: judge('DecideEndpoint'),
  SeverityAssessed: judge('AssessSeverity'),
  EntryDiscarded: {
    command: 'DiscardEntry',
    roles: [...CARE, 'statistician', 'quality', 'management', 'inspector'],
  },
  RecordCorrected: { command: 'CorrectRecord', roles: CARE },
  RecordVoided: { command: 'VoidRecord', roles: [...CARE, 'quality', 'management'] },
  AttachmentAdded: {
    command: 'AddAttachment',
    roles: [...CARE, 'statistician', 'quality', 'management'],
  },
  TrailReviewed: {
    command: 'ReviewTrail',
    roles: [...CARE, 'statistician', 'quality', 'management', 'inspector'],
  },
  SignatureApplied: { command: 'SignRecords', roles: ROLES },
};

/** The role that alone makes records of a type, and withdraws them: what quality assurance and management record. */
export function ownRoleOf(type: string): string | undefined {
  const [role, another] = rowOf(type)?.roles ?? [];
  return another === undefined && (role === 'quality' || role === 'management') ? role : undefined;
}

/** Undefined for a type that this verifier does not know. */
export function rowOf(type: string): Row | undefined {
  return Object.hasOwn(STUDY_ROWS, type) ? STUDY_ROWS[type] : undefined;
}

/** A veterinarian gives substances to relieve an animal, and for nothing else. */
export const VETERINARY_PURPOSE = 'rescue';

/** Who may have a whole study handed out. */
export const EXPORTING: readonly string[] = [
  'director',
  'statistician',
  'quality',
  'management',
  'inspector',
];

/** The roles in which facts of a study are made. */
export const RECORDING: readonly string[] = CARE;

const OF_TOKENS: readonly string[] = [
  'technician',
  'veterinarian',
  'statistician',
  'inspector',
  'director-records',
  'metrics',
];

export function isTokenRole(role: unknown): boolean {
  return OF_TOKENS.includes(role as string);
}

/** A director's token records what the technician may record too. */
export function tokenGives(roles: readonly string[], role: string, row: Row): boolean {
  if (role !== 'director') return roles.includes(role);
  return roles.includes('director-records') && row.roles.includes('technician');
}

/** What one human holds together only with a stated reason, and what is only told. */
export function conflictOf(a: string, b: string): 'refused' | 'marked' | undefined {
  return conflict(a, b) ?? conflict(b, a);
}

function conflict(a: string, b: string): 'refused' | 'marked' | undefined {
  if (a === 'quality') return RECORDING.includes(b) ? 'refused' : undefined;
  if (a !== 'administrator') return undefined;
  if (RECORDING.includes(b) || b === 'statistician') return 'refused';
  return b === 'management' || b === 'inspector' ? 'marked' : undefined;
}
