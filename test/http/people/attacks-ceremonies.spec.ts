import { SessionKey } from '../../../src/identity/session-key.js';
import { sessionCookie } from '../../../src/identity/session-cookie.js';
import { commandIdOf, issueTicket, type Ticket } from '../../../src/identity/tickets.js';
import { userIdOf } from '../../../src/identity/ceremony-options.js';
import { canonical } from '../../../src/tlog/canonical.js';
import { SoftwareAuthenticator, type Misbehaviour } from '../../support/authenticator.js';
import { Client, ORIGIN, administratorOf, hire, ok, register, type Sent } from '../../support/people.js';
import { START, serving, type Serving } from '../test-server.js';

const KEY = new SessionKey(Buffer.alloc(32, 7));
const SITE = { origin: ORIGIN, labDigits: '' };

let server: Serving;
let admin: Client;
let second: Client;
let tech: Client;

beforeAll(async () => {
  server = await serving({ simulated: false, http: { attemptsAMinute: 100_000, sessionKey: KEY } });
  admin = await administratorOf(server);
  second = await hire(admin, 'second-1', ['management']);
  tech = await hire(admin, 'tech-1', ['technician'], second);
});
afterAll(() => server.close());

const told = ({ status, body }: Sent) => [status, body['code']];
const INVALID = [403, 'assertion-invalid'];

interface Asked {
  readonly ticket: string;
  readonly options: { readonly challenge: string };
}

const askSignIn = async (): Promise<Asked> =>
  ok(await tech.post('/api/v1/sign-in/passkey/options')).body as unknown as Asked;
const askEnrolment = async (client: Client): Promise<Asked> =>
  ok(await client.post('/api/v1/enrolment/options')).body as unknown as Asked;

/** In another browser. */
const stranger = (person = 'tech-1'): Client => new Client(server.url, person);

/** Of the access log: a sign-in that succeeds makes it longer. */
async function sessionsBegun(): Promise<number> {
  const access = await server.engine.access();
  return access.sessions.open.size;
}

