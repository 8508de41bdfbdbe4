import fc from 'fast-check';
import { doseTitration } from '../../src/study/projections/dose-titration.projection.js';
import { View } from '../../src/study/projections/projection.js';
import { responderStatus } from '../../src/study/projections/responder-status.projection.js';
import { studyFlow } from '../../src/study/projections/study-flow.projection.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { Study } from '../../src/study/study.js';
import { runs } from '../support/effort.js';
import { about, at, because, day, dosed, measured, ready, sideEffects, stimulated, wide } from './bench.js';
import type { Body, Given, Sent } from './specification.js';

/** Doses of any substance: titration, designation, wash-out and verdicts treat them as they treat those of ketamine. */

const WHY = 'As it was';
const { titration } = exampleProtocol;

/** Clonidine is titrated; morphine and saline are given beside it. */
const clonidine: Partial<ProtocolInput> = {
  titration: { ...titration!, drug: 'clonidine' },
  substances: [
    { id: 'clonidine', name: 'Clonidine hydrochloride' },
    { id: 'morphine', washoutHours: '24' },
    { id: 'saline' },
  ],
};

function given(when: string, data: Body): Sent {
  const { bodyWeight: _, ...rest } = about('R01', 'AdministerSubstance').body['data'] as Body;
  const { concentration: __, lot: ___, ...plain } = rest;
  const body = about('R01', 'AdministerSubstance').body;
  return because(WHY, {
    name: 'AdministerSubstance',
    body: {
      ...body,
      occurredAt: when,
      data: { ...plain, volume: { value: '10', unit: 'uL' }, route: 'intrathecal', ...data },
    },
  });
}

const ug = (value: string) => ({ value, unit: 'ug' });
const titrated = (when: string, value = '30', data: Body = {}) =>
  given(when, { substance: 'clonidine', dose: ug(value), purpose: 'titration', ...data });

const titrationOf = (study: Study) => doseTitration.project(new View(study)).subjects[0]!;
const statusIn = (study: Study) => responderStatus.project(new View(study)).subjects[0]!;

/** Dose 11 of 30 µg clonidine, without effect and without side effects. */
function withoutEffect(): Given {
  return ready(clonidine).and(
    measured('low', day(20, '09:30')),
    titrated(day(20)),
    ...[15, 30, 60].map((minute) =>
      measured('low', day(20, minute === 60 ? '11:00' : `10:${minute}`), { session: 11, minute }),
    ),
    sideEffects(day(20, '10:15'), 11),
  );
}

describe('the titration of the drug that the protocol names', () => {
  it('judges its doses', () => {
    const { doses } = titrationOf(withoutEffect().study);

    expect(doses).toMatchObject([
      { record: 11, substance: 'clonidine', microgram: 30, effective: false, sideEffects: false },
    ]);
    expect(studyFlow.project(new View(withoutEffect().study)).stages).toContainEqual({
      stage: 'titrated',
      count: 1,
      subjects: ['R01'],
    });
  });

  it('designates one of them, and says whether it was effective alone', () => {
    const designate = at(
      day(21),
      about('R01', 'DesignateSubEffectiveDose', { dose: ug('30'), evidence: [11] }),
    );

    const designated = withoutEffect().when(designate.name, designate.body).then.flags();

    expect(statusIn(designated.study)).toMatchObject({
      subEffectiveDose: { dose: '30 µg', evidence: [11] },
      ketamine: { holds: false },
    });
    expect(titrationOf(designated.study).doses[0]?.designated).toBe(true);
  });

  it.each([
    ['another substance', { substance: 'morphine', purpose: 'test' }],
    ['its vehicle', { substance: 'clonidine', purpose: 'vehicle' }],
  ])('takes no dose of %s as evidence, and judges none', (_, data) => {
    const other = ready(clonidine).and(given(day(20), { dose: ug('30'), ...data }));
    const designate = at(
      day(21),
      about('R01', 'DesignateSubEffectiveDose', { dose: ug('30'), evidence: [10] }),
    );

    const { message } = other
      .when(designate.name, designate.body)
      .then.refused('administration-unknown', 'data.evidence[0]');

    expect(message).toContain('no earlier dose of clonidine to R01');
    expect(titrationOf(other.study).doses[0]?.verdict.why).toBe('not-in-protocol');
  });

  it('refuses ketamine where it names another drug', () => {
    ready(clonidine)
      .when('AdministerKetamine', dosed(day(20)).body)
      .then.refused('not-ketamine');
  });

  it('says by a second reading whether the designated amount was effective, not the last one cited', () => {
    const two = (reading?: 2) =>
      ready({ ...clonidine, ...(reading && { reading }) }).and(
        titrated(day(20)),
        titrated(day(22), '20'),
        because(
          WHY,
          at(day(23), about('R01', 'DesignateSubEffectiveDose', { dose: ug('30'), evidence: [10, 11] })),
        ),
      );

    expect(statusIn(two().study).ketamine?.evidence).toEqual([11]);
    // Record 12 says which amount is designated.
    expect(statusIn(two(2).study).ketamine?.evidence).toEqual([10, 12]);
  });
});

