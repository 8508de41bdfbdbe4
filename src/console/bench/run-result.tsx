import type { JSX } from 'preact';
import { doseTitration } from '../../study/projections/dose-titration.projection.js';
import { findingsOf, type ChangedVerdict } from '../../study/projections/findings.js';
import { MovingCharts } from '../../study/projections/moving-charts.js';
import { View } from '../../study/projections/projection.js';
import { statusOf } from '../../study/projections/responder-status.projection.js';
import { standingAt } from '../../study/due/task.js';
import { due } from '../../study/projections/due.projection.js';
import { measure } from '../../study/rules/measured-run.js';
import type { Threshold } from '../../study/rules/threshold.js';
import type { Steps } from '../../study/steps.js';
import { factsOf } from '../../study/study.js';
import type { BenchAsked } from '../page.js';
import { Mark } from '../parts/flags.js';
import { StudyLink } from '../parts/links.js';
import { RecordedLine, recordedIn, type Recorded } from '../parts/recorded.js';
import { VerdictList } from '../parts/verdicts.js';
import { judgedOf, type Judged } from '../words/judged.js';
import { isOver, pawMissing } from './paw-due.js';
import type { Paw } from './run.js';
import { estimateLines } from './run-words.js';
import { addressOfTask } from './task-address.js';

/** A run that was just recorded: what it says, what is said of the animal now, and what comes next. */
export interface RunTold {
  readonly recorded: Recorded;
  readonly threshold: Threshold;
  readonly changes: readonly ChangedVerdict[];
  readonly judged: readonly Judged[];
  /** The paw that has no run of this occasion. */
  readonly missing: Paw | undefined;
  /** It was made long ago: what is still missing of its occasion stands on paper as well. */
  readonly isOver: boolean;
  /** What is due for this animal by the protocol, such as its second baseline. */
  readonly own: NextRun | undefined;
  /** The other animal that is due next, and what for. */
  readonly next: NextRun | undefined;
}

interface NextRun {
  readonly animal: string;
  /** In words; undefined where nothing is due and it is the next animal in the list. */
  readonly what?: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Undefined where the address names no run of this animal. */
export function* resultOfRun(
  asked: BenchAsked,
  animal: string,
  animals: readonly string[],
): Steps<RunTold | undefined> {
  const recorded = recordedIn(asked);
  const { study } = asked.view;
  const history = study.subjects.get(animal)?.facts.toArray() ?? [];
  const fact = factsOf(history, 'ThresholdRecorded').find(({ holder }) => holder === recorded?.number);
  if (!recorded || !fact) return undefined;
  const view = new View(study, undefined, animal);
  const { verdicts = [] } = yield* findingsOf(study, recorded.number, new MovingCharts());
  const doses = (yield* doseTitration.steps(view)).subjects[0]?.doses ?? [];
  const judged = judgedOf(view, yield* statusOf(view, animal, history), history, doses);
  return {
    recorded,
    threshold: measure(fact, view.protocols).threshold,
    changes: verdicts,
    judged: judged.filter(({ question, holds }) => question === 'Hypersensitive' || holds !== null),
    missing: pawMissing(history, fact),
    isOver: isOver(fact, asked.nowMs),
    ...(yield* nextRuns(asked, animal, animals)),
  };
}

/** What is due of thresholds: of this animal, and of the first other one, or else the next animal in the list. */
function* nextRuns(
  { view, nowMs }: BenchAsked,
  animal: string,
  animals: readonly string[],
): Steps<Pick<RunTold, 'own' | 'next'>> {
  const { tasks } = yield* due.steps(view);
  const runs = tasks.filter(
    (one) => one.command === 'RecordThreshold' && !['later', 'past'].includes(standingAt(one, nowMs)),
  );
  const [own, next] = [
    runs.find((one) => one.animal === animal),
    runs.find((one) => one.animal !== animal),
  ].map((task) => task && { animal: task.animal, what: task.what, query: addressOfTask(task).query });
  const after = animals[(animals.indexOf(animal) + 1) % animals.length];
  const isOther = after !== undefined && after !== animal;
  return { own, next: next ?? (isOther ? { animal: after, query: { animal: after } } : undefined) };
}

export function RunResult({ told }: { readonly told: RunTold }): JSX.Element {
  const { recorded, threshold, changes, judged, missing, own, next } = told;
  const isDone = missing === undefined;
  const [value, more] = estimateLines(threshold);
  return (
    <div class="result" data-live="result">
      <RecordedLine recorded={recorded} />
      <p data-recorded="">
        50 % threshold <strong>{value}</strong> <span class="quiet">{more}</span>
      </p>
      {changes.map(({ question, before, after }) => (
        <p>
          {question}: <del>{before}</del> → <ins>{after}</ins>
        </p>
      ))}
      {judged.length > 0 && (
        <details open={isDone || changes.length > 0}>
          <summary>
            {judged.map(({ question, holds, yes, no, borderline }) => (
              <>
                {question}: <Mark holds={holds} yes={yes} no={no} borderline={borderline} />.{' '}
              </>
            ))}
            What that rests on
          </summary>
          <VerdictList judged={judged} />
        </details>
      )}
      <ul class="choose">
        {isDone && next && (
          <li>
            <StudyLink to="/bench/threshold" query={next.query}>
              {`Next: ${next.animal}${next.what === undefined ? '' : `, ${next.what}`}`}
            </StudyLink>
          </li>
        )}
        {own && (
          <li>
            <StudyLink to="/bench/threshold" query={own.query}>
              {`${own.what}: ${own.query['paw'] ?? 'ipsilateral'} paw of ${own.animal}`}
            </StudyLink>
          </li>
        )}
        <li>
          <StudyLink to="/bench">What is due today</StudyLink>
        </li>
      </ul>
      {!isDone && <h2>Next: the {missing} paw</h2>}
    </div>
  );
}
