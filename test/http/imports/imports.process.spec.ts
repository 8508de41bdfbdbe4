/** Spreadsheets that are sent to a running server. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportAnswer } from '../../../src/http/imports/import-desk.js';
import { timeZone } from '../../../src/recording/time-zone.js';
import type { StudyRecord } from '../../../src/study/record.js';
import { studyLedger } from '../../support/cli.js';
import { freshFolder } from '../../support/folders.js';
import { failures, opened } from '../../recording/test-ledger.js';
import {
  API,
  LAYOUTS,
  STUDY,
  WEIGHTS,
  layout,
  serveFolder,
  studyFolder,
  weighings,
  type ImportServer,
} from './import-server.js';

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

let start: string;
beforeAll(async () => {
  start = await studyFolder();
});

function copy(): string {
  const folder = join(freshFolder('imports'), 'ledger');
  cpSync(start, folder, { recursive: true });
  return folder;
}

/** A server on a copy of the study; the ledger must verify afterwards. */
async function withServer(work: (server: ImportServer) => Promise<void>): Promise<void> {
  const folder = copy();
  const server = await serveFolder(folder);
  try {
    await work(server);
  } finally {
    await server.close();
  }
  expect(await failures(folder)).toEqual([]);
}

describe('a sheet that is sent', () => {
  it('of each layout is shown as it would be recorded, recorded, and recorded once', () =>
    withServer(async ({ send, size }) => {
      for (const name of LAYOUTS) {
        const before = await size();
        const sheet = layout(name);
        const preview = (await send('/imports/preview', sheet).expect(200)).body as ImportAnswer;
        expect(await size()).toBe(before);
        const { body, headers } = await send('/imports', sheet).expect(201);
        const { summary, rows, treeSize, root, ...told } = body as ImportAnswer;
        expect(summary.recorded).toBe(preview.summary.wouldRecord);
        const fit = preview.rows.map((row) =>
          row.outcome === 'would-record' ? { ...row, outcome: 'recorded' } : row,
        );
        expect(rows).toEqual(fit);
        expect(told).toMatchObject({
          file: name,
          sha256: sha256(sheet.bytes),
          mapping: sha256(sheet.mapping),
        });
        expect([treeSize, headers['etag']]).toEqual([await size(), `"${await size()}"`]);
        expect(root).toMatch(/^[A-Za-z0-9+/]{43}=$/);
        const again = (await send('/imports', sheet).expect(201)).body as ImportAnswer;
        for (const { outcome } of again.rows) expect(outcome).toMatch(/^(known|note)$/);
        expect(await size()).toBe(treeSize);
      }
    }));

  it('is told with the members that the command line prints', () =>
    withServer(async ({ send }) => {
      const folder = copy();
      for (const name of LAYOUTS) {
        const { out } = await importByCommand(folder, name, '--dry-run');
        const lines = out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as object);
        const { rows, ...told } = (await send('/imports/preview', layout(name))).body as ImportAnswer;
        expect([...rows, told]).toEqual(lines);
      }
    }));

  it('makes the records that the command line makes, but for the moment and who', () =>
    withServer(async (server) => {
      const folder = copy();
      for (const name of LAYOUTS) {
        await server.send('/imports', layout(name)).expect(201);
        await importByCommand(folder, name);
      }
      const { engine } = await opened(folder, { clock: () => Date.now() });
      const { state } = await engine.study(STUDY);
      const byCommand = state.records.toArray().map(({ record }) => record);
      await engine.close();
      expect((await server.records()).map(comparable)).toEqual(byCommand.map(comparable));
    }));

  it('by the command line and then to the server is one import', () =>
    withServer(async ({ send, engine, size }) => {
      const sheet = layout('one-run-a-row.csv');
      const first = (await send('/imports', sheet).expect(201)).body as ImportAnswer;
      const before = await size();
      const other = { ...sheet, mapping: `${sheet.mapping}\n` };
      const again = (await send('/imports', other).expect(201)).body as ImportAnswer;
      expect(again.rows.map(({ outcome, number }) => [outcome === 'note', number])).toEqual(
        first.rows.map(({ outcome, number }) => [outcome === 'note', number]),
      );
      expect((await engine.study(STUDY)).size).toBe(before);
    }));
});

function comparable(record: StudyRecord): object {
  const {
    recordedtime: _,
    actor: __,
    actorrole: ___,
    importer: ____,
    commanddigest: _____,
    ...rest
  } = record;
  return { ...rest, labsize: 0 };
}

function importByCommand(folder: string, name: string, ...more: string[]) {
  const sheet = layout(name);
  const place = mkdtempSync(join(tmpdir(), 'study-ledger-sheets-'));
  writeFileSync(join(place, name), sheet.bytes);
  writeFileSync(join(place, 'mapping.json'), sheet.mapping);
  const to = ['--study', STUDY, '--data', folder, '--json'];
  return studyLedger('import', join(place, name), '--mapping', join(place, 'mapping.json'), ...to, ...more);
}

