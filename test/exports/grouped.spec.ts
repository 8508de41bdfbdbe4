import Papa from 'papaparse';
import { groupedTable } from '../../src/exports/tables/grouped.js';
import { GROUPED, type GroupedOptions } from '../../src/exports/tables/grouped-options.js';
import { groupedRecords, groupedText } from '../../src/exports/tables/grouped-text.js';
import { csvOptions, type CsvOptions } from '../../src/exports/tables/csv.js';
import { viewOf } from '../../src/exports/snapshot.js';
import { about, at, because, day, dosed, enrolled, excluded, measured, ready, wide } from '../study/bench.js';
import { sent, type Sent } from '../study/specification.js';
import { smallStudy, sourceOf } from './small-study.js';

const TABS = csvOptions({}, 'tab');

function cellsOf(
  options: Partial<GroupedOptions> = {},
  format: CsvOptions = TABS,
  study = smallStudy(),
  simulated = false,
): string[][] {
  const source = sourceOf(study, simulated);
  const table = groupedTable(viewOf(source), { ...GROUPED, ...options });
  return parsed(groupedText(table, source.snapshot, format), format);
}

function recordsOf(
  options: Partial<GroupedOptions> = {},
  study = smallStudy(),
  simulated = false,
): string[][] {
  const source = sourceOf(study, simulated);
  const chosen = { ...GROUPED, ...options };
  return parsed(groupedRecords(groupedTable(viewOf(source), chosen), chosen, source.snapshot, TABS), TABS);
}

function parsed(text: string, { separator }: CsvOptions): string[][] {
  return Papa.parse<string[]>(text, { delimiter: separator, newline: '\r\n', skipEmptyLines: true }).data;
}

function column(cells: string[][], index = 1): Record<string, string> {
  return Object.fromEntries(cells.slice(2).map((row) => [row[0]!, row[index]!]));
}

describe('the grouped table', () => {
  it('has time points down and animals across, under their groups, in order of the study', () => {
    const cells = cellsOf();
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
    expect(recordsOf({}, study)).toContainEqual(['day 14', '6 10']);
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
    expect(cells.slice(2).map(([label]) => label)[0]).toBe('run 1, no day 0');
  });

  it('holds nothing but headings and numbers; what it rests on stands beside it', () => {
    expect(
      cellsOf()
        .map(([corner]) => corner)
        .slice(0, 2),
    ).toEqual(['', '']);
    expect(
      cellsOf({}, TABS, smallStudy(), true)
        .slice(0, 2)
        .map(([corner]) => corner),
    ).toEqual(['SIMULATED', '']);
    const { code, size, root } = sourceOf(smallStudy()).snapshot;
    expect(
      recordsOf()
        .slice(0, 2)
        .map(([corner]) => corner),
    ).toEqual([
      `study ${code} at tree size ${size}, root ${root}`,
      'record numbers, ipsilateral, bounds left empty, no animal excluded',
    ]);
    expect(recordsOf({}, smallStudy(), true)[0]![0]).toMatch(/^SIMULATED DATA\. .* tree size/);
  });

  it('makes every group as wide as the largest, in both files alike', () => {
    const allocated = (id: string, group: string): Sent => {
      const { name, body, clock } = enrolled(id);
      const data = { ...(body['data'] as object), allocation: { group } };
      return sent(name, { ...body, reason: 'Sheet found', data }, clock);
    };
    const { study } = ready().and(
      allocated('A1', 'one'),
      allocated('B1', 'two'),
      allocated('B2', 'two'),
      measured('low', day(20), {}, 'A1'),
      measured('low', day(20), {}, 'B1'),
      measured('low', day(20), {}, 'B2'),
    );
    const [groups, ids, ...rows] = cellsOf({}, undefined, study);
    expect(groups!.slice(1)).toEqual(['not allocated', 'not allocated', 'one', 'one', 'two', 'two']);
    expect(ids!.slice(1)).toEqual(['R01', '', 'A1', '', 'B1', 'B2']);
    for (const row of rows) expect([row[2], row[4]]).toEqual(['', '']);
    expect(recordsOf({}, study)[1]!.slice(1)).toEqual(ids!.slice(1));
  });

  it('leaves excluded animals out and says so, or takes them in under their names', () => {
    const { study } = ready().and(because('Device failed', excluded(day(19))));
    expect(cellsOf({}, undefined, study)).toEqual([]);
    expect(recordsOf({}, study)[1]![0]).toContain('1 excluded, left out: R01');
    const taken = cellsOf({ excluded: 'in' }, undefined, study);
    expect(taken.slice(0, 2)).toEqual([
      ['', 'excluded'],
      ['', 'R01 (excluded)'],
    ]);
    expect(taken.length).toBeGreaterThan(2);
    expect(recordsOf({ excluded: 'in' }, study)[1]![0]).toContain('1 excluded, taken in: R01');
  });

  it('knows a dose by its amount, however it was written, and in the order of the amounts', () => {
    const doses = [
      ['100', 'ug'],
      ['20', 'ug'],
      ['20.0', 'ug'],
      ['0.02', 'mg'],
      ['20', 'ug/kg'],
      ['3', 'ug/kg'],
    ];
    const { study } = doses.reduce((so, [value, unit], index) => {
      const when = (clock: string): string => day(20 + 2 * index, clock);
      const given = so.and(because('Off the plan', dosed(when('09:00'), { dose: { value, unit } })));
      const session = given.study.size - 1;
      return given.and(measured('low', when('09:15'), { session, minute: 15 }));
    }, ready());
    const labels = cellsOf({}, undefined, study).map(([label]) => label);
    expect(labels.filter((label) => label!.startsWith('ketamine'))).toEqual([
      'ketamine 20 µg, 15 min',
      'ketamine 100 µg, 15 min',
      'ketamine 3 µg/kg, 15 min',
      'ketamine 20 µg/kg, 15 min',
    ]);
    const cited = recordsOf({}, study).find(([label]) => label === 'ketamine 20 µg, 15 min');
    expect(cited![1]!.split(' ')).toHaveLength(3);
  });

  it('names the substance of a dose, and what it was for where it is no test', () => {
    const doses = [
      { substance: 'morphine', dose: { value: '3', unit: 'mg/kg' } },
      { substance: 'morphine', dose: { value: '1.0', unit: 'mg/kg' } },
      { substance: 'saline', dose: { value: '0', unit: 'ug' }, purpose: 'vehicle' },
    ];
    const { study } = doses.reduce(
      (so, data, index) => {
        const when = (clock: string): string => day(20 + 2 * index, clock);
        const given = so.and(
          because('Off the plan', at(when('09:00'), about('R01', 'AdministerSubstance', data))),
        );
        const session = given.study.size - 1;
        return given.and(measured('low', when('09:15'), { session, minute: 15 }));
      },
      ready({ substances: wide.substances! }),
    );
    const labels = cellsOf({}, undefined, study).map(([label]) => label);
    expect(labels.filter((label) => label!.endsWith('15 min'))).toEqual([
      'morphine 1000 µg/kg, 15 min',
      'morphine 3000 µg/kg, 15 min',
      'saline 0 µg (vehicle), 15 min',
    ]);
  });

  it('writes decimal commas', () => {
    const cells = cellsOf({}, { separator: ';', decimal: ',' });
    expect(column(cells)['day -1']).toMatch(/^6,327/);
  });
});
