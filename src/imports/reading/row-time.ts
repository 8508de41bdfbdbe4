import { instantMs, isDate, localDay, utcInstant } from '../../study/instant.js';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import type { Mapping, When } from '../mapping/mapping.js';
import type { Book, Row } from './sheet.js';
import type { Found, SheetView } from './sheet-view.js';
import { instantIn } from './time-zone.js';

export interface Happened {
  readonly instant: string;
  /** The date or the time of day is the mapping’s, not the file’s. */
  readonly isAssumed: boolean;
}

export interface Calendar {
  readonly epoch: Book['epoch'];
  readonly dates: readonly NonNullable<Mapping['dates']>[number][];
  readonly zone: string | undefined;
}

const DAY = 86_400_000;

/** When the mapping says that a row happened. @throws ImportError */
export function happened(when: When, view: SheetView, row: Row, calendar: Calendar): Happened {
  if (when.instant) return asInstant(needed(view.find(when.instant, row), when.instant.column));
  const source = when.date ?? when.day;
  const found = needed(source && view.find(source, row), source?.column);
  const moment = when.day ? daysAfter(when.from ?? '', found) : dateAndTime(found, calendar);
  const typed = when.time && view.find(when.time, row);
  const time = (typed && timeOfDay(typed, calendar)) ?? moment.time;
  const clock = time ?? when.assume;
  if (clock === undefined) {
    throw new ImportError(
      'time-missing',
      'There is no time of day: name its column in “time”, or say in “assume” which to take.',
      { column: found.column },
    );
  }
  if (calendar.zone === undefined) {
    throw new ImportError(
      'mapping-zone',
      'Times without an offset need the mapping’s “zone”, such as Europe/Amsterdam.',
    );
  }
  const local = `${moment.date}T${clock.length === 5 ? `${clock}:00` : clock}`;
  const isAssumed =
    found.isAssumed || when.day !== undefined || time === undefined || typed?.isAssumed === true;
  return { instant: instantIn(calendar.zone, local), isAssumed };
}

function needed(found: Found | undefined, column: string | undefined): Found {
  if (found) return found;
  throw new ImportError('date-missing', 'There is no date: when it happened belongs to every observation.', {
    column,
  });
}

function asInstant({ text, column, isAssumed }: Found): Happened {
  if (instantMs(text) !== undefined) return { instant: text, isAssumed };
  throw new ImportError(
    'date-invalid',
    `“${printable(text)}” is no instant with its offset, such as 2026-03-02T09:15:00+01:00.`,
    { column },
  );
}

function daysAfter(from: string, { text, column }: Found): { date: string; time?: undefined } {
  if (!/^-?\d{1,5}$/.test(text))
    throw new ImportError('date-invalid', `“${printable(text)}” is no whole number of days.`, { column });
  return { date: dateOfDay(localDay(from) + Number(text)) };
}

/** A date alone, for fields that are dates. */
export function calendarDate(found: Found, calendar: Calendar): string {
  return dateAndTime(found, calendar).date;
}

function dateAndTime(found: Found, { epoch, dates }: Calendar): { date: string; time: string | undefined } {
  const { text, kind, column } = found;
  if (kind === 'date' || (kind === 'number' && !dates.includes('YYYYMMDD'))) return ofSerial(found, epoch);
  const [, day = '', clock] = /^(\S+?)(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?$/.exec(text) ?? [];
  for (const format of dates) {
    const date = inFormat(day, format);
    if (date !== undefined) return { date, time: clock?.padStart(clock.length > 5 ? 8 : 5, '0') };
  }
  throw new ImportError(
    'date-invalid',
    `“${printable(text)}” is no date as ${dates.join(' or ')}: say in “dates” how the file writes them.`,
    { column },
  );
}

function inFormat(text: string, format: Calendar['dates'][number]): string | undefined {
  const order = format.replace(/[^YMD]/g, '').replace(/(.)\1+/g, '$1');
  const mark = /[^YMD]/.exec(format)?.[0];
  const parts = mark === undefined ? (/^(\d{4})(\d\d)(\d\d)$/.exec(text)?.slice(1) ?? []) : text.split(mark);
  if (parts.length !== 3 || parts.some((part) => !/^\d{1,4}$/.test(part))) return undefined;
  const [year = '', month = '', day = ''] = ['Y', 'M', 'D'].map((part) => parts[order.indexOf(part)] ?? '');
  if (year.length !== 4 || month.length > 2 || day.length > 2) return undefined;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Days since the epoch of the file, as spreadsheets store dates; the fraction is the time of day. */
function ofSerial(
  { text, kind, column }: Found,
  epoch: Book['epoch'],
): { date: string; time: string | undefined } {
  const serial = Number(text);
  const seconds = Math.round((serial % 1) * 86_400);
  const days = Math.floor(serial) + (seconds === 86_400 ? 1 : 0);
  // The epoch of 1900 counts a 29 February that never was; nobody did this experiment before it.
  const least = epoch === 1900 ? 61 : 0;
  if (!(serial >= least && serial < 2_958_466)) {
    throw new ImportError('date-invalid', `“${printable(text)}” is no date.`, { column });
  }
  const first = epoch === 1900 ? localDay('1899-12-30') : localDay('1904-01-01');
  const date = dateOfDay(first + days);
  if (kind === 'number' && (date < '1980-01-01' || date > '2100-01-01')) {
    throw new ImportError('date-invalid', `The number ${printable(text)} would be ${date}, and is no date.`, {
      column,
    });
  }
  return { date, time: serial % 1 === 0 ? undefined : clockOf(seconds % 86_400) };
}

function timeOfDay(found: Found, { epoch }: Calendar): string {
  const { text, kind, column } = found;
  if (kind === 'date' || kind === 'number') {
    const serial = Number(text);
    if (serial >= 0 && serial < 1) return clockOf(Math.round(serial * 86_400) % 86_400);
    return ofSerial(found, epoch).time ?? '00:00';
  }
  const [, hour, minute, second] = /^(\d{1,2})[:.h](\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59)
    throw new ImportError('date-invalid', `“${printable(text)}” is no time of day such as 9:15.`, { column });
  return `${hour.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`;
}

function clockOf(seconds: number): string {
  return utcInstant(seconds * 1000).slice(11, 19);
}

function dateOfDay(day: number): string {
  return utcInstant(day * DAY).slice(0, 10);
}
