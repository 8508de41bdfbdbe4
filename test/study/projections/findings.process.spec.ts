import fc from 'fast-check';
import { doseTitration } from '../../../src/study/projections/dose-titration.projection.js';
import { findingsOf, type Findings } from '../../../src/study/projections/findings.js';
import { MovingCharts } from '../../../src/study/projections/moving-charts.js';
import { View } from '../../../src/study/projections/projection.js';
import { responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { thresholdSeries } from '../../../src/study/projections/threshold-series.projection.js';
import { finish } from '../../../src/study/steps.js';
import { studyAt, type Study } from '../../../src/study/study.js';
import { runs } from '../../support/effort.js';
import { referenceStudy } from '../../support/reference-study.js';
import {
  begun,
  because,
  corrected,
  day,
  dosed,
  enrolled,
  exampleData,
  ligated,
  measured,
  touches,
  voided,
  weighed,
} from '../bench.js';
import { anyStep, play } from '../histories.js';
import type { Given } from '../specification.js';

function found(study: Study, number = study.size - 1, charts = new MovingCharts()): Findings {
  return finish(findingsOf(study, number, charts));
}

const WHY = 'As it was';

/** Hypersensitive by record 6: two baselines, the ligation, a run far below them. */
function injured(): Given {
  return begun().and(measured('high', day(1)), measured('high', day(2)), ligated(), measured('low', day(17)));
}

describe('what is told of a record', () => {
  it('a run: its threshold, or its bound', () => {
    expect(found(begun().and(measured('middle', day(1))).study)).toEqual({
      threshold: { status: 'estimated', grams: expect.closeTo(3.0877, 4), bound: null },
    });
    expect(found(begun().and(measured('15+', day(1))).study).threshold).toEqual({
      status: 'above-range',
      grams: null,
      bound: { relation: '>', grams: 15 },
    });
  });

  it('a dose: in µg and per kg, and the hours since the dose before', () => {
    const first = injured().and(because(WHY, dosed(day(18))));
    expect(found(first.study).dose).toEqual({ microgram: 30, microgramPerKg: 96, washoutHours: null });
    const second = first.and(because(WHY, dosed(day(18, '15:30'))));
    expect(found(second.study)).toMatchObject({
      flags: expect.arrayContaining(['deviation', 'washout-short']),
      dose: { washoutHours: 5.5 },
    });
  });

  it('nothing of a record that has nothing to say', () => {
    expect(found(begun().study)).toEqual({});
    expect(found(begun().study, 1)).toEqual({});
  });

  it('a verdict that became another, and not one that stayed', () => {
    const now = injured();
    expect(found(now.study).verdicts).toEqual([
      { subject: 'R01', question: 'hypersensitive', before: 'not known', after: 'yes' },
    ]);
    expect(found(now.and(measured('low', day(18))).study).verdicts).toBeUndefined();
  });

  it('a correction: the flags and the threshold of what it states, and the verdict that it turns', () => {
    const data = { ...exampleData('RecordThreshold'), touches: touches('2O 4O 6O 8X 6O 8X 6O 8X') };
    const put = corrected(6, { subject: 'R01', occurredAt: day(17), corrected: data });
    expect(found(injured().and(put).study)).toEqual({
      threshold: { status: 'estimated', grams: expect.any(Number), bound: null },
      verdicts: [{ subject: 'R01', question: 'hypersensitive', before: 'yes', after: 'no' }],
    });
  });

  it('a withdrawal: the verdict that it takes back, and no threshold', () => {
    expect(found(injured().and(voided(6)).study)).toEqual({
      verdicts: [{ subject: 'R01', question: 'hypersensitive', before: 'yes', after: 'not known' }],
    });
  });

  it('a correction that moves a run to another animal: the verdicts on both', () => {
    const two = injured().and(
      because(WHY, enrolled('R02')),
      because(WHY, measured('high', day(1), {}, 'R02')),
      because(WHY, measured('high', day(2), {}, 'R02')),
      because(WHY, ligated('R02')),
    );
    const data = { ...exampleData('RecordThreshold'), touches: touches('2X 1X 0.6O 1X 0.6O 1X 0.6O') };
    const moved = two.and(corrected(6, { subject: 'R02', occurredAt: day(17), corrected: data }));
    const verdicts = [
      { subject: 'R02', question: 'hypersensitive', before: 'not known', after: 'yes' },
      { subject: 'R01', question: 'hypersensitive', before: 'yes', after: 'not known' },
    ];
    expect(found(moved.study).verdicts).toEqual(verdicts);
    const back = moved.and(voided(moved.study.size - 1));
    expect(found(back.study).verdicts).toHaveLength(2);
    expect(
      found(back.and(because(WHY, weighed(day(18), '243.70', 'R02'))).study, moved.study.size - 1).verdicts,
    ).toEqual(verdicts);
  });
});

/** What is said of every animal, by the projections. */
function saidOf(study: Study): Map<string, Record<string, string>> {
  const yesNo = (value: boolean | null): string => (value === null ? 'not known' : value ? 'yes' : 'no');
  const { subjects } = responderStatus.project(new View(study));
  return new Map(
    subjects.map(({ subject, hypersensitive, scs, combination, converted, subEffectiveDose }) => [
      subject,
      {
        hypersensitive: yesNo(hypersensitive),
        'stimulation alone': scs ?? 'not known',
        'sub-effective dose': subEffectiveDose?.dose ?? 'none',
        'dose and stimulation': combination ?? 'not known',
        converted: yesNo(converted),
      },
    ]),
  );
}

/** The same findings, from the projections of the prefixes before and after the record. */
function byPrefixes(study: Study, number: number): Pick<Findings, 'threshold' | 'dose' | 'verdicts'> {
  const [before, after] = [studyAt(study, number), studyAt(study, number + 1)];
  const { record } = study.records.at(number)!;
  const run = thresholdSeries
    .project(new View(after))
    .subjects.flatMap(({ runs: all }) => all)
    .find(({ record: holder, supersededBy }) => holder === number && supersededBy === null);
  const dose = doseTitration
    .project(new View(after))
    .subjects.flatMap(({ doses }) => doses)
    .find(({ record: holder }) => holder === number);
  const [was, is] = [saidOf(before), saidOf(after)];
  const verdicts = [...is].flatMap(([subject, answers]) =>
    record.subject === undefined
      ? []
      : Object.entries(answers)
          .map(([question, now]) => {
            const none = question === 'sub-effective dose' ? 'none' : 'not known';
            return { subject, question, before: was.get(subject)?.[question] ?? none, after: now };
          })
          .filter((one) => one.before !== one.after),
  );
  return {
    ...(run && { threshold: { status: run.status, grams: run.grams, bound: run.bound } }),
    ...(dose && {
      dose: {
        microgram: dose.microgram,
        microgramPerKg: dose.microgramPerKg,
        washoutHours: dose.washoutHours,
      },
    }),
    ...(verdicts.length > 0 && { verdicts: verdicts as unknown as NonNullable<Findings['verdicts']> }),
  };
}

function sorted({ threshold, dose, verdicts }: Findings): object {
  const keyOf = (one: { subject: string; question: string }): string => `${one.subject} ${one.question}`;
  return {
    threshold,
    dose,
    ...(verdicts && { verdicts: verdicts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) }),
  };
}

describe('the findings of a record', () => {
  it('are those of the projections just before and after it, in histories of any kind', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40, size: 'max' }), (steps) => {
        const states = play(steps);
        const [now, charts] = [states.at(-1)!, new MovingCharts()];
        for (const study of states) {
          const number = study.size - 1;
          const told = found(study, number, charts);
          expect(sorted(told)).toEqual(sorted(byPrefixes(now, number)));
          // Given again after later records, in the same process and in another.
          expect(found(now, number)).toEqual(told);
        }
        for (const study of states.toReversed())
          expect(found(now, study.size - 1, charts)).toEqual(found(study));
      }),
      runs(150, 20),
    );
  });

  it('of the reference study are the same one after another, again and backwards', () => {
    const study = referenceStudy();
    const charts = new MovingCharts();
    const forwards = study.records.toArray().map(({ number }) => found(study, number, charts));
    expect(forwards.filter(({ verdicts }) => verdicts).length).toBeGreaterThan(40);
    for (let number = study.size - 1; number >= 0; number -= 7)
      expect(found(study, number, charts)).toEqual(forwards[number]);
    for (const number of [575, 834, 1159])
      expect(found(studyAt(study, number + 1))).toEqual(forwards[number]);
  });
});
