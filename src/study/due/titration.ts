import { formatQuantity, type AnyDose } from '../quantity.js';
import type { DoseFact } from '../rules/administration.js';
import { ketamineIn, settingsOf, titratedIn } from '../rules/planned.js';
import { judgeResponse } from '../rules/responder.js';
import { waitsBefore } from '../rules/wait.js';
import type { Fact } from '../study.js';
import type { Charted } from './charted.js';
import {
  freshReference,
  prepare,
  thresholdOfTheDay,
  treatableSince,
  type Earliest,
  type Preparation,
} from './preparation.js';
import { electrodeTask, plannedData } from './stimulation.js';
import { nextStepOf, type NextStep } from './next-step.js';
import { endOfItsDay, taskOf, type Task } from './task.js';

const MINUTE = 60_000;

/** The titration of an animal that does not respond to stimulation alone, and the combination with the designated dose. */
export function titrationTasks(animal: Charted): Task[] {
  const { chart, protocol } = animal;
  const since = treatableSince(animal);
  if (!protocol.titration || !since) return [];
  const designation = chart.designations.last;
  if (designation) return combinationTasks(animal, designation);
  const next = nextStepOf(animal);
  if (!next || (!next.after && !isToBeTitrated(animal))) return [];
  const catheter = catheterTask(animal, since);
  if (catheter) return [catheter];
  return [...sideEffectTasks(animal, next), ...stepTasks(animal, next, since)];
}

/** Where stimulation alone is judged, those that do not respond to it. */
function isToBeTitrated({ chart, protocol: { stimulation, responder } }: Charted): boolean {
  return !stimulation || !responder || judgeResponse('scs', chart).holds === false;
}

function catheterTask({ id, course, protocol }: Charted, since: Fact): Task | undefined {
  if (titratedIn(protocol)?.route !== 'intrathecal' || course.of('CatheterImplanted').length > 0)
    return undefined;
  return taskOf(
    id,
    since,
    {
      kind: 'catheter',
      what: 'Implantation of the catheter',
      command: 'ImplantCatheter',
      why: 'The titration is intrathecal.',
    },
    { from: since.at },
  );
}

/** Without a score of its side effects nobody can say what comes after a dose. */
function sideEffectTasks({ id, chart, protocol: { sideEffects } }: Charted, { after }: NextStep): Task[] {
  if (!sideEffects || !after || chart.scoresAfter(after.number).length > 0) return [];
  return [
    taskOf(
      id,
      after,
      {
        kind: 'side-effects',
        what: `Side effects after ${formatQuantity(after.data.dose)}`,
        command: 'ScoreSideEffects',
        data: { scale: sideEffects.scale, after: after.number },
        why: 'A dose is designated that had no side effects: that there were none is scored.',
      },
      { from: after.at, until: endOfItsDay(after) },
    ),
  ];
}

function stepTasks(animal: Charted, next: NextStep, since: Fact): Task[] {
  const { titration } = animal.protocol;
  const doses = `${titration!.drug}: ${titration!.doses.map(formatQuantity).join(', ')}`;
  switch (next.kind) {
    case 'none':
      return [];
    case 'designation':
      return [designationTask(animal, next)];
    case 'dose': {
      const after = next.after
        ? `${formatQuantity(next.after.data.dose)} had neither effect nor side effects`
        : 'the lightest comes first';
      return doseTasks(animal, since, {
        dose: next.dose,
        purpose: 'titration',
        why: `Titration of ${doses}; ${after}.`,
      });
    }
    case 'undecided': {
      const why = `Titration of ${doses}; what ${formatQuantity(next.after.data.dose)} did is not settled.`;
      return doseTasks(animal, since, { dose: undefined, purpose: 'titration', why });
    }
  }
}

function designationTask({ id }: Charted, { dose, after }: NextStep & { kind: 'designation' }): Task {
  const evidence = [...new Set([dose, after])];
  return taskOf(
    id,
    after,
    {
      kind: 'designation',
      what: `Designation of the dose: ${formatQuantity(dose.data.dose)}`,
      command: 'DesignateSubEffectiveDose',
      data: { dose: dose.data.dose, evidence: evidence.map(({ number }) => number) },
      why: 'The heaviest dose without effect and without side effects is designated by the study director.',
      records: evidence.map(({ holder }) => holder),
    },
    { from: after.at },
  );
}

