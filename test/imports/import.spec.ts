import { createHash } from 'node:crypto';
import { readMapping } from '../../src/imports/mapping/read-mapping.js';
import type { StudyRecord } from '../../src/study/record.js';
import { sender } from '../recording/test-ledger.js';
import { RUNS, RUNS_CSV, STUDY, brief, imported, recordsOf, withStudy } from './importing.js';
import { workbook } from './workbook.js';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const table = RUNS.tables[0]!;
const manyRuns = (count: number): string => {
  const run = (index: number): string => {
    const at = new Date(Date.UTC(2026, 0, 12, 8, index)).toISOString();
    return `R01,${at.slice(0, 10)},${at.slice(11, 16)},oxoxox,4`;
  };
  return ['animal,date,time,run,last', ...Array.from({ length: count }, (_, i) => run(i))].join('\n');
};
const flagsOf = ({ data }: StudyRecord): readonly string[] => data.flags ?? [];

describe('an import', () => {
  it('records each row with where it came from, flagged imported, and late', () =>
    withStudy(async (engine) => {
      const result = await imported(engine, 'runs.csv', RUNS_CSV, RUNS);
      expect(brief(result)).toEqual(['2 recorded', '3 recorded', '4 recorded']);
      const [, , , , first, , third] = await recordsOf(engine);
      expect(first).toMatchObject({
        subject: 'R01',
        time: '2026-01-12T09:40:00+01:00',
        reason: 'Copied from the sheet',
        importer: 'stat-1',
        importfile: 'runs.csv',
        importsha256: sha256(RUNS_CSV),
        importmapping: sha256(JSON.stringify(RUNS)),
        importrow: 2,
      });
      expect(first).not.toHaveProperty('importsheet');
      expect(first!.data).toMatchObject({
        ladder: 'RAT-N8',
        touches: ['2O', '4X', '2O', '4X', '2O', '4X'].map((touch) => ({
          filament: touch[0],
          response: touch[1],
        })),
      });
      expect(flagsOf(first!)).toEqual(['filaments-inferred', 'imported', 'late']);
      // Irregular, and there.
      expect(flagsOf(third!)).toEqual(expect.arrayContaining(['imported', 'stopped-early', 'wrong-start']));
    }));

  it('puts the touches of a run together where each has a row of its own', () =>
    withStudy(async (engine) => {
      const touchRows = (...rows: string[]): string =>
        ['animal,date,time,run,touch,filament,response', ...rows, ''].join('\n');
      const mapping = {
        ...RUNS,
        tables: [
          {
            ...table,
            groupBy: ['animal', 'date', 'run'],
            run: { number: 'touch', filament: 'filament', response: 'response' },
          },
        ],
      };
      const sheet = touchRows(
        'R01,2026-01-12,09:40,1,1,2.0,O',
        'R01,2026-01-12,09:41,1,2,4.0,X',
        'R01,2026-01-12,09:42,1,3,2,?',
        'R01,2026-01-12,09:43,1,4,2,O',
        'R01,2026-01-12,10:00,2,1,2,X',
        'R01,2026-01-12,10:01,2,2,1,O',
      );
      const result = await imported(engine, 'touches.csv', sheet, mapping);
      expect(brief(result)).toEqual(['2 recorded', '6 recorded']);
      const [first, second] = (await recordsOf(engine)).slice(4);
      expect(first).toMatchObject({ time: '2026-01-12T09:40:00+01:00', importrow: 2 });
      expect([first!, second!].map(({ data }) => (data as { touches: object[] }).touches)).toEqual([
        [
          { filament: '2', response: 'O' },
          { filament: '4', response: 'X' },
          { filament: '2', response: '?' },
          { filament: '2', response: 'O' },
        ],
        [
          { filament: '2', response: 'X' },
          { filament: '1', response: 'O' },
        ],
      ]);

      const amiss = touchRows(
        'R02,2026-01-12,09:40,1,1,2,O',
        'R02,2026-01-12,09:41,1,3,4,X',
        'R02,2026-01-13,09:40,1,1,2,O',
        'R02,2026-01-13,09:41,1,2,3,X',
        'R02,2026-01-14,09:41,1,1,2,seen',
      );
      const refused = await imported(engine, 'amiss.csv', amiss, mapping);
      expect(refused.rows.map(({ row, column, code }) => [row, column, code])).toEqual([
        [3, 'touch', 'touches-unordered'],
        [5, 'filament', 'filament-not-in-ladder'],
        [6, 'response', 'response-unknown'],
      ]);
    }));

  it('says row by row what was found after the study was closed, or of all rows at once', () =>
    withStudy(async (engine) => {
      await sender(engine, STUDY)('CloseStudy', { reason: 'Done' });
      const csv = [
        'Animal,Date,Time,g,Found',
        'R01,2026-01-13,09:40,240,yes',
        'R02,2026-01-13,09:41,250,',
      ].join('\n');
      const weights = {
        record: 'RecordBodyWeight',
        subject: 'Animal',
        occurredAt: { date: 'Date', time: 'Time' },
        data: { weight: { column: 'g', unit: 'g' } },
      };
      const by = (table: object, more: object = {}) =>
        imported(engine, 'w.csv', csv, {
          mapping: 'study-ledger/1',
          zone: '+01:00',
          reason: 'Found in a drawer',
          ...more,
          tables: [{ ...weights, ...table }],
        });
      expect(brief(await by({ afterClose: 'Found' }))).toEqual(['2 withheld', '3 study-closed']);
      expect(brief(await by({ afterClose: { column: 'Found', else: 'yes' } }))).toEqual([
        '2 recorded',
        '3 recorded',
      ]);
      expect(brief(await by({}, { afterClose: true }))).toEqual(['2 known', '3 known']);
      const [last] = (await recordsOf(engine)).slice(-1);
      expect(last!.data.flags).toEqual(expect.arrayContaining(['after-close', 'deviation', 'imported']));
    }));

  it('of the same file adds nothing, and says where each row is', () =>
    withStudy(async (engine) => {
      await imported(engine, 'runs.csv', RUNS_CSV, RUNS);
      const before = await recordsOf(engine);
      const again = await imported(engine, 'renamed.csv', RUNS_CSV, { ...RUNS, title: 'Another text' });
      expect(again.rows.map(({ outcome, number }) => [outcome, number])).toEqual(
        [4, 5, 6].map((n) => ['known', n]),
      );
      expect(await recordsOf(engine)).toEqual(before);
      const other = { ...RUNS, tables: [{ ...table, data: { paw: { value: 'contralateral' } } }] };
      expect(brief(await imported(engine, 'runs.csv', RUNS_CSV, other))).toEqual(
        [2, 3, 4].map((row) => `${row} command-id-reused`),
      );
    }));

  it('records nothing where one row is refused, unless it is told to go on', () =>
    withStudy(async (engine) => {
      const csv = RUNS_CSV.replace('R02', 'R99');
      const result = await imported(engine, 'runs.csv', csv, RUNS);
      expect(brief(result)).toEqual(['2 withheld', '3 subject-unknown', '4 withheld']);
      expect(await recordsOf(engine)).toHaveLength(4);
      const most = await imported(engine, 'runs.csv', csv, RUNS, { keepGoing: true });
      expect(brief(most)).toEqual(['2 recorded', '3 subject-unknown', '4 recorded']);
      // What was put right later is in another file, with other ids; what is known stays known.
      expect(brief(await imported(engine, 'runs.csv', csv, RUNS))).toEqual([
        '2 known',
        '3 subject-unknown',
        '4 known',
      ]);
    }));

  it('shows beforehand what it would do, and does that', () =>
    withStudy(async (engine) => {
      const dry = await imported(engine, 'runs.csv', RUNS_CSV, RUNS, { dryRun: true });
      expect(await recordsOf(engine)).toHaveLength(4);
      const real = await imported(engine, 'runs.csv', RUNS_CSV, RUNS);
      const told = ({ rows }: typeof dry) => rows.map(({ row, number, flags }) => ({ row, number, flags }));
      expect(told(real)).toEqual(told(dry));
      expect(new Set(dry.rows.map(({ outcome }) => outcome))).toEqual(new Set(['would-record']));
    }));

  it('tells what the record of each row says, where that is shown', () =>
    withStudy(async (engine) => {
      const { rows } = await imported(engine, 'runs.csv', RUNS_CSV, RUNS, { dryRun: true, tells: true });
      expect(rows.map(({ threshold }) => threshold?.status)).toEqual(['estimated', 'estimated', 'estimated']);
      const real = await imported(engine, 'runs.csv', RUNS_CSV, RUNS, { tells: true });
      expect(real.rows.map(({ threshold, flags }) => [threshold, flags])).toEqual(
        rows.map(({ threshold, flags }) => [threshold, flags]),
      );
    }));

  it('is decided anew where somebody else records meanwhile', () =>
    withStudy(async (engine) => {
      const send = sender(engine, STUDY);
      let attempts = 0;
      const result = await imported(engine, 'runs.csv', RUNS_CSV, RUNS, {
        meanwhile: async () => ++attempts === 1 && send('RecordBodyWeight'),
      });
      expect(attempts).toBe(2);
      expect(result.rows.map(({ number, outcome }) => [number, outcome])).toEqual(
        [5, 6, 7].map((number) => [number, 'recorded']),
      );
      expect(await recordsOf(engine)).toHaveLength(8);
    }));

  it('of more rows than one append takes has nothing of others between them, and all or nothing of its own', () =>
    withStudy(async (engine) => {
      const count = 600;
      const send = sender(engine, STUDY);
      let others = 0;
      const weigh = () =>
        send('RecordBodyWeight', {
          occurredAt: new Date(Date.UTC(2026, 1, 1, 0, others++)).toISOString(),
          reason: 'Copied from paper',
        });
      const csv = manyRuns(count);
      // Somebody records each time that it is decided: it is given up, and nothing of it is there.
      const busy = imported(engine, 'runs.csv', csv, RUNS, { meanwhile: weigh });
      await expect(busy).rejects.toThrow('overtaken');
      expect(await recordsOf(engine)).toHaveLength(4 + others);
      // Once while it is decided, and then while its parts are written.
      const [first, pending] = [others, [] as Promise<unknown>[]];
      const { rows } = await imported(engine, 'runs.csv', csv, RUNS, {
        meanwhile: async () => others === first && weigh(),
        progress: (phase) => phase === 'recording' && pending.push(weigh()),
      });
      expect(pending.length).toBeGreaterThan(1);
      await Promise.all(pending);
      expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['recorded']));
      const places = (await recordsOf(engine)).flatMap(({ importrow }, number) =>
        importrow === undefined ? [] : [number],
      );
      expect(places).toEqual(Array.from({ length: count }, (_, index) => places[0]! + index));
      expect(brief(await imported(engine, 'runs.csv', csv, RUNS)).every((row) => row.endsWith('known'))).toBe(
        true,
      );
    }));

  it('enrols, weighs and doses, and lets a run name the dose of another row', () =>
    withStudy(async (engine) => {
      const csv = [
        'rat;what;when;amount;label;run',
        'R05;weight;2026-01-10T09:00:00+01:00;243,70;;',
        'R05;dose;2026-01-11T09:00:00+01:00;30;first;',
        'R05;run;2026-01-11T09:30:00+01:00;;first;2O 4X 2? 2O',
        'R05;run;2026-01-11T10:30:00+01:00;;second;2O 4X',
      ].join('\n');
      const row = { subject: 'rat', occurredAt: { instant: 'when' } };
      const is = (text: string) => [{ column: 'what', is: text }];
      const mapping = {
        mapping: 'study-ledger/1',
        decimal: ',',
        reason: 'From the sheet',
        tables: [
          {
            ...row,
            record: 'RecordBodyWeight',
            where: is('weight'),
            data: { weight: { column: 'amount', unit: 'kg', from: 'g' } },
          },
          {
            ...row,
            record: 'AdministerKetamine',
            where: is('dose'),
            label: 'label',
            data: {
              dose: { column: 'amount', unit: 'ug' },
              bodyWeight: { value: '243.7', unit: 'g' },
              volume: { value: '10', unit: 'uL' },
              route: { value: 'intrathecal' },
              purpose: { value: 'titration' },
            },
          },
          {
            ...row,
            record: 'RecordThreshold',
            where: is('run'),
            run: { touches: 'run' },
            data: { paw: { value: 'ipsilateral' }, session: { reference: 'label' }, minute: { value: '30' } },
          },
          {
            ...row,
            record: 'EnrolSubject',
            once: 'animal',
            data: {
              species: { value: 'Rattus norvegicus' },
              strain: { value: 'SD' },
              sex: { value: 'male' },
            },
          },
        ],
      };
      const result = await imported(engine, 'mixed.csv', csv, mapping, { keepGoing: true });
      expect(brief(result)).toEqual([
        '2 recorded',
        '2 recorded',
        '3 recorded',
        '4 recorded',
        '5 reference-unknown',
      ]);
      const [enrolled, weight, dose, run] = (await recordsOf(engine)).slice(4);
      expect(enrolled).toMatchObject({ type: 'SubjectEnrolled', subject: 'R05', importrow: 2 });
      expect(weight!.data).toMatchObject({ weight: { value: '0.24370', unit: 'kg' } });
      expect(dose!.type).toBe('KetamineAdministered');
      expect(run!.data).toMatchObject({
        session: 6,
        minute: 30,
        touches: [{}, {}, { filament: '2', response: '?' }, {}],
      });
    }));

  it('takes each sheet for an animal, and its rows for the runs', () =>
    withStudy(async (engine) => {
      const sheet = (name: string) => ({
        name,
        merges: ['A4:C4'],
        rows: [
          ['Sex', 'm'],
          ['date', 'last', 'run'],
          [{ serial: 46034 + 0.4 }, 4, 'oxoxox'],
          ['R03 was restless, tested twice'],
        ],
      });
      const bytes = workbook({
        sheets: [sheet('Rat 3'), sheet('Rat 4'), { name: 'Legend', rows: [['o = none']] }],
      });
      const at = { sheets: ['Rat 3', 'Rat 4'], subject: { sheetName: true, strip: 'Rat ', prefix: 'R0' } };
      const mapping = {
        ...RUNS,
        tables: [
          {
            ...at,
            record: 'EnrolSubject',
            once: 'sheet',
            occurredAt: { date: { value: '2026-01-01' }, assume: '09:00' },
            data: {
              species: { value: 'Rattus norvegicus' },
              strain: { value: 'SD' },
              sex: { cell: 'B1', lookup: { m: 'male' } },
            },
          },
          { ...table, ...at, header: 2, occurredAt: { date: 'date' } },
        ],
      };
      const result = await imported(engine, 'rats.xlsx', bytes, mapping);
      expect(brief(result)).toEqual([
        '1 recorded',
        '1 recorded',
        '3 recorded',
        '4 note',
        '3 recorded',
        '4 note',
      ]);
      expect(result.unread).toEqual(['Legend']);
      const last = (await recordsOf(engine)).at(-1)!;
      expect(last).toMatchObject({
        subject: 'R04',
        importsheet: 'Rat 4',
        importrow: 3,
        time: '2026-01-12T09:36:00+01:00',
      });
      const enrolment = (await recordsOf(engine)).find(({ subject }) => subject === 'R04')!;
      expect(flagsOf(enrolment)).toContain('time-assumed');
    }));

  it.each([
    ['no date', 'R01,,09:40,oxoxox,4', 'date-missing'],
    ['no time of day', 'R01,2026-01-12,,oxoxox,4', 'time-missing'],
    ['no animal', ',2026-01-12,09:40,oxoxox,4', 'subject-missing'],
    ['a time to come', 'R01,2036-01-12,09:40,oxoxox,4', 'time-in-future'],
    ['no run', 'R01,2026-01-12,09:40,,4', 'cell-missing'],
    ['a threshold instead of a run', 'R01,2026-01-12,09:40,4.2,4', 'not-an-up-down-run'],
    ['a share of responses', 'R01,2026-01-12,09:40,60%,4', 'not-an-up-down-run'],
    ['a run that never changes', 'R01,2026-01-12,09:40,oo,6', 'not-an-up-down-run'],
    ['another filament', 'R01,2026-01-12,09:40,oxoxox,5', 'filament-not-in-ladder'],
    ['a run that leaves the ladder', 'R01,2026-01-12,09:40,xxoxox,15', 'run-leaves-ladder'],
    ['an unknown response', 'R01,2026-01-12,09:40,oxyx,4', 'response-unknown'],
    ['a formula', 'R01,2026-01-12,09:40,"=CONCAT(""o"";""x"")",4', 'cell-is-formula'],
    ['an animal that cannot be one', 'Rat no. 1,2026-01-12,09:40,oxoxox,4', 'field-invalid'],
    ['__proto__ for an animal', '__proto__,2026-01-12,09:40,oxoxox,4', 'field-invalid'],
    ['a control character', 'R01\u0007,2026-01-12,09:40,oxoxox,4', 'text-not-recordable'],
  ])('refuses a row with %s, and names it', (_, line, expected) =>
    withStudy(async (engine) => {
      const { rows } = await imported(engine, 'runs.csv', `animal,date,time,run,last\n${line}\n`, RUNS);
      expect(rows).toMatchObject([{ row: 2, code: expected, outcome: 'refused' }]);
      expect(await recordsOf(engine)).toHaveLength(4);
    }),
  );

  it('refuses a sheet of other columns as one, a header named __proto__, and a late entry without a reason', () =>
    withStudy(async (engine) => {
      const csv = 'animal,date,time,T50\nR01,2026-01-12,09:40,4.2\nR02,2026-01-12,09:40,3.1\n';
      const other = await imported(engine, 'runs.csv', csv, RUNS);
      expect(brief(other)).toEqual(['1 column-missing']);
      expect(other.rows[0]!.message).toContain('t50');
      const proto = await imported(engine, 'runs.csv', RUNS_CSV.replace('time', '__proto__'), RUNS);
      expect(brief(proto)).toEqual(['1 header-invalid']);
      const { reason: _, ...unexplained } = RUNS;
      expect(brief(await imported(engine, 'runs.csv', RUNS_CSV, unexplained))).toEqual(
        [2, 3, 4].map((row) => `${row} reason-required`),
      );
    }));
});

