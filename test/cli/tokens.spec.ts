/** A program acts for the person of a token file, on a real ledger. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { studyLedger } from '../support/cli.js';
import { actingIn, inLab, tokenFileOf, type Acting } from '../support/director.js';
import { freshFolder } from '../support/folders.js';
import { failures, opened, openedReal, weighing, type TestLedger } from '../recording/test-ledger.js';

const DAY = 86_400_000;
const clock = (): number => Date.now();
const data = join(freshFolder('tokens'), 'ledger');
const folder = freshFolder('files');
const at = (name: string): string => join(folder, name);

const tokens: Record<string, string> = {};

/** Lab record of the newest token. */
function newest({ engine }: TestLedger): number {
  return engine.labNow.size - 1;
}

beforeAll(async () => {
  // Two days ago, so that a token of one day has ended.
  const ledger = await openedReal(data, { clock: () => clock() - 2 * DAY });
  await ledger.study();
  const until = new Date(clock() + DAY).toISOString();
  tokens['director'] = await tokenFileOf(ledger.engine, { until });
  tokens['statistician'] = await tokenFileOf(ledger.engine, { until, roles: ['statistician'] });
  tokens['revoked'] = await tokenFileOf(ledger.engine, { until });
  const acting = (await actingIn(ledger.engine)) as Acting;
  await inLab(ledger.engine, acting, 'RevokeToken', { token: newest(ledger), cause: 'lost' });
  await inLab(ledger.engine, acting, 'GrantRole', { person: 'sd-01', role: 'inspector' });
  tokens['inspector'] = await tokenFileOf(ledger.engine, { until, roles: ['inspector'] });
  tokens['expired'] = await tokenFileOf(ledger.engine);
  const second = commandsOf('RegisterStudy', { data: { title: 'T', director: 'sd-01' } });
  await ledger.anchoring.anchor();
  writeFileSync(at('second.ndjson'), second);
  writeFileSync(at('weights.csv'), `animal,at,weight\nR01,${new Date().toISOString()},251.0\n`);
  writeFileSync(at('mapping.json'), JSON.stringify(MAPPING));
  await ledger.engine.close();
});

const MAPPING = {
  mapping: 'study-ledger/1',
  reason: 'From the balance',
  tables: [
    {
      record: 'RecordBodyWeight',
      subject: 'animal',
      occurredAt: { instant: 'at' },
      data: { weight: { column: 'weight', unit: 'g' } },
    },
  ],
};

function commandsOf(command: string, body: object): string {
  return JSON.stringify({ command, id: v4(), study: 'NP-002', ...body });
}

function play(file: string, ...more: string[]) {
  return studyLedger('play', file, '--data', data, ...more);
}

const by = (name: string): string[] => ['--token-file', tokens[name]!];

async function lastRecord() {
  const { engine } = await opened(data, { clock });
  const { state } = await engine.study('NP-001');
  await engine.close();
  return state.records.last!.record;
}

/** Records of the access log of one type. */
async function textsOf({ store }: TestLedger['engine'], type: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of store.read('access'))
    found.push(...page.map(({ text }) => text).filter((text) => text.includes(`"type":"${type}"`)));
  return found;
}

