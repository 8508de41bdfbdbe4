import { hash } from 'node:crypto';
import { counted } from '../shared/counted.js';
import type { DryOutcome, DryRun } from '../recording/dry-run.js';
import { uuidOf } from '../recording/record-id.js';
import type { CommandDefinition, StudyCommand, Submission } from '../study/commands/common/command.js';
import type { Findings } from '../study/projections/findings.js';
import { Refusal, refuse, type FieldError } from '../study/refusal.js';
import type { Steps } from '../study/steps.js';
import { Protocols, findStatedFact, type Study } from '../study/study.js';
import { alertsOf, keyOfAlert, type EndpointAlert } from '../study/welfare/endpoints.js';
import { decideSaving, type SaveAs, type Saving } from './decide-saving.js';
import { FlaggedRows, type Flagged } from './flagged-rows.js';
import { ImportError, type Place } from './import-error.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import type { NotHeeded } from './not-heeded.js';
import { planRows, type Entry } from './plan.js';
import { isQueried, isSameAs, refuseQueried } from './queried.js';
import type { ReadFile } from './reading/read-book.js';
import { RowReader, type RowCommand } from './row-command.js';

/** RFC 9562 namespace of the ids of imported commands until version 0.4. */
const NAMESPACE = Buffer.from('0a8f1d8e6d525b3c8f0e4f3f0c8b6a51', 'hex');

export interface ImportRequest extends Pick<Submission, 'actor' | 'role' | 'session' | 'by'> {
  readonly file: ReadFile;
  readonly mapping: CheckedMapping;
  readonly study: string;
  /** Whose import it is. Where the ledger has people, that is who acts. */
  readonly importer: string;
  /** Why rows that are queried stand all the same; and of rows that have no reason otherwise. */
  readonly reason?: string | undefined;
  readonly dryRun: boolean;
  /** Records what can be recorded although other rows are refused. */
  readonly keepGoing: boolean;
  /** Leaves out rows that state what is recorded already. */
  readonly skipKnown?: boolean;
  readonly saveAs?: SaveAs;
  /** Is shown each row that is fit, with the study as it would be then, which is changed afterwards. */
  readonly tellRow?: (index: number, study: Study) => void;
  /** Whether every row is to be told what its record says, since it is shown to somebody. */
  readonly tells?: boolean;
  /** `deciding` or `recording`, with how many are done. */
  progress?(phase: 'deciding' | 'recording', done: number, total: number): void;
}

/** What became of one row, or would. */
export interface RowResult extends Place, Findings {
  readonly command?: string;
  readonly subject?: string;
  /**
   * `known`: this very row was imported before. `present`: the animal is enrolled already. `skipped`: another record states
   * the same. `left-out`: the mapping leaves it out, and `message` says why. `withheld`: fit to be recorded, and not recorded because of others.
   */
  readonly outcome:
    | 'recorded'
    | 'would-record'
    | 'known'
    | 'present'
    | 'skipped'
    | 'left-out'
    | 'refused'
    | 'withheld'
    | 'note';
  readonly number?: number;
  /** The record that it repeats, contradicts or is named like; one of this import where that number is not there yet. */
  readonly otherRecord?: number;
  readonly code?: string;
  readonly message?: string;
  /** Everything that is wrong with the form of the command, where that is why it is refused. */
  readonly errors?: readonly FieldError[];
}

/** A row that can be recorded: its place among the results, and its command. */
export interface Fit {
  readonly index: number;
  readonly definition: CommandDefinition;
  readonly command: StudyCommand;
}

export interface DecidedRows {
  readonly saving?: Saving;
  readonly rows: RowResult[];
  readonly fit: readonly Fit[];
  readonly blankRows: number;
  readonly unread: readonly string[];
  readonly notHeeded: readonly NotHeeded[];
  /** What concerns many rows, with what to do about it. */
  readonly notices: readonly string[];
  /** Humane endpoints that wait for a decision since these rows, and did not before. */
  readonly endpoints: readonly EndpointAlert[];
  /** The rows of each flag. */
  readonly flagged: readonly Flagged[];
}

/**
 * All that is decided; what it was decided with is let go of before anything is recorded. The checks rest on one state, row
 * after row, so they stand together, although the file is long.
 */
