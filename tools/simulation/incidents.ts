import type { Animal } from './animal.js';
import { moment } from './calendar.js';
import { euthanise } from './husbandry.js';
import { DIRECTOR, VETERINARIAN, type Laboratory } from './laboratory.js';

/** What befalls single animals: one unfit for surgery, one with an open wound. */

/** An animal that is found unfit three days before its operation; a spare one takes its place. */
export function planUnfit(lab: Laboratory, animal: Animal): void {
  lab.plan(moment(10, '11:20'), () => {
    lab.enter({
      command: 'ExcludeSubject',
      by: DIRECTOR,
      subject: animal.id,
      reason: 'Infected bite wound found before surgery; the veterinarian advises against an operation',
      data: { prespecified: true, criterion: 'unfit-before-surgery', decidedBy: DIRECTOR.actor },
    });
  });
  lab.plan(moment(10, '13:45'), () => {
    euthanise(lab, animal, { cause: 'other', comment: 'Bite wound, on veterinary advice' });
  });
}

export function planOpenWound(lab: Laboratory, animal: Animal, day: number): void {
  animal.woundOpen = day;
  lab.observe(moment(day, '10:05'), () => ({
    command: 'ReportAdverseEvent',
    by: VETERINARIAN,
    subject: animal.id,
    data: {
      description: 'Skin suture at the neck open over 4 mm, catheter not exposed',
      expected: true,
      severity: 'mild',
      relation: 'probable',
      action: 'Wound cleaned and sutured again under isoflurane',
      outcome: 'Closed and dry the next day',
    },
  }));
}
