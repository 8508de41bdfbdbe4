import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused, postForm } from '../../src/console/client/lib/ask-server.js';
import { isUnanswered } from '../../src/console/client/lib/kept-entry.js';
import { postEntry } from '../../src/console/client/lib/outbox.js';

const JSON_TYPE = 'application/json; charset=utf-8';

describe('an answer to an entry', () => {
  const document = new EventTarget();
  let answer = { status: 201, type: JSON_TYPE, body: '' };
  let server: Server;
  let url: string;
  beforeAll(async () => {
    Object.assign(globalThis, { document });
    server = createServer((_, response) => {
      response.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bench`;
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'document');
    server.close();
  });

  const refusedBy = async (ask: () => Promise<unknown>): Promise<Refused> => {
    const refused = await ask().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Refused);
    return refused as Refused;
  };

  it('that names its record is a receipt', async () => {
    const receipt = { records: [{ number: 14 }], flags: [], next: '/studies/KET-01/today' };
    answer = { status: 201, type: JSON_TYPE, body: JSON.stringify(receipt) };
    expect(await postEntry(url, new URLSearchParams())).toEqual(receipt);
  });

  it.each([
    [200, 'text/html', '<h1>Welcome to the guest network</h1>'],
    [200, 'text/html', ''],
    // What lies between refuses as well, and is no answer of the server.
    [409, 'text/html', '<p>no</p>'],
    [429, 'text/html', '<p>slower</p>'],
    [201, JSON_TYPE, '{"records":[{"num'],
  ])('with status %i that is no JSON is like none: %s %s', async (status, type, body) => {
    answer = { status, type, body };
    for (const ask of [postForm, postEntry]) {
      const { problem } = await refusedBy(() => ask(url, new URLSearchParams()));
      expect([problem.code, isUnanswered(problem)]).toEqual(['unreachable', true]);
    }
  });

  it.each([
    '{}',
    'null',
    '{"records":[],"next":"/"}',
    '{"records":[{"number":"14"}],"next":"/"}',
    '{"records":[{"number":14}]}',
  ])('that names no record is like none: %s', async (body) => {
    answer = { status: 200, type: JSON_TYPE, body };
    const { problem } = await refusedBy(() => postEntry(url, new URLSearchParams()));
    expect(isUnanswered(problem)).toBe(true);
  });

  it('is a refusal where the server says so', async () => {
    const problem = { status: 409, code: 'subject-dead', detail: 'R01 has died.' };
    answer = { status: 409, type: 'application/problem+json', body: JSON.stringify(problem) };
    const refused = await refusedBy(() => postEntry(url, new URLSearchParams()));
    expect([refused.problem, isUnanswered(refused.problem)]).toEqual([problem, false]);
  });
});
