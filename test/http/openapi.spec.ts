import { sha256Hex } from '../../src/shared/sha256.js';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { statusOf, type ProblemCode } from '../../src/http/platform/problems.js';
import { CATALOGUE, routeOf } from '../../src/study/catalogue.js';
import { instantMs } from '../../src/study/instant.js';
import { exampleOf, fire, serving, stopIdleClients, withAnimal, type Serving } from './test-server.js';

// oxlint-disable-next-line typescript/no-explicit-any -- a document of any shape, walked by name
type Json = Record<string, any>;
const document = openApiDocument() as Json;
const root = new URL('../../', import.meta.url);

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
ajv.addFormat('date-time', (text) => instantMs(text) !== undefined);
ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
ajv.addFormat('uri', (text) => URL.canParse(text));
ajv.addFormat('uri-reference', (text) => URL.canParse(text, 'http://localhost'));
ajv.addVocabulary(['components']);
ajv.addSchema({ $id: 'doc:openapi', components: document['components'] });

/** Schemas of the document refer to its components; here they are resolved against it. */
function validator(schema: object) {
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"doc:openapi#/components/');
  return ajv.compile(JSON.parse(text) as object);
}

function mistakes(schema: object, value: unknown): unknown {
  const validate = validator(schema);
  return validate(value) ? undefined : validate.errors;
}

function walk(value: unknown, visit: (node: Json) => void): void {
  if (typeof value !== 'object' || value === null) return;
  visit(value);
  for (const inner of Object.values(value)) walk(inner, visit);
}

const operations = Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
  Object.entries(item as Json).map(([method, operation]) => ({ path, method, operation: operation as Json })),
);

describe('the OpenAPI document', () => {
  it('is the one that is committed (npm run openapi)', () => {
    const committed = readFileSync(new URL('openapi.json', root), 'utf8');
    expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('bears the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
      version: string;
    };
    expect(document.info).toMatchObject({ version });
  });

  it('is the same whenever it is made', () => {
    expect(openApiDocument()).toEqual(document);
  });

  it('refers to nothing that is not there, and holds nothing that is not referred to', () => {
    const text = JSON.stringify(document);
    for (const kind of ['schemas', 'responses']) {
      const referred = new Set(
        [...text.matchAll(new RegExp(`#/components/${kind}/(\\w+)`, 'g'))].map(([, name]) => name),
      );
      expect(referred).toEqual(new Set(Object.keys(document['components'][kind])));
    }
  });

  it('has schemas that Ajv compiles in its strict mode', () => {
    for (const name of Object.keys(document['components'].schemas)) {
      expect(() => validator({ $ref: `#/components/schemas/${name}` })).not.toThrow();
    }
  });

  it('has operations with ids of their own, path parameters and described responses', () => {
    const ids = operations.map(({ operation }) => operation['operationId'] as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = ((operation['parameters'] ?? []) as Json[]).filter(
        (parameter) => parameter['in'] === 'path',
      );
      expect([path, declared.map(({ name }) => name as string)]).toEqual([path, inPath]);
      expect(declared.every(({ required }) => required === true)).toBe(true);
      for (const response of Object.values(operation['responses'] as Json)) {
        expect(typeof resolved(response)['description']).toBe('string');
      }
    }
  });

  it('has examples that fit their schemas', () => {
    let examples = 0;
    for (const { path, operation } of operations) {
      const body = operation['requestBody']?.content['application/json'] as Json | undefined;
      if (body) {
        expect([path, mistakes(body['schema'], body['example'])]).toEqual([path, undefined]);
        examples++;
      }
    }
    walk(document, (node) => {
      if ('schema' in node && 'example' in node) {
        expect([node['name'], node['example'], mistakes(node['schema'], node['example'])]).toEqual([
          node['name'],
          node['example'],
          undefined,
        ]);
        examples++;
      }
      if ('type' in node && Array.isArray(node['examples'])) {
        for (const example of node['examples']) expect(mistakes(node, example)).toBeUndefined();
        examples++;
      }
    });
    expect(examples).toBeGreaterThan(60);
  });

  it('says that a session or a token is asked for, and neither where the ledger is simulated', () => {
    expect(document['security']).toEqual([{ session: [] }, { token: [] }, {}]);
    const { securitySchemes } = document['components'] as { securitySchemes: object };
    expect(Object.keys(securitySchemes)).toEqual(['session', 'token']);
  });

  it('types a correction by the command that first stated the fact', () => {
    const correction = { $ref: '#/components/schemas/CorrectRecordData' };
    const { data } = exampleOf('CorrectRecord');
    for (const name of ['RecordBodyWeight', 'RecordThreshold', 'EnrolSubject', 'RegisterStudy']) {
      const corrected = exampleOf(name)['data'];
      expect([name, mistakes(correction, { ...(data as object), corrected })]).toEqual([name, undefined]);
    }
    expect(
      mistakes(correction, { ...(data as object), corrected: { weight: { value: '243.70' } } }),
    ).toBeUndefined();
    for (const corrected of [{ weight: '243.70 g' }, { wait: { value: '243.70', unit: 'g' } }])
      expect(mistakes(correction, { ...(data as object), corrected })).toBeDefined();
  });

  it('gives every problem code the status that it is answered with', () => {
    walk(document, (node) => {
      const { code, status } = (node['properties'] ?? {}) as { code?: Json; status?: Json };
      if (!code?.['enum']) return;
      for (const each of code['enum'] as string[])
        expect([each, statusOf(each as ProblemCode)]).toEqual([each, status?.['const']]);
    });
  });
});

