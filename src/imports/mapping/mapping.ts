import type { Static, TSchema } from 'typebox';
import { Type } from '../../study/schema-types.js';
import { Code, Line, Reason, Sha256Hex, closed, described } from '../../study/schema.js';

/**
 * A mapping: which cells of a spreadsheet become which commands. It is written once for a layout and kept; its digest
 * stands in every record that it led to. docs/importing.md explains it by examples.
 */

const optional = Type.Optional;

const Header = described('the header of a column', { minLength: 1, maxLength: 200 });
const TimeOfDay = described('a time of day such as 09:00', { pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });
const Day = described('a date such as 2026-03-02', { format: 'calendar-date' });
const Replacement = Type.Record(Type.String(), Type.String());
const Marks = Type.Array(Type.String({ minLength: 1, maxLength: 10 }), { minItems: 1, maxItems: 20 });

/** How a date that is text can be written. */
export const DATE_FORMS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYYMMDD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
  'DD-MMM-YYYY',
  'DD/MM/YY',
  'DD.MM.YY',
  'MM/DD/YY',
] as const;

const Heed = Type.Enum(['refuse', 'skip', 'read']);

const LeftOut = closed({
  file: Sha256Hex,
  /** Of a file that has sheets. */
  sheet: optional(Line),
  rows: Type.Array(Type.Integer({ minimum: 1, maximum: 1_048_576 }), { minItems: 1, maxItems: 1000 }),
  reason: Reason,
});

const sourceFields = {
  column: optional(Header),
  /** Several columns as one text; all of them filled, or none. */
  columns: optional(Type.Array(Header, { minItems: 2, maxItems: 5 })),
  join: optional(Type.String({ maxLength: 10 })),
  letter: optional(described('the letter of a column', { pattern: '^[A-Z]{1,2}$' })),
  cell: optional(described('one cell, such as B3', { pattern: '^[A-Z]{1,2}[1-9][0-9]{0,5}$' })),
  sheetName: optional(Type.Literal(true)),
  value: optional(Type.String({ minLength: 1, maxLength: 4000 })),
  /** What the text must begin with, which is left out; and what is put before the rest. */
  strip: optional(Type.String({ minLength: 1, maxLength: 100 })),
  prefix: optional(Type.String({ minLength: 1, maxLength: 100 })),
  /** What the file says → what is recorded; anything else in the cell is refused. */
  lookup: optional(Replacement),
  /** Where the cell is blank. */
  else: optional(Type.String({ minLength: 1, maxLength: 4000 })),
  /** A blank cell says what the one above it says. */
  fillDown: optional(Type.Boolean()),
  /** Blanks around the text are part of it. */
  verbatim: optional(Type.Boolean()),
  /** The column may be missing from the sheet. */
  optional: optional(Type.Boolean()),
};

const Source = closed(sourceFields);

const Condition = closed({
  column: Header,
  is: optional(Type.Array(Type.String(), { minItems: 1, maxItems: 100 })),
  filled: optional(Type.Boolean()),
});

