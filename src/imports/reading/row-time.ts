import { instantMs, isDate, localDay, utcInstant } from '../../study/instant.js';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import { DATE_FORMS, type Mapping, type When } from '../mapping/mapping.js';
import type { Book, Row } from './sheet.js';
import type { Found, SheetView } from './sheet-view.js';
import { instantIn } from './time-zone.js';

export interface RowTime {
  readonly instant: string;
  /** The date or the time of day is the mapping’s, not the file’s. */
  readonly isAssumed: boolean;
}

type DateForm = NonNullable<Mapping['dates']>[number];

export interface Calendar {
  readonly epoch: Book['epoch'];
  readonly dates: readonly DateForm[];
  readonly zone: string | undefined;
  readonly century?: number | undefined;
  readonly times?: Mapping['times'];
}

/** A date, and the time of day where there is one beside it. */
interface Moment {
  readonly date: string;
  readonly time: string | undefined;
}

const DAY = 86_400_000;

/** When the mapping says that a row happened. @throws ImportError */
export function readTime(when: When, view: SheetView, row: Row, calendar: Calendar): RowTime {
  if (when.instant) return asInstant(needed(view.find(when.instant, row), when.instant.column));
  const source = when.date ?? when.day;
  const found = needed(source && view.find(source, row), source?.column);
  const moment = when.day ? daysAfter(when.from ?? '', found) : dateAndTime(found, calendar);
  const typed = when.time && view.find(when.time, row);
  const time = typed ? timeOfDay(typed, moment, calendar) : moment.time;
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

function asInstant({ text, column, isAssumed }: Found): RowTime {
  if (instantMs(text) !== undefined) return { instant: text, isAssumed };
  throw new ImportError(
    'date-invalid',
    `“${printable(text)}” is no instant with its offset, such as 2026-03-02T09:15:00+01:00.`,
    { column },
  );
}

function daysAfter(from: string, { text, column }: Found): Moment {
  if (!/^-?\d{1,5}$/.test(text))
    throw new ImportError('date-invalid', `“${printable(text)}” is no whole number of days.`, { column });
  return { date: dateOfDay(localDay(from) + Number(text)), time: undefined };
}

/** A date alone, for fields that are dates. */
export function calendarDate(found: Found, calendar: Calendar): string {
  return dateAndTime(found, calendar).date;
}

function dateAndTime(found: Found, calendar: Calendar): Moment {
  const { epoch, dates } = calendar;
  const { text, kind, column } = found;
  if (kind === 'date' || (kind === 'number' && !dates.includes('YYYYMMDD'))) return ofSerial(found, epoch);
  if (dates.includes('excel-serial') && /^\d{5}(\.\d+)?$/.test(text))
    return ofSerial({ ...found, kind: 'number' }, epoch);
  const [, day = '', clock] = /^(\S+?)(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?$/.exec(text) ?? [];
  const readings = new Map<string, DateForm>();
  for (const form of dates) {
    const date = dateInForm(day, form, calendar.century);
    if (date !== undefined && !readings.has(date)) readings.set(date, form);
  }
  const [date, ...others] = readings.keys();
  if (others.length > 0) throw ambiguous(text, readings, column);
  if (date !== undefined) return { date, time: clock?.padStart(clock.length > 5 ? 8 : 5, '0') };
  throw new ImportError(
    'date-invalid',
    `“${printable(text)}” is no date written as ${dates.join(' or ')}.${dateHint(text)}`,
    { column },
  );
}

function ambiguous(text: string, readings: ReadonlyMap<string, DateForm>, column?: string): ImportError {
  const all = [...readings].map(([date, form]) => `${date} as ${form}`).join(', and ');
  return new ImportError(
    'date-ambiguous',
    `“${printable(text)}” is ${all}: name one form in “dates”, the one that the file is written in.`,
    { column },
  );
}

/** Other forms that a text could be in, with what it would be then. */
function dateHint(text: string): string {
  const [day = ''] = text.split(/[T ]/);
  const readings = DATE_FORMS.flatMap((form) => {
    const date = dateInForm(day, form, 2000);
    return date === undefined ? [] : [`${date} as ${form}`];
  });
  if (readings.length > 0) return ` It would be ${readings.join(', or ')}: say in “dates” which one it is.`;
  if (/^\d{5}$/.test(text)) return ' If it is a day number of a spreadsheet, add "excel-serial" to “dates”.';
  return ' Say in “dates” how the file writes them.';
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @param century the first year of the hundred that a year of two digits lies in */
export function dateInForm(text: string, form: DateForm, century = 2000): string | undefined {
  const order = form.replace(/[^YMD]/g, '').replace(/(.)\1+/g, '$1');
  const mark = /[^YMD]/.exec(form)?.[0];
  const parts = mark === undefined ? (/^(\d{4})(\d\d)(\d\d)$/.exec(text)?.slice(1) ?? []) : text.split(mark);
  if (parts.length !== 3) return undefined;
  const [year = '', named = '', day = ''] = ['Y', 'M', 'D'].map((part) => parts[order.indexOf(part)] ?? '');
  const month = form.includes('MMM') ? String(MONTHS.indexOf(named.toLowerCase()) + 1) : named;
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month)) return undefined;
  if (!(form.includes('YYYY') ? /^\d{4}$/ : /^\d{2}$/).test(year)) return undefined;
  const full = form.includes('YYYY') ? Number(year) : century + Number(year);
  if (!isDate(full, Number(month), Number(day))) return undefined;
  return `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Days since the epoch of the file, as spreadsheets store dates; the fraction is the time of day. */
function ofSerial({ text, kind, column }: Found, epoch: Book['epoch']): Moment {
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

/** The time of day in a cell beside the date of its row, which it must not contradict. */
function timeOfDay(found: Found, moment: Moment, { epoch, times = [] }: Calendar): string {
  const { text, kind, column } = found;
  const isSerial = kind === 'date' || kind === 'number';
  const time = isSerial ? timeOfSerial(found, moment, epoch) : timeOfText(text, times);
  if (time === undefined) {
    const hint = /[ap]m$/i.test(text) ? ': say "times": ["h:mm A"] in the mapping' : ', such as 9:15';
    throw new ImportError('date-invalid', `“${printable(text)}” is no time of day${hint}.`, { column });
  }
  // Midnight beside a date is how programs write a date alone.
  const other = moment.time?.replace(/^00:00(:00)?$/, '');
  if (other && other.padEnd(8, ':00') !== time.padEnd(8, ':00'))
    throw new ImportError('time-contradicts', `The time is ${time} here, and ${other} beside the date.`, {
      column,
    });
  return time;
}

function timeOfSerial(found: Found, moment: Moment, epoch: Book['epoch']): string {
  const { text, column } = found;
  const serial = Number(text);
  if (serial >= 0 && serial < 1) return clockOf(Math.round(serial * 86_400) % 86_400);
  if (found.kind === 'number')
    throw new ImportError(
      'date-invalid',
      `The number ${text} is no time of day: type it as text, such as 9:15.`,
      {
        column,
      },
    );
  const { date, time } = ofSerial(found, epoch);
  if (time === undefined)
    throw new ImportError('time-is-date', `The cell holds the date ${date}, and no time of day.`, { column });
  if (date !== moment.date)
    throw new ImportError(
      'time-contradicts',
      `The cell holds ${date} ${time}, and the row is of ${moment.date}.`,
      {
        column,
      },
    );
  return time;
}

function timeOfText(text: string, times: NonNullable<Mapping['times']>): string | undefined {
  const [, hour = '', minute, second, half] =
    /^(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?:\s*([ap])\.?m\.?)?$/i.exec(text) ?? [];
  if (minute === undefined || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  if (half === undefined ? Number(hour) > 23 : !times.includes('h:mm A')) return undefined;
  if (half !== undefined && !(Number(hour) >= 1 && Number(hour) <= 12)) return undefined;
  const full =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return `${String(full).padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`;
}

function clockOf(seconds: number): string {
  return utcInstant(seconds * 1000).slice(11, 19);
}

function dateOfDay(day: number): string {
  return utcInstant(day * DAY).slice(0, 10);
}
