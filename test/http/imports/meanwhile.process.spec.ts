/** What holds while a sheet is imported: for those who record meanwhile, and against a file that is made to harm. */
import { v7 } from 'uuid';
import { SheetReader } from '../../../src/imports/reading/sheet-reader.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import { compiledProgram } from '../../support/compiled.js';
import { failures } from '../../recording/test-ledger.js';
import { workbook } from '../../imports/workbook.js';
import {
  STUDY,
  WEIGHTS,
  layout,
  serveFolder,
  studyFolder,
  weighings,
  type ImportServer,
} from './import-server.js';

async function withServer(work: (server: ImportServer) => Promise<void>): Promise<void> {
  const folder = await studyFolder();
  const server = await serveFolder(folder);
  try {
    await work(server);
  } finally {
    await server.close();
  }
  expect(await failures(folder)).toEqual([]);
}

describe('all or nothing', () => {
  it('holds while others record: their records stand before or after all rows, and every row is there once', () =>
    withServer(async ({ send, get, engine, records }) => {
      const count = 250;
      const over = new AbortController();
      let others = 0;
      const weigh = async (): Promise<void> => {
        const occurredAt = new Date(Date.UTC(2026, 1, 1, 0, others++)).toISOString();
        const definition = commandNamed('RecordBodyWeight')!;
        const data = { weight: { value: '250.0', unit: 'g' } };
        const submission = { id: v7(), study: STUDY, actor: 'dev', role: 'development' };
        const command = Object.assign(definition.create(), {
          submission,
          subject: 'R02',
          occurredAt,
          reason: 'From paper',
          data,
        });
        await engine.execute(definition, command as never);
      };
      const colleague = (async () => {
        while (!over.signal.aborted) {
          await weigh();
          for (let turn = 0; turn < 5; turn++) await get('/health');
        }
      })();
      const sheet = { name: 'w.csv', bytes: Buffer.from(weighings(count)), mapping: WEIGHTS };
      // Who is overtaken again and again is told so, and nothing of theirs is there.
      const statuses: number[] = [];
      for (let attempt = 0; statuses.at(-1) !== 201 && attempt < 20; attempt++) {
        const { status } = await send('/imports', sheet);
        statuses.push(status);
        const imported = (await records()).filter(({ importrow }) => importrow !== undefined).length;
        expect([0, count]).toContain(imported);
        if (attempt > 2) over.abort();
      }
      over.abort();
      await colleague;
      expect(statuses.at(-1)).toBe(201);
      const all = await records();
      const places = all.flatMap(({ importrow }, number) => (importrow === undefined ? [] : [number]));
      expect(places).toEqual(Array.from({ length: count }, (_, i) => places[0]! + i));
      expect(all).toHaveLength(4 + count + others);
    }));
});

describe('the thread that reads sheets', () => {
  const reader = new SheetReader(compiledProgram('imports/reading/read-thread.js'));
  afterAll(() => reader.onApplicationShutdown());

  it('reads what this thread would read', async () => {
    const here = new SheetReader();
    for (const name of ['one-run-a-row.csv', 'one-animal-a-sheet.xlsx']) {
      const { bytes } = layout(name);
      expect(await reader.read({ name, bytes })).toEqual(await here.read({ name, bytes }));
    }
    const many = Buffer.from(weighings(1300));
    expect((await reader.read({ name: 'w.csv', bytes: many })).book.sheets[0]!.rows).toHaveLength(1301);
  });

  it('refuses by name what is wrong, and goes on', async () => {
    const broken = { name: 'a.xlsx', bytes: Buffer.from('PK no archive') };
    await expect(reader.read(broken)).rejects.toMatchObject({ code: 'xlsx-invalid' });
    const part = `<worksheet><sheetData>${' '.repeat(97 * 1024 * 1024)}</sheetData></worksheet>`;
    const bomb = workbook({
      sheets: [{ name: 'S', rows: [['x']] }],
      parts: { 'xl/worksheets/sheet1.xml': part },
    });
    await expect(reader.read({ name: 'bomb.xlsx', bytes: Buffer.from(bomb) })).rejects.toMatchObject({
      code: 'xlsx-too-large',
    });
    const long = { name: 'w.csv', bytes: Buffer.from('x\n'.repeat(20_001)) };
    await expect(reader.read(long)).rejects.toMatchObject({ code: 'too-many-rows' });
    expect((await reader.read({ name: 'w.csv', bytes: Buffer.from('a,b\n1,2') })).book.sheets).toHaveLength(
      1,
    );
  });
});
