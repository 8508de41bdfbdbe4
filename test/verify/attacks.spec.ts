/**
 * The attack table, on a real ledger folder: an administrator with the database, the marks and, where it is said, the
 * seed. Each attack must be found, and its place named. Rows without a test here are in elsewhere.ts, with the reason.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/shared/sha256.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import type { Finding } from '../../src/verify/checks/findings.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { LedgerBuilder } from './ledger-builder.js';
import { copyOf, freshFolder, labVkey, makeLedger, weigh, withLedger } from './real-ledger.js';
import {
  cut,
  edited,
  flip,
  forgedNote,
  put,
  randomFrom,
  rowsOf,
  sequence,
  otherRing,
  stolenRing,
  tamper,
  type Edit,
} from './tamper.js';
import { Database } from '../../src/store/sqlite/driver.js';
import { times } from '../support/effort.js';

const ledger = join(freshFolder(), 'ledger');
beforeAll(() => makeLedger(ledger));

const STUDY = 'study-KET-01';

const check = (folder: string, pins = {}) => verifyLedger(folder, { threads: 0, ...pins });

/** Everything that a self-check on the attacker's own machine could rest on besides the records. */
function withoutMarks(folder: string): string {
  for (const part of ['marks', 'anchors']) rmSync(join(folder, part), { recursive: true });
  return folder;
}

async function failures(folder: string, pins = {}): Promise<readonly Finding[]> {
  const { exitCode, findings } = await check(folder, pins);
  expect(exitCode).toBe(1);
  return findings.filter(({ severity }) => severity === 'fail');
}

const at = (log: string, record: number) => expect.objectContaining({ log, record }) as Finding;
const found = (check: string, log: string, more: object = {}) =>
  expect.objectContaining({ check, log, ...more }) as Finding;

/** Puts edited records in place of others, leaf hashes and ids with them. */
function rewrite(folder: string, log: string, edits: Readonly<Record<number, Edit>>): void {
  tamper(folder, (db) => {
    for (const { number, bytes } of rowsOf(db, log))
      if (edits[number]) put(db, log, number, edited(bytes.toString(), edits[number]));
  });
}

const weight =
  (value: string): Edit =>
  ({ data }) => {
    (data as { weight: object }).weight = { value, unit: 'g' };
  };

describe('A1 · a byte of a record is changed [R5 R43]', () => {
  it('is found anywhere in the records, with log and number', async () => {
    const folder = withoutMarks(copyOf(ledger));
    const random = randomFrom(1);
    const rows = tamper(folder, (db) => ['lab', STUDY, 'study-KET-02'].flatMap((log) => rowsOf(db, log)));
    const db = new Database(join(folder, 'ledger.sqlite'));
    try {
      const set = db.prepare('UPDATE records SET bytes = ? WHERE stream = ? AND number = ?');
      for (let i = 0; i < times(400, 40); i++) {
        const { stream, number, bytes } = rows[random(rows.length)]!;
        const changed = Buffer.from(bytes);
        const place = random(bytes.length);
        changed[place] = changed[place]! ^ (1 << random(8));
        set.run(changed, stream, number);
        expect(await failures(folder)).toContainEqual(at(stream, number));
        set.run(bytes, stream, number);
      }
    } finally {
      db.close();
    }
    expect((await check(folder)).exitCode).toBe(2);
  });

  it('is found when the hash beside it is changed too: between two anchors, by the root', async () => {
    const folder = withoutMarks(copyOf(ledger));
    rewrite(folder, STUDY, { 20: weight('999.9') });
    expect(await failures(folder)).toContainEqual(found('root', STUDY, { record: 4, lab: 5 }));
  });

  it('is found in the hash that is stored beside the record', async () => {
    const folder = copyOf(ledger);
    tamper(folder, (db) => {
      db.prepare('UPDATE records SET leaf = zeroblob(32) WHERE stream = ? AND number = 9').run(STUDY);
    });
    const columns = (await failures(folder)).filter(({ check: id }) => id === 'column');
    expect(columns).toEqual([at(STUDY, 9)]);
  });

  it('is found anywhere in marks, published heads and the policy', async () => {
    const folder = copyOf(ledger);
    const random = randomFrom(2);
    const files = ['marks', 'anchors', 'policy'].flatMap((part) =>
      readdirSync(join(folder, part))
        .filter((name) => /\.(note|policy)$/.test(name))
        .map((name) => join(folder, part, name)),
    );
    for (let i = 0; i < times(200, 20); i++) {
      const file = files[random(files.length)]!;
      const undo = flip(file, random(readFileSync(file).length), 1 << random(8));
      const [first] = await failures(folder);
      expect(first!.message).toContain(file.slice(folder.length + 1));
      undo();
    }
  });
});

