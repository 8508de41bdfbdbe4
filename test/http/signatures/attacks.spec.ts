import { sealRecord } from '../../../src/recording/seal.js';
import type { StudyRecord } from '../../../src/study/record.js';
import { readStatement, type Statement } from '../../../src/study/signatures/statement.js';
import { canonical } from '../../../src/tlog/canonical.js';
import { Client, beginStudy, hire, ok, register, type Sent } from '../../support/people.js';
import type { ShownSignature } from '../../../src/queries/signatures.js';
import {
  OpenToAll,
  STUDY,
  attest,
  prepare,
  prepared,
  send,
  sign,
  signingStudy,
  type PreparedReply,
  type SigningStudy,
} from './signing.js';

const PROTOCOL = { meaning: 'approved', records: [1] };
const codeOf = ({ status, body }: Sent): unknown => (status < 300 ? 'taken' : body['code']);

/** The same payload with something else in it, as somebody would write it who cannot sign. */
function forged(shown: PreparedReply, change: (statement: Statement) => unknown): PreparedReply {
  const statement = structuredClone(readStatement(shown.payload)!);
  change(statement);
  return { ...shown, payload: Buffer.from(canonical(statement)).toString('base64') };
}

const store = new OpenToAll();
let all: SigningStudy;
let director: Client;
let technician: Client;
beforeAll(async () => {
  all = await signingStudy({ store, http: { attemptsAMinute: 100_000 } });
  ({ director, technician } = all);
  await beginStudy(director, 'KET-02');
}, 60_000);
afterAll(() => all.server.close());

const size = async (): Promise<number> => (await all.server.engine.study(STUDY)).size;
const shownSignatures = async (study = STUDY): Promise<ShownSignature[]> =>
  ok(await director.get(`/api/v1/studies/${study}/signatures`)).body['signatures'] as never;

describe('a signature pasted elsewhere [R24]', () => {
  it.each<[string, (statement: Statement) => unknown]>([
    ['on another record', ({ subject }) => (subject[0]!.name = subject[0]!.name.replace(/1$/, '0'))],
    ['on other bytes', ({ subject }) => (subject[0]!.digest.sha256 = '0'.repeat(64))],
    ['with another meaning', ({ predicate }) => (predicate.meaning = 'closed')],
    ['for another person', ({ predicate }) => (predicate.personId = 'tech-1')],
    ['under another name', ({ predicate }) => (predicate.printedName = 'Somebody Else')],
    ['at another time', ({ predicate }) => (predicate.time = '2026-03-01T09:15:00Z')],
  ])('is refused: %s', async (_, change) => {
    const before = await size();
    const shown = await prepared(director, PROTOCOL);
    expect(codeOf(await send(director, forged(shown, change)))).toBe('payload-invalid');
    expect(await size()).toBe(before);
  });

  it('is refused in another study, and another session [R24]', async () => {
    const shown = await prepared(director, PROTOCOL);
    expect(codeOf(await send(director, shown, { study: 'KET-02' }))).toBe('payload-invalid');
    expect(codeOf(await send(technician, shown, { by: director }))).toBe('payload-invalid');
    ok(await director.signIn());
    expect(codeOf(await send(director, shown))).toBe('payload-invalid');
  });

  it('is refused where another passkey signed it, or another page asked [R24 R26]', async () => {
    const attempts = [
      { by: technician },
      { wrong: { origin: 'https://elsewhere.example' } },
      { wrong: { rpId: 'elsewhere.example' } },
      { wrong: { isUserVerified: false } },
      { wrong: { crossOrigin: true } },
      { wrong: { type: 'webauthn.create' } },
      { wrong: { challenge: 'A'.repeat(43) } },
      { wrong: { isSignatureAltered: true } },
    ];
    for (const attempt of attempts)
      expect(codeOf(await send(director, await prepared(director, PROTOCOL), attempt))).toBe(
        'assertion-invalid',
      );
  });
});

