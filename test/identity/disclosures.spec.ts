import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { v4 } from 'uuid';
import { FileDisclosures, MemoryDisclosures } from '../../src/identity/disclosure-store.js';
import { Disclosures } from '../../src/identity/disclosures.js';
import { tidyDisclosures } from '../../src/identity/tidy-disclosures.js';
import { EMPTY_LAB, type Lab } from '../../src/lab/lab.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { canonical } from '../../src/tlog/canonical.js';
import type { Commitment } from '../../src/tlog/commitment.js';
import { record } from '../store/test-records.js';
import { runs } from '../support/effort.js';
import { freshFolder } from '../support/folders.js';

const NAME = 'Dr A. Example';
const HOUR = 3_600_000;
const real = () => false;

function inFolder(folder = join(freshFolder('disclosures'), 'disclosures')) {
  const store = new FileDisclosures(folder);
  return { folder, store, disclosures: new Disclosures(store, real) };
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const digestsOf = (store: FileDisclosures) => [...store.kept()].map(({ digest }) => digest).sort();

describe.each([
  ['in a folder', () => inFolder().store],
  ['in memory', () => new MemoryDisclosures()],
])('disclosures %s', (_, make) => {
  it('open what they commit to, until it is erased', () => {
    const store = make();
    const disclosures = new Disclosures(store, real);
    const commitment = disclosures.commit(v4(), 'name', NAME);
    expect(disclosures.open(commitment)).toBe(NAME);
    expect([...store.kept()].map(({ digest }) => digest)).toEqual([commitment['...']]);

    disclosures.erase(commitment['...']);
    disclosures.erase(commitment['...']);
    expect(disclosures.open(commitment)).toBeUndefined();
    expect([...store.kept()]).toEqual([]);
  });

  it('tell whether a repeated command names the same, as long as they know', () => {
    const disclosures = new Disclosures(make(), real);
    const commitment = disclosures.commit(v4(), 'name', NAME);
    expect(disclosures.agrees(commitment, NAME)).toBe('same');
    expect(disclosures.agrees(commitment, 'Dr B. Example')).toBe('differs');
    disclosures.erase(commitment['...']);
    expect(disclosures.agrees(commitment, NAME)).toBe('unknown');
    expect(disclosures.agrees(commitment, 'Dr B. Example')).toBe('unknown');
  });

  it('commit to the same name by another digest each time', () => {
    const disclosures = new Disclosures(make(), real);
    const id = v4();
    const digests = Array.from({ length: 20 }, () => disclosures.commit(id, 'name', NAME)['...']);
    expect(new Set(digests).size).toBe(20);
  });

  it('name an account of a provider by a key of their own, the same each time', () => {
    const disclosures = new Disclosures(make(), real);
    const digest = disclosures.subjectDigest('https://id.example', 'anna');
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(disclosures.subjectDigest('https://id.example', 'anna')).toBe(digest);
    expect(disclosures.subjectDigest('https://id.example', 'bert')).not.toBe(digest);
    expect(disclosures.subjectDigest('https://id.exampleanna', '')).not.toBe(digest);
    expect(new Disclosures(make(), real).subjectDigest('https://id.example', 'anna')).not.toBe(digest);
  });
});

describe('a folder of disclosures', () => {
  it('and what is in it can be read by its owner alone', () => {
    const { folder, store, disclosures } = inFolder();
    const before = process.umask(0);
    try {
      const { '...': digest } = disclosures.commit(v4(), 'name', NAME);
      store.subjectKey();
      expect(modeOf(folder)).toBe('700');
      expect(modeOf(join(folder, digest))).toBe('600');
      expect(modeOf(join(folder, 'subject.key'))).toBe('600');
      expect(readdirSync(folder).sort()).toEqual([digest, 'subject.key'].sort());
    } finally {
      process.umask(before);
    }
  });

  it('is the same for every process that has it', () => {
    const { folder, disclosures } = inFolder();
    const commitment = disclosures.commit(v4(), 'name', NAME);
    const subject = disclosures.subjectDigest('https://id.example', 'anna');
    const other = inFolder(folder).disclosures;
    expect(other.open(commitment)).toBe(NAME);
    expect(other.subjectDigest('https://id.example', 'anna')).toBe(subject);
    other.erase(commitment['...']);
    expect(disclosures.open(commitment)).toBeUndefined();
  });

  it('has the key of what OpenSSL makes of the same account', () => {
    const { folder, disclosures } = inFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'subject.key'), `${'02'.repeat(32)}\n`);
    // printf '%s' '["https://login.example","p-7f3a"]' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0202…
    expect(disclosures.subjectDigest('https://login.example', 'p-7f3a')).toBe(
      '3573e6dd63f17c88642bfba9f7965bd0ff89993fc17ee2428992c4d0a0b242c3',
    );
  });

  it('never shows what somebody wrote into it', () => {
    const { folder, disclosures } = inFolder();
    const [anna, bert] = ['Anna', 'Bert'].map((name) => disclosures.commit(v4(), 'name', name)) as [
      Commitment,
      Commitment,
    ];
    const own = readFileSync(join(folder, anna['...']), 'latin1');
    for (const forged of [readFileSync(join(folder, bert['...']), 'latin1'), `${own}\n`, '', own.slice(1)]) {
      writeFileSync(join(folder, anna['...']), forged);
      expect(disclosures.open(anna)).toBeUndefined();
      expect(disclosures.agrees(anna, 'Anna')).toBe('unknown');
    }
  });

  it('leads nowhere else', () => {
    const { store } = inFolder();
    for (const digest of ['../master.seed', 'subject.key', '', '.'])
      expect(() => store.find(digest)).toThrow('not the digest of a disclosure');
  });

  it('whose key was damaged says so, and makes no other key', () => {
    const { folder, store } = inFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'subject.key'), 'damaged');
    expect(() => store.subjectKey()).toThrow('holds no key');
    expect(readFileSync(join(folder, 'subject.key'), 'latin1')).toBe('damaged');
  });

  it('keeps any value that a record may hold', () => {
    const { disclosures } = inFolder();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (value) => {
        fc.pre(!/\p{C}/u.test(value));
        expect(disclosures.open(disclosures.commit(v4(), 'name', value))).toBe(value);
      }),
      runs(100),
    );
  });
});

