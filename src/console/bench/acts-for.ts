import { individualOf, rolesOf } from '../../lab/people/standing.js';
import { openActs, type OpenAct } from '../../study/signatures/open-acts.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { signatureAsked } from '../../study/signatures/meanings.js';
import { directorOf, isGoverned } from '../../study/study.js';
import type { BenchAsked } from '../page.js';
import { addressOfAct } from '../parts/act-address.js';

/** What of a study waits for the reader; without a reader, all that waits. */
export function actsFor({
  view: { study },
  lab: { people },
  reader: { person },
  nowMs,
}: BenchAsked): OpenAct[] {
  const acts = openActs(study);
  if (person === undefined) return acts;
  const roles = rolesOf(people.persons.get(person), nowMs, study.code);
  const ids = individualOf(people, person);
  return acts.filter(({ waitsFor }) =>
    'persons' in waitsFor
      ? waitsFor.persons.includes(person)
      : waitsFor.roles.some((role) => roles.has(role)) && !waitsFor.except.some((one) => ids.has(one)),
  );
}

/**
 * Where the reader signs what they have just recorded, and comes to `next` afterwards. Undefined where the record asks for no
 * signature of theirs: only inspections are signed in every study.
 */
export function signingAfter(
  { view: { study }, reader: { person } }: BenchAsked,
  { records }: CommandDefinition,
  body: object,
  number: number | undefined,
  next: string,
): string | undefined {
  const isAsked = isGoverned(study) || records === 'InspectionRecorded';
  if (!isAsked || person === undefined || number === undefined) return undefined;
  const isFoundByDirector = 'afterClose' in body && person === directorOf(study);
  const meaning = signatureAsked(records) ?? (isFoundByDirector ? 'approved' : undefined);
  if (meaning === undefined) return undefined;
  const { to, query } = addressOfAct({ next: { sign: meaning }, record: number }, next);
  return `/studies/${study.code}${to}?${new URLSearchParams({ ...query, recorded: `${number}` })}`;
}
