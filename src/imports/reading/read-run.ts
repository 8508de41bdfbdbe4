import { printable } from '../../study/schema.js';
import { LadderError, type Ladder } from '../../study/rules/ladder.js';
import type { Touch } from '../../study/rules/threshold.js';
import { filamentsFromLast } from '../../study/rules/up-down.js';
import { ImportError } from '../import-error.js';
import { inOrder, mustBeUpDown, notUpDown, repeated, walked } from './fill-repeated-touches.js';
import type { Run, Source } from '../mapping/mapping.js';
import type { Found } from './sheet-view.js';
import { decimal, integer, plainText, type Notation } from './cell-values.js';

export interface ReadRun {
  readonly touches: Touch[];
  /** What was inferred rather than read. */
  readonly flags: readonly string[];
  readonly remark?: string;
}

const POINT: Notation = { decimal: '.' };
const DEFAULT_MARKS = { X: ['X', 'x'], O: ['O', 'o', '0'], '?': ['?'] };

type Finder = (source: Source) => Found | undefined;

/** A row of the sheet, for what is noted in it. */
interface RowOfRun {
  readonly row: number;
  readonly find: Finder;
  /** For what is text, also where a number cell holds it. */
  readonly findText: Finder;
}

/** The touches of a run from however a sheet notes them. @throws ImportError where it cannot be one way only. */
export function readRun(run: Run, rows: readonly RowOfRun[], ladder: Ladder, notation: Notation): ReadRun {
  const reader = new RunReader(run, ladder, notation);
  try {
    const read = reader.read(rows);
    if (run.irregular !== 'flag') mustBeUpDown(ladder, read.touches);
    return read;
  } catch (error) {
    if (!(error instanceof LadderError)) throw error;
    throw new ImportError(error.code, `${capital(error.message)}.`);
  }
}

class RunReader {
  constructor(
    private readonly run: Run,
    private readonly ladder: Ladder,
    private readonly notation: Notation,
  ) {}

  read(rows: readonly RowOfRun[]): ReadRun {
    const { responses, last, touches, filaments, filament, response } = this.run;
    if (filament && response)
      return { touches: rows.map((row, index) => this.byRow(row, index, filament, response)), flags: [] };
    const [{ find, findText }] = rows as [RowOfRun];
    if (responses && last) return this.fromLast(this.coded(need(findText, responses)), need(find, last));
    if (touches) return { touches: this.listed(need(findText, touches)), flags: [] };
    return this.byFilament(filaments ?? {}, findText);
  }

  /** As most sheets have it: the responses, and where the run ended. The rule tells the filaments between. */
  private fromLast(responses: Found, last: Found): ReadRun {
    const run = Array.from(plainText(responses).replace(/[\s,;-]/g, ''), (mark) =>
      this.response(mark, responses),
    );
    const label = this.label(last);
    const flags = ['filaments-inferred'];
    try {
      return { touches: repeated(run, filamentsFromLast(this.ladder, responsesOf(run), label)), flags };
    } catch (error) {
      const leaves = error instanceof LadderError && error.code === 'run-leaves-ladder';
      if (!leaves || this.run.inconsistent !== 'from-start') throw error;
    }
    const remark = `The file says that filament ${label} was the last, which these responses cannot have led to on this ladder: they are taken from its start ${this.ladder.start}.`;
    const touches = repeated(run, walked(this.ladder, responsesOf(run)));
    return { touches, flags: [...flags, 'last-filament-inconsistent'], remark };
  }

  /** A number has lost the zeros at its start, and with 0 for a response those are touches. */
  private coded(found: Found): Found {
    const { X, O, '?': unclear } = { ...DEFAULT_MARKS, ...this.run };
    if (found.kind !== 'number' || ![X, O, unclear].flat().includes('0')) return found;
    throw new ImportError(
      'run-is-number',
      `The cell holds the number ${printable(found.text)}, and a 0 at its start is lost: type the run as text.`,
      { column: found.column },
    );
  }

  /** One touch a row, in the order of the rows. */
  private byRow({ row, find, findText }: RowOfRun, index: number, filament: Source, response: Source): Touch {
    try {
      const { number } = this.run;
      const counted = number && need(find, number);
      if (counted && integer(counted, this.notation) !== index + 1)
        throw new ImportError(
          'touches-unordered',
          `The touch is numbered ${printable(counted.text)}, and is number ${index + 1} of its run: put the rows in order, or tell the runs apart in “groupBy”.`,
          { column: counted.column },
        );
      const mark = need(findText, response);
      return {
        filament: this.label(need(find, filament)),
        response: this.response(plainText(mark), mark),
      };
    } catch (error) {
      throw error instanceof ImportError ? error.at({ row }) : error;
    }
  }