export function* decideRows(request: ImportRequest, dryRun: DryRun): Steps<DecidedRows | Refusal> {
  const saving = request.saveAs && decideSaving(request.saveAs, request, dryRun);
  if (saving instanceof Refusal) return saving;
  const { entries, ...found } = yield* planRows(request.file, request.mapping);
  const deciding = new Deciding(request, dryRun);
  const rows: RowResult[] = [];
  const fit: Fit[] = [];
  for (const [index, entry] of entries.entries()) {
    const { result, command } = deciding.entry(entry);
    if (command && entry.kind === 'command') {
      fit.push({ index, definition: entry.table.definition, command });
      request.tellRow?.(index, dryRun.study);
    }
    rows.push(result);
    if (index % 256 === 0) request.progress?.('deciding', index, entries.length);
    yield;
  }
  const animals = new Set(fit.flatMap(({ index }) => rows[index]?.subject ?? []));
  const reached = alertsOfAll(animals, dryRun.study);
  dryRun.end();
  const known = new Set(alertsOfAll(animals, dryRun.study).map(keyOfAlert));
  return {
    ...(saving && { saving }),
    rows,
    fit,
    notices: noticesOf(rows),
    endpoints: reached.filter((alert) => !known.has(keyOfAlert(alert))),
    flagged: deciding.flagged.list(),
    ...found,
  };
}

function alertsOfAll(animals: ReadonlySet<string>, study: Study): EndpointAlert[] {
  return [...animals].sort().flatMap((animal) => alertsOf(study, animal));
}

/** A protocol that was approved too late makes each row a deviation, among which the real ones are lost. */
function noticesOf(rows: readonly RowResult[]): string[] {
  const count = rows.filter(({ flags }) => flags?.includes('before-protocol')).length;
  if (count === 0) return [];
  return [
    `${counted(count, 'row')} happened before a protocol was approved, and ${count === 1 ? 'is' : 'are'} flagged before-protocol. If it was in force by then, ` +
      'approve it first as of that day (“Holds from”, or occurredAt of ApproveProtocol), with the reason why it is entered late.',
  ];
}

type CommandEntry = Extract<Entry, { kind: 'command' }>;

/** Where a row stands, and the command that it becomes. */
interface About {
  readonly sheet: string | undefined;
  readonly row: number;
  readonly command: string;
}

interface Attempt {
  readonly command?: StudyCommand;
  /** Of a row that is refused for want of a reason: the flags that it would have with one. */
  readonly due?: readonly string[];
  readonly decided: DryOutcome | Refusal;
}

/** Decides entries one after another on a dry run. */
class Deciding {
  readonly flagged = new FlaggedRows();
  private readonly reader: RowReader;
  private readonly labels = new Map<string, number>();

  constructor(
    private readonly request: ImportRequest,
    private readonly dryRun: DryRun,
  ) {
    const { mapping, file } = request;
    this.reader = new RowReader(mapping, file.book.epoch, {
      ladderAt: (ms) => {
        const protocols = new Protocols(dryRun.study);
        return (protocols.inForceAt(ms) ?? protocols.versions[0])?.protocol.ladder;
      },
      labelled: (subject, label) => this.labels.get(JSON.stringify([subject, label])),
    });
  }

  entry(entry: Entry): { result: RowResult; command?: StudyCommand } {
    if (entry.kind === 'note') return { result: { ...entry.place, outcome: 'note', message: entry.text } };
    if (entry.kind === 'left-out')
      return { result: { ...entry.place, outcome: 'left-out', message: entry.reason } };
    if (entry.kind === 'refused') return { result: refused(entry.error.at(entry.place)) };
    const about = { sheet: entry.sheet, row: entry.rows[0].number, command: entry.table.record };
    try {
      return this.command(entry, about, this.reader.read(entry));
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      return { result: { ...about, ...refused(error) } };
    }
  }

  private command(
    entry: CommandEntry,
    about: About,
    row: RowCommand,
  ): { result: RowResult; command?: StudyCommand } {
    const { command, decided, due } = this.decide(entry, about, row);
    // What is added stands first, as in decide.ts.
    const { subject } = row;
    const result = { subject, ...about };
    if (decided instanceof Refusal) {
      if (entry.table.once === 'animal' && decided.code === 'subject-enrolled')
        return { result: { ...result, outcome: 'present' } };
      const told = { ...result, ...describeRefusal(reworded(decided)) };
      return { result: due ? { ...told, flags: due } : told };
    }
    const { number, known, flags, irregular } = decided;
    const other = irregular.find(({ otherRecord }) => otherRecord !== undefined)?.otherRecord;
    this.flagged.add(about, irregular);
    const told = { flags, ...(other !== undefined && { otherRecord: other }), ...result };
    if (known) return { result: { outcome: 'known', number: this.label(row, number), ...told } };
    if (command) {
      this.label(row, number);
      const findings = this.request.tells ? this.dryRun.findings() : {};
      return { result: { outcome: 'would-record', number, ...findings, ...told }, command };
    }
    if (this.request.skipKnown && isSameAs(irregular)) {
      if (other !== undefined) this.label(row, findStatedFact(this.dryRun.study, other)?.number ?? other);
      return { result: { outcome: 'skipped', ...told } };
    }
    return { result: { ...describeRefusal(refuseQueried(irregular)), ...told } };
  }

