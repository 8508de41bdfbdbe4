import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { moment } from './calendar.js';
import { DIRECTOR, type Laboratory } from './laboratory.js';

/** What the study director does about the study as a whole. */

/** Said wherever the study says what it is. */
const SIMULATED =
  'Simulated: made to match the published counts of Truin et al., European Journal of Pain 2011 ' +
  '(15 hypersensitive rats, 8 of them non-responders to stimulation alone, all 8 converted). Everything else is ' +
  'invented. These are not the data of that paper.';

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
        comment: SIMULATED,
      },
    });
  });
  lab.plan(moment(0, '09:40'), () => {
    lab.enter({
      command: 'ApproveProtocol',
      by: DIRECTOR,
      data: { protocol: exampleProtocol, comment: SIMULATED },
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
      data: { protocol: { ...exampleProtocol, lateAfterMinutes: 480 }, comment: SIMULATED },
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
