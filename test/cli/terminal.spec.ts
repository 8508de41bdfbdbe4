import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, wrapped } from '../../src/cli/output/page.js';
import { table } from '../../src/cli/output/table.js';
import { JsonLogger } from '../../src/http/platform/json-logger.js';
import { VIEWS } from '../../src/cli/output/views.js';
import { NO_PEOPLE } from '../../src/lab/people/people.js';
import { studyPeople } from '../../src/lab/people/study-people.js';
import { finish } from '../../src/study/steps.js';
import { PROJECTIONS } from '../../src/study/projections/catalogue.js';
import { View } from '../../src/study/projections/projection.js';
import { studyLedger } from '../support/cli.js';
import { compiledSources } from '../support/compiled.js';
import { freshFolder } from '../support/folders.js';
import { referenceStudy } from '../support/reference-study.js';
import { put, rowsOf, tamper } from '../verify/tamper.js';

/** Clears the screen, begins a line of its own, and turns the direction of writing round. */
const HOSTILE = 'fine\u001b[2J\nCOMPLETE  study KET-01\u202egnp.exe\u009b1m';
const SHOWN = 'fine\\u001b[2J\\u000aCOMPLETE  study KET-01\\u202egnp.exe\\u009b1m';

/** What a terminal would obey; the line breaks are the program's own. */
const OBEYED = /[^\P{C}\n]/u;

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const opening = [
  { command: 'RegisterStudy', id: id(1), study: 'CLI-01', data: { title: 'T', director: 'sd-01' } },
];

async function playedInto(data: string, ...lines: object[]) {
  const file = join(freshFolder('play'), 'commands.ndjson');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return studyLedger('play', file, '--data', data, '--simulated', '--keep-going');
}

describe('a text from outside', () => {
  it('is shown with escapes in a table, a paragraph and a line, however it is wrapped', () => {
    const cells = table([HOSTILE], [{ head: 'comment', cell: (text) => text, flexible: true }]);
    for (const width of [10, 40, Infinity]) {
      const text = render([cells, wrapped(HOSTILE), HOSTILE], width);
      expect(text).not.toMatch(OBEYED);
      expect(text.split(/\s+/).join('').split(SHOWN.replaceAll(' ', ''))).toHaveLength(4);
    }
  });

  it('of a stored record cannot clear the screen or forge a line', async () => {
    const data = freshFolder('hostile');
    await playedInto(data, ...opening);
    tamper(data, (db) => {
      const [row] = rowsOf(db, 'study-CLI-01');
      const record = JSON.parse(row!.bytes.toString()) as object;
      put(db, 'study-CLI-01', 0, JSON.stringify({ ...record, reason: HOSTILE }));
    });
    for (const args of [['show', 'audit-trail', '--study', 'CLI-01']]) {
      const { code, out, err } = await studyLedger(...args, '--data', data);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).not.toMatch(OBEYED);
      expect(out).toContain(SHOWN);
      const json = await studyLedger(...args, '--data', data, '--json');
      expect(json.out).not.toMatch(OBEYED);
      expect(JSON.parse(json.out)).toMatchObject({ records: [{ reason: HOSTILE }] });
    }
  });

  it('of a command file cannot either', async () => {
    const { out } = await playedInto(
      freshFolder('hostile'),
      { ...opening[0], command: HOSTILE },
      { [HOSTILE]: 1 },
    );
    expect(out).not.toMatch(OBEYED);
    expect(out.split('\n').filter((line) => line.startsWith('COMPLETE'))).toEqual([]);
  });

  it('of a file name cannot either, in a refusal for people and in one for programs', async () => {
    const folder = join(freshFolder('hostile'), HOSTILE);
    mkdirSync(folder);
    for (const args of [
      ['play', join(folder, 'none.ndjson'), '--data', folder],
      ['studies', '--data', folder],
      ['verify', folder],
      ['import', join(folder, 'none.csv'), '--mapping', folder, '--study', 'CLI-01', '--data', folder],
      [HOSTILE],
      ['show', HOSTILE, '--study', 'CLI-01', '--data', folder],
    ]) {
      const { out, err } = await studyLedger(...args);
      expect(out + err).not.toMatch(OBEYED);
      expect((out + err).split('\n').filter((line) => line.startsWith('COMPLETE'))).toEqual([]);
      const json = await studyLedger(...args, '--json');
      expect(json.out + json.err).not.toMatch(OBEYED);
      if (json.err !== '') expect(() => JSON.parse(json.err) as unknown).not.toThrow();
    }
  });
});

describe('a table', () => {
  const study = referenceStudy();
  const views = PROJECTIONS.map((projection) => {
    const { persons } = finish(studyPeople(study, NO_PEOPLE));
    const answer = { ...projection.project(new View(study)), persons };
    const blocks = VIEWS[projection.name]!(answer as never);
    return [projection.name, (width: number) => render(blocks, width)] as const;
  });

  it.each(views)('fits every terminal from 60 columns on, and breaks no word: %s', (name, at) => {
    const words = new Set(at(Infinity).split(/\s+/));
    for (const width of [60, 80, 100, 132]) {
      const text = at(width);
      for (const line of text.split('\n'))
        if (Array.from(line).length > width) throw new Error(`${name} at ${width}: ${line}`);
      // Names of records may be broken before a capital letter; what else is printed stands whole in the unwrapped text.
      const broken = text
        .split(/[\s·]+/)
        .filter((word) => !words.has(word) && !/^(─+|([A-Z][a-z]+)+)$/.test(word));
      expect([width, broken]).toEqual([width, []]);
    }
  });

  it('is one line a row where the output is no terminal', () => {
    const rows = [{ a: 'x', b: 'word '.repeat(80).trim() }];
    const text = render(
      [
        table(rows, [
          { head: 'a', cell: (row) => row.a },
          { head: 'b', cell: (row) => row.b, flexible: true },
        ]),
      ],
      Infinity,
    );
    expect(text.split('\n').filter((line) => line.includes('word'))).toHaveLength(1);
  });

  it('takes the width from COLUMNS in a pipe, as the help does', () => {
    const widest = (columns: string): number => {
      const { stdout } = spawnSync(process.execPath, [join(compiledSources(), 'cli.js'), 'show', '--help'], {
        env: { ...process.env, COLUMNS: columns },
        encoding: 'utf8',
      });
      // The first line and the example hold the path of the program, which is not wrapped.
      const [options = ''] = stdout.slice(stdout.indexOf('Options:')).split('Example:');
      return Math.max(...options.split('\n').map((line) => line.length));
    };
    expect(widest('90')).toBeLessThanOrEqual(90);
    expect(widest('120')).toBeGreaterThan(90);
  });
});

describe('a log of JSON lines', () => {
  it('escapes what a terminal would obey, and is the same JSON', () => {
    const write = process.stdout.write.bind(process.stdout);
    let line = '';
    process.stdout.write = (text) => ((line += String(text)), true);
    new JsonLogger().warn(HOSTILE);
    process.stdout.write = write;
    expect(line.slice(0, -1)).not.toMatch(/\p{C}/u);
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', message: HOSTILE });
  });
});
