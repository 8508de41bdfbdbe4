import { createServer } from 'node:http';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Oidc, type OidcOptions } from '../../src/identity/oidc.js';
import { MemoryDisclosures } from '../../src/identity/disclosure-store.js';
import { Disclosures } from '../../src/identity/disclosures.js';
import type { Purpose } from '../../src/identity/oidc-flow.js';
import { Refusal } from '../../src/study/refusal.js';
import { freshFolder } from '../support/folders.js';
import { CLIENT, TestProvider, listen } from './test-provider.js';

const ORIGIN = 'https://ledger.lab.example';
const SESSION = '0b8ae4c2-92f1-4f0e-8b5c-b6f5d5a5a111';
const disclosures = new Disclosures(new MemoryDisclosures(), () => false);
const clientSecretFile = join(freshFolder('oidc'), 'client-secret');

let provider: TestProvider;
let other: TestProvider;
let now: number;

beforeAll(async () => {
  provider = await TestProvider.start();
  other = await TestProvider.start();
});

afterAll(() => {
  provider.stop();
  other.stop();
});

beforeEach(() => {
  writeFileSync(clientSecretFile, `${CLIENT.secret}\n`);
  now = Date.now();
  for (const each of [provider, other]) {
    each.person = 'p-7f3a';
    each.claims = (claims) => claims;
    each.tamper = (_, body) => body;
    each.signing = 'own';
    each.status = undefined;
    each.asked.length = 0;
  }
});

function ledger(options: Partial<OidcOptions> = {}): Oidc {
  return new Oidc({
    sessionKey: Buffer.alloc(32, 1),
    disclosures,
    labDigits: '0123abcd',
    clientSecretFile,
    now: () => now,
    ...options,
  });
}

const siteOf = ({ issuer }: { issuer: string }, origin = ORIGIN) => ({
  origin,
  oidc: { issuer, clientId: CLIENT.clientId },
});

async function begin(oidc: Oidc, purpose: Purpose = { purpose: 'sign-in' }, site = siteOf(provider)) {
  const begun = await oidc.begin(site, purpose);
  if (begun instanceof Refusal) throw new Error(begun.message);
  return { location: begun.location, cookie: /=([^;]*)/.exec(begun.setCookie)?.[1] ?? '' };
}

/** Begins, and lets the person type the password. */
async function returned(oidc: Oidc, purpose?: Purpose) {
  const { location, cookie } = await begin(oidc, purpose);
  return { query: await provider.visit(location), cookie };
}

const digestOf = (sub: string) => disclosures.subjectDigest(provider.issuer, sub);
const refused = (code: string) => (message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }) as unknown;
const invalid = refused('identity-invalid');
const unavailable = refused('identity-provider-unavailable');
const unbelieved = invalid('cannot be believed');

