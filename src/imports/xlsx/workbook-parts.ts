import { posix } from 'node:path';
import { SaxesParser } from 'saxes';
import { ImportError } from '../import-error.js';
import { LIMITS, type CellComment } from '../reading/sheet.js';

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
  readonly sheets: readonly {
    readonly name: string;
    readonly relation: string;
    readonly isHidden: boolean;
  }[];
  readonly epoch: 1900 | 1904;
}

export async function readWorkbook(bytes: Bytes): Promise<Workbook> {
  const sheets: { name: string; relation: string; isHidden: boolean }[] = [];
  let epoch: 1900 | 1904 = 1900;
  await readXml('xl/workbook.xml', bytes, {
    open(tag, attributes) {
      if (tag === 'workbookPr' && /^(1|true)$/.test(attributes['date1904'] ?? '')) epoch = 1904;
      if (tag !== 'sheet') return;
      const relation = Object.entries(attributes).find(([key]) => local(key) === 'id' && key.includes(':'));
      // “veryHidden” is hidden from the menu that shows hidden sheets.
      const isHidden = /hidden/i.test(attributes['state'] ?? '');
      sheets.push({ name: attributes['name'] ?? '', relation: relation?.[1] ?? '', isHidden });
    },
  });
  if (sheets.length > LIMITS.sheets)
    throw new ImportError('too-many-sheets', `The file has more than ${LIMITS.sheets} sheets: divide it.`);
  return { sheets, epoch };
}

/** A part that another one names. */
export interface Relation {
  readonly id: string;
  /** The end of the type’s address, such as `comments`. */
  readonly type: string;
  /** Name of the part. */
  readonly target: string;
}

/** Where the relations of a part stand. */
export function relationsPart(part: string): string {
  return posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);
}

/** The relations of a part; their targets are relative to its folder. */
export async function readRelations(part: string, bytes: Bytes): Promise<Relation[]> {
  const relations: Relation[] = [];
  await readXml(relationsPart(part), bytes, {
    open(tag, { Id: id = '', Type: type = '', Target: target = '' }) {
      if (tag !== 'Relationship') return;
      const whole = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(part), target);
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target: whole });
    },
  });
  return relations;
}

/** Comments on cells; who wrote them is left out. */
export async function readComments(part: string, bytes: Bytes): Promise<CellComment[]> {
  const comments: CellComment[] = [];
  let [cell, text, inText] = ['', '', false];
  await readXml(part, bytes, {
    open(tag, { ref = '' }) {
      if (tag === 'comment') [cell, text] = [ref, ''];
      if (tag === 't') inText = true;
    },
    text(more) {
      if (inText && text.length < LIMITS.cellCharacters) text += more;
    },
    close(tag) {
      if (tag === 't') inText = false;
      if (tag === 'comment' && comments.length < LIMITS.comments) comments.push({ cell, text });
    },
  });
  return comments;
}

/** A text that cells point to by number. */
export interface SharedString {
  readonly text: string;
  /** A part of it is struck through. */
  readonly isStruck: boolean;
}

/** The texts that cells point to; phonetic readings beside them are left out. */
export async function readStrings(bytes: Bytes): Promise<SharedString[]> {
  const strings: SharedString[] = [];
  let [inText, inPhonetic, isStruck, current] = [false, false, false, ''];
  await readXml('xl/sharedStrings.xml', bytes, {
    open(tag, attributes) {
      if (tag === 'si') [current, isStruck] = ['', false];
      if (tag === 'rPh') inPhonetic = true;
      if (tag === 'strike' && isOn(attributes)) isStruck = true;
      inText = tag === 't' && !inPhonetic;
    },
    text(text) {
      // What is too long stays so, and is refused where a cell points to it.
      if (inText && current.length <= LIMITS.cellCharacters) current += text;
    },
    close(tag) {
      if (tag === 't') inText = false;
      if (tag === 'rPh') inPhonetic = false;
      if (tag === 'si') strings.push({ text: current, isStruck });
    },
  });
  return strings;
}

/** Built-in number formats that show dates or times (ECMA-376 part 1, 18.8.30). */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

export interface CellFormat {
  /** As ECMA-376 part 1, 18.8.31 writes it; the empty text is General. */
  readonly code: string;
  readonly isDate: boolean;
  readonly isStruck: boolean;
}

/** Built-in formats of plain decimals, by their number. */
const BUILT_IN_CODES = new Map([
  [1, '0'],
  [2, '0.00'],
  [3, '#,##0'],
  [4, '#,##0.00'],
]);

/** `<strike/>`, and not `<strike val="0"/>`. */
export function isOn({ val = '1' }: Readonly<Record<string, string>>): boolean {
  return val !== '0' && val !== 'false';
}

/** The formats that cells name by their place in the list. */
export async function readFormats(bytes: Bytes): Promise<CellFormat[]> {
  const custom = new Map<number, string>();
  const struckFonts: boolean[] = [];
  const formats: CellFormat[] = [];
  let list = '';
  await readXml('xl/styles.xml', bytes, {
    open(tag, attributes) {
      if (tag === 'fonts' || tag === 'cellXfs') list = tag;
      const id = Number(attributes['numFmtId']);
      if (tag === 'numFmt')
        custom.set(id, (attributes['formatCode'] ?? '').slice(0, LIMITS.formatCharacters));
      if (tag === 'font' && list === 'fonts') struckFonts.push(false);
      if (tag === 'strike' && list === 'fonts' && isOn(attributes))
        struckFonts[struckFonts.length - 1] = true;
      if (tag !== 'xf' || list !== 'cellXfs') return;
      const isStruck = struckFonts[Number(attributes['fontId'])] ?? false;
      const own = custom.get(id);
      const code = own ?? BUILT_IN_CODES.get(id) ?? '';
      formats.push({ code, isDate: own === undefined ? BUILT_IN_DATES.has(id) : showsDate(own), isStruck });
    },
    close(tag) {
      if (tag === list) list = '';
    },
  });
  return formats;
}

function showsDate(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}
