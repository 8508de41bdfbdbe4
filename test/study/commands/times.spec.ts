import {
  about,
  at,
  because,
  begun,
  day,
  died,
  dosed,
  enrolled,
  excluded,
  ligated,
  registered,
  approved,
  stimulated,
  ready,
  weighed,
} from '../bench.js';
import { given, sent } from '../specification.js';

const late = 'Sheet found in the animal room';

describe('when something happened', () => {
  it('is now where nobody says', () => {
    const { body } = about('R01', 'RecordBodyWeight');
    const clock = day(4, '11:15');
    begun()
      .when('RecordBodyWeight', body, clock)
      .then.records({ time: '2026-03-06T11:15:00.000Z', recordedtime: '2026-03-06T11:15:00.000Z' });
  });

  it('is kept to the letter, with its offset [R2]', () => {
    begun()
      .when('RecordBodyWeight', weighed('2026-03-06T12:15:30+01:00').body)
      .then.records({ time: '2026-03-06T12:15:30+01:00' });
  });

  it('is not in the future, beyond what clocks differ by [R2]', () => {
    const { body } = weighed(day(4, '10:02'));
    begun().when('RecordBodyWeight', body, day(4, '10:00')).then.flags();
    begun()
      .when('RecordBodyWeight', weighed('2026-03-06T10:02:01Z').body, day(4, '10:00'))
      .then.refused('time-in-future', 'occurredAt');
    begun()
      .when('RecordBodyWeight', weighed('2026-03-06T11:00:00-05:00').body, day(4, '12:00'))
      .then.refused('time-in-future', 'occurredAt');
  });

  it('needs a reason once it is longer ago than the protocol allows [R2]', () => {
    const onTime = weighed(day(4, '10:00')).body;
    begun().when('RecordBodyWeight', onTime, day(4, '14:00')).then.flags();
    begun()
      .when('RecordBodyWeight', onTime, '2026-03-06T14:00:01Z')
      .then.refused('reason-required', 'reason');
    begun()
      .when('RecordBodyWeight', { ...onTime, reason: late }, '2026-03-06T14:00:01Z')
      .then.records({ reason: late, data: { flags: ['late'] } });
  });

  it('may be before the protocol was in force: then it departs from it', () => {
    const before = weighed('2026-03-02T08:05:00Z').body;
    begun()
      .when('RecordBodyWeight', before, '2026-03-02T09:00:00Z')
      .then.refused('reason-required', 'reason');
    const recorded = begun()
      .when('RecordBodyWeight', { ...before, reason: late }, '2026-03-02T09:00:00Z')
      .then.flags('before-enrolment', 'before-protocol', 'deviation');
    expect(recorded.study.records.last?.record).not.toHaveProperty('protocolversion');
  });

  it('may be at the very time of the enrolment', () => {
    begun().when('RecordBodyWeight', weighed('2026-03-02T08:20:00Z').body).then.flags();
  });

  it('may be before the enrolment: then it is a deviation', () => {
    begun()
      .when(
        'RecordBodyWeight',
        { ...weighed('2026-03-02T08:15:00Z').body, reason: late },
        '2026-03-02T09:00:00Z',
      )
      .then.flags('before-enrolment', 'deviation');
  });
});

describe('an animal that nobody enrolled', () => {
  it.each(['RecordBodyWeight', 'LigateNerve', 'RecordThreshold', 'AdministerKetamine', 'ScoreWelfare'])(
    'is unknown to %s',
    (name) => {
      begun().when(name, about('R99', name).body).then.refused('subject-unknown', 'subject');
    },
  );

  it('is unknown to its exclusion', () => {
    begun()
      .when('ExcludeSubject', about('R99', 'ExcludeSubject').body)
      .then.refused('subject-unknown', 'subject');
  });
});

describe('after the death of an animal', () => {
  const dead = begun().and(died(day(8)));

  it('nothing is done to it [R14]', () => {
    for (const name of [
      'AdministerKetamine',
      'RecordBodyWeight',
      'LigateNerve',
      'ScoreWelfare',
      'EuthaniseSubject',
    ]) {
      dead.when(name, about('R01', name).body, day(9)).then.refused('subject-dead', 'subject');
    }
  });

  it('nothing is done at the very time of it that is entered later', () => {
    dead.when('RecordBodyWeight', weighed(day(8)).body, day(8)).then.refused('subject-dead', 'subject');
  });

  it('what was done before it can still be entered, late, with a reason [R2 R14]', () => {
    dead.when('RecordBodyWeight', weighed(day(7)).body, day(9)).then.refused('reason-required', 'reason');
    dead.when('RecordBodyWeight', because(late, weighed(day(7))).body, day(9)).then.flags('late');
  });

  it('it is not enrolled again, and does not die again', () => {
    dead.when('EnrolSubject', enrolled('R01').body, day(9)).then.refused('subject-enrolled', 'subject');
    dead
      .when('EuthaniseSubject', because(late, died(day(7))).body, day(9))
      .then.refused('subject-dead', 'subject');
  });

  it('it can be excluded from the analysis', () => {
    dead.when('ExcludeSubject', excluded(day(9)).body).then.records({ type: 'SubjectExcluded' });
  });

  it('other animals live on', () => {
    dead.and(at(day(8, '11:00'), about('R02', 'EnrolSubject'))).and(weighed(day(9), '250', 'R02'));
  });
});

