/** What somebody tries who is signed in and has a key, and what a thief of their session cookie tries. */
import { Client, beginStudy, hire, ok, type Sent } from '../../support/people.js';
import { STUDY, attest, prepare, prepared, send, sign, signingStudy, type SigningStudy } from './signing.js';

const PROTOCOL = { meaning: 'approved', records: [1] };
const ADDRESS = `/api/v1/studies/${STUDY}/signatures`;
const told = ({ status, body }: Sent): [number, unknown] => [status, body['code']];

let all: SigningStudy;
beforeAll(async () => {
  all = await signingStudy({ http: { attemptsAMinute: 10_000 } });
}, 60_000);
afterAll(() => all.server.close());

const size = async (): Promise<number> => (await all.server.engine.study(STUDY)).size;

describe('somebody who is signed in and has a key', () => {
  it.each<[string, (payload: string) => string]>([
    ['a space in it', (payload) => `${payload.slice(0, 8)} ${payload.slice(8)}`],
    ['a line feed after it', (payload) => `${payload}\n`],
    ['more padding', (payload) => `${payload}====`],
    ['another alphabet', (payload) => `${payload.slice(0, -4)}-_-_`],
    ['nothing', () => ''],
    ['letters of no alphabet', (payload) => `é${payload}`],
    ['a zero', (payload) => `${payload}\0`],
  ])('has the prepared payload refused with %s', async (_, change) => {
    const { director } = all;
    const shown = await prepared(director, PROTOCOL);
    const before = await size();
    const credential = director.passkey.get(shown.options.challenge);
    const sent = { payload: change(shown.payload), ticket: shown.ticket, credential };
    expect(told(await director.post(ADDRESS, sent))).toEqual([422, 'payload-invalid']);
    expect(await size()).toBe(before);
  });

  it('has an answer of no passkey refused, whatever its shape', async () => {
    const { director } = all;
    const { payload, ticket, options } = await prepared(director, PROTOCOL);
    const good = director.passkey.get(options.challenge) as unknown as {
      id: string;
      response: Record<string, string>;
    };
    const withResponse = (more: object): object => ({ ...good, response: { ...good.response, ...more } });
    const clientData = Buffer.from(good.response['clientDataJSON']!, 'base64url').toString();
    const said = (text: string): object =>
      withResponse({ clientDataJSON: Buffer.from(text).toString('base64url') });
    const before = await size();
    for (const credential of [
      {},
      { ...good, id: [good.id] },
      { ...good, id: undefined },
      JSON.parse('{"__proto__":{"id":"x"}}') as object,
      withResponse({ signature: '' }),
      withResponse({ signature: '***' }),
      withResponse({ signature: 'A'.repeat(100_000) }),
      withResponse({ authenticatorData: '' }),
      said(clientData.replace('}', ',"challenge":"AAAA"}')),
      said(`${clientData} `),
    ])
      expect(told(await director.post(ADDRESS, { payload, ticket, credential }))).toEqual([
        403,
        'assertion-invalid',
      ]);
    for (const credential of [null, [], 'x'])
      expect(told(await director.post(ADDRESS, { payload, ticket, credential }))).toEqual([
        422,
        'field-invalid',
      ]);
    expect(await size()).toBe(before);
  });

  it('cannot ask for what is no signature, nor put one into a command', async () => {
    const { director } = all;
    const far = Number.MAX_SAFE_INTEGER;
    for (const [asked, code] of [
      [{ meaning: 'authored', range: { from: 0, to: far } }, 'record-unknown'],
      [{ meaning: 'authored', range: { from: 0, to: 2 } }, 'not-own-record'],
      [{ meaning: 'authored', range: { from: 2, to: 1 } }, 'records-unnamed'],
      [{ meaning: '__proto__', records: [1] }, 'field-invalid'],
      [{ ...PROTOCOL, records: [1, 1] }, 'field-invalid'],
      [{ ...PROTOCOL, records: [1e300] }, 'field-invalid'],
      [{ ...PROTOCOL, records: ['1'] }, 'field-invalid'],
      [{ ...PROTOCOL, document: 'a'.repeat(64) }, 'field-invalid'],
      [{ ...PROTOCOL, signed: {} }, 'field-invalid'],
      [{ ...PROTOCOL, personId: 'tech-1' }, 'field-invalid'],
    ] as const)
      expect((await prepare(director, asked)).body['code']).toBe(code);
    const signed = { envelope: {}, webauthn: {} };
    for (const body of [
      { data: PROTOCOL, submission: { signed } },
      { data: { ...PROTOCOL, signed } },
      { data: PROTOCOL, signed },
    ])
      expect(told(await director.send('SignRecords', body))).toEqual([422, 'field-unknown']);
  });
});

