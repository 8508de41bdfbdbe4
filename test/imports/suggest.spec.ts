/** What a sheet seems to hold: by headers, by cells, by the protocol; and what only a person can say. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMapping } from '../../src/imports/mapping/read-mapping.js';
import { readBook } from '../../src/imports/reading/read-book.js';
import type { AboutStudy } from '../../src/imports/suggest/about-study.js';
import { IMPORTABLE, TOLD_BY_MEANINGS, commandFields } from '../../src/imports/suggest/command-fields.js';
import { mappingOf } from '../../src/imports/suggest/mapping-of.js';
import { meaningOfHeader, unitInHeader } from '../../src/imports/suggest/meanings.js';
import { readChoices } from '../../src/imports/suggest/read-choices.js';
import { suggestChoices } from '../../src/imports/suggest/suggest.js';
import type { Ladder } from '../../src/study/rules/ladder.js';
import { workbook, type TestCell } from './workbook.js';

const examples = fileURLToPath(new URL('../../examples/import/', import.meta.url));
const ladderOf = (...labels: string[]): Ladder => ({
  id: 'L',
  start: labels[3]!,
  filaments: labels.map((label) => ({ label, grams: label })),
});
const ABOUT: AboutStudy = {
  animals: new Set(['R01', 'R02']),
  ladder: ladderOf('0.4', '0.6', '1', '2', '4', '6', '8', '15'),
  assays: [
    {
      id: 'heat-latency',
      title: 'Latency to heat',
      unit: 's',
      increase: 'relief',
      trials: { kind: 'value', aggregate: 'mean' },
      sites: ['left-hind-paw', 'right-hind-paw'],
    },
  ],
  welfare: { sheet: 'daily', items: [{ code: 'posture', label: 'Posture and coat' }] },
  species: 'Rattus norvegicus',
  sideEffects: { scale: 'motor', items: [{ code: 'ataxia', label: 'Ataxia' }] },
  offered: { substance: [['gabapentin', 'Gabapentin']] },
};

async function suggested(
  name: string,
  content: string | Uint8Array,
  chosen: Record<string, string> | string[][] = {},
  about: Partial<AboutStudy> = {},
  zone = 'Europe/Amsterdam',
) {
  const known = { ...ABOUT, ...about };
  const book = await readBook({ name, bytes: Buffer.from(content) }, {});
  const choices = suggestChoices(book, known, zone);
  if (!choices) throw new Error('nothing is suggested');
  const read = readChoices(choices, new URLSearchParams(chosen), known);
  const { questions, mapping } = mappingOf(read, known);
  return {
    means: Object.fromEntries(choices.places.map(({ place, means }) => [place, means])),
    chosen: Object.fromEntries(read.places.map(({ place, means }) => [place, means])),
    sure: Object.fromEntries(choices.places.map(({ place, sure }) => [place, sure])),
    asked: questions.map(({ field }) => field),
    questions,
    layout: choices.layout,
    mapping: mapping as { tables: Record<string, unknown>[]; [name: string]: unknown } | undefined,
  };
}

/** What is imported by the mapping that stands beside an example, table by table. */
const byHand = (name: string): { tables: Record<string, unknown>[] } =>
  JSON.parse(readFileSync(`${examples}${name}.json`, 'utf8')) as never;

describe('the four layouts of the documentation', () => {
  it.each([
    ['one-run-a-row.csv', { paw: 'ipsilateral' }],
    [
      'one-filament-a-column.csv',
      {
        from: '2026-02-02',
        assume: '10:00',
        'w.C.left': 'ipsilateral',
        'w.C.right': 'contralateral',
        irregular: 'flag',
      },
    ],
    ['one-touch-a-row.csv', { 'w.D.L': 'ipsilateral', 'w.D.R': 'contralateral' }],
    ['one-animal-a-sheet.xlsx', { 'u.B4': 'g', paw: 'ipsilateral', filaments: 'labels', assume: '09:00' }],
  ])(
    '%s: once the questions are answered the mapping says what the one by hand says',
    async (name, answers) => {
      const content = readFileSync(`${examples}${name}`);
      const open = await suggested(name, content);
      expect(open.mapping).toBeUndefined();
      const fields = open.asked.toSorted();
      const due = Object.keys(answers).filter((field) => field !== 'irregular');
      expect(fields).toEqual(due.toSorted());
      const { mapping } = await suggested(name, content, answers);
      expect(() => readMapping(JSON.stringify(mapping))).not.toThrow();
      const hand = byHand(name.replace(/\.\w+$/, '')).tables;
      expect(mapping!.tables.map(({ record }) => record)).toEqual(hand.map(({ record }) => record));
      for (const [index, table] of hand.entries()) {
        const { subject, groupBy, sheets, header, once } = table;
        expect(mapping!.tables[index]).toMatchObject(
          JSON.parse(JSON.stringify({ subject, groupBy, sheets, header, once })) as object,
        );
      }
    },
  );
});

