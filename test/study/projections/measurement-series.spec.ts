import { drawAssays } from '../../../src/exports/figures/animal-figures.js';
import { measurementSeries } from '../../../src/study/projections/measurement-series.projection.js';
import { View } from '../../../src/study/projections/projection.js';
import { responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { thresholdSeries } from '../../../src/study/projections/threshold-series.projection.js';
import { listAnimals } from '../../../src/study/projections/animal-list.js';
import { baseOfPhases, phaseOf } from '../../../src/study/projections/phase.js';
import { finish } from '../../../src/study/steps.js';
import type { Fact } from '../../../src/study/study.js';
import { fact, protocols, run, type Changes } from '../rules/facts.js';
import { about, at, begun, corrected, day, ligated, measured, wide } from '../bench.js';

const heat = (when: string, trials: object[], site = 'left-hind-paw') =>
  at(when, about('R01', 'RecordMeasurement', { assay: 'heat-latency', site, trials }));
const values = (...texts: string[]): object[] => texts.map((value) => ({ value }));
const stopped = { value: '20.0', censored: true };

const studyOf = (given: ReturnType<typeof begun>): View => new View(given.study);

describe('the series of an assay', () => {
  const given = begun(wide).and(
    heat(day(1), values('9', '11')),
    measured('high', day(2)),
    ligated(),
    heat(day(20), values('5', '7')),
    heat(day(21), [...values('10'), stopped]),
    heat(day(21, '11:00'), values('12', '12'), 'right-hind-paw'),
  );

  it('given trials, then it has their result in the unit of the assay, the phase and what an increase means', () => {
    const [animal] = measurementSeries.project(studyOf(given)).subjects;
    expect(animal?.assays).toMatchObject([
      {
        assay: 'heat-latency',
        unit: 's',
        increase: 'relief',
        cutOff: '20.0',
        measurements: [
          { record: 3, value: 10, bound: null, phase: 'baseline', site: 'left-hind-paw' },
          { record: 6, value: 6, bound: null, phase: 'post-lesion' },
          { record: 7, value: null, bound: { relation: '>', value: 15 } },
          { record: 8, value: 12, site: 'right-hind-paw' },
        ],
      },
    ]);
  });

  it('is apart from the thresholds', () => {
    const view = studyOf(given);
    expect(thresholdSeries.project(view).subjects[0]?.runs.map(({ record }) => record)).toEqual([4]);
    const [{ id, history }] = view.animals() as [{ id: string; history: never[] }];
    const [drawn] = drawAssays(view, id, history, measurementSeries.project(view).subjects[0]!.assays);
    expect(drawn?.drawing.title).toContain('in s, test by test; an increase is relief');
    const words = drawn?.drawing.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(words).toEqual(
      expect.arrayContaining([
        'left hind paw',
        'right hind paw',
        'd17',
        'stopped at the cut-off: at least this',
      ]),
    );
    expect(words?.some((text) => text.startsWith('g'))).toBe(false);
  });

  it('given a correction, then the first statement is shown as superseded', () => {
    const after = given.and(
      corrected(6, {
        subject: 'R01',
        occurredAt: day(20),
        corrected: { assay: 'heat-latency', site: 'left-hind-paw', trials: values('5', '8') },
      }),
    );
    const [animal] = measurementSeries.project(studyOf(after)).subjects;
    expect(animal?.assays[0]?.measurements.filter(({ value }) => value === 6 || value === 6.5)).toMatchObject(
      [
        { record: 6, value: 6, supersededBy: 9 },
        { record: 9, value: 6.5, supersededBy: null },
      ],
    );
  });
});

describe('day 0', () => {
  const sni = about('R01', 'LigateNerve', { procedure: 'spared-nerve-injury' });
  const injected = about('R01', 'InduceModel');

  it.each([
    [
      'a spared nerve injury',
      { kind: 'nerve-injury' as const, procedure: 'spared-nerve-injury' as const },
      sni,
    ],
    ['an injection of CFA', { kind: 'injection' as const, agent: 'CFA' }, injected],
  ])('given %s, then a run on day 21 is no baseline', (_, model, induction) => {
    const view = studyOf(
      begun({ ...wide, model }).and(
        measured('15+', day(1)),
        measured('high', day(2)),
        at(day(3), induction),
        measured('low', day(24)),
      ),
    );
    expect(thresholdSeries.project(view).subjects[0]?.runs.map(({ phase }) => phase)).toEqual([
      'baseline',
      'baseline',
      'post-lesion',
    ]);
    expect(responderStatus.project(view).subjects[0]?.verdicts.hypersensitivity).toMatchObject({
      holds: true,
      evidence: [3, 4, 5, 6],
    });
    expect(finish(listAnimals(view))[0]).toMatchObject({ beforeInduction: 2 });
  });

  it('given naive animals, then it is the enrolment', () => {
    const naive = protocols({ model: { kind: 'none' }, hypersensitivity: undefined } as object as Changes);
    const enrolled = fact('SubjectEnrolled', '2026-03-01', {}, { number: 1 });
    const test = run(2, '2026-03-04', 'cd') as Fact<'ThresholdRecorded'>;
    expect(phaseOf(test, baseOfPhases([enrolled, test], naive))).toBe('before-treatment');
  });
});
