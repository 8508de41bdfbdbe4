import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { backUp, restoreDrill } from '../../src/operations/backup.js';
import { restore } from '../../src/operations/restore.js';
import { START, failures, opened } from '../recording/test-ledger.js';
import { WitnessDouble } from '../anchoring/witness-double.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const CAUSE = 'disk failure';

/** A folder in which `copy` is a backup of the ledger and `outside` belongs to somebody else. */
async function withCopy() {
  const home = freshFolder('forged');
  const at = (name: string): string => join(home, name);
  const ledger = await opened(at('ledger'));
  await ledger.study();
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  await backUp(at('ledger'), at('copy'), START);
  mkdirSync(at('outside'));
  writeFileSync(join(at('outside'), 'secret'), 'secret');
  return { at, seedFile: join(at('ledger'), 'master.seed') };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

describe('a copy whose ledger.json leads out of it', () => {
  it.each(['relative', 'absolute'])('writes nothing outside the restored folder (%s paths)', async (kind) => {
    const { at, seedFile } = await withCopy();
    const out = (name: string): string => (kind === 'absolute' ? at(name) : join('..', name));
    cpSync(join(at('copy'), 'policy'), at('policy'), { recursive: true });
    cpSync(join(at('copy'), 'anchors'), at('heads'), { recursive: true });
    const vkey = 'witness.example/w+8c1f1f8c+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const config = {
      policyFile: out('policy/lab.policy'),
      anchors: out('heads'),
      marks: out('outside/marks'),
      seedFile: out('outside/secret'),
      store: 'kurrentdb://attacker.example:2113',
      witnesses: [{ name: 'w', url: 'https://attacker.example', vkey }],
    };
    writeFileSync(join(at('copy'), 'ledger.json'), JSON.stringify(config));
    const before = filesIn(at('.')).filter((name) => !name.startsWith('new'));
    const { notTaken } = await restore({ data: at('new'), from: at('copy'), cause: CAUSE, seedFile });
    expect(notTaken).toEqual(['marks', 'seedFile', 'store', 'witnesses']);
    expect(filesIn(at('.')).filter((name) => !name.startsWith('new'))).toEqual(before);
    expect(JSON.parse(readFileSync(join(at('new'), 'ledger.json'), 'utf8'))).toEqual({
      policyFile: join('policy', 'lab.policy'),
      seedFile,
      witnesses: [],
    });
    // What lies where it lies by default is evidence.
    expect(readFileSync(join(at('new'), 'policy', 'lab.policy'), 'utf8')).toContain('quorum none');
    expect(readdirSync(join(at('new'), 'anchors'))).toContain('lab-3.note');
    expect(await failures(at('new'))).toEqual([]);
  });

  it('is tried by the drill without being followed', async () => {
    const { at } = await withCopy();
    const config = { policyFile: at('outside/secret'), store: 'kurrentdb://127.0.0.1:1', witnesses: [] };
    writeFileSync(join(at('copy'), 'ledger.json'), JSON.stringify(config));
    expect((await restoreDrill(at('copy'))).failures).toEqual([]);
  });

  it('is read where its paths stay inside, and its ledger.json may be missing or broken', async () => {
    for (const text of [
      '{"policyFile":"kept/p","anchors":"kept/a","interval":60,"witnesses":[]}',
      '{',
      undefined,
    ]) {
      const { at, seedFile } = await withCopy();
      if (text === undefined || text === '{') writeFileSync(join(at('copy'), 'ledger.json'), text ?? 'null');
      else {
        mkdirSync(join(at('copy'), 'kept'));
        cpSync(join(at('copy'), 'policy', 'lab.policy'), join(at('copy'), 'kept', 'p'));
        cpSync(join(at('copy'), 'anchors'), join(at('copy'), 'kept', 'a'), { recursive: true });
        writeFileSync(join(at('copy'), 'ledger.json'), text);
      }
      const { notTaken } = await restore({ data: at('new'), from: at('copy'), cause: CAUSE, seedFile });
      expect(notTaken).toEqual(text?.startsWith('{"') ? ['interval', 'witnesses'] : undefined);
      expect(readdirSync(join(at('new'), 'anchors'))).toContain('lab-3.note');
      expect(await failures(at('new'))).toEqual([]);
    }
  });
});

