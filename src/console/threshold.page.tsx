import type { JSX } from 'preact';
import { AnimalAt } from '../study/commands/common/animal-at.js';
import type { CommandDefinition } from '../study/commands/common/command.js';
import { sessionNumbered } from '../study/commands/common/session.js';
import { recordThreshold } from '../study/commands/record-threshold.command.js';
import { minutesBetween } from '../study/instant.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { isAtMinute } from '../study/rules/elapsed.js';
import { inductionType, injuredSideOf, isInjury } from '../study/rules/induction.js';
import type { Fact } from '../study/study.js';
import type { Protocol } from '../study/protocol.js';
import type { Steps } from '../study/steps.js';
import { ChooseAnimal, livingAnimals } from './bench/choose-animal.js';
import { closedStudy, whileOpen } from './bench/closed-study.js';
import { offeredFor } from './bench/offered.js';
import { pawDue } from './bench/paw-due.js';
import { lacksTime } from './bench/lacks-time.js';
import { lacksNow, RunForm } from './bench/run-form.js';
import { RunResult, resultOfRun, type RunTold } from './bench/run-result.js';
import { RUN_MEANINGS, RunStage, type RunData } from './bench/run-stage.js';
import type { Paw } from './bench/run.js';
import { pawInWords } from './bench/run-words.js';
import { UnableHere } from './bench/unable.js';
import { formErrors } from './bench/form-errors.js';
import { ErrorSummary } from './forms/command-fields.js';
import { FormContext, type FormState } from './forms/form-context.js';
import { readForm } from './forms/read-form.js';
import type { BenchAsked, MainProps } from './page.js';
import { RecordLink, StudyLink } from './parts/links.js';

interface Measuring {
  readonly code: string;
  /** Animals that can be measured. */
  readonly animals: readonly string[];
  readonly animal: string | undefined;
  /** Why no run can be made here. */
  readonly unable: string | undefined;
  readonly told: RunTold | undefined;
  readonly run: RunAsked | undefined;
}

/** A run that is to be made. */
interface RunAsked {
  readonly data: RunData;
  readonly when:
    { readonly session: number; readonly minute: number | undefined; readonly now: number } | undefined;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly form: FormState;
  readonly isForm: boolean;
  /** Whether it was made before, and its time is due. */
  readonly isBefore: boolean;
  readonly isNow: boolean;
}

const TITLE = 'Withdrawal threshold';
const PAWS: readonly Paw[] = ['ipsilateral', 'contralateral'];

/** A withdrawal threshold, touch by touch. */
export const thresholdPage = whileOpen<Measuring>(
  {
    path: '/studies/:code/bench/threshold',
    parameters: ['animal', 'paw', 'session', 'minute', 'recorded', 'form', 'next'],
    title: ({ answer }) => (answer.animal === undefined ? 'Threshold' : `Threshold, ${answer.animal}`),
    script: 'threshold',
    *answer(asked) {
      const { view, nowMs, posted } = asked;
      const { study, protocols } = view;
      const animals = livingAnimals(asked);
      const animal = saidOf(asked, 'subject', 'animal');
      const protocol = protocols.inForceAt(nowMs)?.protocol ?? protocols.versions[0]?.protocol;
      const place = { code: study.code, animals, animal };
      const unable = whyNot(protocol, asked, animal);
      if (!protocol?.ladder || unable !== undefined || animal === undefined)
        return { ...place, unable, told: undefined, run: undefined };
      const paw = saidOf(asked, 'data.paw', 'paw');
      if (paw !== undefined && !PAWS.includes(paw as Paw))
        return refuse('field-invalid', `paw: “${paw.slice(0, 40)}” is not ${PAWS.join(' or ')}.`, 'paw');
      const told = yield* resultOfRun(asked, animal, animals);
      const isDone = told && told.missing === undefined && paw === undefined && posted === undefined;
      const run = isDone ? undefined : yield* runAsked(asked, protocol, animal, paw as Paw | undefined, told);
      if (run && 'message' in run) return run;
      return { ...place, unable, told, run };
    },
    send(pairs, asked) {
      if (pairs.has('longer')) return undefined;
      const lacking = lacksTime(pairs) ?? lacksNow(pairs);
      if (lacking) return lacking;
      const { code } = asked.view.study;
      const body = readForm(recordThreshold, pairs, asked.inZone);
      const query = new URLSearchParams();
      for (const [name, field] of [
        ['animal', 'subject'],
        ['session', 'data.session'],
        ['minute', 'data.minute'],
      ] as const)
        if (pairs.get(field)) query.set(name, pairs.get(field)!);
      return {
        commands: [{ id: pairs.get('id') ?? '', definition: recordThreshold, study: code, body }],
        next: ([receipt]) => {
          if (receipt) query.set('recorded', String(receipt.records[0]?.number));
          return `/studies/${code}/bench/threshold?${query}`;
        },
      };
    },
    main: Main,
  },
  { title: TITLE, commands: ['RecordThreshold'] },
);

/** What the form said that was refused, or else the address. */
function saidOf({ query, posted }: BenchAsked, field: string, parameter: string): string | undefined {
  return posted ? (posted.pairs.get(field) ?? undefined) : query[parameter];
}

function whyNot(
  protocol: Protocol | undefined,
  { view, nowMs }: BenchAsked,
  animal: string | undefined,
): string | undefined {
  if (!protocol) return 'No protocol is in force yet, so it is not known which filaments are used.';
  if (!protocol.ladder) return 'The protocol in force has no ladder of filaments.';
  if (animal === undefined) return undefined;
  const { enrolled, died, fate } = new AnimalAt(view.study, animal, nowMs);
  if (!enrolled) return `${animal.slice(0, 40)} is not enrolled in this study.`;
  if (died) return `${animal} is dead.`;
  return fate ? `${animal} has left the study.` : undefined;
}

