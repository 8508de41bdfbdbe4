import fc from 'fast-check';
import { doseVolumeOf, isVolumeOff } from '../../../src/study/rules/dose-volume.js';
import { followDose, settleDose, type Stated } from '../../../src/study/rules/follow-dose.js';
import { baseValue, micrograms, type Quantity } from '../../../src/study/units.js';
import { runs } from '../../support/effort.js';

const q = (text: string): Quantity => {
  const [value = '', unit = ''] = text.split(' ');
  return { value, unit };
};
const stated = (texts: Partial<Record<keyof Stated, string>>): Stated =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, q(text)]));
const said = ({ value, unit }: Quantity): string => `${value} ${unit}`;

const quantityOf = (units: readonly string[], most: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 0, max: 3 }), fc.constantFrom(...units))
    .map(([digits, places, unit]): Quantity => ({ value: (digits / 10 ** places).toFixed(places), unit }));
const weight = quantityOf(['g', 'kg'], 99_999);
const amount = quantityOf(['ug', 'mg'], 9999);
const concentration = quantityOf(['mg/mL', 'ug/uL', 'ug/mL'], 9999);

describe('a dose three ways', () => {
  it('follows from an amount: per body weight and, in the volume of the protocol, the concentration', () => {
    const { followed, mismatch } = followDose(
      stated({ amount: '30 ug', weight: '312.5 g', volume: '10 uL' }),
    );
    expect(followed.perWeight).toEqual({
      value: '96',
      unit: 'ug/kg',
      isExact: true,
      arithmetic: '30 µg ÷ 312.5 g',
    });
    expect(followed.concentration).toEqual({
      value: '3',
      unit: 'mg/mL',
      isExact: true,
      arithmetic: '30 µg ÷ 10 µL',
    });
    expect(followed.volume).toBeUndefined();
    expect(mismatch).toBeUndefined();
  });

  it('follows from a dose per body weight: the amount, and the volume at a concentration', () => {
    const { followed } = followDose(
      stated({ perWeight: '3 mg/kg', weight: '312.5 g', concentration: '3.2 mg/mL' }),
      { amount: 'mg', volume: 'mL' },
    );
    expect(said(followed.amount!)).toBe('0.938 mg');
    expect(followed.amount).toMatchObject({ isExact: false, arithmetic: '3 mg/kg × 312.5 g' });
    // Rounded once: 0.9375 mg, not 0.938 mg, are drawn up.
    expect(said(followed.volume!)).toBe('0.293 mL');
  });

  it('follows from a volume at a concentration', () => {
    const { followed } = followDose(stated({ volume: '15 uL', concentration: '2 mg/mL', weight: '300 g' }));
    expect(said(followed.amount!)).toBe('30 ug');
    expect(said(followed.perWeight!)).toBe('100 ug/kg');
  });

  it('has no noise of binary arithmetic', () => {
    expect(said(followDose(stated({ volume: '0.3 uL', concentration: '0.1 mg/mL' })).followed.amount!)).toBe(
      '0.03 ug',
    );
    expect(said(followDose(stated({ volume: '0.2 uL', concentration: '0.1 mg/mL' })).followed.amount!)).toBe(
      '0.02 ug',
    );
  });

  it('follows in amounts of substance and international units as well', () => {
    const { followed } = followDose(stated({ amount: '5 nmol', weight: '250 g', volume: '10 uL' }));
    expect([followed.perWeight, followed.concentration].map((one) => said(one!))).toEqual([
      '20 nmol/kg',
      '500 nmol/mL',
    ]);
    expect(
      said(
        followDose(stated({ perWeight: '100 [iU]/kg', weight: '0.25 kg', concentration: '50 [iU]/mL' }))
          .followed.volume!,
      ),
    ).toBe('500 uL');
  });

  it.each<Partial<Record<keyof Stated, string>>>([
    {},
    { amount: '0.9 %' },
    { amount: '30 ug', concentration: '5 nmol/mL' },
    { amount: '0 ug', weight: '300 g' },
    { perWeight: '3 mg/kg' },
    { volume: '10 uL' },
  ])('does not follow from %j', (texts) => {
    expect(followDose(stated(texts))).toEqual({ followed: {} });
  });

  it('says what the volume holds where dose, volume and concentration do not fit together', () => {
    const { mismatch } = followDose(stated({ amount: '30 ug', volume: '15 uL', concentration: '3 mg/mL' }));
    expect(mismatch).toMatchObject({
      stated: '30 µg',
      held: { value: '45', unit: 'ug', arithmetic: '3 mg/mL × 15 µL' },
    });
    expect(
      followDose(stated({ amount: '30 ug', volume: '9.9 uL', concentration: '3 mg/mL' })).mismatch,
    ).toBeUndefined();
  });

  it('is said to be off exactly where the record would be flagged', () => {
    const volume = quantityOf(['uL', 'mL'], 999);
    fc.assert(
      fc.property(amount, volume, concentration, (dose, drawn, strength) => {
        const data = { dose, volume: drawn, concentration: strength };
        const isFlagged = isVolumeOff(doseVolumeOf(data)!, micrograms(dose));
        const { mismatch } = followDose({ amount: dose, volume: drawn, concentration: strength });
        expect(mismatch !== undefined).toBe(isFlagged);
      }),
      runs(500),
    );
  });

  it('comes back: what follows from a dose, stated instead of it, gives that dose again', () => {
    fc.assert(
      fc.property(amount, weight, concentration, (dose, animal, strength) => {
        const there = followDose(
          { amount: dose, weight: animal, concentration: strength },
          { amount: dose.unit },
        ).followed;
        const { perWeight, volume } = there;
        const back = followDose({ perWeight: perWeight!, weight: animal }, { amount: dose.unit }).followed
          .amount!;
        const held = followDose({ volume: volume!, concentration: strength }, { amount: dose.unit }).followed
          .amount!;
        for (const [one, isExact] of [
          [back, perWeight!.isExact],
          [held, volume!.isExact],
        ] as const)
          expect(Math.abs(baseValue(one) / baseValue(dose) - 1)).toBeLessThan(isExact ? 0.0051 : 0.0111);
        // What follows is never called a mismatch.
        expect(
          followDose({ amount: dose, volume: volume!, concentration: strength }).mismatch,
        ).toBeUndefined();
      }),
      runs(500),
    );
  });

  it('is the same in whatever units it is stated', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: 1, max: 9_999 }),
        (nanograms, tenths) => {
          const grams = (tenths / 10).toFixed(1);
          const one = followDose({
            amount: { value: (nanograms / 1000).toFixed(3), unit: 'ug' },
            weight: { value: grams, unit: 'g' },
          });
          const other = followDose({
            amount: { value: (nanograms / 1e6).toFixed(6), unit: 'mg' },
            weight: { value: (tenths / 10_000).toFixed(4), unit: 'kg' },
          });
          expect(other.followed.perWeight!.value).toBe(one.followed.perWeight!.value);
        },
      ),
      runs(300),
    );
  });
});

