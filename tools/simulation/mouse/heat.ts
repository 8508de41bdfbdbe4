import type { Paw } from '../animal.js';
import { dayOf } from '../calendar.js';
import { minutesAfter, type Laboratory } from '../laboratory.js';
import { planRun, type Run } from '../measurement.js';
import type { Entry, Person } from '../script.js';
import type { Mouse } from './mouse.js';

/** The latency of a paw to radiant heat, and the order in which a mouse is tested. */

/** What a test belongs to: a dose, and the minutes since then. */
type Session = Pick<Run, 'session' | 'minute'>;

/** Seconds after which the heat is switched off. */
const CUT_OFF = 12;

/** A run of filaments, and the heat some minutes later: a paw that was heated answers a touch differently. */
export function planTest(lab: Laboratory, mouse: Mouse, by: Person, at: number, session: Session = {}): void {
  planRun(lab, { animal: mouse, by, at, ...session });
  planHeat(lab, mouse, by, minutesAfter(at, 6), 'ipsilateral', session);
}

/** One latency whose first trial is entered with its digits swapped. */
const SWAPPED = 'M03 on 14';

export function planHeat(
  lab: Laboratory,
  mouse: Mouse,
  by: Person,
  at: number,
  paw: Paw,
  session: Session = {},
): void {
  lab.plan(lab.soonAfter(minutesAfter(at, 3)), () => {
    const right = { ...heat(mouse, by, at, paw, session), happened: at };
    const isSwapped = paw === 'ipsilateral' && `${mouse.id} on ${dayOf(at)}` === SWAPPED;
    if (!isSwapped) return void lab.enter(right);
    const [first, ...others] = right.data.trials;
    const wrong = [{ value: first!.value.replace(/^(\d)\.(\d)$/, '$2.$1') }, ...others];
    const target = lab.enter({ ...right, data: { ...right.data, trials: wrong } });
    lab.plan(minutesAfter(lab.now, 40), () =>
      lab.correct(target, right, 'Digits of the first trial swapped when copying from the display'),
    );
  });
}

function heat(mouse: Mouse, by: Person, at: number, paw: Paw, session: Session) {
  const random = mouse.random.branch(`heat of the ${paw} paw at ${at}`);
  const latency = mouse.latency(paw, at);
  return {
    command: 'RecordMeasurement',
    by,
    subject: mouse.id,
    data: {
      assay: 'heat-latency',
      site: paw === 'ipsilateral' ? 'left-hind-paw' : 'right-hind-paw',
      trials: Array.from({ length: 3 }, () => trial(random.normal(latency, 0.8))),
      ...session,
      device: 'HEAT-1',
      blinded: true,
    },
  } satisfies Entry;
}

function trial(seconds: number): { value: string; censored?: true } {
  const value = Math.min(seconds, CUT_OFF).toFixed(1);
  return Number(value) === CUT_OFF ? { value, censored: true } : { value };
}
