import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventStore } from '../../src/store/event-store.js';
import { openSqliteReader } from '../../src/store/sqlite/open-sqlite.js';
import { readPrefixesAhead, readPrefix, type PrefixPage } from '../../src/welfare/returns/prefix-pages.js';
import { readStudyStates, type Size, type StudyState } from '../../src/welfare/returns/study-states.js';
import { opened, sender } from '../recording/test-ledger.js';
import { compiledProgram } from '../support/compiled.js';

const root = mkdtempSync(join(tmpdir(), 'study-states-'));
const PROGRAM = compiledProgram('welfare/returns/prefix-thread.js');
/** One has three pages of records. */
const LENGTHS = { 'NP-001': 3, 'NP-002': 600, 'NP-003': 1, 'NP-004': 40 };
const CODES = Object.keys(LENGTHS);
let store: EventStore;

beforeAll(async () => {
  const ledger = await opened(root, { store: undefined });
  for (const [code, length] of Object.entries(LENGTHS)) {
    const send = sender(ledger.engine, code);
    for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject'].slice(0, length))
      await send(name);
    await Promise.all(Array.from({ length: length - 3 }, () => send('RecordBodyWeight')));
  }
  await ledger.engine.close();
  store = openSqliteReader(root);
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

function threads(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What is read, by this thread or by another. */
async function states(program?: URL, sizes?: ReadonlyMap<string, Size>): Promise<object[]> {
  const threading = { program: program ?? PROGRAM, studies: program ? 1 : Infinity };
  const found: StudyState[] = await all(readStudyStates(store, CODES, sizes, threading));
  return found.map(({ study, root: at }) => ({ at, code: study.code, records: study.records.toArray() }));
}

/** The real program, ended by its third page: in the middle of a study. */
function mortal(how: string): URL {
  const file = join(root, `mortal-${how.length}.mjs`);
  const lines = [
    "import { parentPort } from 'node:worker_threads';",
    'const post = parentPort.postMessage.bind(parentPort);',
    'let pages = 0;',
    `parentPort.postMessage = (page) => { if (++pages === 3) { ${how} } post(page); };`,
    `await import(${JSON.stringify(PROGRAM.href)});`,
  ];
  writeFileSync(file, lines.join('\n'));
  return pathToFileURL(file);
}

describe('studies that a thread reads ahead', () => {
  it.each([[Infinity], [256], [257], [1], [0]])('are the same pages up to %d records', async (until) => {
    const asked = [...CODES, 'NP-404'].map((code) => ({ code, until }));
    const here: PrefixPage[] = [];
    for (const one of asked) here.push(...(await all(readPrefix(store, one))));
    expect(await all(readPrefixesAhead({ folder: root, prefixes: asked }, PROGRAM))).toEqual(here);
  });

  it('are the same studies with the same roots', async () => {
    const here = await states();
    expect(here).toHaveLength(4);
    expect(await states(PROGRAM)).toEqual(here);
  });

  it('are as they were at earlier sizes', async () => {
    const sizes = new Map([['NP-002', { treeSize: 300 }]]);
    const here = await states(undefined, sizes);
    expect(here[1]).toMatchObject({ records: { length: 300 } });
    expect(await states(PROGRAM, sizes)).toEqual(here);
  });

  it('are refused where the ledger does not hold what was said of it', async () => {
    await expect(states(PROGRAM, new Map([['NP-003', { treeSize: 2 }]]))).rejects.toMatchObject({
      code: 'at-beyond-head',
    });
    const other = { treeSize: 1, root: 'AAAA' };
    await expect(states(PROGRAM, new Map([['NP-003', other]]))).rejects.toMatchObject({
      code: 'root-differs',
    });
  });

  it.each(['process.exit();', 'throw new Error("no more memory");'])(
    'are read here where the thread is lost: %s',
    async (how) => {
      expect(await states(mortal(how))).toEqual(await states());
    },
  );

  it('are read here where there is no thread to be had', async () => {
    expect(await states(new URL('./nothing.js', import.meta.url))).toEqual(await states());
  });

  it('are read here where the pages of the thread make no study, and it is let go', async () => {
    const before = threads();
    const file = join(root, 'nonsense.mjs');
    const lines = [
      "import { parentPort } from 'node:worker_threads';",
      // It lives for as long as nobody ends it.
      "parentPort.on('message', () => undefined);",
      "for (let page = 0; page < 50; page++) parentPort.postMessage({ texts: ['{'] });",
    ];
    writeFileSync(file, lines.join('\n'));
    expect(await states(pathToFileURL(file))).toEqual(await states());
    expect(threads()).toBe(before);
  });

  it('can be left alone half-way', async () => {
    for await (const { study } of readStudyStates(store, CODES, undefined, { program: PROGRAM, studies: 1 }))
      if (study.code === 'NP-002') break;
  });
});
