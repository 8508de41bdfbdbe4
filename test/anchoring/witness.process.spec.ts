import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCheckpoint, parsePolicy } from '../../src/tlog/policy.js';
import { ed25519Verify } from '../../src/signing/ed25519.js';
import { addCheckpoint } from '../../src/anchoring/witness-client.js';
import { cosignedNote } from '../../src/anchoring/witnesses.js';
import { sha256 } from '../../src/shared/sha256.js';
import { signCheckpoint } from '../../src/tlog/sign.js';
import type { LedgerWatch } from '../../src/anchoring/ledger-watch.js';
import { restore } from '../../src/operations/restore.js';
import { SigningError } from '../../src/signing/signing-error.js';
import { freshFolder } from '../support/folders.js';
import {
  START,
  codeOf,
  failures,
  opened,
  sender,
  type TestLedger,
  type TestOptions,
} from '../recording/test-ledger.js';
import { WitnessDouble } from './witness-double.js';

const HOUR = 3_600_000;

/** A ledger whose policy asks for one witness, which knows it; and a clock that the test sets. */
async function watched(options: TestOptions = {}) {
  const witness = await new WitnessDouble('witness.example/w1', 1).start();
  const clock = { ms: Date.now() };
  const folder = freshFolder('witness');
  const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
  const reports: string[] = [];
  const open = (): Promise<TestLedger> =>
    opened(folder, {
      policy,
      clock: () => clock.ms,
      report: (message) => reports.push(message),
      ...options,
    });
  const ledger = await open();
  witness.known = [ledger.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
  return { witness, clock, folder, ledger, open, reports };
}

describe('a ledger with witnesses', () => {
  it('begins no study before its lab checkpoint has its quorum (2.9.6), and is in commission then', async () => {
    const { witness, folder, ledger } = await watched();
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('not-commissioned');
    await ledger.anchoring.anchor();
    expect(witness.last).toEqual({ status: 200, old: 0, size: 1 });
    expect(ledger.anchoring.status()).toMatchObject({ state: 'witnessed', quorum: { size: 1 } });
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('recorded');
    await ledger.engine.close();
    await witness.stop();
    expect(await failures(folder)).toEqual([]);
  });

  it('keeps the answer and the cosignature beside the note, which together satisfy the policy [R47]', async () => {
    const { witness, folder, ledger } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    await ledger.anchoring.anchor();
    expect(witness.last).toEqual({ status: 200, old: 1, size: 3 });
    expect(readdirSync(join(folder, 'anchors', 'witness', 'lab-3'))).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}\.first\.answer$/),
      expect.stringMatching(/^[0-9a-f]{8}\.first\.cosignature$/),
    ]);
    expect(readFileSync(join(folder, 'anchors', 'lab-3.note'), 'utf8').match(/^— /gm)).toHaveLength(1);
    const policy = parsePolicy(sha256, ledger.folder.policy() ?? '');
    const judge = { verify: ed25519Verify, now: witness.time };
    const trusted = verifyCheckpoint(cosignedNote(ledger.folder.anchors, 3) ?? '', policy, judge);
    expect(trusted).toMatchObject({
      checkpoint: { size: 3 },
      cosignatures: [{ witness: 'w1', time: witness.time }],
    });
    expect(ledger.engine.evidenceOf(2)).toBe('cosigned');
    await ledger.engine.close();
    await witness.stop();
  });

  it('sends its checkpoint again each hour without news, and not sooner', async () => {
    const { witness, clock, ledger } = await watched();
    await ledger.anchoring.anchor();
    await ledger.anchoring.anchor();
    expect(witness.requests).toHaveLength(1);
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(witness.requests).toEqual([
      { status: 200, old: 0, size: 1 },
      { status: 200, old: 1, size: 1 },
    ]);
    await ledger.engine.close();
    await witness.stop();
  });

  it('tells the witness’s size when it has forgotten it, once', async () => {
    const { witness, folder, ledger } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    ledger.folder.anchors.remember({ witnesses: {} });
    await ledger.anchoring.anchor();
    expect(witness.requests.slice(1)).toEqual([
      { status: 409, old: 0, size: 3 },
      { status: 200, old: 1, size: 3 },
    ]);
    await ledger.engine.close();
    await witness.stop();
    expect(existsSync(join(folder, 'alarm.json'))).toBe(false);
  });

  it.each([400, 403, 404, 500, 418])(
    'goes on recording where it answers %i, and asks again later',
    async (status) => {
      const { witness, clock, ledger } = await watched();
      await ledger.anchoring.anchor();
      await ledger.study();
      witness.instead = { status };
      await ledger.anchoring.anchor();
      await ledger.anchoring.anchor();
      expect(witness.requests).toHaveLength(2);
      expect(ledger.anchoring.status().witnesses).toMatchObject([
        { failures: 1, problem: expect.stringContaining(String(status)) },
      ]);
      await ledger.grow(1);
      expect(ledger.engine.alarm).toBeUndefined();
      for (const [wait, asked] of [
        [15_000, 3],
        [15_000, 3],
        [15_000, 4],
      ] as const) {
        clock.ms += wait;
        await ledger.anchoring.anchor();
        expect(witness.requests).toHaveLength(asked);
      }
      witness.instead = undefined;
      clock.ms += HOUR;
      await ledger.anchoring.anchor();
      expect(witness.last).toMatchObject({ status: 200, old: 1 });
      expect(ledger.anchoring.status().witnesses).toMatchObject([{ failures: 0 }]);
      await ledger.engine.close();
      await witness.stop();
    },
  );

  it('goes on recording where the witness is gone; after a day it is unanchored (2.9.7), until it is back', async () => {
    const { witness, clock, ledger } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    witness.instead = { status: 503 };
    clock.ms += 25 * HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().state).toBe('unanchored');
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('study-exists');
    expect(codeOf(await ledger.send('CloseStudy'))).toBe('ledger-unanchored');
    expect((await ledger.engine.refusal('ExportBundle'))?.code).toBe('ledger-unanchored');
    // In a governed study these acts hold from a signature on, which waits as well.
    expect(codeOf(await ledger.send('ArchiveStudy'))).toBe('ledger-unanchored');
    for (const meaning of ['closed', 'archived'])
      expect(codeOf(await ledger.send('SignRecords', { data: { meaning, records: [1] } }))).toBe(
        'ledger-unanchored',
      );
    await ledger.grow(1);
    witness.instead = undefined;
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().state).toBe('witnessed');
    expect(codeOf(await ledger.send('CloseStudy'))).toBe('recorded');
    await ledger.engine.close();
    await witness.stop();
  });

  it('believes no cosignature of another key, and none that is bad', async () => {
    const { witness, clock, ledger } = await watched();
    const other = await new WitnessDouble('witness.example/w2', 2).start();
    other.known = witness.known;
    const body = (await addCheckpoint(other.url, {
      old: 0,
      proof: [],
      note: (await ledger.engine.signHead('lab')).note,
    })) as {
      body: string;
    };
    witness.instead = { status: 200, body: body.body };
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({
      state: 'commissioning',
      witnesses: [{ failures: 1 }],
    });
    witness.instead = { status: 200, body: '— witness.example/w1 AAAA\n' };
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({
      state: 'commissioning',
      witnesses: [{ failures: 2 }],
    });
    await ledger.engine.close();
    await Promise.all([witness.stop(), other.stop()]);
  });
});

