import type { JSX } from 'preact';
import { Table } from '../parts/table.js';
import type { FoundColumn, FoundField, FoundSheet, Option, OptionGroup } from './found.js';

const SURE: Readonly<Record<FoundColumn['sure'], string>> = {
  name: 'by its name',
  values: 'by its cells',
  unknown: 'not known',
};

/** What each column is, with what cannot be told by the sheet. */
export function Columns({ sheet }: { readonly sheet: FoundSheet }): JSX.Element {
  const { columns = [], settings, asked, meanings, records, sha256 } = sheet;
  const chosen = records.filter(({ isChosen }) => isChosen);
  const due = [
    ...asked,
    ...[...columns.flatMap(({ fields }) => fields), ...settings].filter(({ isDue }) => isDue),
  ];
  return (
    <form class="enter match" method="post" data-match="">
      <input type="hidden" name="file" value={sha256} />
      {due.length > 0 && (
        <output class="told">
          {due.length === 1 ? 'One thing is' : `${due.length} things are`} not told by the sheet, or told in
          more than one way. Nothing is guessed: answer what is marked “to be said”.
        </output>
      )}
      {asked.map((sentence) => (
        <p class="refused">{sentence}</p>
      ))}
      <input type="hidden" name="before" value={chosen.map(({ name }) => name).join(' ')} />
      <details open={chosen.length > 0}>
        <summary>The rows are doses, operations or anything else</summary>
        <p>
          Tick what they record. Then a column can be any of its fields, and what no column holds is asked for
          all rows.
        </p>
        <div class="records">
          {records.map(({ name, words, isChosen }) => (
            <label class="tickbox">
              <input type="checkbox" name="records" value={name} checked={isChosen} />
              <span>{words}</span>
            </label>
          ))}
        </div>
      </details>
      <Table
        label="Columns of the sheet"
        rows={columns}
        columns={[
          { head: 'Column', cell: ({ title, place }) => (title === '' ? place : title), as: 'wide' },
          {
            head: 'First cells',
            cell: ({ cells }) => <span class="quiet">{cells.join(' · ')}</span>,
            as: 'wide',
          },
          {
            head: 'What it is',
            cell: ({ place, title, means, fields }) => (
              <>
                <Pick
                  name={`m.${place}`}
                  label={`What “${title || place}” is`}
                  value={means}
                  groups={meanings}
                />
                {fields.map((field) => (
                  <SmallField field={field} />
                ))}
              </>
            ),
            as: 'wide',
          },
          {
            head: 'Found',
            cell: ({ sure, means }) => (means === 'ignore' && sure === 'unknown' ? '' : SURE[sure]),
          },
        ]}
      />
      <div class="settings">
        {settings.map((field) => (
          <Setting field={field} />
        ))}
      </div>
      <button name="do" value="match">
        Show the rows
      </button>
    </form>
  );
}

function Setting({ field }: { readonly field: FoundField }): JSX.Element {
  const { name, label, help, isDue } = field;
  return (
    <div class="field" data-field={name}>
      <label for={`i-${name}`}>
        {label} {isDue && <strong>to be said</strong>}
      </label>
      <Value field={field} id={`i-${name}`} />
      {help !== undefined &&
        (isDue && field.value !== '' ? <p class="refused">{help}</p> : <small>{help}</small>)}
    </div>
  );
}

function SmallField({ field }: { readonly field: FoundField }): JSX.Element {
  const { label, isDue } = field;
  return (
    <label class="small">
      <span>
        {label} {isDue && <strong>to be said</strong>}
      </span>
      <Value field={field} />
    </label>
  );
}

function Value({ field, id }: { readonly field: FoundField; readonly id?: string }): JSX.Element {
  const { name, value, options, type = 'text', isDue } = field;
  const wrong = isDue ? { 'aria-invalid': 'true' as const } : {};
  if (!options) return <input {...wrong} id={id} name={name} value={value} type={type} autoComplete="off" />;
  return (
    <select {...wrong} id={id} name={name}>
      <Choices options={[['', '–'], ...options]} value={value} />
    </select>
  );
}

function Pick({
  name,
  label,
  value,
  groups,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly groups: readonly OptionGroup[];
}): JSX.Element {
  return (
    <select name={name} aria-label={label}>
      {groups.map((group) =>
        group.label === undefined ? (
          <Choices options={group.options} value={value} />
        ) : (
          <optgroup label={group.label}>
            <Choices options={group.options} value={value} />
          </optgroup>
        ),
      )}
    </select>
  );
}

function Choices({
  options,
  value,
}: {
  readonly options: readonly Option[];
  readonly value: string;
}): JSX.Element {
  return (
    <>
      {options.map(([one, words]) => (
        <option value={one} selected={one === value}>
          {words}
        </option>
      ))}
    </>
  );
}