function resolved(response: Json): Json {
  const name = /\/(\w+)$/.exec((response['$ref'] as string | undefined) ?? '')?.[1];
  return name === undefined ? response : (document['components'].responses[name] as Json);
}

describe('the routes', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(() => {
    stopIdleClients();
    return server.close();
  });

  it('are those of the document', async () => {
    for (const [path, item] of Object.entries(document['paths'] as Json)) {
      const { status, headers } = await fire(server.port, 'DELETE', path.replace(/\{\w+\}/g, 'X'));
      const methods = [
        ...('get' in item ? ['GET', 'HEAD'] : []),
        ...('post' in item ? ['POST'] : []),
        ...('put' in item ? ['PUT'] : []),
      ];
      expect([path, status, headers['allow']]).toEqual([path, 405, methods.join(', ')]);
    }
  });

  it.each(CATALOGUE.map(({ name }) => name))(
    'take the example of %s, or refuse it in words of the document',
    async (name) => {
      const path = `/api/v1/studies/{code}/commands/${routeOf(name)}`;
      const operation = document['paths'][path].post as Json;
      const example = operation['requestBody'].content['application/json'].example as object;
      const answer = await server.send(name, example);
      const response = resolved(operation['responses'][answer.status] as Json);
      const content = Object.values(response['content'] as Json)[0] as Json;
      expect(mistakes(content['schema'], answer.body)).toBeUndefined();
      expect(answer.status).toBeLessThan(500);
    },
  );

  it('answer every read as the document says', async () => {
    await server.send('RecordThreshold', exampleOf('RecordThreshold'));
    await server.send('VoidRecord', { reason: 'mistyped', data: { target: { number: 3 } } });
    const study = await server.engine.study('KET-01');
    const exported = {
      study: 'KET-01',
      size: study.size,
      root: study.root(study.size),
      sha256: '00'.repeat(32),
    };
    const saved = exampleOf('SaveImportMapping')['data'] as { mapping: string };
    const attached = exampleOf('AddAttachment')['data'] as { sha256: string };
    await server.engine.attachments.receive([Buffer.from('hello world')] as never, { most: 100 });
    // It is handed out as the media type that its record says.
    const octets = { ...attached, mediaType: 'application/octet-stream' };
    await server.send('AddAttachment', { data: octets });
    const { body: inspected } = await server.send('RecordInspection', exampleOf('RecordInspection'));
    const inspection = String((inspected as { records: { number: number }[] }).records[0]!.number);
    const id = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';
    await server.engine.recordExport(exported, { actor: 'qa-01', role: 'quality-assurance', id });
    for (const { path, method, operation } of operations) {
      if (method !== 'get') continue;
      // What takes a session is asked with one in `people/`.
      if (path === '/api/v1/me' || operation['tags'].includes('sign-in')) continue;
      const names = ((operation['parameters'] ?? []) as Json[]).find(
        ({ name, in: place }) => place === 'path' && (name === 'name' || name === 'file'),
      )?.['schema'].enum ?? [''];
      for (const name of names as string[]) {
        const ofStudy = path.endsWith('/findings') ? inspection : '3';
        const number = path.startsWith('/api/v1/studies/') ? ofStudy : '0';
        const values: Record<string, string> = {
          code: 'KET-01',
          number,
          year: '2026',
          format: 'eu',
          digest: path.includes('/attachments/') ? attached.sha256 : sha256Hex(saved.mapping),
        };
        const address = path.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? name);
        const answer = await server.get(address);
        expect([address, answer.status]).toEqual([address, 200]);
        const { headers, content } = operation['responses']['200'] as Json;
        for (const header of Object.keys((headers ?? {}) as Json))
          expect(answer.headers).toHaveProperty(header.toLowerCase());
        const types = Object.entries(content as Json) as [string, Json][];
        const given = answer.headers['content-type'] ?? '';
        const [type, { schema }] = types.find(([one]) => given.includes(one)) ?? ['none', { schema: {} }];
        expect([address, types.map(([one]) => one)]).toEqual([address, expect.arrayContaining([type])]);
        if (type === 'application/json')
          expect([address, mistakes(schema, answer.body)]).toEqual([address, undefined]);
      }
    }
  });

  it('serve the document', async () => {
    const { body, headers } = await server.get('/api/v1/openapi.json');
    expect(headers['content-type']).toBe('application/json');
    expect(body).toEqual(document);
  });
});
