import { readStatement } from '../../../src/study/signatures/statement.js';
import { sha256Hex } from '../../../src/shared/sha256.js';
import type { OpenLogs } from '../../../src/recording/open-logs.js';
import { SigningError } from '../../../src/signing/signing-error.js';
import { StoreError } from '../../../src/store/store-error.js';
import { beginStudy, hire, ok } from '../../support/people.js';
import { STUDY, attest, prepare, prepared, send, sign, signingStudy, type SigningStudy } from './signing.js';

let all: SigningStudy;
beforeAll(async () => {
  all = await signingStudy();
}, 60_000);
afterAll(() => all.server.close());

describe('what is prepared', () => {
  it('names the records by the digests of their stored bytes, and the heads of study and lab [R24]', async () => {
    const { director, server } = all;
    const { payload, shown, options } = await prepared(director, { meaning: 'approved', records: [1] });
    const statement = readStatement(payload)!;
    expect(shown).toEqual(statement);
    let text = '';
    for await (const [first] of server.engine.store.read(`study-${STUDY}`, 1)) text ||= first!.text;
    const lab = await server.engine.log('lab');
    expect(statement).toMatchObject({
      subject: [
        {
          name: `lab.example/ledger/study/${STUDY}/records/1`,
          digest: { sha256: sha256Hex(text) },
        },
      ],
      predicate: {
        meaning: 'approved',
        printedName: 'Name of sd-01',
        personId: 'sd-01',
        role: 'director',
        zone: 'Europe/Amsterdam',
        tree: { origin: `lab.example/ledger/study/${STUDY}`, size: 3 },
        lab: { size: lab.size, root: lab.root(lab.size) },
        authentication: { method: 'passkey', credential: director.credential },
      },
    });
    expect(statement.predicate.time).toMatch(/\+0[12]:00$/);
    expect(options.allowCredentials).toHaveLength(1);
  });

  it.each([
    ['director', { meaning: 'approved', records: [1] }, undefined],
    ['technician', { meaning: 'approved', records: [1] }, 'not-permitted'],
    ['manager', { meaning: 'approved', records: [1] }, 'not-permitted'],
    ['director', { meaning: 'closed', records: [1] }, 'meaning-unfit'],
    ['technician', { meaning: 'performed', records: [2] }, undefined],
    ['director', { meaning: 'performed', records: [2] }, 'not-own-record'],
    ['manager', { meaning: 'reviewed', range: { from: 0, to: 2 } }, undefined],
    ['technician', { meaning: 'reviewed', range: { from: 0, to: 2 } }, 'own-record'],
    ['director', { meaning: 'approved', records: [99] }, 'record-unknown'],
    ['director', { meaning: 'approved' }, 'records-unnamed'],
    ['director', { meaning: 'approved', records: [1], range: { from: 0, to: 1 } }, 'records-unnamed'],
    ['director', { meaning: 'seen', records: [1] }, 'field-invalid'],
  ] as const)('%s, %j: %s', async (who, asked, code) => {
    const answer = await prepare(all[who], asked);
    expect(answer.body['code']).toBe(code);
    if (code !== undefined) expect(answer.body['detail']).toMatch(/\.$/);
  });

  it('is refused before one has stated that a signature binds, and without a passkey [R17 R25]', async () => {
    const fresh = await hire(all.admin, 'tech-2', ['technician'], all.manager);
    const asked = { meaning: 'reviewed', range: { from: 0, to: 2 } };
    expect((await prepare(fresh, asked)).body['code']).toBe('attestation-missing');
    ok(await attest(fresh));
    ok(await prepare(fresh, asked));
    const again = await attest(fresh);
    expect(again.body['code']).toBe('attestation-given');
    expect(again.body['detail']).toContain('lab record');
    expect((await fresh.lab('GiveAttestation', { text: 'a'.repeat(64) })).body['code']).toBe(
      'attestation-given',
    );
  });
});

