import type { Lab } from '../lab/lab.js';
import { authoriseCommand } from '../lab/people/command-authority.js';
import type { Attachments } from '../store/attachments.js';
import type {
  CommandDefinition,
  StreamPlace,
  StudyCommand,
  Submission,
} from '../study/commands/common/command.js';
import type { Flag } from '../study/commands/common/flags.js';
import { decide, type Decided } from '../study/decide.js';
import { decideMisfit, type Misfit } from '../study/decide-misfit.js';
import { parseCommand } from '../study/parse.js';
import { findingsOf, type Findings } from '../study/projections/findings.js';
import { MovingCharts } from '../study/projections/moving-charts.js';
import type { StoredStudyRecord, StudyRecord } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import { finish } from '../study/steps.js';
import type { Study } from '../study/study.js';
import { circumstancesIn, commandTextOf, proposeCommand, rememberDryDecision } from './propose-command.js';
import type { RecordClock } from './record-clock.js';
import { refuseMissing } from './require-attachments.js';
import { sha256Hex } from '../shared/sha256.js';
import type { OpenStudy } from './streams.js';

/** The record that a command would become, or that it became when it was sent before. */
export interface DryOutcome {
  readonly number: number;
  readonly known: boolean;
  readonly flags: readonly string[];
  /** What is irregular about a new record, with the kind of each flag. */
  readonly irregular: readonly Flag[];
}

/** A command with fewer characters than this cannot make a record that is too large for the log. */
const SURELY_SMALL = 8000;

/**
 * Decides commands one after another, each on what those before it would record, and records nothing. So it is known
 * whether all of many commands can be recorded before the first one is. A command that is sent afterwards for the place
 * that it was decided for is recorded as it was decided here; only then are its bytes and its hash made.
 */
export class DryRun {
  /** Its own draft, changed in place by every command that is taken. */
  study: Study;
  private readonly charts = new MovingCharts();

  constructor(
    private readonly open: OpenStudy,
    private readonly lab: () => Lab,
    private readonly now: RecordClock,
    private readonly attachments: Attachments,
  ) {
    this.study = open.kind.draftOf(open.state);
  }

  /** The place of the next command. */
  get next(): StreamPlace {
    return { number: this.study.size, after: this.study.records.last?.record.commandid ?? '' };
  }

  /** The record that a command became when it was sent before. */
  recordOf(commandId: string): StudyRecord | undefined {
    const answered = this.open.answerTo(commandId);
    return answered && this.open.state.records.at(answered.first)?.record;
  }

  /** The command that a body states, or everything that is wrong with it where it does not fit. */
  read(
    definition: CommandDefinition,
    body: Readonly<Record<string, unknown>>,
    submission: Submission,
  ): StudyCommand | Refusal {
    const read = parseCommand(definition, body, submission);
    return read instanceof Refusal ? this.explain(definition, { body, submission, refusal: read }) : read;
  }

  /** What else is wrong with a body that does not fit. */
  explain(definition: CommandDefinition, misfit: Misfit): Refusal {
    const { study } = this;
    const { submission } = misfit;
    const nowMs = this.now(study.recordedMs, submission);
    return decideMisfit(definition, misfit, study, { nowMs, ...circumstancesIn(this.lab(), submission) });
  }

  /** A command that is decided and then not taken leaves no trace. */
  decide(
    definition: CommandDefinition,
    command: StudyCommand,
    takes: (outcome: DryOutcome) => boolean = () => true,
  ): DryOutcome | Refusal {
    const answered = this.open.answerTo(command.submission.id);
    if (answered) return this.answerRepeated(definition, command, answered.first);
    const { study } = this;
    const number = study.size;
    const nowMs = this.now(study.recordedMs, command.submission);
    const lab = this.lab();
    const authority = authoriseCommand(lab, definition, command, study, nowMs);
    if (authority instanceof Refusal) return authority;
    const decided = decide(definition, command, study, {
      nowMs,
      flags: authority.flags,
      ...circumstancesIn(lab, command.submission),
    });
    if (decided instanceof Refusal) return decided;
    const missing = refuseMissing(decided as Pick<StudyRecord, 'type' | 'data'>, this.attachments);
    if (missing) return missing;
    const { irregular } = decided;
    const outcome = { number, known: false, flags: decided.data.flags ?? [], irregular };
    if (!takes(outcome)) return outcome;
    const text = commandTextOf(definition, command);
    const unfit = text.length < SURELY_SMALL ? undefined : this.refuseUnfit(definition, command);
    if (unfit) return unfit;
    rememberDryDecision(command, { decided, digest: sha256Hex(text), people: lab.people });
    this.study = this.open.kind.extend(study, [provisionalRecord(decided, command, number)]);
    return outcome;
  }

  /** What the last record that was taken says. */
  findings(): Findings {
    return finish(findingsOf(this.study, this.study.size - 1, this.charts));
  }

  /** Drops everything that was decided and not recorded. */
  end(): void {
    this.study = this.open.kind.draftOf(this.open.state);
  }

  private answerRepeated(
    definition: CommandDefinition,
    command: StudyCommand,
    first: number,
  ): DryOutcome | Refusal {
    const other = proposeCommand(definition, command, this.lab, this.now).isSame(this.open.state, first);
    const flags = this.open.state.records.at(first)?.record.data.flags ?? [];
    return other ?? { number: first, known: true, flags, irregular: [] };
  }

  /** Refuses a command whose bytes cannot be a record's. They are made for that, and dropped. */
  private refuseUnfit(definition: CommandDefinition, command: StudyCommand): Refusal | undefined {
    const sealed = proposeCommand(definition, command, this.lab, this.now).decide(
      this.study,
      this.study.size,
    );
    return sealed instanceof Refusal ? sealed : undefined;
  }
}

/** What deciding needs of a record. */
function provisionalRecord(
  decided: Decided,
  { submission }: StudyCommand,
  number: number,
): StoredStudyRecord {
  const { type, data, subject, time, recordedtime, reason, protocolversion } = decided;
  const commandid = submission.id;
  const record = { commandid, data, protocolversion, reason, recordedtime, subject, time, type };
  return { number, leaf: '', record: record as unknown as StudyRecord };
}
