import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { formatQuantity, type Quantity } from '../../study/quantity.js';
import { percentOfThreshold } from '../../study/rules/amplitude-range.js';
import { administrationOf, type DoseFact } from '../../study/rules/administration.js';
import type { PlannedSetting } from '../../study/rules/planned.js';
import { idOf, useErrors } from '../forms/form-context.js';
import { RecordLink, StudyHref, StudyLink } from '../parts/links.js';
import { agoInWords } from '../words/waiting.js';
import type { AtStimulation } from './at-stimulation.js';

/** What has to be there before a stimulation begins: a setting, an electrode, the motor threshold of the day. */
export function Before({ at }: { readonly at: AtStimulation }): JSX.Element {
  const { code, stimulating, nowMs } = at;
  const { animal, settings, setting, hasElectrode, readingBefore, minutes, last } = stimulating;
  const href = useContext(StudyHref);
  return (
    <>
      {settings.length > 1 && (
        <nav class="picks" aria-label="Setting">
          {settings.map(({ id, title, sham }) => (
            <a
              href={href('/bench/stimulation', { animal, setting: id ?? '' })}
              aria-current={id === setting?.id ? 'true' : undefined}
            >
              {title ?? id?.replaceAll('-', ' ')}
              {sham && ' (sham)'}
            </a>
          ))}
        </nav>
      )}
      {!setting && <p>Choose the setting.</p>}
      {!hasElectrode && (
        <p class="wait short">
          {animal} has no electrode on record.{' '}
          <StudyLink to="/bench/enter/implant-electrode" query={{ animal, 'data.action': 'implanted' }}>
            Record its implantation first
          </StudyLink>
        </p>
      )}
      {setting && hasElectrode && (
        <MotorThreshold at={at} setting={setting} here={`/studies/${code}/bench/stimulation`} />
      )}
      {last && (
        <p class="quiet">
          Last stimulation: <RecordLink number={last.holder} />, {agoInWords((nowMs - last.at) / 3_600_000)}{' '}
          ago.{' '}
          <StudyLink to="/bench/stimulation" query={{ animal, session: String(last.number) }}>
            Its readings
          </StudyLink>
        </p>
      )}
      {minutes.length > 0 && (
        <p class="quiet">
          {readingBefore ? (
            <>
              Last reading before: <RecordLink number={readingBefore.holder} />,{' '}
              {agoInWords((nowMs - readingBefore.at) / 3_600_000)} ago.
            </>
          ) : (
            'No reading before it is on record.'
          )}{' '}
          <StudyLink to="/bench/threshold" query={{ animal }}>
            Take one
          </StudyLink>
        </p>
      )}
    </>
  );
}

function MotorThreshold({
  at: { stimulating },
  setting,
  here,
}: {
  readonly at: AtStimulation;
  readonly setting: PlannedSetting;
  readonly here: string;
}): JSX.Element | null {
  const { animal, motorThreshold, range } = stimulating;
  if (!setting.amplitudeFraction) return null;
  const next = `${here}?${new URLSearchParams({ animal, ...(setting.id !== undefined && { setting: setting.id }) })}`;
  if (!motorThreshold || !range)
    return (
      <p class="wait short">
        The amplitude is a fraction of the motor threshold of the day, and none was determined today.{' '}
        <StudyLink to="/bench/enter/determine-motor-threshold" query={{ animal, next, ...fieldsOf(setting) }}>
          Determine the motor threshold first
        </StudyLink>
      </p>
    );
  return (
    <p>
      Motor threshold today: {formatQuantity(motorThreshold.data.amplitude)} (
      <RecordLink number={motorThreshold.holder} />
      ). Amplitude: <strong>{range.arithmetic}</strong>; {formatQuantity(range.proposed)} is{' '}
      {percentOfThreshold(range.proposed, motorThreshold.data.amplitude)} % of it.
    </p>
  );
}

/** Frequency and pulse width, as an address fills them in. */
function fieldsOf({ frequency, pulseWidth }: PlannedSetting): Record<string, string> {
  const field = (name: string, quantity: Quantity | undefined): Record<string, string> =>
    quantity ? { [`data.${name}.value`]: quantity.value, [`data.${name}.unit`]: quantity.unit } : {};
  return { ...field('frequency', frequency), ...field('pulseWidth', pulseWidth) };
}

/** Alone, or after one of the doses of the last hours: nobody but the person knows, so nothing is chosen beforehand. */
export function Follows({ at: { stimulating, nowMs } }: { readonly at: AtStimulation }): JSX.Element | null {
  const { doses, follows } = stimulating;
  const errors = useErrors('data.follows');
  if (doses.length === 0) return null;
  const choice = (value: string, words: string): JSX.Element => (
    <label>
      <input type="radio" name="data.follows" value={value} checked={follows === value} />
      <span>{words}</span>
    </label>
  );
  return (
    <fieldset class="scale" data-field="data.follows" id={idOf('data.follows')}>
      <legend>Alone, or after a dose: choose</legend>
      <div class="picks">
        {choice('', 'alone')}
        {doses.map((dose) => choice(String(dose.number), doseInWords(dose, nowMs)))}
      </div>
      {errors.map(({ detail }) => (
        <p class="refused">{detail}</p>
      ))}
    </fieldset>
  );
}

function doseInWords(dose: DoseFact, nowMs: number): string {
  const { substance } = administrationOf(dose);
  return `after ${formatQuantity(dose.data.dose)} ${substance} (#${dose.holder}, ${agoInWords((nowMs - dose.at) / 3_600_000)} ago)`;
}