describe('A2 · a record in the middle is deleted [R5 R12]', () => {
  it('is missing at its number', async () => {
    const folder = withoutMarks(copyOf(ledger));
    tamper(folder, (db) => db.prepare('DELETE FROM records WHERE stream = ? AND number = 17').run(STUDY));
    const [first, ...others] = await failures(folder);
    expect(first).toMatchObject({ check: 'missing', log: STUDY, record: 17 });
    expect(first!.message).toContain('record 17 is missing');
    // Those after it are there, and are not called missing.
    expect(others.map(({ message }) => message).join()).not.toContain('missing');
  });
});

describe('A3 · the tail is cut off [R5]', () => {
  it.each([
    [STUDY, 10],
    ['lab', 2],
  ])('of %s: the mark remembers more', async (log, count) => {
    const folder = copyOf(ledger);
    const size = tamper(folder, (db) => {
      const rows = rowsOf(db, log).length - count;
      cut(db, log, rows);
      return rows;
    });
    expect(await failures(folder)).toContainEqual(found('mark', log, { record: size }));
  });

  it('of a study, marks gone too: the lab anchored more', async () => {
    const folder = withoutMarks(copyOf(ledger));
    const size = tamper(folder, (db) => {
      const rows = rowsOf(db, STUDY).length - 10;
      cut(db, STUDY, rows);
      return rows;
    });
    expect(await failures(folder)).toContainEqual(found('anchor', STUDY, { record: size }));
  });

  it('of access: the lab anchored more', async () => {
    const built = new LedgerBuilder();
    for (let i = 0; i < 12; i++)
      built.add('access', 'BundleExported', {
        study: 'KET-01',
        size: 1,
        root: `${'A'.repeat(43)}=`,
        sha256: 'ab'.repeat(32),
      });
    built.anchor('access');
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    expect((await check(folder)).exitCode).toBe(0);
    tamper(withoutMarks(folder), (db) => cut(db, 'access', 2));
    expect(await failures(folder)).toContainEqual(found('anchor', 'access', { record: 2 }));
  });
});

describe('A4 · the tail is cut off and grown again with other records', () => {
  function regrow(folder: string): string[] {
    return tamper(folder, (db) => {
      for (const { number, bytes } of rowsOf(db, STUDY).slice(-15))
        put(db, STUDY, number, edited(bytes.toString(), weight('111.1')));
      return rowsOf(db, STUDY).map(({ bytes }) => bytes.toString());
    });
  }

  it('is not what was signed', async () => {
    const folder = copyOf(ledger);
    regrow(folder);
    expect(await failures(folder)).toContainEqual(found('mark', STUDY));
  });

  it('with the marks forged by the true key, is not what was anchored', async () => {
    const folder = withoutMarks(copyOf(ledger));
    regrow(folder);
    expect(await failures(folder)).toContainEqual(found('root', STUDY, { record: 34 }));
  });

  it('with the anchors rewritten too, has no proof from the anchor before: the lab alone shows it', async () => {
    const folder = withoutMarks(copyOf(ledger));
    const texts = regrow(folder);
    const tree = new MerkleTree(sha256);
    for (const text of texts) tree.append(leafHash(sha256, text));
    const last = tamper(folder, (db) => {
      const anchor = rowsOf(db, 'lab').findLast(
        ({ bytes }) => bytes.includes('"code":"KET-01"') && bytes.includes('Checkpointed'),
      )!;
      put(
        db,
        'lab',
        anchor.number,
        edited(anchor.bytes.toString(), ({ data }) => {
          (data as { root: string }).root = hashToBase64(tree.root());
        }),
      );
      return anchor.number;
    });
    const [first] = await failures(folder);
    expect(first).toMatchObject({ check: 'anchor', log: 'lab', record: last });
    expect(first!.message).toContain('the log was rewritten');
  });
});

