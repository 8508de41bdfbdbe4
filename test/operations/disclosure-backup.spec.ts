import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { FileDisclosures } from '../../src/identity/disclosure-store.js';
import { Disclosures } from '../../src/identity/disclosures.js';
import {
  assessDisclosures,
  backUpDisclosures,
  lastDay,
  restoreDisclosures,
} from '../../src/operations/disclosure-backup.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { canonical } from '../../src/tlog/canonical.js';
import type { Commitment } from '../../src/tlog/commitment.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { record } from '../store/test-records.js';
import { START, opened } from '../recording/test-ledger.js';

const LOGS = ['lab'] as const;

/** A lab whose records commit to these names; `erased` adds the record of an erasure. */
async function laboratory(...names: string[]) {
  const folder = join(freshFolder('names'), 'disclosures');
  const files = new FileDisclosures(folder);
  const disclosures = new Disclosures(files, () => false);
  const store = new MemoryStore();
  let size = 0;
  const append = async (data: object, type: string) =>
    store.append('lab', size, [record(canonical({ data, number: size++, type }))]);
  const commitments: Commitment[] = [];
  for (const name of names) {
    const commitment = disclosures.commit(v4(), 'name', name);
    commitments.push(commitment);
    await append({ name: commitment }, 'PersonRegistered');
  }
  const erase = async ({ '...': digest }: Commitment) => {
    await append({ digest }, 'FieldRedacted');
    disclosures.erase(digest);
  };
  return { files, disclosures, records: { store, logs: LOGS }, commitments, erase };
}

type Laboratory = Awaited<ReturnType<typeof laboratory>>;

async function backedUp(lab: Laboratory, until?: string): Promise<string> {
  const copy = freshFolder('copy');
  await backUpDisclosures(lab.records.store, lab.files, copy, { nowMs: START, until });
  return copy;
}

/** What is left of a laboratory whose folder of names is lost. */
function lost(): { files: FileDisclosures; open: (commitment: Commitment) => unknown } {
  const files = new FileDisclosures(join(freshFolder('names'), 'disclosures'));
  const disclosures = new Disclosures(files, () => false);
  return { files, open: (commitment) => disclosures.open(commitment) };
}

const namesIn = (copy: string) => readdirSync(join(copy, 'disclosures')).sort();

describe('a backup of names', () => {
  it('is a folder of its own with a last day, for its owner alone', async () => {
    const lab = await laboratory('Anna', 'Bert');
    lab.files.subjectKey();
    const copy = await backedUp(lab);
    const digests = lab.commitments.map(({ '...': digest }) => digest);
    expect(readdirSync(copy)).toEqual(['disclosures']);
    expect(namesIn(copy)).toEqual([...digests, 'backup.json', 'subject.key'].sort());
    for (const name of namesIn(copy))
      expect((statSync(join(copy, 'disclosures', name)).mode & 0o777).toString(8)).toBe('600');
    expect(JSON.parse(readFileSync(join(copy, 'disclosures', 'backup.json'), 'utf8'))).toEqual({
      madeAt: '2026-03-02T09:15:00.000Z',
      until: '2026-03-30',
      disclosures: 2,
    });
    expect(await assessDisclosures(copy, lab.records, START)).toEqual({
      until: '2026-03-30',
      isExpired: false,
      usable: 2,
      missing: 0,
    });
  });

  it('is not made where there are no names, and leaves out what is erased', async () => {
    const empty = await laboratory();
    expect(readdirSync(await backedUp(empty))).toEqual([]);

    const lab = await laboratory('Anna', 'Bert');
    const [anna, bert] = lab.commitments as [Commitment, Commitment];
    const kept = lab.files.find(anna['...'])!;
    await lab.erase(anna);
    // A process that died after the record of the erasure left the file.
    lab.files.keep(anna['...'], kept);
    expect(namesIn(await backedUp(lab))).toEqual([bert['...'], 'backup.json'].sort());
  });
});

