import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImportError } from '../import-error.js';
import type { CheckedMapping } from '../mapping/read-mapping.js';
import { fileTooLarge, readFileOf, readingOf, recordableName, type ReadFile } from './read-book.js';
import { LIMITS } from './sheet.js';

/** Reads a file of this machine. @throws ImportError where it cannot be read, or is more than a sheet that somebody filled in. */
export async function readSpreadsheet(path: string, mapping: CheckedMapping): Promise<ReadFile> {
  const name = recordableName(basename(path));
  return readFileOf({ name, bytes: await contents(path) }, readingOf(mapping));
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
  if (size > LIMITS.fileBytes) throw fileTooLarge();
  return readFile(path);
}
