/**
 * The check of a ledger’s folder: everything derived again from the stored bytes, and held against what was signed. The steps
 * share one state and stand in their order, so they are one file, although it is long.
 */
import { hashToBase64 } from '../../tlog/encoding.js';
import { openRows } from '../../store/open-rows.js';
import type { RecordRows } from '../../store/record-rows.js';
import { isStoreError } from '../../store/store-error.js';
import { Findings } from '../checks/findings.js';
import { checkAnchors } from '../checks/anchors.js';
import { checkHead, signedHead } from '../checks/signed-heads.js';
import { Lab } from '../checks/lab.js';
import { checkKeptAttachments } from './ledger-attachments.js';
import { readLedgerFiles, type LedgerFiles, type NoteFile } from './ledger-files.js';
import type { FoldedLog } from '../checks/log.js';
import { Overdue } from '../checks/overdue.js';
import { checkPolicy, type LabHead, type Pins } from '../checks/pins.js';
import { CheckerPool } from '../runtime/pool.js';
import { counted, quote } from '../checks/printable.js';
import { allSchemas } from './record-schemas.js';
import { exitCodeOf, unwitnessedText, type LogReport, type Report } from '../checks/report.js';
import {
  reportPeople,
  UNKNOWABLE,
  type PeopleReport,
  type CommitmentReport,
} from '../checks/people/people-report.js';
import { SIGNATURES_UNKNOWABLE, type SignatureReport } from '../checks/signatures/signature-report.js';
import { Stamps } from '../checks/stamps.js';
import { recordsElsewhere } from './records-elsewhere.js';
import { storeSource } from './store-source.js';
import { foldAnchored, foldLab, type Context } from '../checks/study.js';

export interface LedgerOptions extends Pins {
  readonly onProgress?: (done: number, total: number) => void;
  /** As `CheckerPool` takes them. */
  readonly threads?: number;
  readonly joins?: boolean;
  /** `kurrentdb://…`, where the records do not lie in the folder. That of its `ledger.json` is not used: it may be forged. */
  readonly store?: string | undefined;
  readonly report?: (message: string) => void;
  /** The folder of attached files, where it is not that of `ledger.json`. */
  readonly attachments?: string;
}

/** @throws StoreError where there is no ledger that could be read. */
export async function verifyLedger(folder: string, options: LedgerOptions = {}): Promise<Report> {
  const files = readLedgerFiles(folder);
  const { threads, joins, onProgress, store, report } = options;
  if (files.store !== undefined && store === undefined) return recordsElsewhere(folder);
  const rows = await openRows(folder, { store, report });
  const checker = new CheckerPool({
    schemas: allSchemas(),
    threads,
    joins,
    worker: new URL('../runtime/chunk-worker.js', import.meta.url),
  });
  try {
    return await new LedgerCheck(folder, rows, files, checker, options).run(onProgress);
  } finally {
    await checker.close();
    await rows.close();
  }
}

