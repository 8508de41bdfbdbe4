import type {
  CommandDefinition,
  Situation,
  Stated,
  StudyCommand,
  Submission,
} from './commands/common/command.js';
import { checkStudy } from './commands/common/check-study.js';
import { checkEntered, checkNotFuture } from './commands/common/entry-times.js';
import { dataClassOf, fieldsOf, type Constructor } from './commands/common/fields.js';
import { checkReason, decide, isLate, situationOf, type Circumstances } from './decide.js';
import { checkAlive, checkEnrolled, withoutConsequences } from './commands/common/living-animal.js';
import { makeRecordable } from './events/recordable.js';
import { isWithin } from './mismatch.js';
import { MOST_ERRORS, Refusal, errorsOf, refuseAll } from './refusal.js';
import { isPlainObject } from './schema.js';
import type { Study } from './study.js';

/** A body that does not fit, and why not. */
export interface Misfit {
  readonly body: Readonly<Record<string, unknown>>;
  readonly submission: Submission;
  readonly refusal: Refusal;
}

/**
 * What else is wrong with a body that does not fit: its fields that fit are judged as far as that rests on no other ones. What
 * does not fit comes first, so that the code is the one of the shape.
 */
export function decideMisfit<C extends StudyCommand>(
  definition: CommandDefinition<C>,
  { body, submission, refusal }: Misfit,
  study: Study,
  circumstances: Circumstances,
): Refusal {
  const amiss = errorsOf(refusal).map(({ field }) => field);
  // Of one without a list nobody has read the body; where the list is full, there may be more than it tells.
  if (!refusal.errors || amiss.length >= MOST_ERRORS) return refusal;
  const fits = (field: string): boolean => !amiss.some((path) => isWithin(path, field));
  const dataClass = dataClassOf(definition.command);
  const { data: said } = body;
  const data = isPlainObject(said) ? fittingOf(dataClass, said, (name) => fits(`data.${name}`)) : {};
  const stated = { ...fittingOf(definition.command, body, fits), submission, data } as Stated<C>;
  const fields = [...fieldsOf(dataClass).keys()].map((name) => `data.${name}`);
  const isWhole = isPlainObject(said) && ['subject', 'occurredAt', ...fields].every(fits);
  if (!isWhole) {
    const instant = fits('occurredAt') ? undefined : Infinity;
    const situation = situationOf(stated, study, circumstances, instant);
    return refuseAll([refusal, ...judgeAlone(definition, stated, situation, circumstances)])!;
  }
  const command = Object.assign(definition.create(), stated, { data: Object.assign(new dataClass(), data) });
  const decided = decide(definition, command, study, circumstances);
  return refuseAll([refusal, decided instanceof Refusal ? decided : undefined])!;
}

function fittingOf(
  owner: Constructor,
  values: Readonly<Record<string, unknown>>,
  fits: (name: string) => boolean,
): object {
  const names = [...fieldsOf(owner).keys()].filter((name) => values[name] !== undefined && fits(name));
  return Object.fromEntries(names.map((name) => [name, makeRecordable(values[name])]));
}

/** Field by field. Where the time does not fit, `at` is infinite: all that is on record may have happened by then. */
function judgeAlone<C extends StudyCommand>(
  definition: CommandDefinition<C>,
  stated: Stated<C>,
  situation: Situation,
  { nowMs, correcting }: Circumstances,
): (Refusal | undefined)[] {
  const { animal, at, protocols, study } = situation;
  const barred = correcting ? undefined : checkStudy(definition, stated, study, protocols);
  if (barred) return [barred];
  const isTimed = at !== Infinity;
  const future = isTimed ? checkNotFuture(at, nowMs) : undefined;
  const happened = isTimed ? at : -Infinity;
  const untimely = future ?? (correcting ? undefined : checkEntered(stated, happened, nowMs));
  const unexplained = checkReason(definition, stated, [], isTimed && isLate(situation, nowMs));
  // Another version of the protocol may say something else.
  const isRuled = isTimed || protocols.versions.length < 2;
  const own = isRuled ? refuseAll(definition.check?.(stated, situation) ?? []) : undefined;
  if (!fieldsOf(definition.command).has('subject')) return [untimely, own, unexplained];
  if (stated.subject === undefined) return [untimely, withoutConsequences(own), unexplained];
  const isDue = !definition.anyAnimal || definition.refuses.includes('subject-unknown');
  const unknown = isDue ? checkEnrolled(animal) : undefined;
  if (unknown) return [untimely, unknown, withoutConsequences(own), unexplained];
  const isJudged = isTimed && !future && !definition.anyAnimal;
  return [untimely, isJudged ? checkAlive(situation) : undefined, own, unexplained];
}
