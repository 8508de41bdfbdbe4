import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importRows } from '../../src/imports/import.js';
import { readMapping } from '../../src/imports/mapping/read-mapping.js';
import { readSpreadsheet } from '../../src/imports/reading/read-spreadsheet.js';
import { Engine } from '../../src/recording/engine.js';
import { Refusal } from '../../src/study/refusal.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { sha256 } from '../../src/shared/sha256.js';
import { GoldenLedger } from '../golden/golden-ledger.js';
import { RUNS, RUNS_CSV, brief, imported, recordsOf, withStudy } from './importing.js';

/** The ids of imported rows follow from study, file, sheet and row, so that no row is imported twice. */

describe('a row that is imported', () => {
  it('has an id of version 8 that never changes', () =>
    withStudy(async (engine) => {
      await imported(engine, 'runs.csv', RUNS_CSV, RUNS);
      const ids = (await recordsOf(engine)).slice(4).map(({ commandid }) => commandid);
      expect(ids).toEqual([
        'a95f6d0f-643d-8b93-a0da-4cbf411dac93',
        '235fb1ac-8cf3-8b63-a823-9caf1fcd394f',
        'a5dfcb05-fabd-8e2b-93b4-0e9d29045534',
      ]);
      expect(brief(await imported(engine, 'renamed.csv', RUNS_CSV, RUNS))).toEqual([
        '2 known',
        '3 known',
        '4 known',
      ]);
    }));

  it('is answered where version 0.4 imported it under an id of version 5', async () => {
    const store = new MemoryStore();
    for (const [log, texts] of new GoldenLedger('ledger-0.4/laboratory').records)
      await store.append(
        log,
        0,
        texts.map((text) => ({ text, leaf: leafHash(sha256, text) })),
      );
    const engine = new Engine(store, () => Date.parse('2026-12-01T12:00:00Z'));
    const file = (name: string) =>
      fileURLToPath(new URL(`../golden/ledger-0.4/import/${name}`, import.meta.url));
    const mapping = readMapping(readFileSync(file('mapping.json'), 'utf8'));
    const before = await engine.study('EVERY-03');
    const rows = before.state.records.toArray().filter(({ record }) => record.importrow !== undefined);
    expect(rows.map(({ record }) => record.commandid[14])).toEqual(['5', '5']);

    const who = { actor: 'tech-1', role: 'technician', importer: 'tech-2' };
    const request = { ...who, file: await readSpreadsheet(file('behaviour.csv'), mapping), mapping };
    const result = await importRows(
      { ...request, study: 'EVERY-03', dryRun: false, keepGoing: false },
      engine,
    );
    if (result instanceof Refusal) throw new Error(result.message);

    expect(result.rows.map(({ outcome, number }) => [outcome, number])).toEqual(
      rows.map(({ number }) => ['known', number]),
    );
    expect((await engine.study('EVERY-03')).size).toBe(before.size);
    await engine.close();
  });
});
