/** The study of the demo, archived: its bundle, checked by the one file and nothing else, as it is and after one letter. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/verify/checks/report.js';
import { compiledSources } from '../support/compiled.js';
import { copyOf, freshFolder, labVkey } from '../verify/real-ledger.js';

const [data, bag, alone] = [
  join(freshFolder(), 'ledger'),
  join(freshFolder(), 'bundle'),
  join(freshFolder(), 'verify.mjs'),
];
const tour = readFileSync(new URL('../../docs/verifier-tour.md', import.meta.url), 'utf8');
/** What the tour of the verifier says that it prints. */
const [untouched = [], altered = []] = [...tour.matchAll(/^```text\n(.*?)^```$/gms)].map(([, lines = '']) =>
  lines.trimEnd().split('\n'),
);

/** Given: the demo, exported, and the verifier of its bundle in a folder by itself. */
beforeAll(() => {
  const cli = join(compiledSources(), 'cli.js');
  for (const words of [
    ['demo', '--data', data, '--no-serve'],
    ['export', '--study', 'KET-01', '--data', data, '--to', bag],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8' });
    expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: '' });
  }
  copyFileSync(join(bag, 'data', 'ledger', 'verify.mjs'), alone);
});

function verified(folder: string, ...more: string[]) {
  return spawnSync(process.execPath, [alone, folder, '--lab-vkey', labVkey(data), ...more], {
    encoding: 'utf8',
    env: {},
  });
}

describe('the archived study of the demo', () => {
  it('is complete, and each of its signatures is listed with person, meaning and status [R23 R27]', () => {
    const { status, stdout } = verified(bag);
    expect(status).toBe(0);
    expect(untouched.length).toBeGreaterThan(4);
    for (const line of untouched) expect(stdout).toContain(line);

    const { signatures = [], findings } = JSON.parse(verified(bag, '--json').stdout) as Report;
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(signatures.length).toBe(73);
    expect(signatures.filter(({ status: found }) => found !== 'valid')).toMatchObject([
      { record: 503, meaning: 'reviewed', person: 'stat-1', status: 'superseded', by: 524 },
      { record: 505, meaning: 'performed', person: 'tech-2', status: 'superseded', by: 524 },
    ]);
    expect(signatures.at(-1)).toMatchObject({ record: 1765, meaning: 'archived', person: 'mgr-1' });
  });

  it('fails at the record in which one letter of a meaning was changed, in its files too [R23]', () => {
    const folder = copyOf(bag);
    const file = (path: string): string => join(folder, 'data', 'ledger', path);
    const edit = (path: string, from: string, to: string): void => {
      const before = readFileSync(file(path), 'utf8');
      expect(before).toContain(from);
      writeFileSync(file(path), before.replace(from, to));
    };
    const statement = 'signatures/1765/statement.json';
    const base64 = (): string => readFileSync(file(statement)).toString('base64');
    const signed = base64();
    edit(statement, '"archived"', '"archivee"');
    for (const path of ['study/records.ndjson', 'signatures/1765/envelope.json'])
      edit(path, signed, base64());

    const { status, stdout } = verified(folder);
    expect(status).toBe(1);
    expect(altered.length).toBeGreaterThan(2);
    for (const line of altered) expect(stdout).toContain(line);
    const { signatures = [] } = JSON.parse(verified(folder, '--json').stdout) as Report;
    expect(signatures.filter(({ status: found }) => found === 'failed')).toMatchObject([
      { record: 1765, failed: ['statement'] },
    ]);
  });
});