describe('a challenge', () => {
  it('counts once, also when it is answered twice at one moment [R25]', async () => {
    const shown = await prepared(director, PROTOCOL);
    const answers = await Promise.all([send(director, shown), send(director, shown)]);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['challenge-spent', 'taken']));
    const again = await send(director, shown);
    expect(codeOf(again)).toBe('challenge-spent');
    expect(again.body['records']).toBeUndefined();
  });

  it('is answered in each of two tabs', async () => {
    const [one, other] = [await prepared(director, PROTOCOL), await prepared(director, PROTOCOL)];
    expect(codeOf(await send(director, other))).toBe('taken');
    expect(codeOf(await send(director, one))).toBe('taken');
  });

  it('is not taken with a ticket that was altered, is of another purpose, or is old', async () => {
    const shown = await prepared(director, PROTOCOL);
    const flipped = shown.ticket.replace(/^./, (letter) => (letter === 'e' ? 'f' : 'e'));
    expect(codeOf(await send(director, { ...shown, ticket: flipped }))).toBe('payload-invalid');
    const other = await prepared(director, { meaning: 'authored', records: [0] });
    expect(codeOf(await send(director, { ...shown, ticket: other.ticket }))).toBe('payload-invalid');
    const { body } = await director.post('/api/v1/sign-in/passkey/options');
    expect(codeOf(await send(director, { ...shown, ticket: body['ticket'] as string }))).toBe(
      'payload-invalid',
    );
    all.server.time.ms += 5 * 60_000;
    const late = await send(director, shown);
    expect(codeOf(late)).toBe('payload-invalid');
    expect(late.body['detail']).toContain('five minutes');
    all.server.time.ms -= 5 * 60_000;
  });

  it('is not answered by a copy of the passkey, whose counter lags [R26]', async () => {
    ok(await sign(director, PROTOCOL));
    const { counter } = director.passkey;
    const lagging = { wrong: { counter: counter - 1 } };
    expect(codeOf(await send(director, await prepared(director, PROTOCOL), lagging))).toBe(
      'assertion-invalid',
    );
    director.passkey.counter = counter;
    ok(await sign(director, PROTOCOL));
  });

  it('is not given to a program [R25]', async () => {
    const until = new Date(all.server.time.ms + 86_400_000).toISOString();
    const token = { person: 'tech-1', label: 'A program', roles: ['technician'], until };
    const { body } = ok(await technician.lab('IssueToken', token));
    const program = new Client(technician.url, 'tech-1');
    const path = `/api/v1/studies/${STUDY}/signatures/prepare`;
    const asked = { meaning: 'performed', records: [2] };
    const answer = await program.post(path, asked, { Authorization: `Bearer ${body['secret'] as string}` });
    expect(codeOf(answer)).toBe('passkey-required');
  });

  it('is no answer from another page, or from a session that was idle at the bench [R25]', async () => {
    const shown = await prepared(technician, { meaning: 'performed', records: [2] });
    const credential = technician.passkey.get(shown.options.challenge);
    const path = `/api/v1/studies/${STUDY}/signatures`;
    const { payload, ticket } = shown;
    const foreign = await technician.post(
      path,
      { payload, ticket, credential },
      { Origin: 'https://evil.example' },
    );
    expect(codeOf(foreign)).toBe('origin-refused');
    ok(await technician.get(`/studies/${STUDY}/bench`, { Accept: 'text/html' }));
    all.server.time.ms += 20 * 60_000;
    expect(codeOf(await prepare(technician, { meaning: 'performed', records: [2] }))).toBe('session-expired');
    expect(codeOf(await technician.post(path, { payload, ticket, credential }))).toBe('session-expired');
    all.server.time.ms -= 20 * 60_000;
    ok(await technician.signIn());
  });
});

