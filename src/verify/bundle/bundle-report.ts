import { counted } from '../checks/printable.js';
import { hashToBase64 } from '../../tlog/encoding.js';
import type { Findings } from '../checks/findings.js';
import type { NotCompared } from '../checks/not-compared.js';
import type { Anchor } from '../checks/anchors.js';
import type { Lab } from '../checks/lab.js';
import type { FoldedLog } from '../checks/log.js';
import { UNKNOWABLE, type PeopleReport } from '../checks/people/people-report.js';
import { SIGNATURES_UNKNOWABLE, type SignatureReport } from '../checks/signatures/signature-report.js';
import type { Pins } from '../checks/pins.js';
import { exitCodeOf, unwitnessedText, type Report, type Verdict } from '../checks/report.js';

/** What was found out about the study, as far as it came. */
export interface Found {
  readonly code: string;
  readonly lab: Lab;
  readonly labLog: FoldedLog;
  /** The size of the lab where witnesses cosigned it, else 0. */
  readonly witnessedTo: number;
  readonly people?: PeopleReport | undefined;
  readonly study?: {
    readonly log: FoldedLog;
    readonly verdict: Verdict;
    readonly anchor: Anchor | undefined;
    readonly signatures: readonly SignatureReport[];
  };
}

/** In words, for whoever has to decide what the bundle is worth. */
export function bundleReport(
  subject: string,
  found: Found | undefined,
  findings: Findings,
  records: number,
  pins: Pins,
  notCompared: NotCompared,
): Report {
  const exitCode = exitCodeOf(findings);
  const base = {
    exitCode,
    subject,
    findings: findings.list,
    records,
    pinned: pins.labVkey !== undefined || pins.policy !== undefined,
    ...(notCompared.files.length > 0 && { notCompared }),
  };
  if (!found?.study)
    return {
      ...base,
      verdict: 'FAIL',
      exitCode: 1,
      simulated: false,
      witnessed: false,
      witnessedTo: 0,
      logs: [],
      summary: [],
    };
  const { code, lab, labLog, witnessedTo, people } = found;
  const witnessed = witnessedTo > 0;
  const { log, verdict, anchor, signatures } = found.study;
  const as = anchor
    ? `lab size ${labLog.size}, anchored in lab record ${anchor.lab} at ${anchor.recorded}`
    : 'no anchor';
  const meaning: Partial<Record<Verdict, string>> = {
    COMPLETE: `Complete as of ${as}: no record is missing, extra, moved or edited. What was recorded later is not in it.`,
    PREFIX: `The first ${counted(log.size, 'record')}, unchanged, as of ${as}.`,
    PARTIAL: `Every record here belongs to the study as of ${as}; what is withheld is named by its number, not shown.`,
  };
  return {
    ...base,
    verdict: exitCode === 1 ? 'FAIL' : verdict,
    subject: `study ${code} (${subject})`,
    simulated: lab.simulated,
    witnessed,
    witnessedTo,
    logs: [
      { log: `study-${code}`, size: log.size, root: hashToBase64(log.root), anchored: anchor?.size ?? 0 },
      { log: 'lab', size: labLog.size, root: hashToBase64(labLog.root) },
    ],
    summary: [
      ...(meaning[verdict] ? [meaning[verdict]] : []),
      ...(witnessed ? [] : [unwitnessedText(labLog.size, witnessedTo)]),
      ...(people ? [UNKNOWABLE] : []),
      ...(signatures.length > 0 ? [SIGNATURES_UNKNOWABLE] : []),
    ],
    ...(people && { people }),
    ...(signatures.length > 0 && { signatures }),
  };
}