describe('disclosures of a simulated ledger', () => {
  it('are the same wherever it is played, and differ by command and field', () => {
    const commit = (id: string, field: string) =>
      new Disclosures(new MemoryDisclosures(), () => true).commit(id, field, NAME)['...'];
    const [one, other] = [v4(), v4()];
    expect(commit(one, 'name')).toBe(commit(one, 'name'));
    expect(new Set([commit(one, 'name'), commit(one, 'label'), commit(other, 'name')]).size).toBe(3);
  });

  it('stand a repetition of what was cut off', () => {
    const { folder, store } = inFolder();
    const disclosures = new Disclosures(store, () => true);
    const id = v4();
    const commitment = disclosures.commit(id, 'name', NAME);
    writeFileSync(join(folder, commitment['...']), 'cut');
    expect(disclosures.commit(id, 'name', NAME)).toEqual(commitment);
    expect(disclosures.open(commitment)).toBe(NAME);
  });
});

/** A lab that says nothing but these records, and a study. */
async function storeWith(lab: readonly object[], study: readonly object[] = []) {
  const store = new MemoryStore();
  const texts = (values: readonly object[]) => values.map((value) => record(canonical(value)));
  if (lab.length > 0) await store.append('lab', 0, texts(lab));
  if (study.length > 0) await store.append('study-NP-001', 0, texts(study));
  const studies = new Map([['NP-001', {}]]) as unknown as Lab['studies'];
  return { store, lab: { ...EMPTY_LAB, ...(study.length > 0 && { studies }) } };
}

const registered = (name: Commitment) => ({ type: 'PersonRegistered', data: { person: 'anna-b', name } });
const redacted = ({ '...': digest }: Commitment) => ({ type: 'FieldRedacted', data: { digest } });

describe('disclosures are tidied', () => {
  it('of a name that no record refers to, an hour after it was made', async () => {
    const { folder, store: disclosures, disclosures: own } = inFolder();
    const [kept, orphan, recent] = ['Anna', 'Bert', 'Carl'].map((name) => own.commit(v4(), 'name', name)) as [
      Commitment,
      Commitment,
      Commitment,
    ];
    const place = { ...(await storeWith([registered(kept)])), disclosures };
    const now = Date.now();
    const old = (now - HOUR - 1000) / 1000;
    for (const { '...': digest } of [kept, orphan]) utimesSync(join(folder, digest), old, old);

    expect(await tidyDisclosures(place, { nowMs: now, isWhole: true })).toEqual({ redacted: 0, orphans: 1 });
    expect(digestsOf(disclosures)).toEqual([kept['...'], recent['...']].sort());
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('of what was recorded as erased, at once and once', async () => {
    const { store: disclosures, disclosures: own } = inFolder();
    const name = own.commit(v4(), 'name', NAME);
    const place = { ...(await storeWith([registered(name), redacted(name)])), disclosures };
    const at = { nowMs: Date.now(), isWhole: false };
    expect(await tidyDisclosures(place, at)).toEqual({ redacted: 1, orphans: 0 });
    expect(own.open(name)).toBeUndefined();
    expect(await tidyDisclosures(place, at)).toEqual({ redacted: 0, orphans: 0 });
  });

  it('but not while records are missing, nor of what another log refers to', async () => {
    const { store: disclosures, disclosures: own } = inFolder();
    const finding = own.commit(v4(), 'findings', 'none');
    const later = { nowMs: Date.now() + 2 * HOUR, isWhole: true };
    const missing = { ...(await storeWith([{ type: 'LedgerInitialised' }])), disclosures };
    expect(await tidyDisclosures(missing, { ...later, isWhole: false })).toMatchObject({ orphans: 0 });
    const studied = { ...(await storeWith([{}], [{ data: { findings: finding } }])), disclosures };
    expect(await tidyDisclosures(studied, later)).toMatchObject({ orphans: 0 });
    expect(own.open(finding)).toBe('none');
    expect(await tidyDisclosures(missing, later)).toMatchObject({ orphans: 1 });
  });

  it('with no regard to a text that only looks like a record of an erasure', async () => {
    const { store: disclosures, disclosures: own } = inFolder();
    const name = own.commit(v4(), 'name', NAME);
    const text = `"type":"FieldRedacted" {"...":"${name['...']}"}`;
    const place = { ...(await storeWith([registered(name), { data: { text } }])), disclosures };
    await tidyDisclosures(place, { nowMs: Date.now() + 2 * HOUR, isWhole: true });
    expect(own.open(name)).toBe(NAME);
  });
});
