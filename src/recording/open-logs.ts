import { counted } from '../shared/counted.js';
import type { Access, AccessRecord } from '../lab/access.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import { studyLog, studyOf, type LogName } from '../lab/origins.js';
import { Histogram } from '../shared/histogram.js';
import { askUntil } from '../shared/retry.js';
import type { EventStore, StoredRecord } from '../store/event-store.js';
import { StoreError, concernsOneLog } from '../store/store-error.js';
import type { RecordAttributes, StudyRecord } from '../study/record.js';
import type { Study } from '../study/study.js';
import { ACCESS, LAB, studyStream, type OpenLog, type OpenStudy } from './streams.js';
import { WritableLog } from './writable-log.js';

/** The most records of all open studies together that stay folded in memory. Beyond it, the least recently used are dropped. */
const OPEN_RECORDS = 1_000_000;

/** How old the lab may be that a command is authorised on, where other processes may write. */
const LAB_AGE_MS = 5000;

/** How long, and how often, to look for a size that a caller has seen at another process. */
const PATIENCE = { pauseMs: 50, giveUpMs: 3000 };

/**
 * The logs that are open in memory: the lab, the access log, and the studies that were used last. Where other processes
 * may write, a log is caught up with the store before it is handed out. Within one process no log ever gets smaller.
 */
export class OpenLogs {
  readonly labLog: WritableLog<Lab, LabRecord>;
  readonly accessLog: WritableLog<Access, AccessRecord>;
  /** The studies whose records could not be read as a log, or were changed, when they were last opened. */
  readonly damaged = new Set<string>();
  /** How long the store took to append. */
  readonly appendTimes = new Histogram();
  /** On the clock of the process. */
  private labReadMs = -Infinity;
  private readonly studies = new Map<string, Promise<WritableLog<Study, StudyRecord>>>();

  constructor(
    readonly store: EventStore,
    private readonly openRecords: number = OPEN_RECORDS,
  ) {
    this.labLog = new WritableLog(LAB, store, { appendTimes: this.appendTimes });
    this.accessLog = new WritableLog(ACCESS, store, { appendTimes: this.appendTimes });
  }

  /** How many studies are folded in memory. */
  get openStudies(): number {
    return this.studies.size;
  }

  /** The lab, caught up with the store. */
  async lab(): Promise<Lab> {
    const [{ isOpen }, since] = [this.labLog, performance.now()];
    await this.knownLab();
    if (isOpen) await this.caughtUp(this.labLog);
    this.labReadMs = since;
    return this.labNow;
  }

  /**
   * Reads the lab on where a command of this study must not be authorised on it as it is: where it is smaller than the lab of
   * the study's last record, or was last read too long ago. @throws StoreError where it cannot be read.
   */
  async labFor(study: Study): Promise<void> {
    const { labsize = 0 } = study.records.last?.record ?? {};
    const isOld = !this.store.soleWriter && performance.now() - this.labReadMs > LAB_AGE_MS;
    if (isOld || labsize > this.labNow.size) await this.lab();
  }

  /** The lab as it is folded at this moment, which may be before another process wrote. */
  get labNow(): Lab {
    return this.labLog.open.state;
  }

  /** A study, caught up with the store; size 0 where nothing was ever recorded under that code. */
  async study(code: string): Promise<OpenStudy> {
    return (await this.caughtUp(await this.writableStudy(code))).open;
  }

  /** Any log, caught up with the store. */
  async log(name: LogName): Promise<OpenLog> {
    return (await this.caughtUp(await this.writable(name))).open as unknown as OpenLog;
  }

  /** Whether a study was registered, which another process may just have done. */
  async isRegistered(code: string): Promise<boolean> {
    return (await this.knownLab()).studies.has(code) || (await this.lab()).studies.has(code);
  }

  /**
   * How many records the store holds of a log, without opening it.
   * @throws StoreError `integrity` where these are fewer than the lab anchored.
   */
  async storedSize(name: LogName): Promise<number> {
    await this.knownLab();
    return this.holdsAnchored(name, () => this.store.size(name));
  }

