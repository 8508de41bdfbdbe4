import { Ajv2019 } from 'ajv/dist/2019.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { testCodes } from '../../src/exports/send/cl.js';
import { sendFiles } from '../../src/exports/send/send-set.js';
import type { Study } from '../../src/study/study.js';
import { anyStep, play } from '../study/histories.js';
import { smallStudy, sourceOf } from './small-study.js';
import { runs } from '../support/effort.js';

type Value = string | number | null;

interface Read {
  records: number;
  name: string;
  label: string;
  columns: { name: string; dataType: string; keySequence?: number }[];
  rows: Value[][];
}

// The schema that CDISC publishes (MIT licence, see schemas/NOTICE.md); its “version: null” is no keyword.
const schema = JSON.parse(
  readFileSync(new URL('schemas/dataset-json-1.1.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2019({ strict: false }).compile(schema);

function filesOf(study: Study, simulated = false): Map<string, string> {
  const source = sourceOf(study, simulated);
  return sendFiles(source);
}

function datasets(files: ReadonlyMap<string, string>): Map<string, Read> {
  const found = [...files].filter(([name]) => name.endsWith('.json'));
  return new Map(found.map(([name, text]) => [name, JSON.parse(text) as Read]));
}

function named({ columns, rows }: Read): Record<string, Value>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
}

/** What the schema does not see. */
function expectSound(files: ReadonlyMap<string, string>): void {
  for (const [name, dataset] of datasets(files)) {
    expect([name, validate(dataset), validate.errors]).toEqual([name, true, null]);
    expect(dataset.records).toBe(dataset.rows.length);
    expect(new Set(dataset.rows.map((row) => row.length))).toEqual(
      new Set(dataset.rows.length > 0 ? [dataset.columns.length] : []),
    );
    const keys = dataset.columns.flatMap(({ keySequence }, i) => (keySequence === undefined ? [] : [i]));
    const seen = dataset.rows.map((row) => JSON.stringify(keys.map((i) => row[i])));
    expect([name, new Set(seen).size]).toEqual([name, seen.length]);
    for (const { name: column, dataType } of dataset.columns)
      for (const value of named(dataset).map((row) => row[column]))
        expect([column, value, isOf(dataType, value)]).toEqual([column, value, true]);
  }
}

function isOf(dataType: string, value: Value | undefined): boolean {
  if (dataType === 'string') return typeof value === 'string';
  return value === null || (dataType === 'integer' ? Number.isInteger(value) : Number.isFinite(value));
}

/** What SENDIG asks of one data set about another; CDISC's engine checks it by its rules of these numbers. */
function expectRelated(files: ReadonlyMap<string, string>): void {
  const of = (name: string) => named(datasets(files).get(`${name}.json`)!);
  const animals = of('dm').map((row) => row['USUBJID']);
  expect(['000351', new Set(animals).size]).toEqual(['000351', animals.length]);
  for (const { USUBJID, RFSTDTC, RFXSTDTC } of of('dm')) {
    const starts = of('ex').flatMap((row) => (row['USUBJID'] === USUBJID ? [String(row['EXSTDTC'])] : []));
    const first = starts.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? '';
    expect(['000455', RFSTDTC, RFXSTDTC]).toEqual(['000455', first, first]);
  }
  for (const { TSPARMCD, TSVAL, TSVALNF } of of('ts'))
    expect(['000583', TSPARMCD, TSVAL === '', TSVALNF === '']).toEqual([
      '000583',
      TSPARMCD,
      TSVAL === '',
      TSVAL !== '',
    ]);
  const targets = new Set(
    [...datasets(files).values()]
      .flatMap(named)
      .flatMap((row) =>
        Object.entries(row).map(([name, value]) => `${String(row['USUBJID'])} ${name} ${String(value)}`),
      ),
  );
  for (const { USUBJID, IDVAR, IDVARVAL } of [...of('co'), ...of('relrec')])
    if (IDVAR !== '')
      expect(['000206', targets.has(`${String(USUBJID)} ${String(IDVAR)} ${String(IDVARVAL)}`)]).toEqual([
        '000206',
        true,
      ]);
  for (const [name, column] of Object.entries({
    ts: 'TSPARMCD',
    cl: 'CLTESTCD',
    nv: 'NVTESTCD',
    dm: 'SETCD',
  }))
    expect(of(name).filter((row) => String(row[column]).length > 8)).toEqual([]);
}

describe('the data sets', () => {
  const files = filesOf(smallStudy());
  const of = (name: string) => named(datasets(files).get(name)!);

  it('are those that are named, valid by the schema of CDISC and by what it does not see', () => {
    expect([...datasets(files).keys()].sort()).toEqual(
      ['bw', 'cl', 'co', 'dm', 'ds', 'ex', 'nv', 'pr', 'relrec', 'scs', 'ts'].map((name) => `${name}.json`),
    );
    expectSound(files);
    expectRelated(files);
  });

  it('say what the records say', () => {
    expect(of('dm.json')[0]).toMatchObject({
      SUBJID: 'R01',
      SPECIES: 'RAT',
      RFSTDTC: '2026-03-22T09:00:00Z',
    });
    expect(of('ds.json').map((row) => row['DSDECOD'])).toEqual(['TERMINAL SACRIFICE', 'FOUND DEAD']);
    expect(of('ex.json')[0]).toMatchObject({ EXTRT: 'KETAMINE', EXROUTE: 'INTRATHECAL', EXSTDY: 1 });
    // Corrected: the value that holds, in the unit in which it was entered and in grams.
    expect(of('bw.json').find((row) => row['BWORRESU'] === 'kg')).toMatchObject({
      BWORRES: '0.24380',
      BWORRESU: 'kg',
      BWSTRESN: 243.8,
      BWDY: 2,
    });
    expect(of('pr.json').map((row) => row['PRTRT'])).toEqual([
      'PARTIAL LIGATION OF NERVE',
      'ELECTRODE IMPLANTED',
      'CATHETER IMPLANTED',
    ]);
    expect(of('scs.json').map((row) => row['XSCAT'])).toEqual(['MOTOR THRESHOLD', 'STIMULATION']);
  });

  it('give every touch, the pattern and the threshold with its method', () => {
    const run = of('nv.json').filter(
      (row) => row['NVTPTREF'] === 'stimulation-1' && row['NVTPT'] === '30 min',
    );
    expect(
      run
        .map((row) => row['NVORRES'])
        .slice(0, 6)
        .join(''),
    ).toBe('OXOXOX');
    expect(run.at(-1)).toMatchObject({ NVTESTCD: 'VFT50', NVDRVFL: 'Y', NVSTRESU: 'g' });
    expect(run.at(-1)!['NVMETHOD']).toContain('dixon-table');
    const bound = of('nv.json').find(
      (row) => row['NVTESTCD'] === 'VFT50' && row['NVPAWREL'] === 'CONTRALATERAL',
    );
    expect(bound).toMatchObject({ NVORRES: '<0.4', NVSTRESN: null });
  });

  it('relate runs and scores to their session', () => {
    const dose = of('relrec.json').filter((row) => row['RELID'] === 'DOSE-1');
    expect(dose.map((row) => row['RDOMAIN'])).toEqual(['EX', 'NV', 'CL']);
  });

  it('are labelled as what they are', () => {
    const labels = new Map(
      [...datasets(filesOf(smallStudy(), true))].map(([name, { label }]) => [name, label]),
    );
    for (const name of ['nv.json', 'scs.json', 'pr.json'])
      expect(labels.get(name)).toContain('outside SENDIG 3.1.1');
    for (const label of labels.values()) expect(label).toContain('SIMULATED DATA');
  });

  it('have the record numbers of every row', () => {
    const [place, ...lines] = files
      .get('provenance.ndjson')!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(place).toMatchObject({ study: 'KET-01', treeSize: smallStudy().size });
    const rows = [...datasets(files).values()].flatMap(({ name, rows: all }) =>
      all.map((_, i) => `${name} ${i + 1}`),
    );
    expect(lines.map(({ dataset, row }) => `${String(dataset)} ${String(row)}`).sort()).toEqual(rows.sort());
    const weight = lines.find(
      ({ dataset, row }) =>
        dataset === 'BW' && row === of('bw.json').findIndex((one) => one['BWORRESU'] === 'kg') + 1,
    );
    expect(weight).toMatchObject({ records: [16, 17] });
  });
});

describe('of any history', () => {
  it('the data sets are valid, and every pointer leads somewhere', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const files = filesOf(play(steps).at(-1)!);
        expectSound(files);
        expectRelated(files);
      }),
      runs(60),
    );
  });
});

describe('test codes', () => {
  it('are short, begin with a letter and differ', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+){0,3}$/), { maxLength: 40 }),
        (items) => {
          const codes = [...testCodes(items).values()];
          expect(new Set(codes).size).toBe(items.length);
          for (const code of codes) expect(code).toMatch(/^[A-Z][A-Z0-9]{0,7}$/);
        },
      ),
      runs(100),
    );
  });
});
