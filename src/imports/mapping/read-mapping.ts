import { sha256Hex } from '../../shared/sha256.js';
import { commandNamed } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { explainMismatch, mismatch } from '../../study/mismatch.js';
import { printable } from '../../study/schema.js';
import { fieldKind, type FieldKind } from './field-kinds.js';
import { ImportError } from '../import-error.js';
import { MappingSchema, type Field, type Mapping, type Source, type Table } from './mapping.js';
import { placesBetween } from '../reading/cell-values.js';
import { isZone } from '../reading/time-zone.js';

/** A table of a mapping with what the catalogue knows of its command. */
export interface CommandTable extends Table {
  readonly definition: CommandDefinition;
  /** Every place it reads, that of the animal included. */
  readonly sources: readonly Source[];
  readonly fields: readonly { readonly path: string; readonly field: Field; readonly is: FieldKind }[];
}

export interface CheckedMapping extends Omit<Mapping, 'tables'> {
  readonly tables: readonly CommandTable[];
  /** SHA-256, hex, of its text. */
  readonly sha256: string;
}

const MAX_BYTES = 256 * 1024;

/** Reads a mapping strictly: what is not known is refused by name. @throws ImportError */
export function readMapping(text: string): CheckedMapping {
  if (text.length > MAX_BYTES) throw wrong('mapping-invalid', 'The mapping is longer than 256 KB.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong('mapping-invalid', `The mapping is not JSON: ${(error as Error).message}.`);
  }
  const mapping = inFull(value);
  const amiss = mismatch(MappingSchema, mapping);
  if (amiss) {
    throw wrong('mapping-invalid', `${amiss.path || 'The mapping'} ${explainMismatch(amiss)}.`);
  }
  const { tables, ...rest } = mapping as Mapping;
  if (rest.zone !== undefined && !isZone(rest.zone)) {
    throw wrong(
      'mapping-zone',
      `“${printable(rest.zone)}” is no offset such as +01:00, and no place such as Europe/Amsterdam.`,
    );
  }
  if (rest.thousands !== undefined && rest.thousands === (rest.decimal ?? '.'))
    throw wrong('mapping-invalid', '“thousands” and “decimal” are the same mark.');
  if (rest.dates?.some((form) => /[^Y]YY$/.test(form)) && rest.century === undefined)
    throw wrong('mapping-century', 'A year of two digits needs a “century”: 2000 for 2000–2099.');
  const checked = tables.map((table, index) => {
    try {
      return checkedTable(table);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      throw wrong(error.code, `tables[${index}]: ${error.message}`);
    }
  });
  const names = checked.map(({ record, name }) => `${record} ${name ?? ''}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw wrong(
      'mapping-names',
      `Two tables make ${twice.trim()}: give each a “name” of its own, which tells their records apart.`,
    );
  }
  return { ...rest, tables: checked, sha256: sha256Hex(text) };
}

function wrong(code: string, message: string): ImportError {
  return new ImportError(code, message);
}

/** What the study itself is, and what is said about records, is not read from a sheet of observations. */
const NOT_IMPORTED: ReadonlySet<string> = new Set(['study', 'record']);

function checkedTable(table: Table): CommandTable {
  const definition = commandNamed(table.record);
  if (!definition || NOT_IMPORTED.has(definition.phase))
    throw wrong('mapping-record', `“${printable(table.record)}” is no command that rows can become.`);
  const { occurredAt: when, run, data = {} } = table;
  exactlyOne(when, ['instant', 'date', 'day'], 'occurredAt');
  if (when.day && (when.from === undefined || when.assume === undefined))
    throw wrong('mapping-when', 'occurredAt: “day” is counted “from” a date, and needs an “assume”d time.');
  if ((when.time && !when.date) || (when.from !== undefined && !when.day))
    throw wrong('mapping-when', 'occurredAt: “time” goes with “date”, and “from” with “day”.');
  if ((run !== undefined) !== (definition.name === 'RecordThreshold'))
    throw wrong(
      'mapping-run',
      'RecordThreshold, and no other command, has a “run”: the touches as they were made.',
    );
  if (run) {
    exactlyOne(run, ['responses', 'touches', 'filaments', 'filament'], 'run');
    const isByRow = run.filament !== undefined;
    if (isByRow !== (run.response !== undefined) || (run.number && !isByRow) || (isByRow && !table.groupBy))
      throw wrong(
        'mapping-run',
        'run: “filament” goes with “response”, one touch a row, and needs a “groupBy” that tells the runs apart.',
      );
    if ((run.responses !== undefined) !== (run.last !== undefined))
      throw wrong('mapping-run', 'run: “responses” goes with “last”, the last filament applied.');
    if (Object.hasOwn(data, 'touches'))
      throw wrong('mapping-run', 'The touches are told by “run”, not by “data”.');
  }
  const sources = [...sourcesOf(table)];
  for (const source of sources) {
    exactlyOne(source, ['column', 'columns', 'letter', 'cell', 'sheetName', 'value'], 'A source');
    if (table.once === 'sheet' && (source.column ?? source.columns ?? source.letter) !== undefined)
      throw wrong(
        'mapping-once',
        'What is made once a sheet is told by a “cell”, the “sheetName” or a “value”.',
      );
  }
  const fields = Object.entries(data).map(([path, field]) => {
    const is = fieldKind(definition, path);
    checkField(path, field, is);
    return { path, field, is };
  });
  return { ...table, definition, sources, fields };
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

function* sourcesOf({ subject, label, reason, occurredAt: when, run, data = {} }: Table): Generator<Source> {
  const plain = [subject, label, reason, when.instant, when.date, when.time, when.day];
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

/** Headers written as plain texts become sources, and single values lists; whatever is amiss stays for the schema. */
function inFull(mapping: unknown): unknown {
  if (!isObject(mapping) || !Array.isArray(mapping['tables'])) return mapping;
  return { ...mapping, tables: mapping['tables'].map(tableInFull) };
}

function tableInFull(table: unknown): unknown {
  if (!isObject(table)) return table;
  const full: Record<string, unknown> = each(table, ['subject', 'label', 'reason'], short);
  if (full['sheets'] === '*') delete full['sheets'];
  else if (typeof full['sheets'] === 'string') full['sheets'] = [full['sheets']];
  const { occurredAt, run, data, where } = full;
  if (isObject(occurredAt)) full['occurredAt'] = each(occurredAt, ['instant', 'date', 'time', 'day'], short);
  if (isObject(run)) {
    const sources = ['responses', 'last', 'touches', 'filament', 'response', 'number'];
    const inner = each(run, sources, short);
    full['run'] = each(inner, ['filaments'], (value) => all(value, short));
  }
  if (isObject(data)) full['data'] = all(data, fieldInFull);
  if (Array.isArray(where))
    full['where'] = where.map((one: unknown) =>
      isObject(one) ? each(one, ['is'], (is) => (typeof is === 'string' ? [is] : is)) : one,
    );
  return full;
}

function fieldInFull(field: unknown): unknown {
  const full = short(field);
  if (!isObject(full)) return full;
  return each(each(full, ['reference', 'item', 'score', 'unitFrom'], short), ['scores'], (value) =>
    all(value, short),
  );
}

function short(value: unknown): unknown {
  return typeof value === 'string' ? { column: value } : value;
}

function each(value: Record<string, unknown>, names: string[], change: (value: unknown) => unknown) {
  const changed = names
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => [name, change(value[name])]);
  return { ...value, ...(Object.fromEntries(changed) as Record<string, unknown>) };
}

function all(value: unknown, change: (value: unknown) => unknown): unknown {
  return isObject(value) ? each(value, Object.keys(value), change) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
