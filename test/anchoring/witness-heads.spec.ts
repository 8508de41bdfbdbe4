import { witnessHeads } from '../../src/anchoring/witness-heads.js';
import { cpSync, rmSync } from 'node:fs';
import { freshFolder } from '../support/folders.js';
import { proposeClockConfirmation } from '../../src/anchoring/anchor-facts.js';
import type { Engine } from '../../src/recording/engine.js';
import { v4 } from 'uuid';
import { opened, type TestOptions } from '../recording/test-ledger.js';
import { studyLedger } from '../support/cli.js';
import { WitnessDouble } from './witness-double.js';

/** A ledger of three lab records, which its witness has cosigned. */
async function watched(options: TestOptions = {}) {
  const witness = await new WitnessDouble('witness.example/w1', 1).start();
  const path = freshFolder('witness-heads');
  const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
  const ledger = await opened(path, { policy, clock: () => Date.now(), ...options });
  witness.known = [ledger.engine.labNow.keys.get('lab.example/ledger/lab')![0]!.vkey];
  await ledger.anchoring.anchor();
  return { witness, path, ledger };
}

/** A record of the lab that needs no study. */
async function confirmClock(engine: Engine, cause: string): Promise<void> {
  const { recordedMs } = await engine.lab();
  await engine.recordInLab(proposeClockConfirmation(engine, recordedMs, { cause, commandId: v4() }));
}

describe('what a witness has cosigned, asked at its monitoring address', () => {
  it('agrees with the log here, also where that has grown since', async () => {
    const { witness, ledger } = await watched();
    const name = 'w1';
    expect(await witnessHeads(ledger.engine, ledger.folder)).toEqual([
      { name, url: witness.url, state: 'agrees', size: 1 },
    ]);
    await ledger.study();
    expect(await witnessHeads(ledger.engine, ledger.folder)).toMatchObject([{ state: 'agrees', size: 1 }]);
    await ledger.engine.close();
    await witness.stop();
  });

  it('is ahead where an older copy stands in the place of the ledger, marks and published heads included [R47]', async () => {
    const { witness, path, ledger } = await watched();
    await ledger.engine.close();
    const yesterday = freshFolder('yesterday');
    cpSync(path, yesterday, { recursive: true });
    const today = await opened(path, { clock: () => Date.now() });
    await today.study();
    await today.anchoring.anchor();
    await today.engine.close();
    rmSync(path, { recursive: true });
    cpSync(yesterday, path, { recursive: true });
    const old = await opened(path, { clock: () => Date.now() });
    expect(await witnessHeads(old.engine, old.folder)).toMatchObject([{ state: 'ahead', size: 3 }]);
    await old.engine.close();
    await witness.stop();
  });

  it('differs where the ledger was rebuilt with its true key', async () => {
    const { witness, ledger } = await watched();
    await ledger.study();
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    const rebuilt = freshFolder('rebuilt');
    // The same lab key, another history: its study was registered at another time.
    const other = await opened(rebuilt);
    await other.study();
    await other.anchoring.anchor();
    const folder = other.folder.with({ witnesses: [{ name: 'w1', url: witness.url, vkey: witness.vkey }] });
    expect(await witnessHeads(other.engine, folder)).toMatchObject([{ state: 'differs', size: 3 }]);
    await other.engine.close();
    await witness.stop();
  });

  it.each(['the same size', 'another size'])(
    'differs where the ledger was rebuilt with another key, by the cosignature alone: exit code 1 (%s)',
    async (size) => {
      const real = { simulated: false, people: false };
      const { witness, ledger } = await watched(real);
      for (const reason of ['1', '2']) await confirmClock(ledger.engine, reason);
      await ledger.anchoring.anchor();
      await ledger.engine.close();
      const path = freshFolder('rebuilt');
      const policy = `witness w1 ${witness.vkey} ${witness.url}\nquorum w1\n`;
      const other = await opened(path, { policy, clock: () => Date.now(), ...real });
      if (size === 'the same size') {
        for (const reason of ['1', '2']) await confirmClock(other.engine, reason);
      }
      expect(await witnessHeads(other.engine, other.folder)).toMatchObject([{ state: 'differs', size: 3 }]);
      await other.engine.close();
      const { code, out } = await studyLedger('anchors', '--ask', '--data', path);
      expect(code).toBe(1);
      expect(out).toContain('ANOTHER LAB LOG OF 3 RECORDS');
      await witness.stop();
    },
  );

  it('counts only where the lab and the witness have both signed it', async () => {
    const { witness, ledger } = await watched();
    const uncosigned = witness.latestNote!.replace(/\n— witness[^]*$/, '\n');
    for (const [note, detail] of [
      [uncosigned, 'no cosignature'],
      [uncosigned.replace('\n1\n', '\n2\n'), 'no checkpoint of this lab'],
      ['nonsense', 'no checkpoint of this lab'],
    ] as const) {
      witness.latestNote = note;
      const [head] = await witnessHeads(ledger.engine, ledger.folder);
      expect(head).toMatchObject({ state: note === 'nonsense' ? 'unknown' : 'unavailable' });
      if (note !== 'nonsense') expect(head?.detail).toContain(detail);
    }
    witness.latestNote = undefined;
    expect(await witnessHeads(ledger.engine, ledger.folder)).toMatchObject([{ state: 'unknown' }]);
    await witness.stop();
    expect(await witnessHeads(ledger.engine, ledger.folder)).toMatchObject([{ state: 'unavailable' }]);
    await ledger.engine.close();
  });
});
