import { rootsAt, decoded, type FoldedLog } from '../log.js';
import type { Findings } from '../findings.js';
import { instantMs } from '../instant.js';
import type { Lab } from '../lab.js';
import { counted, firstFew, quote } from '../printable.js';
import type { Hash } from '../../../tlog/encoding.js';
import type { Disclosures } from '../people/commitments.js';
import type { StudyActs } from '../people/study-acts.js';
import type { Credential } from '../people/registry.js';
import { tokenIn } from '../people/standing.js';
import type { Trail } from '../trail.js';
import { spanKey } from './digests.js';
import type { Fail, SignatureCheck } from './fail.js';
import { wrongMeaning, type SignedRecord } from './meanings.js';
import { Passkeys } from './passkeys.js';
import { PrintedNames } from './printed-names.js';
import type { SignatureReport } from './signature-report.js';
import { coveredText, type Signed } from './statement.js';

/** A signature is made from what was shown within so long, and clocks of processes differ. */
const TICKET_MS = 5 * 60_000;
const TOLERANCE_MS = 120_000;

export interface SignatureContext {
  readonly log: string;
  readonly lab: Lab;
  readonly labLog: FoldedLog;
  readonly study: Pick<FoldedLog, 'size' | 'leafAt'>;
  readonly trail: Trail;
  /** Undefined where nobody is registered. */
  readonly acts: StudyActs | undefined;
  /** SHA-256, hex, by `spanKey`. What is not there is withheld. */
  readonly digests: ReadonlyMap<string, string>;
  /** Names that whoever checks may know. */
  readonly disclosures: Disclosures;
  /** Between two anchors. */
  readonly intervalMs: number;
  readonly findings: Findings;
}

/** Every signature of a study, each with what it is worth. */
export function checkSignatures(context: SignatureContext): SignatureReport[] {
  const { trail, log, findings } = context;
  const checks = new SignatureChecks(context);
  const reports = [
    ...trail.signed.map((signed) => checks.check(signed)),
    ...trail.unreadable.map(({ record, why }): SignatureReport => {
      findings.fail('signature', log, `record ${record} holds no signature: ${why}`, { record });
      return { log, record, over: [], what: '', status: 'failed', failed: ['statement'] };
    }),
  ];
  checks.names.tell();
  checks.tellTrees();
  return reports.sort((a, b) => a.record - b.record);
}

class SignatureChecks {
  private readonly passkeys: Passkeys;
  private readonly labRoots: ReadonlyMap<number, Hash>;
  private readonly studyRoots: ReadonlyMap<number, Hash>;
  readonly names: PrintedNames;
  /** Signatures that name another root than the study has; one changed record makes every later signature one of them. */
  private readonly moved: { readonly record: number; readonly size: number }[] = [];
  /** The largest size whose root is the one that was signed. */
  private heldTo = 0;

  constructor(private readonly context: SignatureContext) {
    const { lab, labLog, study, trail } = context;
    this.passkeys = new Passkeys(lab);
    this.names = new PrintedNames(context);
    const predicates = trail.signed.map(({ statement }) => statement.predicate);
    this.labRoots = rootsOf(
      labLog,
      predicates.map((one) => one.lab.size),
    );
    this.studyRoots = rootsOf(
      study,
      predicates.map(({ tree }) => tree.size),
    );
  }

  check(signed: Signed): SignatureReport {
    const { log, findings, trail } = this.context;
    const { record, statement, covers } = signed;
    const { meaning, printedName, personId, role, time, tree } = statement.predicate;
    const failed = new Set<SignatureCheck>();
    const fail: Fail = (check, why) => {
      failed.add(check);
      findings.fail(
        'signature',
        log,
        `record ${record}, ${quote(meaning)} by ${quote(personId)} over ${coveredText(covers)}: ${why}`,
        { record },
      );
    };
    const isWhole = this.checkSubjects(signed, fail);
    if (!this.checkHeads(signed, fail)) failed.add('tree');
    this.passkeys.checkEsign(signed, fail);
    const credential = this.passkeys.credentialOf(signed, fail);
    if (credential) this.passkeys.checkAssertion(signed, credential, fail);
    this.checkPerson(signed, fail);
    this.names.check(signed, fail);
    this.checkMeaning(signed, fail);
    this.checkTime(signed, fail);
    if (credential) this.tellAuthority(signed, credential);
    const changes = [trail.changes.firstOver(covers, tree.size), ...this.changesAfterReview(signed)];
    const by = changes.filter((one) => one !== undefined).sort((a, b) => a - b)[0];
    return {
      log,
      record,
      over: covers.map(({ from, to }) => ({ from, to })),
      what: this.typesOf(signed),
      meaning,
      printedName,
      person: personId,
      role,
      time,
      ...statusOf(failed, by, isWhole),
    };
  }

