import type { JSX } from 'preact';
import { routeOf } from '../../study/catalogue.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import type { OpenAct } from '../../study/signatures/open-acts.js';
import type { Changeable } from './changeable.js';
import { StudyLink } from '../parts/links.js';

const ASSESSMENT = 'AcknowledgeDeviation';

interface Assessed {
  readonly trail: TrailRecord;
  readonly about: readonly { readonly trail: TrailRecord }[];
  readonly acts: readonly OpenAct[];
}

/** A departure or a late entry that the study director has not assessed. Where such acts are signed, it is among those that wait. */
export function waitsForDirector({ trail, about, acts }: Assessed): boolean {
  const isAsked = trail.flags.includes('deviation') || trail.flags.includes('late');
  const isDone = about.some((later) => later.trail.type === 'DeviationAcknowledged');
  const isAct = acts.some(({ next }) => 'give' in next && next.give === ASSESSMENT);
  return isAsked && !isDone && !isAct && trail.supersededBy === null;
}

/** The ways to put it right, or what to do instead. Whether the reader may is said there: here all readers see the same. */
export function PutRight({
  number,
  subject,
  change: { corrects, voids, instead },
  isToAssess,
}: {
  readonly number: number;
  readonly subject: string | undefined;
  readonly change: Changeable;
  readonly isToAssess: boolean;
}): JSX.Element | null {
  if (corrects === undefined && !voids && instead === undefined && !isToAssess) return null;
  return (
    <p class="acts">
      {corrects !== undefined && <StudyLink to={`/records/${corrects}/correct`}>Correct</StudyLink>}{' '}
      {voids && <StudyLink to={`/records/${number}/void`}>Void</StudyLink>}
      {instead !== undefined && <span class="quiet">Not corrected: {instead}.</span>}{' '}
      {isToAssess && (
        <StudyLink to={`/bench/enter/${routeOf(ASSESSMENT)}`} query={{ 'data.target.number': `${number}` }}>
          Assess, as study director
        </StudyLink>
      )}{' '}
      {subject !== undefined && (
        <StudyLink to={`/bench/animals/${subject}`}>{`${subject} at the bench`}</StudyLink>
      )}
    </p>
  );
}