  /**
   * Whether a log holds so many records, after reading on for a while where another process may have written them.
   * True where there is no such study: the question itself then says so.
   */
  async reaches(name: LogName, size: number): Promise<boolean> {
    const code = studyOf(name);
    const ask = async (): Promise<'reached' | 'not-yet' | 'unknown'> => {
      if (code !== undefined && !(await this.isRegistered(code))) return 'unknown';
      return (await this.log(name)).size >= size ? 'reached' : 'not-yet';
    };
    const isFinal = (answer: string): boolean => answer === 'reached' || this.store.soleWriter;
    return (await askUntil(ask, isFinal, PATIENCE)) !== 'not-yet';
  }

  /** The lab as it is folded here; it is read only the first time. */
  async knownLab(): Promise<Lab> {
    await this.labLog.opened();
    return this.labNow;
  }

  async writable(name: LogName): Promise<WritableLog<never, RecordAttributes & never>> {
    const code = studyOf(name);
    if (code !== undefined) return (await this.writableStudy(code)) as never;
    if (name === 'lab') await this.knownLab();
    else await this.accessLog.opened();
    return (name === 'lab' ? this.labLog : this.accessLog) as never;
  }

  /** The stored texts of a study, without folding them. */
  readTexts(code: string): AsyncIterable<readonly StoredRecord[]> {
    return this.store.read(studyLog(code), 0);
  }

  /** A study as it was read when it was opened. What other processes wrote since is noticed at the next append or question. */
  async writableStudy(code: string): Promise<WritableLog<Study, StudyRecord>> {
    let log = this.studies.get(code);
    if (log) this.studies.delete(code);
    log ??= this.opened(code);
    this.studies.set(code, log);
    return log;
  }

  private async hasLabGrown(): Promise<boolean> {
    const { size } = this.labNow;
    return (await this.lab()).size > size;
  }

  private async caughtUp<L extends { readonly open: { catchUp(): Promise<void> } }>(log: L): Promise<L> {
    if (!this.store.soleWriter) await log.open.catchUp();
    return log;
  }

  private async opened(code: string): Promise<WritableLog<Study, StudyRecord>> {
    const log = new WritableLog(studyStream(code), this.store, {
      refresh: () => this.hasLabGrown(),
      appendTimes: this.appendTimes,
    });
    const { open } = log;
    try {
      await this.knownLab();
      await this.holdsAnchored(log.name, async () => {
        await open.catchUp();
        return open.size;
      });
    } catch (error) {
      this.studies.delete(code);
      if (concernsOneLog(error)) this.damaged.add(code);
      throw error;
    }
    if (open.damaged === undefined) this.damaged.delete(code);
    else this.damaged.add(code);
    // Not awaited: it waits for all studies that are being opened, and two of those would wait for each other.
    void this.letGo(code);
    return log;
  }

  /**
   * A study that was deleted or emptied in the store looks like one that never began; the lab's anchor shows it.
   * @throws StoreError `integrity` where the log holds fewer records than the lab anchored.
   */
  private async holdsAnchored(name: LogName, sizeNow: () => Promise<number>): Promise<number> {
    const anchored = this.labNow.anchors.get(name)?.size ?? 0;
    // On a cluster another process may have anchored what this one cannot read yet.
    const { soleWriter, folder } = this.store;
    const isFinal = (size: number): boolean => size >= anchored || soleWriter || folder !== undefined;
    const size = await askUntil(sizeNow, isFinal, PATIENCE);
    if (size < anchored) throw deletedRecords(name, size, anchored);
    return size;
  }

  /** Drops the least recently used studies that are not being written, beyond what may stay open. */
  private async letGo(keep: string): Promise<void> {
    let records = 0;
    for (const [code, promised] of [...this.studies].reverse()) {
      if (code === keep) continue;
      // Those who asked for it are told why it cannot be opened.
      const other = await promised.catch(() => undefined);
      records += other?.open.size ?? 0;
      if (records > this.openRecords && other?.queue.idle) this.studies.delete(code);
    }
  }
}

export function deletedRecords(name: LogName, size: number, anchored: number): StoreError {
  return new StoreError(
    'integrity',
    `${name} holds ${counted(size, 'record')}, but the lab anchored its first ${anchored}: the others were deleted from the ` +
      'store. Record nothing more there, and run verify.',
  );
}
