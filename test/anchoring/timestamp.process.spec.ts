import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TimestampReceived } from '../../src/lab/events.js';
import { checkTimestamp, timestampRequest, type Expected } from '../../src/rfc3161/timestamp-request.js';
import { derOid } from '../../src/rfc3161/write-der.js';
import { inside, oidOf, parseDer, unsignedHex } from '../../src/rfc3161/read-der.js';
import { ownCommandId } from '../../src/recording/lab-records.js';
import { LedgerFolder } from '../../src/anchoring/ledger-folder.js';
import { freshFolder } from '../support/folders.js';
import { AuthorityDouble } from './authority-double.js';
import { codeOf, failures, opened, plant, type TestLedger } from '../recording/test-ledger.js';

const IMPRINT = createHash('sha256').update('a note').digest('hex');

describe.each(['rsa', 'ec'] as const)('a token of an %s authority', (algorithm) => {
  const authority = new AuthorityDouble(algorithm);
  const now = Date.now();
  const expected = (changes: Partial<Expected> = {}): Expected => ({
    imprint: IMPRINT,
    sent: now,
    received: now,
    authorities: readFileSync(authority.caFile, 'utf8'),
    ...changes,
  });
  const request = timestampRequest(IMPRINT);
  const response = authority.stamp(request);

  it('is taken where it is what was asked for', () => {
    const { genTime, policy } = checkTimestamp(request, response, expected());
    expect(genTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
    expect(Math.abs(Date.parse(genTime) - now)).toBeLessThan(60_000);
    expect(policy).toBe('1.2.3.4.1');
    expect(checkTimestamp(request, response, expected({ policies: ['1.2.3.4.1'] })).policy).toBe('1.2.3.4.1');
  });

  it('is refused over something else, for another request, of another time or policy', () => {
    const refused = (changes: Partial<Expected>, asked = request): string => {
      try {
        checkTimestamp(asked, response, expected(changes));
      } catch (error) {
        return (error as Error).message;
      }
      return 'taken';
    };
    expect(refused({ imprint: '00'.repeat(32) })).toMatch(/something else/);
    expect(refused({}, timestampRequest(IMPRINT))).toMatch(/another request/);
    expect(refused({ sent: now + 600_000, received: now + 600_000 })).toMatch(/not that of the request/);
    expect(refused({ sent: now - 600_000, received: now - 600_000 })).toMatch(/not that of the request/);
    expect(refused({ policies: ['1.2.3.4.2'] })).toMatch(/policy/);
    expect(refused({ authorities: 'nothing' })).toMatch(/no certificate/);
    expect(refused({ authorities: readFileSync(new AuthorityDouble('ec').caFile, 'utf8') })).toMatch(
      /trusted/,
    );
  });

  it('is refused by a certificate that is not, critically and only, for time stamping', () => {
    expect(() => checkTimestamp(request, authority.signAgain(response, 'tsa'), expected())).not.toThrow();
    for (const usage of ['lax', 'wide'] as const) {
      const wrong = authority.signAgain(response, usage);
      expect(() => checkTimestamp(request, wrong, expected())).toThrow(/critically and only/);
    }
  });

  it('is refused with the SHA-1 form of the certificate’s name (RFC 5816)', () => {
    authority.essAlgorithm = 'sha1';
    const old = authority.stamp(request);
    authority.essAlgorithm = 'sha256';
    expect(() => checkTimestamp(request, old, expected())).toThrow(/ESSCertIDv2/);
  });

  it('is refused with any byte of it changed, or it says the same', () => {
    const known = checkTimestamp(request, response, expected());
    let refused = 0;
    for (let at = 0; at < response.length; at += 3) {
      const mutated = Buffer.from(response);
      mutated[at]! ^= 1 << (at % 8);
      try {
        // Bytes that nobody signed, such as further attributes, may change; what is recorded of it may not.
        expect(checkTimestamp(request, mutated, expected())).toEqual(known);
      } catch (error) {
        if ((error as Error).name === 'JestAssertionError' || 'matcherResult' in (error as Error))
          throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(response.length / 3 - 40);
    for (const length of [0, 1, 2, 100, response.length - 1]) {
      expect(() => checkTimestamp(request, response.subarray(0, length), expected())).toThrow();
    }
    expect(() => checkTimestamp(request, Buffer.concat([response, Buffer.of(0)]), expected())).toThrow();
  });
});

describe('DER', () => {
  it('writes what it reads', () => {
    for (const oid of [
      '1.2.840.113549.1.9.16.1.4',
      '2.16.840.1.101.3.4.2.1',
      '1.3.6.1.5.5.7.3.8',
      '2.5.29.37',
    ])
      expect(oidOf(parseDer(derOid(oid)))).toBe(oid);
  });

  it('asks with version 1, SHA-256, the imprint, a nonce of its own and for certificates', () => {
    const [version, imprint, nonce, certificates] = inside(parseDer(timestampRequest(IMPRINT)));
    expect(unsignedHex(version!)).toBe('01');
    expect(inside(imprint!)[1]!.content.toString('hex')).toBe(IMPRINT);
    expect(certificates!.content).toEqual(Buffer.of(0xff));
    expect(unsignedHex(inside(parseDer(timestampRequest(IMPRINT)))[2]!)).not.toBe(unsignedHex(nonce!));
  });
});

describe('a ledger with a time-stamp authority', () => {
  const HOUR = 3_600_000;
  let authority: AuthorityDouble;
  beforeAll(async () => (authority = await new AuthorityDouble().start()));
  afterAll(() => authority.stop());
  beforeEach(() => Object.assign(authority, { instead: undefined, replay: undefined, requests: 0 }));

  async function stamped(): Promise<{
    folder: string;
    clock: { ms: number };
    open: () => Promise<TestLedger>;
  }> {
    const folder = freshFolder('stamped');
    const clock = { ms: Date.now() };
    await (await opened(folder)).engine.close();
    const config = LedgerFolder.read(folder).with({
      timestampAuthority: { url: authority.url, name: 'Test TSA', caFile: authority.caFile },
    });
    config.write();
    return { folder, clock, open: () => opened(folder, { clock: () => clock.ms }) };
  }

  async function received({ engine }: TestLedger): Promise<TimestampReceived[]> {
    const found: TimestampReceived[] = [];
    for await (const page of engine.store.read('lab'))
      for (const { text } of page) {
        const { type, data } = JSON.parse(text) as { type: string; data: TimestampReceived };
        if (type === 'TimestampReceived') found.push(data);
      }
    return found;
  }

  it('begins no study before a token was received, and records what openssl verifies', async () => {
    const { folder, open } = await stamped();
    const ledger = await open();
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('not-commissioned');
    await ledger.anchoring.anchor();
    const [token] = await received(ledger);
    const note = readFileSync(join(folder, 'anchors', 'lab-1.note'));
    const imprint = createHash('sha256').update(note).digest('hex');
    const [tsq, tsr] = ['tsq', 'tsr'].map((ending) =>
      join(folder, 'anchors', 'timestamps', `${imprint}.${ending}`),
    );
    expect(token).toMatchObject({
      size: 1,
      imprint,
      tsa: 'Test TSA',
      tokenSha256: createHash('sha256').update(readFileSync(tsr!)).digest('hex'),
    });
    expect(authority.verifies(tsq!, tsr!)).toMatch(/Verification: OK/);
    expect(ledger.anchoring.status()).toMatchObject({
      state: 'witnessed',
      authority: { name: 'Test TSA', size: 1 },
    });
    expect(codeOf(await ledger.send('RegisterStudy'))).toBe('recorded');
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('does not feed itself (2.8.4): a received token is no news; each hour with news, each day without', async () => {
    const { folder, clock, open } = await stamped();
    const ledger = await open();
    for (let round = 0; round < 3; round++) await ledger.anchoring.anchor();
    expect(authority.requests).toBe(1);
    await ledger.study();
    for (let round = 0; round < 3; round++) await ledger.anchoring.anchor();
    expect(authority.requests).toBe(2);
    await ledger.grow(1);
    await ledger.anchoring.anchor();
    expect(authority.requests).toBe(2);
    clock.ms += HOUR;
    // openssl stamps with the true time: an hour ahead of it, the token is not believed.
    await ledger.anchoring.anchor();
    expect(authority.requests).toBe(3);
    expect(ledger.anchoring.status().authority).toMatchObject({ failures: 0 });
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('stamps once a day without news, each time another head', async () => {
    const { folder, clock, open } = await stamped();
    const ledger = await open();
    await ledger.anchoring.anchor();
    clock.ms += 24 * HOUR;
    await ledger.anchoring.anchor();
    await ledger.anchoring.anchor();
    expect((await received(ledger)).map(({ size }) => size)).toEqual([1, 2]);
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('goes on recording where the authority is down or answers nonsense, and asks again later', async () => {
    const { clock, open, folder } = await stamped();
    const ledger = await open();
    await ledger.anchoring.anchor();
    await ledger.study();
    for (const [index, instead] of [
      { status: 503 },
      { status: 200, body: Buffer.from('nonsense') },
    ].entries()) {
      authority.instead = instead;
      clock.ms += HOUR;
      await ledger.grow(1);
      await ledger.anchoring.anchor();
      expect(ledger.anchoring.status().authority).toMatchObject({ failures: index + 1 });
    }
    const kept = readdirSync(join(folder, 'anchors', 'timestamps'));
    expect(kept.filter((name) => name.endsWith('.tsr.refused'))).toHaveLength(1);
    authority.instead = undefined;
    authority.replay = timestampRequest('00'.repeat(32));
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().authority?.problem).toMatch(/another request|something else/);
    authority.replay = undefined;
    clock.ms += HOUR;
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().authority).toMatchObject({ failures: 0 });
    await ledger.engine.close();
    // The clock of this test runs hours ahead of openssl’s, and that is found.
    expect((await failures(folder)).filter((text) => !text.includes('the clock was wrong'))).toEqual([]);
  });

  it('records a token that came just before a crash', async () => {
    const { folder, open } = await stamped();
    const first = await open();
    await first.engine.watch.ready(first.engine);
    Object.assign(first.engine, { recordInLab: () => Promise.reject(new Error('power cut')) });
    await first.anchoring.anchor();
    expect(await received(first)).toEqual([]);
    await first.engine.close();
    expect(readdirSync(join(folder, 'anchors', 'timestamps')).some((name) => name.endsWith('.tsr'))).toBe(
      true,
    );
    const ledger = await open();
    await ledger.anchoring.anchor();
    expect((await received(ledger))[0]).toMatchObject({ size: 1 });
    await ledger.engine.close();
    expect(await failures(folder)).toEqual([]);
  });

  it('does not take a planted command id for the record of a token', async () => {
    const { folder, clock, open } = await stamped();
    const first = await open();
    await first.anchoring.anchor();
    await first.study();
    const { engine } = first;
    const record = engine.recordInLab.bind(engine);
    Object.assign(engine, {
      recordInLab: (proposal: Parameters<typeof record>[0]) =>
        proposal.command === 'ReceiveTimestamp' ? Promise.reject(new Error('power cut')) : record(proposal),
    });
    clock.ms += HOUR;
    await first.anchoring.anchor();
    const known = (await received(first)).map(({ imprint }) => imprint);
    const kept = readdirSync(join(folder, 'anchors', 'timestamps')).filter((name) => name.endsWith('.tsr'));
    const imprint = kept.map((name) => name.slice(0, 64)).find((name) => !known.includes(name))!;
    expect(codeOf(await plant(engine, 'NP-666', ownCommandId('timestamp', imprint)))).toBe('recorded');
    await engine.close();

    const ledger = await open();
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status().authority?.problem).toContain(
      'bears the command id of ReceiveTimestamp',
    );
    await ledger.engine.close();
  });

  it('fails where the file of authorities cannot be read, and does not do without', async () => {
    const { folder, open } = await stamped();
    const config = LedgerFolder.read(folder);
    config.with({ timestampAuthority: { url: authority.url, caFile: 'missing.pem' } }).write();
    const ledger = await open();
    await ledger.anchoring.anchor();
    expect(ledger.anchoring.status()).toMatchObject({ state: 'commissioning', authority: { failures: 1 } });
    await ledger.engine.close();
    expect(existsSync(join(folder, 'missing.pem'))).toBe(false);
    writeFileSync(join(folder, 'missing.pem'), readFileSync(authority.caFile));
    const again = await open();
    await again.anchoring.anchor();
    expect(await received(again)).toHaveLength(1);
    await again.engine.close();
  });
});