describe('a header', () => {
  it.each([
    ['Tiernummer', 'animal'],
    ['Dier nr.', 'animal'],
    ['Souris', 'animal'],
    ['Datum', 'date'],
    ['Uhrzeit', 'time'],
    ['Tijdstip', 'time'],
    ['Körpergewicht (g)', 'weight'],
    ['Lichaamsgewicht [g]', 'weight'],
    ['Poids_g', 'weight'],
    ['xo_series', 'responses'],
    ['last_filament', 'last'],
    ['Geschlecht', 'sex'],
    ['Date de naissance', 'birth'],
    ['Opmerkingen', 'comment'],
    ['Kilometre', undefined],
  ])('“%s” is %s', (header, meaning) => expect(meaningOfHeader(header)).toBe(meaning));

  it.each([
    ['Weight (g)', 'g'],
    ['Gewicht [KG]', 'kg'],
    ['weight_g', 'g'],
    ['Weight', undefined],
  ])('“%s” names the unit %s', (header, unit) => expect(unitInHeader(header)).toBe(unit));
});

describe('a column without a word that is known', () => {
  it('is found by its cells, and says so', async () => {
    const { means, sure } = await suggested(
      'a.csv',
      'Who,When,At,What happened,Stopped with,Boss\nR01,2026-01-12,09:40,oxoxox,4,Jo\nR02,2026-01-12,09:45,ooxxoo,2,Jo',
    );
    expect(means).toEqual({ A: 'animal', B: 'date', C: 'time', D: 'responses', E: 'ignore', F: 'ignore' });
    expect(sure).toMatchObject({ A: 'values', B: 'values', E: 'unknown', F: 'unknown' });
  });

  it('is what the protocol calls so', async () => {
    const { means, mapping, asked } = await suggested(
      'a.csv',
      'Animal,Date,Time,Heat latency,Posture and coat\nR01,2026-01-12,09:40,8.4,1',
      { 'w.site.heat-latency.': 'left-hind-paw' },
    );
    expect([means['D'], means['E'], asked]).toEqual(['assay:heat-latency', 'score:posture', []]);
    expect(mapping!.tables).toMatchObject([
      { record: 'RecordMeasurement', data: { assay: { value: 'heat-latency' }, trials: 'Heat latency' } },
      {
        record: 'ScoreWelfare',
        data: { sheet: { value: 'daily' }, scores: { scores: { posture: 'Posture and coat' } } },
      },
    ]);
    expect(() => readMapping(JSON.stringify(mapping))).not.toThrow();
  });
});

