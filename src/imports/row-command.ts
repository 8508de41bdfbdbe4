import { canBeFoundLater } from '../study/commands/common/check-study.js';
import { instantMs } from '../study/instant.js';
import type { Ladder } from '../study/rules/ladder.js';
import { parseTrials, type Trial } from '../study/rules/measurement.js';
import { printable } from '../study/schema.js';
import { TIME_ASSUMED } from '../study/rules/elapsed.js';
import { ImportError } from './import-error.js';
import type { Field, Source } from './mapping/mapping.js';
import type { Entry } from './plan.js';
import type { CommandTable } from './mapping/check-table.js';
import type { CheckedMapping } from './mapping/read-mapping.js';
import type { Book, Row } from './reading/sheet.js';
import type { Found } from './reading/sheet-view.js';
import { readRun } from './reading/read-run.js';
import {
  decimal,
  integer,
  placesBetween,
  plainText,
  shifted,
  yesOrNo,
  type Notation,
} from './reading/cell-values.js';
import { calendarDate, readTime, type Calendar } from './reading/row-time.js';

/** What the study says that a row needs to be read. */
export interface Surroundings {
  ladderAt(ms: number): Ladder | undefined;
  /** The record of an animal that bears a label. */
  labelled(subject: string, label: string): number | undefined;
}

/** The body of a command, as anybody could have sent it, with what the reading added. */
export interface RowCommand {
  readonly body: Record<string, unknown>;
  readonly subject: string;
  readonly label: string | undefined;
  readonly flags: readonly string[];
  /** Whether the file gives a reason for this row. */
  readonly hasOwnReason: boolean;
}

type CommandEntry = Extract<Entry, { kind: 'command' }>;

/** Reads rows as the mapping says. */
export class RowReader {
  private readonly calendar: Calendar;
  private readonly notation: Notation;

  constructor(
    private readonly mapping: CheckedMapping,
    epoch: Book['epoch'],
    private readonly around: Surroundings,
  ) {
    const { dates = ['YYYY-MM-DD'], zone, century, times } = mapping;
    this.calendar = { epoch, dates, zone, century, times };
    this.notation = mapping;
  }

  /** @throws ImportError that names the sheet, the row and, where it can, the column. */
  read(entry: CommandEntry): RowCommand {
    const { table, sheet, rows } = entry;
    try {
      return this.command(entry, table);
    } catch (error) {
      throw error instanceof ImportError ? error.at({ sheet, row: rows[0].number }) : error;
    }
  }

  private command({ view, rows }: CommandEntry, table: CommandTable): RowCommand {
    const [row] = rows;
    const subject = this.text(view.findText(table.subject, row));
    if (subject === undefined) {
      const { column, letter, cell } = table.subject;
      throw new ImportError('subject-missing', 'The row names no animal.', {
        column: column ?? letter ?? cell,
      });
    }
    const { instant, isAssumed } = readTime(table.occurredAt, view, row, this.calendar);
    const stated = this.text(table.reason && view.findText(table.reason, row));
    const reason = stated ?? this.mapping.reason;
    const data: Record<string, unknown> = {};
    for (const { path, field, is } of table.fields) {
      const value = this.value(field, is, subject, { view, rows });
      if (value !== undefined) put(data, path, value);
    }
    const flags = isAssumed ? [TIME_ASSUMED] : [];
    if (table.run) {
      const found = rows.map((each) => ({
        row: each.number,
        find: (source: Source) => view.find(source, each),
        findText: (source: Source) => view.findText(source, each),
      }));
      flags.push(...this.run(table.run, data, instant, found));
    }
    const label = this.text(table.label && view.findText(table.label, row));
    return {
      body: {
        subject,
        occurredAt: instant,
        ...(reason !== undefined && { reason }),
        ...(this.isFoundLater(table, view, row) && { afterClose: true }),
        data,
      },
      subject,
      label,
      flags,
      hasOwnReason: stated !== undefined && table.reason?.value === undefined,
    };
  }

