import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkCanonical } from '../../src/tlog/check-canonical.js';
import { Engine } from '../../src/recording/engine.js';
import { PROJECTIONS } from '../../src/study/projections/catalogue.js';
import { View } from '../../src/study/projections/projection.js';
import { openSqliteReader } from '../../src/store/sqlite/open-sqlite.js';
import { compiledSources } from '../support/compiled.js';
import { times } from '../support/effort.js';
import { freshFolder } from '../support/folders.js';

const KILLS = times(200, 5);
const KILLS_A_FOLDER = 5;
/** More than are under way at once, several times over. */
const MOST_ANSWERS = 400;
const child = fileURLToPath(new URL('../support/load-child.mjs', import.meta.url));

interface Answer {
  readonly study: string;
  readonly code?: string;
  readonly treeSize: number;
  readonly root: string;
  readonly records: readonly { number: number; leaf: string }[];
}

describe('kill -9 at random instants during load [R12]', () => {
  for (let first = 0; first < KILLS; first += KILLS_A_FOLDER) {
    it(`loses nothing that was answered: kills ${first + 1} to ${first + KILLS_A_FOLDER}`, async () => {
      const folder = freshFolder('crash');
      let answered = 0;
      for (let run = first; run < first + KILLS_A_FOLDER; run++) {
        const answers = await loadUntilKilled(folder, run, 1 + Math.floor(MOST_ANSWERS ** Math.random()));
        answered += answers.length;
        await expectAllThere(folder, answers);
      }
      expect(answered).toBeGreaterThanOrEqual(KILLS_A_FOLDER);
      rmSync(folder, { recursive: true });
    });
  }
});

/** Every whole line that came out was answered; a line cut off by the kill was not. */
function loadUntilKilled(folder: string, run: number, afterAnswers: number): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const loading = spawn(process.execPath, [child, compiledSources(), folder, String(run)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const answers: Answer[] = [];
    let complaint = '';
    loading.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    createInterface({ input: loading.stdout }).on('line', (line) => {
      if (line.endsWith('}')) answers.push(JSON.parse(line) as Answer);
      if (answers.length >= afterAnswers) loading.kill('SIGKILL');
    });
    loading.on('close', (code) => (code === null ? resolve(answers) : reject(new Error(complaint))));
  });
}

async function expectAllThere(folder: string, answers: readonly Answer[]): Promise<void> {
  const store = openSqliteReader(folder);
  const engine = new Engine(store, () => Date.now());
  for (const code of (await engine.lab()).studies.keys()) {
    const texts: string[] = [];
    for await (const page of store.read(`study-${code}`)) texts.push(...page.map(({ text }) => text));
    texts.forEach((text, number) => {
      expect((checkCanonical(text) as { sequence: string }).sequence).toBe(String(number).padStart(10, '0'));
    });
    const open = await engine.study(code);
    expect(open.size).toBe(texts.length);
    for (const { study, code: refusal, treeSize, root, records } of answers) {
      if (study !== code || refusal !== undefined) continue;
      expect(open.root(treeSize)).toBe(root);
      for (const { number, leaf } of records) expect(open.state.records.at(number)?.leaf).toBe(leaf);
    }
    for (const projection of PROJECTIONS) expect(projection.project(new View(open.state))).toBeDefined();
  }
  await store.close();
}