describe('somebody without a part in the study', () => {
  it('is told nothing of its records, and signs none of them', async () => {
    const { admin, director, manager } = all;
    ok(await attest(admin));
    await beginStudy(director, 'KET-99');
    const elsewhere = await hire(admin, 'tech-9', [{ role: 'technician', study: 'KET-99' }], manager);
    ok(await attest(elsewhere));
    const shown = await prepared(director, PROTOCOL);
    for (const client of [admin, elsewhere])
      for (const answer of [await prepare(client, PROTOCOL), await send(client, shown)]) {
        expect([403, 404]).toContain(answer.status);
        expect(answer.text).not.toContain('sha256');
      }
  });

  it('signs nothing with the token of a program, nor by no session at all', async () => {
    const { technician, server } = all;
    const until = new Date(server.time.ms + 86_400_000).toISOString();
    ok(await technician.signIn());
    const token = { person: 'tech-1', label: 'A program', roles: ['technician'], until };
    const { body } = ok(await technician.lab('IssueToken', token));
    const shown = await prepared(technician, { meaning: 'performed', records: [2] });
    const credential = technician.passkey.get(shown.options.challenge);
    const sent = { payload: shown.payload, ticket: shown.ticket, credential };
    const program = new Client(technician.url, 'tech-1');
    const bearer = { Authorization: `Bearer ${body['secret'] as string}` };
    expect(told(await program.post(ADDRESS, sent, bearer))).toEqual([422, 'payload-invalid']);
    expect((await program.post(ADDRESS, sent)).status).toBe(401);
    ok(await technician.post(ADDRESS, sent));
  });
});

describe('a thief of a session cookie', () => {
  const thiefOf = ({ url, cookie }: Client): Client => Object.assign(new Client(url, 'sd-01'), { cookie });

  it('prepares a signature, and signs nothing without the passkey', async () => {
    const { director } = all;
    ok(await director.signIn());
    const thief = thiefOf(director);
    const shown = await prepared(thief, PROTOCOL);
    expect(told(await send(thief, shown))).toEqual([403, 'assertion-invalid']);
    expect(told(await thief.send('SignRecords', { data: PROTOCOL }))).toEqual([403, 'passkey-required']);
    expect(told(await attest(thief))).toEqual([409, 'attestation-given']);
  });

  it('enrols a key while the sign-in is fresh, and cannot make it count; its owner signs in again, and can', async () => {
    const { director, server } = all;
    ok(await director.signIn());
    server.time.ms += 1000;
    const thief = thiefOf(director);
    const enrolled = await enrolOwn(thief);
    const own = { credential: enrolled, identity: 'own-earlier-credential' };
    expect(told(await thief.lab('ConfirmCredential', own))).toEqual([403, 'passkey-required']);
    ok(await thief.signIn());
    expect(told(await thief.lab('ConfirmCredential', own))).toEqual([403, 'credential-pending']);
    expect(told(await prepare(thief, PROTOCOL))).toEqual([403, 'credential-pending']);

    server.time.ms += 1000;
    ok(await director.signIn());
    expect((await director.get('/me', { Accept: 'text/html' })).text).toContain(`#${enrolled}`);
    ok(await director.lab('RevokeCredential', { credential: enrolled, cause: 'stolen' }));
    // With a key of their own it goes on as before.
    const second = new Client(director.url, 'sd-01');
    second.cookie = director.cookie;
    const another = await enrolOwn(second);
    server.time.ms += 1000;
    ok(await director.signIn());
    ok(await director.lab('ConfirmCredential', { credential: another, identity: 'own-earlier-credential' }));
    ok(await second.signIn());
    ok(await sign(second, PROTOCOL));
  });

  it('enrols nothing once the sign-in is old', async () => {
    const { director, server } = all;
    ok(await director.signIn());
    server.time.ms += 6 * 60_000;
    expect((await thiefOf(director).post('/api/v1/enrolment/options', {})).status).toBe(403);
  });
});

/** @returns the lab record of the credential */
async function enrolOwn(client: Client): Promise<number> {
  const asked = ok(await client.post('/api/v1/enrolment/options', {}));
  const { options, ticket } = asked.body as unknown as { options: { challenge: string }; ticket: string };
  const credential = client.passkey.create(options.challenge);
  const enrolled = ok(await client.post('/api/v1/enrolment', { ticket, credential, label: 'Another key' }));
  return (enrolled.body['records'] as { number: number }[])[0]!.number;
}