/** The folder as it was before three more records were witnessed, in the place of the present one: marks and all. */
async function rolledBack({ folder, ledger, open }: Awaited<ReturnType<typeof watched>>): Promise<string> {
  await ledger.anchoring.anchor();
  await ledger.engine.close();
  const [yesterday, lost] = [freshFolder('yesterday'), freshFolder('lost')];
  cpSync(folder, yesterday, { recursive: true });
  const today = await open();
  await today.study();
  await today.anchoring.anchor();
  await today.engine.close();
  cpSync(folder, lost, { recursive: true });
  rmSync(folder, { recursive: true });
  cpSync(yesterday, folder, { recursive: true });
  return lost;
}

describe('the only witness, that shows a head which this lab has signed', () => {
  it('proves a backup that was restored with its marks (A12): nothing is recorded or signed [R47]', async () => {
    const given = await watched();
    const { witness, folder, open } = given;
    const lost = await rolledBack(given);
    const restored = await open();
    await restored.engine.watch.ready(restored.engine);
    expect(witness.last).toEqual({ status: 409, old: 1, size: 1 });
    expect(codeOf(await restored.send('RegisterStudy'))).toBe('store-behind-mark');
    await expect(restored.engine.signHead('lab')).rejects.toMatchObject({ code: 'store-behind-mark' });
    await restored.engine.close();
    const again = await open();
    expect(codeOf(await again.send('RegisterStudy'))).toBe('store-behind-mark');
    await again.engine.close();
    // The proof is a head that was signed, so a restore has to reach it: nobody can dismiss it.
    const cause = 'The disk was exchanged';
    await expect(restore({ data: folder, cause })).rejects.toMatchObject({ code: 'source-needed' });
    await restore({ data: folder, from: lost, cause });
    const healed = await open();
    await healed.grow(1);
    await healed.anchoring.anchor();
    expect(healed.engine.alarm).toBeUndefined();
    expect(witness.last?.status).toBe(200);
    await healed.engine.close();
    expect(await failures(folder)).toEqual([]);
    await witness.stop();
  });

  it('proves that the records are others: nothing is recorded or signed', async () => {
    const real = { simulated: false, people: false };
    const { witness, folder, ledger, reports } = await watched(real);
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    const rebuilt = freshFolder('rebuilt');
    for (const name of ['master.seed', 'policy'])
      cpSync(join(folder, name), join(rebuilt, name), { recursive: true });
    const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
    const other = await opened(rebuilt, {
      policy,
      clock: () => START,
      report: (message) => reports.push(message),
      ...real,
    });
    await other.anchoring.anchor();
    expect(reports.join()).toContain('that this lab has signed, and the records here are others');
    expect(other.engine.alarm?.code).toBe('store-inconsistent');
    expect(codeOf(await other.send('RegisterStudy'))).toBe('store-inconsistent');
    await other.engine.close();
    await witness.stop();
  });
});