/** The schema for one way to write a source: as an object, or where people write it, as a column’s header as well. */
function schemaWith<S extends TSchema, F extends TSchema>(source: S, field: F) {
  const when = closed({
    /** An instant with its offset, kept to the letter. */
    instant: optional(source),
    date: optional(source),
    time: optional(source),
    /** A number of days, counted from a date. */
    day: optional(source),
    from: optional(Day),
    /** The time of day where the file has none. */
    assume: optional(TimeOfDay),
  });
  const run = closed({
    /** The responses as one text, and the last filament applied. */
    responses: optional(source),
    last: optional(source),
    /** Where the two leave the ladder: take the responses from the ladder’s start instead. */
    inconsistent: optional(Type.Enum(['refuse', 'from-start'])),
    /** Every touch as filament and response: `2O 4X 2O`. */
    touches: optional(source),
    /** One filament a column: label → where the responses to it stand, numbered (`1O 3O`) or in order. */
    filaments: optional(Type.Record(Type.String(), source)),
    /** One touch a row, the rows of a run put together by `groupBy`; `number` is checked to count from 1. */
    filament: optional(source),
    response: optional(source),
    number: optional(source),
    /** What stands for a withdrawal, for none, for a touch that could not be told. */
    X: optional(Marks),
    O: optional(Marks),
    '?': optional(Marks),
    /** The filament’s name in the file → its label in the protocol’s ladder. */
    labels: optional(Replacement),
    /** `flag` takes what is no up-down run as well, and what is too short to tell. */
    irregular: optional(Type.Enum(['refuse', 'flag'])),
  });
  const table = closed({
    record: Line,
    /** Where two tables make the same command of one row, each has a name. */
    name: optional(Code),
    sheets: optional(Type.Array(Line, { minItems: 1, maxItems: 200 })),
    /** Row of the headers; the rows below it are read. */
    header: optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** `animal`: for each animal once, from the first row that names it. `sheet`: for each sheet once. */
    once: optional(Type.Enum(['animal', 'sheet'])),
    where: optional(Type.Array(Condition, { minItems: 1, maxItems: 10 })),
    /** `skip`: a row in which no column of this table is filled but those of animal and time is no record. */
    blank: optional(Type.Enum(['refuse', 'skip'])),
    /** Rows that follow one another with the same text in these columns are one command. */
    groupBy: optional(Type.Array(Header, { minItems: 1, maxItems: 20 })),
    /** Names the record among those of its animal, for references. */
    label: optional(source),
    subject: source,
    occurredAt: when,
    reason: optional(source),
    /** Yes where the row was found after the study was closed. */
    afterClose: optional(source),
    run: optional(run),
    data: optional(Type.Record(Type.String(), field)),
  });
  return closed({
    $schema: optional(Type.String()),
    mapping: Type.Literal('study-ledger/1'),
    title: optional(Line),
    csv: optional(
      closed({
        delimiter: optional(Type.Enum([',', ';', '\t', '|'])),
        encoding: optional(Type.Enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])),
      }),
    ),
    decimal: optional(Type.Enum(['.', ','])),
    /** What divides groups of three digits in numbers that are text: 1,234 is 1234 with `,`. */
    thousands: optional(Type.Enum([',', '.', ' ', "'"])),
    /** `as-shown`: number cells of an XLSX file have the zeros, before and behind, that their cells show. */
    digits: optional(Type.Literal('as-shown')),
    /** Text that is struck through, and rows, columns and sheets that are hidden. */
    struck: optional(Heed),
    hidden: optional(Heed),
    /** Columns that are read by no table, on purpose; where this is there, any other one that is filled is refused. */
    ignore: optional(Type.Union([Type.Array(Header, { maxItems: 200 }), Type.Literal('*')])),
    /** Rows of one file, told by its SHA-256, that a person leaves out. Other files have other rows there. */
    leaveOut: optional(Type.Array(LeftOut, { minItems: 1, maxItems: 100 })),
    /** How dates that are text are written. One that two of these forms read differently is refused. */
    dates: optional(Type.Array(Type.Enum([...DATE_FORMS, 'excel-serial']), { minItems: 1, maxItems: 12 })),
    /** The first year of the hundred that a year of two digits lies in. */
    century: optional(Type.Enum([1900, 2000])),
    /** How times that are text are written, beside 9:15 and 09:15:30. */
    times: optional(Type.Array(Type.Enum(['H:mm', 'h:mm A']), { minItems: 1, maxItems: 2 })),
    /** Offset such as +01:00, or a place such as Europe/Amsterdam, for times that have none. */
    zone: optional(Line),
    /** What stands in a cell for nothing. */
    missing: optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 20 })),
    reason: optional(Line),
    /** All rows were found after the study was closed. */
    afterClose: optional(Type.Literal(true)),
    tables: Type.Array(table, { minItems: 1, maxItems: 60 }),
  });
}

function fieldWith<S extends TSchema>(source: S) {
  return closed({
    ...sourceFields,
    /** UCUM unit that is recorded, and the one that the file’s digits are in where that is another. */
    unit: optional(Line),
    from: optional(Line),
    /** Instead of `unit`: the cell that holds the UCUM unit. */
    unitFrom: optional(source),
    /** The record of the same animal that bears this label. */
    reference: optional(source),
    /** A list of scores: item code → where its score stands; or item and score of each row of a group. */
    scores: optional(Type.Record(Type.String(), source)),
    item: optional(source),
    score: optional(source),
  });
}

/** A mapping once every header written as a plain text has become a source. */
export const MappingSchema = schemaWith(Source, fieldWith(Source));

const Short = Type.Union([Header, Source]);

/** A mapping as people write it: the published JSON Schema. */
export const PublishedMappingSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:study-ledger:schema:mapping:1',
  title: 'Mapping of a spreadsheet to commands',
  ...schemaWith(Short, Type.Union([Header, fieldWith(Short)])),
};

export type Mapping = Static<typeof MappingSchema>;
export type Table = Mapping['tables'][number];
export type Source = Static<typeof Source>;
export type Field = NonNullable<Table['data']>[string];
export type When = Table['occurredAt'];
export type Run = NonNullable<Table['run']>;
export type Condition = Static<typeof Condition>;
