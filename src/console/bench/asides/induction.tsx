import { due } from '../../../study/projections/due.projection.js';
import { View } from '../../../study/projections/projection.js';
import { StudyLink } from '../../parts/links.js';
import type { Aside, AsideAsked } from '../aside.js';

/** Before the model is induced: a baseline that is not complete then is never made up for. */
export function inductionAside({ asked, animal }: AsideAsked): Aside | undefined {
  const { tasks } = due.project(new View(asked.view.study, Infinity, animal));
  const missing = tasks.filter(({ kind }) => kind === 'baseline');
  if (missing.length === 0) return undefined;
  return {
    Told: () => (
      <p class="alert">
        The baseline of {animal} is not complete: {missing.map(({ what }) => what).join(', ')} is due first.
        It cannot be measured after the operation.{' '}
        <StudyLink to={`/bench/animals/${animal}`}>What is due</StudyLink>
      </p>
    ),
  };
}
