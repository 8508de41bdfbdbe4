import { CATALOGUE } from '../../study/catalogue.js';
import type { CommandDefinition, StudyCommand } from '../../study/commands/common/command.js';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import { stateInFull, statementOf, type Corrections } from '../../study/commands/common/state-in-full.js';
import { instantMs } from '../../study/instant.js';
import type { StudyRecord } from '../../study/record.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { PersonId } from '../../study/schema.js';
import { isReviewed, makersOf } from '../../study/signatures/makers.js';
import { directorOf, factNumbered, isGoverned, type Study } from '../../study/study.js';
import { MANAGEMENT, QUALITY, THE_STUDY_DIRECTOR, type Who } from '../../study/who.js';
import type { Lab } from '../lab.js';
import { authorise, type Authority } from './authority.js';
import { dayIn } from './day-in.js';
import { excludingGrants, holds, individualOf, rolesOf, siteInForce } from './standing.js';

/**
 * Whether a command of a study may be given, and in which role: decided with the command itself, on the lab and the study
 * as they are folded then. Flags are codes for the record.
 */
export function authoriseCommand(
  lab: Lab,
  definition: CommandDefinition,
  command: StudyCommand,
  study: Study,
  atMs: number,
): Authority | Refusal {
  const { submission } = command;
  const need = { study: submission.study, director: directorOf(study), what: definition.name };
  const authority = definition.who.isOwnOrStudyDirector
    ? authoriseCorrection(lab, command as StudyCommand & Naming, study, need, atMs)
    : authorise(
        lab,
        submission,
        { ...need, who: definition.whoFor?.(command, study) ?? definition.who },
        atMs,
      );
  if (authority instanceof Refusal) return authority;
  if (lab.people.begunAt === undefined) return authority;
  const stated = statedBy(definition, command, study);
  const isForQuality =
    authority.role === 'quality' ||
    (definition.records !== 'RecordVoided' && definition.who.roles.includes('quality'));
  return (
    (isForQuality
      ? undefined
      : refuseQuality(lab, submission.actor, submission.study, definition.name, atMs)) ??
    (authority.role === 'quality' ? refuseMaker(lab, submission.actor, study) : undefined) ??
    refuseConflict(lab, definition, command, study, atMs) ??
    stated.definition.mayNot?.(stated.command, authority.role, study) ??
    refuseUnregistered(lab, stated) ??
    refuseUnqualified(lab, definition, command, atMs) ??
    authority
  );
}

/** Whoever makes a record of a study is never its quality assurance, over all ids of the same human. */
function refuseQuality(
  { people }: Lab,
  actor: string,
  study: string,
  what: string,
  atMs: number,
): Refusal | undefined {
  for (const id of individualOf(people, actor)) {
    const grant = people.persons
      .get(id)
      ?.grants.find((one) => one.role === 'quality' && holds(one, atMs) && (one.study ?? study) === study);
    if (!grant) continue;
    return refuse(
      'role-conflict',
      `${actor} may not ${what} in ${study}: ${id} is its quality assurance (lab record ${grant.number}). An administrator revokes that role first, and it is not granted again.`,
    );
  }
  return undefined;
}

/** Whoever took part in a study, under any id, vouches for it as quality assurance never again. */
function refuseMaker({ people }: Lab, actor: string, study: Study): Refusal | undefined {
  const ids = individualOf(people, actor);
  for (const { number, record } of study.records) {
    if (record.actorrole === 'quality' || !isReviewed(record)) continue;
    const maker = makersOf(record).find((person) => ids.has(person));
    if (maker === undefined) continue;
    return refuse(
      'role-conflict',
      `${actor} is no quality assurance of ${study.code}: record ${number} was made by ${maker}, or names ${maker} as taking part. Somebody who made none of it does this.`,
    );
  }
  return undefined;
}

/** In a study whose acts are signed, nobody acts with roles that conflict, nor is put into a place with them. */
function refuseConflict(
  { people }: Lab,
  definition: CommandDefinition,
  command: StudyCommand,
  study: Study,
  atMs: number,
): Refusal | undefined {
  const { governance } = command.data as { readonly governance?: string };
  const isGovernedThen = definition.records === 'StudyOpened' ? governance === 'signed' : isGoverned(study);
  if (!isGovernedThen) return undefined;
  const { actor, study: code } = command.submission;
  const put = definition.puts?.(command).person;
  for (const person of put === undefined ? [actor] : [actor, put]) {
    const pair = excludingGrants(people, person, code, atMs);
    if (!pair) continue;
    const roles = pair.map(({ role, number }) => `${role} (lab record ${number})`).join(' and ');
    return refuse(
      'role-conflict',
      `${person} holds ${roles}, and acts of ${code} are signed: no roles conflict there. An administrator revokes one of them first.`,
    );
  }
  return undefined;
}

interface Stated {
  readonly definition: CommandDefinition;
  readonly command: Pick<StudyCommand, 'submission' | 'data'>;
}

