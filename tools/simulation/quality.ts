import { moment, written } from './calendar.js';
import { QUALITY, type Laboratory } from './laboratory.js';

/** Inspections by quality assurance, each reported to the study director the same day and to management on the next. */

const INSPECTIONS = [
  {
    day: 1,
    phase: 'Start of the study',
    findings:
      'Protocol approved and signed before the first animal was enrolled. Roles and passkeys are in order.',
  },
  {
    day: 8,
    phase: 'Surgery',
    findings:
      'Two operations watched. The lot of the suture is not written down: to be asked of the supplier.',
  },
  {
    day: 35,
    phase: 'Titration: preparation and administration of doses',
    findings: 'Two doses watched from weighing to flush. A second person was present at both.',
  },
  {
    day: 57,
    phase: 'Data: audit trail, corrections, reviews',
    findings: 'Ten records compared with their paper sheets, among them both corrections. No difference.',
  },
  {
    day: 59,
    phase: 'Final report',
    findings: 'Numbers of the report compared with the projections of the ledger. No difference.',
  },
] as const;

export function planInspections(lab: Laboratory): void {
  for (const { day, phase, findings } of INSPECTIONS) {
    lab.plan(moment(day, '14:05'), () => {
      const on = dayWritten(lab.now);
      const number = lab.enter({ command: 'RecordInspection', by: QUALITY, data: { phase, on, findings } });
      lab.plan(moment(day, '14:45'), () => report(lab, number, 'director'));
      lab.plan(moment(day + 1, '08:20'), () => report(lab, number, 'management'));
    });
  }
}

function report(lab: Laboratory, number: number, to: 'director' | 'management'): void {
  const data = { target: { number }, to, on: dayWritten(lab.now) };
  lab.enter({ command: 'ReportInspection', by: QUALITY, data });
}

function dayWritten(at: number): string {
  return written(at).slice(0, 10);
}
