import { crc32 } from 'node:zlib';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import { Budget, LIMITS, type Book, type Sheet } from '../reading/sheet.js';
import {
  readComments,
  readRelations,
  readStrings,
  readWorkbook,
  relationsPart,
  type Relation,
} from './workbook-parts.js';
import { readFormats } from './cell-formats.js';
import { readSheet } from './read-sheet.js';
import type { Bytes } from './xml.js';

const WORKBOOK = 'xl/workbook.xml';

/**
 * Reads an XLSX file. Only the parts that hold cells are unpacked, piece by piece, and no further than the archive’s
 * directory says, which is refused beforehand where it is too much. Macros, links, drawings and whatever else may be in
 * it are never looked at. @throws ImportError
 */
export async function readXlsx(
  bytes: Uint8Array,
  wanted: (sheet: string) => boolean,
  digits?: 'as-shown',
): Promise<Book> {
  const archive = await Archive.open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const workbook = await readWorkbook(archive.part(WORKBOOK));
  const relations = await readRelations(WORKBOOK, archive.part(relationsPart(WORKBOOK)));
  const formats = archive.has('xl/styles.xml') ? await readFormats(archive.part('xl/styles.xml')) : [];
  const strings = archive.has('xl/sharedStrings.xml')
    ? await readStrings(archive.part('xl/sharedStrings.xml'))
    : [];
  const budget = new Budget();
  const sheets: Sheet[] = [];
  let commentsLeft: number = LIMITS.comments;
  for (const { name, relation, isHidden } of workbook.sheets) {
    if (!wanted(name)) {
      sheets.push({ name, rows: [], blankRows: 0, isUnread: true, isHidden });
      continue;
    }
    const part = relations.find(({ id }) => id === relation)?.target ?? '';
    const sheet = await readSheet(part, archive.part(part), { name, strings, formats, digits, budget });
    const comments = await commentsOn(part, archive, commentsLeft);
    commentsLeft -= comments.length;
    sheets.push({ ...sheet, isHidden, comments });
  }
  return { sheets, epoch: workbook.epoch };
}

async function commentsOn(part: string, archive: Archive, most: number) {
  const list = relationsPart(part);
  const relations: Relation[] = archive.has(list) ? await readRelations(part, archive.part(list)) : [];
  const found = relations.find(({ type, target }) => type === 'comments' && archive.has(target));
  return found ? readComments(found.target, archive.part(found.target), most) : [];
}

class Archive {
  private unpacked = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(bytes: Buffer): Promise<Archive> {
    try {
      const zip = await opened(bytes);
      return new Archive(zip, await directory(zip));
    } catch (error) {
      throw error instanceof ImportError ? error : damaged();
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  async *part(name: string): Bytes {
    const entry = this.entries.get(name);
    if (!entry)
      throw new ImportError('xlsx-invalid', `The file has no ${printable(name)}: save it anew as .xlsx.`);
    this.unpacked += entry.uncompressedSize;
    if (entry.uncompressedSize > LIMITS.partBytes || this.unpacked > LIMITS.unpackedBytes) {
      const size = Math.ceil(entry.uncompressedSize / 1_048_576);
      throw new ImportError(
        'xlsx-too-large',
        `${printable(name)} would unpack to ${size} MB, and no sheet that somebody filled in does. Save the sheet alone.`,
      );
    }
    let sum = 0;
    try {
      for await (const piece of await streamOf(this.zip, entry)) {
        sum = crc32(piece as Buffer, sum);
        yield piece as Buffer;
      }
    } catch (error) {
      throw error instanceof ImportError ? error : damaged();
    }
    if (sum !== entry.crc32) throw damaged();
  }
}

function opened(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

function directory(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      const { fileName } = entry;
      if (entries.has(fileName) || entries.size >= LIMITS.parts)
        return reject(
          new ImportError(
            'xlsx-invalid',
            `The archive holds ${printable(fileName)} twice, or too many parts.`,
          ),
        );
      entries.set(fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function streamOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

function damaged(): ImportError {
  return new ImportError(
    'xlsx-invalid',
    'The file is no XLSX archive, or is damaged or encrypted: open it and save it as .xlsx without a password.',
  );
}
