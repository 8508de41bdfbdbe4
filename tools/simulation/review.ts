import { heldFacts } from '../../src/study/signatures/open-act.js';
import { factsOf } from '../../src/study/study.js';
import { moment } from './calendar.js';
import { DIRECTOR, STATISTICIAN, minutesAfter, type Laboratory } from './laboratory.js';

/** The review of the audit trail, by a statistician who enters nothing else. */

const REVIEWS = [
  { day: 3, findings: 'Registration, protocol and enrolment agree with the order and the animal register.' },
  {
    day: 17,
    findings:
      'One late weight with its reason, one run that was withdrawn and entered anew for the right animal, one touch repeated, one run that stopped early. Nothing to query.',
  },
  { day: 31, findings: 'One run corrected within the hour, from its paper sheet. Nothing to query.' },
  {
    day: 45,
    findings: 'Doses, side effects and witnesses compared; one washout was short and is acknowledged.',
  },
  { day: 57, findings: 'Everything to the last assessment of severity. Nothing to query.' },
] as const;

/** Each from where the last one ended to what there is. */
export function planReviews(lab: Laboratory): void {
  let next = 0;
  for (const { day, findings } of REVIEWS) {
    lab.plan(moment(day, '15:30'), () => {
      const to = lab.study.size - 1;
      review(lab, next, to, findings);
      next = to + 1;
    });
  }
  lab.watch(({ command, by, data }, record) => {
    if (command !== 'CorrectRecord' || by !== DIRECTOR) return;
    const { number } = (data as { readonly target: { readonly number: number } }).target;
    // A record that was reviewed before it was corrected is looked at again, together with its correction.
    if (number >= next) return;
    lab.plan(minutesAfter(lab.now, 80), () => {
      review(
        lab,
        number,
        record,
        `Record ${number} and its correction, record ${record}, compared with the balance's printout.`,
      );
    });
  });
}

export function review(lab: Laboratory, from: number, to: number, findings: string): void {
  lab.enter({ command: 'ReviewTrail', by: STATISTICIAN, data: { from, to, findings } });
}

/** The study director says what every deviation and every late entry means that nobody has acknowledged yet. */
export function acknowledgeWhatIsLeft(lab: Laboratory): void {
  const { study } = lab;
  const acknowledged = new Set(
    factsOf(study.facts, 'DeviationAcknowledged').map(({ data }) => data.target.number),
  );
  for (const { number, holder, data } of heldFacts(study)) {
    const isDue = data.flags?.some((flag) => flag === 'deviation' || flag === 'late');
    if (!isDue || acknowledged.has(number)) continue;
    lab.enter({
      command: 'AcknowledgeDeviation',
      by: DIRECTOR,
      data: {
        target: { number: holder },
        assessment: 'Looked at together with the records around it; the reason that was given explains it',
        impact: 'none',
      },
    });
  }
}
