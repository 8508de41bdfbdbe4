import { LIMITS } from '../reading/sheet.js';
import { plainFormat, type PlainFormat } from './shown-number.js';
import { isOn, mustFit, readXml, type Bytes } from './xml.js';

/** Built-in number formats that show dates or times (ECMA-376 part 1, 18.8.30). */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

interface NumberFormat {
  readonly isDate: boolean;
  /** How it shows numbers, where that is plain; as ECMA-376 part 1, 18.8.31 writes it, the empty text is General. */
  readonly plain: PlainFormat | undefined;
}

export interface CellFormat extends NumberFormat {
  readonly isStruck: boolean;
}

/** Built-in formats of plain decimals, by their number. */
const BUILT_IN_CODES = new Map([
  [1, '0'],
  [2, '0.00'],
  [3, '#,##0'],
  [4, '#,##0.00'],
]);

/** The formats that cells name by their place in the list. */
export async function readFormats(bytes: Bytes): Promise<CellFormat[]> {
  const numbers = new Map<number, NumberFormat>();
  const struckFonts: boolean[] = [];
  const formats: CellFormat[] = [];
  let list = '';
  await readXml('xl/styles.xml', bytes, {
    open(tag, attributes) {
      if (tag === 'fonts' || tag === 'cellXfs') list = tag;
      const id = Number(attributes['numFmtId']);
      if (tag === 'numFmt') numbers.set(id, numberFormat(attributes['formatCode'] ?? ''));
      if (tag === 'font' && list === 'fonts') struckFonts.push(false);
      if (tag === 'strike' && list === 'fonts' && isOn(attributes))
        struckFonts[struckFonts.length - 1] = true;
      if (tag === 'xf' && list === 'cellXfs')
        formats.push({
          ...(numbers.get(id) ?? builtIn(id)),
          isStruck: struckFonts[Number(attributes['fontId'])] ?? false,
        });
      mustFit(Math.max(numbers.size, struckFonts.length, formats.length), LIMITS.formats, 'formats');
    },
    close(tag) {
      if (tag === list) list = '';
    },
  });
  return formats;
}

function numberFormat(given: string): NumberFormat {
  const code = given.slice(0, LIMITS.formatCharacters);
  return { isDate: showsDate(code), plain: plainFormat(code) };
}

function builtIn(id: number): NumberFormat {
  return { isDate: BUILT_IN_DATES.has(id), plain: plainFormat(BUILT_IN_CODES.get(id) ?? '') };
}

function showsDate(code: string): boolean {
  // Each of these takes what it begins with, so that none is tried again from every character on.
  const bare = code.replace(/"[^"]*("|$)|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*(\]|$)/gi, '');
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}
