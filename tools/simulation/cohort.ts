import { Animal, animalId, type Course } from './animal.js';
import type { Random } from './random.js';

/** The animals of the simulated study, and who is operated when. */

/** Batches of six, operated on one day each; what their animals are meant to become is drawn among them. */
export const BATCHES = [
  { day: 7, week: 0, animals: [1, 2, 3, 4, 5, 6], notHypersensitive: 2, responders: 2 },
  { day: 8, week: 0, animals: [7, 8, 9, 10, 11, 12], notHypersensitive: 2, responders: 2 },
  { day: 14, week: 1, animals: [14, 15, 16, 17, 18, 25], notHypersensitive: 2, responders: 2 },
  { day: 15, week: 1, animals: [19, 20, 21, 22, 23, 24], notHypersensitive: 3, responders: 1 },
] as const;

/** Found unfit before its operation; R25 takes its place. */
export const UNFIT = 13;
/** Never needed. */
export const SURPLUS = 26;

const ENROLLED = 26;

/** Every animal, R01 first. */
export function drawCohort(random: Random): Animal[] {
  const courses = new Map<number, Course>();
  for (const { day, animals, notHypersensitive, responders } of BATCHES) {
    random
      .branch(`courses of day ${day}`)
      .shuffled<number>(animals)
      .forEach((number, i) => courses.set(number, courseOf(i, notHypersensitive, responders)));
  }
  return Array.from({ length: ENROLLED }, (_, i) => {
    const id = animalId(i + 1);
    return new Animal(id, courses.get(i + 1) ?? 'not-hypersensitive', random.branch(id));
  });
}

function courseOf(place: number, notHypersensitive: number, responders: number): Course {
  if (place < notHypersensitive) return 'not-hypersensitive';
  return place < notHypersensitive + responders ? 'responder' : 'non-responder';
}