describe('A5 · records are swapped, moved and renumbered [R5]', () => {
  const swap = (folder: string, to: (text: string, number: number) => string): void =>
    tamper(folder, (db) => {
      const [a, b] = [rowsOf(db, STUDY)[10]!, rowsOf(db, STUDY)[12]!];
      db.prepare('DELETE FROM records WHERE stream = ? AND number IN (10, 12)').run(STUDY);
      put(db, STUDY, 10, to(b.bytes.toString(), 10));
      put(db, STUDY, 12, to(a.bytes.toString(), 12));
    });

  it('swapped: they say other numbers', async () => {
    const folder = withoutMarks(copyOf(ledger));
    swap(folder, (text) => text);
    const wrong = await failures(folder);
    expect(wrong).toContainEqual(found('sequence', STUDY, { record: 10 }));
    expect(wrong).toContainEqual(found('sequence', STUDY, { record: 12 }));
  });

  it('swapped and renumbered: the root is another', async () => {
    const folder = withoutMarks(copyOf(ledger));
    swap(folder, (text, number) => edited(text, (record) => (record['sequence'] = sequence(number))));
    const wrong = await failures(folder);
    expect(wrong).toContainEqual(found('root', STUDY));
    expect(wrong).toContainEqual(found('recorded-time', STUDY, { record: 11 }));
  });

  it('from one study into another: it says which it belongs to', async () => {
    const folder = withoutMarks(copyOf(ledger));
    tamper(folder, (db) => {
      const text = rowsOf(db, 'study-KET-02')[8]!.bytes.toString();
      db.prepare("DELETE FROM records WHERE stream = 'study-KET-02' AND number = 8").run();
      put(db, STUDY, 8, text);
    });
    const wrong = await failures(folder);
    expect(wrong).toContainEqual(found('source', STUDY, { record: 8 }));
    expect(wrong).toContainEqual(found('missing', 'study-KET-02', { record: 8 }));
  });

  it('moved, renamed and renumbered: its id follows from where it was', async () => {
    const folder = withoutMarks(copyOf(ledger));
    tamper(folder, (db) => {
      const text = rowsOf(db, 'study-KET-02')[8]!.bytes.toString();
      db.prepare("DELETE FROM records WHERE stream = 'study-KET-02' AND number = 8").run();
      put(
        db,
        STUDY,
        8,
        edited(text, (record) => (record['source'] = '/studies/KET-01')),
      );
    });
    expect(await failures(folder)).toContainEqual(found('id', STUDY, { record: 8 }));
  });
});

describe('A7 · a log’s key is replaced', () => {
  it('is found by the mark that the published key did not sign', async () => {
    const folder = copyOf(ledger);
    const texts = tamper(folder, (db) => rowsOf(db, STUDY).map(({ bytes }) => bytes));
    writeFileSync(
      join(folder, 'marks', `${STUDY}.note`),
      forgedNote(otherRing(), 'lab.example/ledger/study/KET-01', texts),
    );
    expect(await failures(folder)).toEqual([found('mark', STUDY)]);
  });

  it('is found by whoever knows the lab’s key when the lab publishes another', async () => {
    const pinned = labVkey(ledger);
    const folder = withoutMarks(copyOf(ledger));
    const other = new LedgerBuilder('lab.example', otherRing());
    rewrite(folder, 'lab', {
      0: ({ data }) => ((data as { keys: { lab: string } }).keys.lab = other.vkey('lab')),
    });
    expect(await failures(folder, { labVkey: pinned })).toContainEqual(found('pin', 'lab'));
  });
});

