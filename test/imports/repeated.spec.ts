import type { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { sender } from '../recording/test-ledger.js';
import { RUNS, RUNS_CSV, STUDY, brief, imported, recordsOf, withStudy } from './importing.js';

const GROWN = `${RUNS_CSV}R02,2026-01-13,10:20,oxoxox,4\n`;
const WHY = 'Tested twice at that minute by two people';

/** The three rows of the sheet are records 4 to 6; then the sheet has one row more. */
async function grown(engine: Engine): Promise<void> {
  expect(brief(await imported(engine, 'runs.csv', RUNS_CSV, RUNS))).toEqual([
    '2 recorded',
    '3 recorded',
    '4 recorded',
  ]);
}

describe('a sheet that was imported before and has one row more', () => {
  it('is refused: each row that repeats a record is named with it, and what to do', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const result = await imported(engine, 'grown.csv', GROWN, RUNS);
      expect(result.rows).toMatchObject([
        { row: 2, outcome: 'refused', code: 'reason-required', otherRecord: 4 },
        { row: 3, outcome: 'refused', otherRecord: 5 },
        { row: 4, outcome: 'refused', otherRecord: 6 },
        { row: 5, outcome: 'withheld', flags: ['imported', 'late', 'filaments-inferred'].sort() },
      ]);
      expect(result.rows[0]!.message).toBe(
        'It states the same as record 4: leave such rows out with --skip-known, or say with --reason why they are recorded again.',
      );
      expect(result.flagged).toContainEqual({ kind: 'query', code: 'same-as', rows: [2, 3, 4] });
      expect(await recordsOf(engine)).toHaveLength(7);
    }));

  it('records the new row alone where known rows are skipped, and lists the others', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const options = { skipKnown: true };
      const dry = await imported(engine, 'grown.csv', GROWN, RUNS, { ...options, dryRun: true });
      expect(brief(dry)).toEqual(['2 skipped', '3 skipped', '4 skipped', '5 would-record']);
      const result = await imported(engine, 'grown.csv', GROWN, RUNS, options);
      expect(result.rows.map(({ outcome, number, otherRecord }) => [outcome, number ?? otherRecord])).toEqual(
        [
          ['skipped', 4],
          ['skipped', 5],
          ['skipped', 6],
          ['recorded', 7],
        ],
      );
      expect(await recordsOf(engine)).toHaveLength(8);
      const again = await imported(engine, 'grown.csv', GROWN, RUNS, options);
      expect(brief(again)).toEqual(['2 skipped', '3 skipped', '4 skipped', '5 known']);
    }));

  it('is recorded again where a reason is given, under the flag, and repeating that adds nothing', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const again = () => imported(engine, 'grown.csv', GROWN, RUNS, { reason: WHY });
      const result = await again();
      expect(brief(result)).toEqual(['2 recorded', '3 recorded', '4 recorded', '5 recorded']);
      const records = (await recordsOf(engine)).slice(7);
      expect(records.map(({ reason, data }) => [reason, data.flags?.includes('same-as')])).toEqual([
        [WHY, true],
        [WHY, true],
        [WHY, true],
        [RUNS.reason, false],
      ]);
      const known = ['2 known', '3 known', '4 known', '5 known'];
      expect(brief(await again())).toEqual(known);
      expect(brief(await imported(engine, 'grown.csv', GROWN, RUNS))).toEqual(known);
    }));

  it('is recorded where the row itself says why', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const [table] = RUNS.tables;
      const mapping = { ...RUNS, tables: [{ ...table, reason: { column: 'why', optional: true } }] };
      const csv = ['animal,date,time,run,last,why', `R01,2026-01-12,09:40,oxoxox,4,${WHY}`, ''].join('\n');
      expect(brief(await imported(engine, 'why.csv', csv, mapping))).toEqual(['2 recorded']);
      expect((await recordsOf(engine)).at(-1)).toMatchObject({ reason: WHY });
    }));

  it('asks about a row that contradicts a record, and does not skip it', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const csv = RUNS_CSV.replace('oxoxox', 'oxoxxo');
      const result = await imported(engine, 'other.csv', csv, RUNS, { skipKnown: true });
      expect(brief(result)).toEqual(['2 reason-required', '3 skipped', '4 skipped']);
      expect(result.rows[0]).toMatchObject({
        otherRecord: 4,
        message: expect.stringMatching(/^It contradicts record 4, .*--reason/),
      });
    }));

  it('finds the repetition within one sheet', () =>
    withStudy(async (engine) => {
      const twice = `${RUNS_CSV}R01,2026-01-12,09:40,oxoxox,4\n`;
      const result = await imported(engine, 'twice.csv', twice, RUNS);
      expect(brief(result).at(-1)).toBe('5 reason-required');
      expect(result.rows.at(-1)).toMatchObject({ otherRecord: result.rows[0]!.number });
      expect(brief(await imported(engine, 'twice.csv', twice, RUNS, { skipKnown: true }))).toEqual([
        '2 recorded',
        '3 recorded',
        '4 recorded',
        '5 skipped',
      ]);
    }));

  it('skips a row without any reason', () =>
    withStudy(async (engine) => {
      await grown(engine);
      const { reason: _, ...silent } = RUNS;
      const result = await imported(engine, 'silent.csv', `${RUNS_CSV}\n`, silent, { skipKnown: true });
      expect(brief(result)).toEqual(['2 skipped', '3 skipped', '4 skipped']);
      expect(brief(await imported(engine, 'new.csv', RUNS_CSV.replaceAll('2026', '2025'), silent))).toEqual([
        '2 reason-required',
        '3 reason-required',
        '4 reason-required',
      ]);
      const given = await imported(engine, 'new.csv', RUNS_CSV.replaceAll('01-1', '01-2'), silent, {
        reason: WHY,
      });
      expect(brief(given)).toEqual(['2 recorded', '3 recorded', '4 recorded']);
    }));

  it('means the record by the label of a row that is skipped, also after a correction', () =>
    withStudy(async (engine) => {
      const send = sender(engine, STUDY);
      const past = (occurredAt: string) => ({ occurredAt, reason: 'Set up from paper' });
      await send('LigateNerve', past('2026-01-02T09:00:00Z'));
      const mapping = {
        mapping: 'study-ledger/1',
        zone: 'Europe/Amsterdam',
        reason: 'Copied from the sheet',
        tables: [
          {
            record: 'AdministerKetamine',
            where: [{ column: 'kind', is: 'dose' }],
            subject: 'animal',
            occurredAt: { date: 'date', time: 'time' },
            label: 'label',
            data: {
              dose: { value: '30', unit: 'ug' },
              bodyWeight: { value: '312.5', unit: 'g' },
              volume: { value: '10', unit: 'uL' },
              route: { value: 'intrathecal' },
              purpose: { value: 'titration' },
            },
          },
          {
            record: 'RecordThreshold',
            where: [{ column: 'kind', is: 'run' }],
            subject: 'animal',
            occurredAt: { date: 'date', time: 'time' },
            run: { responses: 'run', last: 'last' },
            data: { paw: { value: 'ipsilateral' }, session: { reference: 'label' }, minute: 'minute' },
          },
        ],
      };
      const csv = [
        'animal,date,time,kind,label,run,last,minute',
        'R01,2026-01-12,10:00,dose,first,,,',
        'R01,2026-01-12,10:15,run,first,oxoxox,4,15',
        '',
      ].join('\n');
      expect(brief(await imported(engine, 'doses.csv', csv, mapping))).toEqual(['2 recorded', '3 recorded']);
      const { data } = (await recordsOf(engine))[5] as { data: object };
      const { flags: _, ...corrected } = data as { flags: string[] };
      const correction = (await send('CorrectRecord', {
        reason: 'The lot was left out',
        data: {
          target: { number: 5 },
          subject: 'R01',
          occurredAt: '2026-01-12T10:00:00+01:00',
          corrected: { ...corrected, site: 'L4' },
        },
      })) as Receipt;
      expect(correction.treeSize).toBe(8);
      const more = `${csv}R01,2026-01-12,10:30,run,first,oxoxox,4,30\n`;
      const contradicted = await imported(engine, 'more.csv', more, mapping, { skipKnown: true });
      expect(contradicted.rows[0]).toMatchObject({ code: 'reason-required', otherRecord: 7 });
      const [dose, ...runs] = mapping.tables;
      const same = {
        ...mapping,
        tables: [{ ...dose, data: { ...dose!.data, site: { value: 'L4' } } }, ...runs],
      };
      const result = await imported(engine, 'more.csv', more, same, { skipKnown: true });
      expect(brief(result)).toEqual(['2 skipped', '3 skipped', '4 recorded']);
      expect((await recordsOf(engine)).at(-1)).toMatchObject({ data: { session: 5 } });
    }));
});
