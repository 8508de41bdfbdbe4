import fc from 'fast-check';
import type { Found } from '../../src/imports/reading/sheet-view.js';
import { ImportError } from '../../src/imports/import-error.js';
import {
  decimal,
  integer,
  placesBetween,
  plainText,
  shifted,
  yesOrNo,
} from '../../src/imports/reading/cell-values.js';
import { calendarDate, type Calendar } from '../../src/imports/reading/row-time.js';
import { instantIn, isZone } from '../../src/imports/reading/time-zone.js';
import { inZone } from '../../src/recording/time-zone.js';
import { instantMs } from '../../src/study/instant.js';
import { runs } from '../support/effort.js';

const found = (text: string, kind: Found['kind'] = 'text'): Found => ({
  text,
  kind,
  isAssumed: false,
  column: 'X',
});
const code = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof ImportError ? error.code : String(error);
  }
};
const calendar = (dates: Calendar['dates'], epoch: Calendar['epoch'] = 1900): Calendar => ({
  dates,
  epoch,
  zone: undefined,
});

describe('the clock of the laboratory', () => {
  it.each([
    ['Europe/Zurich', '2026-11-02T08:00', '2026-11-02T08:00:00+01:00'],
    ['Europe/Zurich', '2026-07-02T08:00:30', '2026-07-02T08:00:30+02:00'],
    ['UTC', '2026-11-02T08:00', '2026-11-02T08:00:00Z'],
    // As a browser sends 08:00:30.810.
    ['Europe/Zurich', '2026-11-02T08:00:30.81', '2026-11-02T08:00:30.810+01:00'],
    ['America/New_York', '2026-11-02T08:00', '2026-11-02T08:00:00-05:00'],
    // No instant is guessed where summer time begins or ends: what comes back is refused, and says why.
    ['Europe/Zurich', '2026-10-25T02:30', '2026-10-25T02:30 (+02:00 or +01:00?)'],
    ['Europe/London', '2026-10-25T01:30', '2026-10-25T01:30 (+01:00 or Z?)'],
    ['Europe/Zurich', '2026-03-29T02:30', '2026-03-29T02:30 (skipped by the clocks)'],
    ['Europe/Zurich', '2026-03-29T03:00', '2026-03-29T03:00:00+02:00'],
    ['Europe/Zurich', '2026-10-25T03:00', '2026-10-25T03:00:00+01:00'],
    ['Europe/Zurich', 'noon', 'noon'],
  ])('in %s shows %s at %s', (zone, local, instant) => {
    expect(inZone(zone)(local)).toBe(instant);
  });
});

describe('a number', () => {
  it.each([
    ['243,70', ',', '243.70'],
    ['243.70', '.', '243.70'],
    ['007', '.', '7'],
    [',5', ',', '0.5'],
    ['-1', '.', '-1'],
    ['243,70', '.', 'number-invalid'],
    ['1.234,5', ',', 'number-invalid'],
    ['243.70', ',', 'number-invalid'],
    ['12 g', '.', 'number-invalid'],
    ['', '.', 'number-invalid'],
    ['1e3', '.', 'number-invalid'],
  ] as const)('%s with the decimal mark %s is %s', (text, mark, expected) => {
    expect(code(() => decimal(found(text), { decimal: mark }))).toBe(expected);
  });

  it('of a spreadsheet’s own file has no mark of a place', () => {
    expect(decimal(found('243.7', 'number'), { decimal: ',' })).toBe('243.7');
  });

  it('that the spreadsheet took for a date is refused', () => {
    expect(code(() => decimal(found('45321', 'date'), {}))).toBe('cell-is-date');
    expect(code(() => plainText(found('45321', 'date')))).toBe('cell-is-date');
  });

  it('is whole where it has to be', () => {
    expect(integer(found('15.0'), {})).toBe(15);
    expect(code(() => integer(found('15.5'), {}))).toBe('number-invalid');
    expect([yesOrNo(found('Yes')), yesOrNo(found('0', 'number'))]).toEqual([true, false]);
    expect(code(() => yesOrNo(found('perhaps')))).toBe('cell-unexpected');
  });

  it('keeps its value in another unit, and comes back digit by digit', () => {
    const digits = fc
      .tuple(fc.integer({ min: 1, max: 99_999 }), fc.stringMatching(/^\d{0,4}$/))
      .map(([whole, fraction]) => (fraction === '' ? String(whole) : `${whole}.${fraction}`));
    fc.assert(
      fc.property(digits, fc.integer({ min: -9, max: 9 }), (text, places) => {
        expect(Number(shifted(text, places))).toBeCloseTo(
          Number(text) * 10 ** places,
          9 - Math.max(0, places),
        );
        if (places <= 0) expect(shifted(shifted(text, places), -places)).toBe(text);
      }),
      runs(100),
    );
    expect([shifted('0.0100', 3), shifted('12.5', -3), shifted('12.5', 3)]).toEqual([
      '10.0',
      '0.0125',
      '12500',
    ]);
    expect([placesBetween('ug', 'mg'), placesBetween('kg', 'g')]).toEqual([-3, 3]);
    expect(code(() => placesBetween('g', 'mL'))).toBe('mapping-unit');
  });
});