/** Said where the animal has an operated side, or will have one. */
function pawMeant(protocol: Protocol, history: readonly Fact[]): string | undefined {
  const side = injuredSideOf(history);
  const isAhead = inductionType(protocol) === 'NerveLigated' && !history.some(isInjury);
  return side !== undefined || isAhead ? pawInWords(side) : undefined;
}

function* runAsked(
  asked: BenchAsked,
  protocol: Protocol,
  animal: string,
  paw: Paw | undefined,
  told: RunTold | undefined,
): Steps<RunAsked | Refusal> {
  const { view, lab, nowMs, offsetMinutes, posted, query } = asked;
  const at = new AnimalAt(view.study, animal, nowMs);
  const [session, minute] = [
    saidOf(asked, 'data.session', 'session'),
    saidOf(asked, 'data.minute', 'minute'),
  ];
  const stimulation = session === undefined ? undefined : sessionNumbered(at, Number(session));
  if (session !== undefined && !stimulation)
    return refuse('session-unknown', `Record ${session} is no stimulation or dose of ${animal}.`, 'session');
  if (minute !== undefined && !/^-?\d{1,5}$/.test(minute))
    return refuse(
      'field-invalid',
      `minute: “${minute.slice(0, 40)}” is not a whole number of minutes.`,
      'minute',
    );
  yield;
  const planned = minute === undefined ? undefined : Number(minute);
  const now = stimulation && Math.round(minutesBetween(stimulation.at, nowMs));
  const isOff = stimulation && planned !== undefined && !isAtMinute(planned, nowMs, stimulation, protocol);
  const history = view.study.subjects.get(animal)?.facts.toArray() ?? [];
  const ofSession = {
    ...(stimulation && { session: Number(session) }),
    ...(minute && { minute: Number(minute) }),
  };
  const body = posted ? readForm(recordThreshold, posted.pairs, asked.inZone) : {};
  const isFromPaper = query['form'] !== undefined || told?.isOver === true;
  return {
    data: {
      study: view.study.code,
      subject: animal,
      paw: paw ?? told?.missing ?? pawDue(history, ofSession, nowMs),
      session,
      minute,
      pawMeant: pawMeant(protocol, history),
      setting: { ladder: protocol.ladder!, reading: protocol.reading },
      meanings: RUN_MEANINGS,
      nowMs,
      offsetMinutes,
      due: isOff ? `It is minute ${now}, and the run is planned for minute ${planned}.` : undefined,
    },
    when: stimulation && { session: Number(session), minute: planned, now: now! },
    id: posted?.pairs.get('id') ?? asked.newId(),
    body,
    form: {
      errors: formErrors(asked, recordThreshold as unknown as CommandDefinition, body),
      offered: offeredFor(view, lab, recordThreshold),
      inZone: asked.inZone,
      longer: posted?.pairs.get('longer') ?? undefined,
      closed: closedStudy(asked),
    },
    isForm: posted !== undefined || isFromPaper,
    isBefore: posted ? posted.pairs.get('before') === 'yes' : isFromPaper,
    isNow: posted?.pairs.get('now') === 'yes',
  };
}

function Main({ answer }: MainProps<Measuring>): JSX.Element {
  const { animal, animals, unable, told, run } = answer;
  if (animal === undefined && unable === undefined)
    return <ChooseAnimal title={TITLE} to="/bench/threshold" animals={animals} />;
  return (
    <section class="bench wide">
      <p class="back">
        <StudyLink to="/bench">Bench</StudyLink>
      </p>
      <h1>{unable === undefined ? `${TITLE}: ${animal}` : TITLE}</h1>
      {told && <RunResult told={told} />}
      {unable !== undefined && (
        <UnableHere unable={unable} animal={animal} to="/bench/threshold" late={FROM_BEFORE} />
      )}
      {run && <RunToMake {...run} code={answer.code} />}
    </section>
  );
}

const FROM_BEFORE = { command: 'record-threshold', words: 'Enter a run that was made before' };

function RunToMake({
  code,
  data,
  when,
  id,
  body,
  form,
  isForm,
  isBefore,
  isNow,
}: RunAsked & { readonly code: string }): JSX.Element {
  const { subject, paw, session, minute, setting } = data;
  const query = { animal: subject, paw, ...(session && { session }), ...(minute && { minute }) };
  const asForm = (
    <RunForm
      action={`/studies/${code}/bench/threshold`}
      definition={recordThreshold}
      id={id}
      body={{ ...body, data: { paw, ...(body['data'] as object | undefined) } }}
      setting={setting}
      isLonger={form.longer !== undefined}
      isBefore={isBefore}
      isNow={isNow}
      fixed={{ subject, 'data.ladder': setting.ladder.id, 'data.session': session, 'data.minute': minute }}
    />
  );
  return (
    <FormContext.Provider value={form}>
      {when && (
        <p>
          For <RecordLink number={when.session} />
          {when.minute !== undefined && `, minute ${when.minute}`}; it is minute {when.now} now.
        </p>
      )}
      {data.due !== undefined && <p class="departures">{data.due} Why is asked before it is recorded.</p>}
      <ErrorSummary />
      {isForm && data.pawMeant !== undefined && <p class="quiet">{data.pawMeant}</p>}
      {isForm ? asForm : <RunStage data={data} />}
      {!isForm && <noscript>{asForm}</noscript>}
      <p>
        {isForm ? (
          <StudyLink to="/bench/threshold" query={query}>
            Touch by touch
          </StudyLink>
        ) : (
          <StudyLink to="/bench/threshold" query={{ ...query, form: 'yes' }}>
            Enter a run from paper
          </StudyLink>
        )}
      </p>
    </FormContext.Provider>
  );
}
