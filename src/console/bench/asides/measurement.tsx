import type { JSX } from 'preact';
import type { Assay } from '../../../study/protocol/measurements.js';
import { isPlainObject } from '../../../study/schema.js';
import { idOf } from '../../forms/form-context.js';
import { Wrong, asText } from '../../forms/inputs.js';
import { inWords } from '../../forms/labels.js';
import { StudyHref } from '../../parts/links.js';
import type { Aside, AsideAsked, Values } from '../aside.js';
import { useContext } from 'preact/hooks';

/** Trials that are asked for where the protocol does not say how many. */
const TRIALS = 3;
/** The place of each kind of trial among the forms of one, as the names of fields count them. */
const FORMS = { value: 0, responses: 1, pair: 2 } as const;

/** The assays of the protocol to choose from; of the chosen one its sites, and as many trials as it plans. */
export function measurementAside({ animal, protocol, typed, asked }: AsideAsked): Aside | undefined {
  const assays = protocol.assays ?? [];
  const data = isPlainObject(typed['data']) ? typed['data'] : {};
  const assay =
    assays.find(({ id }) => id === data['assay']) ?? (assays.length === 1 ? assays[0] : undefined);
  const { session, minute } = { session: asked.query['data.session'], minute: asked.query['data.minute'] };
  const kept = { ...(session && { 'data.session': session }), ...(minute && { 'data.minute': minute }) };
  const Told = (): JSX.Element => <AssayPicks animal={animal} assays={assays} chosen={assay} kept={kept} />;
  if (!assay) return assays.length === 0 ? undefined : { Told };
  const filaments = protocol.ladder?.filaments.map(({ label }) => label) ?? [];
  return {
    Told,
    without: ['subject', 'data.assay', 'data.site', 'data.trials'],
    Fields: ({ body }) => (
      <>
        <input type="hidden" name="subject" value={animal} />
        <input type="hidden" name="data.assay" value={assay.id} />
        <Sites assay={assay} body={body} />
        <Trials assay={assay} body={body} filaments={filaments} />
      </>
    ),
  };
}

function AssayPicks({
  animal,
  assays,
  chosen,
  kept,
}: {
  readonly animal: string;
  readonly assays: readonly Assay[];
  readonly chosen: Assay | undefined;
  readonly kept: Readonly<Record<string, string>>;
}): JSX.Element {
  const href = useContext(StudyHref);
  return (
    <nav class="picks" aria-label="Assay">
      {assays.map(({ id, title }) => (
        <a
          href={href('/bench/enter/record-measurement', { animal, 'data.assay': id, ...kept })}
          aria-current={id === chosen?.id ? 'true' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

function Sites({ assay: { sites }, body }: { readonly assay: Assay; readonly body: Values }): JSX.Element {
  const data = isPlainObject(body['data']) ? body['data'] : {};
  return (
    <fieldset class="scale" id={idOf('data.site')} data-field="data.site">
      <legend>Site</legend>
      <div class="picks">
        {sites.map((site) => (
          <label>
            <input
              type="radio"
              name="data.site"
              value={site}
              checked={data['site'] === site || sites.length === 1}
              required
            />
            <span>{inWords(site)}</span>
          </label>
        ))}
      </div>
      <Wrong name="data.site" />
    </fieldset>
  );
}

function Trials({
  assay: { unit, cutOff, trials },
  body,
  filaments,
}: {
  readonly assay: Assay;
  readonly body: Values;
  readonly filaments: readonly string[];
}): JSX.Element {
  const given = isPlainObject(body['data']) ? body['data']['trials'] : undefined;
  const rows: readonly unknown[] = Array.isArray(given) ? given : [];
  const count = Math.max(trials.count ?? TRIALS, rows.length);
  return (
    <fieldset class="group trials" id={idOf('data.trials')} data-field="data.trials">
      <legend>
        {trials.count === undefined ? 'Trials, as many as there were' : `Trials: ${trials.count} are planned`}
        {unit !== '1' && `, in ${unit}`}
        {cutOff !== undefined && `, stopped at ${cutOff}`}
      </legend>
      <Wrong name="data.trials" />
      <ol>
        {Array.from({ length: count }, (_, index) => (
          <li>
            <TrialFields
              kind={trials.kind}
              index={index}
              value={rows[index]}
              cutOff={cutOff}
              filaments={filaments}
            />
          </li>
        ))}
      </ol>
    </fieldset>
  );
}

function TrialFields({
  kind,
  index,
  value,
  cutOff,
  filaments,
}: {
  readonly kind: Assay['trials']['kind'];
  readonly index: number;
  readonly value: unknown;
  readonly cutOff: string | undefined;
  readonly filaments: readonly string[];
}): JSX.Element {
  const row = `data.trials[${index}]`;
  const form = `${row}|${FORMS[kind]}`;
  const values: Values = isPlainObject(value) ? value : {};
  const number = (member: string, label: string): JSX.Element => (
    <label>
      {label}
      <input
        name={`${form}.${member}`}
        value={asText(values[member])}
        inputMode="decimal"
        autoComplete="off"
        aria-label={`Trial ${index + 1}: ${label}`}
      />
    </label>
  );
  return (
    <div class="trial" data-field={row}>
      <input type="hidden" name={`${row}|`} value={String(FORMS[kind])} />
      {kind === 'value' && number('value', 'Value')}
      {kind === 'value' && cutOff !== undefined && (
        <label class="tickbox">
          <input
            type="checkbox"
            name={`${form}.censored`}
            value="true"
            checked={values['censored'] === true}
          />
          <span>stopped at the cut-off</span>
        </label>
      )}
      {kind === 'responses' && (
        <label>
          Filament
          <input
            name={`${form}.filament`}
            value={asText(values['filament'])}
            list="filaments"
            autoComplete="off"
          />
        </label>
      )}
      {kind === 'responses' && number('n', 'Responses')}
      {kind === 'responses' && number('of', 'of touches')}
      {kind === 'pair' && number('left', 'Left')}
      {kind === 'pair' && number('right', 'Right')}
      {kind === 'responses' && index === 0 && (
        <datalist id="filaments">
          {filaments.map((label) => (
            <option value={label}>{label}</option>
          ))}
        </datalist>
      )}
      <Wrong name={row} />
    </div>
  );
}
