import { auditTrail } from '../../../src/study/projections/audit-trail.projection.js';
import { PROJECTIONS } from '../../../src/study/projections/catalogue.js';
import { doseTitration } from '../../../src/study/projections/dose-titration.projection.js';
import { View } from '../../../src/study/projections/projection.js';
import { responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { studyFlow } from '../../../src/study/projections/study-flow.projection.js';
import { thresholdSeries } from '../../../src/study/projections/threshold-series.projection.js';
import { welfare } from '../../../src/study/projections/welfare.projection.js';
import { instantMs } from '../../../src/study/instant.js';
import type { StoredStudyRecord, StudyRecord } from '../../../src/study/record.js';
import { emptyStudy, fold, studyAt, type Study } from '../../../src/study/study.js';
import { FULL } from '../../support/effort.js';
import { referenceStudy } from '../../support/reference-study.js';

const study = referenceStudy();
/** At full effort a projection is asked at each of these sizes; otherwise at fewer, and always at the last. */
const asked = (size: number, every: { full: number; few: number }): boolean =>
  size % (FULL ? every.full : every.few) === 0 || size === study.size;

/** What a ledger would answer that was cut at a tree size: folded from the bytes, knowing nothing of what came later. */
function cutAt(size: number): Study {
  const stored: StoredStudyRecord[] = study.records
    .toArray()
    .slice(0, size)
    .map(({ number, leaf, record }) => ({
      number,
      leaf,
      record: JSON.parse(JSON.stringify(record)) as StudyRecord,
    }));
  return fold(emptyStudy(study.code), stored);
}

const answers = (view: View): string =>
  JSON.stringify(PROJECTIONS.map((projection) => projection.project(view)));

describe('projections of the reference study', () => {
  it('fold at every tree size without error', () => {
    let growing = emptyStudy(study.code);
    for (const stored of study.records) {
      growing = fold(growing, [stored]);
      if (!asked(growing.size, { full: 1, few: 16 })) continue;
      expect(studyFlow.project(new View(growing)).stages[0]?.count).toBeLessThanOrEqual(26);
    }
    expect(growing.size).toBe(study.size);
  });

  it('answer at an earlier tree size what a ledger cut there answers', () => {
    let growing = emptyStudy(study.code);
    for (const stored of study.records) {
      growing = fold(growing, [stored]);
      if (!asked(growing.size, { full: 97, few: 499 })) continue;
      const cut = answers(new View(cutAt(growing.size)));
      expect(answers(new View(growing))).toBe(cut);
      expect(answers(new View(studyAt(study, growing.size)))).toBe(cut);
    }
  });

  it('count as the published study did', () => {
    const { subjects } = responderStatus.project(new View(study));
    expect(subjects.filter(({ hypersensitive }) => hypersensitive === true)).toHaveLength(15);
    expect(subjects.filter(({ scs }) => scs === 'responder')).toHaveLength(7);
    expect(subjects.filter(({ scs }) => scs === 'non-responder')).toHaveLength(8);
    expect(subjects.filter(({ converted }) => converted === true)).toHaveLength(8);
    for (const { verdicts } of subjects) {
      for (const { holds, evidence, since, margin } of Object.values(verdicts)) {
        if (holds === null) continue;
        expect(evidence.length).toBeGreaterThan(2);
        expect(evidence).toContain(since);
        expect(margin! >= 0).toBe(holds);
      }
    }
  });

  it('have no side effects at a designated dose', () => {
    for (const { doses } of doseTitration.project(new View(study)).subjects) {
      const designated = doses.filter((dose) => dose.designated);
      expect(designated.length).toBeGreaterThan(0);
      for (const { effective, sideEffects } of designated) {
        expect({ effective, sideEffects }).toEqual({ effective: false, sideEffects: false });
      }
    }
  });

  it('change a verdict by a correction from that record on, and never before', () => {
    const correction = study.records
      .toArray()
      .find(({ record }) => record.type === 'RecordCorrected' && record.subject === 'R15')!;
    const hypersensitive = (size: number): boolean | null | undefined =>
      responderStatus
        .project(new View(studyAt(study, size)))
        .subjects.find(({ subject }) => subject === 'R15')?.hypersensitive;
    expect(hypersensitive(correction.number)).toBe(true);
    expect(hypersensitive(correction.number + 1)).toBe(false);
  });

  it('show a superseded run beside the one that holds, and count it for nothing', () => {
    const { runs } = thresholdSeries
      .project(new View(study))
      .subjects.find(({ subject }) => subject === 'R15')!;
    const superseded = runs.filter(({ supersededBy }) => supersededBy !== null);
    expect(superseded).toHaveLength(1);
    expect(runs.some(({ record }) => record === superseded[0]!.supersededBy)).toBe(true);
  });

  it('show every record in the audit trail, with what replaced what', () => {
    const { records } = auditTrail.project(new View(study));
    expect(records.map(({ record }) => record)).toEqual([...Array(study.size).keys()]);
    for (const { record, supersedes } of records) {
      if (supersedes !== null) expect(records[supersedes]!.supersededBy).toBe(record);
    }
    const corrected = records.find(({ type, subject }) => type === 'RecordCorrected' && subject === 'R14')!;
    expect(corrected.changes).toEqual([
      { field: 'data.weight', from: { unit: 'g', value: '269.5' }, to: { unit: 'g', value: '296.5' } },
    ]);
  });

  it('leave out what had not happened by an instant, after all corrections', () => {
    const until = instantMs('2026-03-16T00:00:00+01:00')!;
    const { subjects } = thresholdSeries.project(new View(study, until));
    for (const { runs } of subjects) {
      for (const { occurredAt } of runs) expect(instantMs(occurredAt)!).toBeLessThanOrEqual(until);
    }
    expect(doseTitration.project(new View(study, until)).subjects).toEqual([]);
    expect(
      studyFlow.project(new View(study, until)).stages.find(({ stage }) => stage === 'stimulated')?.count,
    ).toBe(0);
  });

  it('answer for one animal what they answer for it among all', () => {
    const all = welfare.project(new View(study)).subjects;
    for (const { subject } of all.slice(0, 5)) {
      expect(welfare.project(new View(study, Infinity, subject)).subjects).toEqual([
        all.find((other) => other.subject === subject),
      ]);
    }
  });
});
