import type { Finding, Findings } from './findings.js';
import { notComparedLines, notComparedText, type NotCompared } from './not-compared.js';
import type { PeopleReport } from './people/people-report.js';
import { signatureLines, type SignatureReport } from './signatures/signature-report.js';
import { counted, escapeControls } from './printable.js';

export interface LogReport {
  readonly log: string;
  /** Records from the first on, up to one that is missing. */
  readonly size: number;
  /** base64 */
  readonly root: string;
  /** Size up to which the lab anchored it; absent for the lab itself. */
  readonly anchored?: number;
  /** The number after the last record that is there, where one before it is missing. */
  readonly reach?: number;
}

/**
 * COMPLETE: nothing is missing, extra, moved or edited, as of the lab size named. PREFIX: the same of an earlier size,
 * tied to a later anchor. PARTIAL: what is there belongs to the study; the rest is withheld. CONSISTENT: a ledger
 * folder in which everything fits together. INCOMPLETE: nothing is wrong, but not everything could be checked.
 */
export type Verdict = 'COMPLETE' | 'PREFIX' | 'PARTIAL' | 'CONSISTENT' | 'INCOMPLETE' | 'FAIL';

export interface Report {
  readonly verdict: Verdict;
  /** 0 all passed, 1 a check failed, 2 incomplete or not checkable. */
  readonly exitCode: 0 | 1 | 2;
  readonly subject: string;
  readonly simulated: boolean;
  /** Whether a quorum of witnesses cosigned the newest published lab checkpoint. */
  readonly witnessed: boolean;
  /** The largest lab size here that a quorum cosigned; 0 where none did. */
  readonly witnessedTo: number;
  /** Whether the lab's key was given by whoever checks, or only found beside what is checked. */
  readonly pinned: boolean;
  readonly summary: readonly string[];
  readonly logs: readonly LogReport[];
  readonly findings: readonly Finding[];
  readonly records: number;
  /** Of a bundle; absent where every file was compared. */
  readonly notCompared?: NotCompared;
  /** Absent where nobody is registered. */
  readonly people?: PeopleReport;
  /** Absent where nothing is signed. */
  readonly signatures?: readonly SignatureReport[];
}

/** What a state of the lab leaves undetected that no witness cosigned. */
export function unwitnessedText(labSize: number, witnessedTo: number): string {
  const [upTo, what] =
    witnessedTo > 0
      ? [`up to lab size ${witnessedTo}`, `what was recorded after lab size ${witnessedTo}`]
      : ['at no lab size', 'the whole ledger'];
  return (
    `UNWITNESSED at lab size ${labSize}; witnessed ${upTo}. Whoever holds the master seed could have rebuilt ${what} ` +
    'before now, consistently, and nothing here would show it. Compare with checkpoints kept elsewhere.'
  );
}

export function exitCodeOf(findings: Findings): 0 | 1 | 2 {
  if (findings.has('fail')) return 1;
  return findings.has('incomplete') ? 2 : 0;
}

/** For people: what is wrong first, then what could not be checked, then what was found. One finding is one line. */
export function reportText(report: Report): string {
  const { subject, simulated, findings, logs, summary, notCompared } = report;
  const of = (severity: Finding['severity']): Finding[] =>
    findings.filter((finding) => finding.severity === severity);
  const lines = [
    `${escapeControls(`${verdictText(report)}  ${subject}`)}${simulated ? '  (SIMULATED DATA)' : ''}`,
    ...section('What is wrong', of('fail')),
    ...section('What could not be checked', of('incomplete')),
    ...section('To know', of('note')),
    ...(notCompared
      ? [
          '',
          'Not compared with the records:',
          ...notComparedLines(notCompared).map((line) => `  ${escapeControls(line)}`),
        ]
      : []),
    ...signatureLines(report.signatures ?? []),
    '',
    ...logs.map(
      ({ log, size, root, anchored, reach }) =>
        `${escapeControls(log)}: ${counted(size, 'record')}${reach === undefined ? '' : ` before the first that is missing, of ${reach}`}, root ${root}${anchored === undefined ? '' : `, anchored to ${anchored}`}`,
    ),
    '',
    ...summary.map(escapeControls),
  ];
  return lines.join('\n');
}

/** A verdict is about the records, and says so where there is more that it could be taken to be about. */
function verdictText({ verdict, notCompared }: Report): string {
  if (!notCompared || verdict === 'FAIL') return verdict;
  return `records ${verdict}; ${notComparedText(notCompared)}`;
}

function section(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...findings.map(
      ({ check, log, message, more }) =>
        `  [${check}] ${escapeControls(log)}: ${escapeControls(message)}${more === undefined ? '' : `  … and ${more} more of this kind`}`,
    ),
  ];
}