describe('what can be read in two ways is asked, and never guessed', () => {
  const weights = (rows: string, header = 'Animal,Date,Time,Weight (g)'): string => `${header}\n${rows}`;
  it.each([
    ['a unit', weights('R01,2026-01-12,09:40,243.7', 'Animal,Date,Time,Weight'), ['u.D']],
    ['day and month', weights('R01,03/04/2026,09:40,243.7'), ['dates']],
    ['a comma between three digits', weights('R01,2026-01-12,09:40,"1,234"'), ['decimal']],
    ['a paw', 'Animal,Date,Time,Responses,Last (g)\nR01,2026-01-12,09:40,oxoxox,4', ['paw']],
    [
      'names of filaments',
      'Animal,Date,Time,Responses,Last,Paw\nR01,2026-01-12,09:40,oxoxox,4,ipsi',
      ['filaments'],
    ],
    ['the time of day', 'Animal,Date,Weight (g)\nR01,2026-01-12,243.7', ['assume']],
    ['the first day', 'Animal,Day,Weight (g)\nR01,3,243.7', ['from', 'assume']],
    ['words', 'Animal,Date,Time,Responses,Last (g),Paw\nR01,2026-01-12,09:40,oxoxox,4,op', ['w.F.op']],
    [
      'dates in two orders',
      weights('R01,13/04/2026,09:40,243.7\nR01,04/13/2026,09:41,244'),
      ['w.B.13/04/2026', 'w.B.04/13/2026'],
    ],
  ])('%s', async (_, csv, asked) => {
    const found = await suggested('a.csv', csv);
    expect([found.asked, found.mapping]).toEqual([asked, undefined]);
  });

  it.each([
    [
      'a day above 12',
      weights('R01,13/04/2026,09:40,243.7\nR01,03/04/2026,09:41,243.7'),
      { dates: ['DD/MM/YYYY'] },
    ],
    [
      'a decimal comma',
      weights('R01,2026-01-12,09:40,"243,75"\nR01,2026-01-12,09:41,"1,234"'),
      { decimal: ',' },
    ],
  ])('%s leaves one reading', async (_, csv, said) => {
    expect((await suggested('a.csv', csv)).mapping).toMatchObject(said);
  });

  it('the zone, where the server does not know it', async () => {
    const { asked } = await suggested('a.csv', weights('R01,2026-01-12,09:40,243.7'), {}, {}, '');
    expect(asked).toEqual(['zone']);
  });

  it('offers what it could be', async () => {
    const { questions } = await suggested('a.csv', weights('R01,03/04/2026,09:40,243.7'));
    expect(questions).toEqual([
      {
        field: 'dates',
        asks: 'Dates such as “03/04/2026” can be read in more than one way: which is meant?',
        options: ['DD/MM/YYYY', 'MM/DD/YYYY'].map((form) => ({ value: form, means: form })),
      },
    ]);
  });
});

describe('sheets as laboratories publish them', () => {
  const mouse = ladderOf('0.0045', '0.023', '0.068', '0.158', '0.178', '1.202', '2.041', '5.495');
  it('number their filaments, and count days', async () => {
    const csv = 'mouse,Timepoint_SNI_day,xo_series,last_filament\n1441,-1,oxooxo,5\n1438,3,ooxxoo,2';
    const chosen = { from: '2026-02-02', assume: '10:00', paw: 'ipsilateral' };
    const { mapping, asked } = await suggested('a.csv', csv, chosen, { ladder: mouse });
    expect(asked).toEqual([]);
    expect(mapping!.tables[0]).toMatchObject({
      occurredAt: { day: 'Timepoint_SNI_day', from: '2026-02-02', assume: '10:00' },
      run: { responses: 'xo_series', last: 'last_filament', labels: { '2': '0.023', '5': '0.178' } },
    });
    expect(() => readMapping(JSON.stringify(mapping))).not.toThrow();
  });

  it('name their time points, whose dates a person says', async () => {
    const csv = 'mouse,timepoint,xo_series,last_filament\n1482,pre,xooox,6\n1482,post_acute,ooxxxo,3';
    const chosen = { 'm.B': 'date', assume: '10:00', paw: 'ipsilateral' };
    const open = await suggested('a.csv', csv, chosen, { ladder: mouse });
    expect(open.asked).toEqual(['w.B.pre', 'w.B.post_acute']);
    const said = { ...chosen, 'w.B.pre': '2026-02-02', 'w.B.post_acute': '2026-02-12' };
    const { mapping } = await suggested('a.csv', csv, said, { ladder: mouse });
    expect(mapping!.tables[0]!['occurredAt']).toEqual({
      date: { column: 'timepoint', lookup: { pre: '2026-02-02', post_acute: '2026-02-12' } },
      assume: '10:00',
    });
  });

  it('repeat a header, leave one out, and have a title above', async () => {
    const csv = 'Room 4,,,,\nRat,Date,Time,Weight (g),Weight (g),\nR01,2026-01-12,09:40,243.7,243.8,x';
    const { layout, means, mapping } = await suggested('a.csv', csv);
    expect([layout.header, means['E'], means['F']]).toEqual([2, 'ignore', 'ignore']);
    expect(mapping!.tables[0]).toMatchObject({ header: 2, data: { weight: { letter: 'D', unit: 'g' } } });
    expect(() => readMapping(JSON.stringify(mapping))).not.toThrow();
  });

  it('have sheets of other layouts, which are left alone', async () => {
    const rows: TestCell[][] = [
      ['Animal', 'Date', 'Weight (g)'],
      ['R01', { serial: 46_034.4 }, 243.7],
    ];
    const book = workbook({
      sheets: [
        { name: 'Legend', rows: [['o', 'none']] },
        { name: 'Week 1', rows },
        { name: 'Week 2', rows },
      ],
    });
    const { layout, mapping } = await suggested('a.xlsx', book);
    expect([layout.sheets, layout.others]).toEqual([['Week 1', 'Week 2'], ['Legend']]);
    expect(mapping!.tables[0]).toMatchObject({ sheets: ['Week 1', 'Week 2'], subject: 'Animal' });
  });
});

