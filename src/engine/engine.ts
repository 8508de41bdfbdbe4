import { EMPTY_LAB, foldLab, type Lab, type LabRecord } from '../lab/lab.js';
import type { EventStore } from '../store/event-store.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/command.js';
import type { StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import { emptyStudy, fold, type Study } from '../study/study.js';
import { upcast } from '../study/upcast.js';
import { OpenStream, type Receipt, type StreamKind } from './open-stream.js';
import { digestOfCommand, nowFrom, recording, type Now } from './recording.js';
import { codeTaken, initialising, takingCode } from './register-study.js';
import { WriteQueue } from './write-queue.js';

export type OpenStudy = OpenStream<Study, StudyRecord>;

interface Live<S, R extends StudyRecord | LabRecord> {
  readonly open: OpenStream<S, R>;
  readonly queue: WriteQueue<S, R>;
}

/** Records kept folded in memory, in all open studies together, before the least recently used is let go. */
const OPEN_RECORDS = 1_000_000;

/**
 * The studies that are open, and the one way by which a command becomes records. It has no state that is not a fold of
 * the store: closing it at any moment loses nothing that was answered.
 */
export class Engine {
  private readonly studies = new Map<string, Promise<Live<Study, StudyRecord>>>();
  private readonly labStream: Live<Lab, LabRecord>;
  private readonly now: Now;
  private labOpened: Promise<void> | undefined;

  constructor(
    readonly store: EventStore,
    clock: () => number,
    private readonly openRecords = OPEN_RECORDS,
  ) {
    this.now = nowFrom(clock);
    this.labStream = this.live(LAB);
  }

  /** The lab as far as it is known here; caught up where another process may have written. */
  async lab(): Promise<Lab> {
    const { open } = this.labStream;
    if (!this.store.soleWriter) await open.catchUp();
    else await (this.labOpened ??= open.catchUp());
    return open.state;
  }

  /** Makes an empty store a ledger; does nothing where it is one. */
  async initialise(facility: string, simulated: boolean, commandId: string): Promise<void> {
    if ((await this.lab()).size > 0) return;
    const answer = await this.labStream.queue.submit(initialising(facility, simulated, commandId, this.now));
    if (answer instanceof Refusal && (await this.lab()).size === 0) throw new Error(answer.message);
  }

  /** A study that is caught up with the store; size 0 where nothing was ever recorded under that code. */
  async study(code: string): Promise<OpenStudy> {
    const { open } = await this.liveStudy(code);
    if (!this.store.soleWriter) await open.catchUp();
    return open;
  }

  /** Records a command, or says why not. */
  async execute(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    const { study: code } = command.submission;
    const lab = await this.lab();
    if (definition.name === 'RegisterStudy') return this.register(definition, command);
    const registration = lab.studies.get(code);
    if (!registration)
      return refuse('study-unknown', `There is no study ${code} here: register it first.`, 'study');
    const { open, queue } = await this.liveStudy(code);
    if (open.size === 0) {
      return refuse(
        'study-unfinished',
        `The registration of ${code} was cut off: send the same RegisterStudy again.`,
        'study',
      );
    }
    return queue.submit(recording(definition, command, this.labStream.open.size, this.now));
  }

  /** Two streams, so two appends: first the code is taken in the lab, then the study begins. */
  private async register(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    const { study: code, id } = command.submission;
    const { open, queue } = await this.liveStudy(code);
    if (open.size > 0) {
      return open.answerTo(id) ? queue.submit(recording(definition, command, 0, this.now)) : codeTaken(code);
    }
    // What the study itself would refuse is refused before its code is taken for ever.
    const rehearsed = recording(definition, command, 0, this.now).decide(open.state, 0);
    if (rehearsed instanceof Refusal) return rehearsed;
    const digest = digestOfCommand(definition, command);
    const taken = await this.labStream.queue.submit(takingCode(definition, command, digest, this.now));
    if (taken instanceof Refusal) return taken;
    const number = (await this.lab()).studies.get(code)?.number ?? 0;
    return queue.submit(recording(definition, command, number + 1, this.now));
  }

  private async liveStudy(code: string): Promise<Live<Study, StudyRecord>> {
    let live = this.studies.get(code);
    if (live) this.studies.delete(code);
    live ??= this.opened(code);
    this.studies.set(code, live);
    return live;
  }

  private async opened(code: string): Promise<Live<Study, StudyRecord>> {
    const live = this.live(studyStream(code));
    try {
      await live.open.catchUp();
    } catch (error) {
      this.studies.delete(code);
      throw error;
    }
    await this.letGo(code);
    return live;
  }

  /** Drops the least recently used studies that nobody is writing to, beyond what may stay open. */
  private async letGo(keep: string): Promise<void> {
    let records = 0;
    for (const [code, promised] of [...this.studies].reverse()) {
      if (code === keep) continue;
      const { open, queue } = await promised;
      records += open.size;
      if (records > this.openRecords && queue.idle) this.studies.delete(code);
    }
  }

  private live<S, R extends StudyRecord | LabRecord>(kind: StreamKind<S, R>): Live<S, R> {
    const open = new OpenStream(kind, this.store);
    return { open, queue: new WriteQueue(open, this.store) };
  }
}

const LAB: StreamKind<Lab, LabRecord> = {
  stream: 'lab',
  empty: EMPTY_LAB,
  fold: foldLab,
  parse: (text) => JSON.parse(text) as LabRecord,
};

export function studyStream(code: string): StreamKind<Study, StudyRecord> {
  return {
    stream: `study-${code}`,
    empty: emptyStudy(code),
    fold,
    parse: (text) => upcast(JSON.parse(text) as StudyRecord),
  };
}
