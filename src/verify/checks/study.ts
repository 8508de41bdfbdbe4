import type { Attributes } from './record.js';
import { TimeBrackets } from './time-brackets.js';
import { digestsOf } from './signatures/digests.js';
import type { SignatureReport } from './signatures/signature-report.js';
import { checkSignatures, type SignatureContext } from './signatures/signatures.js';
import type { Signed } from './signatures/statement.js';
import { Trail } from './trail.js';
import type { Findings } from './findings.js';
import { Lab } from './lab.js';
import { checkGovernance } from './governance/governance.js';
import { foldLog, type FoldedLog, type LogSource } from './log.js';
import type { Overdue } from './overdue.js';
import { AccessActs } from './people/access-acts.js';
import type { Disclosures, StudyCommitments } from './people/commitments.js';
import { reportCommitments, type CommitmentReport } from './people/people-report.js';
import { StudyActs } from './people/study-acts.js';
import type { CheckerPool } from '../runtime/pool.js';

export interface Context {
  readonly checker: CheckerPool;
  readonly findings: Findings;
  readonly overdue?: Overdue;
  readonly onRecords?: ((count: number) => void) | undefined;
  /** Those of all studies are put here. */
  readonly signatures?: SignatureReport[];
  /** The same as their records hold them. */
  readonly signed?: Signed[];
  /** What opens commitments. */
  readonly disclosures?: Disclosures;
  /** What became of those of all studies is put here. */
  readonly commitments?: CommitmentReport[];
  /** Between two anchors. Of a bundle, which cannot be believed about it, that of new ledgers. */
  readonly intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 600_000;

/** A lab log from its first record on, with what it says; heads of it are for the caller to check. */
export async function foldLab(source: LogSource, sizes: Iterable<number>, context: Context) {
  const { findings, checker, overdue, onRecords } = context;
  const lab = new Lab(findings);
  const folded = await foldLog(source, {
    checker,
    findings,
    sizes,
    keep: (number, record) => lab.take(number, record),
    each: (record, recordedMs, labSize) => {
      overdue?.take('lab', record, recordedMs, Infinity);
      if (!Number.isNaN(labSize))
        findings.fail('lab-size', 'lab', `record ${record} has a labsize`, { record });
    },
    ...(onRecords && { onRecords }),
  });
  folded.noteRoots(lab.tokens.map(({ size }) => size));
  lab.checkTokens(folded);
  lab.people.finish();
  if (folded.reach === 0) findings.fail('register', 'lab', 'there is no lab log, which begins every ledger');
  return { lab, folded };
}

/** By what signatures are judged, beside the logs. */
export function signatureTerms({
  findings,
  disclosures = () => undefined,
  intervalMs = DEFAULT_INTERVAL_MS,
}: Context): Pick<SignatureContext, 'findings' | 'disclosures' | 'intervalMs'> {
  return { findings, disclosures, intervalMs };
}

/** What became of what inspections found. */
export function tellStudyCommitments(study: StudyCommitments, lab: Lab, context: Context): void {
  const { people } = lab;
  if (!people.areThere) return;
  const { disclosures = () => undefined, findings } = context;
  const found = people.commitments.inStudy(study);
  context.commitments?.push(...reportCommitments(study.log, found, disclosures, findings));
}

/** A study's log, or the access log, held against the lab: every labsize, every time stamp. Anchors are for the caller. */
export async function foldAnchored(
  source: LogSource,
  lab: Lab,
  labLog: FoldedLog,
  sizes: Iterable<number>,
  context: Context,
): Promise<FoldedLog> {
  const { log } = source;
  const { findings, checker, overdue, onRecords } = context;
  const { areThere, registry, sessions } = lab.people;
  const trail = log === 'access' ? undefined : new Trail();
  const acts = areThere && trail ? new StudyActs(log, registry, sessions, findings, trail) : undefined;
  const access = log === 'access' && sessions ? new AccessActs(registry, sessions, findings) : undefined;
  const anchors = lab.anchors.get(log) ?? [];
  const brackets = new TimeBrackets(log, lab, findings);
  const registered = lab.studies.get(log.slice('study-'.length));
  let next = 0;
  const folded = await foldLog(source, {
    checker,
    findings,
    sizes: [...sizes, ...anchors.map(({ size }) => size)],
    each: (record, recordedMs, size) => {
      brackets.check(record, recordedMs);
      overdue?.take(log, record, recordedMs, anchors.at(-1)?.size ?? 0);
      while (record >= (anchors[next]?.size ?? Infinity)) next++;
      const most = anchors[next]?.lab ?? labLog.reach;
      if (log !== 'access' && !(size >= 1 && size <= most))
        findings.fail(
          'lab-size',
          log,
          `record ${record} rests on a lab of size ${size}; it can have been 1…${most}`,
          { record },
        );
      else if (record === 0 && registered !== undefined && size !== registered + 1)
        findings.fail(
          'lab-size',
          log,
          `record 0 names lab size ${size}, and the study is lab record ${registered}`,
          { record },
        );
    },
    ...(trail && { trail }),
    ...(acts && { acts }),
    ...(access && { keep: (record: number, said: Attributes | undefined) => access.take(record, said) }),
    ...(onRecords && { onRecords }),
  });
  acts?.finish();
  if (trail) {
    const spans = trail.signed.flatMap(({ covers }) => covers).filter(({ to }) => to < folded.size);
    const digests = spans.length > 0 ? await digestsOf(source.chunks(), spans) : new Map<string, string>();
    const { signatures } = context;
    const of = { ...signatureTerms(context), log, lab, labLog, study: folded, trail, acts, digests };
    signatures?.push(...checkSignatures(of));
    context.signed?.push(...trail.signed);
    if (acts) checkGovernance(log, trail, acts, findings);
    tellStudyCommitments({ log, acts: trail.acts, isHere: (number) => number < folded.size }, lab, context);
  }
  access?.finish(lab.people.acts, folded.size === folded.reach);
  return folded;
}