describe('what is proposed and what was typed', () => {
  const proposed = stated({ amount: '30 ug', volume: '10 uL', weight: '312.5 g' });

  it('leaves the volume to follow where the concentration was typed', () => {
    const settled = settleDose(proposed, stated({ concentration: '2 mg/mL' }));
    expect(settled).toEqual(stated({ amount: '30 ug', weight: '312.5 g', concentration: '2 mg/mL' }));
    expect(said(followDose(settled).followed.volume!)).toBe('15 uL');
  });

  it('leaves the dose to follow where volume and concentration were typed', () => {
    const settled = settleDose(proposed, stated({ concentration: '2 mg/mL', volume: '10 uL' }));
    expect(said(followDose(settled).followed.amount!)).toBe('20 ug');
  });

  it('keeps all that was typed to the letter, although it does not fit together', () => {
    const typed = stated({ amount: '30.0 ug', concentration: '2 mg/mL', volume: '10 uL' });
    expect(settleDose(proposed, typed)).toEqual({ ...typed, weight: q('312.5 g') });
    expect(followDose(settleDose(proposed, typed)).mismatch?.stated).toBe('30.0 µg');
  });

  it('takes a dose typed per body weight for one proposed as an amount', () => {
    const settled = settleDose(proposed, stated({ perWeight: '100 ug/kg' }));
    expect(settled.amount).toBeUndefined();
    expect(said(followDose(settled).followed.amount!)).toBe('31.3 ug');
  });

  it('lets a proposed concentration give way first', () => {
    expect(settleDose({ ...proposed, concentration: q('3 mg/mL') }, {})).toEqual(proposed);
  });
});
