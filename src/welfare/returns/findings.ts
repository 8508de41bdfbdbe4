import { counted } from '../../shared/counted.js';

/** Something that a person has to answer or to put right before the return is handed in. */
export interface Finding {
  /** Null where it is about no study, or about no animal. */
  readonly study: string | null;
  readonly subject: string | null;
  readonly text: string;
  /** Numbers of the study's records that it rests on. */
  readonly records: readonly number[];
}

export type Said = Pick<Finding, 'text' | 'records'>;

export interface Findings {
  /** Questions of the form that neither records nor codes nor a statement answer. */
  readonly gaps: readonly Finding[];
  /** What the records say and cannot all be true. */
  readonly inconsistent: readonly Finding[];
}

/** “2 gaps and 1 inconsistent statement”. */
export function describeFindings({ gaps, inconsistent }: Findings): string {
  return [
    gaps.length > 0 && counted(gaps.length, 'gap'),
    inconsistent.length > 0 && counted(inconsistent.length, 'inconsistent statement'),
  ]
    .filter((part) => part !== false)
    .join(' and ');
}

/** Lines above the header say that the data are simulated, or not complete. With them, no form takes the file. */
export function headLines(simulated: boolean, { gaps, inconsistent }: Findings): string {
  const missing = `NOT COMPLETE: ${counted(gaps.length, 'gap')}. The cells concerned are empty.`;
  const wrong = `INCONSISTENT: ${counted(inconsistent.length, 'statement')}. Put them right before the return is handed in.`;
  return commentLines([
    ...(simulated ? ['SIMULATED DATA'] : []),
    ...(gaps.length > 0 ? [missing, ...gaps.map(inWords)] : []),
    ...(inconsistent.length > 0 ? [wrong, ...inconsistent.map(inWords)] : []),
  ]);
}

export function commentLines(lines: readonly string[]): string {
  return lines.map((line) => `# ${line.replaceAll(/[\r\n]/g, ' ')}\r\n`).join('');
}

function inWords({ study, subject, text, records }: Finding): string {
  const about = [study, subject].filter((part) => part !== null).join(' ');
  const cited = records.length > 0 ? ` (${records.map((record) => `#${record}`).join(' ')})` : '';
  return `${about}${about === '' ? '' : ': '}${text}${cited}`;
}
