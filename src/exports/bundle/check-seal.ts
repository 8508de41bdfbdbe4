import { Findings } from '../../verify/checks/findings.js';
import type { Report } from '../../verify/checks/report.js';
import type { Unpacked } from './bundle-zip.js';

/** The report of a bundle that came as a zip file, with what its seal says: a broken one fails, whatever the records say. */
export function withSeal(report: Report, seal: Unpacked['seal']): Report {
  if (seal === 'intact') return report;
  const findings = new Findings();
  if (seal === 'none')
    findings.note(
      'fixity',
      'bundle',
      'the zip file has no seal, so it was not packed by study-ledger export; the files in it were checked',
    );
  else
    findings.fail(
      'fixity',
      'bundle',
      'the zip file is not as study-ledger export sealed it: at least one of its bytes was changed; ask for it again',
    );
  const failed = seal === 'broken' && { exitCode: 1 as const, verdict: 'FAIL' as const };
  return { ...report, ...failed, findings: [...report.findings, ...findings.list] };
}
