import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata, Provider } from 'oidc-provider';

export const CLIENT = { clientId: 'study-ledger', secret: 'secret-of-the-client' };

/** What the documentation says to register. */
const REGISTRATION = JSON.parse(
  readFileSync(new URL('../../deploy/oidc-client.json', import.meta.url), 'utf8'),
) as ClientMetadata;

type Claims = Record<string, unknown>;

/** How an ID token is signed: as it should be, by a stranger’s key, not at all, or with the client secret. */
type Signing = 'own' | 'strange' | 'none' | 'HS256';

/** An OpenID provider in this process, by the package `oidc-provider`, that can be made to lie. */
export class TestProvider {
  /** Who types the password; nobody where it is empty. */
  person = 'p-7f3a';
  /** Changes what an ID token claims; it is signed anew. */
  claims: (claims: Claims) => Claims = (claims) => claims;
  signing: Signing = 'own';
  /** Changes the body of any other answer. */
  tamper: (path: string, body: Claims) => Claims = (_, body) => body;
  /** Instead of an answer. */
  status: number | undefined;
  /** Paths that were asked for. */
  readonly asked: string[] = [];

  readonly #keys = { own: ecKey(), strange: ecKey() };

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<TestProvider> {
    const server = createServer();
    const started = new TestProvider(await listen(server), server);
    await started.#serve();
    return started;
  }

  async #serve(): Promise<void> {
    // The package warns of this Node, and of each default it is used with.
    for (const level of ['warn', 'info'] as const) console[level] = () => {};
    const oidc = await import('oidc-provider');
    const provider: Provider = new oidc.Provider(this.issuer, {
      clients: [
        {
          ...REGISTRATION,
          client_id: CLIENT.clientId,
          client_secret: CLIENT.secret,
          id_token_signed_response_alg: 'ES256',
        },
      ],
      cookies: { keys: ['a key of the test'] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: () => '/password' },
      jwks: { keys: [{ ...this.#keys.own.export({ format: 'jwk' }), kid: 'key-1' } as never] },
      loadExistingGrant: async ({ oidc }) => {
        const grant = new provider.Grant({
          accountId: oidc.session?.accountId ?? '',
          clientId: CLIENT.clientId,
        });
        grant.addOIDCScope('openid');
        await grant.save();
        return grant;
      },
    });
    provider.use(async (context, next) => {
      this.asked.push(context.path);
      if (context.path === '/password') {
        context.respond = false;
        const { person } = this;
        const result = person === '' ? { error: 'access_denied' } : { login: { accountId: person } };
        return provider.interactionFinished(context.req, context.res, result);
      }
      await next();
      if (this.status !== undefined) context.status = this.status;
      const body = context.body as Claims;
      if (typeof body['id_token'] === 'string') body['id_token'] = this.#signed(body['id_token']);
      if (typeof body === 'object') context.body = this.tamper(context.path, body);
    });
    const handle = provider.callback();
    this.server.on('request', (request, response) => void handle(request, response));
  }

  #signed(token: string): string {
    const [, payload = ''] = token.split('.');
    const claims = this.claims(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims);
    const { signing } = this;
    const alg = signing === 'own' || signing === 'strange' ? 'ES256' : signing;
    const text = [{ alg, kid: 'key-1' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${this.#signature(signing, text)}`;
  }

  #signature(signing: Signing, text: string): string {
    if (signing === 'none') return '';
    if (signing === 'HS256') return createHmac('sha256', CLIENT.secret).update(text).digest('base64url');
    const key = { key: this.#keys[signing], dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(text), key).toString('base64url');
  }

  /** A browser that goes to `location` and on. Returns the query with which it is sent back to the ledger. */
  async visit(location: string): Promise<string> {
    const jar = new Map<string, string>();
    let next = new URL(location);
    while (next.origin === this.issuer) {
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        jar.set(name, value);
      }
      const onward = answer.headers.get('location');
      if (onward === null) throw new Error(`${next.pathname}: ${answer.status} ${await answer.text()}`);
      next = new URL(onward, next);
    }
    return next.search;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Returns the address, by the name under which plain http is allowed. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function ecKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
