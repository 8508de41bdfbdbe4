import { about, at, because, begun, day, died, ligated, measured } from './welfare-bench.js';
import { approvedWith, corrected, example } from '../study/bench.js';
import { sent, given, type Body, type Given, type Sent } from '../study/specification.js';
import { Protocols, type Fact } from '../../src/study/study.js';
import { useOf } from '../../src/study/welfare/animal-use.js';
import { Course } from '../../src/study/welfare/course.js';
import { useRecordOf } from '../../src/study/welfare/derive-use-record.js';
import { inconsistencies } from '../../src/study/welfare/inconsistencies.js';
import { NONE_KILLED_UNUSED, returnOf } from './histories.js';

const chip = { method: 'microchip', mark: '985 112 003 456 789' };
const assess = (severity: string, subject = 'R01', data: Body = {}, when = day(25)): Sent =>
  because('As seen', at(when, about(subject, 'AssessSeverity', { severity, ...data })));
const enrol = (subject: string, data: Body, when = '2026-03-02T08:30:00Z'): Sent =>
  at(when, about(subject, 'EnrolSubject', data));

/** A use of R01 from day 3 to day 10 that a chip tells from any other animal. */
const chipped = (use: Body = { kind: 'first' }, identification: Body = chip): Given =>
  given(
    sent('RegisterStudy', example('RegisterStudy'), '2026-03-02T08:00:00Z'),
    approvedWith({}),
    enrol('R01', { use, identification }),
  );

/** The same study under another code, as the state that a return reads. */
function named(code: string, { study }: Given) {
  return { ...study, code };
}

function inconsistent(...studies: Parameters<typeof returnOf>[0][number][]) {
  return returnOf(studies, 2026, 'eu').made.inconsistent;
}

const withFacts = (study: Given) => ({ study, facts: study.facts('R01') });
const kept = (when: string): Sent => at(when, about('R01', 'RecordFate', { fate: 'kept-alive' }));
const first = chipped().and(ligated(), kept(day(10)), assess('moderate'));

