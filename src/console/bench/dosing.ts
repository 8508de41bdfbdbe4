import { administerKetamine } from '../../study/commands/administer-ketamine.command.js';
import { administerSubstance } from '../../study/commands/administer-substance.command.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { isPerWeight } from '../../study/dose.js';
import type { Substance } from '../../study/protocol/treatments.js';
import { doseTitration } from '../../study/projections/dose-titration.projection.js';
import { View } from '../../study/projections/projection.js';
import { proposeDose, type ProposedDose } from '../../study/projections/next-dose.js';
import { AnyConcentration, AnyDose, BodyWeight, Volume, type Quantity } from '../../study/quantity.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { administrationOf, substanceOf } from '../../study/rules/administration.js';
import { isDose, type Administration } from '../../study/rules/administration.js';
import { followDose, settleDose, type Stated, type ThreeWays } from '../../study/rules/follow-dose.js';
import { ketamineIn, substancesOf, titratedIn } from '../../study/rules/planned.js';
import { waitsBefore, type Wait } from '../../study/rules/wait.js';
import { isPlainObject, matches } from '../../study/schema.js';
import type { Steps } from '../../study/steps.js';
import { readForm } from '../forms/read-form.js';
import type { BenchAsked } from '../page.js';
import {
  animalAtBench,
  foreseenFlags,
  latestWeight,
  type AnimalAtBench,
  type LatestWeight,
} from './animal-at-bench.js';
import { mergeValues } from './prefilled.js';

const [KETAMINE, SUBSTANCE] = [administerKetamine, administerSubstance] as unknown as readonly [
  CommandDefinition,
  CommandDefinition,
];

type Values = Readonly<Record<string, unknown>>;

/** A dose that is about to be given, with all that the records and the protocol say of it. */
export interface Dosing {
  readonly animal: string;
  readonly substances: readonly Substance[];
  readonly planned: Substance;
  readonly definition: CommandDefinition;
  readonly body: Values;
  readonly proposal: ProposedDose;
  readonly weight: LatestWeight | undefined;
  readonly waits: readonly Wait[];
  readonly last: Administration | undefined;
  /** The record of the catheter that says the route, where neither the plan nor an earlier dose does. */
  readonly throughCatheter: number | undefined;
  /** It may be given intrathecally, and no catheter is on record. */
  readonly lacksCatheter: boolean;
  /** What is proposed and what was typed of the dose three ways, and what follows. */
  readonly proposed: Stated;
  readonly typed: Stated;
  readonly ways: ThreeWays;
  /** What it would be flagged with now. */
  readonly flags: readonly string[];
}

export function* dosingOf(asked: BenchAsked): Steps<Dosing | Refusal> {
  const animal = animalAtBench(asked);
  if (animal instanceof Refusal) return animal;
  const substances = substancesOf(animal.protocol);
  const planned = chosenSubstance(asked, animal, substances);
  if (planned instanceof Refusal) return planned;
  const definition = commandFor(animal, planned);
  const { protocols, study } = asked.view;
  yield;
  const given =
    (yield* doseTitration.steps(new View(study, asked.nowMs, animal.id))).subjects[0]?.doses ?? [];
  const isTitrated = titratedIn(animal.protocol)?.id === planned.id;
  const proposal = proposeDose(planned, isTitrated, animal.history, given);
  const weight = latestWeight(animal.history, asked);
  const last = animal.history.findLast(
    (fact) => isDose(fact) && substanceOf(fact, protocols).id === planned.id,
  );
  const before = isDose(last) ? administrationOf(last) : undefined;

  const catheter = animal.history.findLast(({ type }) => type === 'CatheterImplanted');
  const route = planned.route ?? before?.route;
  const throughCatheter = route === undefined ? catheter?.holder : undefined;
  const lacksCatheter = !catheter && (route ?? 'intrathecal') === 'intrathecal';
  const plan = {
    ...planFor(planned, proposal, before),
    ...(throughCatheter !== undefined && { route: 'intrathecal' }),
  };

  const pairs = asked.posted ? withOther(asked.posted.pairs) : new URLSearchParams(asked.query);
  const read = readForm(definition, pairs, asked.inZone);
  const typed = statedIn(read);
  const proposed: Stated = {
    ...(proposal.dose && { [wayOf(proposal.dose)]: proposal.dose }),
    ...(planned.volume && { volume: planned.volume }),
    ...(weight?.daysAgo === 0 && { weight: weight.weight }),
  };
  // What was sent is the person's own, what was emptied too.
  const settled = asked.posted ? typed : settleDose(proposed, typed);
  const ways = followDose(settled, unitsOf(settled, proposal.dose ?? planned.doses?.[0]));
  const body = mergeValues(
    asked.posted ? {} : { subject: animal.id, data: { ...plan, ...dataOf(settled, ways) } },
    mergeValues(read, { subject: animal.id, data: dataOf(settled, ways) }),
  );
  return {
    animal: animal.id,
    substances,
    planned,
    definition,
    body,
    proposal,
    weight,
    waits: waitsBefore(planned, animal.history, animal.protocol, protocols),
    last: before,
    throughCatheter,
    lacksCatheter,
    proposed,
    typed,
    ways,
    flags: foreseenFlags(asked, definition, withoutSubstance(definition, body)),
  };
}

