import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  commandPath,
  exampleOf,
  fire,
  raw,
  serving,
  stopIdleClients,
  withAnimal,
  type Serving,
} from './test-server.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PATH = commandPath('RecordBodyWeight');
const BODY = JSON.stringify(exampleOf('RecordBodyWeight'));

describe('who may not come in', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(async () => {
    // None of what is refused here leaves a record.
    const { body } = await server.get('/api/v1/studies/KET-01/records?from=3');
    expect(body.records.map(({ number }: { number: number }) => number)).toEqual(accepted);
    stopIdleClients();
    await server.close();
  });
  const accepted: number[] = [];
  const code = ({ text }: { text: string }): unknown => (JSON.parse(text) as { code: unknown }).code;

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '0.0.0.0',
    '[::]',
    'localhost:',
    'localhost:80:80',
  ])('refuses the host %p (DNS rebinding)', async (host) => {
    for (const [method, path] of [
      ['GET', '/api/v1/studies'],
      ['GET', '/'],
      ['POST', PATH],
    ] as const) {
      const answer = await fire(server.port, method, path, {
        headers: { ...JSON_TYPE, host },
        ...(method === 'POST' && { body: BODY }),
      });
      expect([answer.status, code(answer)]).toEqual([421, 'host-refused']);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    }
  });

  it.each(['localhost', 'LocalHost:3000', '127.0.0.1', '127.0.0.1:80', '[::1]:3000'])(
    'answers to %s',
    async (host) => {
      expect((await fire(server.port, 'GET', '/api/v1/studies', { headers: { host } })).status).toBe(200);
    },
  );

  it.each(['http://evil.example', 'null', 'https://localhost', 'http://localhost:1', 'file://', ''])(
    'refuses the origin %p',
    async (origin) => {
      const headers = { ...JSON_TYPE, origin, host: `localhost:${server.port}` };
      const answer = await fire(server.port, 'POST', PATH, { headers, body: BODY });
      expect([answer.status, code(answer)]).toEqual([403, 'origin-refused']);
      expect((await fire(server.port, 'GET', '/api/v1/studies', { headers })).status).toBe(403);
      expect((await fire(server.port, 'OPTIONS', PATH, { headers })).headers).not.toHaveProperty(
        'access-control-allow-origin',
      );
    },
  );

  it('takes a command from its own pages', async () => {
    const host = `localhost:${server.port}`;
    const answer = await fire(server.port, 'POST', PATH, {
      headers: { ...JSON_TYPE, host, origin: `http://${host}` },
      body: BODY,
    });
    expect(answer.status).toBe(201);
    accepted.push(3);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/plain; application/json',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json, text/plain',
    '',
  ])('refuses a body of type %p, as a form could post it', async (type) => {
    const answer = await fire(server.port, 'POST', PATH, { headers: { 'Content-Type': type }, body: BODY });
    expect([answer.status, code(answer)]).toEqual([415, 'content-type-unsupported']);
  });

  it('takes JSON that says it is UTF-8', async () => {
    const answer = await fire(server.port, 'POST', PATH, {
      headers: { 'Content-Type': 'Application/JSON; charset=UTF-8' },
      body: BODY,
    });
    expect(answer.status).toBe(201);
    accepted.push(4);
  });

  it('refuses compressed bodies, which could unpack to anything', async () => {
    for (const [encoding, body] of [
      ['gzip', gzipSync(BODY)],
      ['br', brotliCompressSync(BODY)],
      ['x', BODY],
    ] as const) {
      const answer = await fire(server.port, 'POST', PATH, {
        headers: { ...JSON_TYPE, 'Content-Encoding': encoding },
        body,
      });
      expect([answer.status, code(answer)]).toEqual([415, 'content-type-unsupported']);
    }
  });

  it('answers what is not HTTP, and goes on', async () => {
    const start = (text: string) => raw(server.port, text);
    expect(await start('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*request-malformed/);
    expect(await start('GET / HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await start('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
    expect(await start('GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
    expect(await start(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [^]*headers-too-large/,
    );
    expect(
      await start('GET http://evil.example/studies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/400 [^]*path-invalid/);
    expect(await start('GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /400 [^]*problem\+json[^]*path-invalid/,
    );
    expect(
      await start('GET //evil.example/studies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/404 [^]*route-unknown/);
    expect(
      await start('GET /api/v1/studies#x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/400 [^]*path-invalid/);
    expect(await start('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /400 [^]*path-invalid/,
    );
    expect(await start('GET /../health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /404 [^]*route-unknown/,
    );
    expect(
      await start('GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 421/);
    // Two lengths, or a length beside chunks: the ways to smuggle a second request in.
    expect(
      await start('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    ).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await start(
        'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 400/);
    expect((await server.get('/health')).status).toBe(200);
  });

  it('answers an expectation that it does not meet with the same headers', async () => {
    const answer = await raw(
      server.port,
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nExpect: a-miracle\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 417 [^]*Content-Security-Policy: default-src 'none'[^]*expectation-failed/,
    );
  });

  it('drains a refused body before it reads the next request of the connection', async () => {
    const smuggled = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
    const answer = await raw(
      server.port,
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415', 'HTTP/1.1 200']);
  });

  it('sends the same protective headers with everything that is no page', async () => {
    for (const path of [
      '/api/v1/openapi.json',
      '/health',
      '/api/v1/studies',
      '/api/v1/studies/KET-01',
      '/api/v1/studies/NONE',
      '/nowhere',
    ]) {
      const { headers } = await server.get(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});
