import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { FileDisclosures } from '../../src/identity/disclosure-store.js';
import { backUp } from '../../src/operations/backup.js';
import { restoreOnlyDisclosures } from '../../src/operations/restore-only-disclosures.js';
import { selfCheck } from '../../src/operations/self-check.js';
import { restore } from '../../src/operations/restore.js';
import { openSqliteReader } from '../../src/store/sqlite/open-sqlite.js';
import { Refusal } from '../../src/study/refusal.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { freshFolder } from '../support/folders.js';
import { START } from '../recording/test-ledger.js';
import {
  ADMINISTRATOR,
  SECOND,
  numberOf,
  reopened,
  taken,
  withPeople,
  type PeopleLedger,
} from './people-ledger.js';

const NAME = 'Anna Beispiel';

/** A real ledger in which Anna is registered, and where the lab says so. */
async function withAnna() {
  const folder = join(freshFolder('erasure'), 'ledger');
  const ledger = await withPeople(folder);
  const id = v4();
  const data = { person: 'anna-b', name: NAME };
  const record = numberOf(await taken(ledger.inLab(ADMINISTRATOR, 'RegisterPerson', data, id)));
  const { '...': digest } = ledger.engine.labNow.people.persons.get('anna-b')!.name;
  return { folder, ledger, id, record, digest, file: join(folder, 'disclosures', digest) };
}

async function ask(ledger: PeopleLedger, record: number): Promise<number> {
  const data = { stream: 'lab', number: record, pointer: '/data/name', legalBasis: 'gdpr-17' };
  return numberOf(await taken(ledger.inLab(ADMINISTRATOR, 'RequestRedaction', data)));
}

async function erase(ledger: PeopleLedger, record: number): Promise<void> {
  await taken(ledger.inLab(SECOND, 'RedactField', { request: await ask(ledger, record) }));
}

/** What verify says of the commitments in a folder. */
async function verified(folder: string) {
  const { findings, people } = await verifyLedger(folder, { threads: 0 });
  const states = Object.fromEntries(
    people!.commitments.map(({ record, pointer, state }) => [`${record} ${pointer}`, state]),
  );
  const failures = findings
    .filter(({ severity, check }) => severity === 'fail' && check === 'commitment')
    .map(({ message }) => message);
  return { states, failures };
}

async function textsOf(folder: string): Promise<string> {
  const store = openSqliteReader(folder);
  let all = '';
  for await (const page of store.read('lab')) for (const { text } of page) all += `${text}\n`;
  await store.close();
  return all;
}

const openName = ({ engine }: PeopleLedger) =>
  engine.disclosures.open(engine.labNow.people.persons.get('anna-b')!.name);

describe('a name', () => {
  it('is in a file beside the records and in none of them, and is there when the ledger is opened again [R52]', async () => {
    const { folder, ledger, file } = await withAnna();
    expect(openName(ledger)).toBe(NAME);
    await ledger.engine.close();
    expect(await textsOf(folder)).not.toContain('Anna');
    expect(Buffer.from(readFileSync(file, 'latin1'), 'base64url').toString()).toContain(NAME);
    const again = await reopened(folder);
    expect(openName(again)).toBe(NAME);
    await again.engine.close();
  });

  it('is named again by a repeated command, and by no other under its id', async () => {
    const { ledger, id, record } = await withAnna();
    const before = readdirSync(join(ledger.folder.path, 'disclosures')).length;
    const repeat = (name: string) =>
      ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person: 'anna-b', name }, id);
    expect(numberOf(await taken(repeat(NAME)))).toBe(record);
    expect(await repeat('Anna Other')).toMatchObject({ code: 'command-id-reused' });
    await erase(ledger, record);
    expect(numberOf(await taken(repeat(NAME)))).toBe(record);
    expect(readdirSync(join(ledger.folder.path, 'disclosures'))).toHaveLength(before - 1);
    await ledger.engine.close();
  });

  it('leaves nothing behind where its command was refused', async () => {
    const { ledger, folder } = await withAnna();
    const before = readdirSync(join(folder, 'disclosures'));
    const again = await ledger.inLab(ADMINISTRATOR, 'RegisterPerson', { person: 'anna-b', name: 'Eve' });
    expect(again).toMatchObject({ code: 'person-exists' });
    expect(readdirSync(join(folder, 'disclosures'))).toEqual(before);
    await ledger.engine.close();
  });
});

