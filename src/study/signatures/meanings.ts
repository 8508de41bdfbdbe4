import type { EventData, EventType } from '../events/events.js';
import { refuse, type Refusal } from '../refusal.js';
import { closureOf, directorOf, findStatedFact, type Study } from '../study.js';
import {
  ANIMAL_CARE,
  MANAGEMENT,
  QUALITY,
  STUDY_READERS,
  THE_STUDY_DIRECTOR,
  VOUCHING,
  type Who,
} from '../who.js';
import { isReviewed, makersOf } from './makers.js';
import type { Covered, Meaning } from './statement.js';

/** What somebody wants to sign, and as what. */
export interface Signing {
  readonly meaning: Meaning;
  readonly covered: readonly Covered[];
}

/** Who signs which records with meanings that belong to acts. The others say what one did oneself. */
const ACTS: Readonly<Partial<Record<Meaning, Readonly<Partial<Record<EventType, Who>>>>>> = {
  witnessed: { RecordWitnessed: ANIMAL_CARE },
  approved: {
    ProtocolApproved: THE_STUDY_DIRECTOR,
    ProtocolAmended: THE_STUDY_DIRECTOR,
    StudyReopened: THE_STUDY_DIRECTOR,
    // The director who serves and the one named: `refuseHandOver`.
    StudyHandedOver: { roles: ['director'] },
    DirectorReplaced: MANAGEMENT,
  },
  acknowledged: { DeviationAcknowledged: THE_STUDY_DIRECTOR },
  inspected: { InspectionRecorded: QUALITY },
  closed: { StudyClosed: THE_STUDY_DIRECTOR },
  archived: { StudyArchived: MANAGEMENT },
};

/** The signature that a record asks of whoever makes it; undefined where it asks for none. */
export function signatureAsked(type: EventType): Meaning | undefined {
  if (type === 'TrailReviewed') return 'reviewed';
  return (Object.keys(ACTS) as Meaning[]).find((meaning) => ACTS[meaning]?.[type] !== undefined);
}

/** What is signed in an archived study. */
const OF_AN_ARCHIVED_STUDY: ReadonlySet<EventType> = new Set([
  'StudyArchived',
  'StudyReopened',
  'DirectorReplaced',
]);

/** Who may sign these records with this meaning: undefined where nobody may. The role acted in follows from it. */
export function whoSigns(study: Study, { meaning, covered }: Signing): Who | undefined {
  if (meaning === 'authored' || meaning === 'performed') return VOUCHING;
  if (meaning === 'reviewed') return STUDY_READERS;
  const [first, ...others] = [...numbersOf(study, covered)].map((number) => signerOf(study, meaning, number));
  return others.every((who) => who === first) ? first : undefined;
}

function signerOf(study: Study, meaning: Meaning, number: number): Who | undefined {
  const record = study.records.at(number)?.record;
  if (!record) return undefined;
  const who = ACTS[meaning]?.[record.type];
  if (who) return who;
  // What was found after the study was closed.
  return meaning === 'approved' && record.data.flags?.includes('after-close')
    ? THE_STUDY_DIRECTOR
    : undefined;
}

/** What is not signed any more, with whatever meaning, once the study is archived. */
export function refuseArchived(
  study: Study,
  covered: Signing['covered'],
): Refusal<'study-archived'> | undefined {
  if (closureOf(study).state !== 'archived') return undefined;
  const other = [...numbersOf(study, covered)].find((one) => !isOf(study, one, OF_AN_ARCHIVED_STUDY));
  return other === undefined
    ? undefined
    : refuse(
        'study-archived',
        `${study.code} is archived: only its archiving, its reopening and a new director are signed, and record ${other} is none of them.`,
        'data.records',
      );
}

export type MeaningRefusal = 'meaning-unfit' | 'own-record' | 'not-own-record' | 'study-archived';

