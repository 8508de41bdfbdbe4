import { counted } from '../shared/counted.js';
import { hash } from 'node:crypto';
import type { Receipt } from '../recording/open-stream.js';
import { uuidOf } from '../recording/record-id.js';
import type { DryRun } from '../recording/dry-run.js';
import type { StudyCommand } from '../study/commands/common/command.js';
import { parseCommand } from '../study/parse.js';
import { Refusal, refuse, type FieldError } from '../study/refusal.js';
import { Protocols } from '../study/study.js';
import { ImportError, type Place } from './import-error.js';
import type { NotHeeded } from './not-heeded.js';
import { planRows, type Entry } from './plan.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import type { ReadFile } from './reading/read-spreadsheet.js';
import { RowReader, type RowCommand } from './row-command.js';

/** RFC 9562 namespace of the ids of imported commands; changing it would import every file anew. */
const NAMESPACE = Buffer.from('0a8f1d8e6d525b3c8f0e4f3f0c8b6a51', 'hex');

export interface ImportRequest {
  readonly file: ReadFile;
  readonly mapping: CheckedMapping;
  readonly study: string;
  readonly actor: string;
  readonly role: string;
  /** Whose import it is, where that is not who enters. */
  readonly importer: string;
  readonly dryRun: boolean;
  /** Records what can be recorded although other rows are refused. */
  readonly keepGoing: boolean;
  /** `deciding` or `recording`, with how many are done. */
  progress?(phase: 'deciding' | 'recording', done: number, total: number): void;
}

/** What became of one row, or would. */
export interface RowResult extends Place {
  readonly command?: string;
  readonly subject?: string;
  /**
   * `known`: this very row was imported before. `present`: the animal is enrolled already. `withheld`: fit to be
   * recorded, and not recorded because of others.
   */
  readonly outcome: 'recorded' | 'would-record' | 'known' | 'present' | 'refused' | 'withheld' | 'note';
  readonly number?: number;
  readonly flags?: readonly string[];
  readonly code?: string;
  readonly message?: string;
  /** Everything that is wrong with the form of the command, where that is why it is refused. */
  readonly errors?: readonly FieldError[];
}

export interface ImportResult {
  readonly rows: readonly RowResult[];
  readonly blankRows: number;
  readonly unread: readonly string[];
  readonly notHeeded: readonly NotHeeded[];
  /** What concerns many rows, with what to do about it. */
  readonly notices: readonly string[];
  /** Of the last record, where there was one. */
  readonly receipt?: Receipt;
}

interface Fit {
  readonly index: number;
  readonly command: StudyCommand;
}

/** As many as one append takes. */
const BATCH = 512;

/**
 * Turns the rows of a spreadsheet into records: all of them, or none where one is refused. Every row is decided before
 * the first is recorded. An import that is cut off is completed by repeating it, since a row’s command has its id from
 * the file’s digest, its sheet and its number.
 */
export async function importRows(
  request: ImportRequest,
  dryRun: DryRun,
  record: (command: StudyCommand) => Promise<Receipt | Refusal>,
): Promise<ImportResult> {
  const { rows, fit, ...done } = decideRows(request, dryRun);
  if (request.dryRun) return { ...done, rows };
  const isRefused = rows.some(({ outcome }) => outcome === 'refused');
  if (isRefused && !request.keepGoing) {
    for (const { index } of fit) rows[index] = { ...rows[index], outcome: 'withheld' };
    return { ...done, rows };
  }
  const receipt = await recordRows(fit, rows, request, record);
  return { ...done, rows, ...(receipt && { receipt }) };
}

/** All that is decided; what it was decided with is let go of before anything is recorded. */
function decideRows(request: ImportRequest, dryRun: DryRun) {
  const { entries, ...found } = planRows(request.file.book, request.mapping);
  const deciding = new Deciding(request, dryRun);
  const rows: RowResult[] = [];
  const fit: Fit[] = [];
  entries.forEach((entry, index) => {
    const { result, command } = deciding.entry(entry);
    if (command) fit.push({ index, command });
    rows.push(result);
    if (index % 256 === 0) request.progress?.('deciding', index, entries.length);
  });
  dryRun.end();
  return { rows, fit, notices: noticesOf(rows), ...found };
}

