import { localDay } from '../../study/instant.js';
import type { StoredStudyRecord } from '../../study/record.js';

/** What an inspector asks of the records of a study first. */
export interface Question {
  /** As it stands in an address. */
  readonly name: string;
  readonly asks: string;
  /** What counts, where the question does not say. */
  readonly meaning: string;
  readonly concerns: (
    stored: StoredStudyRecord,
    flags: readonly string[],
    /** Numbers of the records that wait for a signature. */
    unsigned: ReadonlySet<number>,
  ) => boolean;
}

/** Local hours between which work at an animal is expected on a weekday. */
const [FIRST_HOUR, LAST_HOUR] = [6, 20];

export const QUESTIONS: readonly Question[] = [
  {
    name: 'corrected',
    asks: 'What was corrected or withdrawn, and why?',
    meaning: 'Both records stay; the later one names the earlier one and gives a reason.',
    concerns: ({ record: { type } }) => type === 'RecordCorrected' || type === 'RecordVoided',
  },
  {
    name: 'late',
    asks: 'What was written late?',
    meaning: 'Entered later than the protocol allows.',
    concerns: (_, flags) => flags.includes('late'),
  },
  {
    name: 'delayed',
    asks: 'What was entered without a connection?',
    meaning:
      'Kept in the browser until it could be sent, or discarded there; the record says when it was entered.',
    concerns: ({ record: { type } }, flags) => flags.includes('delayed-entry') || type === 'EntryDiscarded',
  },
  {
    name: 'deviations',
    asks: 'Which deviations from the protocol were there?',
    meaning: 'What was done departs from the protocol. The study director assesses it.',
    concerns: (_, flags) => flags.includes('deviation'),
  },
  {
    name: 'out-of-hours',
    asks: 'What was done out of hours?',
    meaning: `Before ${FIRST_HOUR}:00, from ${LAST_HOUR}:00 on, or at a weekend, by the local time that was entered.`,
    concerns: ({ record: { time } }) => isOutOfHours(time),
  },
  {
    name: 'implausible',
    asks: 'Which values were implausible?',
    meaning: 'Outside what the protocol expects of such an animal, and confirmed by who entered it.',
    concerns: (_, flags) => flags.includes('implausible'),
  },
  {
    name: 'queries',
    asks: 'What looked like a mistake, and was intended?',
    meaning:
      'Recorded before, in conflict with another record, or named like another animal; a reason is given.',
    concerns: (_, flags) => flags.includes('query'),
  },
  {
    name: 'unsigned',
    asks: 'What waits for a signature?',
    meaning: 'Recorded, and not signed yet by whoever has to sign it.',
    concerns: ({ number }, _, unsigned) => unsigned.has(number),
  },
];

function isOutOfHours(time: string): boolean {
  const hour = Number(time.slice(11, 13));
  // 1970-01-01 was a Thursday: days 2 and 3 of each week of seven are Saturday and Sunday.
  const weekday = ((localDay(time) % 7) + 7) % 7;
  return hour < FIRST_HOUR || hour >= LAST_HOUR || weekday === 2 || weekday === 3;
}
