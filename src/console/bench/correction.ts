import { commandNamed } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import {
  stateInFull,
  statementOf,
  type Corrections,
  type Statement,
} from '../../study/commands/common/state-in-full.js';
import { decide, type Decided } from '../../study/decide.js';
import { makeRecordable, Unrecordable } from '../../study/events/recordable.js';
import { parseCommand } from '../../study/parse.js';
import { MovingCharts } from '../../study/projections/moving-charts.js';
import { findingsOf, type Findings } from '../../study/projections/findings.js';
import type { Change } from '../../study/projections/member-changes.js';
import { isOf, type StudyRecord } from '../../study/record.js';
import { Refusal, errorsOf, type FieldError } from '../../study/refusal.js';
import { isPlainObject } from '../../study/schema.js';
import type { Steps } from '../../study/steps.js';
import { fold, type Fact, type Study } from '../../study/study.js';
import { alertsOf, type EndpointAlert } from '../../study/welfare/endpoints.js';
import { trainingIn } from '../../lab/people/training.js';
import { readForm } from '../forms/read-form.js';
import type { BenchAsked } from '../page.js';
import type { Correctable } from './changeable.js';

export const CORRECT_RECORD: CommandDefinition = commandNamed('CorrectRecord')!;

type Members = Readonly<Record<string, unknown>>;

/** What a form of a correction says: what it was begun on, what was changed in it, and why. */
export interface Correcting extends Correctable {
  /** What holds now. */
  readonly held: Statement;
  /** What held when the form was begun, by the record that stated it. */
  readonly begunOn: { readonly record: number; readonly statement: Statement };
  readonly changes: Corrections;
  readonly reason: string | undefined;
}