describe('a token file', () => {
  it('makes play act for its person, in a role that they hold', async () => {
    expect(await play(weighing(), ...by('director'))).toMatchObject({ code: 0, err: '' });
    const { actor, actorrole, session, data: weighed } = await lastRecord();
    expect({ actor, actorrole, flags: weighed.flags }).toEqual({
      actor: 'sd-01',
      actorrole: 'director',
      flags: expect.arrayContaining(['by-program']) as string[],
    });
    expect(session).toMatch(/^token-[0-9]+$/);
    expect(await failures(data)).toEqual([]);
  });

  it('makes import act for its person, who is the importer, after a dry run by the same', async () => {
    const rows = ['import', at('weights.csv'), '--mapping', at('mapping.json'), '--study', 'NP-001'];
    const imports = [...rows, '--data', data];
    const without = await studyLedger(...imports);
    expect(without).toMatchObject({ code: 1, out: '' });
    expect(without.err).toContain('(sign-in-required)');
    const other = await studyLedger(...imports, ...by('director'), '--importer', 'tech-1');
    expect(other.code).toBe(2);
    expect(other.err).toContain('is not the person of the token, sd-01');
    for (const more of [['--dry-run'], []])
      expect(await studyLedger(...imports, ...by('director'), ...more)).toMatchObject({ code: 0, err: '' });
    const { actor, importer, session } = await lastRecord();
    expect({ actor, importer, isByToken: session?.startsWith('token-') }).toEqual({
      actor: 'sd-01',
      importer: 'sd-01',
      isByToken: true,
    });
    expect(await failures(data)).toEqual([]);
  });

  it('registers no study: that is done by passkey', async () => {
    const { code, out } = await play(at('second.ndjson'), ...by('director'));
    expect(code).toBe(1);
    expect(out).toContain('(not-permitted)');
    expect(out.replaceAll('\n', ' ')).toContain('sign in by passkey and do it on the page');
  });

  it.each([
    ['of a role that its person does not hold', 'statistician', 'not-permitted'],
    ['that was revoked', 'revoked', 'token-invalid'],
  ])('%s records nothing', async (_, name, code) => {
    const { code: exit, out, err } = await play(weighing(), ...by(name));
    expect(exit).toBe(1);
    expect(out + err).toContain(`(${code})`);
  });

  it('that has ended, or is no token, is refused before anything is read', async () => {
    const wrong = at('wrong');
    writeFileSync(wrong, `${'A'.repeat(43)}\n`, { mode: 0o600 });
    for (const file of [tokens['expired']!, wrong]) {
      const { code, out, err } = await play(weighing(), '--token-file', file);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('(token-invalid)');
    }
  });

  it('for another study reaches this one not', async () => {
    const ledger = await opened(data, { clock });
    await ledger.engine.lab();
    const file = await tokenFileOf(ledger.engine, { study: 'NP-001' });
    await ledger.engine.close();
    expect((await play(weighing(), '--token-file', file)).code).toBe(0);
    const { out } = await play(at('second.ndjson'), '--token-file', file);
    expect(out.replaceAll('\n', ' ')).toContain('in NP-001 alone');
  });

  it('that others may read is refused, with what to run', async () => {
    chmodSync(tokens['director']!, 0o640);
    const { code, err } = await play(weighing(), ...by('director'));
    chmodSync(tokens['director']!, 0o600);
    expect(code).toBe(1);
    expect(err).toContain(`chmod 600 ${tokens['director']}`);
    expect(err).toContain('(token-exposed)');
  });
});

describe('a real ledger with people', () => {
  it('takes no command of nobody, and no actor from a file', async () => {
    const nobody = await play(weighing());
    expect(nobody).toMatchObject({ code: 1, out: '' });
    expect(nobody.err).toContain('--token-file');
    writeFileSync(at('actor.ndjson'), commandsOf('RegisterStudy', { actor: 'sd-01', data: {} }));
    const { out } = await play(at('actor.ndjson'), ...by('director'));
    expect(out).toContain('(only-simulated)');
    expect(out.replaceAll('\n', ' ')).toContain('the person of the token acts');
  });

  it('hands a bundle to somebody who may have it, and says who in the access log', async () => {
    const exports = ['export', '--study', 'NP-001', '--data', data, '--to'];
    const nobody = await studyLedger(...exports, at('nobody.zip'));
    expect(nobody.err).toContain('(sign-in-required)');
    const director = await studyLedger(...exports, at('director.zip'), ...by('director'));
    expect(director.err).toContain('(not-permitted)');
    const both = await studyLedger(...exports, at('both.zip'), ...by('director'), '--unrecorded');
    expect(both.code).toBe(2);
    const inspector = await studyLedger(...exports, at('inspector.zip'), ...by('inspector'));
    expect(inspector).toMatchObject({ code: 0, err: '' });
    const { engine } = await opened(data, { clock });
    const [exported] = await textsOf(engine, 'BundleExported');
    await engine.close();
    expect(JSON.parse(exported!)).toMatchObject({ actor: 'sd-01', actorrole: 'inspector' });
    expect((JSON.parse(exported!) as { session: string }).session).toMatch(/^token-[0-9]+$/);
    expect(await failures(data)).toEqual([]);
  });
});
