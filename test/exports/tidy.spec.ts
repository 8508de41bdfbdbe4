import fc from 'fast-check';
import Papa from 'papaparse';
import { View } from '../../src/study/projections/projection.js';
import { thresholdSeries } from '../../src/study/projections/threshold-series.projection.js';
import { studyAt, type Study } from '../../src/study/study.js';
import { COLUMNS, type TidyRow } from '../../src/exports/tables/columns.js';
import { tidyCsv, type CsvOptions } from '../../src/exports/tables/csv.js';
import { guardFormula } from '../../src/shared/csv.js';
import { tidyRows } from '../../src/exports/tables/tidy-rows.js';
import { anyStep, play } from '../study/histories.js';
import { FORMULA, smallStudy, sourceOf } from './small-study.js';
import { runs } from '../support/effort.js';

type Cells = Record<string, string>;

function csvOf(study: Study, options?: CsvOptions): string {
  const { snapshot } = sourceOf(study);
  return [...tidyCsv(tidyRows(new View(study), snapshot), options)].join('');
}

/** By a parser that shares nothing with the writer. */
function read(csv: string, delimiter = ','): Cells[] {
  const { data, errors } = Papa.parse<Cells>(csv, {
    header: true,
    delimiter,
    newline: '\r\n',
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  return data;
}

/** As an importer undoes the apostrophe. */
function unescaped(text: string): string {
  return /^'['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? text.slice(1) : text;
}

function named(row: TidyRow): Record<string, string> {
  const cells = COLUMNS.map(({ name }, index) => [name, row[index]] as const);
  return Object.fromEntries(
    cells.filter((cell): cell is [(typeof cell)[0], string] => cell[1] !== undefined),
  );
}

describe('the tidy table', () => {
  const study = smallStudy();
  const rows = read(csvOf(study));
  const of = (kind: string): Cells[] => rows.filter((row) => row['kind'] === kind);

  it('has a row for each thing that happened, with its record numbers and where it stands', () => {
    const count = (kind: string) => of(kind).length;
    expect(
      ['animal', 'surgery', 'run', 'stimulation', 'dose', 'weight', 'motor-threshold'].map(count),
    ).toEqual([2, 3, 7, 1, 1, 1, 1]);
    expect(
      [
        'designation',
        'adverse-event',
        'intervention',
        'endpoint-decision',
        'exclusion',
        'end',
        'severity',
      ].map(count),
    ).toEqual([1, 1, 1, 1, 1, 2, 1]);
    expect(new Set(rows.map((row) => row['tree_size']))).toEqual(new Set([String(study.size)]));
    expect(of('weight')[0]).toMatchObject({
      record: '17',
      records: '16 17',
      study: 'KET-01',
      simulated: 'FALSE',
    });
    expect(of('score').find((row) => row['item'] === 'ataxia')).toMatchObject({
      scored: 'side-effects',
      session: 'dose-1',
      minute: '15',
      score: '1',
    });
  });

  it('keeps the digits that were read, in the unit of the heading', () => {
    expect(of('weight')[0]).toMatchObject({ body_weight_g: '243.80' });
    expect(of('stimulation')[0]).toMatchObject({
      pulse_width_us: '200',
      frequency_Hz: '50',
      session: 'stimulation-1',
    });
  });

  it('gives thresholds with their method, or the bound', () => {
    const middle = of('run').find((row) => row['session'] === 'stimulation-1' && row['minute'] === '30');
    // DOMAIN: RAT-N8, OXOXOX ending at 4 g.
    expect(middle).toMatchObject({ run: 'OXOXOX', threshold_method: 'dixon-table', k: '-0.5', phase: 'scs' });
    expect(Number(middle!['threshold_g'])).toBeCloseTo(3.0877, 4);
    const floor = of('run').find((row) => row['paw'] === 'contralateral');
    expect(floor).toMatchObject({
      threshold_g: '',
      bound_relation: '<',
      bound_g: '0.4',
      threshold_status: 'below-range',
    });
  });

  it('says who left, how and why, and marks every row of an excluded animal [R10]', () => {
    expect(of('exclusion')).toMatchObject([
      { subject: 'R02', criterion: 'not-hypersensitive', prespecified: 'TRUE', record: '22' },
    ]);
    expect(of('end')).toMatchObject([
      { subject: 'R01', fate: 'killed', cause: 'planned' },
      { subject: 'R02', fate: 'found-dead', cause: 'Unknown; sent to pathology' },
    ]);
    expect(of('severity')).toMatchObject([{ subject: 'R01', severity: 'moderate', reason: 'Never above 2' }]);
    expect(new Set(rows.map((row) => `${row['subject']} ${row['excluded']}`))).toEqual(
      new Set(['R01 FALSE', 'R02 TRUE']),
    );
  });

  it('names within the animal what a designation, an intervention or a decision rests on', () => {
    const labelled = (row: Cells): string[] =>
      row['rests_on']!.split(' ').map(
        (label) =>
          rows.find((other) => other['subject'] === row['subject'] && other['label'] === label)!['kind']!,
      );
    expect(of('designation')[0]).toMatchObject({ dose_ug: '30', dose_ug_per_kg: '', dose_recorded_as: 'ug' });
    expect(of('designation').map(labelled)).toEqual([['dose']]);
    expect(of('intervention').map(labelled)).toEqual([['adverse-event']]);
    expect(of('endpoint-decision').map(labelled)).toEqual([['score']]);
  });

  it('carries what the study director said of a deviation to the row that has it [R32]', () => {
    expect(rows.filter((row) => row['deviation_impact'] !== '')).toMatchObject([
      { kind: 'animal', subject: 'R02', flags: 'late', deviation_impact: 'minor' },
    ]);
  });

  it('is RFC 4180: a heading, CRLF, every line as long as the heading', () => {
    const { data } = Papa.parse<string[]>(csvOf(study), { newline: '\r\n', skipEmptyLines: true });
    expect(new Set(data.map((cells) => cells.length))).toEqual(new Set([COLUMNS.length]));
    expect(csvOf(study)).toMatch(/^kind,subject,.*\r\n/);
  });

  it('starts no formula, and loses no letter by that', () => {
    const cell = of('weight')[0]!['comment']!;
    expect(cell).toBe(`'${FORMULA}`);
    expect(unescaped(cell)).toBe(FORMULA);
    expect(of('score').find((row) => row['scored'] === 'welfare')!['comment']).toBe(
      'Quiet\nand “warm”, says 1;2',
    );
  });

  it('writes the European form', () => {
    const european = read(csvOf(study, { separator: ';', decimal: ',' }), ';');
    expect(european.find((row) => row['kind'] === 'weight')).toMatchObject({ body_weight_g: '243,80' });
    expect(european.map((row) => row['comment'])).toEqual(rows.map((row) => row['comment']));
  });

  it('of a study without a protocol, or without a record of an animal, is its heading', () => {
    expect(read(csvOf(studyAt(study, 1)))).toEqual([]);
    expect(read(csvOf(studyAt(study, 2)))).toEqual([]);
  });
});

describe('text that could be a formula', () => {
  it('is told apart from text that begins with an apostrophe', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', ',') }),
        (text) => {
          const safe = guardFormula(text);
          expect(safe).not.toMatch(/^[=+\-@\t\r]/);
          expect(unescaped(safe)).toBe(text);
        },
      ),
      runs(100),
    );
  });
});

