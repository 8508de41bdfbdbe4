import { ATTESTATION, ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { ask } from '../../src/queries/ask.js';
import { ShowSignatures } from '../../src/queries/queries.js';
import { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { instantMs } from '../../src/study/instant.js';
import { Refusal } from '../../src/study/refusal.js';
import { sha256Hex } from '../../src/shared/sha256.js';
import { testStore } from '../support/test-store.js';
import { STUDY, signableStudy } from './simulated-people.js';

const APPROVED = { data: { meaning: 'approved', records: [1] } };
const codeOf = (answer: Receipt | Refusal): string => (answer instanceof Refusal ? answer.code : 'recorded');

/** With a study whose protocol its director signs: #2. */
async function signed() {
  const engine = new Engine(await testStore(), () => instantMs('2026-02-23T07:00:00Z') ?? 0);
  const people = await signableStudy(engine);
  const receipt = await people.send('sd-01', 'SignRecords', APPROVED);
  return { engine, ...people, receipt };
}

it('states a text by its digest', () => {
  expect(ATTESTATION_SHA256).toBe(sha256Hex(ATTESTATION));
});

describe('a simulated person', () => {
  it('signs with the simulated passkey, and the signature checks like any other', async () => {
    const { engine, receipt } = await signed();
    expect(codeOf(receipt)).toBe('recorded');
    const { signatures } = (await ask(engine, new ShowSignatures(STUDY))) as { signatures: object[] };
    expect(signatures).toEqual([
      expect.objectContaining({
        record: 2,
        status: 'valid',
        printedName: 'Simulated study director',
        role: 'director',
        time: '2026-03-02T12:00:00.000+01:00',
      }),
    ]);
  });

  it('makes the same bytes wherever the ledger is played', async () => {
    const [one, other] = [await signed(), await signed()];
    expect(one.receipt).toEqual(other.receipt);
    expect((one.receipt as Receipt).root).toBe((await other.engine.study(STUDY)).root(3));
  });

  it('is answered with the first receipt where the same command comes again', async () => {
    const { send, receipt, engine } = await signed();
    const last = (await engine.study(STUDY)).state.records.last!.record;
    expect(await send('sd-01', 'SignRecords', APPROVED, last.commandid)).toEqual(receipt);
    const other = { data: { meaning: 'authored', records: [0] } };
    expect(codeOf(await send('sd-01', 'SignRecords', other, last.commandid))).toBe('command-id-reused');
  });

  it('signs nothing before stating that it binds, without a role for it, or what is not there', async () => {
    const { send, attest } = await signed();
    expect(codeOf(await send('mgr-1', 'SignRecords', APPROVED))).toBe('not-permitted');
    const review = { data: { meaning: 'reviewed', range: { from: 0, to: 2 } } };
    expect(codeOf(await send('mgr-1', 'SignRecords', review))).toBe('attestation-missing');
    await attest('mgr-1');
    expect(codeOf(await send('mgr-1', 'SignRecords', review))).toBe('recorded');
    const beyond = { data: { meaning: 'reviewed', range: { from: 0, to: 9_007_199_254_740_991 } } };
    expect(codeOf(await send('mgr-1', 'SignRecords', beyond))).toBe('record-unknown');
    expect(codeOf(await send('nobody-1', 'SignRecords', APPROVED))).toBe('sign-in-required');
  });
});
