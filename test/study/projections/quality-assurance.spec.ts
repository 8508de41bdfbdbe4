import { COMMITTED } from '../specification.js';
import { qualityAssurance } from '../../../src/study/projections/quality-assurance.projection.js';
import { View } from '../../../src/study/projections/projection.js';
import { begun, day } from '../bench.js';
import { by, signs } from '../signing.js';
import { sent, type Body, type Given, type Sent } from '../specification.js';

function inspects(phase: string, on: string, clock: string, rest: Body = {}): Sent {
  return by('qa-1', sent('RecordInspection', { data: { phase, on, ...rest } }, clock));
}

function reports(number: number, to: 'director' | 'management', on: string, clock: string): Sent {
  return by('qa-1', sent('ReportInspection', { data: { target: { number }, to, on } }, clock));
}

const answerOf = ({ study }: Given) => qualityAssurance.project(new View(study));

/** Record 3. */
const inspected = begun().and(inspects('Surgery', '2026-03-05', day(4), { findings: 'A drape was missing' }));

describe('an inspection', () => {
  it('is recorded once it was made, with a digest of what was found', () => {
    begun()
      .whenSent(inspects('Surgery', '2026-03-07', day(4)))
      .then.refused('time-in-future', 'data.on');
    expect(inspected.study.records.last!.record.data).toEqual({
      phase: 'Surgery',
      on: '2026-03-05',
      findings: COMMITTED,
    });
  });

  it('is reported once to each, not before it was made and not ahead [R34]', () => {
    inspected
      .whenSent(reports(3, 'director', '2026-03-04', day(5)))
      .then.refused('reported-early', 'data.on');
    inspected
      .whenSent(reports(3, 'director', '2026-03-09', day(5)))
      .then.refused('time-in-future', 'data.on');
    inspected
      .whenSent(reports(2, 'director', '2026-03-06', day(5)))
      .then.refused('not-an-inspection', 'data.target');
    const told = inspected.and(reports(3, 'director', '2026-03-06', day(5)));
    told.whenSent(reports(3, 'director', '2026-03-07', day(6))).then.refused('reported-already', 'data.to');
    told
      .whenSent(reports(3, 'management', '2026-03-07', day(6)))
      .then.records({ type: 'InspectionReported' });
    const withdrawn = told.and(
      by('qa-1', sent('VoidRecord', { reason: 'The wrong day', data: { target: { number: 4 } } }, day(6))),
    );
    withdrawn
      .whenSent(reports(3, 'director', '2026-03-07', day(7)))
      .then.records({ type: 'InspectionReported' });
  });

  it('is not corrected: it is voided and recorded again', () => {
    const data = { target: { number: 3 }, corrected: { on: '2026-03-04' } };
    const refusal = inspected
      .whenSent(by('qa-1', sent('CorrectRecord', { reason: 'The wrong day', data }, day(5))))
      .then.refused('not-correctable', 'data.target');
    expect(refusal.message).toContain('quality assurance voids it');
  });
});

describe('the statement of quality assurance', () => {
  it('has the days of inspection and of both reports, and who signed, in the order of the days [R34]', () => {
    const given = inspected.and(
      inspects('Protocol', '2026-03-03', day(5)),
      reports(3, 'director', '2026-03-06', day(5, '11:00')),
      reports(3, 'management', '2026-03-07', day(6)),
      signs('qa-1', 'inspected', 3, day(6, '11:00')),
    );
    expect(answerOf(given)).toEqual({
      inspections: [
        {
          record: 4,
          phase: 'Protocol',
          on: '2026-03-03',
          inspector: 'qa-1',
          recordedAt: '2026-03-07T10:00:00.000Z',
          findings: null,
          reported: { director: null, management: null },
          signatures: [],
        },
        {
          record: 3,
          phase: 'Surgery',
          on: '2026-03-05',
          inspector: 'qa-1',
          recordedAt: '2026-03-06T10:00:00.000Z',
          findings: COMMITTED['...'],
          reported: {
            director: { record: 5, on: '2026-03-06' },
            management: { record: 6, on: '2026-03-07' },
          },
          signatures: [
            {
              record: 7,
              person: 'qa-1',
              printedName: 'Name of qa-1',
              role: 'quality',
              signedAt: '2026-03-08T11:00:00.000Z',
              status: 'valid',
              supersededBy: null,
            },
          ],
        },
      ],
      unreported: [4],
      unsigned: [4],
    });
  });

  it('has no inspection that was withdrawn', () => {
    const given = inspected.and(
      by('qa-1', sent('VoidRecord', { reason: 'Another study', data: { target: { number: 3 } } }, day(5))),
    );
    expect(answerOf(given)).toEqual({ inspections: [], unreported: [], unsigned: [] });
  });
});
