import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { factsOf } from '../../../study/study.js';
import { alertsOf, seenInWords, type EndpointAlert } from '../../../study/welfare/endpoints.js';
import { Course } from '../../../study/welfare/course.js';
import { gradedObservations, proposedSeverity } from '../../../study/welfare/grading.js';
import { RecordLink, RecordLinks, StudyHref } from '../../parts/links.js';
import type { Aside, AsideAsked } from '../aside.js';
import { WeightTrend } from './weight.js';

/** The endpoints that wait for a decision: one tap names the endpoint and the record that reached it. */
export function decisionAside({ asked, animal, history, typed }: AsideAsked): Aside {
  const open = alertsOf(asked.view.study, animal);
  const [only] = open;
  const isNamed = (typed['data'] as Record<string, unknown> | undefined)?.['endpoint'] !== undefined;
  return {
    ...(open.length === 1 && !isNamed && { data: { endpoint: only!.id, reachedBy: only!.record } }),
    Told: () => (
      <>
        {open.length === 0 ? (
          <p>No endpoint of {animal} waits for a decision.</p>
        ) : (
          <nav class="waits" aria-label="Endpoints that wait for a decision">
            {open.map((endpoint) => (
              <OpenEndpoint endpoint={endpoint} />
            ))}
          </nav>
        )}
        <WeightTrend asked={asked} animal={animal} history={history} />
      </>
    ),
  };
}

/** One that waits for a decision: the link names it, and the record that reached it. */
export function OpenEndpoint({ endpoint }: { readonly endpoint: EndpointAlert }): JSX.Element {
  const { id, description, record, subject } = endpoint;
  const href = useContext(StudyHref)('/bench/enter/decide-endpoint', {
    animal: subject,
    'data.endpoint': id,
    'data.reachedBy': String(record),
  });
  return (
    <a class="wait short" href={href}>
      {subject}: {description}: reached by #{record}, {seenInWords(endpoint)}
    </a>
  );
}

/** What is still open about the animal, and what recording its death means. */
export function euthanasiaAside({ asked, animal, history }: AsideAsked): Aside {
  const { study, protocols } = asked.view;
  const open = alertsOf(study, animal);
  const proposed = proposedSeverity(gradedObservations(new Course(history), protocols));
  const isAssessed = history.some(({ type }) => type === 'SeverityAssessed');
  const methods = new Set(
    [...study.subjects.values()].flatMap(({ facts }) =>
      factsOf(facts, 'SubjectEuthanised').map(({ data }) => data.method),
    ),
  );
  return {
    ...(open.length > 0 && { data: { cause: 'humane-endpoint', endpoint: open[0]!.id } }),
    offered: { 'data.method': { values: [...methods].map((method) => [method, ''] as const) } },
    Told: () => (
      <>
        <p class="wait short">
          After this, nothing more can be recorded as done to {animal}. The record cannot be deleted. One that
          is wrong is corrected or withdrawn with a reason, and stays visible.
        </p>
        {open.map((endpoint) => (
          <p>
            Endpoint not decided: {endpoint.description}, reached by <RecordLink number={endpoint.record} />.
            Killing the animal decides it.
          </p>
        ))}
        {!isAssessed && (
          <p>
            Its severity is not assessed yet
            {proposed && (
              <>
                ; the records propose {proposed.severity} (
                <RecordLinks numbers={proposed.evidence.slice(-3)} />)
              </>
            )}
            . It is assessed afterwards.
          </p>
        )}
        <WeightTrend asked={asked} animal={animal} history={history} />
      </>
    ),
  };
}
