import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { sha256Hex } from '../../shared/sha256.js';
import { Line, matches, printable } from '../../study/schema.js';
import { readCsv } from './read-csv.js';
import { ImportError } from '../import-error.js';
import { takes } from '../plan.js';
import type { CheckedMapping } from '../mapping/read-mapping.js';
import { LIMITS, type Book } from './sheet.js';
import { readXlsx } from '../xlsx/read-xlsx.js';

/** A spreadsheet as it was read, and what proves later that it was this one. */
export interface ReadFile {
  readonly name: string;
  readonly sha256: string;
  readonly book: Book;
}

/** @throws ImportError where it cannot be read, or is more than a sheet that somebody filled in. */
export async function readSpreadsheet(path: string, mapping: CheckedMapping): Promise<ReadFile> {
  const name = basename(path).normalize('NFC');
  if (!matches(Line, name) || /\p{C}/u.test(name))
    throw new ImportError(
      'file-name',
      `The name “${printable(name)}” cannot stand in a record: rename the file.`,
    );
  const bytes = await contents(path);
  const sha256 = sha256Hex(bytes);
  return { name, sha256, book: await bookOf(extname(name).toLowerCase(), bytes, mapping) };
}

async function contents(path: string): Promise<Buffer> {
  let size: number;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new ImportError('file-unreadable', `${path} is no file.`);
    size = found.size;
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError('file-unreadable', `${path} cannot be read: check its name.`);
  }
  if (size > LIMITS.fileBytes)
    throw new ImportError(
      'file-too-large',
      `The file is larger than ${LIMITS.fileBytes / 1_048_576} MB: divide it.`,
    );
  return readFile(path);
}

/** The first row that headers stand in. */
function headerOf({ tables }: CheckedMapping): number {
  return Math.min(...tables.map(({ header = 1 }) => header));
}

async function bookOf(extension: string, bytes: Buffer, mapping: CheckedMapping): Promise<Book> {
  switch (extension) {
    case '.csv':
    case '.tsv':
    case '.txt':
      return readCsv(bytes, mapping.csv, headerOf(mapping));
    case '.xlsx':
      return readXlsx(bytes, (sheet) => takes(mapping, sheet), mapping.digits);
    default:
      throw new ImportError(
        'file-kind',
        'Spreadsheets are read as .csv or .xlsx: save the file as one of them.',
      );
  }
}