  /** Who signs that they reviewed a range has not seen what was put right in it afterwards. */
  private changesAfterReview({ covers, statement }: Signed): (number | undefined)[] {
    const { acts, changes } = this.context.trail;
    if (statement.predicate.meaning !== 'reviewed') return [];
    return acts
      .filter(({ record }) => record['type'] === 'TrailReviewed')
      .filter(({ number }) => covers.some(({ from, to }) => from <= number && number <= to))
      .map(({ number, record }) =>
        changes.firstAfter(number, (record['data'] ?? {}) as { from: number; to: number }),
      );
  }

  /** False where a part of what was signed is withheld. */
  private checkSubjects({ covers, record, statement }: Signed, fail: Fail): boolean {
    const { log, lab, digests } = this.context;
    const { tree } = statement.predicate;
    let isWhole = true;
    for (const { origin, from, to, sha256 } of covers) {
      const which = (): string => coveredText([{ from, to }]);
      if (origin !== lab.origin(log)) {
        fail('subject', `it is over ${which()} of ${quote(origin)}, which is another log`);
        continue;
      }
      if (from > to || to >= tree.size) {
        fail('subject', `it is over ${which()}, and was made when there were ${tree.size} records`);
        continue;
      }
      const found = digests.get(spanKey({ from, to }));
      if (found === undefined && to < record) isWhole = false;
      else if (found !== sha256) fail('subject', `${which()} is not what was signed: another SHA-256`);
    }
    return isWhole;
  }

  /** False where the root of the study is another one, which is told of all signatures together. */
  private checkHeads({ record, labSize, statement }: Signed, fail: Fail): boolean {
    const { log, lab } = this.context;
    const { tree, lab: known } = statement.predicate;
    let isSameTree = true;
    if (tree.origin !== lab.origin(log)) fail('tree', `it names the log ${quote(tree.origin)}`);
    if (tree.size > record) fail('tree', `it names ${tree.size} records, and stands before that`);
    else if (this.studyRoots.get(tree.size) === decoded(tree.root))
      this.heldTo = Math.max(this.heldTo, tree.size);
    else {
      isSameTree = false;
      this.moved.push({ record, size: tree.size });
    }
    if (known.size < 1 || known.size > labSize)
      fail('lab', `it names a lab of size ${known.size}, and its record one of ${labSize}`);
    else if (this.labRoots.get(known.size) !== decoded(known.root))
      fail('lab', `the root of the lab at size ${known.size} is another one`);
    return isSameTree;
  }

  tellTrees(): void {
    const [first] = this.moved;
    if (!first) return;
    const { findings, log } = this.context;
    const which = `${this.moved.length === 1 ? 'record' : 'records'} ${firstFew(this.moved.map(({ record }) => `${record}`))}`;
    const where =
      this.heldTo < first.size
        ? `: a record in ${this.heldTo}…${first.size - 1} was changed afterwards, or that root never was`
        : '';
    findings.fail(
      'signature',
      log,
      `${which}: the root of the study at the size that was signed, ${first.size} the first, is another one${where}`,
      { record: first.record },
    );
  }