describe('erasing a name', () => {
  it('takes two persons; verify tells before and after, and every root and proof stays [R52]', async () => {
    const { folder, ledger, record, digest, file } = await withAnna();
    const { log } = await ledger.engine.log('lab');
    const { size } = ledger.engine.labNow;
    const before = {
      root: log.root(size),
      proof: log.inclusionProof(record, size),
      text: await textsOf(folder),
    };
    expect((await verified(folder)).states).toMatchObject({ [`${record} /data/name`]: 'disclosed' });

    const request = await ask(ledger, record);
    expect(await ledger.inLab(ADMINISTRATOR, 'RedactField', { request })).toBeInstanceOf(Refusal);
    expect(existsSync(file)).toBe(true);
    await taken(ledger.inLab(SECOND, 'RedactField', { request }));

    expect(existsSync(file)).toBe(false);
    expect(openName(ledger)).toBeUndefined();
    expect(log.root(size)).toBe(before.root);
    expect(log.inclusionProof(record, size)).toEqual(before.proof);
    expect((await textsOf(folder)).startsWith(before.text)).toBe(true);
    const { states, failures } = await verified(folder);
    expect(states).toMatchObject({ [`${record} /data/name`]: 'redacted' });
    expect(failures).toEqual([]);
    expect(digest).toMatch(/^[\w-]{43}$/);
    await ledger.engine.close();
  });

  it('is carried out at the next opening where the process died after recording it', async () => {
    const { folder, ledger, record, file } = await withAnna();
    ledger.engine.disclosures.erase = () => {
      throw new Error('the process died here');
    };
    await expect(erase(ledger, record)).rejects.toThrow('died here');
    await ledger.engine.close();
    expect(existsSync(file)).toBe(true);
    expect((await verified(folder)).failures.join()).toContain('is erased, and its disclosure is there');

    await (await reopened(folder)).engine.close();
    expect(existsSync(file)).toBe(false);
    expect((await verified(folder)).failures).toEqual([]);
  });

  it('is carried out by the nightly self-check of a server that goes on running', async () => {
    const { folder, ledger, record, file } = await withAnna();
    ledger.engine.disclosures.erase = () => undefined;
    await erase(ledger, record);
    expect((await selfCheck({ data: folder })).join()).toContain('is erased, and its disclosure is there');
    expect(existsSync(file)).toBe(false);
    expect((await selfCheck({ data: folder })).join()).not.toContain('disclosure');
    await ledger.engine.close();
  });

  it('reaches nothing but commitments: no weight, no id, no other record', async () => {
    const { ledger, record } = await withAnna();
    const asked = (data: object) =>
      ledger.inLab(ADMINISTRATOR, 'RequestRedaction', {
        stream: 'lab',
        number: record,
        pointer: '/data/name',
        legalBasis: 'gdpr-17',
        ...data,
      });
    for (const data of [
      { pointer: '/data/person' },
      { pointer: '/actor' },
      { pointer: '/data/name/...' },
      { number: 0 },
      { stream: 'study-NP-001', pointer: '/data/weight' },
      { stream: 'access' },
    ])
      expect(await asked(data)).toBeInstanceOf(Refusal);
    await ledger.engine.close();
  });

  it('cannot be feigned: verify names a name that was exchanged, and a file that is gone is withheld', async () => {
    const { folder, ledger, record, file } = await withAnna();
    const label = ledger.engine.labNow.people.persons.get(SECOND)!.credentials[0]!.label['...'];
    await ledger.engine.close();
    const own = readFileSync(file);
    writeFileSync(file, readFileSync(join(folder, 'disclosures', label)));
    expect((await verified(folder)).failures.join()).toContain('its disclosure is of something else');
    writeFileSync(file, own);
    expect((await verified(folder)).failures).toEqual([]);
    rmSync(file);
    const { states, failures } = await verified(folder);
    expect(states).toMatchObject({ [`${record} /data/name`]: 'withheld' });
    expect(failures).toEqual([]);
  });
});

