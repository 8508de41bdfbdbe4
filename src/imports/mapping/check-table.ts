import { commandNamed } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import { placesBetween } from '../reading/cell-values.js';
import { fieldKind, type FieldKind } from './field-kinds.js';
import type { Field, Source, Table } from './mapping.js';

/** A table of a mapping with what the catalogue knows of its command. */
export interface CommandTable extends Table {
  readonly definition: CommandDefinition;
  /** Every place it reads, that of the animal included. */
  readonly sources: readonly Source[];
  readonly fields: readonly { readonly path: string; readonly field: Field; readonly is: FieldKind }[];
}

/** Gets what is wrong: the path inside the mapping, and the error. */
export type Amiss = (path: string, error: ImportError) => void;

/** What the study itself is, and what is said about records, is not read from a sheet of observations. */
const NOT_IMPORTED: ReadonlySet<string> = new Set(['study', 'record']);

/** Tells all that is wrong with a table; undefined where anything is. `path` is where it stands. */
export function checkTable(table: Table, path: string, amiss: Amiss): CommandTable | undefined {
  let isFit = true;
  const check = <T>(at: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      isFit = false;
      amiss(at === '' ? path : `${path}.${at}`, error);
      return undefined;
    }
  };
  const { occurredAt: when, data = {} } = table;
  const definition = check('record', () => importable(table.record));
  check('occurredAt', () => checkWhen(when));
  if (definition) check('run', () => checkRun(table, definition));
  const sources = [...sourcesOf(table)];
  for (const source of sources) check('', () => checkSource(source, table));
  const fields = Object.entries(data).flatMap(([name, field]) => {
    const is =
      definition &&
      check(`data.${name}`, () => {
        const kind = fieldKind(definition, name);
        checkField(name, field, kind);
        return kind;
      });
    return is ? [{ path: name, field, is }] : [];
  });
  return isFit && definition ? { ...table, definition, sources, fields } : undefined;
}

function wrong(code: string, message: string): ImportError {
  return new ImportError(code, message);
}

/** Whether rows can become this command. */
export function isImportable({ phase }: CommandDefinition): boolean {
  return !NOT_IMPORTED.has(phase);
}

function importable(record: string): CommandDefinition {
  const definition = commandNamed(record);
  if (definition && isImportable(definition)) return definition;
  throw wrong('mapping-record', `“${printable(record)}” is no command that rows can become.`);
}

function checkWhen(when: Table['occurredAt']): void {
  exactlyOne(when, ['instant', 'date', 'day'], 'occurredAt');
  if (when.day && (when.from === undefined || when.assume === undefined))
    throw wrong('mapping-when', 'occurredAt: “day” is counted “from” a date, and needs an “assume”d time.');
  if ((when.time && !when.date) || (when.from !== undefined && !when.day))
    throw wrong('mapping-when', 'occurredAt: “time” goes with “date”, and “from” with “day”.');
}

function checkRun({ run, groupBy, data = {} }: Table, { name }: CommandDefinition): void {
  if ((run !== undefined) !== (name === 'RecordThreshold'))
    throw wrong(
      'mapping-run',
      'RecordThreshold, and no other command, has a “run”: the touches as they were made.',
    );
  if (!run) return;
  exactlyOne(run, ['responses', 'touches', 'filaments', 'filament'], 'run');
  const isByRow = run.filament !== undefined;
  if (isByRow !== (run.response !== undefined) || (run.number && !isByRow) || (isByRow && !groupBy))
    throw wrong(
      'mapping-run',
      'run: “filament” goes with “response”, one touch a row, and needs a “groupBy” that tells the runs apart.',
    );
  if ((run.responses !== undefined) !== (run.last !== undefined))
    throw wrong('mapping-run', 'run: “responses” goes with “last”, the last filament applied.');
  if (Object.hasOwn(data, 'touches'))
    throw wrong('mapping-run', 'The touches are told by “run”, not by “data”.');
}

function checkSource(source: Source, { once }: Table): void {
  exactlyOne(source, ['column', 'columns', 'letter', 'cell', 'sheetName', 'value'], 'A source');
  if (once === 'sheet' && (source.column ?? source.columns ?? source.letter) !== undefined)
    throw wrong(
      'mapping-once',
      'What is made once a sheet is told by a “cell”, the “sheetName” or a “value”.',
    );
}

function checkField(path: string, field: Field, is: FieldKind): void {
  const units = is.kind === 'quantity' ? is.units : [];
  const isRead = field.unitFrom !== undefined && field.unit === undefined && field.from === undefined;
  if (is.kind === 'quantity' && !isRead && !units.includes(field.unit ?? ''))
    throw wrong(
      'mapping-unit',
      `“${path}” needs its “unit”, one of ${units.join(', ')}; or “unitFrom”, the cell that holds it.`,
    );
  if (is.kind !== 'quantity' && (field.unit ?? field.from ?? field.unitFrom) !== undefined)
    throw wrong('mapping-unit', `“${path}” has no unit.`);
  if ((is.kind === 'scores') !== (field.scores !== undefined || field.item !== undefined))
    throw wrong('mapping-field', `“${path}”: “scores”, or “item” with “score”, tell a list of scores.`);
  if (field.from !== undefined) placesBetween(field.from, field.unit ?? '');
  if (field.reference && is.kind !== 'integer' && is.kind !== 'records')
    throw wrong('mapping-field', `“${path}” is no reference to a record.`);
  if (is.kind === 'records' && !field.reference)
    throw wrong('mapping-field', `“${path}” names records: give a “reference” to their labels.`);
}

function exactlyOne(value: object, names: readonly string[], where: string): void {
  const given = names.filter((name) => Object.hasOwn(value, name));
  if (given.length !== 1)
    throw wrong(
      'mapping-invalid',
      `${where} needs one of ${names.join(', ')}, and has ${given.join(', ') || 'none'}.`,
    );
}

function* sourcesOf({
  subject,
  label,
  reason,
  afterClose,
  occurredAt: when,
  run,
  data = {},
}: Table): Generator<Source> {
  const plain = [subject, label, reason, afterClose, when.instant, when.date, when.time, when.day];
  const ofRun = [run?.responses, run?.last, run?.touches, run?.filament, run?.response, run?.number];
  for (const source of [...plain, ...ofRun]) if (source) yield source;
  for (const source of Object.values(run?.filaments ?? {})) yield source;
  for (const field of Object.values(data)) {
    const { reference, scores, item, score } = field;
    const inner = [reference, item, score].filter((source) => source !== undefined);
    if (inner.length > 0 || scores) yield* [...inner, ...Object.values(scores ?? {})];
    else yield field;
    if (field.unitFrom) yield field.unitFrom;
  }
}
