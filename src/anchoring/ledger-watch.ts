import type { Lab } from '../lab/lab.js';
import { isOwnNote } from '../signing/signed-note.js';
import { SigningError } from '../signing/signing-error.js';
import { withoutFolders } from '../shared/without-folders.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { LedgerFolder } from './ledger-folder.js';
import type { EvidenceState, LabReader, Watch } from './watch.js';
import { evidenceOf, watchStatusOf, type WatchStatus } from './watch-status.js';
import { Witnesses, witnessesOf } from './witnesses.js';

/** Commands that a ledger does not take which is to be watched and is not. What happens to an animal is always recorded. */
const GATED: ReadonlySet<string> = new Set(['RegisterStudy', 'CloseStudy', 'ExportBundle']);

/** Witnesses and time-stamp authority of a ledger in its folder: what they have proved, and what is wrong with them. */
export class LedgerWatch implements Watch {
  readonly witnesses: Witnesses;
  #alarm: SigningError | undefined;
  /** By log, what kept it from being anchored in the last round. */
  readonly #problems = new Map<string, string>();
  #asked: Promise<void> | undefined;

  constructor(
    private readonly folder: LedgerFolder,
    private readonly clock: () => number,
    private readonly report: (message: string) => void = () => undefined,
  ) {
    const { config, anchors } = folder;
    this.witnesses = new Witnesses(anchors, clock, witnessesOf(config.witnesses), (alarm) =>
      this.#raise(alarm),
    );
    const alarm = folder.alarm();
    if (alarm) this.#alarm = new SigningError(alarm.code, 'lab', alarm.message);
  }

  get alarm(): SigningError | undefined {
    return this.#alarm;
  }

  /** Before anything is signed, each witness is asked once whether it knows of more than is here. */
  ready(reader: LabReader): Promise<void> {
    return (this.#asked ??= this.#ask(reader).catch((error: unknown) => this.noteProblem('lab', error)));
  }

  refusal(command: string, lab: Lab): Refusal | undefined {
    if (!GATED.has(command)) return undefined;
    const { state } = watchStatusOf(lab, this.folder, this.clock());
    if (state === 'commissioning' && command === 'RegisterStudy') {
      return refuse(
        'not-commissioned',
        'Witnesses or a time-stamp authority are named for this ledger and have not answered yet: no study begins before they have. See study-ledger anchors.',
      );
    }
    if (state !== 'unanchored') return undefined;
    return refuse(
      'ledger-unanchored',
      'The witnesses that the policy asks for have not answered for too long: no study begins or ends until they do. See study-ledger anchors.',
    );
  }

  evidenceOf(lab: Lab, labRecord: number): EvidenceState {
    return evidenceOf(lab, this.folder, labRecord);
  }

  status(lab: Lab): WatchStatus {
    const alarm = this.#alarm;
    return {
      ...watchStatusOf(lab, this.folder, this.clock()),
      ...(alarm && { alarm: { code: alarm.code, message: alarm.message } }),
      problems: Object.fromEntries(this.#problems),
    };
  }

  /** What went wrong with a log, until the next round begins. */
  noteProblem(log: string, error: unknown): void {
    // The status is shown to everybody whom the server answers; the report is for whoever keeps the machine.
    this.#problems.set(log, withoutFolders(error));
    const message = error instanceof Error ? error.message : String(error);
    this.report(error instanceof SigningError ? message : `anchoring ${log}: ${message}`);
  }

  forgetProblems(): void {
    this.#problems.clear();
  }

  async #ask(reader: LabReader): Promise<void> {
    const newest = this.folder.anchors.newest(isOwnNote(reader.labNow));
    if (!newest || this.witnesses.all.length === 0) return;
    const { size } = await reader.log('lab');
    if (size >= newest.size) await this.witnesses.send(reader, newest, () => true);
  }

  #raise(alarm: SigningError): void {
    this.folder.writeAlarm({ code: alarm.code, message: alarm.message });
    this.#alarm = alarm;
    this.report(alarm.message);
  }
}

/** For a process that only reads: it shows how far anchoring has come, and asks nobody. */
export function readingWatch(folder: LedgerFolder, clock: () => number): Watch {
  return {
    alarm: undefined,
    ready: async () => undefined,
    refusal: () => undefined,
    evidenceOf: (lab, labRecord) => evidenceOf(lab, folder, labRecord),
    status(lab) {
      const alarm = folder.alarm();
      return { ...watchStatusOf(lab, folder, clock()), ...(alarm && { alarm }) };
    },
  };
}
