import type { Access, AccessRecord } from '../lab/access.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import { studyOf, type LogName } from '../lab/origins.js';
import { askUntil } from '../shared/retry.js';
import type { EventStore } from '../store/event-store.js';
import type { RecordAttributes, StudyRecord } from '../study/record.js';
import type { Study } from '../study/study.js';
import { Live } from './live.js';
import { ACCESS, LAB, studyStream, type OpenLog, type OpenStudy } from './streams.js';

/** Records kept folded in memory, in all open studies together, before the least recently used is let go. */
const OPEN_RECORDS = 1_000_000;

/** How long a size that somebody has seen elsewhere is waited for, and how long between two looks. */
const PATIENCE = { pauseMs: 50, giveUpMs: 3000 };

/**
 * The logs that are open in memory: the lab, the access log, and the studies that were used last. Where other processes
 * may write, what is asked for is caught up with the store first; within one process no log ever gets smaller.
 */
export class OpenLogs {
  protected readonly labStream: Live<Lab, LabRecord>;
  protected readonly accessStream: Live<Access, AccessRecord>;
  private readonly studies = new Map<string, Promise<Live<Study, StudyRecord>>>();

  constructor(
    readonly store: EventStore,
    private readonly openRecords: number = OPEN_RECORDS,
  ) {
    this.labStream = new Live(LAB, store);
    this.accessStream = new Live(ACCESS, store);
  }

  /** The lab, caught up with the store. */
  async lab(): Promise<Lab> {
    const { isOpen } = this.labStream;
    await this.labOnceOpen();
    if (isOpen) await this.caughtUp(this.labStream);
    return this.labNow;
  }

  /** The lab as it is folded at this moment, which may be before another process wrote. */
  get labNow(): Lab {
    return this.labStream.open.state;
  }

  /** A study, caught up with the store; size 0 where nothing was ever recorded under that code. */
  async study(code: string): Promise<OpenStudy> {
    return (await this.caughtUp(await this.liveStudy(code))).open;
  }

  /** Any log, caught up with the store. */
  async log(name: LogName): Promise<OpenLog> {
    return (await this.caughtUp(await this.liveLog(name))).open as unknown as OpenLog;
  }

  /** Whether a study was registered, which another process may just have done. */
  async isRegistered(code: string): Promise<boolean> {
    return (await this.labOnceOpen()).studies.has(code) || (await this.lab()).studies.has(code);
  }

  /**
   * Whether a log holds so many records, after reading on for a while where another process may have written them.
   * True where there is no such study: whoever asks for it is told so.
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

  /** The lab as far as it is known here: nothing is read but the first time. */
  protected async labOnceOpen(): Promise<Lab> {
    await this.labStream.opened();
    return this.labNow;
  }

  protected async liveLog(name: LogName): Promise<Live<never, RecordAttributes & never>> {
    const code = studyOf(name);
    if (code !== undefined) return (await this.liveStudy(code)) as never;
    if (name === 'lab') await this.labOnceOpen();
    else await this.accessStream.opened();
    return (name === 'lab' ? this.labStream : this.accessStream) as never;
  }

  /** A study, read once when it is opened; what others wrote since shows when something is appended or asked. */
  protected async liveStudy(code: string): Promise<Live<Study, StudyRecord>> {
    let live = this.studies.get(code);
    if (live) this.studies.delete(code);
    live ??= this.opened(code);
    this.studies.set(code, live);
    return live;
  }

  private async caughtUp<L extends { readonly open: { catchUp(): Promise<void> } }>(live: L): Promise<L> {
    if (!this.store.soleWriter) await live.open.catchUp();
    return live;
  }

  private async opened(code: string): Promise<Live<Study, StudyRecord>> {
    const live = new Live(studyStream(code), this.store);
    try {
      await live.open.catchUp();
    } catch (error) {
      this.studies.delete(code);
      throw error;
    }
    // Not waited for: it waits for all that are being opened, and two of those would wait for each other.
    void this.letGo(code);
    return live;
  }

  /** Drops the least recently used studies that nobody is writing to, beyond what may stay open. */
  private async letGo(keep: string): Promise<void> {
    let records = 0;
    for (const [code, promised] of [...this.studies].reverse()) {
      if (code === keep) continue;
      // One that cannot be opened is the trouble of those who asked for it.
      const other = await promised.catch(() => undefined);
      records += other?.open.size ?? 0;
      if (records > this.openRecords && other?.queue.idle) this.studies.delete(code);
    }
  }
}
