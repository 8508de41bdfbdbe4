import { StoreError, type StoreErrorCode } from '../../src/store/store-error.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import type { NewRecord } from '../../src/store/event-store.js';
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

/** A store that fails as it is told. */
class FailingStore extends MemoryStore {
  failing: StoreErrorCode | Error | undefined;

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    if (this.failing instanceof Error) throw this.failing;
    if (this.failing) throw new StoreError(this.failing, 'disk /srv/secret is gone');
    return super.append(stream, size, records);
  }

  override async size(stream: string): Promise<number> {
    if (typeof this.failing === 'string') throw new StoreError(this.failing, 'disk /srv/secret is gone');
    return super.size(stream);
  }
}

describe('problems', () => {
  let server: Serving;
  const store = new FailingStore();
  const logged: unknown[] = [];
  const note = (...message: unknown[]): void => void logged.push(message);
  beforeAll(async () => {
    const logger = { log: () => {}, error: note, warn: note };
    server = await serving({ store, logger });
    await withAnimal(server);
  });
  afterEach(() => {
    store.failing = undefined;
    logged.length = 0;
  });
  afterAll(async () => {
    stopIdleClients();
    await server.close();
  });

  it('are RFC 9457 documents of one shape', async () => {
    const answer = await server.send('RecordBodyWeight', { subject: 'R01', data: {} });
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:study-ledger:problem:field-missing',
      title: 'Field missing',
      status: 422,
      code: 'field-missing',
      detail: expect.stringContaining('data.weight is missing'),
      field: 'data.weight',
      errors: [
        {
          field: 'data.weight',
          code: 'field-missing',
          detail: expect.stringContaining('data.weight is missing'),
        },
      ],
      instance: '/api/v1/studies/KET-01/commands/record-body-weight',
    });
    expect(Object.keys((await server.get('/nowhere?x=1')).body)).toEqual([
      'type',
      'title',
      'status',
      'code',
      'detail',
      'instance',
    ]);
  });

  const weight = exampleOf('RecordBodyWeight');
  it.each([
    ['RegisterStudy', exampleOf('RegisterStudy'), 409, 'study-exists'],
    ['EnrolSubject', exampleOf('EnrolSubject'), 409, 'subject-enrolled'],
    ['ApproveProtocol', exampleOf('ApproveProtocol'), 409, 'protocol-exists'],
    ['RecordBodyWeight', { ...weight, subject: 'R99' }, 422, 'subject-unknown'],
    ['RecordBodyWeight', { ...weight, occurredAt: '2030-01-01T00:00:00Z' }, 422, 'time-in-future'],
    ['RecordBodyWeight', { ...weight, occurredAt: '2026-03-01T00:00:00Z' }, 422, 'reason-required'],
    ['RecordBodyWeight', { ...weight, occurredAt: 'now' }, 422, 'field-invalid'],
    ['RecordBodyWeight', { ...weight, occurredAt: null }, 422, 'field-invalid'],
    ['RecordBodyWeight', { ...weight, data: [] }, 422, 'field-invalid'],
    ['RecordBodyWeight', { ...weight, data: { weight: { value: 1, unit: 'g' } } }, 422, 'field-invalid'],
    ['RecordBodyWeight', { ...weight, reason: 'a\u0007b' }, 422, 'text-not-recordable'],
    ['RecordBodyWeight', { ...weight, reason: '\ud800' }, 422, 'text-not-recordable'],
    ['RecordBodyWeight', [], 422, 'body-invalid'],
    ['VoidRecord', { reason: 'mistyped', data: { target: { number: 99 } } }, 404, 'record-unknown'],
  ])('%s %j → %i %s', async (name, body, status, code) => {
    const answer = await server.send(name, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  const stamped = ['actor', 'role', 'session', 'id', 'study', 'command', 'at', 'submission', 'clock'];
  it.each(stamped)('refuses a payload that brings its own %s [R1]', async (field) => {
    const answer = await server.send('RecordBodyWeight', { ...weight, [field]: 'x' });
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([422, 'field-unknown', field]);
    const inside = await server.send('RecordBodyWeight', {
      ...weight,
      data: { ...(weight['data'] as object), [field]: 'x' },
    });
    expect([inside.status, inside.body.code]).toEqual([422, 'field-unknown']);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'refuses the key %s and is not changed by it',
    async (key) => {
      const path = commandPath('RecordBodyWeight');
      for (const body of [
        `{"${key}":{"polluted":1},"subject":"R01","data":{"weight":{"value":"1","unit":"g"}}}`,
        `{"subject":"R01","data":{"${key}":{"polluted":1},"weight":{"value":"1","unit":"g"}}}`,
        `{"subject":"R01","data":{"weight":{"${key}":{"polluted":1},"value":"1","unit":"g"}}}`,
      ]) {
        const answer = await server.post(path).set('Content-Type', 'application/json').send(body);
        expect([answer.status, answer.body.code]).toEqual([422, expect.stringMatching(/^field-/)]);
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('refuses a record that would not fit into a leaf of the log', async () => {
    const { data } = exampleOf('AmendProtocol') as {
      data: { protocol: { welfare: { endpoints: object[] } } };
    };
    data.protocol.welfare.endpoints = Array.from({ length: 20 }, (_, index) => ({
      id: `e-${index}`,
      description: '€'.repeat(4000),
    }));
    const answer = await server.send('AmendProtocol', { reason: 'mistyped', data });
    expect([answer.status, answer.body.code]).toEqual([413, 'record-too-large']);
  });

  it('outlives a client that leaves in the middle of a body', async () => {
    const body = 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"data":';
    const text = `POST ${commandPath('CloseStudy')} HTTP/1.1\r\nHost: localhost\r\n${body}`;
    await raw(server.port, text, { leave: true });
    expect((await server.get('/health')).status).toBe(200);
    expect(logged).toEqual([]);
  });

  it('knows its routes, and the methods of each', async () => {
    const unknown = [
      '/api/v1/studies/',
      '/Studies',
      '/api/v1/studies/KET-01/',
      '/health/',
      '/api/v1/studies//records',
      '/favicon.ico',
    ];
    for (const path of unknown) {
      const { status, body } = await server.get(path);
      expect([path, status, body.code]).toEqual([path, 404, 'route-unknown']);
    }
    const command = await server.post('/api/v1/studies/KET-01/commands/RecordThreshold').send({});
    expect([command.status, command.body.code]).toEqual([404, 'command-unknown']);
    for (const [method, path, allow] of [
      ['GET', '/api/v1/studies/KET-01/commands/apply-scs', 'POST'],
      ['HEAD', '/api/v1/studies/KET-01/commands/apply-scs', 'POST'],
      ['POST', '/api/v1/studies/KET-01', 'GET, HEAD'],
      ['DELETE', '/api/v1/studies/KET-01/records/3', 'GET, HEAD'],
      ['PUT', '/api/v1/studies/KET-01/commands/apply-scs', 'POST'],
      ['OPTIONS', '/api/v1/studies', 'GET, HEAD'],
      ['TRACE', '/health', 'GET, HEAD'],
      ['PATCH', '/', 'GET, HEAD'],
    ] as const) {
      const answer = await fire(server.port, method, path);
      expect([method, path, answer.status, answer.headers['allow']]).toEqual([method, path, 405, allow]);
    }
  });

  it.each([
    ['GET', '/studies/KET-01/records/0?at=1', '/studies/KET-01/records/0'],
    ['POST', '/studies/KET-01/commands/record-threshold', '/studies/KET-01/commands/record-threshold'],
    ['GET', '/feed?study=KET-01', '/feed'],
    ['GET', '/welfare/alerts', '/welfare/alerts'],
    ['GET', '/lab/checkpoint', '/lab/checkpoint'],
    ['GET', '/access/records', '/access/records'],
    ['GET', '/openapi.json', '/openapi.json'],
  ])('says where the address of version 0.2 is now: %s %s', async (method, path, moved) => {
    const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
    const { status, text } = await fire(server.port, method, path, {
      headers,
      ...(method === 'POST' && { body: '{}' }),
    });
    const { code, detail } = JSON.parse(text) as { code: string; detail: string };
    expect([status, code]).toEqual([404, 'route-unknown']);
    expect(detail).toBe(
      `There is no page at this address. The interface for programs is below /api/v1: for that, ask for /api/v1${moved}.`,
    );
  });

  it('says where the id is no UUID, or one that only the ledger derives', async () => {
    const derived = [5, 8].map((version) => `0199d3f2-6a3c-${version}c1e-8a55-3f5b8a1d2c01`);
    const other = ['x', '0199D3F2-6A3C-7C1E-8A55-3F5B8A1D2C01', '', `"${'0'.repeat(36)}"`];
    for (const key of [...derived, ...other]) {
      const answer = await server.send('RecordBodyWeight', weight, { key });
      expect([key, answer.status, answer.body.code]).toEqual([key, 400, 'id-invalid']);
    }
  });

  it.each([
    ['unavailable', 503, 'store-unavailable', '2'],
    ['denied', 503, 'store-denied', undefined],
    ['locked', 503, 'store-locked', '2'],
    ['unknown-outcome', 503, 'outcome-unknown', '2'],
    ['closed', 503, 'shutting-down', '2'],
    ['full', 507, 'store-full', '60'],
  ] as const)('a store that is %s → %i', async (failing, status, code, retry) => {
    store.failing = failing;
    const key = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c77';
    const answer = await server.send('RecordBodyWeight', weight, { key });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers['retry-after']).toBe(retry);
    expect(answer.headers['idempotency-key']).toBe(key);
    expect(answer.text).not.toContain('secret');
    expect((await server.get('/health/ready')).status).toBe(status);
    expect((await server.get('/health')).status).toBe(200);
  });

  it('answers what it did not expect with a number, and keeps the rest for the log', async () => {
    store.failing = new Error('password of /srv/secret');
    const answer = await server.send('RecordBodyWeight', weight);
    expect(answer.status).toBe(500);
    const id = /^urn:uuid:([0-9a-f-]{36})$/.exec(answer.body.instance)?.[1] ?? 'none';
    expect(answer.body).toEqual({
      type: 'urn:study-ledger:problem:internal-error',
      title: 'Internal error',
      status: 500,
      code: 'internal-error',
      detail: expect.stringContaining(id),
      instance: `urn:uuid:${id}`,
    });
    const log = JSON.stringify(logged);
    expect(log).toContain(id);
    expect(log).toContain('password of /srv/secret');
    expect(log).not.toContain(JSON.stringify(weight));
  });

  it('goes on after a failure', async () => {
    expect((await server.send('RecordBodyWeight', weight)).status).toBe(201);
  });

  it('closes: afterwards only what concerns the record itself is taken', async () => {
    expect((await server.send('CloseStudy', exampleOf('CloseStudy'))).status).toBe(201);
    const answer = await server.send('RecordBodyWeight', weight);
    expect([answer.status, answer.body.code]).toEqual([409, 'study-closed']);
    const withdrawn = { reason: 'mistyped', data: { target: { number: 3 } } };
    expect((await server.send('VoidRecord', withdrawn)).status).toBe(201);
    const again = await server.send('VoidRecord', withdrawn);
    expect([again.status, again.body.code]).toEqual([409, 'not-in-force']);
  });
});
