import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCheckpoint, parsePolicy } from '../../src/tlog/policy.js';
import { ed25519Verify } from '../../src/signing/ed25519.js';
import { addCheckpoint } from '../../src/anchoring/witness-client.js';
import { cosignedNote } from '../../src/anchoring/witnesses.js';
import { sha256 } from '../../src/shared/sha256.js';
import { SigningError } from '../../src/signing/signing-error.js';
import { freshFolder } from '../support/folders.js';
import { codeOf, failures, opened, type TestLedger } from '../recording/test-ledger.js';
import { WitnessDouble } from './witness-double.js';

const HOUR = 3_600_000;

/** A ledger whose policy asks for one witness, which knows it; and a clock that the test sets. */
async function watched() {
  const witness = await new WitnessDouble('witness.example/w1', 1).start();
  const clock = { ms: Date.now() };
  const folder = freshFolder('witness');
  const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
  const reports: string[] = [];
  const open = (): Promise<TestLedger> =>
    opened(folder, { policy, clock: () => clock.ms, report: (message) => reports.push(message) });
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

  it('keeps the answer and the cosignature beside the note, which together satisfy the policy', async () => {
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

describe('what a witness remembers', () => {
  it('shows a lab that was rewritten (A4, A16): nothing is signed any more, recording goes on', async () => {
    const { witness, folder, ledger, open, reports } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    witness.latest = { size: 1, root: 'x'.repeat(32) };
    await ledger.anchoring.anchor();
    expect(witness.last?.status).toBe(422);
    expect(reports.join()).toContain('remembers another lab log');
    await expect(ledger.engine.signHead('study-NP-001')).rejects.toMatchObject({
      code: 'witness-inconsistent',
    });
    await ledger.grow(1);
    await ledger.engine.close();
    const again = await open();
    expect(again.engine.alarm).toBeInstanceOf(SigningError);
    await expect(again.engine.signHead('lab')).rejects.toMatchObject({ code: 'witness-inconsistent' });
    await again.grow(1);
    await again.engine.close();
    expect(existsSync(join(folder, 'alarm.json'))).toBe(true);
    await witness.stop();
  });

  it.each([
    ['the same size', { status: 409, type: 'text/x.tlog.size', body: '1\n' }],
    ['no size', { status: 409 }],
    ['a size that is none', { status: 409, type: 'text/x.tlog.size', body: '01\n' }],
  ])('shows it by 409 with %s too, and is not asked again', async (_, instead) => {
    const { witness, ledger } = await watched();
    await ledger.anchoring.anchor();
    await ledger.study();
    witness.instead = instead;
    await ledger.anchoring.anchor();
    expect(witness.requests).toHaveLength(2);
    expect(ledger.engine.alarm?.code).toBe('witness-inconsistent');
    await ledger.engine.close();
    await witness.stop();
  });

  it('shows a backup that was restored with its marks (A12): before anything is signed, nothing is recorded', async () => {
    const { witness, folder, ledger, open } = await watched();
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    const yesterday = freshFolder('yesterday');
    cpSync(folder, yesterday, { recursive: true });
    const today = await open();
    await today.study();
    await today.anchoring.anchor();
    await today.engine.close();
    rmSync(folder, { recursive: true });
    cpSync(yesterday, folder, { recursive: true });
    const restored = await open();
    await restored.engine.watch.ready(restored.engine);
    expect(witness.last).toEqual({ status: 409, old: 1, size: 1 });
    expect(codeOf(await restored.send('RegisterStudy'))).toBe('store-behind-mark');
    await expect(restored.engine.signHead('lab')).rejects.toMatchObject({ code: 'store-behind-mark' });
    await restored.engine.close();
    const again = await open();
    expect(codeOf(await again.send('RegisterStudy'))).toBe('store-behind-mark');
    await again.engine.close();
    await witness.stop();
  });

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
