import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import { MOST_ATTACHED_BYTES } from '../../../src/store/attachments.js';
import { fire, raw, serving, stopIdleClients, withAnimal, type Serving } from '../test-server.js';

const REPORT = Buffer.from('%PDF-1.7 the report of the pathologist');
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const address = (sha256: string, study = 'KET-01'): string =>
  `/api/v1/studies/${study}/attachments/${sha256}`;
const code = ({ text }: { text: string }): unknown => (JSON.parse(text) as { code: unknown }).code;

describe('files of a study', () => {
  let server: Serving;
  let folder: string;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    ({ folder } = server.engine.attachments);
    mkdirSync(folder, { recursive: true });
  });
  afterAll(async () => {
    // Whatever was refused left nothing behind.
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    stopIdleClients();
    await server.close();
  });

  const put = (bytes: Buffer, sha256 = digest(bytes), study = 'KET-01') =>
    fire(server.port, 'PUT', address(sha256, study), { body: bytes });
  const add = (bytes: Buffer, data: object = {}) =>
    server.send('AddAttachment', {
      data: {
        sha256: digest(bytes),
        size: bytes.length,
        mediaType: 'application/pdf',
        name: 'Report.pdf',
        kind: 'contributor-report',
        ...data,
      },
    });
  const get = (bytes: Buffer) => fire(server.port, 'GET', address(digest(bytes)));

  it('takes the bytes, then the record that names them, and hands them out as a file to save [R11]', async () => {
    expect(code(await add(REPORT))).toBe('attachment-missing');
    const sent = await put(REPORT);
    expect([sent.status, JSON.parse(sent.text)]).toEqual([
      201,
      { study: 'KET-01', sha256: digest(REPORT), size: REPORT.length },
    ]);
    // Not before a record of the study names them.
    expect(code(await get(REPORT))).toBe('attachment-unknown');
    expect(code(await add(REPORT, { size: 7 }))).toBe('attachment-missing');
    expect((await add(REPORT)).status).toBe(201);
    const { status, headers, text } = await get(REPORT);
    expect([status, text]).toEqual([200, REPORT.toString()]);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(REPORT.length),
      'content-disposition': `attachment; filename="Report.pdf"; filename*=UTF-8''Report.pdf`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    const { body } = await server.get('/api/v1/studies/KET-01/attachments');
    expect(body).toMatchObject({
      treeSize: 4,
      attachments: [
        { record: 3, holder: 3, sha256: digest(REPORT), actor: 'development-identity', withdrawnBy: null },
      ],
    });
  });

  it('keeps what is sent twice once, and mends what was changed [R11]', async () => {
    const bytes = Buffer.from('sent twice');
    const both = await Promise.all([put(bytes), put(bytes)]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    await add(bytes);
    writeFileSync(join(folder, digest(bytes)), 'sent twicE');
    expect([(await get(bytes)).status, code(await get(bytes))]).toEqual([500, 'attachment-damaged']);
    await put(bytes);
    expect((await get(bytes)).text).toBe('sent twice');
  });

  it('says that a file is gone, and follows no link', async () => {
    const bytes = Buffer.from('soon gone');
    await put(bytes);
    await add(bytes);
    rmSync(join(folder, digest(bytes)));
    expect(code(await get(bytes))).toBe('attachment-missing');
    writeFileSync(join(folder, 'elsewhere'), bytes);
    symlinkSync(join(folder, 'elsewhere'), join(folder, digest(bytes)));
    expect(code(await get(bytes))).toBe('attachment-missing');
    expect(code(await add(bytes))).toBe('attachment-missing');
    await put(bytes);
    expect([(await get(bytes)).text, readFileSync(join(folder, 'elsewhere'), 'utf8')]).toEqual([
      'soon gone',
      'soon gone',
    ]);
  });

  it.each([
    ['../'.repeat(4) + 'etc/passwd', 404],
    [encodeURIComponent('../../../etc/passwd'), 400],
    ['A'.repeat(64), 400],
    ['0'.repeat(63), 400],
  ])('takes nothing under the name %p', async (name, status) => {
    const before = readdirSync(folder);
    expect((await fire(server.port, 'PUT', address(name), { body: 'x' })).status).toBe(status);
    expect((await fire(server.port, 'GET', address(name))).status).toBe(404);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses other bytes than those of the digest, none, too many, and too few [R11]', async () => {
    expect(code(await put(REPORT, digest(Buffer.from('other'))))).toBe('attachment-differs');
    expect(code(await put(Buffer.alloc(0)))).toBe('attachment-differs');
    const before = readdirSync(folder).length;
    const head = (sha256: string, length: number): string =>
      `PUT ${address(sha256)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\nhalf`;
    const long = head('0'.repeat(64), MOST_ATTACHED_BYTES + 1);
    expect(await raw(server.port, long, { leave: true })).toContain('"code":"file-too-large"');
    await raw(server.port, head(digest(REPORT), 900), { leave: true });
    const bounds = { most: 10 };
    const pieces = (async function* () {
      yield Buffer.alloc(8);
      yield Buffer.alloc(8);
    })();
    await expect(server.engine.attachments.receive(pieces, bounds)).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(readdirSync(folder).filter((name) => !name.endsWith('.part'))).toHaveLength(before);
    expect(code(await put(REPORT, digest(REPORT), 'NONE-1'))).toBe('study-unknown');
  });

  it('lets a page that comes as a file do nothing', async () => {
    const bytes = Buffer.from('<script>fetch("/api/v1/studies")</script>');
    await put(bytes);
    await add(bytes, { mediaType: 'text/html', name: 'a"b; filename=evil.exe\u00e9.html', kind: 'other' });
    const { headers } = await get(bytes);
    expect(headers['content-disposition']).toBe(
      `attachment; filename="a_b_ filename=evil.exe_.html"; filename*=UTF-8''a_b%3B%20filename%3Devil.exe%C3%A9.html`,
    );
    expect(headers['content-security-policy']).toContain('sandbox');
    const turned = await add(bytes, { name: 'report\u202efdp.exe', kind: 'other' });
    expect(code(turned)).toBe('text-not-recordable');
  });

  it('asks a correction for the bytes, too, and keeps what was corrected or withdrawn readable', async () => {
    const [first, second] = [Buffer.from('first scan'), Buffer.from('second scan')];
    await put(first);
    const { body } = await add(first, { name: 'Scan' });
    const target = { number: body.records[0].number as number };
    const corrected = { sha256: digest(second), size: second.length };
    const correction = { reason: 'wrong page scanned', data: { target, corrected } };
    expect(code(await server.send('CorrectRecord', correction))).toBe('attachment-missing');
    await put(second);
    expect((await server.send('CorrectRecord', correction)).status).toBe(201);
    await server.send('VoidRecord', { reason: 'of another study', data: { target } });
    expect((await get(first)).text + (await get(second)).text).toBe('first scansecond scan');
    const { text } = await server.get('/studies/KET-01/files');
    expect(text).toMatch(/<s><a [^>]*><bdi>Scan<\/bdi>/);
  });

  it('decides without recording, and asks for the bytes there as well', async () => {
    const path = '/api/v1/studies/KET-01/commands/add-attachment?dryRun=true';
    const data = { sha256: '1'.repeat(64), size: 3, mediaType: 'text/plain', name: 'x', kind: 'other' };
    expect(code(await server.post(path).send({ data }))).toBe('attachment-missing');
  });

  describe('by the page', () => {
    const form = (bytes: Buffer, name: string, fields: Record<string, string> = {}) => {
      const sent = server.post('/studies/KET-01/attach').set('Accept', 'text/html');
      for (const [field, value] of Object.entries({ id: v4(), kind: 'document', ...fields }))
        void sent.field(field, value);
      return bytes.length === 0 ? sent : sent.attach('file', bytes, name);
    };

    it('attaches what is chosen or dropped, once however often it is sent', async () => {
      const bytes = Buffer.from('a certificate of analysis');
      const id = v4();
      for (let turn = 0; turn < 2; turn++) {
        const { status, headers } = await form(bytes, 'Lot 7.pdf', { id });
        expect([status, headers['location']]).toEqual([303, '/studies/KET-01/files#attached']);
      }
      const { text } = await server.get('/studies/KET-01/files');
      expect(text.split('<bdi>Lot 7.pdf</bdi>')).toHaveLength(2);
      expect(text).toContain(address(digest(bytes)));
      expect((await get(bytes)).text).toBe(bytes.toString());
    });

    it('shows hostile text as text, in the name of a file and beside it', async () => {
      const evil = '<img src=x onerror=alert(1)>';
      const bytes = Buffer.from('a file with a name');
      const fields = { contributor: 'path-1', comment: evil, reason: evil };
      expect((await form(bytes, `${evil}.pdf`, fields)).status).toBe(303);
      expect((await form(bytes, 'x.pdf', { ...fields, contributor: evil })).text).not.toContain('<img');
      const { body } = await server.get('/api/v1/studies/KET-01');
      const { treeSize } = body as { treeSize: number };
      for (const path of ['/files', `/records/${treeSize - 1}`, '/records']) {
        const { text } = await server.get(`/studies/KET-01${path}`).set('Accept', 'text/html');
        expect([path, text]).toEqual([path, expect.stringContaining('&lt;img src=x')]);
        expect([path, text]).toEqual([path, expect.not.stringContaining('<img')]);
      }
    });

    it('shows what was refused, with what was typed', async () => {
      const none = await form(Buffer.alloc(0), '');
      expect([none.status, none.text]).toEqual([422, expect.stringContaining('Choose a file, or drop one')]);
      const wrong = await form(Buffer.from('y'), 'y.txt', { contributor: 'no id!', comment: 'kept & shown' });
      expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('kept &amp; shown')]);
    });
  });
});

