import { Ajv2019 } from 'ajv/dist/2019.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { testCodes } from '../../src/exports/send/cl.js';
import { sendFiles } from '../../src/exports/send/send-set.js';
import { viewOf } from '../../src/exports/outputs.js';
import type { Study } from '../../src/study/study.js';
import { anyStep, play } from '../study/histories.js';
import { smallStudy, sourceOf } from './small-study.js';
import { runs } from '../support/effort.js';

interface Read {
  records: number;
  name: string;
  label: string;
  columns: { name: string; dataType: string; keySequence?: number }[];
  rows: (string | number | null)[][];
}

interface Report {
  statement: string;
  outside: { dataset: string }[];
  rules: { rules?: string[]; says: string; result: string; detail?: string }[];
}

// The schema that CDISC publishes (MIT licence, see schemas/NOTICE.md); its “version: null” is no keyword.
const schema = JSON.parse(
  readFileSync(new URL('schemas/dataset-json-1.1.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2019({ strict: false }).compile(schema);

function filesOf(study: Study, simulated = false): Map<string, string> {
  const source = sourceOf(study, simulated);
  return sendFiles(viewOf(source), source.stand);
}

function datasets(files: ReadonlyMap<string, string>): Map<string, Read> {
  const found = [...files].filter(([name]) => name.endsWith('.json') && name !== 'conformance.json');
  return new Map(found.map(([name, text]) => [name, JSON.parse(text) as Read]));
}

function named({ columns, rows }: Read): Record<string, string | number | null>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])));
}

function reportOf(files: ReadonlyMap<string, string>): Report {
  return JSON.parse(files.get('conformance.json')!) as Report;
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
        expect([
          column,
          dataType === 'string' ? typeof value === 'string' : value === null || typeof value === 'number',
        ]).toEqual([column, true]);
  }
}

describe('the data sets', () => {
  const files = filesOf(smallStudy());
  const of = (name: string) => named(datasets(files).get(name)!);

  it('are those that are named, valid by the schema of CDISC and by what it does not see', () => {
    expect([...datasets(files).keys()].sort()).toEqual(
      ['bw', 'cl', 'co', 'dm', 'ds', 'ex', 'nv', 'pr', 'relrec', 'scs', 'ts'].map((name) => `${name}.json`),
    );
    expectSound(files);
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
    expect(reportOf(files).outside.map(({ dataset }) => dataset)).toEqual(['NV', 'SCS', 'PR']);
    expect(reportOf(files).statement).toContain('no claim');
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

describe('the conformance report', () => {
  const result = (files: ReadonlyMap<string, string>, rule: string) =>
    reportOf(files).rules.find(({ rules }) => rules?.includes(rule));

  it('passes, fails, and says what was not run', () => {
    const files = filesOf(smallStudy());
    expect(result(files, '000351')).toMatchObject({ result: 'passed' });
    expect(result(files, '000206')).toMatchObject({ result: 'passed' });
    expect(result(files, '000479')).toMatchObject({ result: 'failed' });
    expect(result(files, '000559')).toMatchObject({ result: 'not run' });
    expect(new Set(reportOf(files).rules.map((rule) => rule.result))).toEqual(
      new Set(['passed', 'failed', 'not run']),
    );
    for (const { result: outcome, detail } of reportOf(files).rules)
      if (outcome !== 'passed') expect(detail).toMatch(/\w/);
  });
});

describe('of any history', () => {
  it('the data sets are valid, and every pointer leads somewhere', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const files = filesOf(play(steps).at(-1)!);
        expectSound(files);
        const rules = reportOf(files).rules.filter(({ rules: ids }) =>
          ids?.some((id) => ['000206', '000351', '000455', '000583'].includes(id)),
        );
        expect(rules.map((rule) => [rule.says, rule.result])).toEqual(
          rules.map((rule) => [rule.says, 'passed']),
        );
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
