import { formatQuantity } from '../quantity.js';
import { periodsOf } from '../rules/periods.js';
import { settingsOf, type PlannedSetting } from '../rules/planned.js';
import type { Fact } from '../study.js';
import type { Charted } from './charted.js';
import { freshReference, prepare, thresholdOfTheDay, treatableSince, type Earliest } from './preparation.js';
import { taskOf, type Task } from './task.js';

const HOUR = 3_600_000;

/** Stimulation alone of an animal that can be treated, and what has to be there before it. */
export function stimulationTasks(animal: Charted): Task[] {
  const { id, protocol } = animal;
  const { stimulation } = protocol;
  const since = treatableSince(animal);
  if (!stimulation || !since) return [];
  const next = nextSession(animal, since);
  if (!next) return [];
  const electrode = electrodeTask(animal, since);
  if (electrode) return [electrode];
  const settings = settingsOf(stimulation);
  const { tasks, ready } = prepare(
    next,
    thresholdOfTheDay(animal, settings, next),
    freshReference(animal, 'stimulation', next),
  );
  if (!ready) return [...tasks];
  return [
    ...tasks,
    taskOf(
      id,
      next.basis,
      {
        kind: 'stimulation',
        what: next.what,
        command: 'ApplySCS',
        data: plannedData(settings),
        why: `Stimulation: ${settings.map(settingInShort).join('; or ')}.`,
      },
      { ...ready, due: next.due },
    ),
  ];
}

/** The first stimulation, or the next period of a cross-over after its wash-out; undefined where all were given. */
function nextSession({ chart, protocol }: Charted, since: Fact): (Earliest & { what: string }) | undefined {
  const { crossOver } = protocol.stimulation!;
  const given = [...chart.stimulations].filter(
    ({ data }) => data.follows === undefined && data.outcome === 'completed',
  );
  const last = given.at(-1);
  if (!crossOver) return last ? undefined : { basis: since, at: since.at, what: 'Stimulation' };
  const periods = periodsOf(given, chart.protocols).length;
  if (periods >= crossOver.periods) return undefined;
  const what = `Stimulation, period ${periods + 1} of ${crossOver.periods}`;
  if (!last) return { basis: since, at: since.at, what };
  const at = last.at + Number(crossOver.washoutHours) * HOUR;
  return { basis: last, at, due: at, what };
}

export function electrodeTask({ id, course }: Charted, since: Fact): Task | undefined {
  if (course.of('ElectrodeImplanted').length > 0) return undefined;
  return taskOf(
    id,
    since,
    {
      kind: 'electrode',
      what: 'Implantation of the electrode',
      command: 'ImplantElectrode',
      why: 'A stimulation needs an electrode on record.',
    },
    { from: since.at },
  );
}

/** What the only setting says; where there are several, the person chooses. */
export function plannedData([first, ...others]: readonly PlannedSetting[]): Record<string, unknown> {
  if (!first || others.length > 0) return {};
  const { id, frequency, pulseWidth, duration, burst, dutyCycle } = first;
  const members = { setting: id, frequency, pulseWidth, duration, burst, dutyCycle };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function settingInShort({ id, sham, frequency, pulseWidth, duration }: PlannedSetting): string {
  const quantities = [frequency, pulseWidth, duration].flatMap((one) => (one ? [formatQuantity(one)] : []));
  return [id?.replaceAll('-', ' '), sham && 'sham', ...quantities].filter(Boolean).join(', ');
}
