import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProtocolFile } from '../../src/cli/protocol-file.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { PROTOCOL_FILE, mouseStudy } from '../../tools/simulation/mouse/mouse-study.js';
import type { Line } from '../../tools/simulation/script.js';
import { runWith, studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const example = (name: string): string => readFileSync(join(examples, name), 'utf8');
const file = example('mouse-sni.ndjson');
const lines = file
  .trimEnd()
  .split('\n')
  .map((text) => JSON.parse(text) as Line);

/** Golden: the root that the file plays to. It changes with any byte of the file, of its protocol or of a record's flags. */
const ROOT = 'Ywyy2838k7l5PjaoVMjRV2n52WCPi9VjTPrMYSWRtsc=';

describe('the simulated study of mice', () => {
  let to: string[];
  let results: { line: number; ok: boolean; flags?: string[]; root?: string }[];

  beforeAll(async () => {
    const folder = freshFolder('mice');
    to = ['--study', 'SNI-01', '--data', folder];
    const play = ['play', join(examples, 'mouse-sni.ndjson'), '--data', folder, '--simulated', '--json'];
    const { out } = await studyLedger(...play);
    results = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as (typeof results)[number]);
  });

  const shown = async <T>(projection: string): Promise<T> => {
    const { out } = await studyLedger('show', projection, ...to, '--json');
    return JSON.parse(out) as T;
  };

  it('is what the generator makes of its protocol, byte for byte', () => {
    const protocol = readProtocolFile(join(examples, PROTOCOL_FILE)) as ProtocolInput;
    expect(file).toBe(
      mouseStudy(protocol)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  });

  it('has a protocol that can be approved as it is', async () => {
    const { code, out } = await studyLedger('protocol', 'check', join(examples, PROTOCOL_FILE));
    expect(out).toContain('can be approved. Nothing is missing, and nothing contradicts itself.');
    expect(code).toBe(0);
  });

  it('is recorded line by line without a refusal, to its golden root', () => {
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results.length).toBe(lines.length);
    expect(results.at(-1)?.root).toBe(ROOT);
  });

  it('has one late entry, and one run at the end of the ladder; nothing else is flagged', () => {
    const flagged = results.flatMap(({ line, flags }) => (flags ? [[line - 1, ...flags]] : []));
    expect(flagged).toEqual([
      [113, 'late'],
      [301, 'end-of-ladder'],
    ]);
  });

  it('has a hypersensitive animal for every injury but one, which is excluded, and for no sham', async () => {
    const { subjects } = await shown<{ subjects: { hypersensitive: boolean | null; excluded: boolean }[] }>(
      'responder-status',
    );
    expect(subjects.map(({ hypersensitive }) => hypersensitive)).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      null,
    ]);
    expect(subjects.map(({ excluded }) => excluded).indexOf(true)).toBe(6);
  });

  it('judges the heat latency after every dose of the drug', async () => {
    const { subjects } = await shown<{
      subjects: { doses: { dose: string; substance: string; verdict: { holds: boolean; rule: object } }[] }[];
    }>('dose-titration');
    const given = subjects.flatMap(({ doses }) => doses);
    const relieved = (dose: string) =>
      given.filter((one) => one.dose === dose).map(({ verdict }) => verdict.holds);
    expect(relieved('100 mg/kg')).toEqual([true, true, true, true, true, true]);
    expect(relieved('30 mg/kg').filter((holds) => holds)).toHaveLength(2);
    expect(new Set(given.map(({ substance }) => substance))).toEqual(new Set(['gabapentin', 'saline']));
    expect(given.find(({ dose }) => dose === '30 mg/kg')?.verdict.rule).toMatchObject({
      metric: 'percent-mpe',
    });
  });

  it('has what its README points at', () => {
    const [, , about = ''] = example('README.md').split(/^## /m);
    const rows = [...about.matchAll(/^\| (\d+) \| `(\w+)` \| (?:(M\d+):)?/gm)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, record, command, subject] of rows)
      expect(lines[Number(record)]).toMatchObject({ command, ...(subject && { subject }) });
    expect(lines.filter(({ data }) => JSON.stringify(data).includes('"censored":true'))).toEqual([
      lines[307],
    ]);
  });

  it('gives files that name its drug and its assay, and neither ketamine nor stimulation', async () => {
    const folder = join(freshFolder('files'), 'all');
    expect((await studyLedger('files', ...to, '--to', folder)).code).toBe(0);
    const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(csv|tsv|svg|html|json|ndjson)$/.test(name))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
    const foreign = /ketamine|spinal cord stimulation|stimulation alone/i;
    expect(texts.filter(({ text }) => foreign.test(text)).map(({ name }) => name)).toEqual([]);
    const naming = (word: string) => texts.filter(({ text }) => text.includes(word)).map(({ name }) => name);
    expect(naming('gabapentin')).toEqual(
      expect.arrayContaining(['table.csv', 'grouped-grams.tsv', 'report.html']),
    );
    expect(naming('heat-latency')).toEqual(expect.arrayContaining(['table.csv', 'report.html']));
  });

  it('says that it is simulated wherever it is shown', async () => {
    const { out } = await runWith({ columns: 100 }, 'show', 'responder-status', ...to);
    expect(out).toContain('SIMULATED DATA');
    expect(example(PROTOCOL_FILE)).toMatch(/^\/\/ SIMULATED/);
    expect(lines[0]?.data).toMatchObject({ title: expect.stringMatching(/^Simulated/) as string });
  });
});