describe('a sign-in through the provider', () => {
  it('asks for nothing but the identity, by code with PKCE', async () => {
    const { location } = await begin(ledger());
    const { searchParams } = new URL(location);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: CLIENT.clientId,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      redirect_uri: 'https://ledger.lab.example/sign-in/oidc/callback',
      response_type: 'code',
      scope: 'openid',
      state: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
  });

  it('tells who signed in by a digest', async () => {
    const oidc = ledger();
    const identity = await oidc.complete(siteOf(provider), await returned(oidc));
    expect(identity).toEqual({
      issuer: provider.issuer,
      subject: digestOf('p-7f3a'),
      purpose: 'sign-in',
      authTime: expect.any(Number) as unknown,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
  });

  it('is completed by any process with the same session key', async () => {
    const back = await returned(ledger());
    expect(await ledger().complete(siteOf(provider), back)).toMatchObject({ purpose: 'sign-in' });
  });

  it('reads the discovery document once, also where two begin at the same time', async () => {
    const oidc = ledger();
    await Promise.all([begin(oidc), begin(oidc)]);
    await oidc.complete(siteOf(provider), await returned(oidc));
    expect(provider.asked.filter((path) => path.includes('.well-known'))).toHaveLength(1);
  });

  it('sets a cookie of ten minutes that scripts and other sites do not see, and takes it back', async () => {
    const oidc = ledger();
    const attributes = 'Path=/; Max-Age=600; HttpOnly; SameSite=Lax';
    const cookieAt = async (origin: string) =>
      ((await oidc.begin(siteOf(provider, origin), { purpose: 'sign-in' })) as { setCookie: string })
        .setCookie;
    expect(await cookieAt(ORIGIN)).toMatch(
      new RegExp(`^__Host-oidc=[\\w-]+\\.[\\w-]{43}; ${attributes}; Secure$`),
    );
    expect(await cookieAt('http://localhost:3000')).toMatch(
      new RegExp(`^oidc-0123abcd=[\\w-]+\\.[\\w-]{43}; ${attributes}$`),
    );
    expect(oidc.forget(siteOf(provider))).toBe(
      '__Host-oidc=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    );
  });

  it('shows the browser neither the PKCE verifier nor the session key', async () => {
    const oidc = ledger();
    const { location, cookie } = await begin(oidc);
    let sent = '';
    const original = globalThis.fetch;
    globalThis.fetch = (url, init) => {
      if (init?.body instanceof URLSearchParams) sent = init.body.get('code_verifier') ?? sent;
      return original(url, init);
    };
    try {
      await oidc.complete(siteOf(provider), { query: await provider.visit(location), cookie });
    } finally {
      globalThis.fetch = original;
    }
    expect(sent).toMatch(/^[\w-]{43}$/);
    const seen = location + cookie + Buffer.from(cookie.split('.')[0] ?? '', 'base64url').toString();
    expect(seen).not.toContain(sent);
  });

  it('says that the person gave up', async () => {
    const oidc = ledger();
    provider.person = '';
    expect(await oidc.complete(siteOf(provider), await returned(oidc))).toEqual(
      invalid('did not sign you in'),
    );
  });
});

describe('a link', () => {
  it('is completed in the session that began it', async () => {
    const oidc = ledger();
    const back = await returned(oidc, { purpose: 'link', session: SESSION });
    expect(await oidc.complete(siteOf(provider), { ...back, session: SESSION })).toMatchObject({
      purpose: 'link',
      session: SESSION,
      subject: digestOf('p-7f3a'),
    });
  });

  it.each([
    ['another session', '5f8d1c1e-0000-4000-8000-000000000000'],
    ['no session', undefined],
  ])('is not completed in %s', async (_, session) => {
    const oidc = ledger();
    const back = await returned(oidc, { purpose: 'link', session: SESSION });
    expect(await oidc.complete(siteOf(provider), { ...back, ...(session && { session }) })).toEqual(
      invalid('another session'),
    );
  });
});

describe('signing in again', () => {
  const again = () => ({ purpose: 'sign-in', subject: digestOf('p-7f3a') }) as const;

  it('asks for the password', async () => {
    const { location } = await begin(ledger(), again());
    const { searchParams } = new URL(location);
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '120']);
  });

  it('accepts the same person', async () => {
    const oidc = ledger();
    const back = await returned(oidc, again());
    expect(await oidc.complete(siteOf(provider), back)).toMatchObject({
      subject: digestOf('p-7f3a'),
      authTime: expect.any(Number) as unknown,
    });
  });

  it('refuses another person', async () => {
    const oidc = ledger();
    provider.person = 'p-other';
    const back = await returned(oidc, again());
    expect(await oidc.complete(siteOf(provider), back)).toEqual(invalid('somebody else'));
  });

  it.each([
    ['typed the password four minutes ago', { auth_time: Math.floor(Date.now() / 1000) - 240 }],
    ['typed it nobody knows when', { auth_time: undefined }],
  ])('refuses a person who %s', async (_, changed) => {
    const oidc = ledger();
    const back = await returned(oidc, again());
    provider.claims = (claims) => ({ ...claims, ...changed });
    expect(await oidc.complete(siteOf(provider), back)).toEqual(unbelieved);
  });
});

describe('attacks on the callback', () => {
  it.each<[string, (query: URLSearchParams, strange: URLSearchParams) => void]>([
    ['the state of another flow', (query, strange) => query.set('state', strange.get('state') ?? '')],
    ['no state', (query) => query.delete('state')],
    ['two states', (query) => query.append('state', query.get('state') ?? '')],
    ['the code of another flow', (query, strange) => query.set('code', strange.get('code') ?? '')],
    ['no code', (query) => query.delete('code')],
    ['the name of another provider (mix-up)', (query) => query.set('iss', other.issuer)],
    ['no name of a provider, though it says that it gives one', (query) => query.delete('iss')],
    ['an ID token in the address', (query) => query.set('id_token', 'a.b.c')],
  ])('refuses %s', async (_, change) => {
    const oidc = ledger();
    const [own, strange] = [await returned(oidc), await returned(oidc)];
    const query = new URLSearchParams(own.query);
    change(query, new URLSearchParams(strange.query));
    expect(await oidc.complete(siteOf(provider), { ...own, query: query.toString() })).toEqual(unbelieved);
  });

  it('refuses a code the second time', async () => {
    const oidc = ledger();
    const back = await returned(oidc);
    expect(await oidc.complete(siteOf(provider), back)).toMatchObject({ purpose: 'sign-in' });
    expect(await oidc.complete(siteOf(provider), back)).toEqual(unbelieved);
  });

  it('refuses the cookie of another browser', async () => {
    const oidc = ledger();
    const [victim, attacker] = [await begin(oidc), await returned(oidc)];
    const forced = { query: attacker.query, cookie: victim.cookie };
    expect(await oidc.complete(siteOf(provider), forced)).toEqual(unbelieved);
  });

  it('asks nobody where there is no cookie of its own making', async () => {
    const oidc = ledger();
    const { query, cookie } = await returned(oidc);
    const strange = await begin(ledger({ sessionKey: Buffer.alloc(32, 3) }));
    const [body = '', mac] = cookie.split('.');
    const flow = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...flow, purpose: 'link', session: SESSION }));
    provider.asked.length = 0;
    for (const bad of [
      undefined,
      '',
      '.',
      body,
      `${body}.`,
      `${body}.AAAA`,
      `${forged.toString('base64url')}.${mac}`,
      strange.cookie,
    ])
      expect(await oidc.complete(siteOf(provider), { query, cookie: bad, session: SESSION })).toEqual(
        invalid('another browser'),
      );
    expect(provider.asked).toEqual([]);
  });

  it('refuses a cookie of ten minutes ago', async () => {
    const oidc = ledger();
    const back = await returned(oidc);
    now += 600_000;
    expect(await oidc.complete(siteOf(provider), back)).toEqual(invalid('10 minutes'));
  });

  it('refuses a flow that was begun under another configuration', async () => {
    const oidc = ledger();
    const back = await returned(oidc);
    const { oidc: client } = siteOf(provider);
    for (const site of [
      siteOf(other),
      { origin: ORIGIN, oidc: { ...client, clientId: 'another-client' } },
      siteOf(provider, 'https://new.example'),
      { origin: ORIGIN },
    ])
      expect(await oidc.complete(site, back)).toEqual(invalid('configured anew'));
    expect(other.asked).toEqual([]);
  });
});