  /**
   * A reason in the row explains whatever is queried about it. The reason of the whole sheet does not: it says why the sheet
   * is entered late, and not why one row repeats a record. Without a command in the answer the row is not taken.
   */
  private decide(entry: CommandEntry, about: About, { body, flags, hasOwnReason }: RowCommand): Attempt {
    const { reason, skipKnown = false } = this.request;
    const submission = this.submission(about, entry.table.name, flags);
    const recorded = this.dryRun.recordOf(submission.id);
    const attempt = (why: object, mayTake: (outcome: DryOutcome) => boolean): Attempt => {
      const place = { place: this.dryRun.next, ...submission };
      const command = this.dryRun.read(entry.table.definition, { ...body, ...why }, place);
      if (command instanceof Refusal) return { decided: command };
      let isTaken = false;
      const decided = this.dryRun.decide(entry.table.definition, command, (outcome) => {
        isTaken = mayTake(outcome) && !(skipKnown && isSameAs(outcome.irregular));
        return isTaken;
      });
      return isTaken ? { command, decided } : { decided };
    };
    // A row that was recorded with --reason bears that reason.
    const isGivenReason = body['reason'] === undefined || recorded?.data.flags?.includes('query') === true;
    const given = recorded?.reason !== undefined && isGivenReason ? { reason: recorded.reason } : {};
    const first = attempt(given, ({ irregular }) => hasOwnReason || !isQueried(irregular));
    const { decided } = first;
    const isUnexplained =
      decided instanceof Refusal ? decided.code === 'reason-required' : !decided.known && !first.command;
    if (!isUnexplained) return first;
    if (reason !== undefined) return attempt({ reason }, () => true);
    if (!(decided instanceof Refusal)) return first;
    // Only to learn what the reason is due for.
    const second = attempt({ reason: 'not given' }, () => false);
    if (second.decided instanceof Refusal) return first;
    const { irregular, flags: due } = second.decided;
    return isQueried(irregular) ? second : { ...first, due };
  }

  /** The number that later rows mean by the label of a row. */
  private label({ subject, label }: RowCommand, number: number): number {
    if (label !== undefined) this.labels.set(JSON.stringify([subject, label]), number);
    return number;
  }

  private submission({ sheet, row, command }: About, table: string | undefined, flags: readonly string[]) {
    const { file, mapping, study, actor, role, session, by, importer } = this.request;
    const place = [file.sha256, sheet ?? '', String(row), command, table ?? ''];
    const earlier = earlierIdOf(place);
    return {
      id: this.dryRun.recordOf(earlier) ? earlier : commandIdOf([study, ...place]),
      study,
      actor,
      role,
      ...(session !== undefined && { session }),
      ...(by && { by }),
      imported: {
        file: file.name,
        sha256: file.sha256,
        ...(sheet !== undefined && { sheet }),
        row,
        mapping: mapping.sha256,
        importer,
        flags,
      },
    };
  }
}

/** UUID v8: the same row of the same file makes the same command in a study, whenever and wherever it is read. */
function commandIdOf(parts: readonly string[]): string {
  return uuidOf(hash('sha256', `study-ledger import\n${parts.join('\n')}`, 'hex'), 8);
}

/** UUID v5, as until version 0.4. What was imported under it is answered, so that no row is imported twice. */
function earlierIdOf(parts: readonly string[]): string {
  return uuidOf(hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(parts.join('\n'))]), 'hex'));
}

function refused(error: ImportError): RowResult {
  const { code, message, place } = error;
  return { ...place, outcome: 'refused', code, message };
}

function describeRefusal({
  code,
  message,
  errors,
}: Refusal): Pick<RowResult, 'outcome' | 'code' | 'message' | 'errors'> {
  return { outcome: 'refused', code, message, ...(errors && { errors }) };
}

/** A row that was imported before under another mapping is the same row, and says something else. */
function reworded(refusal: Refusal): Refusal {
  if (refusal.code !== 'command-id-reused') return refusal;
  return refuse(
    refusal.code,
    'This row was imported before, and was read differently then: correct or void that record, rather than importing it again.',
  );
}
