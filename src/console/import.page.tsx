import type { JSX } from 'preact';
import { API } from '../shared/api-prefix.js';
import { OpenEndpoint } from './bench/asides/endpoints.js';
import { StudyIsClosed, closedStudy } from './bench/closed-study.js';
import type { ClosedStudy } from './bench/closed-told.js';
import { Columns } from './import/columns.js';
import type { FoundRecords, FoundSheet, ImportFound, NamedMapping } from './import/found.js';
import { Rows } from './import/rows.js';
import { benchPage, type MainProps } from './page.js';
import { RecordLink, StudyLink } from './parts/links.js';
import { counted } from './words/phrase.js';

interface Importing extends ImportFound {
  readonly code: string;
  /** Where the study is archived: it takes no sheet. */
  readonly archived: ClosedStudy | undefined;
}

/** A spreadsheet is dropped, its columns are matched, and all of its rows are recorded or none. */
export const importPage = benchPage<Importing>({
  path: '/studies/:code/import',
  name: 'Import',
  parameters: ['file', 'recorded'],
  title: () => 'Import',
  script: 'import',
  hasController: true,
  *answer(asked) {
    yield;
    const closed = closedStudy(asked);
    return {
      ...(asked.found as ImportFound),
      code: asked.view.study.code,
      archived: closed?.archive && closed,
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<Importing>): JSX.Element {
  const { code, sheet, mappings, recorded, refused, archived } = answer;
  return (
    <section class="bench import">
      <h1>Import a sheet</h1>
      {refused && (
        <div class="refused" role="alert">
          {refused.errors.length !== 1 && <p>{refused.detail}</p>}
          {refused.errors.length > 0 && (
            <ul>
              {refused.errors.map(({ field, detail }) => (
                <li>
                  {field !== '' && <code>{field}</code>} {detail}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {recorded && <Recorded recorded={recorded} code={code} />}
      {archived ? (
        <StudyIsClosed closed={archived} />
      ) : sheet ? (
        <Sheet sheet={sheet} />
      ) : (
        <Choose code={code} />
      )}
      <Saved mappings={mappings} code={code} />
    </section>
  );
}

function Choose({ code }: { readonly code: string }): JSX.Element {
  return (
    <form
      class="enter drop"
      method="post"
      action={`/studies/${code}/import`}
      encType="multipart/form-data"
      data-drop=""
    >
      <p>
        Drop a sheet here, or choose it: .csv or .xlsx, at most 32 MB. Nothing is recorded before you have
        checked its rows.
      </p>
      <label class="field">
        <span>Sheet</span>
        <input type="file" name="file" accept=".csv,.tsv,.txt,.xlsx" required />
      </label>
      <details>
        <summary>I have a mapping for the command line</summary>
        <label class="field">
          <span>
            Mapping <span class="quiet">optional</span>
          </span>
          <input type="file" name="mapping" accept=".json" />
          <small>
            The file that study-ledger import --mapping takes. Without one the columns are matched here.
          </small>
        </label>
      </details>
      <button class="send">Look at the sheet</button>
    </form>
  );
}

function Sheet({ sheet }: { readonly sheet: FoundSheet }): JSX.Element {
  const { file, count, sheets, others, rows, columns, mapping, saidOfAll, fitting, sha256 } = sheet;
  return (
    <>
      <p>
        <strong>{file}</strong>
        {columns && `: ${counted(count, 'row')} below the headers in row ${sheet.header}`}
        {sheets.length > 1 && `, in the sheets ${sheets.join(', ')}`}.
        {others.length > 0 && ` Not read: ${others.join(', ')}.`}{' '}
        <StudyLink to="/import">Another sheet</StudyLink>
      </p>
      {(fitting.length > 0 || !columns) && (
        <form class="enter" method="post" data-match="">
          <input type="hidden" name="file" value={sha256} />
          {mapping !== undefined && <p>Read by the mapping “{mapping}”.</p>}
          {saidOfAll.length > 0 && (
            <>
              <p>It says of every row, whatever the sheet holds. Check that it is true of this one:</p>
              <ul>
                {saidOfAll.map((said) => (
                  <li>{said}</li>
                ))}
              </ul>
            </>
          )}
          <p class="offered">
            {fitting.map(({ name, sha256: digest }) => (
              <button name="do" value={`saved:${digest}`}>
                Use the mapping “{name}”
              </button>
            ))}
            {!columns && (
              <button name="do" value="columns">
                Match the columns here instead
              </button>
            )}
          </p>
        </form>
      )}
      {columns && (
        <section aria-label="Columns">
          <h2>Columns</h2>
          <Columns sheet={sheet} />
        </section>
      )}
      {rows && <Rows sheet={sheet} rows={rows} />}
    </>
  );
}

function Recorded({
  recorded,
  code,
}: {
  readonly recorded: FoundRecords;
  readonly code: string;
}): JSX.Element {
  const { file, count, first, last, mapping, endpoints } = recorded;
  return (
    <section class="recorded" aria-label="Just recorded">
      <p>
        <span aria-hidden="true">✓</span> {counted(count, 'record')} {count === 1 ? 'is' : 'are'} from {file}:{' '}
        <RecordLink number={first} />
        {last > first && (
          <>
            {' '}
            to <RecordLink number={last} />
          </>
        )}
        . <StudyLink to="/records">All records</StudyLink>
      </p>
      {endpoints.length > 0 && (
        <div role="alert">
          <p>
            <strong>
              {counted(endpoints.length, 'humane endpoint')} of these animals{' '}
              {endpoints.length === 1 ? 'waits' : 'wait'} for a decision. Tell the veterinarian and decide.
            </strong>
          </p>
          <nav class="waits" aria-label="Endpoints that wait for a decision">
            {endpoints.map((endpoint) => (
              <OpenEndpoint endpoint={endpoint} />
            ))}
          </nav>
        </div>
      )}
      {mapping && (
        <p>
          The mapping is saved as “{mapping.name}” (<RecordLink number={mapping.number} />
          ): <a href={`${API}/studies/${code}/mappings/${mapping.sha256}`}>download it</a> for the next sheet
          or the command line.
        </p>
      )}
    </section>
  );
}

function Saved({
  mappings,
  code,
}: {
  readonly mappings: readonly NamedMapping[];
  readonly code: string;
}): JSX.Element | null {
  if (mappings.length === 0) return null;
  return (
    <section aria-label="Saved mappings">
      <h2>Saved mappings</h2>
      <ul>
        {mappings.map(({ name, sha256, number }) => (
          <li>
            <a href={`${API}/studies/${code}/mappings/${sha256}`}>{name}</a>, <RecordLink number={number} />
          </li>
        ))}
      </ul>
    </section>
  );
}