describe('a restore of names', () => {
  it('brings them back with the key, until the last day and on it', async () => {
    const lab = await laboratory('Anna', 'Bert');
    const key = lab.files.subjectKey();
    const copy = await backedUp(lab);
    const { files, open } = lost();
    const onLastDay = Date.parse('2026-03-30T23:59:59Z');
    expect(await restoreDisclosures(copy, files, lab.records, onLastDay)).toEqual({ restored: 2, erased: 0 });
    expect(lab.commitments.map(open)).toEqual(['Anna', 'Bert']);
    expect(Buffer.from(files.subjectKey()).equals(key)).toBe(true);
    expect(existsSync(join(files.folder, 'backup.json'))).toBe(false);
    expect(await restoreDisclosures(copy, files, lab.records, onLastDay)).toEqual({ restored: 0, erased: 0 });
  });

  it('brings nothing back from a copy that is over', async () => {
    const lab = await laboratory('Anna');
    lab.files.subjectKey();
    const copy = await backedUp(lab, '2026-03-05');
    const { files } = lost();
    const after = Date.parse('2026-03-06T00:00:00Z');
    expect(await restoreDisclosures(copy, files, lab.records, after)).toEqual({
      restored: 0,
      erased: 0,
      expired: '2026-03-05',
    });
    expect(existsSync(files.folder)).toBe(false);
    expect(await assessDisclosures(copy, lab.records, after)).toMatchObject({ isExpired: true });
  });

  it.each(['{}', '{"until":"2999-99-99"}', 'no JSON', ''])(
    'takes a copy whose last day cannot be read for one that is over: %s',
    async (manifest) => {
      const lab = await laboratory('Anna');
      const copy = await backedUp(lab);
      writeFileSync(join(copy, 'disclosures', 'backup.json'), manifest);
      const { files } = lost();
      expect(await restoreDisclosures(copy, files, lab.records, START)).toMatchObject({
        restored: 0,
        expired: 'unknown',
      });
    },
  );

  it('never brings back what was erased since', async () => {
    const lab = await laboratory('Anna', 'Bert');
    const copy = await backedUp(lab);
    const [anna, bert] = lab.commitments as [Commitment, Commitment];
    await lab.erase(anna);
    const { files, open } = lost();
    expect(await restoreDisclosures(copy, files, lab.records, START)).toEqual({ restored: 1, erased: 1 });
    expect([anna, bert].map(open)).toEqual([undefined, 'Bert']);
  });

  it('believes nothing in a copy', async () => {
    const lab = await laboratory('Anna', 'Bert', 'Carl');
    const copy = await backedUp(lab);
    const [anna, bert, carl] = lab.commitments.map(({ '...': digest }) => digest) as [string, string, string];
    const folder = join(copy, 'disclosures');
    // Given: another name in a file, a link in the place of a file and of the key, and a name that no record refers to.
    writeFileSync(join(folder, anna), readFileSync(join(folder, bert)));
    const outside = join(freshFolder('outside'), 'name');
    writeFileSync(outside, readFileSync(join(folder, carl)));
    rmSync(join(folder, carl));
    symlinkSync(outside, join(folder, carl));
    const key = join(freshFolder('outside'), 'key');
    writeFileSync(key, `${'0'.repeat(64)}\n`);
    symlinkSync(key, join(folder, 'subject.key'));
    const stranger = new Disclosures(new FileDisclosures(folder), () => false).commit(v4(), 'name', 'Eve');

    const { files, open } = lost();
    expect(await restoreDisclosures(copy, files, lab.records, START)).toEqual({ restored: 1, erased: 0 });
    expect(lab.commitments.map(open)).toEqual([undefined, 'Bert', undefined]);
    expect(open(stranger)).toBeUndefined();
    expect(readdirSync(files.folder)).toEqual([bert]);
    expect(await assessDisclosures(copy, lab.records, START)).toMatchObject({ usable: 1, missing: 2 });
  });

  it('follows no link in the place of the folder', async () => {
    const lab = await laboratory('Anna');
    const copy = freshFolder('copy');
    symlinkSync(lab.files.folder, join(copy, 'disclosures'));
    expect(await restoreDisclosures(copy, lost().files, lab.records, START)).toBeUndefined();
  });
});

describe('the last day of a copy of names', () => {
  const folder = freshFolder('backup');
  const data = join(folder, 'ledger');
  beforeAll(async () => (await opened(data)).engine.close());

  it.each([
    ['2020-01-01', 'not a day from'],
    ['2999-01-01', 'not a day from'],
    ['tomorrow', 'not a day from'],
  ])('%s is refused before anything is copied', async (day, message) => {
    const to = join(folder, `copy-${day}`);
    const { code, err } = await studyLedger('backup', '--data', data, '--to', to, '--disclosures-until', day);
    expect(code).not.toBe(0);
    expect(err).toContain(message);
    expect(existsSync(to)).toBe(false);
  });

  it('is four weeks on, and can be three months on', async () => {
    const now = Date.parse('2026-03-02T23:59:00Z');
    expect(lastDay(now)).toBe('2026-03-30');
    const day = lastDay(Date.now(), 89);
    const to = join(folder, 'copy');
    const names = ['backup', '--data', data, '--to', to, '--disclosures-until', day, '--only-disclosures'];
    expect(await studyLedger(...names)).toMatchObject({ code: 0, out: 'There are no names to copy.\n' });
  });

  it('is told with the copy, by its drill and by its restore', async () => {
    const source = await laboratory('Anna');
    mkdirSync(join(data, 'disclosures'));
    source.files.copyKeyTo(new FileDisclosures(join(data, 'disclosures')));
    const [{ '...': digest }] = source.commitments as [Commitment];
    new FileDisclosures(join(data, 'disclosures')).keep(digest, source.files.find(digest)!);
    const to = join(folder, 'told');
    const day = lastDay(Date.now());
    const made = await studyLedger('backup', '--data', data, '--to', to);
    expect(made.out.replaceAll(/\s+/g, ' ')).toContain(
      `1 name or label copied to ${join(to, 'disclosures')}. They are restored until ${day}`,
    );
    // No record of this ledger refers to it.
    const drill = await studyLedger('restore-drill', to);
    expect(drill.out).toContain(`0 names and labels in it can be restored until ${day}.`);
    const back = await studyLedger('restore', '--data', data, '--from', to, '--only-disclosures');
    expect(back).toMatchObject({ code: 0, out: '0 names and labels restored.\n' });
    const twice = await studyLedger('backup', '--data', data, '--to', to, '--only-disclosures');
    expect(twice.err).toContain('already holds a copy of names');
  });
});
