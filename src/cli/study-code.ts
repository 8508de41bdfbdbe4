import { InvalidArgumentError } from 'commander';
import { mismatch, StudyCode } from '../study/schema.js';

/** What `--study` takes. @throws InvalidArgumentError for what no study can be called. */
export function studyCode(given: string): string {
  if (mismatch(StudyCode, given) === undefined) return given;
  throw new InvalidArgumentError('A study code has capitals, digits and single hyphens, such as KET-01.');
}