describe('the only witness, that shows no proof', () => {
  it('stops recording too where it names a larger size (A12), until a person restores without a source', async () => {
    const given = await watched();
    const { witness, folder, open, reports } = given;
    witness.shows = false;
    await rolledBack(given);
    const behind = await open();
    await behind.engine.watch.ready(behind.engine);
    expect(codeOf(await behind.send('RegisterStudy'))).toBe('store-behind-mark');
    await expect(behind.engine.signHead('lab')).rejects.toMatchObject({ code: 'store-behind-mark' });
    expect(behind.anchoring.status().witnesses).toMatchObject([{ disputed: true }]);
    await behind.engine.close();
    expect(existsSync(join(folder, 'alarm.json'))).toBe(false);
    const again = await open();
    expect(codeOf(await again.send('RegisterStudy'))).toBe('store-behind-mark');
    expect(reports.join()).toContain('restore --without-source');
    await again.engine.close();

    await restore({ data: folder, cause: 'The witness was set up anew' });
    const dismissed = await open();
    expect(codeOf(await dismissed.send('RegisterStudy'))).toBe('recorded');
    await dismissed.anchoring.anchor();
    expect(witness.last?.status).not.toBe(200);
    expect(dismissed.engine.alarm).toBeUndefined();
    expect(dismissed.anchoring.status().witnesses).toMatchObject([{ disputed: true }]);
    await dismissed.engine.close();
    expect(await failures(folder)).toEqual([]);
    await witness.stop();
  });

  it('is believed again once it cosigns, in the same process and in the next', async () => {
    const { witness, clock, ledger, open, reports } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    witness.instead = { status: 409, type: 'text/x.tlog.size', body: '99\n' };
    await ledger.anchoring.anchor();
    const other = sender(ledger.engine, 'NP-002');
    expect(codeOf(await other('RegisterStudy'))).toBe('store-behind-mark');
    witness.instead = { status: 503 };
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(codeOf(await other('RegisterStudy'))).toBe('store-behind-mark');
    witness.instead = undefined;
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(reports.join()).toContain('no longer disputed');
    expect(codeOf(await other('RegisterStudy'))).toBe('recorded');
    expect(await ledger.engine.signHead('lab')).toMatchObject({ size: 4 });

    witness.instead = { status: 409, type: 'text/x.tlog.size', body: '99\n' };
    await ledger.anchoring.anchor();
    expect(codeOf(await other('ApproveProtocol'))).toBe('store-behind-mark');
    await ledger.engine.close();
    witness.instead = undefined;
    const again = await open();
    expect(codeOf(await sender(again.engine, 'NP-002')('ApproveProtocol'))).toBe('recorded');
    await again.engine.close();
    await witness.stop();
  });

  it.each([
    ['422', { status: 422 }],
    ['409 with the same size', { status: 409, type: 'text/x.tlog.size', body: '1\n' }],
    ['409 with no size', { status: 409 }],
    ['409 with a size that is none', { status: 409, type: 'text/x.tlog.size', body: '01\n' }],
    ['409 with the page of a proxy', { status: 409, type: 'text/html', body: '<h1>Conflict</h1>' }],
  ])('stops signing by %s (A4, A16), and recording goes on', async (_, instead) => {
    const { witness, clock, ledger, open } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    witness.instead = instead;
    await ledger.anchoring.anchor();
    expect(witness.requests).toHaveLength(2);
    expect(ledger.engine.alarm?.code).toBe('witness-inconsistent');
    await expect(ledger.engine.signHead('study-NP-001')).rejects.toMatchObject({
      code: 'witness-inconsistent',
    });
    await ledger.grow(1);
    await ledger.engine.close();
    const again = await open();
    expect(again.engine.alarm).toBeInstanceOf(SigningError);
    await expect(again.engine.signHead('lab')).rejects.toMatchObject({ code: 'witness-inconsistent' });
    await again.grow(1);
    witness.instead = undefined;
    clock.ms += HOUR;
    await again.anchoring.anchor();
    expect(again.anchoring.status()).toMatchObject({ problems: {}, witnesses: [{ failures: 0 }] });
    expect(again.engine.alarm).toBeUndefined();
    await again.engine.close();
    await witness.stop();
  });
});

