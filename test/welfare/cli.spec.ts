import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const YEAR = '2026';
let next = 0;
const line = (command: string, body: object, at: string): object => ({
  command,
  id: `00000000-0000-4000-8000-${String(++next).padStart(12, '0')}`,
  study: 'WEL-01',
  at: `${YEAR}-03-02T${at}:00+01:00`,
  ...body,
});
const about = (
  command: string,
  at: string,
  subject: string,
  data: object = {},
  rest: object = {},
): object => {
  const example = commandNamed(command)?.example as { data: object };
  return line(command, { subject, ...rest, data: { ...example.data, ...data } }, at);
};

const opening = [
  line('RegisterStudy', { data: { title: 'Welfare', director: 'sd-01' } }, '08:00'),
  line('ApproveProtocol', { data: { protocol: exampleProtocol } }, '08:01'),
  about('EnrolSubject', '08:02', 'R01'),
  about('LigateNerve', '08:03', 'R01'),
];
const ailing = about('ScoreWelfare', '08:04', 'R01', { scores: [{ item: 'autotomy', score: 3 }] });
const killed = about('EuthaniseSubject', '08:05', 'R01', { cause: 'humane-endpoint' });
const assessed = about('AssessSeverity', '08:06', 'R01', { severity: 'severe' }, { reason: 'Autotomy' });

async function play(folder: string, ...lines: object[]) {
  const file = join(freshFolder('play'), 'commands.ndjson');
  writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const played = await studyLedger('play', file, '--data', folder, '--simulated');
  expect(played.code).toBe(0);
  return played.out;
}

const read = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));

