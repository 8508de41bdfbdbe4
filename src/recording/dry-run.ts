import type { CommandDefinition, Standing, StudyCommand } from '../study/commands/common/command.js';
import { decide, type Decided } from '../study/decide.js';
import type { StoredStudyRecord, StudyRecord } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import { recording, rememberRehearsed, textOfCommand, type Now } from './recording.js';
import { sha256Hex } from '../shared/sha256.js';
import type { OpenStudy } from './streams.js';

/** What would become of a command, or what became of it when it was sent before. */
export interface Rehearsed {
  readonly number: number;
  readonly known: boolean;
  readonly flags: readonly string[];
}

/** A command below this many characters cannot make a record too large for the log, whatever is derived from it. */
const SURELY_SMALL = 8000;

/**
 * Commands decided one after another, each on what those before it would record, and nothing recorded: whether all of
 * many can be is known before the first is. What is sent afterwards for the place that it was rehearsed for is recorded as it
 * was decided here; only then does it get its bytes and its hash.
 */
export class Rehearsal {
  /** Its own draft, changed in place by every command that is decided. */
  study: Study;

  constructor(
    private readonly open: OpenStudy,
    private readonly labsize: number,
    private readonly now: Now,
  ) {
    this.study = open.kind.draftOf(open.state);
  }

  /** Where the next command would stand. */
  get next(): Standing {
    return { number: this.study.size, after: this.study.records.last?.record.commandid ?? '' };
  }

  decide(definition: CommandDefinition, command: StudyCommand): Rehearsed | Refusal {
    const answered = this.open.answerTo(command.submission.id);
    if (answered) return this.repeated(definition, command, answered.first);
    const { study } = this;
    const number = study.size;
    const decided = decide(definition, command, study, {
      nowMs: this.now(study.recordedMs, command.submission),
    });
    if (decided instanceof Refusal) return decided;
    const text = textOfCommand(definition, command);
    const unfit = text.length < SURELY_SMALL ? undefined : this.unfit(definition, command);
    if (unfit) return unfit;
    rememberRehearsed(command, { decided, digest: sha256Hex(text) });
    this.study = this.open.kind.extend(study, [provisional(decided, command, number)]);
    return { number, known: false, flags: decided.data.flags ?? [] };
  }

  /** Lets go of what was only rehearsed. */
  end(): void {
    this.study = this.open.kind.draftOf(this.open.state);
  }

  private repeated(definition: CommandDefinition, command: StudyCommand, first: number): Rehearsed | Refusal {
    const other = recording(definition, command, this.labsize, this.now).isSame(this.open.state, first);
    const flags = this.open.state.records.at(first)?.record.data.flags ?? [];
    return other ?? { number: first, known: true, flags };
  }

  /** Whether its bytes could be a record’s: they are made, and thrown away. */
  private unfit(definition: CommandDefinition, command: StudyCommand): Refusal | undefined {
    const sealed = recording(definition, command, this.labsize, this.now).decide(this.study, this.study.size);
    return sealed instanceof Refusal ? sealed : undefined;
  }
}

/** A record as far as deciding looks at it. */
function provisional(decided: Decided, { submission }: StudyCommand, number: number): StoredStudyRecord {
  const { type, data, subject, time, recordedtime, reason, protocolversion } = decided;
  const commandid = submission.id;
  const record = { commandid, data, protocolversion, reason, recordedtime, subject, time, type };
  return { number, leaf: '', record: record as unknown as StudyRecord };
}
