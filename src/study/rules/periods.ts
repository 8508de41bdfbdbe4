import { minutesBetween } from '../instant.js';
import type { Protocols, Fact } from '../study.js';
import { settingOf } from './planned.js';

type Session = Fact<'SCSApplied'>;

/** A period of a cross-over: stimulations in a row by one setting. */
export interface Period {
  readonly setting: string | undefined;
  readonly sessions: readonly Session[];
  /** From the last stimulation of the period before to the first of this one; null for the first period. */
  readonly washoutHours: number | null;
}

/** The periods of an animal. @param sessions in the order in which they were given. */
export function periodsOf(sessions: Iterable<Session>, protocols: Protocols): Period[] {
  const periods: { setting: string | undefined; sessions: Session[]; washoutHours: number | null }[] = [];
  for (const session of sessions) {
    const setting = settingOf(session, protocols.of(session))?.id ?? session.data.setting;
    const period = periods.at(-1);
    const before = period?.sessions.at(-1);
    if (period && period.setting === setting) period.sessions.push(session);
    else {
      const washoutHours = before ? minutesBetween(before.at, session.at) / 60 : null;
      periods.push({ setting, sessions: [session], washoutHours });
    }
  }
  return periods;
}
