import {
  registered,
  approvedWith,
  about,
  at,
  because,
  begun,
  corrected,
  day,
  dosed,
  measured,
  ready,
  sideEffects,
  stimulated,
  weighed,
} from '../bench.js';
import { View } from '../../../src/study/projections/projection.js';
import { responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { given, type Body, type Given, type Sent } from '../specification.js';

const why = 'It happened so';
const { titration } = exampleProtocol;
const ug = (value: string): Body => ({ dose: { value, unit: 'ug' } });
const grams = (value: string): Body => ({ weight: { value, unit: 'g' } });

/** What is sent, with a reason, and the flags that it is given. */
const flagsOf = (study: Given, { name, body }: Sent) => study.when(name, { reason: why, ...body }).then;
const designation = (dose: string, evidence: number[], when = day(22)) =>
  because(why, at(when, about('R01', 'DesignateSubEffectiveDose', { ...ug(dose), evidence })));
/** A dose at ten and its course, at 15, 30 and 60 min: the first record is the run before it. */
const course = (on: number, dose: string, run: 'low' | 'high', first: number): Sent[] => [
  measured('low', day(on, '09:30')),
  because(why, dosed(day(on), ug(dose))),
  measured(run, day(on, '10:15'), { session: first + 1, minute: 15 }),
  measured(run, day(on, '10:30'), { session: first + 1, minute: 30 }),
  measured(run, day(on, '11:00'), { session: first + 1, minute: 60 }),
  sideEffects(day(on, '11:10'), first + 1, 0, 70),
];

describe('a dose before stimulation', () => {
  const study = ready().and(...course(19, '20', 'low', 10), designation('20', [11], day(19, '12:00')));

  it('is the designated one: 50 µg where 20 µg was designated departs from the protocol', () => {
    flagsOf(study, dosed(day(22), { ...ug('50'), purpose: 'combination' })).flags(
      'deviation',
      'dose-not-designated',
    );
    flagsOf(study, dosed(day(22), { dose: { value: '0.02', unit: 'mg' }, purpose: 'combination' })).flags();
    study
      .when('AdministerKetamine', dosed(day(22), { ...ug('50'), purpose: 'combination' }).body)
      .then.refused('reason-required', 'reason');
  });

  it('is the designated one where a stimulation follows a step of the titration as well', () => {
    const step = study.and(dosed(day(22), ug('50')));
    const { name, body } = because(why, stimulated(day(22, '10:20'), { follows: 17 }));
    expect(step.when(name, body).record.data.flags).toContain('dose-not-designated');
  });
});

describe('a designation', () => {
  it('that leaves a course of its dose out, one that was effective, says so', () => {
    const twice = ready().and(...course(19, '20', 'low', 10), ...course(21, '20', 'high', 16));
    flagsOf(twice, designation('20', [11])).flags(
      'designated-dose-effective',
      'deviation',
      'evidence-left-out',
    );
    flagsOf(twice, designation('20', [11, 17])).flags('designated-dose-effective', 'deviation');
  });

  it('of 30 µg where 20 µg was effective says so, cited or not', () => {
    const both = ready().and(...course(19, '20', 'high', 10), ...course(21, '30', 'low', 16));
    flagsOf(both, designation('30', [17])).flags('deviation', 'lower-dose-effective');
    flagsOf(both, designation('30', [11, 17])).flags('deviation', 'lower-dose-effective');
    flagsOf(both, designation('20', [11])).flags(
      'designated-dose-effective',
      'designation-unsupported',
      'deviation',
    );
  });
});

describe('whether the designated dose was effective alone', () => {
  const ketamine = (changes: Body) => {
    const { study } = ready(changes).and(
      ...course(19, '20', 'low', 10),
      ...course(21, '20', 'high', 16),
      designation('20', [11]),
    );
    return responderStatus.project(new View(study)).subjects[0]?.ketamine;
  };

  it('is judged on the course that is cited, with what is flagged about the designation', () => {
    expect(ketamine({})).toMatchObject({
      holds: false,
      caveats: ['designated-dose-effective', 'deviation', 'evidence-left-out'],
    });
  });

  it('is judged on all courses of that dose under the second reading', () => {
    const verdict = ketamine({ reading: 2 });
    expect(verdict).toMatchObject({ holds: true, since: 22 });
    expect(verdict?.evidence).toEqual(expect.arrayContaining([11, 17, 22]));
    expect(verdict?.caveats).toEqual(['designated-dose-effective', 'deviation', 'evidence-left-out']);
  });
});

describe('a dose', () => {
  const dose = (data: Body, changes: Body = {}, study = ready(changes)) =>
    flagsOf(study, dosed(day(19), data));

  it('of 10 µg in 10 µL at 3 µg/µL does not fit together [R9 R38]', () => {
    dose({ ...ug('10'), concentration: { value: '3', unit: 'ug/uL' } }).flags(
      'dose-volume-mismatch',
      'implausible',
    );
    dose({ ...ug('30'), concentration: { value: '3', unit: 'mg/mL' } }).flags();
    dose({ ...ug('30'), concentration: { value: '3.1', unit: 'ug/uL' } }).flags();
  });

  it('of 900 mg intrathecally is implausible, one of 31 µg is not', () => {
    dose({ dose: { value: '900', unit: 'mg' } }).flags(
      'deviation',
      'dose-implausible',
      'dose-off-ladder',
      'implausible',
    );
    dose(ug('31')).flags('deviation', 'dose-off-ladder');
    dose({ dose: { value: '1600', unit: 'ug/kg' } }).flags('deviation', 'dose-off-ladder');
    dose({ dose: { value: '1601', unit: 'ug/kg' } }).flags(
      'deviation',
      'dose-implausible',
      'dose-off-ladder',
      'implausible',
    );
  });

  it('is measured against the protocol’s own limit where it has one', () => {
    const doses = [
      { substance: 'ketamine', route: 'intrathecal', high: { value: '25', unit: 'ug' as const } },
    ];
    dose(ug('30'), { plausible: { doses } }).flags('dose-implausible', 'implausible');
    dose(ug('20'), { plausible: { doses } }).flags();
  });

  it('is worked out with the animal’s own weight: 150 g where 312.5 g is on record is implausible', () => {
    const study = ready().and(weighed(day(18, '11:00'), '312.5'));
    dose({ bodyWeight: { value: '150', unit: 'g' } }, {}, study).flags('dose-weight-off', 'implausible');
    dose({ bodyWeight: { value: '359.3', unit: 'g' } }, {}, study).flags();
    dose({ bodyWeight: { value: '359.4', unit: 'g' } }, {}, study).flags('dose-weight-off', 'implausible');
  });

  it.each([
    ['vehicle', { vehicle: 'water' }, { vehicle: 'saline' }],
    ['preservative', { preservative: 'benzethonium chloride' }, { preservative: 'none' }],
    ['route', { route: 'epidural' }, { route: 'intrathecal' }],
    ['flush', { flush: { value: '5', unit: 'uL' } }, { flush: { value: '10', unit: 'uL' } }],
    ['lot', { lot: 'K-1' }, { lots: ['K-2207', 'K-2208'] }],
  ])('of another %s than the protocol’s departs from it', (what, data, planned) => {
    const changes = { titration: { ...titration, ...planned } } as Body;
    dose(data, changes).flags('deviation', `${what}-off-protocol`);
    dose({}, { titration: { ...titration, lots: ['K-2207'], vehicle: 'Saline' } }).flags();
  });

  it('with a flush below the dead volume of the catheter leaves a part of it there', () => {
    dose({ flush: { value: '7', unit: 'uL' } }).flags('deviation', 'flush-off-protocol');
    dose({ flush: { value: '8', unit: 'uL' } }).flags();
  });

  it('states the expiry date of its lot that every record of the study states [R38]', () => {
    const lot = { lot: 'K-9', expiry: '2027-06-30' };
    const study = ready().and(
      at(day(18, '09:10'), about('R02', 'EnrolSubject')),
      at(day(18, '09:20'), about('R02', 'ImplantCatheter')),
    );
    const first = study.and(because(why, dosed(day(18, '10:00'), lot, 'R02')));
    dose(lot, {}, first).flags();
    dose({ ...lot, expiry: '2028-06-30' }, {}, first).flags('implausible', 'lot-expiry-differs');
    dose({ ...lot, lot: 'K-10', expiry: '2028-06-30' }, {}, first).flags();
  });

  it('takes one of the routes that there are; a correction may keep the word that stands', () => {
    const body = dosed(day(19), { route: 'intratecal' }).body;
    ready().when('AdministerKetamine', body).then.refused('field-invalid', 'data.route');
    flagsOf(ready(), dosed(day(19), { route: 'other', routeText: 'into the cisterna magna' })).flags();
    const data = dosed(day(19), { volume: { value: '10.0', unit: 'uL' } }).body['data'] as object;
    const correct = (route: string) =>
      corrected(10, { subject: 'R01', occurredAt: day(19), corrected: { ...data, route } }).body;
    const study = ready().and(dosed(day(19)));
    study.when('CorrectRecord', correct('intratecal')).then.refused('field-invalid', 'data.corrected.route');
    study.when('CorrectRecord', correct('epidural')).then.flags();
  });

  it('two hours after a stimulation comes too soon after it', () => {
    const study = ready().and(stimulated(day(18)));
    flagsOf(study, dosed(day(18, '12:00'))).flags('carry-over', 'deviation');
    flagsOf(study, dosed(day(19))).flags();
    const own = ready({ carryOverHours: '2' }).and(stimulated(day(18)));
    flagsOf(own, dosed(day(18, '12:00'))).flags();
    flagsOf(own, dosed(day(18, '11:59'))).flags('carry-over', 'deviation');
  });
});

describe('a stimulation', () => {
  const dose = ready().and(because(why, dosed(day(18, '09:30'))), designation('30', [10], day(18, '09:40')));
  const after = (study: Given, when: string) => {
    const { name, body } = stimulated(when, { follows: 10 });
    return study.when(name, { ...body, reason: why }).record.data.flags ?? [];
  };

  it('follows a dose within the last minute at which the titration judges it, or the protocol’s own', () => {
    expect(after(dose, day(18, '10:30'))).not.toContain('follows-too-old');
    expect(after(dose, day(18, '10:31'))).toContain('follows-too-old');
    expect(after(dose, day(21))).toContain('follows-too-old');
    const own = ready({ followsWithinMinutes: 90 }).and(because(why, dosed(day(18, '09:30'))));
    expect(after(own, day(18, '11:00'))).not.toContain('follows-too-old');
    expect(after(own, day(18, '11:01'))).toContain('follows-too-old');
  });

  it('overlaps one that has not ended, whichever was entered first', () => {
    const study = ready().and(stimulated(day(18)));
    flagsOf(study, stimulated(day(18, '10:29'))).flags('implausible', 'overlaps');
    flagsOf(study, stimulated(day(18, '10:30'))).flags();
    flagsOf(study, stimulated(day(18, '09:31'))).flags('implausible', 'overlaps');
    flagsOf(study, stimulated(day(18, '09:30'))).flags();
  });

  it('at 0.18 mA of 0.27 mA is at 66.7 % of the motor threshold, not at 80 %', () => {
    const percent = (value: string) =>
      flagsOf(ready(), stimulated(day(18), { percentOfMotorThreshold: { value, unit: '%' } }));
    percent('80').flags('implausible', 'percent-off');
    percent('68.6').flags();
    percent('68.7').flags('implausible', 'percent-off');
  });
});

describe('a body weight', () => {
  const study = begun().and(weighed(day(9), '300'));

  it('of 150 g after one of 300 g is implausible, and so is 2437 g for 243.7 g [R9]', () => {
    flagsOf(study, weighed(day(10), '150')).flags('implausible', 'weight-jump');
    flagsOf(study, weighed(day(10), '360')).flags();
    flagsOf(study, weighed(day(10), '360.1')).flags('implausible', 'weight-jump');
    flagsOf(study, weighed(day(17), '150')).flags();
  });

  it('is compared with the last right one after a slip of the balance', () => {
    const slip = study.and(weighed(day(10), '600'));
    flagsOf(slip, weighed(day(11), '302')).flags();
    flagsOf(slip, weighed(day(11), '590')).flags();
  });

  it('is compared by the protocol’s own per cent, and in a correction too', () => {
    const own = begun({ plausible: { weightChangePercent: '5' } }).and(
      weighed(day(9), '300'),
      weighed(day(10), '310'),
    );
    flagsOf(own, weighed(day(11), '326')).flags('implausible', 'weight-jump');
    const correction = corrected(4, { subject: 'R01', occurredAt: day(10), corrected: grams('320') });
    own.when('CorrectRecord', correction.body).then.flags('implausible', 'weight-jump');
    const first = corrected(3, { subject: 'R01', occurredAt: day(9), corrected: grams('100') });
    own.when('CorrectRecord', first.body).then.flags();
  });
});

describe('a ladder whose forces are numbers from handles', () => {
  const handles = ['1.65', '2.36', '2.83', '3.61'];
  const ladder = { id: 'M', start: '2.36', filaments: handles.map((text) => ({ label: text, grams: text })) };

  it('is flagged when the protocol is approved; forces in grams are not', () => {
    const { name, body, clock } = approvedWith({ ladder });
    given(registered).when(name, body, clock).then.flags('handles-as-grams', 'implausible');
    const amend = (changes: Body) => ({
      reason: why,
      data: { protocol: { ...exampleProtocol, ...changes } },
    });
    begun().when('AmendProtocol', amend({ ladder })).then.flags('handles-as-grams', 'implausible');
    begun().when('AmendProtocol', amend({})).then.flags();
  });
});