  private checkPerson({ actor, role, session, record, statement, recordedMs }: Signed, fail: Fail): void {
    const { lab, log } = this.context;
    const { personId, role: stated, lab: known, nonce } = statement.predicate;
    const { registry } = lab.people;
    if (personId !== actor) fail('person', `its record is by ${quote(actor)}`);
    if (stated !== role)
      fail('role', `its record is in the role ${quote(role)}, and it says ${quote(stated)}`);
    const person = registry.activeAt(personId, known.size);
    if (!person) fail('person', 'whoever signed was not registered and active then');
    else {
      if (!registry.holds(person, stated, log.slice('study-'.length), known.size, recordedMs))
        fail('role', `they did not hold the role ${quote(stated)} then`);
      if (person.attested >= known.size)
        fail('attestation', 'they had not stated before that their signature binds them');
    }
    if (tokenIn(session) !== undefined) fail('person', `it was applied by a program with ${session}`);
    const before = lab.nonces.get(nonce);
    if (before !== undefined) fail('nonce', `its nonce is that of ${before}: it was replayed`);
    else lab.nonces.set(nonce, `record ${record} of ${log}`);
  }

  private checkMeaning({ covers, record, statement }: Signed, fail: Fail): void {
    const { acts, lab } = this.context;
    const { meaning, personId, role, tree } = statement.predicate;
    if (!acts) return;
    const records: SignedRecord[] = [];
    for (const { from, to } of covers)
      for (let number = from; number <= to && number < Math.min(tree.size, record); number++) {
        const found = acts.signedRecord(number);
        if (found) records.push(found);
      }
    const wrong = wrongMeaning(meaning, records, {
      person: personId,
      role,
      director: acts.directorAt(record),
      isSame: (a, b) => lab.people.registry.isSameHuman(a, b),
    });
    if (wrong !== undefined) fail('meaning', wrong);
  }

  private checkTime({ recordedMs, statement }: Signed, fail: Fail): void {
    const { isSimulated, hasWrongClock } = this.context.lab.people.registry;
    const ms = instantMs(statement.predicate.time);
    if (isSimulated || hasWrongClock) return;
    if (ms > recordedMs + TOLERANCE_MS)
      fail('time', `it says ${statement.predicate.time}, after it was recorded`);
    if (recordedMs - ms > TICKET_MS + TOLERANCE_MS)
      fail('time', `it says ${statement.predicate.time}, more than 5 minutes before it was recorded`);
  }

  /** What a reader has to weigh: the server chose the state of the lab that a signature names. */
  private tellAuthority({ record, recordedMs, statement }: Signed, credential: Credential): void {
    const { lab, log, findings, intervalMs } = this.context;
    const { labMs, isSimulated, hasWrongClock } = lab.people.registry;
    const { size } = statement.predicate.lab;
    const covering = (lab.anchors.get(log) ?? []).find((anchor) => anchor.size > record)?.lab ?? Infinity;
    if (credential.end >= size && credential.end < covering)
      findings.note(
        'signature',
        log,
        `record ${record}: revoked near signing. Lab record ${credential.end} revoked its credential before an anchor showed that it was there`,
        { record, lab: credential.end },
      );
    const unread = labMs[size];
    if (unread !== undefined && recordedMs - unread > intervalMs && !isSimulated && !hasWrongClock)
      findings.note(
        'signature',
        log,
        `record ${record}: stale authority. It rests on a lab of size ${size}, though lab record ${size} was there since ${new Date(unread).toISOString()}, ${minutesText(recordedMs - unread)} before it; an anchoring interval of ${minutesText(intervalMs)} is allowed`,
        { record },
      );
  }

  private typesOf({ covers }: Signed): string {
    const { acts } = this.context;
    const types = new Set<string>();
    for (const { from, to } of covers)
      if (from === to) types.add(acts?.signedRecord(from)?.author.type ?? '');
    return [...types].filter((type) => type !== '').join(', ');
  }
}

function minutesText(ms: number): string {
  return counted(Math.round(ms / 60_000), 'minute');
}

function statusOf(
  failed: ReadonlySet<SignatureCheck>,
  by: number | undefined,
  isWhole: boolean,
): Pick<SignatureReport, 'status' | 'by' | 'failed'> {
  if (failed.size > 0) return { status: 'failed', failed: [...failed] };
  if (by !== undefined) return { status: 'superseded', by };
  return { status: isWhole ? 'valid' : 'unchecked' };
}

/** Sizes that a log never had have no root. */
function rootsOf(
  log: { readonly size: number; leafAt(number: number): Hash },
  sizes: readonly number[],
): ReadonlyMap<number, Hash> {
  return sizes.length === 0 ? new Map<number, Hash>() : rootsAt(log, sizes);
}