describe('what is sent and no record names', () => {
  const uploads = { person: { files: 3, size: 1000 }, all: { files: 5, size: 2500 } };
  let server: Serving;
  beforeAll(async () => {
    server = await serving({ http: { uploads } });
    await withAnimal(server);
  });
  afterAll(async () => {
    stopIdleClients();
    await server.close();
  });

  let count = 0;
  const fresh = (size: number): Buffer => Buffer.alloc(size, `file ${++count} `);
  const put = (bytes: Buffer) => fire(server.port, 'PUT', address(digest(bytes)), { body: bytes });
  const kept = () => readdirSync(server.engine.attachments.folder);

  it('is bounded for one person, with value, bound and what to do; a record that names it makes room', async () => {
    const [first, second] = [fresh(600), fresh(300)];
    expect([(await put(first)).status, (await put(second)).status]).toEqual([201, 201]);
    // The same bytes lie there once.
    expect((await put(first)).status).toBe(201);
    const refused = await put(fresh(101));
    expect([refused.status, code(refused)]).toEqual([429, 'attachment-quota']);
    const { detail, field } = JSON.parse(refused.text) as { detail: string; field: string };
    expect(field).toBe('file');
    expect(detail).toMatch(/3 files of .* at most 3 files and .* of one person .*AddAttachment/);
    expect(kept()).toHaveLength(2);
    const data = { sha256: digest(first), size: 600, mediaType: 'text/plain', name: 'a', kind: 'other' };
    expect((await server.send('AddAttachment', { data })).status).toBe(201);
    expect((await put(fresh(101))).status).toBe(201);
    expect((await put(fresh(7))).status).toBe(201);
    // Their number is bounded as well.
    expect(code(await put(fresh(7)))).toBe('attachment-quota');
  });

  it('is counted while it comes, so that many at once do not pass together', async () => {
    server.time.ms += 25 * 3_600_000;
    const before = kept().length;
    const answers = await Promise.all([1, 2, 3].map(() => put(fresh(500))));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(2);
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    expect(kept().length - before).toBe(statuses.filter((status) => status === 201).length);
  });

  it('is bounded by the page as well', async () => {
    const page = await server
      .post('/studies/KET-01/attach')
      .set('Accept', 'text/html')
      .field({ id: v4(), kind: 'document' })
      .attach('file', fresh(1001), 'large.txt');
    expect([page.status, page.text]).toEqual([429, expect.stringContaining('that no record names')]);
  });
});