describe('A9 · a record is backdated [R5]', () => {
  const stamped = async (hours: number): Promise<readonly Finding[]> => {
    const built = new LedgerBuilder();
    const study = built.register('KET-01');
    built.weights(study, 10);
    built.anchor(study);
    built.stamp();
    built.weights(study, 5);
    built.anchor(study);
    built.weights(study, 1, hours * 3_600_000);
    built.anchor(study);
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    return (await check(folder)).findings.filter(({ severity }) => severity === 'fail');
  };

  it('is recorded late: a time stamp is older than it says it is', async () => {
    expect(await stamped(0)).toEqual([]);
    const wrong = await stamped(-2);
    expect(wrong).toContainEqual(found('recorded-late', STUDY, { record: 16 }));
    expect(wrong).toContainEqual(found('recorded-time', STUDY, { record: 16 }));
  });

  it('in the time that it claims only, is a claim and no finding; in the other direction it cannot be', async () => {
    const built = new LedgerBuilder();
    const study = built.register('KET-01');
    built.add(
      study,
      'BodyWeightRecorded',
      { weight: { value: '1', unit: 'g' } },
      { time: '2026-03-02T05:00:00Z' },
    );
    built.add(
      study,
      'BodyWeightRecorded',
      { weight: { value: '1', unit: 'g' } },
      { time: '2026-03-02T10:00:00Z' },
    );
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    expect(await failures(folder)).toEqual([found('time', STUDY, { record: 2 })]);
  });
});

describe('A10 · the clock is set back [R22]', () => {
  it('shows in the times of the records, and the ledger’s own note of it is reported', async () => {
    const built = new LedgerBuilder();
    const study = built.register('KET-01');
    built.weights(study, 3);
    built.add('lab', 'ClockAnomaly', {
      lastRecorded: '2026-03-02T08:00:00.000Z',
      clock: '2026-03-01T08:00:00.000Z',
    });
    built.weights(study, 1, -86_400_000);
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    const { exitCode, findings } = await check(folder);
    expect(exitCode).toBe(1);
    expect(findings).toContainEqual(found('recorded-time', STUDY, { record: 4, severity: 'fail' }));
    expect(findings).toContainEqual(found('register', 'lab', { record: 2, severity: 'note' }));
  });
});

describe('A12 · an old backup is put in its place [R5 R47]', () => {
  it('is older than the marks, which lie elsewhere', async () => {
    const yesterday = copyOf(ledger);
    const today = copyOf(ledger);
    await withLedger(today, async (open) => {
      await weigh(open, 'KET-01', 4);
      await open.anchoring.anchor();
    });
    expect((await check(today)).exitCode).toBe(0);
    for (const name of readdirSync(today).filter((file) => file.startsWith('ledger.sqlite')))
      rmSync(join(today, name));
    cpSync(join(yesterday, 'ledger.sqlite'), join(today, 'ledger.sqlite'));
    const wrong = await failures(today);
    expect(wrong).toContainEqual(found('mark', 'lab'));
    expect(wrong).toContainEqual(found('mark', STUDY));
  });
});

describe('A13 · a correction is hidden with what it refers to', () => {
  it('both are leaves: the root is another, and ids and times do not fit', async () => {
    const folder = withoutMarks(copyOf(ledger));
    const kept = tamper(folder, (db) => {
      const rows = rowsOf(db, STUDY).filter(({ number }) => number !== 5 && number !== 34);
      cut(db, STUDY, 0);
      for (const [number, { bytes }] of rows.entries())
        put(
          db,
          STUDY,
          number,
          edited(bytes.toString(), (record) => (record['sequence'] = sequence(number))),
        );
      return rows.length;
    });
    const wrong = await failures(folder);
    expect(wrong).toContainEqual(found('root', STUDY));
    expect(wrong).toContainEqual(found('anchor', STUDY, { record: kept }));
    expect(wrong).toContainEqual(found('reference', STUDY));
  });
});

describe('A16, A17 · the whole ledger is built anew with the true key', () => {
  it('cannot be told by itself, which the verdict says; a checkpoint that somebody kept tells it', async () => {
    const kept = readFileSync(join(ledger, 'anchors', 'lab-7.note'), 'utf8');
    const rebuilt = join(freshFolder(), 'ledger');
    const built = new LedgerBuilder('lab.example', stolenRing());
    built.weights(built.register('KET-01'), 50);
    built.register('KET-02');
    for (let i = 0; i < 4; i++) {
      built.weights('study-KET-01', 1);
      built.anchor('study-KET-01');
    }
    await built.write(rebuilt);
    const report = await check(rebuilt, { labVkey: labVkey(ledger) });
    expect(report).toMatchObject({ exitCode: 0, witnessed: false });
    expect(report.summary.join()).toContain('UNWITNESSED');
    writeFileSync(join(rebuilt, 'anchors', 'lab-7.note'), kept);
    expect(await failures(rebuilt)).toContainEqual(found('note', 'lab'));
  });
});

