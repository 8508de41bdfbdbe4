import { commandNamed } from '../../src/study/catalogue.js';
import { decide } from '../../src/study/decide.js';
import type { CommandDefinition, StudyCommand } from '../../src/study/commands/common/command.js';
import { signRecords, type SignRecords } from '../../src/study/commands/sign-records.command.js';
import { parseCommand } from '../../src/study/parse.js';
import { schemaUrn, sequenceOf, studySource, type StudyRecord } from '../../src/study/record.js';
import { Refusal } from '../../src/study/refusal.js';
import { emptyStudy, fold, type Study } from '../../src/study/study.js';
import { written } from './calendar.js';
import type { Random } from './random.js';
import { rehearseSignature } from './rehearsed-signature.js';

/** One line of a play file: a command, and the clock and the person it is sent by. */
export interface Line {
  readonly command: string;
  readonly id: string;
  readonly study: string;
  readonly occurredAt?: string;
  readonly afterClose?: true;
  readonly subject?: string;
  readonly reason?: string;
  readonly data: object;
  readonly at: string;
  readonly actor: string;
  readonly role: string;
}

/** A pseudonym and the role acted in. */
export interface Person {
  readonly actor: string;
  readonly role: string;
}

/** What somebody enters; `happened` is left out where it is entered as it happens. */
export interface Entry {
  readonly command: string;
  readonly by: Person;
  readonly subject?: string;
  readonly happened?: number;
  /** Found after the study was closed. */
  readonly afterClose?: true;
  readonly reason?: string;
  readonly data: object;
}

/** A record is named by its leaf hash in the real ledger; a rehearsal has none, and nothing in a line needs one. */
const NO_LEAF = `${'A'.repeat(43)}=`;
/** What is kept beside the log is named by its digest. */
const NO_TEXTS = { findings: { '...': NO_LEAF } };

/** Draw their ids by themselves, so that the records of what was done with the animals have the ids that they have without them. */
const GOVERNING: ReadonlySet<string> = new Set([
  'SignRecords',
  'WitnessRecord',
  'ReviewTrail',
  'RecordInspection',
  'ReportInspection',
  'CloseStudy',
  'ArchiveStudy',
]);

/**
 * The lines written so far, and the study as the ledger will hold it: every line is parsed, decided and folded when it
 * is written, so that a line which would be refused stops the simulation, and the laboratory can look at its own
 * verdicts. Every line becomes one record, so a line's place is its record's number.
 */
export class Script {
  readonly lines: Line[] = [];
  study: Study;

  constructor(
    private readonly code: string,
    private readonly ids: Random,
    private readonly governingIds: Random,
  ) {
    this.study = emptyStudy(code);
  }

  /** Writes one line and gives the number of its record. */
  write(entry: Entry, at: number): number {
    const { command, by, subject, happened, afterClose, reason, data } = entry;
    const line: Line = {
      command,
      id: (GOVERNING.has(command) ? this.governingIds : this.ids).uuid(),
      study: this.code,
      ...(happened !== undefined && { occurredAt: written(happened) }),
      ...(afterClose && { afterClose }),
      ...(subject !== undefined && { subject }),
      ...(reason !== undefined && { reason }),
      data,
      at: written(at),
      ...by,
    };
    const number = this.lines.length;
    this.study = fold(this.study, [{ number, leaf: NO_LEAF, record: this.rehearsed(line, number, at) }]);
    this.lines.push(line);
    return number;
  }

  private rehearsed(line: Line, number: number, nowMs: number): StudyRecord {
    const { command: name, id, study, actor, role, at: clock, ...body } = line;
    const definition = commandNamed(name);
    if (!definition) throw new Error(`there is no command ${name}`);
    const command = parseCommand(definition, body, { id, study, actor, role, clock });
    const decided =
      command instanceof Refusal
        ? command
        : decide(definition, this.attested(definition, command, nowMs), this.study, {
            nowMs,
            commitments: NO_TEXTS,
          });
    if (decided instanceof Refusal) {
      throw new Error(
        `line ${number} would be refused (${decided.code}): ${decided.message}\n${JSON.stringify(line)}`,
      );
    }
    return present({
      ...decided,
      actor,
      actorrole: role,
      command: name,
      commandid: id,
      commanddigest: '0'.repeat(64),
      datacontenttype: 'application/json',
      dataschema: schemaUrn(decided.type),
      id,
      sequence: sequenceOf(number),
      source: studySource(study),
      specversion: '1.0',
    }) as StudyRecord;
  }

  private attested<C extends StudyCommand>(definition: CommandDefinition<C>, command: C, nowMs: number): C {
    if (definition.name !== signRecords.name) return command;
    const submission = rehearseSignature(this.study, command as StudyCommand as SignRecords, nowMs);
    return Object.assign(definition.create(), command, { submission });
  }
}

/** Without the members that are absent: JSON has no word for them. */
function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
