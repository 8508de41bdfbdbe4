import { ladderLabelOf } from './ladder-label.js';
import type { Ladder } from '../../study/rules/ladder.js';
import { DATE_FORMS } from '../mapping/mapping.js';
import { dateInForm } from '../reading/row-time.js';
import type { Cell } from '../reading/sheet.js';

/** What the filled cells of a column look like. */

export type DateForm = (typeof DATE_FORMS)[number];

const TIME = /^\d{1,2}[:.h]\d{2}(:\d{2})?(\s*[ap]\.?m\.?)?$/i;

export function textsOf(cells: readonly Cell[]): string[] {
  return [...new Set(cells.map(({ text }) => text))];
}

function all(cells: readonly Cell[], test: (cell: Cell) => boolean): boolean {
  return cells.length > 0 && cells.every(test);
}

export function areInstants(cells: readonly Cell[]): boolean {
  return all(cells, ({ text }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(text));
}

export function areTimes(cells: readonly Cell[]): boolean {
  return all(
    cells,
    ({ kind, text }) => TIME.test(text) || (kind === 'date' && Number(text) >= 0 && Number(text) < 1),
  );
}

export function areRuns(cells: readonly Cell[]): boolean {
  return all(cells, ({ kind, text }) => kind === 'text' && /^[xo?\s,;-]{3,}$/i.test(text));
}

export function areTouches(cells: readonly Cell[]): boolean {
  return all(cells, ({ text }) => /^(\d+(\.\d+)?[xo?][\s;]*){2,}$/i.test(text));
}

/** Cells that a spreadsheet formats as dates, or texts that one form of dates reads. */
export function areDates(cells: readonly Cell[]): boolean {
  if (all(cells, ({ kind, text }) => kind === 'date' && Number(text) >= 1)) return true;
  return dateTexts(cells).length > 0 && dateForms(cells).length > 0;
}

/** Texts of dates, without the time of day that may stand beside them. */
export function dateTexts(cells: readonly Cell[]): string[] {
  return textsOf(cells.filter(({ kind }) => kind === 'text')).map((text) => text.split(/[T ]/)[0] ?? '');
}

/** The forms that read every text, those that read them alike left out. */
export function dateForms(cells: readonly Cell[]): DateForm[] {
  const texts = dateTexts(cells);
  const readings = new Map<string, DateForm>();
  for (const form of DATE_FORMS) {
    const dates = texts.map((text) => dateInForm(text, form));
    const key = dates.join();
    if (dates.every((date) => date !== undefined) && !readings.has(key)) readings.set(key, form);
  }
  return [...readings.values()];
}

/** Whether each date has its time of day beside it. */
export function haveTimes(cells: readonly Cell[]): boolean {
  return all(cells, ({ kind, text }) =>
    kind === 'date' ? Number(text) % 1 !== 0 : /[T ]\d{1,2}:\d{2}/.test(text),
  );
}

/** The decimal marks with which every number can be read; both where that cannot be told. */
export function decimalMarks(cells: readonly Cell[]): ('.' | ',')[] {
  const texts = textsOf(cells.filter(({ kind }) => kind === 'text')).filter((text) => /\d[.,]\d/.test(text));
  const isSure = (mark: string): boolean =>
    texts.some(
      (text) =>
        new RegExp(`\\d\\${mark}\\d+$`).test(text) && !new RegExp(`^-?\\d{1,3}\\${mark}\\d{3}$`).test(text),
    );
  const [point, comma] = [isSure('.'), isSure(',')];
  if (point !== comma) return [point ? '.' : ','];
  return texts.length === 0 ? ['.'] : ['.', ','];
}

/** How the names of filaments can be meant: by the labels of the ladder, or counted from the lightest. */
export function filamentReadings(cells: readonly Cell[], ladder: Ladder): ('labels' | 'numbers')[] {
  const texts = textsOf(cells);
  const areLabels = texts.every((text) => ladderLabelOf(ladder, text) !== undefined);
  const areNumbers = texts.every(
    (text) => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= ladder.filaments.length,
  );
  return [...(areLabels ? (['labels'] as const) : []), ...(areNumbers ? (['numbers'] as const) : [])];
}