describe('an erased name and copies', () => {
  /** A ledger whose name was erased after a backup; copies from before and after. */
  async function withCopies() {
    const { folder, ledger, record, digest } = await withAnna();
    await ledger.anchoring.anchor();
    const [earlier, later] = [join(freshFolder('copy'), 'copy'), join(freshFolder('copy'), 'copy')];
    const backup = await backUp(folder, earlier, Date.now());
    expect(backup.disclosures!.disclosures).toBeGreaterThan(3);
    await erase(ledger, record);
    await ledger.anchoring.anchor();
    await backUp(folder, later, Date.now());
    await ledger.engine.close();
    return { folder, earlier, later, digest };
  }

  const cause = 'the disk failed';
  const names = (folder: string) => readdirSync(join(folder, 'disclosures'));

  it('does not come back from a copy of before, however it is restored', async () => {
    const { folder, earlier, later, digest } = await withCopies();
    expect(names(earlier)).toContain(digest);
    expect(names(later)).not.toContain(digest);

    // When the names are taken from the earlier copy into the ledger as it is
    const restored = await restoreOnlyDisclosures({ data: folder }, earlier, Date.now());
    expect(restored).toEqual({ restored: 0, erased: 1 });
    expect(names(folder)).not.toContain(digest);

    // When all is lost, and somebody puts the earlier names into the later copy
    cpSync(join(earlier, 'disclosures'), join(later, 'disclosures'), { recursive: true });
    for (const lost of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm', 'disclosures'])
      rmSync(join(folder, lost), { recursive: true, force: true });
    const whole = await restore({ data: folder, from: later, cause });
    expect(whole.disclosures).toMatchObject({ erased: 1 });
    expect(whole.disclosures!.restored).toBeGreaterThan(3);
    expect(names(folder)).not.toContain(digest);
    const again = await reopened(folder);
    expect(openName(again)).toBeUndefined();
    expect(again.engine.disclosures.open(again.engine.labNow.people.persons.get(SECOND)!.name)).toBe(
      'Mara Manager',
    );
    await again.engine.close();
  });

  it('does not come back while the marks show that records are missing', async () => {
    const { folder, earlier, digest } = await withCopies();
    for (const lost of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm', 'disclosures'])
      rmSync(join(folder, lost), { recursive: true, force: true });
    await expect(restore({ data: folder, from: earlier, cause })).rejects.toMatchObject({
      code: 'source-unfit',
    });
    cpSync(join(earlier, 'ledger.sqlite'), join(folder, 'ledger.sqlite'));
    await expect(restoreOnlyDisclosures({ data: folder }, earlier, Date.now())).rejects.toMatchObject({
      code: 'source-needed',
    });
    expect(existsSync(join(folder, 'disclosures', digest))).toBe(false);
  });
});

it('a disclosure whose record is missing, not unwritten, is not taken for an orphan', async () => {
  const { folder, ledger, digest } = await withAnna();
  await ledger.engine.close();
  const earlier = join(freshFolder('copy'), 'copy');
  const files = new FileDisclosures(join(folder, 'disclosures'));
  await backUp(folder, earlier, START);
  const again = await reopened(folder);
  await taken(again.inLab(ADMINISTRATOR, 'RegisterPerson', { person: 'bert-c', name: 'Bert' }));
  await again.anchoring.anchor();
  const bert = again.engine.labNow.people.persons.get('bert-c')!.name['...'];
  await again.engine.close();
  cpSync(join(earlier, 'ledger.sqlite'), join(folder, 'ledger.sqlite'));
  for (const name of ['ledger.sqlite-wal', 'ledger.sqlite-shm']) rmSync(join(folder, name), { force: true });
  await (await reopened(folder)).engine.close();
  expect(files.find(bert)).toBeDefined();
  expect(files.find(digest)).toBeDefined();
});