describe('study-ledger welfare', () => {
  it('tells of an endpoint at once, and until somebody decides', async () => {
    const data = freshFolder('ledger');
    expect(await play(data, ...opening, ailing)).toContain(
      'R01 has reached the humane endpoint autotomy (#4',
    );
    const alerts = await studyLedger('welfare', 'alerts', '--data', data);
    expect(alerts.out).toMatch(/WEL-01 +R01 +autotomy +#4/);
    await play(data, killed);
    expect((await studyLedger('welfare', 'alerts', '--data', data)).out).toContain('No humane endpoint');
  });

  it('refuses a year with gaps and lists them, writes it when told to, and again as of then', async () => {
    const data = freshFolder('ledger');
    await play(data, ...opening, killed);
    const statement = join(freshFolder('statement'), 'killed-unused.json');
    writeFileSync(statement, JSON.stringify({ standing: 'The animal facility', animals: [] }));
    const to = (name: string): string => join(freshFolder('returns'), name);
    const make = (...more: string[]) =>
      studyLedger(
        'welfare',
        'return',
        '--year',
        YEAR,
        '--format',
        'de',
        '--data',
        data,
        '--killed-unused',
        statement,
        ...more,
      );
    const refused = await make('--to', to('none'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('(return-has-gaps)') });
    expect(refused.out).toMatch(/WEL-01 +R01 +nobody has assessed its severity/);

    const [early, late, again] = [to('early'), to('late'), to('again')];
    expect((await make('--to', early, '--allow-gaps')).out).toContain('INCOMPLETE, it begins with 1 gap');
    expect(read(early)['return-2026-de.csv']).toMatch(/^# SIMULATED DATA\r\n# NOT COMPLETE: 1 gap\. /);
    await play(data, assessed);
    expect(await make('--to', late)).toMatchObject({ code: 0 });
    expect(read(late)['return-2026-de.csv']).toContain(
      ';SV4;Simulated-licence-1;"licence: moderate; Autotomy"',
    );
    const atFile = join(early, 'return.json');
    const ofThen = [
      '--year',
      YEAR,
      '--format',
      'de',
      '--data',
      data,
      '--to',
      again,
      '--allow-gaps',
      '--at-file',
      atFile,
    ];
    expect(await studyLedger('welfare', 'return', ...ofThen)).toMatchObject({ code: 0 });
    expect(read(again)).toEqual(read(early));

    expect(await make('--to', late)).toMatchObject({
      code: 1,
      err: expect.stringContaining('(folder-not-empty)'),
    });
    const forged = JSON.parse(readFileSync(atFile, 'utf8')) as { studies: Record<string, { root: string }> };
    forged.studies['WEL-01']!.root = `${'A'.repeat(43)}=`;
    const other = join(freshFolder('sizes'), 'sizes.json');
    writeFileSync(other, JSON.stringify(forged));
    expect((await make('--to', to('none'), '--at-file', other)).err).toContain('(root-differs)');
    writeFileSync(other, JSON.stringify({ studies: { 'WEL-01': 999 } }));
    expect((await make('--to', to('none'), '--at-file', other)).err).toContain('(at-beyond-head)');
    writeFileSync(other, JSON.stringify({ studies: { 'NO-01': 1 } }));
    expect((await make('--to', to('none'), '--at-file', other)).err).toContain('(at-file-invalid)');
    expect((await make('--to', to('none'), '--codes', other)).err).toContain('(codes-invalid)');
  });

  it('holds a year back for what the records say and cannot be true, with the record and what to do', async () => {
    const data = freshFolder('ledger');
    const use = { kind: 'reuse', previousActualSeverity: 'severe' };
    await play(
      data,
      ...opening.slice(0, 2),
      about('EnrolSubject', '08:02', 'R01', { use }),
      opening[3]!,
      killed,
    );
    await play(data, about('AssessSeverity', '08:06', 'R01', { severity: 'moderate' }));
    const make = (...more: string[]) =>
      studyLedger('welfare', 'return', '--year', YEAR, '--format', 'eu', '--data', data, ...more);
    const refused = await make('--to', join(freshFolder('returns'), 'none'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('(return-inconsistent)') });
    expect(refused.out).toMatch(
      /WEL-01 +R01 +used again after a severe use, without.*give use\.authorityReason +#2/,
    );
    const { out } = await make('--to', join(freshFolder('returns'), 'none'), '--json');
    expect(JSON.parse(out)).toMatchObject({
      refused: 'return-inconsistent',
      gaps: [],
      inconsistent: [{ study: 'WEL-01', subject: 'R01', records: [2] }],
    });
    const to = join(freshFolder('returns'), 'all');
    expect((await make('--to', to, '--allow-gaps')).out).toContain('it begins with 1 inconsistent statement');
    expect(read(to)['return-2026-eu.csv']).toMatch(
      /^# SIMULATED DATA\r\n# INCONSISTENT: 1 statement\. .*\r\n# WEL-01 R01: used again/,
    );
  });

  it('asks which animals were killed unused without having been enrolled, and says what the files are', async () => {
    const data = freshFolder('ledger');
    await play(data, ...opening.slice(0, 3), killed);
    const make = (format: string, ...more: string[]) =>
      studyLedger('welfare', 'return', '--year', YEAR, '--format', format, '--data', data, ...more);
    const refused = await make('de', '--to', join(freshFolder('returns'), 'none'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('(return-has-gaps)') });
    expect(refused.out).toContain('the ledger cannot know them; state them with --killed-unused');
    const statement = join(freshFolder('statement'), 'killed-unused.json');
    writeFileSync(statement, JSON.stringify({ standing: 'The animal facility', animals: [] }));
    const wrong = await make(
      'eu',
      '--to',
      join(freshFolder('returns'), 'none'),
      '--killed-unused',
      statement,
    );
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('(killed-unused-invalid)') });
    const to = join(freshFolder('returns'), 'de');
    const made = await make('de', '--to', to, '--killed-unused', statement);
    expect(made.out).toContain('The official form was not read');
    expect(read(to)['killed-unused-2026-de.csv']).toContain('\r\nA2;;1;O1;GS1;the ledger;WEL-01 R01\r\n');
    const british = await make('uk', '--to', join(freshFolder('returns'), 'uk'));
    expect(british.out).toContain('ASPeL takes no upload of it');
  });

  it.each([
    [['--year', 'MMXXVI', '--format', 'de'], '--year MMXXVI'],
    [['--year', YEAR, '--format', 'nl'], 'eu, de, uk'],
  ])('does not understand %j', async (options, said) => {
    const { code, err } = await studyLedger('welfare', 'return', ...options, '--data', freshFolder('none'));
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});