describe('all or nothing', () => {
  it('leaves nothing of a file with a row that is refused, and says which and why', () =>
    withServer(async ({ send, size }) => {
      const before = await size();
      const bytes = Buffer.from(`${weighings(3)}\nR99;07.01.2026;09:00;250,0\nR02;07.01.2026;09:00;heavy\n`);
      const { body } = await send('/imports', { name: 'w.csv', bytes, mapping: WEIGHTS }).expect(422);
      expect(body).toMatchObject({
        code: 'rows-refused',
        field: 'file',
        summary: { refused: 2, withheld: 3 },
      });
      const refused = (body as ImportAnswer).rows.filter(({ outcome }) => outcome === 'refused');
      expect(refused).toMatchObject([
        { row: 5, code: 'subject-unknown' },
        { row: 6, code: 'number-invalid', column: 'Weight (g)' },
      ]);
      expect(refused[1]!.message).toContain('“heavy”');
      expect(await size()).toBe(before);
      const kept = await send('/imports', { name: 'w.csv', bytes, mapping: WEIGHTS }, { keepGoing: 'true' });
      expect([kept.status, (kept.body as ImportAnswer).summary.recorded]).toEqual([201, 3]);
    }));

  it('is one import where the same file is sent twice at once', () =>
    withServer(async ({ send, records }) => {
      const sheet = { name: 'w.csv', bytes: Buffer.from(weighings(40)), mapping: WEIGHTS };
      const both = await Promise.all([send('/imports', sheet), send('/imports', sheet)]);
      expect(both.map(({ status }) => status)).toEqual([201, 201]);
      expect((await records()).filter(({ importrow }) => importrow !== undefined)).toHaveLength(40);
    }));

  it('takes no more rows than leave the others room', () =>
    withServer(async ({ send }) => {
      const bytes = Buffer.from(`Animal\n${'R01\n'.repeat(20_001)}`);
      const { body } = await send('/imports/preview', { name: 'w.csv', bytes, mapping: WEIGHTS }).expect(413);
      expect(body).toMatchObject({ code: 'file-too-large', cause: 'too-many-rows' });
    }));
});

describe('a suggestion', () => {
  it('is told with its questions, and as a mapping that imports once they are answered', () =>
    withServer(async ({ send, size }) => {
      const { name, bytes } = layout('one-run-a-row.csv');
      const open = await send('/imports/suggestion', { name, bytes }).expect(200);
      expect(open.body).toMatchObject({
        file: name,
        header: 2,
        questions: [{ field: 'paw' }],
        mapping: null,
      });
      const about = { paw: 'ipsilateral', reason: 'Entered from the sheet' };
      const here = (await send('/imports/suggestion', { name, bytes }, about).expect(200)).body as object;
      expect(here).toMatchObject({ questions: [], mapping: { zone: timeZone() } });
      const answers = { ...about, zone: 'Europe/Amsterdam' };
      const { body } = await send('/imports/suggestion', { name, bytes }, answers).expect(200);
      const { mapping, questions } = body as { mapping: object; questions: object[] };
      expect(questions).toEqual([]);
      const before = await size();
      await send('/imports', { name, bytes, mapping: JSON.stringify(mapping) }).expect(201);
      expect(await size()).toBe(before + 7);
    }));
});