describe('what cannot be recorded now is not prepared: no passkey is asked for in vain', () => {
  const own = { meaning: 'performed', records: [2] };

  it('in a study that is archived', async () => {
    const { director, manager } = all;
    await beginStudy(director, 'KET-09');
    ok(await director.send('CloseStudy', undefined, 'KET-09'));
    ok(await manager.send('ArchiveStudy', undefined, 'KET-09'));
    const asked = { meaning: 'authored', records: [0] };
    expect((await prepare(director, asked, 'KET-09')).body['code']).toBe('study-archived');
    const closing = { meaning: 'closed', records: [2] };
    expect((await prepare(director, closing, 'KET-09')).body['code']).toBe('study-archived');
  });

  it('while the disk is full, and while the store contradicts what was signed', async () => {
    const { technician, server } = all;
    const { engine } = server;
    engine.store.refuseFull = () => {
      throw new StoreError('full', 'No space is left.');
    };
    const full = await prepare(technician, own);
    expect([full.status, full.body['code'], full.body['payload']]).toEqual([507, 'store-full', undefined]);
    delete engine.store.refuseFull;

    const log = (await (engine as unknown as { logs: OpenLogs }).logs.writableStudy(STUDY)) as {
      contradiction: SigningError | undefined;
    };
    log.contradiction = new SigningError('store-behind-mark', `study-${STUDY}`, 'Records are missing.');
    expect((await prepare(technician, own)).body['code']).toBe('store-behind-mark');
    log.contradiction = undefined;
    ok(await prepare(technician, own));
  });

  it('by a server without the key that attests signatures', async () => {
    const { technician, server } = all;
    const { heads } = server.engine;
    Object.defineProperty(heads, 'ring', { value: undefined, configurable: true });
    expect((await prepare(technician, own)).body['code']).toBe('signing-key-missing');
    delete (heads as { ring?: unknown }).ring;
    ok(await prepare(technician, own));
  });
});

describe('a signature', () => {
  it('is a record of what was shown, with the signatures of the ledger and of the passkey [R23 R25]', async () => {
    const { director } = all;
    const shown = await prepared(director, { meaning: 'approved', records: [1] });
    const answer = ok(await send(director, shown));
    const { records } = answer.body as unknown as { records: { number: number }[] };
    const { body } = await director.get(`/api/v1/studies/${STUDY}/records/${records[0]!.number}`);
    expect(body['record']).toMatchObject({
      type: 'SignatureApplied',
      actor: 'sd-01',
      actorrole: 'director',
      data: {
        envelope: { payload: shown.payload, payloadType: 'application/vnd.in-toto+json' },
        webauthn: { credentialId: director.passkey.credentialId },
      },
    });
  });

  it('is refused as a plain command, with the way [R25]', async () => {
    const answer = await all.director.send('SignRecords', { data: { meaning: 'approved', records: [1] } });
    expect(answer.body).toMatchObject({ code: 'passkey-required' });
    expect(answer.body['detail']).toContain('signatures');
  });

  it('over a record that was corrected meanwhile is refused, and over what holds now taken [R24]', async () => {
    const { technician } = all;
    const weighed = ok(await technician.send('RecordBodyWeight'));
    const { number } = (weighed.body as unknown as { records: { number: number }[] }).records[0]!;
    const shown = await prepared(technician, { meaning: 'performed', records: [number] });
    ok(
      await technician.send('CorrectRecord', {
        reason: 'Copied wrongly',
        data: { target: { number }, corrected: { weight: { value: '250.00', unit: 'g' } } },
      }),
    );
    expect((await send(technician, shown)).body['code']).toBe('record-changed');
    expect((await prepare(technician, { meaning: 'performed', records: [number] })).body['code']).toBe(
      'record-changed',
    );
    ok(await sign(technician, { meaning: 'performed', records: [number + 1] }));
  });
});
