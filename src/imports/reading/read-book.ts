import { extname } from 'node:path';
import { sha256Hex } from '../../shared/sha256.js';
import { Line, matches, printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import type { CheckedMapping } from '../mapping/read-mapping.js';
import type { Mapping } from '../mapping/mapping.js';
import { readXlsx } from '../xlsx/read-xlsx.js';
import { readCsv } from './read-csv.js';
import { LIMITS, type Book } from './sheet.js';

/** A spreadsheet as it was read, and what proves later that it was this one. */
export interface ReadFile {
  readonly name: string;
  readonly sha256: string;
  readonly book: Book;
}

/** A spreadsheet as it was sent. */
export interface SheetFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How the cells of a file are found: what a mapping says of it, as plain data. */
export interface Reading {
  readonly csv?: Mapping['csv'] | undefined;
  readonly digits?: Mapping['digits'] | undefined;
  /** The first row that headers stand in, from 1. */
  readonly header?: number | undefined;
  /** Names of the sheets that are read; all where left out. */
  readonly sheets?: readonly string[] | undefined;
}

export function readingOf({ csv, digits, tables }: CheckedMapping): Reading {
  const isOfAll = tables.some(({ sheets }) => sheets === undefined);
  return {
    csv,
    digits,
    header: Math.min(...tables.map(({ header = 1 }) => header)),
    sheets: isOfAll ? undefined : tables.flatMap(({ sheets = [] }) => sheets),
  };
}

/** The name as a record may bear it. @throws ImportError */
export function recordableName(given: string): string {
  const name = given.normalize('NFC');
  if (matches(Line, name) && !/\p{C}/u.test(name)) return name;
  throw new ImportError(
    'file-name',
    `The name “${printable(name)}” cannot stand in a record: rename the file.`,
  );
}

/** @throws ImportError where it cannot be read, or is more than a sheet that somebody filled in. */
export async function readFileOf({ name, bytes }: SheetFile, reading: Reading): Promise<ReadFile> {
  return { name, sha256: sha256Hex(bytes), book: await readBook({ name, bytes }, reading) };
}

/** @throws ImportError */
export async function readBook({ name, bytes }: SheetFile, reading: Reading): Promise<Book> {
  if (bytes.length > LIMITS.fileBytes) throw fileTooLarge();
  const { csv, digits, header, sheets } = reading;
  switch (extname(name).toLowerCase()) {
    case '.csv':
    case '.tsv':
    case '.txt':
      return readCsv(bytes, csv, header);
    case '.xlsx':
      return readXlsx(bytes, (sheet) => !sheets || sheets.some((one) => one.trim() === sheet.trim()), digits);
    default:
      throw new ImportError(
        'file-kind',
        'Spreadsheets are read as .csv or .xlsx: save the file as one of them.',
      );
  }
}

export function fileTooLarge(): ImportError {
  return new ImportError(
    'file-too-large',
    `The file is larger than ${LIMITS.fileBytes / 1_048_576} MB: divide it.`,
  );
}
