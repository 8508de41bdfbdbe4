import fc from 'fast-check';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import type { Engine } from '../../src/recording/engine.js';
import { Protocols, type Study } from '../../src/study/study.js';
import { useRecordOf } from '../../src/study/welfare/derive-use-record.js';
import { FORMATS, type Format } from '../../src/welfare/forms/code-map.js';
import { hashFromBase64 } from '../../src/tlog/encoding.js';
import { makeReturn, type ReturnOptions } from '../../src/welfare/returns/make-return.js';
import { MemorySink } from '../../src/welfare/returns/sink.js';
import { anyStudy, returnOf } from './histories.js';
import { runs, specimens } from '../support/effort.js';

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

interface FormRow {
  readonly number: number;
  readonly reuse: string;
  readonly placeOfBirth: string;
}

/** The rows of a form, by a parser that shares nothing with the writer. */
function rowsOf(files: ReadonlyMap<string, Uint8Array>, format: Format): FormRow[] {
  const name = `return-${YEAR}-${format}`;
  const bytes =
    format === 'uk' ? unzipSync(files.get(`${name}.zip`)!)['procedures.csv'] : files.get(`${name}.csv`);
  const text = Buffer.from(bytes!)
    .toString()
    .replace(/^#.*\r\n/gm, '');
  const { data } = Papa.parse<Record<string, string>>(text, {
    header: true,
    delimiter: format === 'uk' ? ',' : ';',
    newline: '\r\n',
    skipEmptyLines: true,
  });
  const [number, reuse, born] =
    format === 'uk'
      ? ['no_of_procedures', 'reuse', 'place_of_birth']
      : ['G number', 'H reuse', 'I place of birth'];
  return data.map((row) => ({
    number: Number(row[number!]),
    reuse: row[reuse!]!,
    placeOfBirth: row[born!]!,
  }));
}

/** The return of a ledger that holds so many records of the study, and no other. */
async function madeFrom(
  study: Study,
  size: number,
  options: ReturnOptions,
): Promise<Map<string, Uint8Array>> {
  const stored = study.records.toArray(size).map(({ number, leaf, record }) => {
    return { number, leaf: hashFromBase64(leaf), text: JSON.stringify(record) };
  });
  const store = {
    async *read() {
      for (let from = 0; from < stored.length; from += 5)
        yield await Promise.resolve(stored.slice(from, from + 5));
    },
  };
  const studies = new Map([[study.code, {}]]);
  const lab = { facility: 'lab.example', simulated: false, studies, anchors: new Map() };
  const sink = new MemorySink();
  await makeReturn({ lab: () => Promise.resolve(lab), store } as unknown as Engine, options, sink);
  return sink.files();
}

/** The animals of the year whose severity was assessed, and what it was graded at before. */
function assessed(study: Study) {
  const protocols = new Protocols(study);
  return [...study.subjects.values()].flatMap(({ id, facts }) => {
    const { use, severity } = useRecordOf(study, protocols, id, facts.toArray());
    const { actual, proposed } = severity;
    return actual && proposed && use.used && use.reportYear === YEAR ? [{ id, actual, proposed }] : [];
  });
}

const isReused = ({ reuse }: FormRow): boolean => ['yes', '1'].includes(reuse);

describe('a yearly return of any history', () => {
  it('is tested on histories with uses, used again, assessed, and assessed below what was seen', () => {
    const studies = specimens(anyStudy, 60);
    const returns = studies.map((study) => returnOf([study], YEAR, 'eu'));
    const severities = studies.flatMap(assessed);
    const count = {
      uses: returns.reduce((sum, { made }) => sum + made.uses, 0),
      reused: returns.flatMap(({ files }) => rowsOf(files, 'eu').filter(isReused)).length,
      assessed: severities.length,
      contradicted: severities.filter(({ actual }) => actual.contradictedBy.length > 0).length,
    };
    for (const times of Object.values(count)) expect(times).toBeGreaterThan(0);
  });

  it('counts every use that ended in the year once, and each in one row', () => {
    fc.assert(
      fc.property(anyStudy, fc.constantFrom(...FORMATS), (study, format) => {
        const { made, text, files } = returnOf([study], YEAR, format);
        const expected = told(study).filter(({ ended, used }) => ended && used);
        expect(made.uses).toBe(expected.length);
        const side = text('animals.ndjson').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as { row: number; subject: string }); // prettier-ignore
        expect(side.map(({ subject }) => subject).sort()).toEqual(
          expected.map(({ subject }) => subject).sort(),
        );
        const numbers = rowsOf(files, format).map(({ number }) => number);
        numbers.forEach((number, index) => {
          expect(number).toBe(side.filter(({ row }) => row === index + 1).length);
        });
        expect(numbers.reduce((sum, number) => sum + number, 0)).toBe(expected.length);
      }),
      runs(60),
    );
  });

  it('gives no animal that is used again a place of birth', () => {
    fc.assert(
      fc.property(anyStudy, fc.constantFrom(...FORMATS), (study, format) => {
        const { files } = returnOf([study], YEAR, format);
        for (const { placeOfBirth } of rowsOf(files, format).filter(isReused)) expect(placeOfBirth).toBe('');
      }),
      runs(120, 60),
    );
  });

  it('has an actual severity of at least every graded observation, or a reason, or a gap', () => {
    const order = ['mild', 'moderate', 'severe'];
    fc.assert(
      fc.property(anyStudy, (study) => {
        const { made } = returnOf([study], YEAR, 'eu');
        for (const { id, actual, proposed } of assessed(study)) {
          const below = order.indexOf(actual.severity) < order.indexOf(proposed.severity);
          const asked = made.gaps.some(
            ({ subject, text }) => subject === id && text.includes('graded higher'),
          );
          const reasoned = study.records.at(actual.record)?.record.reason !== undefined;
          expect(!below || asked || reasoned).toBe(true);
          if (actual.contradictedBy.length > 0) expect(asked).toBe(true);
        }
      }),
      runs(150, 60),
    );
  });

  it('is the same byte for byte when later records are appended and the sizes are given', async () => {
    await fc.assert(
      fc.asyncProperty(anyStudy, fc.nat(), fc.constantFrom(...FORMATS), async (study, at, format) => {
        const size = 1 + (at % study.size);
        const early = await madeFrom(study, size, { year: YEAR, format });
        const sizes = JSON.parse(Buffer.from(early.get('return.json')!).toString()) as object;
        const later = await madeFrom(study, study.size, { year: YEAR, format, at: sizes });
        expect([...later]).toEqual([...early]);
      }),
      runs(30),
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
        for (const { subject } of made.gaps) expect(study.subjects.has(subject!)).toBe(true);
      }),
      runs(30),
    );
  });
});