export function readCorrection(
  { fact, definition }: Correctable,
  pairs: URLSearchParams,
  { view: { study }, inZone }: BenchAsked,
): Correcting {
  const held = statementOf(fact, definition);
  const replaces = Number(pairs.get('replaces') ?? fact.holder);
  const before = statedIn(study, replaces, fact);
  const begunOn = before
    ? { record: replaces, statement: statementOf(before, definition) }
    : { record: fact.holder, statement: held };
  const { subject, occurredAt, reason, data } = readForm(definition, pairs, inZone);
  const typed: Statement = {
    ...begunOn.statement,
    ...(typeof subject === 'string' && { subject }),
    ...(typeof occurredAt === 'string' && { occurredAt }),
    data: data as Members,
  };
  const changes = differences(begunOn.statement, typed);
  return {
    fact,
    definition,
    held,
    begunOn,
    changes,
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

/** The fact as the record that began it or one of its corrections states it. */
function statedIn(
  study: Study,
  number: number,
  fact: Fact,
): Pick<Fact, 'data' | 'subject' | 'time'> | undefined {
  const record = study.records.at(number)?.record;
  if (record && isOf('RecordCorrected', record) && record.data.target.number === fact.number) {
    const { subject, occurredAt, corrected } = record.data;
    return { subject, time: occurredAt, data: corrected as Fact['data'] };
  }
  return record && number === fact.number ? (record as unknown as Fact) : undefined;
}

/** What has to be named so that the one statement becomes the other. */
export function differences(from: Statement, to: Statement): Corrections {
  const [corrected, removed] = differ(recordable(from.data), recordable(to.data));
  return {
    ...(to.subject !== undefined && to.subject !== from.subject && { subject: to.subject }),
    ...(to.occurredAt !== from.occurredAt && { occurredAt: to.occurredAt }),
    ...(Object.keys(corrected).length > 0 && { corrected }),
    ...(removed.length > 0 && { removed }),
  };
}

function recordable(data: Members): Members {
  const clean = makeRecordable(data);
  return clean instanceof Unrecordable ? data : (clean as Members);
}

function differ(before: Members, after: Members): [corrected: Members, removed: string[]] {
  const corrected: Record<string, unknown> = {};
  const removed = Object.keys(before).filter((name) => after[name] === undefined);
  for (const [name, value] of Object.entries(after)) {
    const held = before[name];
    if (JSON.stringify(held) === JSON.stringify(value)) continue;
    if (!isPlainObject(held) || !isPlainObject(value)) {
      corrected[name] = value;
      continue;
    }
    const [inner, without] = differ(held, value);
    if (Object.keys(inner).length > 0) corrected[name] = inner;
    removed.push(...without.map((path) => `${name}.${path}`));
  }
  return [corrected, removed];
}

/** Before and after, of what is named alone. */
export function changesOf({ held, changes }: Pick<Correcting, 'held' | 'changes'>): Change[] {
  return namedIn(changes).map((field) => ({
    field,
    from: memberAt(held, field),
    to: memberAt(stateInFull(held, changes), field),
  }));
}

/** The members that were changed since a form was begun, and what was typed for the same ones. */
export function changedMeanwhile({ held, begunOn }: Correcting): Change[] {
  return changesOf({ held: begunOn.statement, changes: differences(begunOn.statement, held) });
}

/** `subject`, `occurredAt`, `data.weight`: a quantity and a list are one member. */
function namedIn({ subject, occurredAt, corrected = {}, removed = [] }: Corrections): string[] {
  const members = [...Object.keys(corrected), ...removed.map((path) => path.split('.')[0]!)];
  return [
    ...(subject === undefined ? [] : ['subject']),
    ...(occurredAt === undefined ? [] : ['occurredAt']),
    ...[...new Set(members)].map((name) => `data.${name}`),
  ];
}

function memberAt(statement: Statement, field: string): unknown {
  const value = field.startsWith('data.')
    ? statement.data[field.slice('data.'.length)]
    : statement[field as 'subject' | 'occurredAt'];
  return value ?? null;
}

/** The body of the command. It replaces what the form was begun on, so that nothing is replaced unseen. */
export function bodyOf({ fact, changes, reason, begunOn }: Correcting, replaces = begunOn.record): object {
  return {
    ...(reason !== undefined && { reason }),
    data: { target: { number: fact.number }, replaces: { number: replaces }, ...changes },
  };
}

/** What a correction would become: its flags, and the verdicts and humane endpoints that it would change. */
export interface ForeseenCorrection extends Findings {
  readonly endpoints: readonly ChangedEndpoint[];
}

/** An endpoint that waits for a decision after the correction alone, or before it alone. */
interface ChangedEndpoint {
  readonly subject: string;
  readonly description: string;
  readonly isReached: boolean;
}

export function* foreseeCorrection(
  correcting: Correcting,
  { view: { study }, lab, nowMs, reader, newId }: BenchAsked,
): Steps<ForeseenCorrection | Refusal> {
  const submission = { id: newId(), study: study.code, actor: reader.person ?? 'nobody', role: '' };
  const command = parseCommand(CORRECT_RECORD, bodyOf(correcting, correcting.fact.holder), submission);
  if (command instanceof Refusal) return command;
  const decided = decide(CORRECT_RECORD, command, study, { nowMs, isTrained: trainingIn(lab) });
  if (decided instanceof Refusal) return decided;
  const after = fold(study, [{ number: study.size, leaf: '', record: recordToBe(study, decided) }]);
  const findings = yield* findingsOf(after, study.size, new MovingCharts());
  return { ...findings, endpoints: changedEndpoints(study, after, correcting) };
}

function changedEndpoints(study: Study, after: Study, { held, changes }: Correcting): ChangedEndpoint[] {
  const animals = [...new Set([held.subject, changes.subject])].filter((id) => id !== undefined);
  const [was, is] = [study, after].map((state) => animals.flatMap((id) => alertsOf(state, id)));
  const without = (these: EndpointAlert[], others: EndpointAlert[]): EndpointAlert[] =>
    these.filter((one) => !others.some(({ id, subject }) => id === one.id && subject === one.subject));
  return [
    ...without(is!, was!).map((one) => ({ ...one, isReached: true })),
    ...without(was!, is!).map((one) => ({ ...one, isReached: false })),
  ];
}

/** As far as the study's answers look at it. */
function recordToBe(
  study: Study,
  { type, data, subject, time, recordedtime, protocolversion }: Decided,
): StudyRecord {
  const { subject: _, ...last } = study.records.last!.record;
  return {
    ...last,
    type,
    data,
    ...(subject !== undefined && { subject }),
    time,
    recordedtime,
    ...(protocolversion !== undefined && { protocolversion }),
  } as StudyRecord;
}

/** What is wrong, at the fields of the form: they have the names of the command that stated the fact. */
export function errorsInForm(refusal: Refusal | undefined): FieldError[] {
  return errorsOf(refusal).map(({ field, code, detail }) => ({
    field: fieldInForm(field),
    code,
    detail:
      code === 'nothing-corrected'
        ? detail.replace(/: .*/, ': change what is wrong below, or void the record.')
        : detail.replaceAll('data.corrected.', 'data.'),
  }));
}

function fieldInForm(field: string): string {
  if (field.startsWith('data.corrected.')) return `data.${field.slice('data.corrected.'.length)}`;
  if (field === 'data.subject' || field === 'data.occurredAt') return field.slice('data.'.length);
  return field === 'reason' ? field : '';
}
