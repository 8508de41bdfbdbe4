/** The studies of a return, as large as the reference study is for each animal. */

export const STUDIES = 1000;
export const ANIMALS = 4;
export const CODES = Array.from({ length: STUDIES }, (_, index) => `RET-${index}`);

/** What is done to an animal: as many records of each kind as an animal of the reference study has on the average. */
export const COURSE = [
  'EnrolSubject',
  ...times(8, ['RecordBodyWeight', 'ScoreWelfare', 'RecordThreshold']),
  'LigateNerve',
  ...times(4, ['RecordBodyWeight', 'ScoreWelfare', 'RecordThreshold']),
  'ImplantElectrode',
  ...times(4, ['RecordBodyWeight', 'RecordThreshold']),
  'DetermineMotorThreshold',
  'ApplySCS',
  ...times(6, ['RecordBodyWeight']),
  'EuthaniseSubject',
  'AssessSeverity',
];

function times(count: number, names: readonly string[]): string[] {
  return Array.from({ length: count }, () => names).flat();
}

/** Registered and approved, and the course of every animal. */
export const STUDY_RECORDS = 2 + ANIMALS * COURSE.length;
