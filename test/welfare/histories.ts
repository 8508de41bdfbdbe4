import fc from 'fast-check';
import type { Study } from '../../src/study/study.js';
import { about, day } from '../study/bench.js';
import { anyStep, play } from '../study/histories.js';
import type { Sent } from '../study/specification.js';
import { buildCodeMap, type Format } from '../../src/welfare/forms/code-map.js';
import type { KilledUnusedStatement } from '../../src/welfare/forms/killed-unused.js';
import { MemorySink } from '../../src/welfare/returns/sink.js';
import { YearlyReturn } from '../../src/welfare/returns/yearly-return.js';

const severity = fc.constantFrom('mild', 'moderate', 'severe');
const scored = (score: number): Sent => about('', 'ScoreWelfare', { scores: [{ item: 'autotomy', score }] });

/** One animal from its enrolment to what is said of it after its end, and what turns up later still. */
const anyCourse = fc
  .record({
    use: fc.constantFrom({ kind: 'first' }, { kind: 'reuse', previousActualSeverity: 'mild' }),
    done: fc.subarray(['LigateNerve', 'RecordThreshold', 'ImplantElectrode']),
    scores: fc.array(fc.nat(3), { maxLength: 3 }),
    end: fc.constantFrom('EuthaniseSubject', 'RecordFate', undefined),
    assessed: fc.option(severity, { nil: undefined, freq: 5 }),
    late: fc.array(fc.nat(3), { maxLength: 2 }),
  })
  .map(({ use, done, scores, end, assessed, late }): Sent[] => [
    about('', 'EnrolSubject', { use }),
    ...done.map((name) => about('', name)),
    ...scores.map(scored),
    ...(end === undefined ? [] : [about('', end)]),
    ...(assessed === undefined ? [] : [about('', 'AssessSeverity', { severity: assessed })]),
    ...late.map((score) => ({ ...scored(score), clock: 'late' })),
  ]);

/** States of studies as laboratories that make many mistakes leave them: courses of animals, and then anything at all. */
export const anyStudy: fc.Arbitrary<Study> = fc
  .tuple(fc.tuple(anyCourse, anyCourse, anyCourse), fc.array(anyStep, { maxLength: 15 }))
  .map(([courses, more]) => {
    const steps = courses.flatMap((course, animal) =>
      course.map(({ name, body, clock }, index) => {
        // What turns up late happened on the day after the enrolment.
        const occurredAt = day(clock === 'late' ? 1 : 1 + index, `10:0${animal}`);
        return () => ({ name, body: { ...body, subject: `A${animal}`, occurredAt, reason: 'As it was' } });
      }),
    );
    return play([...steps, ...more]).at(-1) as Study;
  });

export interface Made {
  readonly made: YearlyReturn;
  readonly text: (file: string) => string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Says that no animal was killed unused without having been enrolled. */
export const NONE_KILLED_UNUSED = { standing: 'The animal facility', animals: [] };

export function returnOf(
  studies: readonly Study[],
  year: number,
  format: Format,
  codes?: unknown,
  killedUnused: KilledUnusedStatement | null = NONE_KILLED_UNUSED,
): Made {
  const sink = new MemorySink();
  const request = {
    year,
    format,
    codes: buildCodeMap(format, codes),
    facility: 'lab.example',
    simulated: false,
    killedUnused: format === 'de' ? (killedUnused ?? undefined) : undefined,
  };
  const made = new YearlyReturn(request, sink);
  for (const study of studies) made.add({ study, root: `root of ${study.code} at ${study.size}` });
  made.finish();
  const files = sink.files();
  return { made, files, text: (file) => Buffer.from(files.get(file) ?? []).toString() };
}