describe('A20 · a study in the shadow, a study that vanished', () => {
  it('that the lab does not register, is found', async () => {
    const folder = copyOf(ledger);
    tamper(folder, (db) => {
      const text = rowsOf(db, STUDY)[0]!.bytes.toString();
      put(
        db,
        'study-SHADOW',
        0,
        edited(text, (record) => {
          record['source'] = '/studies/SHADOW';
          record['id'] = '00112233-4455-5677-8899-aabbccddeeff';
        }),
      );
    });
    expect(await failures(folder)).toEqual([found('stream', 'study-SHADOW')]);
  });

  it('that was registered and anchored, is missing', async () => {
    const folder = withoutMarks(copyOf(ledger));
    tamper(folder, (db) => cut(db, 'study-KET-02', 0));
    expect(await failures(folder)).toContainEqual(found('anchor', 'study-KET-02', { record: 0 }));
  });

  it('that was registered and never anchored, is not passed', async () => {
    const built = new LedgerBuilder();
    built.register('KET-01');
    const folder = join(freshFolder(), 'ledger');
    await built.write(folder);
    rmSync(join(folder, 'marks', `${STUDY}.note`));
    tamper(folder, (db) => cut(db, STUDY, 0));
    const { exitCode, findings } = await check(folder);
    expect(exitCode).toBe(2);
    expect(findings).toContainEqual(found('register', STUDY));
  });
});