describe('a combination', () => {
  it('is a dose of any substance, and the stimulation that follows it', () => {
    const so = withoutEffect().and(
      measured('low', day(25, '09:30')),
      given(day(25), { substance: 'clonidine', dose: ug('30'), purpose: 'combination' }),
      because(WHY, stimulated(day(25, '10:15'), { follows: 17 })),
      ...[15, 30, 60].map((minute) =>
        measured('high', day(25, minute === 60 ? '11:15' : `10:${minute + 15}`), { session: 18, minute }),
      ),
    );

    expect(statusIn(so.study).combination).toBe('responder');
    expect(statusIn(so.study).verdicts.combination.evidence).toEqual(expect.arrayContaining([17, 18]));
  });
});

describe('a wash-out', () => {
  const hours = (study: Study) => titrationOf(study).doses.map(({ washoutHours }) => washoutHours);

  it('is that of the substance', () => {
    const so = ready(clonidine).and(
      given(day(20), { substance: 'morphine', dose: ug('10'), purpose: 'test' }),
      titrated(day(20, '12:00')),
      given(day(20, '20:00'), { substance: 'morphine', dose: ug('10'), purpose: 'rescue' }),
    );

    expect(hours(so.study)).toEqual([null, null, 10]);
    so.when('AdministerSubstance', titrated(day(20, '21:00')).body).then.flags('deviation', 'washout-short');
  });

  it.each(['vehicle', 'control'])('is not started by a %s, nor due before one', (purpose) => {
    const so = ready(clonidine).and(
      given(day(20), { substance: 'saline', dose: { value: '0.9', unit: '%' }, purpose }),
      given(day(20, '11:00'), { substance: 'clonidine', dose: ug('30'), purpose }),
    );

    expect(so.when('AdministerSubstance', titrated(day(20, '12:00')).body).record.data.flags).toBeUndefined();
    expect(hours(so.study)).toEqual([null, null]);
  });

  it('is one for ketamine, whichever command recorded it', () => {
    const ketamine: Partial<ProtocolInput> = {
      ...wide,
      stimulation: exampleProtocol.stimulation!,
      substances: [{ id: 'ket', name: 'ketamine' }],
    };
    const ket = (when: string) => given(when, { substance: 'ket', dose: ug('30'), purpose: 'titration' });

    const so = ready(ketamine).and(dosed(day(20)));
    so.when('AdministerSubstance', ket(day(20, '12:00')).body).then.flags('deviation', 'washout-short');

    const other = ready(ketamine).and(ket(day(20)));
    other
      .when('AdministerKetamine', because(WHY, dosed(day(20, '12:00'))).body)
      .then.flags('deviation', 'washout-short');
    expect(hours(so.and(ket(day(20, '12:00'))).study)).toEqual([null, 2]);
  });

  it('of any history is the time since the last treatment with the same substance', () => {
    const dose = fc.record({
      substance: fc.constantFrom('clonidine', 'morphine', 'saline'),
      purpose: fc.constantFrom('test', 'rescue', 'vehicle', 'control', 'combination'),
      hour: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(dose, { minLength: 1, maxLength: 12 }), (doses) => {
        const ordered = doses.toSorted((a, b) => a.hour - b.hour);
        const when = (hour: number) =>
          new Date(Date.parse(day(19, '00:00')) + hour * 3_600_000).toISOString();
        const so = ready(clonidine).and(
          ...ordered.map(({ substance, purpose, hour }) =>
            given(when(hour), { substance, purpose, dose: ug('10') }),
          ),
        );

        const expected = ordered.map(({ substance, hour }, index) => {
          const before = ordered
            .slice(0, index)
            .findLast((one) => one.substance === substance && !/vehicle|control/.test(one.purpose));
          return before ? hour - before.hour : null;
        });

        expect(hours(so.study)).toEqual(expected);
      }),
      runs(200),
    );
  });
});

describe('a dose that is no mass', () => {
  it.each([
    ['10', '[iU]'],
    ['2', '%'],
    ['5', 'nmol'],
  ])('of %s %s has no micrograms', (value, unit) => {
    const so = ready(clonidine).and(
      given(day(20), { substance: 'morphine', dose: { value, unit }, purpose: 'test' }),
    );

    expect(titrationOf(so.study).doses[0]).toMatchObject({
      microgram: null,
      microgramPerKg: null,
    });
  });
});
