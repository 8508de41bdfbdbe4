import type { Protocol } from '../protocol.js';
import type { ResponderRule } from '../protocol/rules.js';
import { administrationOf, isTitrated, type DoseFact } from '../rules/administration.js';
import type { Chart } from '../rules/chart.js';
import { isTimeAssumed, minuteTolerance } from '../rules/elapsed.js';
import type { Fact } from '../study.js';
import type { Charted } from './charted.js';
import { readingKinds } from './reading-kind.js';
import { endOfItsDay, taskOf, type Task } from './task.js';

const MINUTE = 60_000;

/** Readings after stimulations and doses at the minutes at which a rule judges them, each until the end of its day. */
export function* readingTasks(animal: Charted): Generator<Task> {
  const { chart } = animal;
  for (const session of chart.stimulations) {
    const protocol = chart.protocols.of(session);
    const { responder } = protocol;
    if (responder && session.data.outcome === 'completed')
      yield* readingsAfter(animal, session, { protocol, rule: responder, ...responder, untilMs: Infinity });
  }
  for (const dose of chart.doses) {
    const protocol = chart.protocols.of(dose);
    const { responder, titration } = protocol;
    const { windowMinutes, minPoints } = titration ?? responder ?? {};
    if (!responder || !windowMinutes || minPoints === undefined || !isObserved(dose, protocol)) continue;
    const untilMs = stimulatedAfter(chart, dose);
    yield* readingsAfter(animal, dose, { protocol, rule: responder, windowMinutes, minPoints, untilMs });
  }
}

/** Steps of a titration; where none is planned, every drug. A dose before stimulation is judged by what follows. */
function isObserved(dose: DoseFact, protocol: Protocol): boolean {
  const { purpose, isTreatment } = administrationOf(dose);
  if (purpose === 'combination' || purpose === 'rescue') return false;
  return protocol.titration ? isTitrated(dose, protocol) : isTreatment;
}

/** A reading after the next stimulation says nothing of the dose. */
function stimulatedAfter({ stimulations }: Chart, { at }: DoseFact): number {
  return stimulations.at(stimulations.before(at))?.at ?? Infinity;
}

interface Window {
  readonly protocol: Protocol;
  readonly rule: ResponderRule;
  readonly windowMinutes: readonly number[];
  readonly minPoints: number;
  readonly untilMs: number;
}

function readingsAfter(
  { id, chart }: Charted,
  session: Fact<'SCSApplied'> | DoseFact,
  { protocol, rule, windowMinutes, minPoints, untilMs }: Window,
): Task[] {
  const readings = chart.readingsOf(rule, protocol)?.inSession(session.number);
  const [kind] = readingKinds(rule, protocol, chart.injuredSide);
  if (!readings || !kind || isTimeAssumed(session)) return [];
  const tolerance = minuteTolerance(protocol) * MINUTE;
  const name = session.type === 'SCSApplied' ? 'stimulation' : 'dose';
  const why = `Readings at ${windowMinutes.join(', ')} min after the ${name}, each within ${minuteTolerance(protocol)} min; at least ${minPoints} of them.`;
  return windowMinutes
    .filter((minute) => session.at + minute * MINUTE < untilMs && readings.countMinutes([minute]) === 0)
    .map((minute) => {
      const due = session.at + minute * MINUTE;
      return taskOf(
        id,
        session,
        {
          kind: 'reading',
          what: `Reading at ${minute} min${kind.command === 'RecordThreshold' ? '' : `: ${kind.name}`}`,
          command: kind.command,
          data: { ...kind.data, session: session.number, minute },
          why,
        },
        {
          from: Math.max(session.at, due - tolerance),
          due,
          overdueAfter: due + tolerance,
          until: Math.max(endOfItsDay(session), due + tolerance),
        },
      );
    });
}
