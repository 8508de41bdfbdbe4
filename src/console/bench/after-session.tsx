import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { formatQuantity } from '../../study/quantity.js';
import { plannedReadings } from '../../study/rules/stimulation-clock.js';
import { clockOf } from '../words/dates.js';
import { RecordLink, StudyHref } from '../parts/links.js';
import type { AtStimulation } from './at-stimulation.js';
import { clockKey } from './clock.js';
import type { SessionReadings } from './session-readings.js';

/** The readings of a stimulation that is recorded: those that are there, those without their session, those to come. */
export function AfterSession({
  at,
  after: { session, own, free, isOver },
}: {
  readonly at: AtStimulation;
  readonly after: SessionReadings;
}): JSX.Element {
  const { code, stimulating, nowMs } = at;
  const { animal, minutes, tolerance, assay } = stimulating;
  const href = useContext(StudyHref);
  const done = new Set(
    [...own.map(({ data }) => data.minute), ...free.map(({ minute }) => minute)].flatMap((one) => one ?? []),
  );
  const readings = plannedReadings({ begunMs: session.at }, minutes, done, nowMs, tolerance);
  const toRead = (minute: number): string => {
    const ofSession = { session: String(session.number), minute: String(minute) };
    return assay === undefined
      ? href('/bench/threshold', { animal, ...ofSession })
      : href('/bench/enter/record-measurement', {
          animal,
          'data.assay': assay,
          'data.session': ofSession.session,
          'data.minute': ofSession.minute,
        });
  };
  return (
    <>
      <p data-over={isOver ? clockKey(code, animal) : undefined}>
        <RecordLink number={session.holder} />: begun at {clockOf(session.time)},{' '}
        {formatQuantity(session.data.duration)}, {session.data.outcome}.
      </p>
      {free.length > 0 && (
        <form
          class="enter"
          method="post"
          action={href('/bench/stimulation', { animal })}
          data-enter={`Readings of the stimulation, ${animal}`}
        >
          <input type="hidden" name="session" value={String(session.number)} />
          <p>
            These were recorded while it ran, before it had a record number. They belong to it where they name
            it: a correction says so.
          </p>
          {free.map(({ fact, minute, id }) => (
            <div>
              <input type="hidden" name={`id.${fact.number}`} value={id} />
              <input type="hidden" name={`holder.${fact.number}`} value={String(fact.holder)} />
              <input type="hidden" name={`minute.${fact.number}`} value={String(minute)} />
              <label class="tickbox">
                <input type="checkbox" name="assign" value={String(fact.number)} checked />
                <span>
                  #{fact.holder} at {clockOf(fact.time)} is the reading at {minute} min
                </span>
              </label>
            </div>
          ))}
          <button class="send">They belong to this stimulation</button>
        </form>
      )}
      <h2>Readings</h2>
      {readings.length === 0 && <p>The protocol plans none after a stimulation.</p>}
      <ul class="due">
        {readings.map(({ minute, state }) => (
          <li>
            {state === 'done' ? (
              <>
                ✓ {minute} min{' '}
                {own
                  .filter(({ data }) => data.minute === minute)
                  .map(({ holder }) => (
                    <RecordLink number={holder} />
                  ))}
              </>
            ) : (
              <a href={toRead(minute)}>
                {minute} min: {STATES[state]}
              </a>
            )}
          </li>
        ))}
      </ul>
      <p>
        <a href={`/studies/${code}/bench/animals/${animal}`}>Go on with {animal}</a>
      </p>
    </>
  );
}

const STATES = { ahead: 'to come', due: 'due now', missed: 'its time has passed' } as const;
