import fc from 'fast-check';
import { join } from 'node:path';
import Papa from 'papaparse';
import { COLUMNS } from '../../src/exports/tables/columns.js';
import { RFC_4180, tidyCsv, type CsvOptions } from '../../src/exports/tables/csv.js';
import { tidyXlsx } from '../../src/exports/tables/xlsx.js';
import { tidyRows } from '../../src/exports/tables/tidy-rows.js';
import { TIDY_MAPPING } from '../../src/imports/mapping/tidy-mapping.js';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { SubjectCommand } from '../../src/study/commands/common/command.js';
import { View } from '../../src/study/projections/projection.js';
import { factsOf, type Study } from '../../src/study/study.js';
import { smallBench, smallStudy, sourceOf } from '../exports/small-study.js';
import { opened, sender } from '../recording/test-ledger.js';
import { about, at, because, day, ready, weighed, wide } from '../study/bench.js';
import { anyStep, play } from '../study/histories.js';
import { freshFolder } from '../support/folders.js';
import { STUDY, brief, imported } from './importing.js';
import { FULL, runs } from '../support/effort.js';

type Cells = Record<string, string>;

/** Record numbers are those of the study at hand. */
const NOT_CARRIED: ReadonlySet<string> = new Set(['baseline_records']);
const CARRIED = COLUMNS.filter(({ from, name }) => from !== 'provenance' && !NOT_CARRIED.has(name)).map(
  ({ name }) => name,
);

function csvOf(study: Study, options: CsvOptions = RFC_4180): string {
  return [...tidyCsv(tidyRows(new View(study), sourceOf(study).snapshot), options)].join('');
}

/** What the table carries, by a parser that shares nothing with the importer. */
function carried(study: Study): Cells[] {
  const { data } = Papa.parse<Cells>(csvOf(study), { header: true, delimiter: ',', skipEmptyLines: true });
  return data.map((row) => Object.fromEntries(CARRIED.map((name) => [name, row[name] ?? ''])));
}

let ledgers = 0;

/** The table of a study, imported into a fresh one under the same protocol. */
async function reimported(
  study: Study,
  name: string,
  bytes: string | Uint8Array,
  mapping: object = TIDY_MAPPING,
) {
  const { engine } = await opened(join(freshFolder('tidy'), String(ledgers++)), {
    clock: () => Date.UTC(2027, 0, 1),
  });
  const send = sender(engine, STUDY);
  await send('RegisterStudy');
  for (const { type, time, data } of study.facts) {
    if (type !== 'ProtocolApproved' && type !== 'ProtocolAmended') continue;
    const { protocol } = data as { protocol: object };
    const command = type === 'ProtocolApproved' ? 'ApproveProtocol' : 'AmendProtocol';
    await send(command, { occurredAt: time, reason: 'As before', data: { protocol } });
  }
  const result = await imported(engine, name, bytes, mapping);
  const { state } = await engine.study(STUDY);
  await engine.close();
  return { result, state };
}

describe('the mapping of the tidy table', () => {
  const read = new Set(TIDY_MAPPING.tables.map(({ record }) => record));
  const ofAnimals = CATALOGUE.filter(({ command }) => command.prototype instanceof SubjectCommand);
  const written = ofAnimals.map(({ name }) => name);

  it.each(written)('reads the rows of %s back (add them to src/imports/mapping/tidy-mapping.ts)', (name) => {
    expect(read).toContain(name);
  });
});

describe('export, import, export of the tidy table', () => {
  const study = smallStudy();

  it('is the identity on what it carries', async () => {
    const { result, state } = await reimported(study, 'table.csv', csvOf(study));
    expect(brief(result).filter((row) => !row.endsWith('recorded'))).toEqual([]);
    expect(carried(state)).toEqual(carried(study));
  });

  it('is so with semicolons and decimal commas as well', async () => {
    const csv = csvOf(study, { separator: ';', decimal: ',' });
    const { result, state } = await reimported(study, 'table.csv', csv, { ...TIDY_MAPPING, decimal: ',' });
    expect(brief(result).filter((row) => !row.endsWith('recorded'))).toEqual([]);
    expect(carried(state)).toEqual(carried(study));
  });

  it('is so as XLSX, zeros at the end of a number and blanks around a text among it', async () => {
    const description = '  =cut\n_x0041_ ’twas \uFFFD\t\n ';
    const odd = smallBench().and(
      because('Sheet found', weighed(day(26), '250.00', 'R02')),
      because('Sheet found', weighed(day(26, '11:00'), '1250.123456789012', 'R02')),
      because('Sheet found', at(day(26), about('R02', 'RecordIntervention', { description }))),
    ).study;
    expect(carried(odd).map((row) => row['body_weight_g'])).toEqual(
      expect.arrayContaining(['250.00', '1250.123456789012']),
    );
    expect(carried(odd).map((row) => row['description'])).toContain(description);
    const { snapshot } = sourceOf(odd);
    const bytes = await tidyXlsx(tidyRows(new View(odd), snapshot), snapshot);
    const { result, state } = await reimported(odd, 'table.xlsx', bytes);
    expect(brief(result).filter((row) => !row.endsWith('recorded'))).toEqual([]);
    expect(carried(state)).toEqual(carried(odd));
  });

  it('is so of measurements, inductions, substances and settings', async () => {
    const pairs = [1, 2, 3].map(() => ({ left: '52.10', right: '40.3' }));
    const touched = [{ filament: '0.6', n: 2, of: 10 }];
    const measurement = (data: Record<string, unknown>) =>
      at(day(21), about('R01', 'RecordMeasurement', data));
    const given = at(day(20), about('R01', 'AdministerSubstance', { vehicle: 'saline' }));
    const any = ready(wide).and(
      because('As it happened', at(day(19), about('R01', 'InduceModel', { sham: true }))),
      because('As it happened', at(day(19), about('R01', 'ApplySCS', { setting: 'tonic' }))),
      given,
      at(day(20, '10:30'), about('R01', 'RecordMeasurement', { session: 12, minute: 30, device: 'HP-1' })),
      measurement({ assay: 'weight-bearing', site: 'hind-paws', trials: pairs }),
      measurement({ assay: 'withdrawals', trials: touched }),
    ).study;
    expect(carried(any).map(({ trials }) => trials)).toEqual(
      expect.arrayContaining(['8.4 9.1 20.0>', '52.10|40.3 52.10|40.3 52.10|40.3', '0.6:2/10']),
    );
    const { result, state } = await reimported(any, 'table.csv', csvOf(any));
    expect(brief(result).filter((row) => !row.endsWith('recorded'))).toEqual([]);
    expect(carried(state)).toEqual(carried(any));
  });

  it('is so for any history in which nothing rests on what was withdrawn', async () => {
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 60 }), async (steps) => {
        const played = play(steps).at(-1)!;
        const { result, state } = await reimported(played, 'table.csv', csvOf(played));
        if (result.rows.some(({ outcome }) => outcome === 'refused')) {
          // Such as a score after a dose that was entered by mistake, or what befell an animal after its death.
          expect(state.size).toBe(
            1 + played.facts.toArray().filter(({ type }) => type.startsWith('Protocol')).length,
          );
          return;
        }
        whole++;
        expect(carried(state)).toEqual(carried(played));
        expect(factsOf(state.facts, 'StudyOpened')).toHaveLength(1);
      }),
      runs(25, 4),
    );
    if (FULL) expect(whole).toBeGreaterThan(5);
  });
});
