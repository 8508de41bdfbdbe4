import type { People } from '../lab/people/people.js';
import { studyPeople } from '../lab/people/study-people.js';
import { recordFlags, trailRecord } from '../study/projections/audit-trail.projection.js';
import { animalsConcerned } from '../study/projections/concerns.js';
import type { View } from '../study/projections/projection.js';
import type { StoredStudyRecord } from '../study/record.js';
import { openActs } from '../study/signatures/open-acts.js';
import { instantMs } from '../study/instant.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Steps } from '../study/steps.js';
import { csvLine } from '../shared/csv.js';
import { dataInWords } from '../exports/documents/in-words.js';
import { typeInWords } from '../exports/documents/type-in-words.js';
import { phraseText } from './words/phrase.js';
import { QUESTIONS, type Question } from './words/questions.js';
import { sentence } from './words/sentence.js';

/** What the address of a list of records may hold. `from` and `to` are days, both counted in. */
export const ASKED = ['question', 'actor', 'animal', 'type', 'flag', 'from', 'to'] as const;

export type Asked = Readonly<Partial<Record<(typeof ASKED)[number], string>>>;

/** The records that an address asks for, and what it could ask for. */
export interface Found {
  /** In record order. */
  readonly records: readonly StoredStudyRecord[];
  readonly question: Question | undefined;
  /** By question, the numbers of all records that it concerns, whatever the filters are. */
  readonly concerned: ReadonlyMap<Question, readonly number[]>;
  readonly actors: readonly string[];
  readonly animals: readonly string[];
  readonly types: readonly string[];
  readonly flags: readonly string[];
}

export function* findRecords(view: View, asked: Asked): Steps<Found | Refusal> {
  const wrong = checkAsked(asked);
  if (wrong) return wrong;
  const question = QUESTIONS.find(({ name }) => name === asked.question);
  const concerned = new Map(QUESTIONS.map((one) => [one, [] as number[]]));
  const [actors, animals, types, all] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  const unsigned = new Set(
    openActs(view.study).flatMap(({ next, record }) => ('sign' in next ? [record] : [])),
  );
  const records: StoredStudyRecord[] = [];
  const passes = filterOf(view, asked);
  for (const stored of view.study.records) {
    const { number, record } = stored;
    if (view.untilMs !== Infinity && (instantMs(record.time) ?? 0) > view.untilMs) continue;
    const flags = recordFlags(record);
    for (const [one, numbers] of concerned) if (one.concerns(stored, flags, unsigned)) numbers.push(number);
    actors.add(record.actor);
    if (record.subject !== undefined) animals.add(record.subject);
    types.add(record.type);
    for (const flag of flags) all.add(flag);
    if (passes(stored, flags) && (!question || question.concerns(stored, flags, unsigned)))
      records.push(stored);
    yield;
  }
  return {
    records,
    question,
    concerned,
    actors: [...actors].sort(),
    animals: [...animals].sort(),
    types: [...types].sort(),
    flags: [...all].sort(),
  };
}

function checkAsked({ question, from, to }: Asked): Refusal | undefined {
  if (question !== undefined && !QUESTIONS.some(({ name }) => name === question)) {
    const names = QUESTIONS.map(({ name }) => name).join(', ');
    return refuse(
      'choice-unknown',
      `question is one of ${names}, not “${question.slice(0, 60)}”.`,
      'question',
    );
  }
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && instantMs(`${day}T00:00:00Z`) === undefined)
      return refuse(
        'choice-unknown',
        `${name}: “${day.slice(0, 40)}” is not a day such as 2026-03-02.`,
        name,
      );
  if (from !== undefined && to !== undefined && from > to)
    return refuse(
      'choice-unknown',
      `from (${from}) is after to (${to}), so no record can lie between them. Exchange the two days.`,
      'from',
    );
  return undefined;
}

function filterOf(
  { study }: View,
  { actor, animal, type, flag, from, to }: Asked,
): (stored: StoredStudyRecord, flags: readonly string[]) => boolean {
  const concerned = animal === undefined ? undefined : animalsConcerned(study);
  return ({ number, record }, flags) =>
    (actor === undefined || record.actor === actor) &&
    (concerned === undefined || concerned[number]!.includes(animal)) &&
    (type === undefined || record.type === type) &&
    (flag === undefined || flags.includes(flag)) &&
    // The day as the person who entered it saw it.
    (from === undefined || record.time.slice(0, 10) >= from) &&
    (to === undefined || record.time.slice(0, 10) <= to);
}

const COLUMNS = [
  'record',
  'happened',
  'recorded',
  'animal',
  'kind',
  'what it says',
  'before and after',
  'reason',
  'flags',
  'actor',
  'role',
  'session',
  'conflict',
  'supersedes',
  'superseded by',
];

/** The records that an address asks for, a line each, as a spreadsheet opens them. */
export function* recordsCsv(view: View, asked: Asked, people: People): Steps<string | Refusal> {
  const found = yield* findRecords(view, asked);
  if (found instanceof Refusal) return found;
  const { persons } = yield* studyPeople(view.study, people);
  const conflicted = new Set(persons.filter(({ roleConflict }) => roleConflict).map(({ person }) => person));
  const lines = [csvLine(COLUMNS)];
  for (const stored of found.records) {
    const trail = trailRecord(view.study, stored);
    lines.push(
      csvLine([
        trail.record,
        trail.occurredAt,
        trail.recordedAt,
        trail.subject ?? '',
        typeInWords(trail.type),
        phraseText(sentence(view, stored)),
        (trail.amended ?? trail.changes)
          .map(({ field, from, to }) => `${field}: ${dataInWords(from)} → ${dataInWords(to)}`)
          .join('; '),
        trail.reason ?? '',
        trail.flags.join(' '),
        trail.actor,
        trail.role,
        trail.session ?? '',
        conflicted.has(trail.actor) ? 'role-conflict' : '',
        trail.supersedes ?? '',
        trail.supersededBy ?? '',
      ]),
    );
    yield;
  }
  return lines.join('');
}
