import { administrationsIn } from '../rules/administration.js';
import type { Steps } from '../steps.js';
import { inductionOf } from '../rules/induction.js';
import { isSectionPlanned } from '../rules/planned.js';
import { factsOf, type Fact, type Protocols } from '../study.js';
import { defineProjection, type View } from './projection.js';
import { judgeAnimal, type Judged } from './responder-status.projection.js';

/** The stages of the study as boxes of a CONSORT/ARRIVE flow diagram, in order. */
const STAGES = [
  'enrolled',
  'operated',
  'hypersensitive',
  'stimulated',
  'responders',
  'non-responders',
  'titrated',
  'designated',
  'combined',
  'converted',
] as const;

export type Stage = (typeof STAGES)[number];

/** The section of a protocol that a stage is of. */
const SECTIONS: Partial<Record<Stage, 'stimulation' | 'titration'>> = {
  stimulated: 'stimulation',
  responders: 'stimulation',
  'non-responders': 'stimulation',
  titrated: 'titration',
  designated: 'titration',
  combined: 'stimulation',
  converted: 'stimulation',
};

export interface Flow {
  /** Without those that no protocol of the study plans and no animal reached. */
  readonly stages: readonly {
    readonly stage: Stage;
    readonly count: number;
    readonly subjects: readonly string[];
  }[];
  readonly exclusions: readonly {
    readonly subject: string;
    readonly record: number;
    readonly occurredAt: string;
    readonly after: Stage;
    readonly prespecified: boolean;
    readonly criterion: string | null;
    readonly reason: string | null;
  }[];
  readonly deaths: readonly {
    readonly subject: string;
    readonly record: number;
    readonly cause: string;
    readonly after: Stage;
  }[];
}

interface Progress {
  readonly id: string;
  readonly history: readonly Fact[];
  readonly stages: readonly Stage[];
  readonly last: Stage;
}

/** How many animals reached which stage, and who left on the way and why. */
export const studyFlow = defineProjection(
  'study-flow',
  'Counts as in a CONSORT/ARRIVE diagram, with every exclusion and its reason',
  function* (view): Steps<Flow> {
    const animals: Progress[] = [];
    for (const { id, history } of view.animals()) animals.push(yield* progressOf(view, id, history));
    return {
      stages: STAGES.map((stage) => {
        const subjects = animals.filter(({ stages }) => stages.includes(stage)).map(({ id }) => id);
        return { stage, count: subjects.length, subjects };
      }).filter(({ stage, count }) => {
        const section = SECTIONS[stage];
        return count > 0 || section === undefined || isSectionPlanned(section, view.protocols);
      }),
      exclusions: animals.flatMap(({ id, history, last }) =>
        factsOf(history, 'SubjectExcluded').map(({ holder, time, data }) => ({
          subject: id,
          record: holder,
          occurredAt: time,
          after: last,
          prespecified: data.prespecified,
          criterion: data.criterion ?? null,
          reason: view.study.records.at(holder)?.record.reason ?? null,
        })),
      ),
      deaths: animals.flatMap(({ id, history, last }) =>
        deathsIn(history).map(({ record, cause }) => ({ subject: id, record, cause, after: last })),
      ),
    };
  },
);

function* progressOf(view: View, id: string, history: readonly Fact[]): Steps<Progress> {
  // An excluded animal stays in the stages that it had reached, so its exclusion is ignored here.
  const kept = history.filter(({ type }) => type !== 'SubjectExcluded');
  const judged = view.protocols.versions.length > 0 ? yield* judgeAnimal(view, kept) : undefined;
  const stages = STAGES.filter((stage) => hasReached(stage, kept, view.protocols, judged));
  return { id, history, stages, last: stages.at(-1) ?? 'enrolled' };
}

function deathsIn(history: readonly Fact[]): { record: number; cause: string }[] {
  return [
    ...factsOf(history, 'SubjectEuthanised').map(({ holder, data }) => ({
      record: holder,
      cause: data.cause as string,
    })),
    ...factsOf(history, 'FateRecorded')
      .filter(({ data }) => data.fate === 'found-dead')
      .map(({ holder, data }) => ({ record: holder, cause: data.fate as string })),
  ];
}

function hasReached(
  stage: Stage,
  history: readonly Fact[],
  protocols: Protocols,
  status: Judged | undefined,
): boolean {
  const has = (type: Fact['type']): boolean => history.some((fact) => fact.type === type);
  const hypersensitive = status?.hypersensitive === true;
  switch (stage) {
    case 'enrolled':
      return has('SubjectEnrolled');
    case 'operated':
      return inductionOf(history, protocols) !== undefined;
    case 'hypersensitive':
      return hypersensitive;
    case 'stimulated':
      return hypersensitive && has('SCSApplied');
    case 'responders':
      return hypersensitive && status.scs === 'responder';
    case 'non-responders':
      return hypersensitive && status.scs === 'non-responder';
    case 'titrated':
      return administrationsIn(history).some(({ purpose }) => purpose === 'titration');
    case 'designated':
      return has('SubEffectiveDoseDesignated');
    case 'combined':
      return factsOf(history, 'SCSApplied').some(({ data }) => data.follows !== undefined);
    case 'converted':
      return status?.converted === true;
  }
}
