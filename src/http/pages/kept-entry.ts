import type { Sent, SentCommand } from '../../console/page.js';
import { discardEntry } from '../../study/commands/discard-entry.command.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import { Problem } from '../platform/problems.js';

/*
 * What the outbox of a browser adds to a form that it kept while there was no connection: `person`, who made the entry;
 * `enteredAt`, when; `lateBecause`, the reason where none was given and one is due; `discard`, the reason for which the entry
 * is given up, and `discardedAt`, when that was, where the discard was kept too; `show`, so that the form is only shown again.
 */

/** Whether a form asks what it would become. A word that is not understood does not record. @throws Problem */
export function isDryRun(address: string, pairs: URLSearchParams): boolean {
  const asked = [...new URL(address, 'http://localhost').searchParams, ...pairs];
  const words = asked.flatMap(([name, word]) => (name === 'dryRun' ? [word] : []));
  if (words.some((word) => word !== 'true' && word !== 'false'))
    throw new Problem('parameter-invalid', 'dryRun must be one of true, false.', 'dryRun');
  return words.includes('true');
}

/** A discard names its entry by when that was made. */
export function refuseDiscard(pairs: URLSearchParams): Refusal<'field-missing'> | undefined {
  if (!pairs.get('discard') || pairs.has('enteredAt')) return undefined;
  return refuse('field-missing', 'Say when the entry was made that is given up.', 'enteredAt');
}

/** An entry is recorded in a session of the person who made it. */
export function refuseOtherPerson(pairs: URLSearchParams, person = ''): Refusal<'person-other'> | undefined {
  const entered = pairs.get('person') ?? person;
  if (entered === person) return undefined;
  const [by, now] = [entered, person].map((one) => (one === '' ? 'nobody' : one.slice(0, 64)));
  return refuse('person-other', `This was entered by ${by}, and ${now} is signed in.`, 'person');
}

/** The commands as they are to be recorded now: with when they were entered, or discarded. */
export function keptCommands([first, ...others]: Sent['commands'], pairs: URLSearchParams): Sent['commands'] {
  const enteredAt = pairs.get('enteredAt');
  if (enteredAt === null) return [first, ...others];
  const [discard, discardedAt] = ['discard', 'discardedAt'].map((name) => pairs.get(name));
  const now = (command: SentCommand): SentCommand =>
    discard
      ? discarded(command, enteredAt, discard, discardedAt)
      : { ...command, body: { occurredAt: enteredAt, ...command.body, enteredAt } };
  return [now(first), ...others.map(now)];
}

/** A command with the reason that the outbox gives for lateness; undefined where it gives none, or the command is explained. */
export function withLateReason(command: SentCommand, pairs: URLSearchParams): SentCommand | undefined {
  const reason = pairs.get('lateBecause');
  if (!reason || pairs.has('discard') || 'reason' in command.body) return undefined;
  return { ...command, body: { ...command.body, reason } };
}

function discarded(
  { id, definition, study }: SentCommand,
  enteredAt: string,
  reason: string,
  discardedAt: string | null | undefined,
): SentCommand {
  return {
    id: idOfDiscard(id),
    definition: discardEntry,
    study,
    body: {
      ...(discardedAt && { occurredAt: discardedAt, enteredAt: discardedAt }),
      reason,
      data: { commandid: id, command: definition.name, enteredAt },
    },
  };
}

/** The id of a discard follows from that of its entry, so that it is recorded once: version 4 of version 7, and 7 of 4. */
export function idOfDiscard(id: string): string {
  return id.replace(
    /^(.{14})([47])/,
    (_, before: string, version: string) => `${before}${version === '4' ? '7' : '4'}`,
  );
}
