/** People in a file of commands: of a simulated ledger only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulatedSecret } from '../../src/identity/simulated.js';
import { studyLedger, type Run } from '../support/cli.js';
import { directed, openedReal } from '../recording/test-ledger.js';
import { freshFolder } from '../support/folders.js';

const example = new URL('../../examples/reference-study.ndjson', import.meta.url);
const lines = readFileSync(example, 'utf8').trimEnd().split('\n');
const people = lines.filter((line) => !('study' in (JSON.parse(line) as object)));
const study = lines.slice(people.length);

function play(of: readonly string[], data: string, ...more: string[]): Promise<Run> {
  const file = join(freshFolder('play'), 'commands.ndjson');
  writeFileSync(file, of.join('\n'));
  return studyLedger('play', file, '--data', data, ...more);
}

const changed = (text: string, changes: object): string =>
  JSON.stringify({ ...(JSON.parse(text) as object), ...changes });

describe('play', () => {
  const data = join(freshFolder('play'), 'ledger');
  let first: Run;
  beforeAll(async () => {
    first = await play([...people, ...study.slice(0, 3)], data, '--simulated', '--json');
  });

  it('registers the people that a file brings, and takes their commands', async () => {
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out.split('\n').length).toBe(people.length + 3 + 1);
    const { people: listed, warnings } = JSON.parse(
      (await studyLedger('people', 'list', '--data', data, '--json')).out,
    ) as { people: { person: string; name: string }[]; warnings: string[] };
    expect(listed).toHaveLength(11);
    expect(listed.find(({ person }) => person === 'tech-1')?.name).toBe('Simulated technician');
    expect(warnings).toEqual([]);
  });

  it('answers the same file with the same records', async () => {
    const again = await play([...people, ...study.slice(0, 3)], data, '--simulated', '--json');
    expect(again).toEqual(first);
  });

  it('prints no code of a link, though it follows from the command in a simulated ledger', () => {
    const offers = people.filter((line) => line.includes('"OfferEnrolment"'));
    expect(offers).toHaveLength(10);
    for (const line of offers)
      expect(first.out).not.toContain(simulatedSecret((JSON.parse(line) as { id: string }).id));
  });

  it('refuses who is not registered, and who has no role for it', async () => {
    const next = study[3]!;
    const as = async (changes: object) => (await play([changed(next, changes)], data, '--simulated')).out;
    expect(await as({ actor: 'tech-9' })).toContain('(sign-in-required)');
    expect(await as({ actor: 'development-identity' })).toContain('(sign-in-required)');
    expect(await as({ actor: 'stat-1' })).toContain('stat-1 may not EnrolSubject');
  });

  it('signs with the passkeys of simulated people, and makes the same bytes each time', async () => {
    const extended = [...people, ...study.slice(0, 3)];
    const folders = [1, 2].map(() => join(freshFolder('play'), 'ledger'));
    const outs: string[] = [];
    for (const folder of folders) outs.push((await play(extended, folder, '--simulated', '--json')).out);
    expect(outs[0]).toBe(outs[1]);
    const { out } = await studyLedger('signatures', 'KET-01', '--data', folders[0]!);
    expect(out).toMatch(/SIMULATED DATA[^]*#2 +approved +#1 +Simulated study director/);
    expect(out).toMatch(/valid/);
    const { code: unknown, err } = await studyLedger('signatures', 'NO-01', '--data', folders[0]!);
    expect([unknown, err]).toEqual([1, expect.stringContaining('NO-01')]);
  });

  it('refuses a command of the lab that names a study', async () => {
    const { out } = await play([changed(people[1]!, { study: 'KET-01' })], data, '--simulated');
    expect(out).toContain('(command-unknown)');
  });

  it('takes none for a real ledger', async () => {
    const { at: _, actor: __, role: ___, ...line } = JSON.parse(people[0]!) as Record<string, unknown>;
    const real = join(freshFolder('play'), 'ledger');
    await (await openedReal(real, { clock: () => Date.now() })).engine.close();
    const token = await directed(real);
    const { code, out } = await play([JSON.stringify(line)], real, '--token-file', token);
    expect(code).toBe(1);
    expect(out).toContain('(study-code-invalid)');
  });
});