describe('a unique mark', () => {
  it('that was used before contradicts a first use, in whatever study that was', () => {
    const again = chipped({ kind: 'first' }, { method: 'rfid-transponder', mark: '985.112.003456789' }).and(
      measured('high', day(15)),
      died(day(20)),
      assess('moderate'),
    );
    expect(inconsistent(named('KET-01', first), named('KET-02', again))).toEqual([
      {
        study: 'KET-02',
        subject: 'R01',
        text: 'rfid-transponder 985.112.003456789: its use says first, and its mark was used before as KET-01 R01 (#3): correct its enrolment to a re-use with the severity of that use, or the mark',
        records: [2],
      },
    ]);
  });

  it('is read whatever the order in which the studies are read', () => {
    const again = chipped().and(measured('high', day(15)), died(day(20)), assess('moderate'));
    const [found] = inconsistent(named('KET-01', again), named('KET-02', first));
    expect(found).toMatchObject({ study: 'KET-01', text: expect.stringContaining('as KET-02 R01 (#3)') });
  });

  it('contradicts no re-use, and no first use where nothing was done before', () => {
    const reuse = { kind: 'reuse', previousActualSeverity: 'moderate' };
    const again = chipped(reuse).and(measured('high', day(15)), died(day(20)), assess('moderate'));
    expect(inconsistent(named('KET-01', first), named('KET-02', again))).toEqual([]);
    const idle = chipped().and(kept(day(5)));
    const later = chipped().and(measured('high', day(15)), died(day(20)), assess('moderate'));
    expect(inconsistent(named('KET-01', idle), named('KET-02', later))).toEqual([]);
  });

  it('is no ear tag: that may come again', () => {
    const tagged = () =>
      chipped({ kind: 'first' }, { method: 'ear-tag', mark: '1201' }).and(
        ligated(),
        died(day(10)),
        assess('moderate'),
      );
    expect(inconsistent(named('KET-01', tagged()), named('KET-02', tagged()))).toEqual([]);
  });

  it('is not used after it was killed', () => {
    const dead = chipped().and(ligated(), died(day(10)), assess('moderate'));
    const reuse = { kind: 'reuse', previousActualSeverity: 'moderate' };
    const again = chipped(reuse).and(measured('high', day(15)), died(day(20)), assess('moderate'));
    expect(inconsistent(named('KET-01', dead), named('KET-02', again))).toEqual([
      {
        study: 'KET-02',
        subject: 'R01',
        text: 'microchip 985 112 003 456 789: used on 2026-03-17, after the death of its mark on 2026-03-12 as KET-01 R01 (#4): correct the mark, or that record',
        records: [2, 3],
      },
    ]);
  });

  it('holds back the return of a year that reports one of its animals, and no other', () => {
    const again = chipped().and(measured('high', day(15)), died(day(20)), assess('moderate'));
    const studies = [named('KET-01', first), named('KET-02', again)];
    expect(returnOf(studies, 2025, 'eu').made.inconsistent).toEqual([]);
    const { made, text } = returnOf(studies, 2026, 'eu');
    expect(made.gaps).toEqual([]);
    expect(text('return-2026-eu.csv').split('\r\n').slice(0, 2)).toEqual([
      '# INCONSISTENT: 1 statement. Put them right before the return is handed in.',
      expect.stringMatching(/^# KET-02 R01: microchip .* or the mark \(#2\)$/),
    ]);
    expect(JSON.parse(text('return.json'))).toMatchObject({ gaps: 0, inconsistent: 1 });
  });
});

describe('a re-use after a severe use (Dir. 2010/63/EU, Art. 16)', () => {
  const severe = { kind: 'reuse', previousActualSeverity: 'severe' };
  const used = (use: Body): Given =>
    chipped(use).and(measured('high', day(15)), died(day(20)), assess('moderate'));

  it('needs the reason of the authority', () => {
    expect(inconsistent(used(severe).study)).toEqual([
      {
        study: 'KET-01',
        subject: 'R01',
        text: 'used again after a severe use, without the reason of the authority (Dir. 2010/63/EU, Art. 16): correct its enrolment and give use.authorityReason',
        records: [2],
      },
    ]);
    expect(
      inconsistent(used({ ...severe, authorityReason: 'Permit 7 of 3 March: rare line' }).study),
    ).toEqual([]);
    const { study, facts } = withFacts(used(severe));
    const put = corrected(2, {
      subject: 'R01',
      occurredAt: facts[0]!.time,
      corrected: { ...facts[0]!.data, use: { ...severe, authorityReason: 'Permit 7 of 3 March: rare line' } },
    });
    expect(inconsistent(study.and(put).study)).toEqual([]);
  });

  it('is known from the earlier study too, whatever the enrolment says', () => {
    const before = chipped().and(ligated(), kept(day(10)), assess('severe'));
    const again = used({ kind: 'reuse', previousActualSeverity: 'mild' });
    expect(inconsistent(named('KET-01', before), named('KET-02', again))).toMatchObject([
      {
        study: 'KET-02',
        text: expect.stringMatching(/without the reason.*its use as KET-01 R01 was severe \(#5\)$/),
      },
    ]);
  });

  it('states no reason for an animal that was never used', () => {
    chipped({ kind: 'first' })
      .when(
        'EnrolSubject',
        about('R02', 'EnrolSubject', { use: { kind: 'first', authorityReason: 'x y z' } }).body,
      )
      .then.refused('never-used-before', 'data.use.kind');
  });
});

describe('non-recovery', () => {
  const findings = (given: Given) => inconsistent(given.study).map(({ text, records }) => [text, ...records]);

  it('is no severity of an animal that was tested awake', () => {
    const tested = begun().and(
      measured('high', day(2)),
      ligated(),
      died(day(3, '12:00')),
      assess('non-recovery'),
    );
    expect(findings(tested)).toEqual([
      [
        'assessed as non-recovery, and tested awake on 2026-03-04: correct the assessment, or that record',
        6,
        3,
      ],
    ]);
  });

  it('is none of an animal that was kept alive, or lived on', () => {
    const keptAlive = begun().and(ligated(), kept(day(3, '12:00')), assess('non-recovery'));
    expect(findings(keptAlive)).toEqual([
      [
        'assessed as non-recovery, and kept alive on 2026-03-05: correct the assessment, or that record',
        5,
        4,
      ],
    ]);
    const lived = begun().and(ligated(), died(day(10)), assess('non-recovery'));
    expect(findings(lived)).toEqual([
      [
        'assessed as non-recovery, and alive until its end on 2026-03-12: correct the assessment, or that record',
        5,
        4,
      ],
    ]);
    expect(findings(begun().and(ligated(), died(day(3, '18:00')), assess('non-recovery')))).toEqual([]);
  });
});

describe('an animal', () => {
  it('is not used after its death, however the records came to say so', () => {
    const { study, facts } = withFacts(begun().and(ligated(), measured('high', day(8)), died(day(10))));
    const [enrolled, ligation, run, death] = facts as [Fact, Fact, Fact, Fact];
    const course = new Course([enrolled, ligation, { ...death, at: run.at - 1, time: day(7) }, run]);
    const protocols = new Protocols(study.study);
    const known = useRecordOf(study.study, protocols, 'R01', facts);
    expect(inconsistencies(known, course, useOf(course, protocols))).toEqual([
      {
        code: 'used-after-death',
        text: 'used on 2026-03-10, after its death on 2026-03-09: correct the time or the animal of the wrong record',
        records: [5, 4],
      },
    ]);
  });

  it('that was killed unused is compared as well, in the German return', () => {
    const idle = chipped().and(died(day(20)));
    const studies = [named('KET-01', first), named('KET-02', idle)];
    const { made } = returnOf(studies, 2026, 'de', undefined, NONE_KILLED_UNUSED);
    expect(made.inconsistent).toMatchObject([{ study: 'KET-02', subject: 'R01' }]);
  });
});
