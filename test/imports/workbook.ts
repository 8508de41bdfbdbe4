import { strToU8, zipSync } from 'fflate';

/** What a test puts into a cell: a text, a number, a date serial, a formula with what it showed, or nothing. */
export type TestCell =
  string | number | { serial: number } | { formula: string; shown: number } | { raw: string } | undefined;

export interface TestSheet {
  readonly name: string;
  readonly rows: readonly (readonly TestCell[])[];
  readonly merges?: readonly string[];
}

export interface TestBook {
  readonly date1904?: boolean;
  readonly sheets: readonly TestSheet[];
  /** Put in the place of whole parts. */
  readonly parts?: Readonly<Record<string, string | Uint8Array>>;
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A small XLSX file, written as ECMA-376 says and not by the reader’s own ideas: texts shared, dates by style 1. */
export function workbook({ sheets, date1904 = false, parts = {} }: TestBook): Uint8Array {
  const strings: string[] = [];
  const cell = (value: TestCell, reference: string): string => {
    if (value === undefined) return '';
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
    if (typeof value === 'string') return `<c r="${reference}" t="s"><v>${strings.push(value) - 1}</v></c>`;
    if ('serial' in value) return `<c r="${reference}" s="1"><v>${value.serial}</v></c>`;
    if ('raw' in value) return value.raw.replace('@', reference);
    return `<c r="${reference}"><f>${escaped(value.formula)}</f><v>${value.shown}</v></c>`;
  };
  const letter = (index: number): string => String.fromCharCode(65 + index);
  const files: Record<string, string | Uint8Array> = {};
  sheets.forEach(({ rows, merges = [] }, index) => {
    const data = rows
      .map((cells, row) =>
        cells.every((value) => value === undefined)
          ? ''
          : `<row r="${row + 1}">${cells.map((value, column) => cell(value, `${letter(column)}${row + 1}`)).join('')}</row>`,
      )
      .join('');
    const merged = merges.map((reference) => `<mergeCell ref="${reference}"/>`).join('');
    files[`xl/worksheets/sheet${index + 1}.xml`] =
      `${HEAD}<worksheet ${MAIN}><sheetData>${data}</sheetData>${merged && `<mergeCells>${merged}</mergeCells>`}</worksheet>`;
  });
  const named = sheets.map(
    ({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  const relations = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="sheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const all = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    'xl/workbook.xml': `${HEAD}<workbook ${MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${named.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}</Relationships>`,
    'xl/styles.xml': `${HEAD}<styleSheet ${MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy&quot; h&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="2"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${HEAD}<sst ${MAIN}>${strings.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
    ...files,
    ...parts,
  };
  return zipSync(
    Object.fromEntries(
      Object.entries(all).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );
}