/** Three witnesses of which two are enough. */
async function watchedByThree() {
  const names = ['one', 'two', 'three'];
  const witnesses = await Promise.all(
    names.map((name, index) => new WitnessDouble(`${name}.example/w`, index + 1).start()),
  );
  const lines = witnesses.map(({ vkey, url }, index) => `witness ${names[index]} ${vkey} ${url}\n`).join('');
  const clock = { ms: Date.now() };
  const reports: string[] = [];
  const ledger = await opened(freshFolder('three'), {
    policy: `${lines}group most 2 ${names.join(' ')}\nquorum most\n`,
    clock: () => clock.ms,
    report: (message) => reports.push(message),
  });
  for (const witness of witnesses)
    witness.known = [ledger.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
  await ledger.anchoring.anchor();
  await ledger.study();
  const stop = () => Promise.all([ledger.engine.close(), ...witnesses.map((witness) => witness.stop())]);
  return {
    witnesses: witnesses as [WitnessDouble, WitnessDouble, WitnessDouble],
    clock,
    ledger,
    reports,
    stop,
  };
}

describe('of three witnesses, two of which make the quorum', () => {
  it('one that claims a larger lab is disputed, and everything goes on', async () => {
    const { witnesses, clock, ledger, reports, stop } = await watchedByThree();
    const [lying] = witnesses;
    lying.instead = { status: 409, type: 'text/x.tlog.size', body: '99\n' };
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({
      state: 'witnessed',
      quorum: { size: 3 },
      witnesses: [
        { name: 'one', disputed: true, problem: 'it has cosigned 99 records' },
        { name: 'two' },
        {},
      ],
    });
    expect(ledger.engine.alarm).toBeUndefined();
    expect(reports).toEqual([expect.stringContaining('It is disputed; everything goes on')]);
    expect(codeOf(await sender(ledger.engine, 'NP-002')('RegisterStudy'))).toBe('recorded');
    lying.instead = undefined;
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().witnesses[0]).not.toHaveProperty('disputed');
    await stop();
  });

  it('two that claim another lab leave no quorum: nothing is signed, and nothing recorded where one names a size', async () => {
    const { witnesses, ledger, stop } = await watchedByThree();
    const [one, two] = witnesses;
    one.instead = { status: 422 };
    two.instead = { status: 422 };
    await ledger.anchoring.anchor();
    expect(ledger.engine.alarm?.code).toBe('witness-inconsistent');
    await ledger.grow(1);
    two.instead = { status: 409, type: 'text/x.tlog.size', body: '99\n' };
    const { watch } = ledger.engine;
    await (watch as LedgerWatch).witnesses.send(
      ledger.engine,
      ledger.folder.anchors.newest(() => true)!,
      () => true,
    );
    expect(ledger.engine.alarm?.code).toBe('store-behind-mark');
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-behind-mark');
    await stop();
  });

  it('one that proves another lab stops everything', async () => {
    const { witnesses, ledger, stop } = await watchedByThree();
    const [proving] = witnesses;
    proving.latest = { size: 1, root: 'x'.repeat(32) };
    const { ring } = ledger.engine.heads;
    const { key, sign } = ring!.key('lab.example/ledger/lab');
    proving.latestNote = signCheckpoint(
      { origin: 'lab.example/ledger/lab', size: 1, root: 'x'.repeat(32) },
      key,
      sign,
    );
    await ledger.anchoring.anchor();
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('store-inconsistent');
    await stop();
  });
});

