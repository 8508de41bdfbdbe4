import { join } from 'node:path';
import { createServer } from '../../src/http/platform/server.js';
import { routeOf } from '../../src/study/catalogue.js';
import { freshFolder } from '../support/folders.js';
import { opened } from '../recording/test-ledger.js';
import { parsePolicy } from '../../src/tlog/policy.js';
import { verifyProof } from '../../src/tlog/proof.js';
import { hashFromBase64 } from '../../src/tlog/encoding.js';
import { verifyConsistency } from '../../src/tlog/merkle.js';
import { ed25519Verify } from '../../src/signing/ed25519.js';
import { sha256 } from '../../src/shared/sha256.js';
import { serving, withAnimal, exampleOf, type Serving } from '../http/test-server.js';
import { Database } from '../../src/store/sqlite/driver.js';
import { itEditsTheFile } from '../support/test-store.js';

const judge = { verify: ed25519Verify, now: Math.floor(Date.now() / 1000) };

itEditsTheFile(
  'answers 503 to commands where the store is behind what was signed, and goes on being read',
  async () => {
    const folder = freshFolder('behind');
    const ledger = await opened(folder);
    await ledger.study();
    await ledger.engine.signHead('study-NP-001');
    await ledger.engine.close();
    const db = new Database(join(folder, 'ledger.sqlite'));
    db.exec(
      "DROP TRIGGER records_are_never_deleted; DELETE FROM records WHERE stream LIKE 'study-%' AND number = 2",
    );
    db.close();
    const { engine } = await opened(folder);
    const server = await createServer(engine, { port: 0, logger: false });
    const post = (name: string): Promise<Response> =>
      fetch(`${server.url}/api/v1/studies/NP-001/commands/${routeOf(name)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(exampleOf(name)),
      });
    const refused = await post('EnrolSubject');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      503,
      'store-behind-mark',
    ]);
    expect((await fetch(`${server.url}/api/v1/studies/NP-001/checkpoint`)).status).toBe(503);
    for (const path of ['', '/records', '/projections/study-flow', '/consistency'])
      expect([path, (await fetch(`${server.url}/api/v1/studies/NP-001${path}`)).status]).toEqual([path, 200]);
    await server.close();
  },
);

/** What a stranger has: HTTP, and the keys that the lab published. */
describe('evidence over HTTP', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    for (let count = 0; count < 10; count++)
      await server.send('RecordBodyWeight', exampleOf('RecordBodyWeight'));
    const data = { study: 'KET-01', size: 13, root: `${'A'.repeat(43)}=`, sha256: '00'.repeat(32) };
    const id = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01';
    await server.engine.recordExport(data, { actor: 'qa-01', role: 'quality-assurance', id });
  });
  afterAll(() => server.close());

  const keyOf = (origin: string): string => server.engine.labNow.keys.get(origin)!.at(-1)!.vkey;
  const logs = [
    ['/api/v1/studies/KET-01', 'lab.example/ledger/study/KET-01', 'study-KET-01', 13],
    ['/api/v1/lab', 'lab.example/ledger/lab', 'lab', 2],
    ['/api/v1/access', 'lab.example/ledger/access', 'access', 1],
  ] as const;

  it.each(logs)(
    'of %s: every record is proved under its signed checkpoint',
    async (path, origin, stream, size) => {
      const policy = parsePolicy(sha256, `log ${keyOf(origin)}\nquorum none\n`);
      const checkpoint = await server.get(`${path}/checkpoint`);
      expect(checkpoint.headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        etag: `"${size}"`,
      });
      const texts: string[] = [];
      for await (const page of server.engine.store.read(stream)) texts.push(...page.map(({ text }) => text));
      expect(texts).toHaveLength(size);
      for (const [number, leaf] of texts.entries()) {
        const { text } = await server.get(`${path}/records/${number}/proof`);
        expect(text.endsWith(checkpoint.text)).toBe(true);
        expect(verifyProof(sha256, text, { number, leaf }, policy, judge).checkpoint).toMatchObject({
          origin,
          size,
        });
        expect(() => verifyProof(sha256, text, { number, leaf: `${leaf} ` }, policy, judge)).toThrow();
      }
      const beyond = await server.get(`${path}/records/${size}/proof`);
      expect([beyond.status, beyond.body.code]).toEqual([404, 'record-unknown']);
    },
  );

  it('proves any two sizes of a log consistent', async () => {
    for (let from = 1; from <= 13; from++) {
      for (let to = from; to <= 13; to++) {
        const { body } = await server.get(`/api/v1/studies/KET-01/consistency?from=${from}&to=${to}`);
        const head = ({ size, root }: { size: number; root: string }) => ({
          size,
          root: hashFromBase64(root),
        });
        const proof = (body.proof as string[]).map(hashFromBase64);
        expect(verifyConsistency(sha256, head(body.from), head(body.to), proof)).toBe(true);
      }
    }
    const whole = await server.get('/api/v1/studies/KET-01/consistency');
    expect(whole.body).toMatchObject({ from: { size: 1 }, to: { size: 13 }, treeSize: 13 });
  });

  it.each(['from=0', 'from=5&to=4', 'to=14', 'from=14'])('refuses the sizes %s', async (query) => {
    const { status, body } = await server.get(`/api/v1/studies/KET-01/consistency?${query}`);
    expect([status, body.code]).toEqual([400, 'consistency-range']);
  });

  it('lists the records of the lab and of what was taken out', async () => {
    const { body } = await server.get('/api/v1/lab/records?limit=1');
    expect(body).toMatchObject({
      log: 'lab.example/ledger/lab',
      treeSize: 2,
      next: 1,
      records: [{ number: 0, record: { type: 'LedgerInitialised' } }],
    });
    const second = await server.get('/api/v1/lab/records?from=1');
    expect(second.body).toMatchObject({
      next: null,
      records: [{ number: 1, record: { type: 'StudyRegistered' } }],
    });
    expect((await server.get('/api/v1/lab/records?from=99')).body.records).toEqual([]);
    expect((await server.get('/api/v1/access/records')).body.records).toMatchObject([
      { record: { type: 'BundleExported' } },
    ]);
  });

  it('proves older records under the head that is signed already, and makes no new one', async () => {
    const before = await server.get('/api/v1/studies/KET-01/checkpoint');
    await server.send('RecordBodyWeight', exampleOf('RecordBodyWeight'));
    const older = await server.get('/api/v1/studies/KET-01/records/5/proof');
    expect(older.text.endsWith(before.text)).toBe(true);
    const newest = await server.get('/api/v1/studies/KET-01/records/13/proof');
    expect(newest.headers['etag']).toBe('"14"');
  });

  it('says that there is no such study, and that a client has it already', async () => {
    for (const path of ['checkpoint', 'records/0/proof', 'consistency'])
      expect((await server.get(`/api/v1/studies/NONE/${path}`)).body.code).toBe('study-unknown');
    expect((await server.get('/api/v1/lab/checkpoint').set('If-None-Match', '"2"')).status).toBe(304);
  });
});
