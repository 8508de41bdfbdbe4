import type { Meaning } from '../../src/study/signatures/statement.js';
import { dayOf, moment, weekday } from './calendar.js';
import { takesWitness } from './direction.js';
import {
  DIRECTOR,
  MANAGEMENT,
  QUALITY,
  STATISTICIAN,
  TECHNICIANS,
  VETERINARIAN,
  minutesAfter,
  type Laboratory,
} from './laboratory.js';
import type { Entry, Person } from './script.js';

/** Who signs what in the simulated study, and when. */

interface Signing {
  readonly by: Person;
  readonly meaning: Meaning;
}

/** Signed some minutes after it was recorded, by whoever has to. */
const AT_ONCE: Readonly<Record<string, Signing>> = {
  ApproveProtocol: { by: DIRECTOR, meaning: 'approved' },
  AmendProtocol: { by: DIRECTOR, meaning: 'approved' },
  AcknowledgeDeviation: { by: DIRECTOR, meaning: 'acknowledged' },
  ReviewTrail: { by: STATISTICIAN, meaning: 'reviewed' },
  RecordInspection: { by: QUALITY, meaning: 'inspected' },
  CloseStudy: { by: DIRECTOR, meaning: 'closed' },
  ArchiveStudy: { by: MANAGEMENT, meaning: 'archived' },
};
const MINUTES = 8;

/** Signed together at the end of the day by whoever entered it. */
const IN_THE_EVENING: Readonly<Record<string, Meaning>> = {
  LigateNerve: 'performed',
  ImplantElectrode: 'performed',
  ImplantCatheter: 'performed',
  WitnessRecord: 'witnessed',
  AssessSeverity: 'authored',
};
const EVENING = '17:05';

const THURSDAY = 3;

/** Signs, and has witnessed, whatever is entered from now on. */
export function planSignatures(lab: Laboratory): void {
  const evenings = new Map<string, number[]>();
  const inTheEvening = (by: Person, meaning: Meaning, record: number): void => {
    const day = dayOf(lab.now);
    const key = `${by.actor} ${meaning} ${day}`;
    const before = evenings.get(key);
    if (before) return void before.push(record);
    const records = [record];
    evenings.set(key, records);
    lab.plan(moment(day, EVENING), () => sign(lab, { by, meaning }, records));
  };
  lab.watch((entry, record) => {
    const { command, by } = entry;
    const due = AT_ONCE[command] ?? approvalOf(entry);
    if (due) lab.plan(minutesAfter(lab.now, MINUTES), () => sign(lab, due, [record]));
    const meaning = IN_THE_EVENING[command] ?? weeklyWeighing(lab, entry);
    if (meaning) inTheEvening(by, meaning, record);
    if (takesWitness(command)) planWitness(lab, by, record);
  });
}

function sign(lab: Laboratory, { by, meaning }: Signing, records: readonly number[]): void {
  lab.enter({ command: 'SignRecords', by, data: { meaning, records } });
}

/** The study director signs what they put right of somebody else's record, and what was found after closing. */
function approvalOf({ command, by, afterClose }: Entry): Signing | undefined {
  if (afterClose) return { by: DIRECTOR, meaning: 'approved' };
  return command === 'CorrectRecord' && by === DIRECTOR ? { by, meaning: 'authored' } : undefined;
}

/** The technicians sign the weights of each Thursday. */
function weeklyWeighing(lab: Laboratory, { command, afterClose }: Entry): Meaning | undefined {
  return command === 'RecordBodyWeight' && !afterClose && weekday(dayOf(lab.now)) === THURSDAY
    ? 'performed'
    : undefined;
}

/** A technician who took no part saw it, and says so when their hands are free. */
function planWitness(lab: Laboratory, by: Person, number: number): void {
  const [first, second] = TECHNICIANS;
  const witness = by.actor === first.actor ? second : first;
  lab.plan(minutesAfter(lab.now, by === VETERINARIAN ? 2 : 4), () => {
    lab.enter({ command: 'WitnessRecord', by: witness, data: { target: { number } } });
  });
}
