import fc from 'fast-check';
import { Protocols, fold, emptyStudy, studyAt, type Study } from '../../src/study/study.js';
import { useRecordOf } from '../../src/study/welfare/derive-use-record.js';
import { EU_NUMBER } from '../../src/welfare/form-eu.js';
import { FORMATS } from '../../src/welfare/code-map.js';
import { anyStudy, returnOf } from './histories.js';

const YEAR = 2026;

/** What happened to one animal, counted without any of the code under test. */
interface Told {
  readonly subject: string;
  readonly ended: boolean;
  readonly used: boolean;
}

const DONE = ['NerveLigated', 'ElectrodeImplanted', 'CatheterImplanted', 'KetamineAdministered', 'SCSApplied', 'ThresholdRecorded', 'MotorThresholdDetermined']; // prettier-ignore

function told(study: Study): Told[] {
  return [...study.subjects.values()].map(({ id, facts }) => {
    const all = [...facts];
    const end = all
      .filter(({ type }) => type === 'SubjectEuthanised' || type === 'FateRecorded')
      .sort((a, b) => a.at - b.at || a.number - b.number)[0];
    return {
      subject: id,
      ended: end?.time.startsWith(String(YEAR)) ?? false,
      used: all.some(({ type }) => DONE.includes(type)),
    };
  });
}

const lines = (text: string): string[] =>
  text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));

/** How often a property had anything to hold for: one that never has proves nothing. */
const seen = { uses: 0, reused: 0, assessed: 0, contradicted: 0 };

describe('a yearly return of any history', () => {
  afterAll(() => {
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
  });

  it('counts every use that ended in the year once, and each in one row', () => {
    fc.assert(
      fc.property(anyStudy, fc.constantFrom(...FORMATS), (study, format) => {
        const { made, text } = returnOf([study], YEAR, format);
        const expected = told(study).filter(({ ended, used }) => ended && used);
        expect(made.uses).toBe(expected.length);
        seen.uses += made.uses;
        const side = text('animals.ndjson').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as { row: number; subject: string }); // prettier-ignore
        expect(side.map(({ subject }) => subject).sort()).toEqual(
          expected.map(({ subject }) => subject).sort(),
        );
        if (format === 'uk') return;
        const rows = lines(text(`return-${YEAR}-${format}.csv`))
          .slice(1)
          .map((line) => line.split(';'));
        rows.forEach((cells, index) => {
          expect(Number(cells[EU_NUMBER])).toBe(side.filter(({ row }) => row === index + 1).length);
        });
        expect(rows.reduce((sum, cells) => sum + Number(cells[EU_NUMBER]), 0)).toBe(expected.length);
      }),
      { numRuns: 60 },
    );
  });

  it('gives no animal that is used again a place of birth', () => {
    fc.assert(
      fc.property(anyStudy, (study) => {
        const { text } = returnOf([study], YEAR, 'eu');
        for (const line of lines(text(`return-${YEAR}-eu.csv`)).slice(1)) {
          const cells = line.split(';');
          if (cells[4] !== 'yes') continue;
          expect(cells[5]).toBe('');
          seen.reused += 1;
        }
      }),
      { numRuns: 120 },
    );
  });

  it('has an actual severity of at least every graded observation, or a reason, or a gap', () => {
    const order = ['mild', 'moderate', 'severe'];
    fc.assert(
      fc.property(anyStudy, (study) => {
        const protocols = new Protocols(study);
        const { made } = returnOf([study], YEAR, 'eu');
        for (const { id, facts } of study.subjects.values()) {
          const use = useRecordOf(study, protocols, id, facts.toArray());
          const { actual, proposed } = use.severity;
          if (!actual || !proposed || !use.use.used || use.use.reportYear !== YEAR) continue;
          seen.assessed += 1;
          const below = order.indexOf(actual.severity) < order.indexOf(proposed.severity);
          const asked = made.gaps.some(
            ({ subject, text }) => subject === id && text.includes('graded higher'),
          );
          const reasoned = study.records.at(actual.record)?.record.reason !== undefined;
          expect(!below || asked || reasoned).toBe(true);
          if (actual.contradictedBy.length === 0) continue;
          expect(asked).toBe(true);
          seen.contradicted += 1;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same byte for byte when later records are appended and the sizes are given', () => {
    fc.assert(
      fc.property(anyStudy, fc.nat(), fc.constantFrom(...FORMATS), (study, at, format) => {
        const size = at % (study.size + 1);
        const cut = fold(emptyStudy(study.code), study.records.toArray(size));
        const [then, again] = [cut, studyAt(study, size)].map((one) => returnOf([one], YEAR, format).files);
        expect(again).toEqual(then);
      }),
      { numRuns: 30 },
    );
  });

  it('cites for every value a record that holds, and says of each gap which animal it is', () => {
    fc.assert(
      fc.property(anyStudy, (study) => {
        const { made, text } = returnOf([study], YEAR, 'de');
        const holders = new Set<number>();
        for (const { facts } of study.subjects.values()) for (const { holder } of facts) holders.add(holder);
        for (const { holder } of study.facts) holders.add(holder);
        for (const line of text('animals.ndjson').split('\n').filter(Boolean)) {
          const { records } = JSON.parse(line) as { records: Record<string, number[]> };
          for (const number of Object.values(records).flat()) expect(holders).toContain(number);
        }
        for (const { subject } of made.gaps) expect(study.subjects.has(subject)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