describe('a mapping', () => {
  const sheet = layout('one-run-a-row.csv');

  it('is saved once, with the rows that it led to, and is handed out byte for byte', () =>
    withServer(async ({ send, get, size, records }) => {
      const before = await size();
      await send('/imports', sheet, { saveAs: 'Behaviour room, 2026' }).expect(201);
      const saved = (await records())[before]!;
      expect(saved).toMatchObject({ type: 'ImportMappingSaved', data: { mapping: sheet.mapping } });
      const list = (await get(`${API}/mappings`).expect(200)).body as { mappings: object[] };
      expect(list.mappings).toEqual([
        { name: 'Behaviour room, 2026', sha256: sha256(sheet.mapping), number: before },
      ]);
      const { text, headers } = await get(`${API}/mappings/${sha256(sheet.mapping)}`).expect(200);
      expect(text).toBe(sheet.mapping);
      expect(headers['content-disposition']).toBe('attachment; filename="Behaviour-room-2026.json"');
      for (const record of (await records()).slice(before + 1))
        expect(record.importmapping).toBe(sha256(text));
      const size1 = await size();
      await send('/imports', sheet, { saveAs: 'The same' }).expect(201);
      expect(await size()).toBe(size1);
      const { mapping: _, ...withoutMapping } = sheet;
      const again = await send('/imports/preview', withoutMapping, { saved: sha256(text) }).expect(200);
      expect((again.body as ImportAnswer).mapping).toBe(sha256(text));
      const unknown = await send('/imports/preview', withoutMapping, { saved: sha256('') }).expect(404);
      expect(unknown.body).toMatchObject({ code: 'mapping-unknown' });
      await get(`${API}/mappings/${sha256('')}`).expect(404);
    }));

  it('is not saved where a row is refused', () =>
    withServer(async ({ send, size }) => {
      const before = await size();
      const bytes = Buffer.from(sheet.bytes.toString().replace('R02', 'R77'));
      await send('/imports', { ...sheet, bytes }, { saveAs: 'Room' }).expect(422);
      expect(await size()).toBe(before);
    }));

  it('that a form sent with other ends of lines is the same one', () =>
    withServer(async ({ send }) => {
      const mapping = sheet.mapping.replaceAll('\n', '\r\n');
      const { body } = await send('/imports/preview', { ...sheet, mapping }).expect(200);
      expect((body as ImportAnswer).mapping).toBe(sha256(sheet.mapping));
    }));

  it('that is wrong is refused with everything that is wrong with it', () =>
    withServer(async ({ send }) => {
      const wrong = {
        mapping: 'study-ledger/1',
        zone: 'Europe/Atlantis',
        dates: ['DD/MM/YY'],
        tables: [
          {
            record: 'RecordBodyWeight',
            subject: 'Animal',
            occurredAt: { date: 'Date' },
            data: { weight: { column: 'W', unit: 'stone' }, heaviness: 'H' },
          },
          { record: 'ApproveProtocol', subject: 'Animal', occurredAt: { day: 'Day' } },
        ],
      };
      const { body } = await send('/imports/preview', { ...sheet, mapping: JSON.stringify(wrong) }).expect(
        422,
      );
      expect(body).toMatchObject({ code: 'mapping-invalid', field: 'mapping' });
      const { errors } = body as { errors: { field: string; code: string; detail: string }[] };
      expect(errors.map(({ field, code }) => `${field} ${code}`)).toEqual([
        'zone mapping-zone',
        'century mapping-century',
        'tables[0].data.weight mapping-unit',
        'tables[0].data.heaviness mapping-field',
        'tables[1].record mapping-record',
        'tables[1].occurredAt mapping-when',
      ]);
      const unfit = { mapping: 'study-ledger/1', decimals: ',', tables: [{ record: 7 }] };
      const other = await send('/imports/preview', { ...sheet, mapping: JSON.stringify(unfit) }).expect(422);
      const { errors: all } = other.body as { errors: { detail: string }[] };
      expect(all.length).toBeGreaterThan(1);
      expect(JSON.stringify(all)).toContain('decimals');
    }));
});

describe('what is sent wrongly', () => {
  const sheet = layout('one-run-a-row.csv');
  let server: ImportServer;
  beforeAll(async () => {
    server = await serveFolder(copy());
  });
  afterAll(() => server.close());

  it.each([
    ['no file', { mapping: sheet.mapping }, {}, 422, 'field-missing'],
    ['no mapping', { name: 'a.csv', bytes: sheet.bytes }, {}, 422, 'field-missing'],
    ['a field that there is not', sheet, { force: 'true' }, 422, 'field-unknown'],
    ['a tick that is none', sheet, { keepGoing: 'yes' }, 422, 'field-invalid'],
    ['a reason that is none', sheet, { reason: '.' }, 422, 'field-invalid'],
    ['a file of another kind', { ...sheet, name: 'a.ods' }, {}, 422, 'sheet-unreadable'],
    ['a name that no record can bear', { ...sheet, name: 'a\u202e.csv' }, {}, 422, 'sheet-unreadable'],
    ['no spreadsheet', { ...sheet, name: 'a.xlsx' }, {}, 422, 'sheet-unreadable'],
    ['an open quotation mark', { ...sheet, bytes: Buffer.from('a,"b\n') }, {}, 422, 'sheet-unreadable'],
    ['no JSON', { ...sheet, mapping: '{' }, {}, 422, 'mapping-invalid'],
    [
      'a mapping too long to keep',
      { ...sheet, mapping: `{"a":"${'x'.repeat(50_000)}"}` },
      {},
      422,
      'mapping-invalid',
    ],
  ])('%s', async (_, sent, fields, status, code) => {
    const { send, size } = server;
    const before = await size();
    for (const path of ['/imports', '/imports/preview']) {
      const answer = await send(path, sent, fields as Record<string, string>);
      expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
    }
    expect(await size()).toBe(before);
  });

  it('to a study that there is not, as JSON, or larger than a sheet', async () => {
    const elsewhere = await server.send('/../NO-1/imports', sheet);
    expect(elsewhere.status).toBe(404);
    const json = await server.send('/imports', {}).send({ file: 'x' });
    expect([json.status, (json.body as { code: string }).code]).toEqual([415, 'content-type-unsupported']);
    const large = await server.send('/imports', { ...sheet, bytes: Buffer.alloc(33 * 1024 * 1024, 97) });
    expect([large.status, (large.body as { code: string }).code]).toEqual([413, 'file-too-large']);
  });

  it('more at once than the server works on is told to come again', async () => {
    const { send } = server;
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('/imports/preview', sheet)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    for (const { status, headers } of answers)
      if (status !== 200) expect([status, headers['retry-after']]).toEqual([429, '5']);
  });
});
