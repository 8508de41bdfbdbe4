/** Capitals, digits and single hyphens, such as KET-01. */
export const STUDY_CODE_PATTERN = '^[A-Z0-9]+(-[A-Z0-9]+)*$';
export const STUDY_CODE_MAX_LENGTH = 40;

const pattern = new RegExp(STUDY_CODE_PATTERN);

export function isStudyCode(text: string): boolean {
  return text.length <= STUDY_CODE_MAX_LENGTH && pattern.test(text);
}
