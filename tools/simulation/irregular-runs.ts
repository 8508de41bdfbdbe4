import type { Touch } from '../../src/study/rules/threshold.js';
import { cageMate, type Paw } from './animal.js';
import { minutesAfter, type Laboratory } from './laboratory.js';
import type { Entry } from './script.js';

/** Runs that go wrong, at the bench or at the keyboard, as some do in every study. */
type Irregularity = 'ambiguous-touch' | 'stopped-early' | 'slip' | 'wrong-animal';

/** By animal and day of the calendar. */
const IRREGULAR: Readonly<Record<string, Irregularity>> = {
  'R03 on 9': 'ambiguous-touch',
  'R09 on 16': 'wrong-animal',
  'R11 on 16': 'stopped-early',
  'R15 on 28': 'slip',
};

export function irregularity(animal: string, day: number, paw: Paw): Irregularity | undefined {
  return paw === 'ipsilateral' ? IRREGULAR[`${animal} on ${day}`] : undefined;
}

type Run = Entry & { readonly happened: number; readonly data: { readonly touches: readonly Touch[] } };

export function enterIrregular(lab: Laboratory, kind: Irregularity, run: Run): void {
  switch (kind) {
    case 'ambiguous-touch':
      lab.enter(run);
      return;
    case 'stopped-early':
      return enterStopped(lab, run);
    case 'slip':
      return enterWithSlip(lab, run);
    case 'wrong-animal':
      return enterForWrongAnimal(lab, run);
  }
}

function enterStopped(lab: Laboratory, run: Run): void {
  const touches = run.data.touches.slice(0, -2);
  lab.enter({ ...run, data: { ...run.data, touches, stopReason: 'The animal began to groom' } });
}

/** The last response entered as its opposite, and put right within the hour from the paper sheet. */
function enterWithSlip(lab: Laboratory, run: Run): void {
  const last = run.data.touches.length - 1;
  const touches = run.data.touches.map((touch, i) =>
    i === last ? { ...touch, response: touch.response === 'X' ? 'O' : 'X' } : touch,
  );
  const target = lab.enter({ ...run, data: { ...run.data, touches } });
  lab.plan(minutesAfter(lab.now, 55), () =>
    lab.correct(target, run, 'Last response entered the wrong way round: see the paper sheet'),
  );
}

/** A run entered under the cage mate, withdrawn, and entered again under the animal that it was taken from. */
function enterForWrongAnimal(lab: Laboratory, run: Run): void {
  const number = lab.enter({ ...run, subject: cageMate(run.subject ?? '') });
  lab.plan(minutesAfter(lab.now, 24), () => {
    lab.enter({
      command: 'VoidRecord',
      by: run.by,
      reason: `Entered for the wrong animal: the run was taken from ${run.subject}`,
      data: { target: { number } },
    });
  });
  lab.plan(minutesAfter(lab.now, 25), () => lab.enter(run));
}
