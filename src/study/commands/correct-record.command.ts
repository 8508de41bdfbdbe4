import { Type } from '../schema-types.js';
import { FOUND_LATER, decide, type Circumstances } from '../decide.js';
import { decideMisfit } from '../decide-misfit.js';
import type { FactType } from '../events/events.js';
import { versionOf } from '../events/versions.js';
import { instantMs } from '../instant.js';
import { parseCommand } from '../parse.js';
import { isDose } from '../rules/administration.js';
import { isTimeAssumed } from '../rules/elapsed.js';
import { Refusal, refuse, refuseAll, type FieldError } from '../refusal.js';
import type { RefusalCode } from '../refusal-codes.js';
import { Instant, RecordReference, SubjectId, described } from '../schema.js';
import { isGoverned, withoutFact, type Fact, type Study } from '../study.js';
import {
  StudyCommand,
  defineCommand,
  propose,
  type CommandDefinition,
  type IsTrained,
  type Proposal,
} from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { OF_A_LIVING_ANIMAL } from './common/living-animal.js';
import { withRoute } from './common/route.js';
import {
  checkNothingRestsOn,
  checkReference,
  findEffectiveFact,
  resolveReference,
} from './common/reference.js';
import {
  checkRemoved,
  namesNothing,
  stateInFull,
  statementOf,
  type Statement,
} from './common/state-in-full.js';
import { CORRECTING } from '../who.js';

const MemberPath = described('a path of member names, such as anaesthesia.concentration', {
  pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
  maxLength: 200,
});

class Correction {
  @Required(
    RecordReference,
    'The record that first stated the fact: its number, and its leaf hash to be sure.',
  )
  target!: { number: number; leaf?: string };

  @Optional(RecordReference, 'The record that holds now, where the fact was corrected before.')
  replaces?: { number: number; leaf?: string };

  @Optional(SubjectId, 'The right animal, where another was named.')
  subject?: string;

  @Optional(Instant, 'When it really happened, where another time was given.')
  occurredAt?: string;

  @Optional(
    Type.Object({}),
    'Members of the fact as they should have been entered; what is not named stays as it holds. Objects are merged member by member, lists are replaced.',
  )
  corrected?: Record<string, unknown>;

  @Optional(
    Type.Array(MemberPath, { minItems: 1, maxItems: 100, uniqueItems: true }),
    'Members of the fact that are left out from now on, such as anaesthesia.concentration.',
  )
  removed?: string[];
}

/**
 * Puts a record right by a new one that replaces what it says. The old one stays, is shown beside it, and every
 * earlier tree size still answers with it.
 */
export class CorrectRecord extends StudyCommand {
  @Data(Correction) readonly data!: Correction;
}

export const CHANGE_DIRECTOR = 'the study director hands the study over, or management replaces the director';

/** What is not corrected but followed by a new record, and by which. */
export const FOLLOWED: Readonly<Partial<Record<FactType, string>>> = {
  ProtocolApproved: 'amend the protocol',
  ProtocolAmended: 'amend the protocol',
  StudyHandedOver: CHANGE_DIRECTOR,
  DirectorReplaced: CHANGE_DIRECTOR,
  ImportMappingSaved: 'save the mapping that is meant',
  InspectionRecorded: 'quality assurance voids it, and records the inspection again',
  InspectionReported: 'quality assurance voids it, and records the report again',
  EntryDiscarded: 'void it, and the entry can be sent again',
  SignatureApplied: 'correct or void what was signed, and sign what holds then',
  TrailReviewed: 'review the range again',
  RecordWitnessed: 'void it, and witness the record that is meant',
  StudyReopened: 'close the study again',
  StudyArchived: 'the study director reopens the study, and management archives it again',
};

/** Where acts hold from a signature, what was signed would not be what holds. */
const CLOSE_AGAIN = 'void it while it is not signed, or reopen the study, and close it again';

