import type { JSX } from 'preact';
import { Refusal } from '../study/refusal.js';
import { animalAtBench } from './bench/animal-at-bench.js';
import { ChooseAnimal, livingAnimals } from './bench/choose-animal.js';
import { closedStudy, whileOpen } from './bench/closed-study.js';
import { formErrors } from './bench/form-errors.js';
import { UnableHere, unableOr, type Unable } from './bench/unable.js';
import { Clock } from './bench/clock.js';
import { Foreseen } from './bench/foreseen.js';
import { offeredFor } from './bench/offered.js';
import { AfterSession } from './bench/after-session.js';
import { assigned, sessionReadings } from './bench/session-readings.js';
import type { AtStimulation } from './bench/at-stimulation.js';
import { APPLY, lacksChoice, stimulatingOf } from './bench/stimulating.js';
import { Before } from './bench/before-stimulation.js';
import { CommandField, CommandFields, ErrorSummary } from './forms/command-fields.js';
import { FormContext } from './forms/form-context.js';
import { readForm } from './forms/read-form.js';
import { StudyLink } from './parts/links.js';
import { RecordedLine, recordedIn } from './parts/recorded.js';

/** A stimulation with its parameters, its clock, and the readings as they fall due. */
export const stimulationPage = whileOpen<AtStimulation | Unable | readonly string[]>(
  {
    path: '/studies/:code/bench/stimulation',
    parameters: 'any',
    title: ({ answer }) =>
      'stimulating' in answer ? `Stimulation: ${answer.stimulating.animal}` : 'Stimulation',
    script: 'enter',
    *answer(asked) {
      if (asked.query['animal'] === undefined) return livingAnimals(asked);
      const stimulating = unableOr(stimulatingOf(asked), asked.query['animal']);
      if (stimulating instanceof Refusal || 'unable' in stimulating) return stimulating;
      yield;
      const { posted, view, lab, nowMs, offsetMinutes } = asked;
      const history = view.study.subjects.get(stimulating.animal)!.facts.toArray();
      const { minutes, tolerance } = stimulating;
      return {
        code: view.study.code,
        stimulating,
        after: sessionReadings(asked, history, minutes, tolerance),
        form: {
          errors: formErrors(asked, APPLY, stimulating.body),
          offered: offeredFor(view, lab, APPLY),
          inZone: asked.inZone,
          closed: closedStudy(asked),
        },
        id: posted?.pairs.get('id') ?? asked.newId(),
        nowMs,
        offsetMinutes,
        recorded: recordedIn(asked),
      };
    },
    send(pairs, asked) {
      const { code } = asked.view.study;
      const animal = asked.query['animal'] ?? '';
      const here = `/studies/${code}/bench/stimulation?${new URLSearchParams({ animal })}`;
      if (pairs.has('session')) {
        const [first, ...others] = assigned(asked, pairs);
        return (
          first && { commands: [first, ...others], next: () => `${here}&session=${pairs.get('session')}` }
        );
      }
      const present = pairs.has('discard') ? undefined : animalAtBench(asked);
      const lacking = present && !(present instanceof Refusal) && lacksChoice(pairs, asked, present);
      if (lacking) return lacking;
      const body = readForm(APPLY, pairs, asked.inZone);
      return {
        commands: [{ id: pairs.get('id') ?? '', definition: APPLY, study: code, body }],
        next: ([receipt]) => {
          const number = receipt?.records[0]?.number;
          return `${here}&session=${number}&recorded=${number}`;
        },
      };
    },
    main: ({ answer }) => {
      if ('stimulating' in answer) return <Stimulation {...answer} />;
      if ('unable' in answer) return <NoStimulation {...answer} />;
      return <ChooseAnimal title="Stimulation" to="/bench/stimulation" animals={answer} />;
    },
  },
  { title: 'Stimulation', commands: ['DetermineMotorThreshold', 'ApplySCS'] },
);

function NoStimulation(unable: Unable): JSX.Element {
  return (
    <section class="bench">
      <p class="back">
        <StudyLink to="/bench">Bench</StudyLink>
      </p>
      <h1>Stimulation</h1>
      <UnableHere {...unable} to="/bench/stimulation" late={GIVEN_BEFORE} />
    </section>
  );
}

const GIVEN_BEFORE = { command: 'apply-scs', words: 'Enter a stimulation that was given before' };

/** Set before it begins. */
const SET = [
  'data.amplitude',
  'data.frequency',
  'data.pulseWidth',
  'data.burst',
  'data.dutyCycle',
  'data.device',
];
/** Known when it has ended. */
const ENDED = ['occurredAt', 'data.duration', 'data.outcome', 'data.interruptions', 'data.sideEffects'];
const OWN = ['subject', 'data.setting', 'data.follows', ...SET, ...ENDED];

function Stimulation(at: AtStimulation): JSX.Element {
  const { code, stimulating, after, form, id, recorded } = at;
  const { animal, setting, hasElectrode, body, flags } = stimulating;
  const query = { animal, ...(setting?.id !== undefined && { setting: setting.id }) };
  const isReady = setting !== undefined && hasElectrode && !after;
  return (
    <FormContext.Provider value={form}>
      <section class="bench">
        <p class="back">
          <StudyLink to={`/bench/animals/${animal}`}>{animal}</StudyLink>
        </p>
        <h1>Stimulation: {animal}</h1>
        <RecordedLine recorded={recorded} />
        <ErrorSummary />
        {after && <AfterSession at={at} after={after} />}
        {!after && <Before at={at} />}
        {isReady && (
          <form
            class="enter stimulation"
            method="post"
            action={`/studies/${code}/bench/stimulation?${new URLSearchParams(query)}`}
            data-enter={`Stimulation, ${animal}`}
          >
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="subject" value={animal} />
            {setting.id !== undefined && <input type="hidden" name="data.setting" value={setting.id} />}
            <div class="paired" data-set="">
              {SET.filter((name) => isAsked(name, at)).map((name) => (
                <CommandField definition={APPLY} body={body} name={name} />
              ))}
            </div>
            <Foreseen flags={flags} data={{}} />
            <Clock at={at} />
            <div data-ended="">
              <h2>When it has ended</h2>
              {ENDED.map((name) => (
                <CommandField definition={APPLY} body={body} name={name} />
              ))}
              <CommandFields definition={APPLY} body={body} without={OWN} />
              <button class="send">Record</button>
            </div>
          </form>
        )}
      </section>
    </FormContext.Provider>
  );
}

/** Bursts and pauses are asked for where the setting has them. */
function isAsked(name: string, { stimulating: { setting } }: AtStimulation): boolean {
  if (name === 'data.burst') return setting?.burst !== undefined;
  return name === 'data.dutyCycle' ? setting?.dutyCycle !== undefined : true;
}
