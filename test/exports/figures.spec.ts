import { unzipSync } from 'fflate';
import { drawPng } from '../../src/exports/figures/draw-png.js';
import { drawSvg } from '../../src/exports/figures/draw-svg.js';
import { figureFiles } from '../../src/exports/figures/figure-files.js';
import { groupCourses } from '../../src/exports/figures/group-courses.js';
import { groupsIn } from '../../src/exports/figures/group-means.js';
import { meanInterval, t975 } from '../../src/exports/figures/mean-interval.js';
import { meansCsv } from '../../src/exports/figures/means-csv.js';
import type { Series, SeriesPoint } from '../../src/exports/figures/series.js';
import { thresholdsOf } from '../../src/exports/figures/threshold-series.js';
import { viewOf } from '../../src/exports/snapshot.js';
import { because, day, enrolled, excluded, measured, ready } from '../study/bench.js';
import { render, smallStudy, sourceOf } from './small-study.js';

/** One animal a row of values, `> 15` being a bound, in one group and at times of one part. */
function series(
  rows: readonly (readonly (number | string | undefined)[])[],
  rest: Partial<Series> = {},
): Series {
  return {
    id: 'heat',
    title: 'Heat latency',
    unit: 's',
    direction: 'relief',
    scale: 'linear',
    times: rows[0]!.map((_, time) => ({ label: `day ${time}`, part: '1' })),
    animals: rows.map((row, index) => ({ id: `R${index}`, group: 'all', points: row.map(pointOf) })),
    excluded: [],
    ...rest,
  };
}

function pointOf(value: number | string | undefined): SeriesPoint | undefined {
  if (value === undefined || typeof value === 'number')
    return value === undefined ? value : { value, bound: null };
  return { value: Number(value.slice(2)), bound: value.startsWith('<') ? '<' : '>' };
}

const textsOf = (one: Series): string[] =>
  groupCourses(one).marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

async function filesOf(simulated = false, study = smallStudy()): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  for await (const [name, content] of figureFiles(sourceOf(study, simulated), 'svg-and-png'))
    files.set(name, content);
  return files;
}

describe('a mean with its interval', () => {
  // NIST Technical Note 1297, table B.1, column 95; the third digit from R's qt(0.975, df).
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [9, 2.262],
    [10, 2.228],
    [30, 2.042],
    [100, 1.984],
    [999, 1.962],
  ])('takes Student’s t for %s degrees of freedom', (degrees, t) => {
    expect(t975(degrees)).toBeCloseTo(t, 3);
  });

  it('is the mean and t · s / √n', () => {
    const { mean, half } = meanInterval([4, 6, 8, 10, 12]);
    expect(mean).toBe(8);
    // s² = 40 / 4, t(0.975, 4) = 2.776445
    expect(half).toBeCloseTo((2.776445 * Math.sqrt(10)) / Math.sqrt(5), 5);
  });

  it('has none of one value', () => expect(meanInterval([4])).toEqual({ mean: 4, half: null }));

  it('is geometric on a log scale', () => {
    const [mean] = groupsIn(series([[1], [4], [16]], { scale: 'log' }))[0]!.means;
    expect(mean).toMatchObject({ n: 3, bound: null });
    expect(mean!.value).toBeCloseTo(4, 9);
    expect(mean!.interval!.high / mean!.value).toBeCloseTo(mean!.value / mean!.interval!.low, 9);
  });

  it('is only a bound where one of the values is, and nothing where bounds oppose one another', () => {
    const [over, under, both] = groupsIn(
      series([
        [2, 2, '< 1'],
        ['> 15', '< 1', '> 15'],
      ]),
    )[0]!.means;
    expect(over).toMatchObject({ n: 2, value: 8.5, bound: '>', interval: null });
    expect(under).toMatchObject({ value: 1.5, bound: '<', interval: null });
    expect(both).toBeUndefined();
  });
});