describe('a mapping', () => {
  const changed = (changes: object) => ({ ...RUNS, tables: [{ ...table, ...changes }] });

  it.each([
    ['is no JSON', '{', 'mapping-invalid'],
    ['has a field of its own', { ...RUNS, colour: 'red' }, 'mapping-invalid'],
    [
      'has a field of its own deep inside',
      changed({ run: { ...table.run, colour: 'red' } }),
      'mapping-invalid',
    ],
    ['has __proto__', JSON.stringify(RUNS).replace('"zone"', '"__proto__"'), 'mapping-invalid'],
    ['says two ways at once', changed({ subject: { column: 'a', letter: 'B' } }), 'mapping-invalid'],
    ['tells no time', changed({ occurredAt: {} }), 'mapping-invalid'],
    ['makes a command that there is not', changed({ record: 'DeleteRecord' }), 'mapping-record'],
    ['would close the study', changed({ record: 'CloseStudy' }), 'mapping-record'],
    ['would correct records', changed({ record: 'CorrectRecord' }), 'mapping-record'],
    ['names a field that there is not', changed({ data: { toString: 'x' } }), 'mapping-field'],
    ['gives no unit', changed({ data: { paw: 'paw', holdTime: 'hold' } }), 'mapping-unit'],
    ['types the touches in', changed({ data: { touches: 'x' } }), 'mapping-run'],
    ['knows the responses and no filament', changed({ run: { responses: 'run' } }), 'mapping-run'],
    [
      'reads a touch a row and tells no runs apart',
      changed({ run: { filament: 'f', response: 'r' } }),
      'mapping-run',
    ],
    [
      'reads a touch a row without its response',
      changed({ run: { filament: 'f' }, groupBy: ['animal'] }),
      'mapping-run',
    ],
    [
      'names records without a label',
      changed({ record: 'DesignateSubEffectiveDose', run: undefined, data: { evidence: 'doses' } }),
      'mapping-field',
    ],
    ['has a zone that is none', { ...RUNS, zone: 'Mars/Olympus' }, 'mapping-zone'],
    ['makes the same of a row twice', { ...RUNS, tables: [table, table] }, 'mapping-names'],
  ])('that %s is refused', (_, mapping, code) => {
    const text = typeof mapping === 'string' ? mapping : JSON.stringify(mapping);
    expect(() => readMapping(text)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
