import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { FORMATS } from '../../src/welfare/forms/code-map.js';
import { referenceStudy } from '../support/reference-study.js';
import { returnOf } from './histories.js';

/**
 * GOLDEN: what the returns of the simulated reference study were when this was written, so that a change is seen. After
 * a change that is meant, write them anew with UPDATE_GOLDEN=1, and look at the difference.
 */
const GOLDEN = new URL('golden/', import.meta.url);
const study = referenceStudy();

/** Columns by name, read by Python's own csv and zipfile: neither is what wrote them. */
function readByPython(file: Uint8Array, name: string, separator: string): Record<string, string>[] {
  const path = join(mkdtempSync(join(tmpdir(), 'return-')), 'file');
  writeFileSync(path, file);
  const script = [
    'import csv, io, json, sys, zipfile',
    'path, name, sep = sys.argv[1:]',
    'data = zipfile.ZipFile(path).read(name) if name else open(path, "rb").read()',
    'rows = "".join(line for line in data.decode().splitlines(keepends=True) if line[:1] != "#")',
    'print(json.dumps(list(csv.DictReader(io.StringIO(rows, newline=""), delimiter=sep))))',
  ].join('\n');
  const out = execFileSync('python3', ['-c', script, path, name, separator], { encoding: 'utf8' });
  return JSON.parse(out) as Record<string, string>[];
}

const FILES = ['register.csv', 'severity.csv', 'usda-internal.csv', 'animals.ndjson', 'arrive-16.ndjson', 'arrive-16.txt']; // prettier-ignore

const SIDES = { eu: FILES, de: ['killed-unused-2026-de.csv'], uk: [] };

describe('the returns of the reference study', () => {
  it.each(FORMATS)('are what they were: %s', (format) => {
    const { files, made } = returnOf([study], 2026, format);
    // The licence of the demo answers neither question that the British form alone asks.
    expect(made.gaps).toHaveLength(format === 'uk' ? 2 : 0);
    expect(made.inconsistent).toEqual([]);
    const zip = files.get('return-2026-uk.zip');
    const parts = zip
      ? Object.entries(unzipSync(zip)).map(([name, bytes]) => [`uk-${name}`, bytes] as const)
      : [[`return-2026-${format}.csv`, files.get(`return-2026-${format}.csv`)!] as const];
    const sides = SIDES[format].map((name) => [name, files.get(name)!] as const);
    for (const [name, bytes] of [...parts, ...sides]) {
      const text = Buffer.from(bytes).toString();
      const place = new URL(name, GOLDEN);
      if (process.env['UPDATE_GOLDEN']) {
        mkdirSync(GOLDEN, { recursive: true });
        writeFileSync(place, text);
      }
      expect(text).toBe(readFileSync(place, 'utf8'));
    }
  });

  it('is read by others: the columns of the German form', () => {
    const { files } = returnOf([study], 2026, 'de');
    const rows = readByPython(files.get('return-2026-de.csv')!, '', ';');
    expect(rows.map((row) => [row['E species'], row['G number'], row['T actual severity']])).toEqual([
      ['A2', '23', 'SV3'],
      ['A2', '1', 'SV2'],
    ]);
  });

  it('is read by others: the three tables of the British one', () => {
    const zip = returnOf([study], 2026, 'uk').files.get('return-2026-uk.zip')!;
    expect(readByPython(zip, 'establishments.csv', ',')).toMatchObject([{ name: 'lab.example' }]);
    expect(readByPython(zip, 'returns.csv', ',')).toMatchObject([
      { id: 'Simulated-licence-1/2026', year: '2026', status: 'draft', procedure_count: '2' },
    ]);
    expect(readByPython(zip, 'procedures.csv', ',')).toMatchObject([
      { species: 'rats', no_of_procedures: '23', reuse: '0', place_of_birth: 'eu-registered', purpose: 'translational', sub_purpose: 'nervous', actual_severity: 'moderate' },
      { no_of_procedures: '1', actual_severity: 'mild', ppl_number: 'Simulated-licence-1' },
    ]); // prettier-ignore
  });

  it('names in return.json what it was made from', () => {
    const about = JSON.parse(returnOf([study], 2026, 'eu').text('return.json')) as Record<string, unknown>;
    expect(about).toMatchObject({
      year: 2026,
      uses: 24,
      gaps: 0,
      signature: expect.stringMatching(/^unsigned/),
      studies: { 'KET-01': { treeSize: study.size } },
      codes: { standing: expect.stringContaining('NOT VERIFIED') },
    });
  });
});