describe('a ticket', () => {
  const signIn = (ticket: string, challenge: string) =>
    stranger().post('/api/v1/sign-in/passkey', { ticket, credential: tech.passkey.get(challenge) });

  it('is none where its claims are changed and its seal is kept', async () => {
    const { ticket, options } = await askSignIn();
    const [body = '', mac] = ticket.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Ticket;
    const changes: Partial<Ticket>[] = [
      { purpose: 'enrol' },
      { origin: 'https://evil.example' },
      { person: 'admin-1' },
      { expires: '2099-01-01T00:00:00.000Z' },
      { nonce: Buffer.alloc(32).toString('base64url') },
    ];
    for (const change of changes) {
      const forged = Buffer.from(canonical({ ...claims, ...change })).toString('base64url');
      const challenge = change.nonce ?? options.challenge;
      expect(told(await signIn(`${forged}.${mac}`, challenge))).toEqual(INVALID);
    }
  });

  it('of another key, of another address and of five minutes ago is none', async () => {
    const asked = { purpose: 'sign-in', origin: ORIGIN } as const;
    const of = (key: SessionKey, from = asked as { purpose: 'sign-in'; origin: string }, atMs = START) => {
      const { ticket, text } = issueTicket(key, from, {}, atMs);
      return signIn(text, ticket.nonce);
    };
    expect(told(await of(new SessionKey(Buffer.alloc(32, 8))))).toEqual(INVALID);
    expect(told(await of(KEY, { ...asked, origin: 'https://evil.example' }))).toEqual(INVALID);
    expect(told(await of(KEY, asked, START - 5 * 60_000))).toEqual(INVALID);
    expect((await of(KEY)).status).toBe(201);
  });

  it('for one purpose is none for another', async () => {
    const own = await askEnrolment(tech);
    expect(told(await signIn(own.ticket, own.options.challenge))).toEqual(INVALID);
    const { ticket, options } = await askSignIn();
    const credential = new SoftwareAuthenticator(ORIGIN).create(options.challenge);
    expect(told(await tech.post('/api/v1/enrolment', { ticket, credential, label: 'K' }))).toEqual(INVALID);
  });

  it('is spent by the sign-in that it led to, also for a fresh answer and for two at once', async () => {
    const { ticket, options } = await askSignIn();
    const before = await sessionsBegun();
    const answers = await Promise.all([1, 2, 3].map(() => signIn(ticket, options.challenge)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
    const again = await signIn(ticket, options.challenge);
    expect(told(again)).toEqual([409, 'challenge-spent']);
    expect(again.headers).not.toHaveProperty('set-cookie');
    expect(await sessionsBegun()).toBe(before + 1);
  });

  it('of one session is none in another, nor for another person', async () => {
    const { ticket, options } = await askEnrolment(admin);
    const credential = new SoftwareAuthenticator(ORIGIN).create(options.challenge);
    const body = { ticket, credential, label: 'Key of an intruder' };
    expect(told(await tech.post('/api/v1/enrolment', body))).toEqual(INVALID);
    expect(told(await stranger().post('/api/v1/enrolment', body))).toEqual(INVALID);
    const anew = stranger('admin-1');
    Object.assign(anew.passkey, { counter: admin.passkey.counter });
    const { ticket: t, options: o } = await askSignIn();
    const signedIn = await anew.post('/api/v1/sign-in/passkey', {
      ticket: t,
      credential: admin.passkey.get(o.challenge),
    });
    expect(signedIn.status).toBe(201);
    expect(told(await anew.post('/api/v1/enrolment', body))).toEqual(INVALID);
  });

  it('of the link of one person is none with the code of another', async () => {
    const secretOf = async (person: string): Promise<string> => {
      ok(await admin.lab('RegisterPerson', { person, name: 'N. Example' }));
      return (ok(await admin.lab('OfferEnrolment', { person })).body as unknown as { secret: string }).secret;
    };
    const [one, other] = [await secretOf('link-1'), await secretOf('link-2')];
    const asked = await stranger().post('/api/v1/enrolment/options', { person: 'link-1', code: one });
    const { ticket, options } = asked.body as unknown as Asked;
    const credential = new SoftwareAuthenticator(ORIGIN).create(options.challenge);
    for (const code of [other, undefined])
      expect(
        (
          await stranger().post('/api/v1/enrolment', {
            ticket,
            credential,
            label: 'K',
            ...(code && { code }),
          })
        ).status,
      ).toBe(409);
    expect(
      told(await stranger().post('/api/v1/enrolment/options', { person: 'link-1', code: other })),
    ).toEqual([409, 'offer-invalid']);
  });
});

describe('an answer of a passkey', () => {
  const attacks: Record<string, Misbehaviour> = {
    'of a page elsewhere': { origin: 'https://evil.example' },
    'of the same host by http': { origin: 'http://ledger.lab.example' },
    'of another port': { origin: `${ORIGIN}:8443` },
    'of a host below': { origin: 'https://x.ledger.lab.example' },
    'of a frame elsewhere': { crossOrigin: true },
    'of a frame below another page': { topOrigin: 'https://evil.example' },
    'for another site': { rpId: 'evil.example' },
    'for the domain above': { rpId: 'lab.example' },
    'to a challenge of its own': { challenge: Buffer.alloc(32, 1).toString('base64url') },
    'that enrols': { type: 'webauthn.create' },
    'of a payment': { type: 'payment.get' },
    'of somebody who was not verified': { isUserVerified: false },
    'of nobody who was there': { isUserPresent: false },
    'of a copy of a key that is not copied': { isBackupEligible: true },
    'with another signature': { isSignatureAltered: true },
  };

  it.each(Object.entries(attacks))('%s signs nobody in, and is not told why', async (_, wrong) => {
    const before = await sessionsBegun();
    const answer = await signedInBy(tech, wrong);
    expect(told(answer)).toEqual(INVALID);
    expect(answer.body['detail']).toBe('The passkey did not sign you in: try again.');
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(await sessionsBegun()).toBe(before);
  });

  /** Signs in by the passkey of somebody, in a browser without a cookie. */
  async function signedInBy(owner: Client, wrong?: Misbehaviour): Promise<Sent> {
    const { ticket, options } = await askSignIn();
    const credential = owner.passkey.get(options.challenge, wrong);
    return stranger().post('/api/v1/sign-in/passkey', { ticket, credential });
  }

  it('with a counter that does not rise is one of a copied key', async () => {
    expect((await signedInBy(tech, { counter: 40 })).status).toBe(201);
    for (const counter of [40, 39, 1, 0]) expect(told(await signedInBy(tech, { counter }))).toEqual(INVALID);
    expect((await signedInBy(tech, { counter: 41 })).status).toBe(201);
  });

  it('is nobody’s under the id of another person’s key, or with the handle of another person', async () => {
    const { ticket, options } = await askSignIn();
    const credential = tech.passkey.get(options.challenge);
    const { credentialId: id } = admin.passkey;
    const { facility } = server.engine.labNow;
    const swapped = [
      { ...credential, id, rawId: id },
      { ...credential, response: { ...credential.response, userHandle: userIdOf(facility, 'admin-1') } },
      { ...credential, response: { ...credential.response, signature: '' } },
      { ...credential, response: { ...credential.response, authenticatorData: '' } },
      { ...credential, id: 'A'.repeat(43) },
      { ...credential, type: 'password' },
      {},
    ];
    for (const one of swapped)
      expect(told(await stranger().post('/api/v1/sign-in/passkey', { ticket, credential: one }))).toEqual(
        INVALID,
      );
    // The ticket was not spent by them.
    expect((await stranger().post('/api/v1/sign-in/passkey', { ticket, credential })).status).toBe(201);
  });

  it('of a key that was revoked, or whose person is deactivated, signs nobody in [R21]', async () => {
    const leaver = await hire(admin, 'leaver-1', ['technician'], second);
    const cookie = leaver.cookie;
    ok(await admin.lab('DeactivatePerson', { person: 'leaver-1', cause: 'left' }));
    expect((await leaver.signIn()).status).toBeGreaterThanOrEqual(400);
    leaver.cookie = cookie;
    expect(told(await leaver.get('/api/v1/me'))).toEqual([401, 'session-expired']);
    const loser = await hire(admin, 'loser-1', ['technician'], second);
    ok(await admin.lab('RevokeCredential', { credential: loser.credential, cause: 'stolen' }));
    expect(told(await loser.signIn())).toEqual(INVALID);
  });
});

describe('a link that its offerer takes up', () => {
  it('makes a passkey that the offerer cannot confirm, and that does nothing [R26 R27]', async () => {
    const puppet = await register(admin, 'puppet-1');
    ok(await admin.lab('GrantRole', { person: 'puppet-1', role: 'technician' }));
    const confirm = { credential: puppet.credential, identity: 'in-person' };
    expect(told(await admin.lab('ConfirmCredential', confirm))).toEqual([403, 'second-person']);
    ok(await puppet.signIn());
    expect(told(await puppet.lab('ConfirmCredential', confirm))).toEqual([403, 'credential-pending']);
    expect(told(await puppet.post('/api/v1/enrolment/options'))).toEqual([403, 'passkey-required']);
    expect((await puppet.get('/api/v1/studies')).status).toBe(403);
  });

  it('adds no passkey to a person who has one, without that person', async () => {
    const { secret } = ok(await admin.lab('OfferEnrolment', { person: 'tech-1' })).body as unknown as {
      secret: string;
    };
    const intruder = stranger('tech-1');
    ok(await intruder.enrol(secret));
    for (const [who, identity] of [
      [admin, 'in-person'],
      [second, 'in-person'],
      [admin, 'own-earlier-credential'],
    ] as const)
      expect(told(await who.lab('ConfirmCredential', { credential: intruder.credential, identity }))).toEqual(
        [403, 'second-person'],
      );
    ok(await intruder.signIn());
    const own = { credential: intruder.credential, identity: 'own-earlier-credential' };
    expect(told(await intruder.lab('ConfirmCredential', own))).toEqual([403, 'credential-pending']);
  });
});

describe('a cookie', () => {
  const idOf = ({ cookie }: Client): string => cookie.split('=')[1]!.split('.')[0]!;
  const cookieOf = (id: string, key = KEY): string =>
    sessionCookie(key, SITE, { id, startedMs: START, activeMs: START, isBench: false }).split(';', 1)[0]!;

  it('that was planted before the sign-in is not kept', async () => {
    const attacker = await hire(admin, 'attacker-1', ['technician'], second);
    const victim = await hire(admin, 'victim-1', ['technician'], second);
    const planted = attacker.cookie;
    for (const value of [planted, `__Host-session=planted`]) {
      const browser = stranger('victim-1');
      browser.cookie = value;
      const { ticket, options } = await askSignIn();
      const credential = victim.passkey.get(options.challenge);
      const signedIn = ok(await browser.post('/api/v1/sign-in/passkey', { ticket, credential }));
      expect(browser.cookie).not.toBe(value);
      expect(idOf(browser)).toBe(signedIn.body['session']);
      expect(idOf(browser)).not.toBe(idOf(attacker));
    }
    // Nor does it become the victim's: the session that the browser had before has ended.
    attacker.cookie = planted;
    expect((await attacker.get('/api/v1/me')).status).toBe(401);
  });

  it('counts only for a session that the access log has begun and nobody ended', async () => {
    const nobody = stranger();
    for (const id of [
      commandIdOf(Buffer.alloc(32, 9).toString('base64url')),
      idOf(tech).replace(/^./, (digit) => (digit === 'f' ? '0' : 'f')),
    ]) {
      nobody.cookie = cookieOf(id);
      expect(told(await nobody.get('/api/v1/me'))).toEqual([401, 'session-expired']);
    }
    const gone = stranger('tech-1');
    gone.cookie = cookieOf(idOf(tech), new SessionKey(Buffer.alloc(32, 8)));
    expect(told(await gone.get('/api/v1/me'))).toEqual([401, 'session-expired']);
  });

  it('of another ledger with the same key is of no session here', async () => {
    const elsewhere = await serving({ simulated: false, http: { sessionKey: KEY } });
    const other = await administratorOf(elsewhere);
    const browser = stranger();
    browser.cookie = other.cookie;
    expect(told(await browser.get('/api/v1/me'))).toEqual([401, 'session-expired']);
    await elsewhere.close();
  });

  it('says nothing about who is signed in but what its session says', async () => {
    const [name, value = ''] = tech.cookie.split('=') as [string, string?];
    const parts = value.split('.');
    const browser = stranger();
    const mixes = [
      [idOf(admin), ...parts.slice(1)],
      [...parts.slice(0, 3), 'bench', parts[4]!],
      [parts[0]!, parts[1]!, String(START + 60_000), ...parts.slice(3)],
      parts.slice(0, 4),
      [...parts, 'x'],
    ];
    for (const mix of mixes) {
      browser.cookie = `${name}=${mix.join('.')}`;
      expect((await browser.get('/api/v1/me')).status).toBe(401);
    }
  });

  it('of nine thousand characters is none, and a head of twenty thousand is not read', async () => {
    const browser = stranger();
    browser.cookie = `${tech.cookie}; filler=${'x'.repeat(9_000)}`;
    expect((await browser.get('/api/v1/me')).status).toBe(401);
    const large = await tech.get('/api/v1/me', { 'X-Filler': 'x'.repeat(20_000) });
    expect(large.status).toBe(431);
    expect(large.text).not.toContain(tech.cookie);
    expect((await tech.get('/api/v1/me')).status).toBe(200);
  });
});