/**
 * A correction states a fact as its own command does, and may say no more than that. What opened a study is left out: whoever
 * directs it now corrects its title, and the director named then stays.
 */
function statedBy(definition: CommandDefinition, command: StudyCommand, study: Study): Stated {
  const { submission, data } = command;
  if (definition.records !== 'RecordCorrected') return { definition, command };
  const correction = data as Corrections & { readonly target: { readonly number: number } };
  const fact = factNumbered(study, correction.target.number);
  const first = fact && CATALOGUE.find(({ records, phase }) => records === fact.type && phase !== 'study');
  if (!first) return { definition, command };
  return {
    definition: first,
    command: { submission, data: stateInFull(statementOf(fact, first), correction).data },
  };
}

interface Naming {
  readonly data: {
    readonly target: { readonly number: number };
    /** The record that holds now, where the fact was corrected before. */
    readonly replaces?: { readonly number: number };
  };
}

interface Need {
  readonly study: string;
  readonly director: string | undefined;
  readonly what: string;
}

/** One’s own records of the same day may be put right by whoever may make them, any record by the study’s director. */
function authoriseCorrection(
  lab: Lab,
  command: StudyCommand & Naming,
  study: Study,
  need: Need,
  atMs: number,
): Authority | Refusal {
  const { submission } = command;
  const { target, replaces = target } = command.data;
  const record = study.records.at(target.number)?.record;
  const holding = study.records.at(replaces.number)?.record;
  // What quality assurance or management recorded, they withdraw themselves: the director has no part in it.
  const maker = record && whoMakes(record);
  if (maker === QUALITY || maker === MANAGEMENT)
    return authorise(lab, submission, { ...need, who: maker }, atMs);
  const zone = siteInForce(lab.people)?.zone ?? 'UTC';
  const isOwn =
    record?.actor === submission.actor &&
    holding?.actor === submission.actor &&
    record.importer === undefined &&
    dayIn(zone, instantMs(record.recordedtime) ?? 0) === dayIn(zone, atMs);
  const own = isOwn ? authorise(lab, submission, { ...need, who: whoMakes(record) }, atMs) : undefined;
  if (own && !(own instanceof Refusal)) return own;
  const answer = authorise(lab, submission, { ...need, who: THE_STUDY_DIRECTOR }, atMs);
  if (!(answer instanceof Refusal)) {
    const made = [record, holding].every((one) => one === undefined || one.actor === submission.actor);
    if (lab.people.begunAt === undefined || made) return answer;
    return { ...answer, flags: [...answer.flags, 'by-another'].sort() };
  }
  if (answer.code !== 'not-permitted' || isOwn) return own ?? answer;
  return refuse(
    'not-permitted',
    `${submission.actor} may not ${need.what}: whoever entered a record by hand may put it right on the day of the entry (${zone}); later, and for imported rows and records of others, the study’s director does (${need.director ?? 'not named'}).`,
  );
}

/** Who may make such a record. A correction is made by whoever may state the fact. */
function whoMakes(record: StudyRecord): Who {
  const type =
    record.type === 'RecordCorrected' ? (record.data as { corrects: string }).corrects : record.type;
  const { who } = CATALOGUE.find(({ records }) => records === type) ?? {};
  return who?.isOwnOrStudyDirector ? THE_STUDY_DIRECTOR : (who ?? THE_STUDY_DIRECTOR);
}

/** New records name registered persons only. */
function refuseUnregistered({ people }: Lab, { definition, command }: Stated): Refusal | undefined {
  for (const name of fieldsOfPersons(definition.command)) {
    const id = (command.data as Record<string, unknown>)[name];
    if (typeof id !== 'string' || people.persons.has(id)) continue;
    const message = `data.${name} is ${id}, who is not registered: write the id of a registered person, or an administrator registers ${id} first.`;
    return refuse('person-unknown', message, `data.${name}`);
  }
  return undefined;
}

const named = new WeakMap<object, readonly string[]>();

function fieldsOfPersons(command: CommandDefinition['command']): readonly string[] {
  let names = named.get(command);
  if (!names) {
    const fields = [...fieldsOf(dataClassOf(command))];
    names = fields.filter(([, { schema }]) => schema === PersonId).map(([name]) => name);
    named.set(command, names);
  }
  return names;
}

/** A person whom the command puts into a place needs the role for it. */
function refuseUnqualified(
  { people }: Lab,
  definition: CommandDefinition,
  command: StudyCommand,
  atMs: number,
): Refusal | undefined {
  const need = definition.puts?.(command);
  if (!need) return undefined;
  const { person, role, field } = need;
  const { ofFacility } = definition.who;
  const held = rolesOf(people.persons.get(person), atMs, ofFacility ? undefined : command.submission.study);
  if (held.has(role)) return undefined;
  const message = `${person} holds no role ${role}${ofFacility ? ' for the facility' : ''}: an administrator grants it first.`;
  return refuse('not-permitted', message, field);
}
