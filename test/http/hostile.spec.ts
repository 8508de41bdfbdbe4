import { MAX_BODY_BYTES } from '../../src/http/platform/json-body.js';
import {
  commandPath,
  exampleOf,
  fire,
  serving,
  stopIdleClients,
  withAnimal,
  type Serving,
} from './test-server.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PATH = commandPath('RecordBodyWeight');

describe('what may not come in', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(async () => {
    // None of what is refused here leaves a record.
    expect((await server.get('/api/v1/studies/KET-01')).body.treeSize).toBe(3);
    stopIdleClients();
    await server.close();
  });
  const code = ({ text }: { text: string }): unknown => (JSON.parse(text) as { code: unknown }).code;

  it.each([
    '',
    '{',
    '{"data":}',
    '"text"',
    '12',
    'null',
    '{"data":{}} x',
    "{'data':{}}",
    '\ufeff{',
    '{"a":1,}',
  ])('refuses the body %p as malformed', async (body) => {
    const answer = await fire(server.port, 'POST', PATH, { headers: JSON_TYPE, body });
    expect([answer.status, code(answer)]).toEqual(
      body === '' ? [422, 'field-invalid'] : [400, 'body-malformed'],
    );
  });

  it('refuses bytes that are not UTF-8, rather than record a replacement for them', async () => {
    const body = Buffer.concat([
      Buffer.from('{"subject":"R01","reason":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const answer = await fire(server.port, 'POST', PATH, { headers: JSON_TYPE, body });
    expect([answer.status, code(answer)]).toEqual([400, 'body-malformed']);
  });

  it('refuses what is longer than 256 KiB, with and without a length', async () => {
    const body = JSON.stringify({ ...exampleOf('RecordBodyWeight'), reason: 'x'.repeat(MAX_BODY_BYTES) });
    for (const headers of [JSON_TYPE, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }]) {
      const answer = await fire(server.port, 'POST', PATH, { headers, body });
      expect([answer.status, code(answer)]).toEqual([413, 'body-too-large']);
    }
    expect((await fire(server.port, 'GET', '/health')).status).toBe(200);
  });

  it('refuses nesting that would exhaust a stack', async () => {
    const depth = 60_000;
    for (const nested of [
      '['.repeat(depth) + ']'.repeat(depth),
      '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000),
    ]) {
      for (const body of [`{"data":${nested}}`, `{"data":{"comment":${nested}}}`, nested]) {
        const answer = await fire(server.port, 'POST', PATH, { headers: JSON_TYPE, body });
        expect([400, 422]).toContain(answer.status);
        expect(code(answer)).toMatch(/^(body|field)-/);
      }
    }
  });

  it('refuses what no record can hold, also under the id of a command that was recorded', async () => {
    const own = await serving();
    await withAnimal(own);
    await own.send('RecordBodyWeight', exampleOf('RecordBodyWeight'));
    const headers = { ...JSON_TYPE, 'Idempotency-Key': '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01' };
    const correct = (corrected: string) =>
      fire(own.port, 'POST', commandPath('CorrectRecord'), {
        headers,
        body: `{"reason":"mistyped","data":{"target":{"number":3},"subject":"R01","occurredAt":"2026-03-02T09:15:00Z","corrected":${corrected}}}`,
      });
    expect((await correct('{"weight":{"value":"2","unit":"g"}}')).status).toBe(201);
    for (const value of [
      '0.1',
      '1e999',
      '1e21',
      '9007199254740993',
      'null',
      '[[null]]',
      '{"\\ud800":1}',
      '{"é":1}',
      '{"1":1}',
    ]) {
      const answer = await correct(`{"x":${value}}`);
      expect([value, answer.status, code(answer)]).toEqual([value, 422, expect.stringMatching(/^field-/)]);
    }
    const deep = await correct(`${'{"a":'.repeat(13)}"\\ud800"${'}'.repeat(13)}`);
    expect([deep.status, code(deep)]).toEqual([400, 'body-too-deep']);
    const other = await correct('{"weight":{"value":"3","unit":"g"}}');
    expect([other.status, code(other)]).toEqual([409, 'command-id-reused']);
    await own.close();
  });

  it('refuses numbers beyond what a number can be', async () => {
    const send = (number: string) =>
      fire(server.port, 'POST', commandPath('VoidRecord'), {
        headers: JSON_TYPE,
        body: `{"reason":"mistyped","data":{"target":{"number":${number}}}}`,
      });
    for (const number of ['1e999', '-1', '1.5', '9007199254740993', '-1e999', '1e300']) {
      const answer = await send(number);
      expect([number, answer.status, code(answer)]).toEqual([number, 422, 'field-invalid']);
    }
  });

  it.each([
    '/api/v1/studies/..%2f',
    '/api/v1/studies/%2e%2e/records',
    '/api/v1/studies/..%5c..%5cetc/records',
    '/api/v1/studies/%00',
    '/api/v1/studies/KET-01%00',
    '/api/v1/studies/KET-01%0d%0aX-Injected:%201',
    '/api/v1/studies/ket-01',
    '/api/v1/studies/__proto__',
    '/api/v1/studies/constructor/records',
    `/api/v1/studies/${'A'.repeat(8000)}`,
    `/api/v1/studies/${'%F0%9F%90%80'.repeat(500)}/records`,
  ])('finds nothing at %.60p', async (path) => {
    const answer = await fire(server.port, 'GET', path);
    expect([answer.status, code(answer)]).toEqual([404, 'study-unknown']);
    expect(answer.headers).not.toHaveProperty('x-injected');
    expect(answer.text.length).toBeLessThan(1500);
  });

  it.each([
    '/api/v1/studies/%zz',
    '/api/v1/studies/%',
    '/api/v1/studies/%ff',
    '/api/v1/studies/%c0%ae%c0%ae/records',
    '/%',
    '/api/v1/studies/KET-01/commands/%e0%80',
  ])('refuses the path %p', async (path) => {
    const answer = await fire(server.port, path.includes('commands') ? 'POST' : 'GET', path, {
      headers: JSON_TYPE,
    });
    expect([answer.status, code(answer)]).toEqual([400, 'path-invalid']);
    const { instance } = JSON.parse(answer.text) as { instance: string };
    expect(() => decodeURI(instance.replaceAll(/%(?!25)[0-9A-Fa-f]{2}/g, ''))).not.toThrow();
  });

  it('refuses a code that is none in every command', async () => {
    for (const study of ['ket-01', '..%2f', '%00', 'A'.repeat(41), 'A--B', '%F0%9F%90%80', '__proto__']) {
      const answer = await fire(server.port, 'POST', commandPath('RegisterStudy', study), {
        headers: JSON_TYPE,
        body: JSON.stringify(exampleOf('RegisterStudy')),
      });
      expect([study, answer.status, code(answer)]).toEqual([study, 400, 'study-code-invalid']);
    }
  });
});
