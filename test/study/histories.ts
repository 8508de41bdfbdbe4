import fc from 'fast-check';
import { sealRecord } from '../../src/recording/seal.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { EVENTS, type EventType } from '../../src/study/events/events.js';
import type { Protocol } from '../../src/study/protocol.js';
import { schemaMismatch, type StoredStudyRecord, type StudyRecord } from '../../src/study/record.js';
import { Refusal } from '../../src/study/refusal.js';
import { completeProtocol } from '../../src/study/rules/complete-protocol.js';
import { emptyStudy, factNumbered, fold, type Study } from '../../src/study/study.js';
import { anyInstant, anyValueOf } from './any-value.js';
import { about, approved, example, registered, touches } from './bench.js';
import { CODE, sent, submit, type Body, type Sent } from './specification.js';

/** Random histories: of commands, as a laboratory that makes many mistakes sends them, and of records in any order. */

type Step = (study: Study) => Sent;

const subject = fc.constantFrom('R01', 'R02', 'R03');
const place = fc.nat(1000);
const anyRun = fc
  .array(fc.tuple(fc.constantFrom('0.4', '1', '2', '4', '6', '15'), fc.constantFrom('O', 'X', '?')), {
    minLength: 1,
    maxLength: 7,
  })
  .map((run) => touches(run.map((touch) => touch.join('')).join(' ')));

const said = (name: string, data: fc.Arbitrary<Body> = fc.constant({})): fc.Arbitrary<Step> =>
  fc.tuple(subject, anyInstant, data).map(
    ([id, occurredAt, facts]) =>
      () =>
        about(id, name, facts, { occurredAt, reason: 'As it was' }),
  );

/** Commands that name another record name one that is there, whatever it is. */
const naming = (name: string, field: string): fc.Arbitrary<Step> =>
  fc.tuple(subject, anyInstant, place).map(([id, occurredAt, at]) => (study) => {
    const number = at % study.size;
    const value = field === 'evidence' ? [number] : number;
    return about(id, name, { [field]: value }, { occurredAt, reason: 'As it was' });
  });

const sheet = fc.record({
  scores: fc.record({ posture: fc.nat(3), autotomy: fc.nat(3) }).map(({ posture, autotomy }) => [
    { item: 'posture', score: posture },
    { item: 'autotomy', score: autotomy },
  ]),
  severity: fc.constantFrom('mild', 'moderate', 'severe'),
});
const assessed = fc.record({
  severity: fc.constantFrom('sub-threshold', 'non-recovery', 'mild', 'moderate', 'severe'),
});
const grams = fc.integer({ min: 120, max: 400 }).map((value) => ({
  weight: { value: String(value), unit: 'g' },
}));
const use = fc.constantFrom({}, { use: { kind: 'reuse', previousActualSeverity: 'mild' } });
const fate = fc.record({ fate: fc.constantFrom('found-dead', 'released', 'rehomed', 'kept-alive') });

const correction: fc.Arbitrary<Step> = fc
  .tuple(place, subject, anyInstant, fc.boolean(), anyRun)
  .map(([at, other, occurredAt, moves, run]) => (study) => {
    const target = at % study.size;
    const fact = factNumbered(study, target);
    const { flags: _, ...facts } = (fact?.data ?? {}) as Body;
    const corrected = fact?.type === 'ThresholdRecorded' ? { ...facts, touches: run } : facts;
    const who = fact?.subject === undefined ? {} : { subject: moves ? other : fact.subject };
    const when = { occurredAt: moves ? occurredAt : (fact?.time ?? occurredAt) };
    const data = { target: { number: target }, replaces: { number: fact?.holder ?? target }, corrected };
    return sent('CorrectRecord', { reason: 'Copied wrongly', data: { ...data, ...who, ...when } });
  });

const withdrawal: fc.Arbitrary<Step> = place.map((at) => (study) => {
  const target = { number: study.size - 1 - (at % study.size) };
  return sent('VoidRecord', { reason: 'Entered by mistake', data: { target } });
});

const acknowledgement: fc.Arbitrary<Step> = place.map((at) => (study) => {
  const target = { number: at % study.size };
  return sent('AcknowledgeDeviation', { data: { target, assessment: 'None' } });
});

const amendment: fc.Arbitrary<Step> = fc.constant(() =>
  sent('AmendProtocol', { reason: 'Why not', data: { protocol: exampleProtocol } }),
);

const handover: fc.Arbitrary<Step> = fc
  .constantFrom('sd-01', 'sd-02')
  .map((to) => () => sent('HandOverStudy', { reason: 'Leave', data: { to } }));

