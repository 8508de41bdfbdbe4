import type { Animal } from './animal.js';
import { weighed } from './bench.js';
import { moment } from './calendar.js';
import { DIRECTOR, MANAGEMENT, TECHNICIANS, type Laboratory } from './laboratory.js';
import { acknowledgeWhatIsLeft, review } from './review.js';

/**
 * What closes the study and puts it into the archive, in the week of the assessments. One weight of the spare animal is found
 * after closing.
 */
export function planEndOfStudy(lab: Laboratory, spare: Animal, lastDay: number, monday: number): void {
  lab.plan(moment(monday + 1, '09:30'), () => acknowledgeWhatIsLeft(lab));
  lab.plan(moment(monday + 2, '10:15'), () => {
    lab.enter({
      command: 'CloseStudy',
      by: DIRECTOR,
      data: {
        outcome: 'completed',
        summary: 'All animals assessed; simulated, nothing can be learnt from it.',
      },
    });
  });
  planFoundLater(lab, spare, lastDay, monday + 3);
  lab.plan(moment(monday + 4, '11:00'), () => {
    lab.enter({
      command: 'ArchiveStudy',
      by: MANAGEMENT,
      data: { location: 'Simulated archive, room 2, shelf 14', retainUntil: '2041-12-31' },
    });
  });
}

/** Signed by the study director as it is entered, acknowledged, and reviewed: without these the study is not archived. */
function planFoundLater(lab: Laboratory, animal: Animal, lastDay: number, day: number): void {
  const happened = moment(lastDay, '13:40');
  lab.plan(moment(day, '09:20'), () => {
    const number = lab.enter({
      command: 'RecordBodyWeight',
      by: TECHNICIANS[1],
      subject: animal.id,
      happened,
      afterClose: true,
      reason:
        'The last sheet of the animal room lay among those of the next study; found when the papers were sorted',
      data: { weight: { value: weighed(animal, happened), unit: 'g' }, instrument: { id: 'BAL-2' } },
    });
    lab.plan(moment(day, '10:05'), () => acknowledgeWhatIsLeft(lab));
    lab.plan(moment(day, '11:10'), () =>
      review(lab, number, lab.study.size - 1, `Record ${number} compared with the sheet that was found.`),
    );
  });
}