describe('a date', () => {
  it.each([
    ['2.3.2026', ['DD.MM.YYYY'], '2026-03-02'],
    ['02/03/2026', ['DD/MM/YYYY'], '2026-03-02'],
    ['02/03/2026', ['MM/DD/YYYY'], '2026-02-03'],
    ['20260302', ['YYYYMMDD'], '2026-03-02'],
    ['2026-03-02 09:15', ['YYYY-MM-DD'], '2026-03-02'],
    ['2.3.26', ['DD.MM.YYYY'], 'date-invalid'],
    ['30.2.2026', ['DD.MM.YYYY'], 'date-invalid'],
    ['2026-03-02', ['DD.MM.YYYY'], 'date-invalid'],
    ['yesterday', ['YYYY-MM-DD'], 'date-invalid'],
  ] as const)('%s written as %j is %s', (text, dates, expected) => {
    expect(code(() => calendarDate(found(text), calendar(dates)))).toBe(expected);
  });

  // Known serials: 25569 is 1970-01-01 of the epoch of 1900, and 1462 days less that of 1904.
  it.each([
    ['25569', 1900, '1970-01-01'],
    ['24107', 1904, '1970-01-01'],
    ['46083', 1900, '2026-03-02'],
    ['61', 1900, '1900-03-01'],
    ['60', 1900, 'date-invalid'],
    ['0', 1904, '1904-01-01'],
    ['46083.9999999', 1900, '2026-03-03'],
    ['-1', 1904, 'date-invalid'],
    ['1e9', 1900, 'date-invalid'],
  ] as const)('serial %s of the epoch of %i is %s', (serial, epoch, expected) => {
    expect(code(() => calendarDate(found(serial, 'date'), calendar(['YYYY-MM-DD'], epoch)))).toBe(expected);
  });

  it('is not what a plain number happens to be', () => {
    expect(code(() => calendarDate(found('12', 'number'), calendar(['YYYY-MM-DD'])))).toBe('date-invalid');
  });
});

describe('the clock of a place', () => {
  it('changes with the seasons', () => {
    expect(instantIn('Europe/Amsterdam', '2026-01-15T09:00:00')).toBe('2026-01-15T09:00:00+01:00');
    expect(instantIn('Europe/Amsterdam', '2026-07-15T09:00:00')).toBe('2026-07-15T09:00:00+02:00');
    expect(instantIn('Europe/London', '2026-01-15T09:00:00')).toBe('2026-01-15T09:00:00Z');
    expect(instantIn('America/St_Johns', '2026-01-15T09:00:00')).toBe('2026-01-15T09:00:00-03:30');
    expect(instantIn('+05:30', '2026-01-15T09:00:00')).toBe('2026-01-15T09:00:00+05:30');
  });

  it('shows an hour twice, of which the first is taken, and an hour never, which is refused', () => {
    expect(instantIn('Europe/Amsterdam', '2026-10-25T02:30:00')).toBe('2026-10-25T02:30:00+02:00');
    expect(code(() => instantIn('Europe/Amsterdam', '2026-03-29T02:30:00'))).toBe('time-skipped');
  });

  it('agrees with the calendar of the platform at any other time', () => {
    const zones = fc.constantFrom('Europe/Amsterdam', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney');
    fc.assert(
      fc.property(zones, fc.integer({ min: 1_400_000_000, max: 1_900_000_000 }), (zone, seconds) => {
        const local = new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T');
        const ms = instantMs(instantIn(zone, local))!;
        // The second of two equal hours is read as the first.
        expect([0, 3_600_000]).toContain(seconds * 1000 - ms);
      }),
      runs(100),
    );
  });

  it('is told from what is none', () => {
    expect(['Europe/Amsterdam', 'UTC', 'Z', '-03:30'].map(isZone)).toEqual([true, true, true, true]);
    expect(['-00:00', 'Mars/Olympus', '__proto__', '+1', ''].map(isZone)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
