import type { AnyAnimal } from './animal.js';
import { moment } from './calendar.js';
import { VETERINARIAN, minutesAfter, type Laboratory } from './laboratory.js';
import { Course } from '../../src/study/welfare/course.js';
import { gradedObservations, proposedSeverity } from '../../src/study/welfare/grading.js';
import { useOf } from '../../src/study/welfare/animal-use.js';

/** Assessed otherwise than its records propose, and why. */
const CHANGED = {
  animal: 'R07',
  severity: 'mild',
  reason:
    'Never hypersensitive, weight and sheet normal from the third day: the ligation gave no lasting pain',
} as const;

/** The actual severity of every animal that was used, judged by the veterinarian when all of them have ended. */
export function planAssessments(lab: Laboratory, animals: readonly AnyAnimal[], day: number): void {
  animals.forEach((animal, i) => {
    lab.plan(minutesAfter(moment(day, '10:00'), 2 * i), () => {
      const course = new Course(lab.history(animal));
      if (!useOf(course, lab.protocols).used) return;
      const proposed = proposedSeverity(gradedObservations(course, lab.protocols));
      const changed = animal.id === CHANGED.animal;
      lab.enter({
        command: 'AssessSeverity',
        by: VETERINARIAN,
        subject: animal.id,
        ...(changed && { reason: CHANGED.reason }),
        data: {
          severity: changed ? CHANGED.severity : (proposed?.severity ?? 'mild'),
          basis: 'Score sheets, weights, operations and events of the whole use',
        },
      });
    });
  });
}