function followedBy(study: Study, { type }: Fact): string | undefined {
  return FOLLOWED[type] ?? (type === 'StudyClosed' && isGoverned(study) ? CLOSE_AGAIN : undefined);
}

/** A correction is decided by the command that recorded the fact, so this definition needs all the others. */
export function correctRecordAmong(
  definitions: readonly CommandDefinition[],
): CommandDefinition<CorrectRecord> {
  return defineCommand(CorrectRecord, {
    phase: 'record',
    who: CORRECTING,
    summary: 'Correct a record',
    records: 'RecordCorrected',
    refuses: listRefusals(definitions),
    afterClose: true,
    beforeProtocol: true,
    reasonRequired: true,
    example: {
      reason: 'Digits swapped when copying from the balance',
      data: {
        target: { number: 57 },
        corrected: { weight: { value: '243.70' } },
      },
    },
    check: ({ data }, { study }) => [
      checkReference(study, data.target, 'data.target'),
      checkReference(study, data.replaces, 'data.replaces'),
    ],
    decide(command, { study, isTrained }) {
      const held = findTarget(command, study);
      if (held instanceof Refusal) return held;
      const definition = definitions.find(({ records }) => records === held.fact.type);
      const instead = followedBy(study, held.fact);
      if (!definition || instead !== undefined) {
        return refuse('not-correctable', `A ${held.fact.type} is not corrected: ${instead}.`, 'data.target');
      }
      const holds = statementOf(held.fact, definition);
      const stated = stateInFull(holds, command.data);
      return (
        refuseAll([
          checkSubject(command, study, held.fact),
          checkDirectorKept(command, held),
          checkGovernanceKept(command, held),
          ...checkRemoved(holds, command.data.removed),
        ]) ??
        (namesNothing(command.data)
          ? refuse(
              'nothing-corrected',
              `The correction of record ${held.fact.holder} names nothing: name in “corrected” what is wrong with it, or withdraw it with VoidRecord.`,
              'data.corrected',
            )
          : decideCorrection(definition, command, study, { ...held, stated }, isTrained))
      );
    },
  });
}

/** A correction is refused with its own codes, and with those of the command that first stated the fact. */
function listRefusals(definitions: readonly CommandDefinition[]): RefusalCode[] {
  const correctable = definitions.filter(({ phase }) => phase !== 'study');
  return [
    ...new Set<RefusalCode>([
      'leaf-mismatch',
      'not-a-fact',
      'not-correctable',
      'not-in-force',
      'nothing-corrected',
      'others-rest-on-it',
      'record-unknown',
      ...OF_A_LIVING_ANIMAL,
      ...correctable.flatMap(({ refuses }) => refuses),
    ]),
  ];
}

interface Held {
  readonly target: { number: number; leaf: string };
  readonly replaces: { number: number; leaf: string };
  readonly fact: Fact;
}

/** The fact that the command names; refused unless the command names the record that holds now. */
function findTarget({ data }: CorrectRecord, study: Study): Held | Refusal {
  const target = resolveReference(study, data.target, 'data.target');
  if (target instanceof Refusal) return target;
  const replaces = resolveReference(study, data.replaces ?? target, 'data.replaces');
  if (replaces instanceof Refusal) return replaces;
  const fact = findEffectiveFact(study, target.number);
  if (fact instanceof Refusal) return fact;
  if (fact.holder !== replaces.number) {
    return refuse(
      'not-in-force',
      `Record ${fact.holder} holds now, not ${replaces.number}: look at it, and name it in “replaces”.`,
      'data.replaces',
    );
  }
  return { target, replaces, fact };
}

function checkSubject(
  { data: { subject } }: CorrectRecord,
  study: Study,
  fact: Fact,
): Refusal<'field-unknown' | 'others-rest-on-it'> | undefined {
  if (subject === undefined || subject === fact.subject) return undefined;
  if (fact.subject !== undefined) return checkNothingRestsOn(study, fact, 'data.subject');
  return refuse('field-unknown', 'This record is about the whole study and names no animal.', 'data.subject');
}