class LedgerCheck {
  private readonly logs: LogReport[] = [];
  private readonly findings = new Findings();
  private readonly signatures: SignatureReport[] = [];
  private readonly commitments: CommitmentReport[] = [];
  private lab = new Lab(this.findings);
  private newestHead = 0;
  private witnessedTo = 0;
  private people: PeopleReport | undefined;
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly rows: RecordRows,
    private readonly files: LedgerFiles,
    private readonly checker: CheckerPool,
    private readonly pins: Pins & Pick<LedgerOptions, 'attachments'>,
  ) {}

  async run(onProgress: LedgerOptions['onProgress']): Promise<Report> {
    let [done, total] = [0, 0];
    const onRecords = (count: number): void => {
      done += count;
      onProgress?.(done, total);
    };
    try {
      const found = await this.rows.streams();
      const streams = found.map(({ stream }) => stream);
      total = found.reduce((sum, { rows }) => sum + rows, 0);
      const overdue = new Overdue();
      const { checker, findings, signatures, commitments, files } = this;
      const told = { findings, signatures, commitments };
      const context = { ...files, ...told, checker, overdue, onRecords };
      const unnamed = await this.checkLogs(streams, context, (size) => (total += size));
      if (!this.lab.simulated) overdue.tell(this.files.intervalMs, this.findings);
      await this.checkStore([...streams, ...unnamed], total);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      this.findings.fail('stream', 'store', error.message);
    }
    return this.finished(done);
  }

  /** Gives the registered studies that the store did not name; `expects` is told how many records each has. */
  private async checkLogs(
    streams: readonly string[],
    context: Context,
    expects: (size: number) => void,
  ): Promise<string[]> {
    const { findings, files } = this;
    const before = this.rows.isOneMoment ? undefined : await this.sizesOfAll(context);
    const source = storeSource(this.rows, 'lab', findings);
    const { lab, folded } = await foldLab(source, this.sizesOf('lab'), context);
    this.lab = lab;
    this.report('lab', folded);
    const hasGap = folded.reach > folded.size;
    if (hasGap)
      findings.incomplete(
        'register',
        'lab',
        `what lab records ${folded.size}…${folded.reach - 1} say of keys, studies and anchors is not known`,
      );
    // Without its first record, not even the lab's own key is known.
    if (hasGap && folded.size === 0) return [];
    this.checkHeads('lab', lab, folded);
    this.checkTokens(lab);
    const heads = this.labHeads();
    this.newestHead = heads.at(-1)?.size ?? 0;
    this.witnessedTo = checkPolicy(files.policy, 'policy/lab.policy', lab, heads, this.pins, findings);
    this.people = reportPeople(lab.people, files.disclosures, findings, this.commitments);
    lab.people.lookIntoSessions(before?.get('lab'));
    const registered = [...lab.studies.keys()].map((code) => `study-${code}`);
    const unnamed = registered.filter((log) => !streams.includes(log));
    for (const log of unnamed)
      await this.unlessUnreadable(log, async () => expects(await this.rows.size(log)));
    for (const log of new Set(['access', ...registered, ...streams])) {
      if (log === 'lab') continue;
      const limit = before ? Math.max(before.get(log) ?? 0, anchoredOf(lab, log)) : Infinity;
      if (before && limit === 0 && registered.includes(log)) continue;
      if (log === 'access' || registered.includes(log))
        await this.unlessUnreadable(log, () => this.checkLog(log, lab, folded, limit, context));
      else this.unregistered(log, hasGap);
    }
    for (const log of new Set([...files.marks.keys(), ...files.notes.keys()]))
      if (!hasGap && !['lab', 'access', ...registered].includes(log))
        findings.fail('mark', log, 'was signed once, and the lab registers no such study');
    if (files.alarm !== undefined)
      findings.incomplete('rules', 'store', `the ledger raised an alarm: ${quote(files.alarm)}`);
    for (const { lab: record, type } of lab.incidents)
      findings.note('register', 'lab', `record ${record} is a ${type}`, { record });
    return unnamed;
  }

  /**
   * Where a store that others write to cannot be read as of one moment, the studies are looked at as far as they were
   * before the lab is read: what they rest on is in it then. Whatever the lab says of a study's head was there as well.
   */
  private async sizesOfAll({ checker }: Context): Promise<Map<string, number>> {
    const findings = new Findings();
    const source = storeSource(this.rows, 'lab', findings);
    const { lab, folded } = await foldLab(source, [], { checker, findings });
    // Whoever made a record had signed in before.
    const logs = [...[...lab.studies.keys()].map((code) => `study-${code}`), 'access'];
    const sizes = new Map([['lab', folded.reach]]);
    for (const log of logs)
      await this.unlessUnreadable(log, async () => void sizes.set(log, await this.rows.size(log)));
    return sizes;
  }

  /** One log that the store does not give, since it was deleted there, is a finding; the others are checked all the same. */
  private async unlessUnreadable(log: string, work: () => Promise<void>): Promise<void> {
    if (this.unreadable.has(log)) return;
    try {
      await work();
    } catch (error) {
      if (!isStoreError(error) || error.code === 'unavailable') throw error;
      this.unreadable.add(log);
      this.findings.fail('stream', log, error.message);
    }
  }

  private async checkLog(
    log: string,
    lab: Lab,
    labLog: FoldedLog,
    limit: number,
    context: Context,
  ): Promise<void> {
    const source = storeSource(this.rows, log, this.findings, limit);
    const folded = await foldAnchored(source, lab, labLog, this.sizesOf(log), context);
    const anchors = lab.anchors.get(log) ?? [];
    checkAnchors(log, anchors, folded, this.findings);
    const anchored = anchoredOf(lab, log);
    if (folded.size === 0 && log === 'access' && anchored === 0 && !this.files.marks.has(log)) return;
    if (folded.size === 0 && anchored === 0 && !this.findings.has('fail', log) && !this.files.marks.has(log))
      this.findings.incomplete(
        'register',
        log,
        'is registered and has no records: its registration was cut off, or all were removed',
      );
    const kept = this.pins.attachments ?? this.files.attachments;
    await checkKeptAttachments(kept, folded, this.checker, this.findings);
    this.report(log, folded, anchored);
    this.checkHeads(log, lab, folded);
    if (folded.size > anchored)
      this.findings.note('unanchored', log, `records ${anchored}…${folded.size - 1} are not anchored yet`, {
        record: anchored,
      });
  }

  private async checkStore(streams: readonly string[], total: number): Promise<void> {
    const readable = streams.filter((log) => !this.unreadable.has(log));
    for (const { severity, stream, message } of await this.rows.problems(readable, total)) {
      if (severity === 'fail') this.findings.fail('stream', stream, message);
      else this.findings.incomplete('rules', stream, message);
    }
  }

  private unregistered(log: string, labHasGap: boolean): void {
    const isStudy = /^study-[A-Z0-9]+(-[A-Z0-9]+)*$/.test(log);
    if (isStudy && labHasGap)
      this.findings.incomplete('stream', log, 'is a study that no lab record before the gap registers');
    else
      this.findings.fail(
        'stream',
        log,
        `is ${isStudy ? 'a study that the lab does not register' : 'no log of a ledger'}`,
      );
  }

  /** Sizes that heads beside the records speak of, whether they can be believed or not. */
  private sizesOf(log: string): number[] {
    const mark = Number(this.files.marks.get(log)?.text.split('\n')[1]);
    const notes = (this.files.notes.get(log) ?? []).map(({ size }) => size!);
    return Number.isSafeInteger(mark) ? [mark, ...notes] : notes;
  }

  /** The last head that was signed is remembered outside the records, so that a restored backup shows. */
  private checkHeads(log: string, lab: Lab, folded: FoldedLog): void {
    const mark = this.files.marks.get(log);
    const notes = this.files.notes.get(log) ?? [];
    if (mark) this.checkNote('mark', log, mark, lab, folded);
    else if (folded.reach > 0 && (log === 'lab' ? lab.keysOf('lab').length > 0 : notes.length > 0))
      this.findings.incomplete(
        'mark',
        log,
        `marks/${log}.note is gone: what was last signed for this log cannot be told`,
      );
    for (const note of notes) this.checkNote('note', log, note, lab, folded);
  }

  private checkNote(
    check: 'mark' | 'note',
    log: string,
    { file, text, size }: NoteFile,
    lab: Lab,
    folded: FoldedLog,
  ): void {
    const place = { check, log, file };
    const head = signedHead(text, lab.origin(log), lab.keysOf(log), place, this.findings);
    if (!head) return;
    if (size !== undefined && head.size !== size)
      this.findings.fail(check, log, `${file} is a checkpoint of size ${head.size}`);
    checkHead(head, folded, place, this.findings);
  }

  /** Published lab checkpoints, smallest first, each with what witnesses said to it. */
  private labHeads(): LabHead[] {
    return (this.files.notes.get('lab') ?? []).map(({ size, text }) => ({
      size: size!,
      note: text + (this.files.cosignatures.get(size!) ?? []).join(''),
    }));
  }

  private checkTokens({ tokens }: Lab): void {
    const { files, findings, pins } = this;
    const stamps = new Stamps(findings, pins.authorities, files.authorities);
    for (const recorded of tokens) {
      const { lab: record, imprint } = recorded;
      const file = `anchors/timestamps/${imprint}.tsr`;
      const response = files.tokens.get(imprint);
      if (response) stamps.check({ file, imprint, request: files.requests.get(imprint), response, recorded });
      else
        findings.incomplete('time-stamp', 'lab', `${file}, the token of record ${record}, is not there`, {
          record,
        });
    }
    stamps.tell();
  }

  private report(log: string, { size, reach, root }: FoldedLog, anchored?: number): void {
    this.logs.push({
      log,
      size,
      root: hashToBase64(root),
      ...(anchored !== undefined && { anchored }),
      ...(reach > size && { reach }),
    });
  }

  private finished(records: number): Report {
    const { findings, logs, witnessedTo, pins } = this;
    const witnessed = witnessedTo > 0 && witnessedTo === this.newestHead;
    const labSize = logs.find(({ log }) => log === 'lab')?.size ?? 0;
    const exitCode = exitCodeOf(findings);
    const pinned = pins.labVkey !== undefined || pins.policy !== undefined;
    const keys = pinned ? 'keys as you gave them' : 'keys as the ledger publishes them itself';
    return {
      verdict: (['CONSISTENT', 'FAIL', 'INCOMPLETE'] as const)[exitCode],
      exitCode,
      subject: this.folder,
      simulated: this.lab.simulated,
      witnessed,
      witnessedTo,
      pinned,
      summary: [
        `${counted(records, 'record')} in ${counted(logs.length, 'log')} derived again from their bytes; ${keys}.`,
        ...(witnessed ? [] : [unwitnessedText(labSize, witnessedTo)]),
        ...(this.people ? [UNKNOWABLE] : []),
        ...(this.signatures.length > 0 ? [SIGNATURES_UNKNOWABLE] : []),
      ],
      logs,
      findings: findings.list,
      records,
      ...(this.people && { people: this.people }),
      ...(this.signatures.length > 0 && { signatures: this.signatures }),
    };
  }
}

function anchoredOf(lab: Lab, log: string): number {
  return lab.anchors.get(log)?.at(-1)?.size ?? 0;
}
