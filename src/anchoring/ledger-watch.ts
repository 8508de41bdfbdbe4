import type { Lab } from '../lab/lab.js';
import { isOwnNote } from '../signing/signed-note.js';
import { SigningError } from '../signing/signing-error.js';
import { withoutFolders } from '../shared/without-folders.js';
import { refuse, type Refusal } from '../study/refusal.js';
import type { Contact } from './anchors-folder.js';
import { disputeAlarm } from './disputes.js';
import type { LedgerFolder } from './ledger-folder.js';
import type { EvidenceState, LabReader, Watch } from './watch.js';
import type { WatchStatus } from '../shared/watch-status.js';
import { evidenceOf, watchStatusOf } from './watch-status.js';
import type { ContradictingHead } from './witness-heads.js';
import { witnessesOf, type Witness } from './witness.js';
import { Witnesses } from './witnesses.js';

/** Commands that a ledger does not take which is to be watched and is not. What happens to an animal is always recorded. */
const GATED: ReadonlySet<string> = new Set(['RegisterStudy', 'CloseStudy', 'ArchiveStudy', 'ExportBundle']);

/** Witnesses and time-stamp authority of a ledger in its folder: what they have proved, and what is wrong with them. */
export class LedgerWatch implements Watch {
  readonly witnesses: Witnesses;
  /** Lasts until a person restores. */
  #proved: SigningError | undefined;
  /** Lasts until enough of the disputed witnesses answer honestly. */
  #disputed: SigningError | undefined;
  /** By log, what kept it from being anchored in the last round. */
  readonly #problems = new Map<string, string>();
  #asked: Promise<void> | undefined;

  constructor(
    private readonly folder: LedgerFolder,
    private readonly clock: () => number,
    private readonly report: (message: string) => void = () => undefined,
  ) {
    const { config, anchors } = folder;
    this.witnesses = new Witnesses(anchors, clock, witnessesOf(config.witnesses), {
      proved: (witness, head) => this.#raise(witness, head),
      claimed: (witness, detail) => this.#dispute(witness, detail),
    });
    const alarm = folder.alarm();
    if (alarm) this.#proved = new SigningError(alarm.code, 'lab', alarm.message);
    this.#disputed = disputeAlarm(folder);
  }

  get alarm(): SigningError | undefined {
    return this.#proved ?? this.#disputed;
  }

  /** Before anything is signed, each witness is asked once whether it knows of more than is here. */
  ready(reader: LabReader): Promise<void> {
    return (this.#asked ??= this.#ask(reader, () => true));
  }

  /** Asks the disputed witnesses again, since only they can end the dispute. */
  askDisputed(reader: LabReader): Promise<void> {
    const now = this.clock();
    return this.#ask(reader, ({ claim, next }) => claim !== undefined && next <= now);
  }

  refusal(command: string, lab: Lab): Refusal | undefined {
    if (!GATED.has(command)) return undefined;
    const { state, witnesses, authority } = watchStatusOf(lab, this.folder, this.clock());
    const waiting = [...witnesses, ...(authority ? [authority] : [])]
      .filter(({ at, failures }) => at === undefined || failures > 0)
      .map(({ name, problem = 'has not answered yet' }) => `${name}: ${problem}`);
    const who = waiting.length === 0 ? '' : ` (${waiting.join('; ')})`;
    if (state === 'commissioning' && command === 'RegisterStudy') {
      return refuse(
        'not-commissioned',
        `Witnesses or a time-stamp authority are named for this ledger and have not answered yet${who}: no study begins before they have. See study-ledger anchors.`,
      );
    }
    if (state !== 'unanchored') return undefined;
    return refuse(
      'ledger-unanchored',
      `The witnesses that the policy asks for have not answered for too long${who}: no study begins, ends or is exported until they do. Ask their keepers; study-ledger anchors says how far they have come. An export with --unrecorded takes what they have cosigned.`,
    );
  }

  evidenceOf(lab: Lab, labRecord: number): EvidenceState {
    return evidenceOf(lab, this.folder, labRecord);
  }

  status(lab: Lab): WatchStatus {
    const { alarm } = this;
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

  async #ask(reader: LabReader, isDue: (contact: Contact) => boolean): Promise<void> {
    try {
      const newest = this.folder.anchors.newest(isOwnNote(reader.labNow));
      if (!newest || this.witnesses.all.length === 0) return;
      const { size } = await reader.log('lab');
      if (size >= newest.size) await this.witnesses.send(reader, newest, isDue);
    } catch (error) {
      this.noteProblem('lab', error);
    }
  }

  /** A head that this lab has signed counts as published, so that a restore has to reach it. */
  #raise({ name }: Witness, { is, size, note }: ContradictingHead): void {
    const alarm =
      is === 'larger'
        ? new SigningError(
            'store-behind-mark',
            'lab',
            `The witness ${name} shows a head of lab size ${size} that this lab has signed, and there are fewer records here: the store was replaced by an older copy. Stop the server and run study-ledger restore --from.`,
          )
        : new SigningError(
            'store-inconsistent',
            'lab',
            `The witness ${name} shows a head of lab size ${size} that this lab has signed, and the records here are others. Nothing is recorded or signed any more. Keep all files as they are, and find out which of the two logs is the true one.`,
          );
    if (is === 'larger') this.folder.anchors.keep('lab', size, note);
    this.folder.writeAlarm({ code: alarm.code, message: alarm.message, note });
    this.#proved = alarm;
    this.report(alarm.message);
  }

  #dispute({ name }: Witness, detail: string | undefined): void {
    const alarm = (this.#disputed = disputeAlarm(this.folder));
    if (alarm) this.report(alarm.message);
    else if (detail === undefined)
      this.report(`The witness ${name} has cosigned again: it is no longer disputed.`);
    else
      this.report(
        `The witness ${name} claims to remember another lab log than this one, without proof: ${detail}. It is disputed; everything goes on, since the other witnesses can make the quorum. Ask its keeper what it holds.`,
      );
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
      const { code, message } = folder.alarm() ?? disputeAlarm(folder) ?? {};
      const alarm = code !== undefined && { code, message };
      return { ...watchStatusOf(lab, folder, clock()), ...(alarm && { alarm }) };
    },
  };
}
