import { figureFiles } from '../../src/exports/figures/figure-files.js';
import { fileNamed, renderFile, type FileOptions } from '../../src/exports/files.js';
import { about, at, begun, day, ligated, measured, wide } from '../study/bench.js';
import { sourceOf } from './small-study.js';

const heat = (when: string, ...trials: string[]) =>
  at(
    when,
    about('R01', 'RecordMeasurement', {
      assay: 'heat-latency',
      site: 'left-hind-paw',
      trials: trials.map((text) =>
        text.endsWith('>') ? { value: text.slice(0, -1), censored: true } : { value: text },
      ),
    }),
  );

const { study } = begun(wide).and(
  heat(day(1), '9', '11'),
  heat(day(2), '12'),
  measured('high', day(2)),
  ligated(),
  heat(day(20), '5', '7'),
  heat(day(21), '10', '20.0>'),
);
const source = sourceOf(study);

async function file(name: string, options: FileOptions = {}): Promise<string> {
  return Buffer.from(await renderFile(fileNamed(name)!, source, options)).toString();
}

/** Label and value of each line below the two headings. */
const cells = (text: string): string[][] =>
  text
    .split('\n')
    .slice(2, -1)
    .map((line) => line.replace('\r', '').split('\t'));

describe('the grouped table of an assay', () => {
  it('given trials, then it has their results in the unit of the assay, and no thresholds', async () => {
    expect(cells(await file('grouped-grams.tsv', { assay: 'heat-latency' }))).toEqual([
      ['day -2', '10'],
      ['day -1', '12'],
      ['day 17', '6'],
      ['day 18', ''],
    ]);
    expect(cells(await file('grouped-grams.tsv'))).toHaveLength(1);
  });

  it('given a trial that was stopped, when bounds are asked for, then it has the bound', async () => {
    const table = cells(await file('grouped-grams.tsv', { assay: 'heat-latency', bounds: 'limit' }));
    expect(table.at(-1)).toEqual(['day 18', '15']);
  });

  it('is in per cent of the animal’s own baseline, or of the way to the cut-off', async () => {
    const of = async (name: string) => cells(await file(name, { assay: 'heat-latency' }))[2]?.[1];
    expect(Number(await of('grouped-percent-of-baseline.tsv'))).toBeCloseTo((100 * 6) / 11, 6);
    expect(await of('grouped-percent-mpe.tsv')).toBe('0');
  });

  it('is refused for an assay that the protocol does not have, naming those that it has', async () => {
    await expect(file('grouped-grams.tsv', { assay: 'cold' })).rejects.toThrow(
      'cold is no assay of the protocol: they are heat-latency, weight-bearing, withdrawals.',
    );
  });
});

describe('the figures and the report of an assay', () => {
  it('are in its unit and say what an increase means', async () => {
    const figures = new Map<string, string>();
    for await (const [name, content] of figureFiles(source, 'svg')) figures.set(name, String(content));
    expect([...figures.keys()]).toEqual(
      expect.arrayContaining(['groups-heat-latency-ipsilateral.svg', 'animal-R01-heat-latency.svg']),
    );
    expect(figures.get('groups-heat-latency-ipsilateral.svg')).toContain('Higher means relief.');
    expect(figures.get('animal-R01-heat-latency.svg')).toContain('stopped at the cut-off: at least this');
    const report = await file('report.html');
    expect(report).toContain(
      'Latency to withdraw from radiant heat in s, test by test; an increase is relief',
    );
    expect(report).toContain('at least 15');
  });

  it('stand beside the rows of runs in the tidy table, each with its phase', async () => {
    const [head = '', ...rows] = (await file('table.csv')).split('\n').map((line) => line.split(','));
    const at = (name: string): number => head.indexOf(name);
    const read = rows
      .filter(([kind]) => kind === 'measurement')
      .map((row) => ['phase', 'value', 'value_bound', 'value_unit'].map((name) => row[at(name)]));
    expect(read).toEqual([
      ['baseline', '10', '', 's'],
      ['baseline', '12', '', 's'],
      ['post-lesion', '6', '', 's'],
      ['post-lesion', '15', '>', 's'],
    ]);
  });
});
