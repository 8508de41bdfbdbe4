import { SaxesParser } from 'saxes';
import { ImportError } from '../import-error.js';
import { LIMITS } from '../reading/sheet.js';

/** The parts of an XLSX file (ECMA-376) around its sheets: names, texts, which formats are dates. */

export interface Handlers {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** A part as it is unpacked, piece by piece. */
export type Bytes = AsyncGenerator<Uint8Array, void>;

/**
 * Reads one part piece by piece. A document type would be the way to entities that grow without end, and no
 * spreadsheet program writes one. @throws ImportError
 */
export async function readXml(part: string, bytes: Bytes, { open, text, close }: Handlers): Promise<void> {
  const parser = new SaxesParser();
  const fail = (message: string): never => {
    throw new ImportError('xlsx-invalid', `${part} cannot be read: ${message}. Save the file anew.`);
  };
  parser.on('error', ({ message }) => fail(message.slice(0, 200)));
  parser.on('doctype', () => {
    throw new ImportError('xlsx-entities', `${part} declares a document type, which no spreadsheet needs.`);
  });
  if (open) parser.on('opentag', ({ name, attributes }) => open(local(name), attributes));
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  if (close) parser.on('closetag', ({ name }) => close(local(name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of bytes) {
    let decoded = '';
    try {
      decoded = decoder.decode(piece, { stream: true });
    } catch {
      fail('it is not UTF-8');
    }
    parser.write(decoded);
  }
  parser.close();
}

/** Programs differ in the prefix that they give the names. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly relation: string }[];
  readonly epoch: 1900 | 1904;
}

export async function readWorkbook(bytes: Bytes): Promise<Workbook> {
  const sheets: { name: string; relation: string }[] = [];
  let epoch: 1900 | 1904 = 1900;
  await readXml('xl/workbook.xml', bytes, {
    open(tag, attributes) {
      if (tag === 'workbookPr' && /^(1|true)$/.test(attributes['date1904'] ?? '')) epoch = 1904;
      if (tag !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => local(key) === 'id' && key.includes(':'));
      sheets.push({ name: attributes['name'] ?? '', relation: relation?.[1] ?? '' });
    },
  });
  if (sheets.length > LIMITS.sheets)
    throw new ImportError('too-many-sheets', `The file has more than ${LIMITS.sheets} sheets: divide it.`);
  return { sheets, epoch };
}

/** Names of parts by the relation that leads to them; `target` is relative to the folder xl. */
export async function readRelations(bytes: Bytes): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  await readXml('xl/_rels/workbook.xml.rels', bytes, {
    open(tag, attributes) {
      if (tag !== 'Relationship') return;
      const target = attributes['Target'] ?? '';
      targets.set(attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  return targets;
}

/** The texts that cells point to by number; phonetic readings beside them are left out. */
export async function readStrings(bytes: Bytes): Promise<string[]> {
  const strings: string[] = [];
  let [inText, inPhonetic, current] = [false, false, ''];
  await readXml('xl/sharedStrings.xml', bytes, {
    open(tag) {
      if (tag === 'si') current = '';
      if (tag === 'rPh') inPhonetic = true;
      inText = tag === 't' && !inPhonetic;
    },
    text(text) {
      // What is too long stays so, and is refused where a cell points to it.
      if (inText && current.length <= LIMITS.cellCharacters) current += text;
    },
    close(tag) {
      if (tag === 't') inText = false;
      if (tag === 'rPh') inPhonetic = false;
      if (tag === 'si') strings.push(current);
    },
  });
  return strings;
}

/** Built-in number formats that show dates or times (ECMA-376 part 1, 18.8.30). */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

export interface CellFormat {
  readonly isDate: boolean;
  /** Decimal places that it shows of every number; undefined where that depends on the number, or is no plain decimal. */
  readonly places: number | undefined;
}

/** Built-in formats of plain decimals, by their number. */
const BUILT_IN_PLACES = new Map([
  [1, 0],
  [2, 2],
  [3, 0],
  [4, 2],
]);

/** The formats that cells name by their place in the list. */
export async function readFormats(bytes: Bytes): Promise<CellFormat[]> {
  const custom = new Map<number, CellFormat>();
  const formats: CellFormat[] = [];
  let inCellFormats = false;
  await readXml('xl/styles.xml', bytes, {
    open(tag, attributes) {
      const id = Number(attributes['numFmtId']);
      const code = attributes['formatCode'] ?? '';
      if (tag === 'numFmt') custom.set(id, { isDate: showsDate(code), places: placesOf(code) });
      if (tag === 'cellXfs') inCellFormats = true;
      if (tag === 'xf' && inCellFormats)
        formats.push(custom.get(id) ?? { isDate: BUILT_IN_DATES.has(id), places: BUILT_IN_PLACES.get(id) });
    },
    close(tag) {
      if (tag === 'cellXfs') inCellFormats = false;
    },
  });
  return formats;
}

function placesOf(code: string): number | undefined {
  const plain = /^(?:#,##)?0(?:\.(0{1,30}))?$/.exec(code);
  return plain ? (plain[1]?.length ?? 0) : undefined;
}

function showsDate(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}