/** A protocol that was approved too late makes each row a deviation, among which the real ones are lost. */
function noticesOf(rows: readonly RowResult[]): string[] {
  const count = rows.filter(({ flags }) => flags?.includes('before-protocol')).length;
  if (count === 0) return [];
  return [
    `${counted(count, 'row')} happened before a protocol was approved, and ${count === 1 ? 'is' : 'are'} flagged before-protocol. If it was in force by then, ` +
      'approve it first as of that day: ApproveProtocol with its occurredAt and the reason why it is entered late.',
  ];
}

/**
 * Batch by batch, the next one sent while one is written. Where a command is refused after all, since others recorded
 * meanwhile, what is not yet sent is left for a repetition.
 */
async function recordRows(
  fit: readonly Fit[],
  rows: RowResult[],
  request: ImportRequest,
  record: (command: StudyCommand) => Promise<Receipt | Refusal>,
): Promise<Receipt | undefined> {
  let receipt: Receipt | undefined;
  let stopped = false;
  const sent = (from: number): Promise<(Receipt | Refusal)[]> => {
    const batch = stopped ? [] : fit.slice(from, from + BATCH);
    const answers = Promise.all(batch.map(({ command }) => record(command)));
    // It is waited for in its turn, and may fail before that.
    answers.catch(() => undefined);
    return answers;
  };
  for (let from = 0, next = sent(0); from < fit.length; from += BATCH) {
    const current = next;
    next = sent(from + BATCH);
    const answers = await current;
    fit.slice(from, from + BATCH).forEach(({ index }, place) => {
      const row = rows[index] as RowResult;
      const answer = answers[place];
      if (answer === undefined) rows[index] = { ...row, outcome: 'withheld' };
      else if (answer instanceof Refusal) {
        stopped = true;
        rows[index] = { ...row, outcome: 'refused', code: answer.code, message: answer.message };
      } else {
        receipt = answer;
        rows[index] = { ...row, outcome: 'recorded' };
      }
    });
    request.progress?.('recording', Math.min(from + BATCH, fit.length), fit.length);
  }
  return receipt;
}

/** Decides entries one after another on a dryRun. */
class Deciding {
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
    if (entry.kind === 'refused') return { result: refused(entry.error.at(entry.place)) };
    const about = {
      sheet: entry.sheet,
      row: entry.rows[0].number,
      command: entry.table.record,
    };
    try {
      return this.command(entry, about, this.reader.read(entry));
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      return { result: { ...about, ...refused(error) } };
    }
  }

  private command(
    entry: Extract<Entry, { kind: 'command' }>,
    about: { sheet: string | undefined; row: number; command: string },
    { body, subject, label, flags }: RowCommand,
  ): { result: RowResult; command?: StudyCommand } {
    const { table } = entry;
    const submission = this.submission(about, table.name, flags);
    // What is added stands first, as in decide.ts.
    const row = { subject, ...about };
    const command = parseCommand(table.definition, body, { place: this.dryRun.next, ...submission });
    if (command instanceof Refusal) return { result: { ...row, ...describeRefusal(command) } };
    const decided = this.dryRun.decide(table.definition, command);
    if (decided instanceof Refusal) {
      if (table.once === 'animal' && decided.code === 'subject-enrolled')
        return { result: { ...row, outcome: 'present' } };
      return { result: { ...row, ...describeRefusal(reworded(decided)) } };
    }
    const { number, known } = decided;
    if (label !== undefined) this.labels.set(JSON.stringify([subject, label]), number);
    const result = { number, flags: decided.flags, ...row };
    return known
      ? { result: { outcome: 'known', ...result } }
      : { result: { outcome: 'would-record', ...result }, command };
  }

  private submission(
    { sheet, row, command }: { sheet: string | undefined; row: number; command: string },
    table: string | undefined,
    flags: readonly string[],
  ) {
    const { file, mapping, study, actor, role, importer } = this.request;
    return {
      id: commandIdOf([file.sha256, sheet ?? '', String(row), command, table ?? '']),
      study,
      actor,
      role,
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

/** UUID v5: the same row of the same file makes the same command, whenever and wherever it is read. */
function commandIdOf(parts: readonly string[]): string {
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
