import { moment, written } from '../calendar.js';
import { ANAESTHESIA, minutesAfter, type Laboratory } from '../laboratory.js';
import type { Mouse } from './mouse.js';
import { SURGEON } from './people.js';

/** Spared nerve injury of the left leg, and its sham, one mouse after another on one day. */
export function planOperations(lab: Laboratory, mice: readonly Mouse[], day: number): void {
  mice.forEach((mouse, i) => {
    const at = minutesAfter(moment(day, '09:30'), 35 * i);
    const cut = minutesAfter(at, 9);
    const end = minutesAfter(at, Math.round(mouse.random.branch('operation').between(15, 21)));
    mouse.weighedOn.add(day);
    lab.plan(lab.soonAfter(minutesAfter(end, 5)), () => {
      mouse.ligated = cut;
      mouse.operations.push(cut);
      lab.enter({
        command: 'LigateNerve',
        by: SURGEON,
        subject: mouse.id,
        happened: cut,
        data: {
          side: 'left',
          nerve: 'sciatic',
          ...(mouse.group === 'sham'
            ? { procedure: 'sham' }
            : {
                procedure: 'spared-nerve-injury',
                fraction: 'tibial and common peroneal branches cut, sural branch spared',
                suture: { size: '8-0', material: 'silk' },
              }),
          surgeon: SURGEON.actor,
          start: written(at),
          end: written(end),
          ...ANAESTHESIA,
          recovery: 'Awake and moving within ten minutes',
        },
      });
    });
  });
}
