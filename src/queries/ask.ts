import { isDirectorAbsent, studyPeople } from '../lab/people/study-people.js';
import { workingHours, type HoursAsked } from '../lab/people/working-hours.js';
import { isKnownAnimal } from '../study/projections/concerns.js';
import { recordsOf, recordWithCorrections } from '../study/projections/records.js';
import { auditTrail } from '../study/projections/audit-trail.projection.js';
import { PROJECTIONS } from '../study/projections/catalogue.js';
import { studySummary } from '../study/projections/study-summary.js';
import { lacksSection } from '../study/commands/common/section.js';
import { Refusal, refuse } from '../study/refusal.js';
import { nextFilament } from '../study/rules/up-down.js';
import { LadderError } from '../study/rules/ladder.js';
import { concernsOneLog } from '../store/store-error.js';
import { momentOf, viewAsOf, type AsOf } from './as-of.js';
import { showSignatures } from './signatures.js';
import { takeInTurns } from './in-turns.js';
import type { Engine, OpenStudy } from '../recording/engine.js';
import { listLogRecords, showCheckpoint, showConsistency, showProof } from './evidence-queries.js';
import { studyLog } from '../lab/origins.js';
import {
  ListLogRecords,
  ListRecords,
  ListStudies,
  NextFilament,
  ShowCheckpoint,
  ShowConsistency,
  ShowProjection,
  ShowProof,
  ShowRecord,
  ShowSignatures,
  ShowStudy,
  type Answer,
} from './queries.js';
import { View } from '../study/projections/projection.js';

type AnswerQuery<Q> = (engine: Engine, query: Q) => Promise<Answer | Refusal>;

/** Every query and the function that answers it. */
export const ANSWERS = [
  bindAnswer(ListStudies, listStudies),
  bindAnswer(ShowStudy, (engine, { study, asOf }) =>
    answerFromView(engine, study, asOf, (view) => overviewOf(engine, view, asOf)),
  ),
  bindAnswer(ShowProjection, showProjection),
  bindAnswer(ListRecords, (engine, { study, asOf, filter, from, limit }) =>
    answerFromView(engine, study, asOf, (view) => recordsOf(view, filter, from, limit)),
  ),
  bindAnswer(ShowRecord, (engine, { study, asOf, number }) =>
    answerFromView(engine, study, asOf, (view) => recordWithCorrections(view, number)),
  ),
  bindAnswer(NextFilament, (engine, { study, touches, asOf }) =>
    answerFromView(engine, study, asOf, ({ protocols, untilMs }) => {
      const protocol = protocols.inForceAt(untilMs)?.protocol;
      if (!protocol)
        return refuse(
          'no-protocol',
          `${study} has no approved protocol, so there is no ladder of filaments.`,
        );
      if (!protocol.ladder) return lacksSection(protocol, 'ladder', 'a filament');
      try {
        return { ladder: protocol.ladder.id, ...nextFilament(protocol.ladder, touches) };
      } catch (error) {
        if (error instanceof LadderError) return refuse(error.code, `${error.message}.`, 'touches');
        throw error;
      }
    }),
  ),
  bindAnswer(ShowSignatures, showSignatures),
  bindAnswer(ShowCheckpoint, showCheckpoint),
  bindAnswer(ShowProof, showProof),
  bindAnswer(ShowConsistency, showConsistency),
  bindAnswer(ListLogRecords, listLogRecords),
];

async function listStudies(engine: Engine): Promise<Answer> {
  const lab = await engine.lab();
  const studies: Answer[] = [];
  const anchorOf = (code: string) => {
    const anchor = lab.anchors.get(studyLog(code));
    if (!anchor) return { state: 'none' };
    return { state: engine.evidenceOf(anchor.number), size: anchor.size, labRecord: anchor.number };
  };
  for (const { code } of lab.studies.values()) {
    const summary = await summariseOrName(engine, code);
    studies.push(summary.state === 'unfinished' ? summary : { ...summary, anchor: anchorOf(code) });
  }
  return { facility: lab.facility, simulated: lab.simulated, studies };
}