/** Why records are not signed with this meaning by this person, whatever roles they hold. */
export function checkMeaning(
  study: Study,
  signing: Signing,
  /** Every id of the signer. */
  individual: ReadonlySet<string>,
): Refusal<MeaningRefusal> | undefined {
  const { meaning } = signing;
  const numbers = [...numbersOf(study, signing.covered)];
  const archived = refuseArchived(study, signing.covered);
  if (archived) return archived;
  if (meaning === 'reviewed') return checkReviewed(study, numbers, individual);
  const isOwn = meaning === 'authored' || meaning === 'performed' || meaning === 'witnessed';
  const others = isOwn ? numbers.find((one) => !isMadeBy(study, one, individual)) : undefined;
  if (others !== undefined)
    return refuse(
      'not-own-record',
      `Record ${others} is not yours: “${meaning}” is signed by whoever made a record or is named in it.`,
      'data.records',
    );
  const who = whoSigns(study, signing);
  if (who) return meaning === 'approved' ? checkTwoPersons(study, numbers, individual) : undefined;
  const types = [...new Set(numbers.map((one) => study.records.at(one)?.record.type))].join(', ');
  return refuse(
    'meaning-unfit',
    `“${meaning}” is not signed over ${types}: ${inWords(meaning)}. Sign records of one kind together.`,
    'data.meaning',
  );
}

/** The signatures of a hand-over are those of two humans, whatever ids they have. */
function checkTwoPersons(
  study: Study,
  numbers: readonly number[],
  individual: ReadonlySet<string>,
): Refusal<'own-record'> | undefined {
  const serving = directorOf(study) ?? '';
  for (const number of numbers) {
    const to = handedOverTo(study, number);
    if (to === undefined || to === serving || !individual.has(serving) || !individual.has(to)) continue;
    return refuse(
      'own-record',
      `Record ${number} hands the study over from ${serving} to ${to}, who are one person: withdraw it, and hand over to another one.`,
      'data.records',
    );
  }
  return undefined;
}

function handedOverTo(study: Study, number: number): string | undefined {
  const fact = findStatedFact(study, number);
  return fact?.type === 'StudyHandedOver' ? (fact.data as EventData<'StudyHandedOver'>).to : undefined;
}

/** One’s own reviews; or records of which one made nothing that a review is about. */
function checkReviewed(
  study: Study,
  numbers: readonly number[],
  individual: ReadonlySet<string>,
): Refusal<'own-record'> | undefined {
  const isOwnReview = numbers.every(
    (one) => study.records.at(one)?.record.type === 'TrailReviewed' && isMadeBy(study, one, individual),
  );
  const own = isOwnReview
    ? undefined
    : numbers.find((one) => isReviewed(study.records.at(one)!.record) && isMadeBy(study, one, individual));
  if (own === undefined) return undefined;
  return refuse(
    'own-record',
    `Record ${own} is your own: records are reviewed by somebody who made none of them.`,
    'data.records',
  );
}

/** A hand-over is signed by the director who serves and by the one who takes over. */
export function refuseHandOver(
  study: Study,
  { meaning, covered }: Signing,
  actor: string,
): Refusal | undefined {
  if (meaning !== 'approved') return undefined;
  for (const number of numbersOf(study, covered)) {
    const to = handedOverTo(study, number);
    if (to === undefined) continue;
    const serving = directorOf(study);
    if (actor === serving || actor === to) continue;
    return refuse(
      'not-permitted',
      `${actor} may not sign record ${number}: ${serving ?? 'the study’s director'} hands the study over to ${to}, and these two sign it.`,
      'data.records',
    );
  }
  return undefined;
}

/** Somebody who made a record, performed or observed what it states, or wrote what it attaches. */
function isMadeBy(study: Study, number: number, individual: ReadonlySet<string>): boolean {
  const record = study.records.at(number)?.record;
  if (!record) return false;
  const { contributor } = record.data as { readonly contributor?: string };
  return [...makersOf(record), contributor].some((person) => person !== undefined && individual.has(person));
}

function isOf(study: Study, number: number, types: ReadonlySet<EventType>): boolean {
  const record = study.records.at(number)?.record;
  return record !== undefined && types.has(record.type);
}

/** Of records that there are. */
function* numbersOf({ size }: Study, covered: readonly Covered[]): Generator<number> {
  for (const { from, to } of covered)
    for (let number = from; number <= to && number < size; number++) yield number;
}

/** What a meaning is for. */
function inWords(meaning: Meaning): string {
  return `it is for ${Object.keys(ACTS[meaning] ?? {}).join(', ')}`;
}