describe('A21 · one study is not anchored any more', () => {
  it('is said: from which record on', async () => {
    const folder = copyOf(ledger);
    await withLedger(folder, async (open) => {
      await weigh(open, 'KET-01', 4);
      await weigh(open, 'KET-02', 2);
      await open.anchoring.anchor({ logs: ['study-KET-02'] });
    });
    const { findings } = await check(folder);
    expect(findings).toEqual([found('unanchored', STUDY)]);
  });

  const HOURS = 3_600_000;
  async function afterAnchors(blocked: (ledger: LedgerBuilder, one: string, other: string) => void) {
    const builder = new LedgerBuilder();
    const [one, other] = [builder.register('NP-001'), builder.register('NP-002')] as const;
    for (const log of [one, other]) {
      builder.weights(log, 5);
      builder.anchor(log);
    }
    blocked(builder, one, other);
    const folder = join(freshFolder(), 'ledger');
    await builder.write(folder);
    const { exitCode, findings } = await check(folder);
    return { exitCode, stopped: findings.filter(({ message }) => message.includes('anchoring has stopped')) };
  }

  it('is overdue where the rest of the ledger went on for two hours, and was anchored', async () => {
    const { exitCode, stopped } = await afterAnchors((ledger, one, other) => {
      ledger.weights(one, 3);
      ledger.weights(other, 3, 2 * HOURS);
      ledger.anchor(other);
    });
    expect(stopped).toEqual([found('unanchored', 'study-NP-001', { record: 6, severity: 'incomplete' })]);
    expect(exitCode).toBe(2);
  });

  it('is overdue where nothing at all is anchored for two hours in which records came', async () => {
    const { stopped } = await afterAnchors((ledger, one) => {
      ledger.weights(one, 3);
      ledger.weights(one, 1, 2 * HOURS);
    });
    expect(stopped).toEqual([found('unanchored', 'study-NP-001', { record: 6 })]);
  });

  it('is not, where the ledger came to rest, or within three intervals', async () => {
    const { exitCode, stopped } = await afterAnchors((ledger, one, other) => {
      ledger.weights(one, 3, 48 * HOURS);
      ledger.weights(other, 3, HOURS / 3);
    });
    expect(stopped).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('A23 · records that are malformed', () => {
  const texts: [string, Edit | ((text: string) => string | Buffer)][] = [
    ['duplicate members', (text: string) => text.replace('{', '{"actor":"eve",')],
    ['white space', (text: string) => text.replace(':', ': ')],
    [
      'members out of order',
      (text: string) => text.replace(/^\{("actor":"[^"]+"),("actorrole":"[^"]+")/, '{$2,$1'),
    ],
    ['an escape that is not needed', (text: string) => text.replace('tech-1', 'tech\\u002d1')],
    ['a carriage return', (text: string) => text.replace('"on ', '"on\\r ')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['minus zero', (text: string) => text.replace(/"labsize":\d+/, '"labsize":-0')],
    ['an exponent', (text: string) => text.replace(/"labsize":(\d+)/, '"labsize":$1e0')],
    ['null', (text: string) => text.replace(/"labsize":\d+/, '"labsize":null')],
    ['half a surrogate pair', (text: string) => text.replace('µ', '\\ud800')],
    [
      'bytes that are not UTF-8',
      (text: string) =>
        Buffer.concat([
          Buffer.from(text).subarray(0, 50),
          Buffer.from([0xed, 0xa0, 0x80]),
          Buffer.from(text).subarray(53),
        ]),
    ],
    ['nesting without end', () => '['.repeat(60_000)],
    ['nesting with an end', () => `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['nothing', () => '{}'],
    ['text', () => '"record"'],
    ['more than a record holds', (text: string) => text.replace('"on ', `"${'x'.repeat(66_000)} `)],
  ];

  it.each(texts)('%s: refused without a crash, and the place named', async (_, change) => {
    const folder = withoutMarks(copyOf(ledger));
    tamper(folder, (db) => {
      const { bytes } = rowsOf(db, STUDY)[20]!;
      const changed = Buffer.from((change as (text: string) => string | Buffer)(bytes.toString()));
      expect(changed.equals(bytes)).toBe(false);
      const leaf = Buffer.from(leafHash(sha256, changed), 'latin1');
      db.prepare('UPDATE records SET bytes = ?, leaf = ? WHERE stream = ? AND number = 20').run(
        changed,
        leaf,
        STUDY,
      );
    });
    const wrong = await failures(folder);
    expect(wrong.filter(({ check: id }) => id !== 'root' && id !== 'column')).toContainEqual(at(STUDY, 20));
  });

  it('facts of the lab that are malformed do not stop the check either', async () => {
    const folder = withoutMarks(copyOf(ledger));
    const strange: unknown[] = [
      1,
      'x',
      [],
      {},
      { size: -1, root: 'x', proof: [1], keys: [[], 3], from: 7, code: {} },
    ];
    const types = [
      'LedgerInitialised',
      'StudyRegistered',
      'StudyCheckpointed',
      'AccessCheckpointed',
      'KeyRotated',
      'TimestampReceived',
    ];
    for (const type of types)
      for (const data of strange) {
        rewrite(folder, 'lab', {
          2: (record) =>
            Object.assign(record, { type, data, dataschema: `urn:study-ledger:schema:${type}:1` }),
        });
        expect(await failures(folder)).toContainEqual(found('schema', 'lab', { record: 2 }));
      }
  });
});

describe('A25 · the database file is edited, its rules dropped [R5]', () => {
  it('rules that are gone are said, even when nothing was changed', async () => {
    const folder = copyOf(ledger);
    tamper(folder, () => undefined);
    expect(await check(folder)).toMatchObject({ exitCode: 2, findings: [found('rules', 'store')] });
  });

  it('bytes changed in the file itself, beside SQLite, are found', async () => {
    const folder = copyOf(ledger);
    tamper(folder, (db) => db.pragma('wal_checkpoint(TRUNCATE)'));
    const file = join(folder, 'ledger.sqlite');
    const bytes = readFileSync(file);
    const random = randomFrom(3);
    for (let i = 0; i < times(60, 12); i++) {
      const place = bytes.indexOf(`"sequence":"${sequence(5 + random(50))}","source":"/studies/KET-01"`);
      const undo = flip(file, place - random(300), 1 << random(8));
      const report = await check(folder).catch((error: unknown) => error);
      if (report instanceof Error) expect(report).toMatchObject({ code: 'integrity' });
      else expect(report).toMatchObject({ exitCode: 1 });
      undo();
    }
  });

  it('an old write-ahead log that is laid beside it is found', async () => {
    const folder = copyOf(ledger);
    rewrite(folder, STUDY, { 20: weight('999.9') });
    const replay = copyOf(ledger);
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']) {
      rmSync(join(replay, name), { force: true });
      cpSync(join(folder, name), join(replay, name), {
        force: true,
        recursive: true,
        errorOnExist: false,
        filter: (path) => readdirSync(folder).includes(path.split('/').at(-1)!),
      });
    }
    expect(await failures(replay)).toContainEqual(found('mark', STUDY));
  });
});