  /** By the column of the row, or else by what is said of the whole file. What a closed study takes anyway needs no such word. */
  private isFoundLater(
    { afterClose, definition }: CommandTable,
    view: CommandEntry['view'],
    row: Row,
  ): boolean {
    if (!canBeFoundLater(definition)) return false;
    const found = afterClose && view.find(afterClose, row);
    return found ? yesOrNo(found) : this.mapping.afterClose === true;
  }

  private run(
    run: NonNullable<CommandTable['run']>,
    data: Record<string, unknown>,
    instant: string,
    rows: Parameters<typeof readRun>[1],
  ): readonly string[] {
    const ladder = this.around.ladderAt(instantMs(instant) ?? 0);
    if (!ladder) {
      throw new ImportError(
        'no-protocol',
        'The study has no approved protocol yet, so there is no ladder to read the run on.',
      );
    }
    const { touches, flags, remark } = readRun(run, rows, ladder, this.notation);
    data['touches'] = touches;
    data['ladder'] ??= ladder.id;
    if (remark !== undefined) {
      const comment = data['comment'] as string | undefined;
      data['comment'] = comment === undefined ? remark : `${comment}\n${remark}`;
    }
    return flags;
  }

  private value(
    field: Field,
    is: CommandTable['fields'][number]['is'],
    subject: string,
    { view, rows }: Pick<CommandEntry, 'view' | 'rows'>,
  ): unknown {
    const [row] = rows;
    if (field.reference) {
      const labels = this.text(view.findText(field.reference, row));
      if (labels === undefined) return undefined;
      if (is.kind !== 'records') return this.reference(labels, subject);
      return labels.split(/\s+/).map((label) => this.reference(label, subject));
    }
    if (field.scores) {
      const scores = Object.entries(field.scores).flatMap(([item, source]) =>
        this.score(item, view.find(source, row)),
      );
      return scores.length > 0 ? scores : undefined;
    }
    if (field.item && field.score) {
      const { item, score } = field;
      return rows.flatMap((each: Row) =>
        this.score(this.text(view.findText(item, each)) ?? '', view.find(score, each)),
      );
    }
    const found = is.kind === 'text' ? view.findText(field, row) : view.find(field, row);
    if (!found) return undefined;
    switch (is.kind) {
      case 'quantity':
        return { value: this.digits(found, field), unit: this.unit(field, view, row) };
      case 'trials':
        return this.trials(plainText(found));
      case 'integer':
        return integer(found, this.notation);
      case 'boolean':
        return yesOrNo(found);
      case 'date':
        return calendarDate(found, this.calendar);
      default:
        return plainText(found);
    }
  }

  /** A unit that no command takes is left to its own refusal. */
  private unit({ unit, unitFrom }: Field, view: CommandEntry['view'], row: Row): string | undefined {
    return unitFrom ? this.text(view.findText(unitFrom, row)) : unit;
  }

  private trials(text: string): readonly Trial[] {
    const trials = parseTrials(text);
    if (trials) return trials;
    throw new ImportError(
      'trials-invalid',
      `“${printable(text)}” are no trials: write 12.4 20.0> (stopped there), 0.6:2/5 (filament, responses of touches) or 52.1|40.3 (left, right), with blanks between.`,
    );
  }

  private digits(found: Found, { unit = '', from }: Field): string {
    const digits = decimal(found, this.notation);
    return from === undefined ? digits : shifted(digits, placesBetween(from, unit));
  }

  private score(item: string, found: Found | undefined): { item: string; score: number }[] {
    return found ? [{ item, score: integer(found, this.notation) }] : [];
  }

  private reference(label: string, subject: string): number {
    const number = this.around.labelled(subject, label);
    if (number !== undefined) return number;
    throw new ImportError(
      'reference-unknown',
      `No row before this one records “${printable(label)}” of ${printable(subject)}.`,
    );
  }

  private text(found: Found | undefined): string | undefined {
    return found && plainText(found);
  }
}

/** Paths were checked against the command’s fields, so no name here is one that objects have by themselves. */
function put(data: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let inner = data;
  for (const name of names) inner = (inner[name] ??= {}) as Record<string, unknown>;
  inner[last] = value;
}
