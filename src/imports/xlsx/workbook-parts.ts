import { posix } from 'node:path';
import { ImportError } from '../import-error.js';
import { LIMITS, unguarded, type CellComment } from '../reading/sheet.js';
import { isOn, local, mustFit, readXml, type Bytes } from './xml.js';

/** The parts of an XLSX file (ECMA-376) around its sheets: names, relations, comments, texts. */

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
      if (sheets.length > LIMITS.sheets)
        throw new ImportError(
          'too-many-sheets',
          `The file has more than ${LIMITS.sheets} sheets: divide it.`,
        );
    },
  });
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

/** The relations of a part to others in the file; their targets are relative to its folder. */
export async function readRelations(part: string, bytes: Bytes): Promise<Relation[]> {
  const relations: Relation[] = [];
  await readXml(relationsPart(part), bytes, {
    open(tag, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (tag !== 'Relationship' || mode === 'External') return;
      const whole = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(part), target);
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target: whole });
      mustFit(relations.length, LIMITS.parts, 'relations of parts');
    },
  });
  return relations;
}

/** The first comments on cells; who wrote them is left out. */
export async function readComments(part: string, bytes: Bytes, most: number): Promise<CellComment[]> {
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
      if (tag === 'comment' && comments.length < most) comments.push({ cell, text });
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
      if (tag !== 'si') return;
      strings.push({ text: unescaped(current), isStruck });
      mustFit(strings.length, LIMITS.strings, 'texts');
    },
  });
  return strings;
}

/** Characters that XML cannot hold are written as _x000D_. */
export function unescaped(raw: string): string {
  const text = unguarded(raw);
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