describe('after the exclusion of an animal', () => {
  const out = ready().and(excluded(day(18, '09:30')));

  it('an intervention departs from the protocol', () => {
    out.when('AdministerKetamine', dosed(day(18)).body).then.refused('reason-required', 'reason');
    out
      .when('AdministerKetamine', because('Given before the list was updated', dosed(day(18))).body)
      .then.flags('after-exclusion', 'deviation');
    out
      .when('ApplySCS', because('Given before the list was updated', stimulated(day(18))).body)
      .then.flags('after-exclusion', 'deviation');
  });

  it('measuring and watching over it goes on', () => {
    out.when('RecordBodyWeight', weighed(day(19)).body).then.flags();
    out.when('ScoreWelfare', at(day(19), about('R01', 'ScoreWelfare')).body).then.flags();
  });

  it('what was done before it is no deviation', () => {
    out.when('AdministerKetamine', dosed(day(18, '09:20')).body, day(18)).then.flags();
  });

  it('it is not excluded again', () => {
    out.when('ExcludeSubject', excluded(day(19)).body).then.refused('subject-excluded', 'subject');
  });
});

describe('an exclusion', () => {
  it('says why [R10]', () => {
    begun()
      .when('ExcludeSubject', { subject: 'R01', data: { prespecified: true } })
      .then.refused('reason-required', 'reason');
  });
});

describe('a death', () => {
  it('is not before what is on record as later', () => {
    begun()
      .and(ligated(), weighed(day(5)))
      .when('EuthaniseSubject', because(late, died(day(4))).body, day(6))
      .then.refused('later-records-exist', 'occurredAt');
  });

  it('may be at the very time of the last thing on record', () => {
    begun()
      .and(weighed(day(5)))
      .when('EuthaniseSubject', died(day(5)).body)
      .then.flags();
  });
});

describe('an enrolment', () => {
  it('gives every animal an identifier of its own', () => {
    begun().when('EnrolSubject', enrolled('R01').body).then.refused('subject-enrolled', 'subject');
    begun().when('EnrolSubject', enrolled('R02').body).then.records({ subject: 'R02' });
    const other = because('Another animal', enrolled('r01'));
    begun()
      .when('EnrolSubject', other.body)
      .then.records({ subject: 'r01', data: { flags: ['looks-like', 'query'] } });
  });

  it('flags a weight that no such animal has', () => {
    given(registered, approved)
      .when('EnrolSubject', about('R01', 'EnrolSubject', { bodyWeight: { value: '2124', unit: 'g' } }).body)
      .then.flags('body-weight-out-of-range', 'implausible');
  });
});

describe('a body weight', () => {
  it('is kept digit by digit', () => {
    begun()
      .when('RecordBodyWeight', weighed(day(4), '243.70').body)
      .then.records({ data: { weight: { value: '243.70', unit: 'g' } } });
  });

  it.each(['99.99', '700.01', '2437.0'])('of %s g is taken and flagged, without a reason [R9]', (grams) => {
    begun()
      .when('RecordBodyWeight', weighed(day(4), grams).body)
      .then.flags('body-weight-out-of-range', 'implausible', 'weight-jump');
  });

  it.each(['100', '100.00', '700', '243.7'])('of %s g is plausible', (grams) => {
    begun()
      .when('RecordBodyWeight', weighed(day(9), grams).body)
      .then.flags();
  });

  it('is compared in grams, whatever it was read in', () => {
    const weight = { value: '0.2437', unit: 'kg' };
    begun()
      .when('RecordBodyWeight', about('R01', 'RecordBodyWeight', { weight }).body)
      .then.flags();
  });

  it('is not implausible where the protocol gives no range', () => {
    const study = given(registered, sent('ApproveProtocol', approvedWithoutRanges()), enrolled('R01'));
    study.when('RecordBodyWeight', weighed(day(9), '5').body).then.flags();
  });

  it.each(['0', '0.00', '-3', '1e3', '0243', '243,7', ' 243'])('cannot be %j', (value) => {
    begun()
      .when('RecordBodyWeight', about('R01', 'RecordBodyWeight', { weight: { value, unit: 'g' } }).body)
      .then.refused('field-invalid', 'data.weight.value');
  });
});

function approvedWithoutRanges() {
  const { plausible: _, ...protocol } = (approved.body['data'] as { protocol: Record<string, unknown> })
    .protocol;
  return { data: { protocol }, occurredAt: '2026-03-02T08:10:00Z' };
}