describe('a passkey', () => {
  it('that is pending signs nothing [R27]', async () => {
    const pending = await register(all.admin, 'tech-3');
    ok(await all.admin.lab('GrantRole', { person: 'tech-3', role: 'technician' }));
    ok(await pending.signIn());
    const code = codeOf(await prepare(pending, { meaning: 'reviewed', range: { from: 0, to: 1 } }));
    expect(code).toBe('credential-pending');
  });

  it('that is revoked between the two steps signs nothing; what it signed before stays valid [R21]', async () => {
    const second = await hire(all.admin, 'sd-02', ['technician'], all.manager);
    ok(await attest(second));
    const review = { meaning: 'reviewed', range: { from: 0, to: 2 } };
    const [kept] = (ok(await sign(second, review)).body as { records?: { number: number }[] }).records!;
    const shown = await prepared(second, review);
    ok(await all.admin.lab('RevokeCredential', { credential: second.credential, cause: 'stolen' }));
    expect(codeOf(await send(second, shown))).toBe('session-expired');
    const found = (await shownSignatures()).find(({ record }) => record === kept!.number);
    expect(found).toMatchObject({ person: 'sd-02', status: 'valid' });
  });
});

describe('what is shown of a signature', () => {
  it('is valid, then superseded by the record that corrected what was signed [R24]', async () => {
    const weighed = ok(await technician.send('RecordBodyWeight'));
    const { number } = (weighed.body as unknown as { records: { number: number }[] }).records[0]!;
    const signed = ok(await sign(technician, { meaning: 'performed', records: [number] }));
    const own = (signed.body as unknown as { records: { number: number }[] }).records[0]!.number;
    const shown = async () => (await shownSignatures()).find(({ record }) => record === own);
    expect(await shown()).toMatchObject({ status: 'valid', covers: [{ from: number, to: number }] });
    ok(await technician.send('VoidRecord', { reason: 'Another animal', data: { target: { number } } }));
    expect(await shown()).toMatchObject({ status: 'superseded', supersededBy: own + 1 });
  });

  it('is broken where the stored bytes are others [R24]', async () => {
    ok(await sign(director, PROTOCOL));
    await all.server.engine.study(STUDY);
    store.altered = (text) => text.replace('"ProtocolApproved"', '"ProtocolApprovec"');
    const broken = (await shownSignatures()).filter(({ meaning }) => meaning === 'approved');
    store.altered = (text) => text;
    expect(broken.length).toBeGreaterThan(0);
    for (const one of broken)
      expect(one).toMatchObject({ status: 'broken', broken: [expect.stringContaining('Record 1')] });
  });

  it('is broken where somebody who writes to the store pasted it, or swapped a key [R24 R26]', async () => {
    ok(await sign(director, { meaning: 'approved', records: [1] }, 'KET-02'));
    const open = await all.server.engine.study('KET-02');
    const { record } = open.state.records.last!;
    type Data = StudyRecord<'SignatureApplied'>['data'];
    const { envelope, webauthn } = record.data as Data;
    const statement = readStatement(envelope.payload)!;
    const pasted = structuredClone(statement);
    pasted.predicate.meaning = 'closed';
    const other = (await shownSignatures()).length;
    const forgeries: Data[] = [
      { webauthn, envelope: { ...envelope, payload: Buffer.from(canonical(pasted)).toString('base64') } },
      { envelope, webauthn: { ...webauthn, credentialId: technician.passkey.credentialId } },
      { webauthn, envelope: { ...envelope, signatures: [{ ...envelope.signatures[0]!, sig: 'AAAA' }] } },
      {
        webauthn,
        envelope: { ...envelope, signatures: [{ ...envelope.signatures[0]!, sig: 'no base64!' }] },
      },
      { webauthn, envelope },
    ];
    for (const data of forgeries) {
      const { size: number } = await all.server.engine.study('KET-02');
      const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
      const { actor, actorrole, command, commanddigest, time, recordedtime, source } = record;
      const by = { actor, actorrole, command, commanddigest, commandid: id };
      const said = { type: 'SignatureApplied', data, time, recordedtime };
      const position = { source, number, labsize: record.labsize };
      await store.append('study-KET-02', number, [sealRecord<StudyRecord>(by, said, position)]);
    }
    const statuses = (await shownSignatures('KET-02')).map(({ status, broken }) => [status, broken?.length]);
    expect(statuses).toEqual([
      ['valid', undefined],
      ['broken', 3],
      ['broken', 2],
      ['broken', 2],
      ['broken', 2],
      ['broken', 1],
    ]);
    expect(await shownSignatures()).toHaveLength(other);
  });
});
