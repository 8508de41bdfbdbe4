import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { moment } from './calendar.js';
import { DIRECTOR, type Laboratory } from './laboratory.js';

/** What the study director does about the study as a whole. */

/** Said wherever the study says what it is. */
const SIMULATED =
  'Simulated: made to match the published counts of Truin et al., European Journal of Pain 2011 ' +
  '(15 hypersensitive rats, 8 of them non-responders to stimulation alone, all 8 converted). Everything else is ' +
  'invented. These are not the data of that paper.';

/** What is given to an animal and how its life ends takes a second person who saw it. */
const WITNESSED = ['AdministerKetamine', 'EuthaniseSubject'] as const;
const protocol: ProtocolInput = { ...exampleProtocol, witnessed: [...WITNESSED] };

export function takesWitness(command: string): boolean {
  return WITNESSED.some((witnessed) => witnessed === command);
}

export function planOpening(lab: Laboratory): void {
  lab.plan(moment(0, '09:02'), () => {
    lab.enter({
      command: 'RegisterStudy',
      by: DIRECTOR,
      data: {
        title: 'Simulated reference study: SCS and sub-effective intrathecal ketamine in neuropathic rats',
        director: DIRECTOR.actor,
        sponsor: 'None: simulated',
        testSite: 'Simulated laboratory',
        ethicsApproval: 'SIMULATED-2026-01',
        objective:
          'Do rats that do not respond to spinal cord stimulation respond to it after their own sub-effective ' +
          `intrathecal dose of ketamine? ${SIMULATED}`,
        guideline: 'ARRIVE 2.0',
        governance: 'signed',
        comment: SIMULATED,
      },
    });
  });
  lab.plan(moment(0, '09:40'), () => {
    lab.enter({
      command: 'ApproveProtocol',
      by: DIRECTOR,
      data: { protocol, comment: SIMULATED },
    });
  });
}

/** Two days after a late entry: the window becomes as long as a shift. */
export function planAmendment(lab: Laboratory): void {
  lab.plan(moment(14, '16:10'), () => {
    lab.enter({
      command: 'AmendProtocol',
      by: DIRECTOR,
      reason:
        'Paper sheets of the weekend rounds are entered at the end of the shift: late after 8 hours, not 4',
      data: { protocol: { ...protocol, lateAfterMinutes: 480 }, comment: SIMULATED },
    });
  });
}

/** The study director sees a short washout and says what it means. */
export function planAcknowledgement(lab: Laboratory, target: number, at: number): void {
  lab.plan(at, () => {
    lab.enter({
      command: 'AcknowledgeDeviation',
      by: DIRECTOR,
      data: {
        target: { number: target },
        assessment: 'Washout two hours short, after a dose that had had no effect by itself',
        impact: 'minor',
        action: 'Doses of one animal are kept to the same hour of the day',
      },
    });
  });
}