const departure: fc.Arbitrary<Step> = fc.constant(() =>
  sent('RecordDeviation', { reason: 'Ill', data: { what: 'No thresholds were measured' } }),
);

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: said('EnrolSubject', use) },
  { weight: 4, arbitrary: said('RecordBodyWeight', grams) },
  { weight: 3, arbitrary: said('ScoreWelfare', sheet) },
  { weight: 1, arbitrary: said('ReportAdverseEvent') },
  { weight: 1, arbitrary: said('RecordIntervention') },
  { weight: 2, arbitrary: said('AssessSeverity', assessed) },
  { weight: 1, arbitrary: said('RecordFate', fate) },
  { weight: 1, arbitrary: naming('DecideEndpoint', 'reachedBy') },
  {
    weight: 4,
    arbitrary: said(
      'RecordThreshold',
      anyRun.map((run) => ({ touches: run })),
    ),
  },
  { weight: 2, arbitrary: said('LigateNerve', fc.record({ side: fc.constantFrom('left', 'right') })) },
  { weight: 2, arbitrary: said('ImplantElectrode') },
  { weight: 1, arbitrary: said('DetermineMotorThreshold') },
  { weight: 2, arbitrary: said('AdministerKetamine') },
  { weight: 2, arbitrary: said('ApplySCS') },
  { weight: 1, arbitrary: naming('ApplySCS', 'follows') },
  { weight: 1, arbitrary: naming('DesignateSubEffectiveDose', 'evidence') },
  { weight: 1, arbitrary: naming('ScoreSideEffects', 'after') },
  { weight: 1, arbitrary: said('ExcludeSubject') },
  { weight: 1, arbitrary: said('EuthaniseSubject') },
  { weight: 6, arbitrary: correction },
  { weight: 6, arbitrary: withdrawal },
  { weight: 1, arbitrary: acknowledgement },
  { weight: 1, arbitrary: amendment },
  { weight: 1, arbitrary: handover },
  { weight: 1, arbitrary: departure },
);

const NOW = Date.parse('2026-03-29T08:00:00Z');

/** Every state of a study on its way through the steps that were accepted, the first being just registered. */
export function play(steps: readonly Step[]): Study[] {
  const states = [begin()];
  steps.forEach((step, index) => {
    const study = states.at(-1) as Study;
    const { name, body } = step(study);
    const answer = submit(study, name, body, NOW + index * 60_000);
    if (!(answer instanceof Refusal)) states.push(fold(study, [answer.parsed]));
  });
  return states;
}

function begin(): Study {
  return [
    registered,
    approved,
    { name: 'EnrolSubject', body: { ...example('EnrolSubject'), subject: 'R01' } },
  ].reduce((study, { name, body }) => {
    const answer = submit(study, name, body, Date.parse('2026-03-02T08:00:00Z'));
    if (answer instanceof Refusal) throw new Error(answer.message);
    return fold(study, [answer.parsed]);
  }, emptyStudy(CODE));
}

const TYPES = Object.keys(EVENTS) as EventType[];
const FACTS = TYPES.filter((type) => type !== 'RecordCorrected' && type !== 'RecordVoided');
const protocol = completeProtocol(exampleProtocol) as Protocol;

const anyFacts = new Map(
  FACTS.map((type) => [
    type,
    type === 'ProtocolApproved' || type === 'ProtocolAmended'
      ? fc.integer({ min: 1, max: 9 }).map((version): unknown => ({ version, protocol }))
      : anyValueOf(EVENTS[type], { optional: 'none' }),
  ]),
);

const anyFact = fc
  .constantFrom(...FACTS)
  .chain((type) => fc.tuple(fc.constant(type), anyFacts.get(type) as fc.Arbitrary<object>));

interface Unnumbered {
  readonly type: EventType;
  readonly data: object;
}

/** Something about a record that is there, was there before, or will be. */
const anyTarget = fc.nat(14).map((number) => ({ number, leaf: `${'A'.repeat(43)}=` }));

const anyUnnumbered: fc.Arbitrary<Unnumbered> = fc.oneof(
  { weight: 5, arbitrary: anyFact.map(([type, data]) => ({ type, data })) },
  { weight: 2, arbitrary: anyTarget.map((target) => ({ type: 'RecordVoided' as const, data: { target } })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(anyTarget, anyTarget, anyFact, fc.option(subject), anyInstant)
      .map(([target, replaces, [corrects, corrected], id, occurredAt]) => ({
        type: 'RecordCorrected' as const,
        data: { target, replaces, corrects, corrected, occurredAt, ...(id !== null && { subject: id }) },
      })),
  },
);

/** Well-formed records in an order that no command would have produced. */
export const anyRecords: fc.Arbitrary<StoredStudyRecord[]> = fc
  .array(fc.tuple(anyUnnumbered, fc.option(subject), anyInstant, fc.nat(3)), { maxLength: 30 })
  .map((records) =>
    records.map(([{ type, data }, id, time, protocolversion], number) => {
      const who = {
        actor: 'tech-1',
        actorrole: 'technician',
        command: 'Anything',
        commanddigest: '0'.repeat(64),
      };
      const commandid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
      const recordedtime = new Date(NOW + number).toISOString();
      const statement = { type, data, subject: id ?? undefined, time, recordedtime, protocolversion };
      const place = { source: `/studies/${CODE}`, number };
      const { parsed } = sealRecord<StudyRecord>({ ...who, commandid }, statement, place);
      const wrong = schemaMismatch(parsed.record);
      if (wrong) throw new Error(`${type}: ${wrong.path} ${wrong.message}`);
      return parsed;
    }),
  );
