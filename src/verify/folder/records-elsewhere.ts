import { Findings } from '../checks/findings.js';
import { exitCodeOf, type Report } from '../checks/report.js';

/** Of a folder whose records lie on a cluster that was not named. */
export function recordsElsewhere(folder: string): Report {
  const findings = new Findings();
  findings.incomplete('stream', 'store', 'the records lie on a cluster: repeat it with --store ADDRESS');
  return {
    verdict: 'INCOMPLETE',
    exitCode: exitCodeOf(findings),
    subject: folder,
    simulated: false,
    witnessed: false,
    witnessedTo: 0,
    pinned: false,
    summary: ['Nothing was checked.'],
    logs: [],
    findings: findings.list,
    records: 0,
  };
}