describe('commands that are chosen by name', () => {
  const others = IMPORTABLE.map(([name]) => name).filter((name) => TOLD_BY_MEANINGS[name] === undefined);

  it.each(others)('every field of %s can be a column, and the mapping is one', async (name) => {
    const fields = commandFields(name, ABOUT);
    expect(fields.length).toBeGreaterThan(0);
    const header = ['Animal', 'Date', 'Time', 'Name', ...fields.map(({ means }) => means)];
    const usual: Record<string, string> = { date: '2026-02-14', boolean: 'no' };
    const cells = fields.map(({ options, is }) => options[0]?.[0] ?? usual[is.kind] ?? '7');
    const columns = header.map((_, index) =>
      index < 26 ? String.fromCharCode(65 + index) : `A${String.fromCharCode(39 + index)}`,
    );
    const chosen = [
      ['records', name],
      ['m.D', 'label'],
      ...fields.flatMap(({ means, is }, index) => [
        [`m.${columns[index + 4]}`, means],
        ...(is.kind === 'quantity' ? [[`u.${columns[index + 4]}`, is.units[0]!]] : []),
      ]),
    ];
    const sheet = `${header.join()}\nR01,2026-02-13,09:40,first,${cells.join()}\n`;
    const { mapping, asked } = await suggested('x.csv', sheet, chosen);
    expect(asked).toEqual([]);
    const [table] = readMapping(JSON.stringify(mapping)).tables;
    const paths = fields.map(({ path }) => path.replace(/^scores\..*/, 'scores'));
    expect(new Set(table!.fields.map(({ path }) => path))).toEqual(
      new Set([...paths, ...(name === 'ScoreSideEffects' ? ['scale'] : [])]),
    );
    expect(table!.label).toEqual({ column: 'Name' });
  });

  it('add to the tables that columns make anyway', async () => {
    const sheet = 'Animal,Date,Time,Weight (g),Balance\nR01,2026-02-13,09:40,250,B-1\n';
    const chosen = [
      ['records', 'RecordBodyWeight'],
      ['m.E', 'RecordBodyWeight.instrument.id'],
    ];
    const { mapping } = await suggested('x.csv', sheet, chosen);
    expect(mapping!.tables).toMatchObject([
      {
        record: 'RecordBodyWeight',
        data: { weight: { column: 'Weight (g)', unit: 'g' }, 'instrument.id': 'Balance' },
      },
    ]);
    const without = await suggested('x.csv', sheet, [...chosen, ['m.D', 'ignore']]);
    expect(without.asked).toEqual(['m.RecordBodyWeight']);
  });

  it('take the weight of the row where a dose needs one, and are told apart from it by their own cells', async () => {
    const sheet =
      'Animal,Date,Time,Weight (g),Dose (mcg),Volume (µl),Route\nR01,2026-02-13,09:40,250,5,10,intrathecal\n';
    const { mapping } = await suggested('x.csv', sheet, [
      ['records', 'AdministerKetamine'],
      ['v.AdministerKetamine.purpose', 'titration'],
    ]);
    expect(mapping!.tables).toMatchObject([
      { record: 'RecordBodyWeight', where: [{ column: 'Weight (g)', filled: true }] },
      {
        record: 'AdministerKetamine',
        where: [{ column: 'Dose (mcg)', filled: true }],
        data: {
          dose: { column: 'Dose (mcg)', unit: 'ug' },
          bodyWeight: { column: 'Weight (g)', unit: 'g' },
          volume: { column: 'Volume (µl)', unit: 'uL' },
          purpose: { value: 'titration' },
        },
      },
    ]);
  });

  it('take a column for the field that is called so, and for no part of another', async () => {
    const sheet =
      'Animal,Date,Time,Side,Nerve,Procedure,Dose (mg/kg),Route,Weight (g)\nR01,2026-02-13,09:40,L,sciatic,sham,3,intraperitoneal,250\n';
    const of = async (...names: string[]) => {
      const { chosen } = await suggested('x.csv', sheet, [
        ...names.map((name) => ['records', name]),
        ['before', ''],
        ['m.D', 'paw'],
      ]);
      return chosen;
    };
    expect(await of('LigateNerve')).toMatchObject({ D: 'LigateNerve.side', G: 'ignore', H: 'ignore' });
    expect(await of('LigateNerve', 'AdministerSubstance')).toMatchObject({
      D: 'LigateNerve.side',
      G: 'AdministerSubstance.dose',
      H: 'AdministerSubstance.route',
    });
    const { mapping } = await suggested('x.csv', sheet, [
      ['records', 'AdministerSubstance'],
      ['v.AdministerSubstance.substance', 'gabapentin'],
      ['v.AdministerSubstance.purpose', 'test'],
      ['m.D', 'ignore'],
    ]);
    expect(mapping!.tables.find(({ record }) => record === 'AdministerSubstance')).toMatchObject({
      data: { bodyWeight: { column: 'Weight (g)', unit: 'g' } },
    });
  });

  it('ask who a person is whom the sheet calls by another name', async () => {
    const sheet =
      'Animal,Date,Time,Side,Nerve,Procedure,Surgeon\nR01,2026-02-13,09:40,left,sciatic,sham,Tom\n';
    const chosen = [
      ['records', 'LigateNerve'],
      ['before', ''],
      ['m.D', 'paw'],
    ];
    const known = { offered: { surgeon: [['tech-1', 'tech-1']] } } as const;
    const { asked } = await suggested('x.csv', sheet, chosen, known);
    expect(asked).toEqual(['w.G.Tom']);
    const { mapping } = await suggested('x.csv', sheet, [...chosen, ['w.G.Tom', 'tech-1']], known);
    expect(mapping!.tables).toMatchObject([
      { record: 'LigateNerve', data: { surgeon: { column: 'Surgeon', lookup: { Tom: 'tech-1' } } } },
    ]);
  });

  it('ask for what no column holds, and for what cannot be read', async () => {
    const sheet = 'Animal,Date,Time,Amplitude (mA)\nR01,2026-02-13,09:40,0.2\n';
    const said = [
      ['records', 'DetermineMotorThreshold'],
      ['v.DetermineMotorThreshold.frequency', '50 Hz'],
      ['v.DetermineMotorThreshold.pulseWidth', '200 furlongs'],
    ];
    const open = await suggested('x.csv', sheet, said);
    expect(open.asked).toEqual(['v.DetermineMotorThreshold.pulseWidth']);
    expect(open.questions[0]!.asks).toContain('“200 furlongs” is none');
    said[2]![1] = '200µs';
    const { mapping } = await suggested('x.csv', sheet, said);
    expect(mapping!.tables[0]!['data']).toMatchObject({
      amplitude: { column: 'Amplitude (mA)', unit: 'mA' },
      frequency: { value: '50', unit: 'Hz' },
      pulseWidth: { value: '200', unit: 'us' },
    });
    const twice = await suggested('x.csv', sheet.replace('Time', 'Amplitude (uA)'), [
      ...said,
      ['m.C', 'DetermineMotorThreshold.amplitude'],
      ['m.D', 'DetermineMotorThreshold.amplitude'],
      ['assume', '09:00'],
    ]);
    expect(twice.asked).toEqual(['m.D']);
  });
});
