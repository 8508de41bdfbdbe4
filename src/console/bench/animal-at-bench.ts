import { decide } from '../../study/decide.js';
import { DAY, localDay, localInstant } from '../../study/instant.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import type { Flag } from '../../study/commands/common/flags.js';
import { parseCommand } from '../../study/parse.js';
import type { Protocol } from '../../study/protocol.js';
import type { Quantity } from '../../study/quantity.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Fact, Subject } from '../../study/study.js';
import { weighingsOf, weightIn } from '../../study/welfare/weights.js';
import type { BenchAsked } from '../page.js';

/** An animal that can be treated, with what has happened to it, and the protocol of today. */
export interface AnimalAtBench {
  readonly id: string;
  readonly subject: Subject;
  readonly history: readonly Fact[];
  readonly protocol: Protocol;
}

/** The protocol in force now; the first one where none is in force yet. */
export function protocolNow({
  view: { protocols, study },
  nowMs,
}: BenchAsked): Protocol | Refusal<'no-protocol'> {
  const version = protocols.inForceAt(nowMs) ?? protocols.versions[0];
  return (
    version?.protocol ??
    refuse('no-protocol', `${study.code} has no approved protocol yet: approve one first.`)
  );
}

/** The animal of the address, as `?animal=R14`. What was entered before it died is shown again afterwards. */
export function animalAtBench(asked: BenchAsked, id = asked.query['animal'] ?? ''): AnimalAtBench | Refusal {
  const { study } = asked.view;
  const protocol = protocolNow(asked);
  if (protocol instanceof Refusal) return protocol;
  const subject = study.subjects.get(id);
  if (!subject?.enrolled)
    return refuse(
      'subject-unknown',
      `${id.slice(0, 60)} is not enrolled in ${study.code}: choose an animal.`,
      'animal',
    );
  const { died } = subject;
  if (died && !asked.posted)
    return refuse('subject-dead', `${id} is dead (record ${died.holder}).`, 'animal');
  return { id, subject, history: subject.facts.toArray(), protocol };
}

/** The last weight of an animal. */
export interface LatestWeight {
  readonly weight: Quantity;
  readonly record: number;
  readonly at: string;
  /** Whole calendar days ago; 0 is today. */
  readonly daysAgo: number;
}

export function latestWeight(history: readonly Fact[], asked: BenchAsked): LatestWeight | undefined {
  const last = weighingsOf(history).at(-1);
  if (!last) return undefined;
  const { fact } = last;
  return { weight: weightIn(fact)!, record: fact.holder, at: fact.time, daysAgo: daysSince(fact, asked) };
}

/** Calendar days on the clock of the facility, from when something happened until now. */
export function daysSince({ at }: Pick<Fact, 'at'>, { nowMs, offsetMinutes }: BenchAsked): number {
  return localDay(localInstant(nowMs, offsetMinutes)) - Math.floor((at + offsetMinutes * 60_000) / DAY);
}

/** The codes of `foreseen`. */
export function foreseenFlags(...entry: Parameters<typeof foreseen>): readonly string[] {
  return foreseen(...entry).map(({ code }) => code);
}

/** What would be irregular about an entry if it were recorded now; nothing where it would be refused. */
export function foreseen(
  { view, nowMs, offsetMinutes, newId }: BenchAsked,
  definition: CommandDefinition,
  body: Readonly<Record<string, unknown>>,
): readonly Flag[] {
  const submission = { id: newId(), study: view.study.code, actor: '', role: '', offsetMinutes };
  const command = parseCommand(definition, { ...body, reason: body['reason'] ?? 'not said yet' }, submission);
  if (command instanceof Refusal) return [];
  const decided = decide(definition, command, view.study, { nowMs });
  return decided instanceof Refusal ? [] : decided.irregular;
}