const BOOLEANS = new Set(COLUMNS.filter(({ type }) => type === 'boolean').map(({ name }) => name));

describe('of any history', () => {
  it('the rows are those of the projections, and come out as they are', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const study = play(steps).at(-1)!;
        const view = new View(study);
        const rows = [...tidyRows(view, sourceOf(study).snapshot)].map(named);
        const runs = thresholdSeries.project(view).subjects.flatMap(({ runs: all }) => all);
        expect(
          rows
            .filter(({ kind }) => kind === 'run')
            .map(({ record }) => Number(record))
            .sort((a, b) => a - b),
        ).toEqual(
          runs
            .filter(({ supersededBy }) => supersededBy === null)
            .map(({ record }) => record)
            .sort((a, b) => a - b),
        );
        const parsed = read(csvOf(study)).map((row) =>
          Object.fromEntries(
            Object.entries(row)
              .filter(([, cell]) => cell !== '')
              .map(([name, cell]) => [name, BOOLEANS.has(name) ? cell.toLowerCase() : unescaped(cell)]),
          ),
        );
        expect(parsed).toEqual(
          rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== undefined))),
        );
        for (const row of rows)
          for (const number of row.records!.split(' ')) expect(Number(number)).toBeLessThan(study.size);
      }),
      runs(100),
    );
  });

  it('a prefix says the same whatever was recorded later', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 20 }), fc.nat(), (steps, n) => {
        const states = play(steps);
        const earlier = states[n % states.length]!;
        expect(csvOf(studyAt(states.at(-1)!, earlier.size))).toBe(csvOf(earlier));
      }),
      runs(100),
    );
  });
});