describe('ID tokens that are not to be believed', () => {
  const HOUR = 3600;
  const seconds = Math.floor(Date.now() / 1000);

  it.each<[string, Record<string, unknown>]>([
    ['the nonce of another flow', { nonce: 'A'.repeat(43) }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'http://localhost:1' }],
    ['another audience', { aud: 'another-client' }],
    ['an expiry in the past', { exp: seconds - HOUR }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is too long', { sub: 'x'.repeat(256) }],
    ['a subject with a line break', { sub: 'p-7f3a\n' }],
  ])('refuses %s', async (_, changed) => {
    const oidc = ledger();
    const back = await returned(oidc);
    provider.claims = (claims) => ({ ...claims, ...changed });
    expect(await oidc.complete(siteOf(provider), back)).toEqual(unbelieved);
  });

  it.each([
    ['signed by another key', 'strange'],
    ['not signed, though the provider says that it may be', 'none'],
    ['signed with the client secret', 'HS256'],
  ] as const)('refuses one that is %s', async (_, signing) => {
    provider.tamper = (path, body) =>
      path.includes('.well-known')
        ? { ...body, id_token_signing_alg_values_supported: ['ES256', 'none', 'HS256'] }
        : body;
    const oidc = ledger();
    const back = await returned(oidc);
    provider.signing = signing;
    expect(await oidc.complete(siteOf(provider), back)).toEqual(unbelieved);
  });

  it('believes one with an unusual subject, and without a time that was not asked for', async () => {
    const oidc = ledger();
    const back = await returned(oidc);
    provider.claims = (claims) => ({ ...claims, sub: 'x'.repeat(255), auth_time: undefined });
    expect(await oidc.complete(siteOf(provider), back)).toMatchObject({ subject: digestOf('x'.repeat(255)) });
  });
});