/** Who directs a study changes by a record that says so, with its own authority. */
function checkDirectorKept({ data }: CorrectRecord, { fact }: Held): Refusal<'not-correctable'> | undefined {
  if (fact.type !== 'StudyOpened') return undefined;
  const { director } = (fact as Fact<'StudyOpened'>).data;
  const { director: named = director } = data.corrected ?? {};
  if (named === director) return undefined;
  return refuse(
    'not-correctable',
    `The director (${director}) is not changed by a correction: ${CHANGE_DIRECTOR}.`,
    'data.corrected.director',
  );
}

/** A study does not change afterwards what its acts need before they hold. */
function checkGovernanceKept(
  { data: { corrected = {}, removed = [] } }: CorrectRecord,
  { fact }: Held,
): Refusal<'not-correctable'> | undefined {
  if (fact.type !== 'StudyOpened') return undefined;
  const { governance } = (fact as Fact<'StudyOpened'>).data;
  const { governance: named = governance } = corrected;
  if (named === governance && !removed.includes('governance')) return undefined;
  return refuse(
    'not-correctable',
    `The governance (${governance ?? 'none'}) is chosen when a study is registered and cannot be changed: register another study for another one.`,
    'data.corrected.governance',
  );
}

/** Decides the fact as its own command would have been decided then, without the fact that is corrected. */
function decideCorrection(
  definition: CommandDefinition,
  command: CorrectRecord,
  study: Study,
  { target, replaces, fact, stated }: Held & { readonly stated: Statement },
  isTrained: IsTrained | undefined,
): Proposal | Refusal {
  const { occurredAt, subject, enteredAt } = stated;
  const about = subject === undefined ? {} : { subject };
  const route = isDose(fact) ? fact.data.route : undefined;
  const data = withRoute(stated.data, route);
  const entered = enteredAt === undefined ? {} : { enteredAt };
  const body = { ...about, occurredAt, ...entered, reason: command.reason, data };
  const { submission } = command;
  const { recordedtime, actor, labsize = 0 } = study.records.at(target.number)!.record;
  const circumstances: Circumstances = {
    nowMs: instantMs(recordedtime) ?? 0,
    isTrained: isTrained && ((person, name, time) => isTrained(person, name, time, labsize)),
    correcting: {
      protocolVersion: fact.protocolVersion,
      assumedAt: isTimeAssumed(fact) ? fact.at : undefined,
      actor,
      isFoundLater: fact.data.flags?.includes(FOUND_LATER) === true,
    },
  };
  const before = withoutFact(study, target.number);
  const parsed = parseCommand(definition, body, submission);
  const decided =
    parsed instanceof Refusal
      ? decideMisfit(definition, { body, submission, refusal: parsed }, before, circumstances)
      : decide<StudyCommand>(definition, parsed, before, circumstances);
  if (decided instanceof Refusal) return renameFields(decided);
  return {
    ...propose('RecordCorrected', {
      target,
      replaces,
      corrects: fact.type,
      ...(versionOf(fact.type) > 1 && { correctsVersion: versionOf(fact.type) }),
      ...about,
      occurredAt,
      corrected: data === stated.data ? decided.data : { ...decided.data, route },
    }),
    ...about,
    protocolVersion: fact.protocolVersion,
  };
}

/** The fields by the names under which the sender of the correction knows them, in the sentences as well. */
function renameFields({ code, message, field, errors }: Refusal): Refusal {
  if (field === undefined) return refuse(code, message);
  const first = renameField({ code, detail: message, field });
  return new Refusal(code, first.detail, first.field, errors?.map(renameField));
}

function renameField({ code, detail, field }: FieldError): FieldError {
  if (field === 'reason') return { field, code, detail };
  const named = field.startsWith('data.') ? `data.corrected.${field.slice(5)}` : `data.${field}`;
  return { field: named, code, detail: detail.replace(field, () => named) };
}