it('links in a copy are not followed, and what witnesses are said to have answered is not believed', async () => {
  const { at, seedFile } = await withCopy();
  symlinkSync(at('outside'), join(at('copy'), 'anchors', 'witness'));
  symlinkSync(join(at('outside'), 'secret'), join(at('copy'), 'anchors', 'lab-99.note'));
  writeFileSync(join(at('copy'), 'anchors', 'state.json'), '{"quorum":{"size":9,"at":9999999999999}}');
  await restore({ data: at('new'), from: at('copy'), cause: CAUSE, seedFile });
  expect(readdirSync(join(at('new'), 'anchors')).sort()).toEqual(['lab-3.note', 'study-NP-001-3.note']);
  const linked = freshFolder('linked');
  cpSync(join(at('copy'), 'ledger.sqlite'), join(linked, 'ledger.sqlite'));
  symlinkSync(at('outside'), join(linked, 'anchors'));
  symlinkSync(at('outside'), join(linked, 'policy'));
  await restore({ data: at('other'), from: linked, cause: CAUSE, seedFile });
  expect(existsSync(join(at('other'), 'anchors', 'secret'))).toBe(false);
});

it('a restore that was refused leaves nothing that keeps the next one from taking the evidence', async () => {
  const { at, seedFile } = await withCopy();
  const ledger = await opened(at('ledger'));
  await ledger.grow(1);
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  await backUp(at('ledger'), at('later'), START);
  const from = { data: at('new'), marks: join(at('ledger'), 'marks'), seedFile, cause: CAUSE };
  await expect(restore({ ...from, from: at('copy') })).rejects.toMatchObject({ code: 'source-unfit' });
  await restore({ ...from, from: at('later') });
  expect(readdirSync(join(at('new'), 'anchors'))).toContain('study-NP-001-4.note');
  expect(await failures(at('new'))).toEqual([]);
});

it('the witnesses of a restored ledger are those of the policy that the lab recorded, and no others', async () => {
  const witness = await new WitnessDouble('witness.example/w1', 1).start();
  const [path, copy] = [freshFolder('watched'), join(freshFolder('watched'), 'copy')];
  const ledger = await opened(path, { policy: `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n` });
  await ledger.engine.close();
  await backUp(path, copy, START);
  const seedFile = join(path, 'master.seed');
  const witnesses = async (): Promise<unknown> => {
    const data = join(freshFolder('watched'), 'new');
    await restore({ data, from: copy, cause: CAUSE, seedFile });
    return (JSON.parse(readFileSync(join(data, 'ledger.json'), 'utf8')) as { witnesses: unknown }).witnesses;
  };
  expect(await witnesses()).toEqual([{ name: 'w1', url: witness.url, vkey: witness.vkey }]);
  const policy = join(copy, 'policy', 'lab.policy');
  writeFileSync(policy, readFileSync(policy, 'utf8').replace(witness.url, 'https://attacker.example'));
  expect(await witnesses()).toEqual([]);
  await witness.stop();
});

it('verify does not ask a cluster that only the folder names: exit code 2, and what to do', async () => {
  const { at } = await withCopy();
  const config = { policyFile: 'policy/lab.policy', store: 'kurrentdb://127.0.0.1:1', witnesses: [] };
  writeFileSync(join(at('copy'), 'ledger.json'), JSON.stringify(config));
  const { code, out } = await studyLedger('verify', '--data', at('copy'));
  expect(code).toBe(2);
  expect(out).toMatch(/^INCOMPLETE/);
  expect(out).toContain('repeat it with --store ADDRESS');
});
