import fc from 'fast-check';
import { runs } from '../../support/effort.js';
import { about, because, begun, corrected, day, at } from '../bench.js';

const why = 'Two animals of that name came from two suppliers';

describe('an animal whose name is like another’s', () => {
  it.each(['r01', 'R1', 'R001', 'r1'])('as %s is like R01, is asked about', (subject) => {
    begun()
      .when('EnrolSubject', about(subject, 'EnrolSubject').body)
      .then.refused('reason-required', 'reason');
    begun()
      .when('EnrolSubject', because(why, about(subject, 'EnrolSubject')).body)
      .then.flags('looks-like', 'query');
  });

  it.each(['R10', 'R-01', 'R-1', 'R1-1', 'RR01', 'R02'])('is another where it is %s', (subject) => {
    begun().when('EnrolSubject', about(subject, 'EnrolSubject').body).then.flags();
  });

  it('keeps the separators: R1-1 is not R11', () => {
    begun()
      .and(about('R11', 'EnrolSubject'))
      .when('EnrolSubject', about('R1-1', 'EnrolSubject').body)
      .then.flags();
  });

  it('is not compared with itself when its enrolment is corrected', () => {
    const { data } = about('R01', 'EnrolSubject', { sex: 'female' }).body;
    const correction = { subject: 'R01', occurredAt: '2026-03-02T08:20:00Z', corrected: data };
    begun().when('CorrectRecord', corrected(2, correction).body).then.flags();
  });

  it('is asked about as well where a correction gives it that name', () => {
    const { data } = about('R02', 'EnrolSubject').body;
    const correction = { subject: 'r1', occurredAt: day(0, '11:00'), corrected: data };
    begun()
      .and(at(day(0, '11:00'), about('R02', 'EnrolSubject')))
      .when('CorrectRecord', corrected(3, correction).body)
      .then.flags('looks-like', 'query');
  });

  it('is asked about whichever of the two came first', () => {
    const name = fc.stringMatching(/^[Ss]0{0,2}[1-9]{1,2}(-0{0,1}[1-3])?$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        const flagsOf = (first: string, second: string) =>
          begun()
            .and(because(why, about(first, 'EnrolSubject')))
            .when('EnrolSubject', because(why, about(second, 'EnrolSubject')).body).record.data.flags;
        expect(flagsOf(one, other)).toEqual(flagsOf(other, one));
      }),
      runs(100),
    );
  });
});

describe('an instrument whose calibration is due again', () => {
  const weighedBy = (instrument: object, when = day(2)) =>
    at(when, about('R01', 'RecordBodyWeight', { instrument: { id: 'BAL-2', ...instrument } }));

  it.each(['2026-03-04', '2026-03-05'])('on %s is calibrated on 4 March', (calibrationDue) => {
    begun().whenSent(weighedBy({ calibrationDue })).then.flags();
  });

  it('on the day before is a deviation, with a reason [R15]', () => {
    const overdue = weighedBy({ calibrationDue: '2026-03-03' });
    begun().whenSent(overdue).then.refused('reason-required', 'reason');
    begun().whenSent(because('Tomorrow', overdue)).then.flags('calibration-overdue', 'deviation');
  });

  it('some time that nobody says is none', () => {
    begun()
      .whenSent(weighedBy({ calibration: 'C-114' }))
      .then.flags();
  });
});