describe('a provider that cannot be used', () => {
  const sign = { purpose: 'sign-in' } as const;

  it('is asked for nothing where none is configured, or where its address is not safe', async () => {
    expect(await ledger().begin({ origin: ORIGIN }, sign)).toEqual(unavailable('None is configured'));
    for (const issuer of ['http://provider.example', 'http://localhost.example', 'http://127.0.0.1:1', 'x'])
      expect(await ledger().begin(siteOf({ issuer }), sign)).toEqual(unavailable(`“${issuer}”`));
  });

  it('is down', async () => {
    const gone = createServer();
    const issuer = await listen(gone);
    await new Promise((closed) => gone.close(closed));
    expect(await ledger().begin(siteOf({ issuer }), sign)).toEqual(unavailable('Try again in a while'));
  });

  it('never answers', async () => {
    const silent = createServer(() => {});
    const issuer = await listen(silent);
    const oidc = ledger({ timeoutMs: 20 });
    expect(await oidc.begin(siteOf({ issuer }), sign)).toEqual(unavailable('Try again in a while'));
    silent.closeAllConnections();
    silent.close();
  });

  it('is asked again after a failure', async () => {
    const oidc = ledger();
    provider.status = 500;
    expect(await oidc.begin(siteOf(provider), sign)).toEqual(unavailable('Try again in a while'));
    provider.status = undefined;
    expect(await oidc.begin(siteOf(provider), sign)).toMatchObject({
      setCookie: expect.any(String) as unknown,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['names another issuer', { issuer: 'https://login.example' }],
    ['has no page to sign in', { authorization_endpoint: undefined }],
    ['has a page that is no page', { authorization_endpoint: 'javascript:alert(1)' }],
  ])('%s', async (_, changed) => {
    provider.tamper = (_path, body) => ({ ...body, ...changed });
    expect(await ledger().begin(siteOf(provider), sign)).toEqual(unavailable('compare the issuer'));
  });

  it('names its issuer without the slash that is configured', async () => {
    const issuer = `${provider.issuer}/`;
    expect(await ledger().begin(siteOf({ issuer }), sign)).toEqual(unavailable('compare the issuer'));
  });

  it('fails when the code is to be exchanged, and its words are not repeated', async () => {
    const oidc = ledger();
    const back = await returned(oidc);
    provider.status = 500;
    provider.tamper = () => ({ error: 'server_error', error_description: 'p-7f3a is locked out' });
    const refusal = await oidc.complete(siteOf(provider), back);
    expect(refusal).toEqual(unavailable('Try again in a while'));
    expect(JSON.stringify(refusal)).not.toMatch(/p-7f3a|locked|server_error/);
  });

  it('does not know the client secret, until it is put right', async () => {
    writeFileSync(clientSecretFile, 'another-secret');
    const oidc = ledger();
    expect(await oidc.complete(siteOf(provider), await returned(oidc))).toEqual(
      unavailable('client id, client secret and redirect address'),
    );
    writeFileSync(clientSecretFile, CLIENT.secret);
    expect(await oidc.complete(siteOf(provider), await returned(oidc))).toMatchObject({ purpose: 'sign-in' });
  });

  it('is not asked where the file of the client secret is empty or gone', async () => {
    writeFileSync(clientSecretFile, '\n');
    expect(await ledger().begin(siteOf(provider), sign)).toEqual(unavailable('client secret is empty'));
    rmSync(clientSecretFile);
    expect(await ledger().begin(siteOf(provider), sign)).toEqual(unavailable('cannot be read'));
    expect(provider.asked).toEqual([]);
  });
});
