import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { ADMINISTRATOR, SECOND, numberOf, reopened, taken, withPeople } from '../identity/people-ledger.js';

const NAMES = { 'anna-b': 'Anna Beispiel', 'bert-c': 'Bert Beispiel' };
const folder = join(freshFolder('names'), 'ledger');
let labVkey: string;
let annaRecord: number;
/** Of Anna, Mara who registered the study, and Bert, who has nothing to do with it. */
let digests: { anna: string; mara: string; bert: string };

/** Given: a study that Anna directs and Mara registered. */
beforeAll(async () => {
  const ledger = await withPeople(folder);
  for (const [person, name] of Object.entries(NAMES)) {
    const receipt = await taken(ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person, name }));
    if (person === 'anna-b') annaRecord = numberOf(receipt);
  }
  await taken(ledger.inLab(ADMINISTRATOR, 'GrantRole', { person: 'anna-b', role: 'director' }));
  await ledger.inStudy(SECOND, 'RegisterStudy', { data: { title: 'Names', director: 'anna-b' } });
  await ledger.anchoring.anchor();
  const { persons } = ledger.engine.labNow.people;
  const digestOf = (person: string) => persons.get(person)!.name['...'];
  digests = { anna: digestOf('anna-b'), mara: digestOf(SECOND), bert: digestOf('bert-c') };
  await ledger.engine.close();
  labVkey = /^log (\S+)/m.exec(readFileSync(join(folder, 'policy', 'lab.policy'), 'utf8'))![1]!;
});

async function exported(...more: string[]): Promise<{ to: string; out: string }> {
  const to = join(freshFolder('names'), 'bundle');
  const args = ['--study', 'NP-001', '--data', folder, '--to', to, '--unrecorded', ...more];
  const { code, out, err } = await studyLedger('export', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return { to, out };
}

const verified = (to: string) => studyLedger('verify', to, '--lab-vkey', labVkey, '--json');
const disclosed = (to: string): string[] => {
  const place = join(to, 'data', 'ledger', 'disclosures');
  return existsSync(place) ? readdirSync(place).sort() : [];
};

function everyText(to: string): string {
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

interface Verdict {
  readonly verdict: string;
  readonly people: { readonly commitments: readonly { readonly digest: string; readonly state: string }[] };
}

/** What the verdict says of the commitment to Anna's name. */
async function stateOfAnna(to: string): Promise<[verdict: string, state: string | undefined]> {
  const { verdict, people } = JSON.parse((await verified(to)).out) as Verdict;
  return [verdict, people.commitments.find(({ digest }) => digest === digests.anna)?.state];
}

const tools = ['bash', 'openssl', 'sha256sum', 'xxd', 'jq'];
const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
const byHand = missing.length === 0 ? it : it.skip; // only where a tool that VERIFY.md names is not installed

/** Person, name, what they acted as and are named as. */
function personsIn(to: string): string[][] {
  const lines = readFileSync(join(to, 'data', 'files', 'persons.tsv'), 'utf8')
    .split('\r\n')
    .slice(1, -1);
  return lines.map((line) => line.split('\t').slice(4, 8));
}

const fileIn = (to: string, digest: string) => join(to, 'data', 'ledger', 'disclosures', digest);

/** Puts one name in the place of another. */
function exchange(to: string): void {
  writeFileSync(fileIn(to, digests.anna), readFileSync(fileIn(to, digests.mara)));
}

function copyOf(bundle: string): string {
  const copy = join(freshFolder('names'), 'copy');
  cpSync(bundle, copy, { recursive: true });
  return copy;
}

describe('a bundle', () => {
  it('holds no name unless it is asked to', async () => {
    const { to } = await exported();
    expect(disclosed(to)).toEqual([]);
    expect(personsIn(to)).toContainEqual(['anna-b', '', '', 'study director']);
    expect(everyText(to)).not.toMatch(/Beispiel|Mara Manager|blue key/);
    expect(await stateOfAnna(to)).toEqual(['COMPLETE', 'withheld']);
  });
});

describe('a bundle with names', () => {
  let bundle: { to: string; out: string };
  beforeAll(async () => (bundle = await exported('--names')));

  it('has those of its own persons, shows them, and is compared whole', async () => {
    const { to, out } = bundle;
    expect(out).toContain('with 2 names: personal data');
    expect(disclosed(to)).toEqual([digests.anna, digests.mara].sort());
    expect(readFileSync(join(to, 'data', 'study.html'), 'utf8')).toContain('Mara Manager');
    expect(personsIn(to)).toContainEqual(['anna-b', 'Anna Beispiel', '', 'study director']);
    expect(await stateOfAnna(to)).toEqual(['COMPLETE', 'disclosed']);
    expect(everyText(to)).not.toMatch(/Bert Beispiel|blue key/);
  });

  it('in which a name was exchanged or taken out is found', async () => {
    const exchanged = copyOf(bundle.to);
    exchange(exchanged);
    expect((await verified(exchanged)).out).toContain('its disclosure is of something else');
    const robbed = copyOf(bundle.to);
    rmSync(fileIn(robbed, digests.anna));
    expect((await verified(robbed)).code).toBe(1);
  });

  byHand('has its names opened by the lines of VERIFY.md, which find one that was exchanged', () => {
    const run = (to: string, only: RegExp) => {
      const cwd = join(to, 'data', 'ledger');
      const text = readFileSync(join(cwd, 'VERIFY.md'), 'utf8');
      const blocks = [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, shell]) => shell!);
      const shell = blocks.filter((block) => only.test(block)).join('');
      return spawnSync('bash', ['-c', shell], { cwd, encoding: 'utf8' });
    };
    expect(run(bundle.to, /./)).toMatchObject({ status: 0, stderr: '' });
    const exchanged = copyOf(bundle.to);
    exchange(exchanged);
    expect(run(exchanged, /^set -e|in disclosures/).status).not.toBe(0);
  });

  it('still verifies after an erasure, and a later one has the name no more', async () => {
    const ledger = await reopened(folder);
    const asked = { stream: 'lab', number: annaRecord, pointer: '/data/name', legalBasis: 'gdpr-17' };
    const request = numberOf(await taken(ledger.inLab(ADMINISTRATOR, 'RequestRedaction', asked)));
    await taken(ledger.inLab(SECOND, 'RedactField', { request }));
    await ledger.engine.close();
    const { to } = await exported('--names');
    expect(disclosed(to)).toEqual([digests.mara]);
    expect(everyText(to)).not.toContain('Anna Beispiel');
    // The lab in the bundle ends with the anchor of the study, so before the record of the erasure.
    expect(await stateOfAnna(to)).toEqual(['COMPLETE', 'withheld']);
    expect(await stateOfAnna(bundle.to)).toEqual(['COMPLETE', 'disclosed']);
  });
});