function combinationTasks(animal: Charted, designation: Fact<'SubEffectiveDoseDesignated'>): Task[] {
  const { chart, protocol } = animal;
  const { stimulation } = protocol;
  const isDone = [...chart.stimulations].some(
    ({ data }) => data.follows !== undefined && data.outcome === 'completed',
  );
  if (!stimulation || isDone) return [];
  const electrode = electrodeTask(animal, designation);
  if (electrode) return [electrode];
  const settings = settingsOf(stimulation);
  const { dose } = designation.data;
  const why = `Combination: the designated dose, ${formatQuantity(dose)}, before stimulation.`;
  const prepared = (earliest: Earliest): Preparation => thresholdOfTheDay(animal, settings, earliest);
  const given = [...chart.doses].findLast(({ data }) => data.purpose === 'combination');
  return [
    ...(given ? followingTasks(animal, given) : []),
    ...doseTasks(animal, designation, { dose, purpose: 'combination', why }, prepared),
  ];
}

/** The stimulation after a dose of the combination, as long as one can follow it. */
function followingTasks({ id, chart, protocol }: Charted, given: DoseFact): Task[] {
  if ((chart.stimulations.last?.at ?? -Infinity) >= given.at) return [];
  const most = protocol.followsWithinMinutes ?? Math.max(...protocol.titration!.windowMinutes);
  return [
    taskOf(
      id,
      given,
      {
        kind: 'stimulation',
        what: `Stimulation after ${formatQuantity(given.data.dose)}`,
        command: 'ApplySCS',
        data: { ...plannedData(settingsOf(protocol.stimulation!)), follows: given.number },
        why: `A stimulation follows the dose within ${most} min.`,
      },
      { from: given.at, due: given.at, overdueAfter: given.at + most * MINUTE, until: endOfItsDay(given) },
    ),
  ];
}

interface Step {
  readonly dose: AnyDose | undefined;
  readonly purpose: 'titration' | 'combination';
  readonly why: string;
}

/** A dose after the wash-out, and the reading before it. */
function doseTasks(
  animal: Charted,
  since: Fact,
  { dose, purpose, why }: Step,
  prepared?: (earliest: Earliest) => Preparation,
): Task[] {
  const { id, protocol } = animal;
  const earliest = afterWashout(animal, since);
  const { tasks, ready } = prepare(
    earliest,
    ...(prepared ? [prepared(earliest)] : []),
    freshReference(animal, 'dose', earliest, dose && formatQuantity(dose)),
  );
  if (!ready) return [...tasks];
  const { titration } = protocol;
  const substance = titratedIn(protocol);
  const isKetamine = substance !== undefined && ketamineIn(protocol)?.id === substance.id;
  const data = {
    ...(!isKetamine && { substance: substance?.id }),
    ...(dose && { dose }),
    purpose,
    ...(substance?.route !== undefined && { route: substance.route }),
    ...(titration?.volume && { volume: titration.volume }),
    ...(titration?.vehicle !== undefined && { vehicle: titration.vehicle }),
  };
  const words = dose ? formatQuantity(dose) : 'the next step';
  return [
    ...tasks,
    taskOf(
      id,
      earliest.basis,
      {
        kind: 'dose',
        what: `Dose: ${words}`,
        command: isKetamine ? 'AdministerKetamine' : 'AdministerSubstance',
        data,
        why,
      },
      { ...ready, due: earliest.due },
    ),
  ];
}

/** After the wash-out of the last dose, and the carry-over of the last stimulation. */
function afterWashout({ course, chart, protocol }: Charted, since: Fact): Earliest {
  const titrated = titratedIn(protocol);
  const waits = titrated ? waitsBefore(titrated, course.facts, protocol, chart.protocols) : [];
  const [longest] = waits.sort((one, other) => other.endsMs - one.endsMs);
  const basis = longest && course.facts.find(({ holder }) => holder === longest.record);
  if (!basis || longest.endsMs < since.at) return { basis: since, at: since.at };
  return { basis, at: longest.endsMs, due: longest.endsMs };
}