  private listed(found: Found): Touch[] {
    return plainText(found)
      .split(/[\s;]+/)
      .filter((part) => part !== '')
      .map((part) => ({
        filament: this.label({ ...found, kind: 'text', text: part.slice(0, -1) }),
        response: this.response(part.slice(-1), found),
      }));
  }

  /** One filament a column: numbered touches have their order; others only where the rule leaves one. */
  private byFilament(filaments: Readonly<Record<string, Source>>, find: Finder): ReadRun {
    const columns = Object.entries(filaments).flatMap(([name, source]) => {
      const found = find(source);
      return found ? [{ label: this.label({ ...found, kind: 'text', text: name }), found }] : [];
    });
    if (columns.length === 0) throw notUpDown('No filament has a response.');
    const touches = columns.flatMap(({ label, found }) =>
      tokens({ ...found, text: plainText(found) }).map(([number, mark]) => ({
        number: number === '' ? undefined : Number(number),
        touch: { filament: label, response: this.response(mark, found) },
      })),
    );
    if (touches.every(({ number }) => number === undefined))
      return {
        touches: inOrder(
          this.ladder,
          touches.map(({ touch }) => touch),
        ),
        flags: ['order-inferred'],
      };
    const ordered = [...touches].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
    if (ordered.some(({ number }, index) => number !== index + 1))
      throw new ImportError(
        'touches-unordered',
        `The touches of the run are not numbered 1 to ${ordered.length}.`,
      );
    return { touches: ordered.map(({ touch }) => touch), flags: [] };
  }

  private response(mark: string, { text, column }: Found): Touch['response'] {
    const { X, O, '?': unclear } = { ...DEFAULT_MARKS, ...this.run };
    if (X.includes(mark)) return 'X';
    if (O.includes(mark)) return 'O';
    if (unclear.includes(mark)) return '?';
    if (/^[<>≤≥]?\s*\d+([.,]\d+)?\s*(g|%|\/\s*\d+)?$/.test(text)) throw manualThreshold(text, column);
    throw new ImportError(
      'response-unknown',
      `“${printable(mark)}” in “${printable(text)}” is no response: X is a withdrawal, O none, ? could not be told.`,
      { column },
    );
  }

  /** The label in the ladder, by its name in the file or by its grams. */
  private label(found: Found): string {
    const { labels } = this.run;
    const text = plainText(found);
    if (labels && Object.hasOwn(labels, text)) return labels[text] ?? '';
    const { filaments, id } = this.ladder;
    if (filaments.some(({ label }) => label === text)) return text;
    const grams = /^\d+([.,]\d+)?$/.test(text)
      ? Number(decimal(found, text.includes(',') ? this.notation : POINT))
      : NaN;
    const same = filaments.find(({ label }) => Number(label) === grams);
    if (same) return same.label;
    const known = filaments.map(({ label }) => label).join(', ');
    throw new ImportError(
      'filament-not-in-ladder',
      `There is no filament “${printable(text)}” in the protocol’s ladder ${id}; its labels are ${known}. Say in “labels” what it is.`,
      { column: found.column },
    );
  }
}

function need(find: Finder, source: Source): Found {
  const found = find(source);
  if (found) return found;
  throw new ImportError(
    'cell-missing',
    'The run is not there: a threshold is recorded by the touches it was found by.',
    {
      column: source.column ?? source.letter,
    },
  );
}

/** `1O 3O`, `O X`, `OX` as pairs of number and mark. */
function tokens({ text, column }: Found): [string, string][] {
  const found = Array.from(text.matchAll(/(\d*)\s*([^\d\s,;])/g));
  const rest = found.reduce((left, [token]) => left.replace(token, ''), text).replace(/[\s,;]/g, '');
  if (rest !== '') throw manualThreshold(text, column);
  return found.map(([, number = '', mark = '']) => [number, mark]);
}

function responsesOf(run: readonly Touch['response'][]): string {
  return run.filter((response) => response !== '?').join('');
}

function manualThreshold(text: string, column: string | undefined): ImportError {
  return new ImportError(
    'not-an-up-down-run',
    `“${printable(text)}” is a result, not a run: the touches it was found by are what is recorded, and the threshold is computed from them.`,
    { column },
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
