import type { JSX } from 'preact';
import { timelineOf, type Timeline } from '../study/projections/timeline.js';
import { Refusal, refuse } from '../study/refusal.js';
import { choosePage } from './choose.js';
import { studyPage, type MainProps } from './page.js';
import { Pager, type Shown } from './parts/choices.js';
import { AnimalLink, StudyLink } from './parts/links.js';
import { DayByDay, Lanes, Legend, instantOf } from './parts/lanes.js';
import { Day } from './parts/when.js';
import { counted } from './words/phrase.js';

interface TimelineAnswer {
  readonly timeline: Timeline;
  readonly animal: string | undefined;
  readonly shown: Shown;
  /** There are so many marks that each stretch of a lane shows their number. */
  readonly summed: boolean;
}

/** No more marks, one by one, in a timeline. */
const MARKS = 2000;
/** No more lanes on one page, no more marks, and no more cells where each is a number. */
const [LANES, MARKS_A_PAGE, CELLS] = [200, 1700, 4000];

export const timelinePage = studyPage<TimelineAnswer>({
  path: '/studies/:code/timeline',
  name: 'Timeline',
  parameters: ['animal', 'page'],
  title: ({ answer: { animal } }) => (animal === undefined ? 'Timeline' : `Timeline of ${animal}`),
  *answer(view, { query }) {
    const { animal } = query;
    const timeline = yield* timelineOf(view, animal);
    if (animal !== undefined && timeline.lanes.length === 0) {
      const message = `There is no animal ${animal.slice(0, 60)} in ${view.study.code} at this tree size.`;
      return refuse('subject-unknown', message, 'animal');
    }
    const summed = timeline.count > MARKS;
    const shown = choosePage(query, timeline.lanes.length, lanesOnPage(timeline, summed));
    return shown instanceof Refusal ? shown : { timeline, animal, shown, summed };
  },
  main: Main,
});

function lanesOnPage({ lanes, stretches, count }: Timeline, summed: boolean): number {
  const most = summed ? CELLS / stretches.length : (lanes.length * MARKS_A_PAGE) / Math.max(1, count);
  return Math.max(1, Math.min(LANES, Math.floor(most)));
}

function Main({ answer, query }: MainProps<TimelineAnswer>): JSX.Element {
  const { timeline, animal, shown, summed } = answer;
  return (
    <>
      <h1>Timeline{animal !== undefined && <span class="kind"> of {animal}</span>}</h1>
      {animal !== undefined && (
        <p>
          <StudyLink to="/timeline">All animals</StudyLink> · <AnimalLink id={animal} />
        </p>
      )}
      {timeline.count === 0 ? (
        <p class="none">Nothing had happened by then.</p>
      ) : (
        <>
          <p class="lead">
            {counted(timeline.count, 'mark')}, <Day at={instantOf(timeline.stretches[0]!.first)} /> to{' '}
            <Day at={instantOf(timeline.stretches.at(-1)!.last)} />.
          </p>
          <p>
            <a href="#days">The same in words, day by day</a>
          </p>
          <Legend timeline={timeline} summed={summed} />
          <Lanes timeline={timeline} shown={shown} summed={summed} />
          <Pager to="/timeline" query={query} what="lane" shown={shown} />
          <DayByDay timeline={timeline} />
        </>
      )}
    </>
  );
}
