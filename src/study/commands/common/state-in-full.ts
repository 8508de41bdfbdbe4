import { refuse, type Refusal } from '../../refusal.js';
import { isPlainObject, printable } from '../../schema.js';
import type { Fact } from '../../study.js';
import type { CommandForm } from './command.js';
import { dataClassOf, fieldsOf } from './fields.js';

type Members = Readonly<Record<string, unknown>>;

/** What a correction names of a fact. */
export interface Corrections {
  readonly subject?: string;
  readonly occurredAt?: string;
  readonly corrected?: Members;
  /** Paths of members that are left out, such as `anaesthesia.concentration`. */
  readonly removed?: readonly string[];
}

/** A fact as its command states it. */
export interface Statement {
  readonly subject: string | undefined;
  readonly occurredAt: string;
  readonly enteredAt: string | undefined;
  readonly data: Members;
}

/** What holds, as the command that states such facts would say it: without what the ledger added. */
export function statementOf(
  { data, subject, time }: Pick<Fact, 'data' | 'subject' | 'time'>,
  { command }: CommandForm,
): Statement {
  const fields = fieldsOf(dataClassOf(command));
  const { enteredAt } = data as { enteredAt?: string };
  return {
    subject,
    occurredAt: time,
    enteredAt,
    data: Object.fromEntries(Object.entries(data).filter(([name]) => fields.has(name))),
  };
}

/**
 * What should hold: what is named, and the rest from what holds. Members are left out first; then objects are merged member by
 * member (RFC 7396), and lists and single values replaced.
 */
export function stateInFull(
  held: Statement,
  { subject = held.subject, occurredAt = held.occurredAt, corrected = {}, removed = [] }: Corrections,
): Statement {
  const kept = removed.reduce((data, path) => without(data, path.split('.')), held.data);
  return { ...held, subject, occurredAt, data: merge(kept, corrected) };
}

/** Refuses to leave out what is not there. */
export function checkRemoved(
  { data }: Statement,
  removed: readonly string[] = [],
): Refusal<'field-unknown'>[] {
  return removed.flatMap((path, index) =>
    path
      .split('.')
      .reduce<unknown>(
        (inner, name) => (isPlainObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
        data,
      ) === undefined
      ? [
          refuse(
            'field-unknown',
            `data.removed[${index}] is “${printable(path)}”: the record that holds has no such member.`,
            `data.removed[${index}]`,
          ),
        ]
      : [],
  );
}

/** What restates all that holds is a correction all the same: somebody looked, and says so. */
export function namesNothing({ subject, occurredAt, corrected = {}, removed = [] }: Corrections): boolean {
  const isNamed = subject !== undefined || occurredAt !== undefined;
  return !isNamed && Object.keys(corrected).length === 0 && removed.length === 0;
}

function merge(held: Members, patch: Members): Members {
  const merged = new Map(Object.entries(held));
  for (const [name, value] of Object.entries(patch)) {
    const before = merged.get(name);
    merged.set(name, isPlainObject(before) && isPlainObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function without(members: Members, [name = '', ...rest]: readonly string[]): Members {
  const { [name]: inner, ...others } = members;
  if (rest.length === 0) return others;
  return isPlainObject(inner) ? { ...members, [name]: without(inner, rest) } : members;
}