/**
 * The command that records a dose, and its body, from what a form says and from nothing else: a form that was kept says the
 * same whatever was recorded since. The form names its substance where that is not ketamine.
 */
export function dosePosted(
  { inZone }: Pick<BenchAsked, 'inZone'>,
  pairs: URLSearchParams,
): { definition: CommandDefinition; body: object } {
  const definition = pairs.has('data.substance') ? SUBSTANCE : KETAMINE;
  return { definition, body: readForm(definition, withOther(pairs), inZone) };
}

/** Without a script the dose can be typed in its other reading: where that says something, it is the dose. */
function withOther(pairs: URLSearchParams): URLSearchParams {
  const [value, unit] = ['other.value', 'other.unit'].map((name) => pairs.get(name)?.trim() ?? '');
  if (!value) return pairs;
  const swapped = new URLSearchParams(pairs);
  swapped.set('data.dose.value', value);
  swapped.set('data.dose.unit', unit ?? '');
  return swapped;
}

function chosenSubstance(
  { query, view }: BenchAsked,
  { protocol }: AnimalAtBench,
  substances: readonly Substance[],
): Substance | Refusal {
  const id = query['substance'];
  const planned =
    id === undefined
      ? (titratedIn(protocol) ?? substances[0])
      : substances.find((one) => one.id === id || (id === 'ketamine' && one === ketamineIn(protocol)));
  if (planned) return planned;
  if (id === undefined)
    return refuse(
      'protocol-lacks-section',
      `The protocol of ${view.study.code} gives no substance.`,
      'substance',
    );
  const ids = substances.map((one) => one.id).join(', ');
  return refuse(
    'substance-unknown',
    `The protocol gives no ${id.slice(0, 60)}; its substances are ${ids}.`,
    'substance',
  );
}

function commandFor({ protocol }: AnimalAtBench, { id }: Substance): CommandDefinition {
  return ketamineIn(protocol)?.id === id ? KETAMINE : SUBSTANCE;
}

/** What the plan says, and what the last dose was given from. */
function planFor(planned: Substance, { purpose }: ProposedDose, last: Administration | undefined): Values {
  const { route, vehicle, preservative, flush } = planned;
  const from = last && (planned.lots?.includes(last.lot ?? '') ?? true) ? last : undefined;
  return {
    substance: planned.id,
    ...(purpose && { purpose }),
    route: route ?? last?.route,
    vehicle: vehicle ?? last?.vehicle,
    preservative,
    flush,
    lot: from?.lot ?? (planned.lots?.length === 1 ? planned.lots[0] : undefined),
    expiry: from?.expiry,
  };
}

function withoutSubstance({ name }: CommandDefinition, body: Values): Values {
  if (name !== 'AdministerKetamine' || !isPlainObject(body['data'])) return body;
  const { substance: _, ...data } = body['data'];
  return { ...body, data };
}

function wayOf(dose: AnyDose): 'amount' | 'perWeight' {
  return isPerWeight(dose) ? 'perWeight' : 'amount';
}

function statedIn({ data }: Values): Stated {
  const { dose, volume, concentration, bodyWeight } = data as Record<string, unknown>;
  return {
    ...(matches(AnyDose, dose) && { [wayOf(dose as AnyDose)]: dose }),
    ...(matches(Volume, volume) && { volume: volume as Quantity }),
    ...(matches(AnyConcentration, concentration) && { concentration: concentration as Quantity }),
    ...(matches(BodyWeight, bodyWeight) && { weight: bodyWeight as Quantity }),
  };
}

/** The fields of the dose; a volume that follows is among them, a concentration that follows is not what was drawn up. */
function dataOf(settled: Stated, { followed }: ThreeWays): Values {
  const dose = settled.amount ?? settled.perWeight ?? plain(followed.amount);
  const volume = settled.volume ?? plain(followed.volume);
  return {
    ...(dose && { dose }),
    ...(volume && { volume }),
    ...(settled.concentration && { concentration: settled.concentration }),
    ...(settled.weight && { bodyWeight: settled.weight }),
  };
}

function plain(quantity: Quantity | undefined): Quantity | undefined {
  return quantity && { value: quantity.value, unit: quantity.unit };
}

/** What follows is written in the units of the plan. */
function unitsOf(settled: Stated, planned: AnyDose | undefined): { amount?: string; perWeight?: string } {
  const dose = settled.amount ?? settled.perWeight ?? planned;
  if (!dose) return {};
  return isPerWeight(dose as AnyDose)
    ? { perWeight: dose.unit, amount: dose.unit.replace(/\/kg$/, '') }
    : { amount: dose.unit, perWeight: `${dose.unit}/kg` };
}
