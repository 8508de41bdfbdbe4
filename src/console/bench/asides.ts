import type { CommandDefinition } from '../../study/commands/common/command.js';
import { Refusal } from '../../study/refusal.js';
import type { BenchAsked } from '../page.js';
import { protocolNow } from './animal-at-bench.js';
import type { Aside, AsideAsked, Values } from './aside.js';
import { decisionAside, euthanasiaAside } from './asides/endpoints.js';
import { eventAside } from './asides/events.js';
import { inductionAside } from './asides/induction.js';
import { measurementAside } from './asides/measurement.js';
import { sideEffectsAside, welfareAside } from './asides/scores.js';
import { weightAside } from './asides/weight.js';

/** The commands whose form says or asks more than their fields. */
const ASIDES: Readonly<Record<string, (asked: AsideAsked) => Aside | undefined>> = {
  RecordBodyWeight: weightAside,
  ScoreWelfare: welfareAside,
  ScoreSideEffects: sideEffectsAside,
  ReportAdverseEvent: eventAside,
  RecordIntervention: eventAside,
  DecideEndpoint: decisionAside,
  EuthaniseSubject: euthanasiaAside,
  RecordMeasurement: measurementAside,
  LigateNerve: inductionAside,
  InduceModel: inductionAside,
};

/** What stands beside the form of a command about the animal of the address; nothing where it names none. */
export function asideOf(asked: BenchAsked, definition: CommandDefinition, typed: Values): Aside | undefined {
  const make = ASIDES[definition.name];
  const animal = asked.query['animal'];
  const subject = animal === undefined ? undefined : asked.view.study.subjects.get(animal);
  const protocol = protocolNow(asked);
  if (!make || animal === undefined || !subject?.enrolled || protocol instanceof Refusal) return undefined;
  return make({ asked, definition, animal, history: subject.facts.toArray(), protocol, typed });
}