describe('a figure of groups', () => {
  it('says unit, groups, times, numbers of animals, and what its interval is', () => {
    const texts = textsOf(
      series(
        [
          [2, 3],
          [4, undefined],
        ],
        { direction: 'worsening', excluded: ['R9'] },
      ),
    );
    for (const text of ['s', 'all (2 animals)', 'day 0', 'day 1', '2', '1', 'Excluded and left out: R9'])
      expect(texts).toContain(text);
    expect(texts.join(' ')).toContain('mean ± t(0.975, n − 1) · s / √n. ');
    expect(texts.join(' ')).toContain('Higher means worse');
    expect(textsOf(series([[2]], { scale: 'log' })).join(' ')).toContain('of the logarithms');
  });

  it('marks round numbers where the measure gives none, and those that it gives', () => {
    expect(textsOf(series([[0, 20]]))).toEqual(expect.arrayContaining(['0', '5', '10', '15', '20']));
    expect(textsOf(series([[0.3, 60]], { scale: 'log' }))).toEqual(
      expect.arrayContaining(['0.5', '1', '2', '50']),
    );
    const ticks = [{ value: 2, label: 'two' }];
    expect(textsOf(series([[1, 3]], { ticks }))).toContain('two');
    expect(textsOf(series([[5, 5]])).join()).not.toContain('NaN');
    expect(drawSvg(groupCourses(series([[5, 5]])))).not.toContain('NaN');
  });

  it('draws a bound as an open triangle, and joins means of the same animals only', () => {
    const paths = (one: Series) => groupCourses(one).marks.filter((mark) => mark.kind === 'path');
    const open = paths(series([['> 15', 3]])).filter(({ closed, fill }) => closed && fill === '#ffffff');
    // One of the animal, and one of the legend.
    expect(open).toHaveLength(2);
    const thick = (one: Series) =>
      paths(one).filter(({ lineWidth, points }) => lineWidth === 1.5 && points.length > 2);
    expect(
      thick(
        series([
          [1, 2, 3],
          [2, 3, 4],
        ]),
      ),
    ).toHaveLength(1);
    expect(
      thick(
        series([
          [1, 2, 3],
          [2, 3, 4],
          [3, undefined, 5],
        ]),
      ),
    ).toHaveLength(0);
  });

  it('has its numbers beside it', () => {
    expect(
      meansCsv(
        series([
          [2, '> 9'],
          [4, 9],
        ]),
      )
        .split('\r\n')
        .slice(0, 3),
    ).toEqual([
      'group,time,n,mean_s,bound,low_s,high_s',
      'all,day 0,2,3,,-9.706204736,15.70620474',
      'all,day 1,2,9,>,,',
    ]);
  });

  it('is of the grouped table: excluded animals are left out and named', () => {
    const { study } = ready().and(
      because('Sheet found', enrolled('R02')),
      because('Sheet found', measured('low', day(17), {}, 'R02')),
      because('Device failed', excluded(day(19), 'R02')),
    );
    const found = thresholdsOf(viewOf(sourceOf(study)), 'ipsilateral')!;
    expect(found.animals.map(({ id }) => id)).toEqual(['R01']);
    expect(found.excluded).toEqual(['R02']);
    expect(found.animals[0]!.points[0]).toEqual({ value: 15, bound: '>' });
    expect(thresholdsOf(viewOf(sourceOf(study)), 'contralateral')).toBeUndefined();
  });
});

describe('the figures of a study', () => {
  it('are those of the groups, their numbers, and one of each animal with runs', async () => {
    expect([...(await filesOf()).keys()]).toEqual([
      'groups-threshold-ipsilateral.svg',
      'groups-threshold-ipsilateral.png',
      'means-threshold-ipsilateral.csv',
      'groups-threshold-contralateral.svg',
      'groups-threshold-contralateral.png',
      'means-threshold-contralateral.csv',
      'animal-R01.svg',
      'animal-R01.png',
    ]);
  });

  it('say study, tree size and root in the picture, and that it is simulated', async () => {
    const { code, size, root } = sourceOf(smallStudy()).snapshot;
    for (const [name, content] of await filesOf(true)) {
      if (!name.endsWith('.svg')) continue;
      expect([name, content]).toEqual([
        name,
        expect.stringContaining(`>study ${code} at tree size ${size}, root ${root}<`),
      ]);
      expect([name, content]).toEqual([name, expect.stringContaining('>SIMULATED DATA. No animal was used')]);
      expect([name, content]).toEqual([name, expect.not.stringMatching(/href|<script|<style|url\(/)]);
    }
  });

  it('are the same bytes again, as SVG and as PNG', async () => {
    const [first, second] = [await filesOf(), await filesOf()];
    for (const [name, content] of first)
      expect([name, Buffer.from(content).equals(Buffer.from(second.get(name)!))]).toEqual([name, true]);
  });

  it('are handed out in one zip', async () => {
    const files = unzipSync(await render('figures.zip', sourceOf(smallStudy())));
    expect(Object.keys(files)).toContain('KET-01-31-figures/animal-R01.png');
  });

  it('have three pixels a point as PNG, and ink', async () => {
    const drawing = groupCourses(series([[2, 3]]));
    const png = Buffer.from(await drawPng(drawing));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1560, Math.ceil(3 * drawing.height)]);
    // Letters are drawn: the same figure without text compresses far better.
    const bare = await drawPng({ ...drawing, marks: drawing.marks.filter(({ kind }) => kind !== 'text') });
    expect(png.length).toBeGreaterThan(3 * bare.length);
  });

  it('show a character that the fonts lack as its code point in the PNG', async () => {
    const named = (group: string): Series => {
      const one = series([[2, 3]]);
      return { ...one, animals: one.animals.map((animal) => ({ ...animal, group })) };
    };
    const [lacking, spelt] = ['中', '⟨U+4E2D⟩'].map((group) => drawPng(groupCourses(named(group))));
    expect(Buffer.compare(await lacking!, await spelt!)).toBe(0);
  });
});