function overviewOf(engine: Engine, view: View, asOf: AsOf = {}): Answer {
  const lab = engine.labNow;
  const moment = momentOf(engine, lab, view, asOf);
  return { ...studySummary(view), directorAbsent: isDirectorAbsent(view.study, lab.people, moment) };
}

/** A damaged study is named with its problem, without a size: how many records it had, only its anchor says. */
async function summariseOrName(engine: Engine, code: string): Promise<Answer> {
  try {
    const open = await engine.study(code);
    if (open.problem !== undefined) return nameDamaged(code, open.problem);
    if (open.size === 0) return { study: code, state: 'unfinished', treeSize: 0 };
    const view = new View(open.state);
    return { ...describeView(open, view), ...overviewOf(engine, view) };
  } catch (error) {
    if (!concernsOneLog(error)) throw error;
    return nameDamaged(code, error.message);
  }
}

function nameDamaged(study: string, problem: string): Answer {
  return { study, state: 'damaged', problem };
}

async function showProjection(
  engine: Engine,
  { study, projection, asOf, subject, hours }: ShowProjection,
): Promise<Answer | Refusal> {
  const found = PROJECTIONS.find(({ name }) => name === projection);
  if (!found) {
    const names = PROJECTIONS.map(({ name }) => name).join(', ');
    return refuse(
      'projection-unknown',
      `There is no projection “${projection.slice(0, 60)}”. The projections are ${names}.`,
      'projection',
    );
  }
  const answer = async (view: View): Promise<object> => {
    const projected = await takeInTurns(found.steps(view));
    if (found !== auditTrail) return projected;
    const { persons } = await takeInTurns(studyPeople(view.study, engine.labNow.people));
    return { ...projected, persons };
  };
  return answerFromView(engine, study, asOf, answer, subject, hours);
}

/** Computes an answer from one view of a study, and adds the study's code, the tree size and the root. */
export async function answerFromView(
  engine: Engine,
  code: string,
  asOf: AsOf,
  answer: (view: View) => object | Refusal | Promise<object>,
  subject?: string,
  hours: HoursAsked = {},
): Promise<Answer | Refusal> {
  const lab = await engine.lab();
  if (!lab.studies.has(code))
    return refuse('study-unknown', `There is no study ${code.slice(0, 60)}.`, 'study');
  const open = await engine.study(code);
  if (subject !== undefined && !isKnownAnimal(open.state, subject)) {
    return refuse('subject-unknown', `There is no animal ${subject.slice(0, 60)} in ${code}.`, 'subject');
  }
  const view = await viewAsOf(open.state, asOf, {
    subject,
    hoursOf: (study) => workingHours(lab.people, study, hours),
  });
  if (view instanceof Refusal) return view;
  const body = await answer(view);
  if (body instanceof Refusal) return body;
  const until = asOf.until === undefined ? {} : { until: asOf.until };
  return { ...describeView(open, view), ...until, ...(lab.simulated && { simulated: true }), ...body };
}

function describeView(open: OpenStudy, { study }: View): Answer {
  return { study: study.code, treeSize: study.size, root: open.root(study.size) };
}

interface BoundAnswer {
  readonly query: new (...args: never[]) => object;
  readonly answer: AnswerQuery<object>;
}

function bindAnswer<Q extends object>(
  query: new (...args: never[]) => Q,
  answer: AnswerQuery<Q>,
): BoundAnswer {
  return { query, answer: answer as AnswerQuery<object> };
}

/** Answers one query, without a bus. */
export function ask(engine: Engine, query: object): Promise<Answer | Refusal> {
  const found = ANSWERS.find((one) => query instanceof one.query);
  if (!found) throw new Error(`nothing answers ${query.constructor.name}`);
  return found.answer(engine, query);
}
