import fc from 'fast-check';
import {
  instantMs,
  isDate,
  localDay,
  localInstant,
  minutesBetween,
  printInstant,
  utcInstant,
} from '../../src/study/instant.js';
import { runs } from '../support/effort.js';

const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const ms = fc.integer({ min: FIRST, max: LAST });
const two = (n: number) => String(n).padStart(2, '0');

/** Minutes of offset, −23:59 to +23:59, as written; never −00:00. */
const offset = fc.integer({ min: -1439, max: 1439 }).map((minutes) => ({
  minutes,
  text: `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`,
}));

describe('an instant', () => {
  it('in UTC is written as Date writes it, and read back', () => {
    fc.assert(
      fc.property(ms, (at) => {
        const text = utcInstant(at);
        expect(text).toBe(new Date(at).toISOString());
        expect(instantMs(text)).toBe(at);
        expect(localDay(text)).toBe(Math.floor(at / 86_400_000));
      }),
      runs(3000),
    );
  });

  it('as a clock on the wall shows it is the same instant, on the day on the wall', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST - 86_400_000 }), offset, (at, { minutes, text: zone }) => {
        const text = localInstant(at, minutes);
        expect(text.endsWith(minutes === 0 ? 'Z' : zone)).toBe(true);
        expect(instantMs(text)).toBe(at);
        expect(localDay(text)).toBe(Math.floor((at + minutes * 60_000) / 86_400_000));
      }),
      runs(100),
    );
  });

  it('with an offset is read as Date reads it, with or without milliseconds', () => {
    fc.assert(
      fc.property(ms, offset, fc.boolean(), (at, { text: zone }, fraction) => {
        const text = new Date(at).toISOString().slice(0, fraction ? 23 : 19) + zone;
        expect(instantMs(text)).toBe(Date.parse(text));
      }),
      runs(3000),
    );
  });

  it('is on the day that the person who wrote it saw', () => {
    expect(localDay('2026-03-02T00:30:00+01:00') - localDay('2026-03-01T23:30:00Z')).toBe(1);
    expect(instantMs('2026-03-02T00:30:00+01:00')).toBe(instantMs('2026-03-01T23:30:00Z'));
  });

  it.each([
    '2026-03-02T10:00:60Z',
    '2026-03-02T10:60:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T10:00:00-00:00',
    '2026-03-02T10:00:00+24:00',
    '2026-03-02T10:00:00+01:60',
    '2026-03-02T10:00:00+0100',
    '2026-03-02T10:00:00+01',
    '2026-03-02t10:00:00Z',
    '2026-03-02T10:00:00z',
    '2026-03-02 10:00:00Z',
    '2026-03-02T10:00:00',
    '2026-03-02T10:00Z',
    '2026-03-02T10:00:00.1Z',
    '2026-03-02T10:00:00.1234Z',
    '2026-03-02T10:00:00,123Z',
    '2026-02-29T10:00:00Z',
    '2100-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-13-10T10:00:00Z',
    '2026-03-00T10:00:00Z',
    '20260302T100000Z',
    '+12026-03-02T10:00:00Z',
    ' 2026-03-02T10:00:00Z',
    '2026-03-02T10:00:00Z\n',
    '２０２６-03-02T10:00:00Z',
    '',
  ])('is not %j', (text) => {
    expect(instantMs(text)).toBeUndefined();
  });

  it.each([
    '2024-02-29T10:00:00Z',
    '2000-02-29T10:00:00Z',
    '2026-03-02T10:00:00+00:00',
    '2026-12-31T23:59:59.999-12:00',
  ])('is %s', (text) => {
    expect(instantMs(text)).toBe(Date.parse(text));
  });

  it('is of no other text, and reading is total', () => {
    const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/;
    const near = fc
      .tuple(ms, fc.nat(24), fc.string({ unit: 'binary', maxLength: 2 }))
      .map(
        ([at, place, odd]) =>
          new Date(at).toISOString().slice(0, place) + odd + new Date(at).toISOString().slice(place + 1),
      );
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
        const at = instantMs(text);
        if (at === undefined) return;
        expect(text).toMatch(form);
        expect(at).toBe(Date.parse(text));
      }),
      runs(3000),
    );
  });

  it('has dates as the calendar has them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const date = new Date(0);
          date.setUTCFullYear(year, month - 1, day);
          expect(isDate(year, month, day)).toBe(
            date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0,
          );
        },
      ),
      runs(3000),
    );
  });

  it('is minutes from another', () => {
    expect(minutesBetween(0, 90_000)).toBe(1.5);
  });

  it.each([
    ['2026-03-18T10:05:00.000Z', '2026-03-18 10:05 +00:00'],
    ['2026-03-27T08:50:00+01:00', '2026-03-27 08:50 +01:00'],
    ['2026-03-27T23:50:23.120-03:30', '2026-03-27 23:50 -03:30'],
  ])('is printed in one form, with its own offset: %s', (instant, text) => {
    expect(printInstant(instant)).toBe(text);
  });
});