describe('what a witness remembers', () => {
  it('lets one of two servers from one backup through (A6)', async () => {
    const { witness, folder, ledger, open } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    const twin = freshFolder('twin');
    cpSync(folder, twin, { recursive: true });
    const policy = readFileSync(join(folder, 'policy', 'lab.policy'), 'utf8');
    const first = await open();
    await first.grow(2);
    await first.anchoring.anchor();
    expect(witness.last?.status).toBe(200);
    const second = await opened(twin, { policy, clock: () => Date.now() });
    await second.grow(1);
    await second.anchoring.anchor();
    expect(witness.last?.status).not.toBe(200);
    expect(second.engine.alarm).toBeInstanceOf(SigningError);
    expect(second.engine.alarm?.refusal).toBeDefined();
    await Promise.all([first.engine.close(), second.engine.close()]);
    await witness.stop();
  });

  it('has two witnesses count as the policy says: one that is down is missed', async () => {
    const [one, two] = [
      await new WitnessDouble('one.example/w', 1).start(),
      await new WitnessDouble('two.example/w', 2).start(),
    ];
    const folder = freshFolder('witness');
    const policy = `witness a ${one.vkey} ${one.url}\nwitness b ${two.vkey} ${two.url}\ngroup both all a b\nquorum both\n`;
    const ledger = await opened(folder, { policy, clock: () => Date.now() });
    one.known = [ledger.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().state).toBe('commissioning');
    two.known = one.known;
    ledger.folder.anchors.remember({ witnesses: {} });
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().state).toBe('witnessed');
    await ledger.engine.close();
    await Promise.all([one.stop(), two.stop()]);
  });
});

describe('the client of tlog-witness', () => {
  it('says what it cannot reach, waits no longer than it should, and reads no more than a note', async () => {
    const witness = await new WitnessDouble('witness.example/w1', 1).start();
    const submission = { old: 0, proof: [], note: 'a\n0\nb\n\n' };
    witness.instead = { status: 200, body: 'x'.repeat(70_000) };
    expect(await addCheckpoint(witness.url, submission)).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('65536'),
    });
    await witness.stop();
    expect(await addCheckpoint(witness.url, submission)).toMatchObject({ kind: 'unavailable' });
  });
});
