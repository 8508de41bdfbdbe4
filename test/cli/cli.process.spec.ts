import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { runWith, studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

let next = 0;
const id = (): string => `00000000-0000-4000-8000-${String(++next).padStart(12, '0')}`;
const line = (command: string, body: object): object => ({ command, id: id(), study: 'CLI-01', ...body });

const opening = [
  line('RegisterStudy', { data: { title: 'Command line', director: 'sd-01' } }),
  line('ApproveProtocol', { data: { protocol: exampleProtocol } }),
  line('EnrolSubject', commandNamed('EnrolSubject')?.example ?? {}),
];
const refused = line('RecordThreshold', { ...commandNamed('RecordThreshold')?.example, subject: 'R99' });
const run = line('RecordThreshold', commandNamed('RecordThreshold')?.example ?? {});

function playFile(lines: readonly object[]): string {
  const file = join(freshFolder('play'), 'commands.ndjson');
  writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
  return file;
}

const results = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('study-ledger play', () => {
  it('answers a line with a receipt or a refusal, and stops at the first refusal', async () => {
    const file = playFile([...opening, refused, run]);
    const { code, out } = await studyLedger(
      'play',
      '--simulated',
      file,
      '--data',
      freshFolder('ledger'),
      '--json',
    );
    expect(code).toBe(1);
    const answers = results(out);
    expect(answers).toHaveLength(4);
    expect(answers[2]).toEqual({
      line: 3,
      command: 'EnrolSubject',
      ok: true,
      records: [{ number: 2, leaf: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) }],
      treeSize: 3,
      root: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
    expect(answers[3]).toMatchObject({
      line: 4,
      command: 'RecordThreshold',
      ok: false,
      code: 'subject-unknown',
      field: 'subject',
    });
  });

  it('tells refused lines on stdout, as README says, and what ends the command on stderr', async () => {
    const played = await studyLedger(
      'play',
      '--simulated',
      playFile([refused]),
      '--data',
      freshFolder('ledger'),
      '--json',
    );
    expect(played).toMatchObject({ code: 1, err: '' });
    expect(results(played.out)).toMatchObject([{ ok: false, code: 'study-unknown' }]);
    const none = await studyLedger(
      'play',
      '--simulated',
      '/nowhere.ndjson',
      '--data',
      freshFolder('ledger'),
      '--json',
    );
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(none.err)).toMatchObject({ ok: false, code: 'failed' });
  });

  it.each(['command', 'id', 'study'])('says that a line without %s lacks it', async (key) => {
    const { [key]: _, ...rest } = opening[0] as Record<string, unknown>;
    const { out } = await studyLedger(
      'play',
      '--simulated',
      playFile([rest]),
      '--data',
      freshFolder('ledger'),
      '--json',
    );
    expect(results(out)).toMatchObject([
      { ok: false, field: key, message: expect.stringMatching(`^“${key}” is missing`) },
    ]);
  });

  it('goes on behind a refusal where it is told to, and still ends with 1', async () => {
    const file = playFile([...opening, refused, run]);
    const { code, out } = await studyLedger(
      'play',
      file,
      '--data',
      freshFolder('ledger'),
      '--simulated',
      '--json',
      '--keep-going',
    );
    expect(code).toBe(1);
    expect(results(out).map(({ ok }) => ok)).toEqual([true, true, true, false, true]);
  });

  it('answers a file that was played before with the same receipts and records nothing twice', async () => {
    const [file, folder] = [playFile([...opening, run]), freshFolder('ledger')];
    const first = await studyLedger('play', '--simulated', file, '--data', folder, '--json');
    const again = await studyLedger('play', '--simulated', file, '--data', folder, '--json');
    expect(again).toEqual(first);
    const { out } = await studyLedger('records', '--study', 'CLI-01', '--data', folder);
    expect(out.trim().split('\n')).toHaveLength(4);
  });

  it('takes clock, actor and role with --simulated only', async () => {
    const at = '2026-03-02T09:15:00+01:00';
    const file = playFile([{ ...opening[0], at }]);
    const folder = freshFolder('ledger');
    const simulated = await studyLedger('play', file, '--data', folder, '--json', '--simulated');
    expect(simulated.code).toBe(0);
    for (const key of ['at', 'actor', 'role']) {
      const one = playFile([{ ...opening[1], [key]: at }]);
      const without = await studyLedger('play', one, '--data', folder, '--json');
      expect(results(without.out)[0]).toMatchObject({ ok: false, code: 'only-simulated', field: key });
    }
    const { out } = await studyLedger('studies', '--data', folder, '--json');
    expect(JSON.parse(out)).toMatchObject({ simulated: true, studies: [{ study: 'CLI-01', treeSize: 1 }] });
  });

  it('refuses a clock that goes back, a line that is no command, and simulated records in a real ledger', async () => {
    const back = playFile([
      { ...opening[0], at: '2026-03-02T09:15:00+01:00' },
      { ...opening[1], at: '2026-03-02T09:14:59+01:00' },
    ]);
    const first = await studyLedger('play', back, '--data', freshFolder('ledger'), '--json', '--simulated');
    expect(results(first.out)[1]).toMatchObject({ ok: false, code: 'clock-goes-back' });

    const nonsense = playFile([{ command: 'DeleteRecord', id: id(), study: 'CLI-01', data: {} }]);
    const second = await studyLedger(
      'play',
      '--simulated',
      nonsense,
      '--data',
      freshFolder('ledger'),
      '--json',
    );
    expect(results(second.out)[0]).toMatchObject({ ok: false, code: 'command-unknown' });

    const folder = join(freshFolder('ledger'), 'real');
    await studyLedger('init', '--data', folder, '--facility', 'lab.example');
    const third = await studyLedger('play', back, '--data', folder, '--simulated');
    expect(third.code).toBe(1);
    expect(third.err).toContain('ledger-not-simulated');
  });
});

describe('study-ledger', () => {
  it('prints stored records byte for byte, as canonical JSON', async () => {
    const folder = freshFolder('ledger');
    await studyLedger('play', '--simulated', playFile([...opening, run]), '--data', folder);
    const { out } = await studyLedger('records', '--study', 'CLI-01', '--data', folder, '--from', '2');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const text of lines) expect(JSON.stringify(JSON.parse(text))).toBe(text);
  });

  it('shows every projection for people within 100 columns, and for programs', async () => {
    const folder = freshFolder('ledger');
    await studyLedger('play', '--simulated', playFile([...opening, run]), '--data', folder);
    for (const name of [
      'responder-status',
      'dose-titration',
      'threshold-series',
      'measurement-series',
      'study-flow',
      'audit-trail',
      'welfare',
    ]) {
      const human = await runWith({ columns: 100 }, 'show', name, '--study', 'CLI-01', '--data', folder);
      expect(human.err).toBe('');
      for (const text of human.out.split('\n')) expect(Array.from(text).length).toBeLessThanOrEqual(100);
      const { out } = await studyLedger(
        'show',
        name,
        '--study',
        'CLI-01',
        '--data',
        folder,
        '--json',
        '--at',
        '3',
      );
      expect(JSON.parse(out)).toMatchObject({ study: 'CLI-01', treeSize: 3 });
    }
  });

  it.each([
    [['show', 'responder-status', '--study', 'NO-1'], 1, 'study-unknown'],
    [['show', 'nonsense', '--study', 'CLI-01'], 2, 'projection-unknown'],
    [['show', 'welfare', '--study', 'CLI-01', '--at', '99'], 1, 'at-beyond-head'],
    [['show', 'welfare', '--study', 'CLI-01', '--until', 'noon'], 2, 'until-invalid'],
    [['show', 'welfare', '--study', 'CLI-01', '--subject', 'R99'], 1, 'subject-unknown'],
    [['show', 'welfare'], 2, '--study'],
    [['nonsense'], 2, 'nonsense'],
  ])('ends %j with %i', async (args, code, word) => {
    const folder = freshFolder('ledger');
    await studyLedger('play', '--simulated', playFile(opening), '--data', folder);
    const result = await studyLedger(...args, '--data', folder);
    expect(result.code).toBe(code);
    expect(result.err).toContain(word);
  });

  it('says that there is no ledger instead of making one', async () => {
    const { code, err } = await studyLedger(
      'show',
      'welfare',
      '--study',
      'CLI-01',
      '--data',
      '/nonexistent/ledger',
    );
    expect(code).toBe(1);
    expect(err).toContain('There is no ledger');
  });

  it('exports one JSON Schema a record type', async () => {
    const { out } = await studyLedger('schemas');
    const schemas = JSON.parse(out) as Record<string, { $id: string }>;
    expect(Object.keys(schemas)).toContain('ThresholdRecorded.1');
    expect(schemas['ThresholdRecorded.1']?.$id).toBe('urn:study-ledger:schema:ThresholdRecorded:1');
  });
});
