import Papa from 'papaparse';
import { groupedTable, GROUPED, type GroupedOptions } from '../../src/exports/tables/grouped.js';
import { groupedRecords, groupedText } from '../../src/exports/tables/grouped-text.js';
import { csvOptions, type CsvOptions } from '../../src/exports/tables/csv.js';
import { viewOf } from '../../src/exports/snapshot.js';
import { about, at, because, day, excluded, measured, ready } from '../study/bench.js';
import { smallStudy, sourceOf } from './small-study.js';

const TABS = csvOptions({}, 'tab');

function cellsOf(
  options: Partial<GroupedOptions> = {},
  format: CsvOptions = TABS,
  study = smallStudy(),
): string[][] {
  const source = sourceOf(study);
  const chosen = { ...GROUPED, ...options };
  const text = groupedText(groupedTable(viewOf(source), chosen), chosen, source.snapshot, format);
  return Papa.parse<string[]>(text, {
    delimiter: format.separator,
    newline: '\r\n',
    skipEmptyLines: true,
  }).data;
}

function column(cells: string[][], index = 1): Record<string, string> {
  return Object.fromEntries(cells.slice(2).map((row) => [row[0]!, row[index]!]));
}

describe('the grouped table', () => {
  it('has time points down and animals across, under their groups, in order of the study', () => {
    const cells = cellsOf();
    expect(cells[0]![0]).toContain('tree size');
    expect(cells.slice(0, 2).map((row) => row.slice(1))).toEqual([['response not known'], ['R01']]);
    expect(cells.slice(2).map(([label]) => label)).toEqual([
      'day -2',
      'day -1',
      'day 14',
      'stimulation, 15 min',
      'stimulation, 30 min',
      expect.stringMatching(/^ketamine .* 15 min$/),
    ]);
  });

  it('gives grams, and nothing for a bound unless that is asked for', () => {
    expect(column(cellsOf())).toMatchObject({ 'day -2': '', 'day -1': expect.stringMatching(/^6\.327/) });
    expect(column(cellsOf({ bounds: 'limit' }))['day -2']).toBe('15');
  });

  it('gives percentages by their formulas', () => {
    const grams = column(cellsOf());
    // The baseline is no number here: one of its runs is a bound.
    expect(
      Object.values(column(cellsOf({ values: 'percent-of-baseline' }))).filter((cell) => cell !== ''),
    ).toEqual([]);
    const before = Number(grams['day 14']);
    const mpe = (label: string) => (100 * (Number(grams[label]) - before)) / (15 - before);
    const percent = column(cellsOf({ values: 'percent-mpe' }));
    expect(Number(percent['day 14'])).toBe(0);
    expect(Number(percent['stimulation, 30 min'])).toBeCloseTo(mpe('stimulation, 30 min'), 6);
  });

  it('gives percentages of a baseline that is a number', () => {
    const { study } = ready().and(measured('high', day(18, '08:00')));
    const numeric = ready({ baseline: { aggregate: 'last', minRuns: 1 } }).study;
    expect(study.size).toBeGreaterThan(numeric.size);
    const percent = column(cellsOf({ values: 'percent-of-baseline' }, undefined, numeric));
    expect(Number(percent['day -1'])).toBeCloseTo(100, 9);
    expect(Number(percent['day 14'])).toBeLessThan(40);
  });

  it('takes the geometric mean of two runs at one time point, and cites both', () => {
    const { study } = ready().and(because('Second sheet', measured('middle', day(17, '11:00'))));
    const grams = column(cellsOf({}, undefined, study));
    const [low, middle] = [column(cellsOf())['day 14'], 3.0876579731].map(Number);
    expect(Number(grams['day 14'])).toBeCloseTo(Math.sqrt(low! * middle!), 6);
    const source = sourceOf(study);
    expect(groupedRecords(groupedTable(viewOf(source), GROUPED), source.snapshot, TABS)).toContain(
      'day 14\t6 10',
    );
  });

  it('groups animals as they were allocated, where they were', () => {
    const allocated = (id: string, group: string) =>
      at('2026-03-02T08:30:00Z', about(id, 'EnrolSubject', { allocation: { group } }));
    const base = ready();
    const { study } = base.and(
      { ...allocated('R09', '=sham'), body: { ...allocated('R09', '=sham').body, reason: 'Sheet found' } },
      measured('low', day(20), {}, 'R09'),
    );
    const cells = cellsOf({}, undefined, study);
    expect(cells.slice(0, 2).map((row) => row.slice(1))).toEqual([
      ["'=sham", 'not allocated'],
      ['R09', 'R01'],
    ]);
    expect(cells.slice(2).map(([label]) => label)[0]).toBe('run 1, never ligated');
  });

  it('says in its head which animals are excluded, and still shows them', () => {
    const { study } = ready().and(because('Device failed', excluded(day(19))));
    const cells = cellsOf({}, undefined, study);
    expect(cells[1]).toEqual(['g, ipsilateral, bounds left empty, 1 excluded: R01', 'R01']);
    expect(cellsOf()[1]![0]).toBe('g, ipsilateral, bounds left empty');
  });

  it('writes decimal commas', () => {
    const cells = cellsOf({}, { separator: ';', decimal: ',' });
    expect(column(cells)['day -1']).toMatch(/^6,327/);
  });
});
