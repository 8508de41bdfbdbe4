import { countsOf, type Counts } from './counts.js';
import { simulate } from './course.js';
import { attestationLines, peopleLines, type LabLine } from './people.js';
import type { Line } from './script.js';

/**
 * The simulated reference study: made to match the published counts of Truin et al., European Journal of Pain 2011.
 * Everything else in it is invented; these are not the data of that paper.
 */

/** One of the seeds with which the derived counts are the published ones. */
const SEED = 1068;

/** Published: 15 hypersensitive, 8 non-responders, 8 converted. The rest is the plan of the simulation. */
const COUNTS: Counts = {
  enrolled: 26,
  ligated: 24,
  hypersensitive: 15,
  neverHypersensitive: 9,
  responders: 7,
  nonResponders: 8,
  titrated: 8,
  designated: 8,
  combined: 8,
  converted: 8,
};

/** The lines of `examples/reference-study.ndjson`, first those about people; throws where a change to the rules or the plan has moved a count. */
export function referenceStudy(): readonly (LabLine | Line)[] {
  const { lines, study } = simulate(SEED);
  const counts = countsOf(study);
  const stages = Object.keys(COUNTS) as (keyof Counts)[];
  const moved = stages.filter((stage) => counts[stage] !== COUNTS[stage]);
  if (moved.length > 0) {
    const found = moved.map((stage) => `${stage} ${counts[stage]} instead of ${COUNTS[stage]}`).join(', ');
    throw new Error(`seed ${SEED} no longer gives the published counts (${found}): look for another seed`);
  }
  return [...peopleLines(SEED), ...attestationLines(SEED), ...lines];
}
