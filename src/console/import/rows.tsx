import type { JSX } from 'preact';
import { seenInWords } from '../../study/welfare/endpoints.js';
import { Flags } from '../parts/flags.js';
import { RecordLink, StudyLink } from '../parts/links.js';
import { Table } from '../parts/table.js';
import { counted } from '../words/phrase.js';
import { FOUND_LATER, LEAVE_OUT_KNOWN, WHY_ROWS_STAND } from './labels.js';
import type { FoundRow, FoundRows, FoundSheet } from './found.js';

/** The rows as they would be recorded, what is refused and why, and what is not heeded; then the button that records them. */
export function Rows({ sheet, rows }: { readonly sheet: FoundSheet; readonly rows: FoundRows }): JSX.Element {
  const {
    fit,
    shown,
    refused,
    refusedCount,
    leftOut,
    others,
    flagged,
    notHeeded,
    unread,
    notices,
    endpoints,
  } = rows;
  return (
    <section id="rows" aria-label="Rows">
      <h2>Rows</h2>
      <p class="lead">
        {refusedCount > 0
          ? `${counted(refusedCount, 'row')} ${refusedCount === 1 ? 'is' : 'are'} refused, so nothing can be recorded: all rows that are not left out are, or none.`
          : `${counted(fit, 'row')} would be recorded.`}
        {others.length > 0 && ` ${others.join(', ')}.`}
      </p>
      {notices.map((notice) => (
        <p class="told">{notice}</p>
      ))}
      {endpoints.map((alert) => (
        <p class="told">
          <strong>
            {alert.subject}: a humane endpoint is reached ({alert.description}), {seenInWords(alert)}. Tell
            the veterinarian and decide.
          </strong>
        </p>
      ))}
      {refusedCount > 0 && (
        <>
          <h3>Refused</h3>
          <Table
            label="Refused rows"
            rows={refused}
            columns={[...PLACE, { head: 'Why', cell: ({ said }) => said, as: 'text' }]}
          />
          {refusedCount > refused.length && <p>And {counted(refusedCount - refused.length, 'row')} more.</p>}
          <p>
            Change the row in the sheet, and send the sheet again. Or leave it out below, with the reason.
            {rows.hasUnknown && (
              <>
                {' '}
                Or enrol the animal first: <StudyLink to={ENROLMENT}>enrolment</StudyLink>.
              </>
            )}
          </p>
        </>
      )}
      {shown.length > 0 && (
        <>
          <h3>As they would be recorded</h3>
          <Table
            label="Rows as they would be recorded"
            rows={shown}
            columns={[
              ...PLACE.slice(0, 1),
              { head: 'When', cell: ({ when = '' }) => when },
              {
                head: 'Record',
                cell: ({ said, flags, remarks = [], maybeSame, verdicts }) => (
                  <>
                    {said} <Flags flags={flags} />
                    {remarks.map((remark) => (
                      <strong class="remark"> {remark}</strong>
                    ))}
                    {maybeSame !== undefined && (
                      <strong class="remark">
                        {' '}
                        <RecordLink number={maybeSame} /> says the same within the same minute: is this row
                        that very observation? Then leave it out below.
                      </strong>
                    )}
                    {verdicts.map((verdict) => (
                      <span class="quiet"> {verdict}</span>
                    ))}
                  </>
                ),
                as: 'text',
              },
            ]}
          />
          {fit > shown.length && <p>And {counted(fit - shown.length, 'row')} more of the kind.</p>}
        </>
      )}
      {flagged.length > 0 && (
        <>
          <h3>Flagged</h3>
          <ul>
            {flagged.map(({ kind, code, rows: list }) => (
              <li>
                {code.replaceAll('-', ' ')} ({kind}): {list}
              </li>
            ))}
          </ul>
        </>
      )}
      {notHeeded.length + unread.length > 0 && (
        <>
          <h3>Not heeded</h3>
          <ul>
            {notHeeded.map((one) => (
              <li>
                {placeOf(one)}: {one.said}
              </li>
            ))}
            {unread.map((name) => (
              <li>Nothing is read from the sheet “{name}”.</li>
            ))}
          </ul>
        </>
      )}
      {leftOut.length > 0 && (
        <>
          <h3>Left out</h3>
          <Table
            label="Rows that are left out"
            rows={leftOut}
            columns={[...PLACE.slice(0, 1), { head: 'Why', cell: ({ said }) => said, as: 'text' }]}
          />
        </>
      )}
      <LeaveOut sheet={sheet} />
      <Record sheet={sheet} rows={rows} />
    </section>
  );
}

const ENROLMENT = '/bench/enter/enrol-subject';

const PLACE = [
  { head: 'Row', cell: (row: FoundRow) => placeOf(row) },
  { head: 'Column', cell: ({ column = '' }: FoundRow) => column },
] as const;

function placeOf({ sheet, row, column }: FoundRow): string {
  const at = [sheet, row === undefined ? undefined : String(row)].filter((part) => part !== undefined);
  return at.length > 0 ? at.join(', ') : (column ?? '');
}

/** Names rows that are not imported; the mapping that is saved says which, and why. */
function LeaveOut({ sheet }: { readonly sheet: FoundSheet }): JSX.Element {
  const { sha256, leftOut, allSheets } = sheet;
  return (
    <form class="enter" method="post" data-leave-out="">
      <input type="hidden" name="file" value={sha256} />
      {leftOut.map(({ sheet: of, rows, why }, index) => (
        <p>
          {of !== undefined && `${of}, `}rows {rows}: {why}{' '}
          <button name="do" value={`take-back:${index}`}>
            Do not leave out
          </button>
        </p>
      ))}
      <details>
        <summary>Leave rows out</summary>
        {allSheets.length > 0 && (
          <label class="field">
            <span>Sheet</span>
            <select name="sheet">
              {allSheets.map((name) => (
                <option value={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          <span>Rows to leave out</span>
          <input name="rows" autoComplete="off" />
          <small>As the sheet counts them, such as 6, 9-12.</small>
        </label>
        <label class="field">
          <span>Why they are left out</span>
          <input name="outReason" autoComplete="off" />
          <small>It stands in the mapping, which is saved with the study.</small>
        </label>
        <button name="do" value="leave-out">
          Leave these rows out
        </button>
      </details>
    </form>
  );
}

function Record({
  sheet,
  rows,
}: {
  readonly sheet: FoundSheet;
  readonly rows: FoundRows;
}): JSX.Element | null {
  const { sha256, saved, reason, skipKnown, foundLater, shown } = sheet;
  const { fit, refusedCount } = rows;
  const name = sheet.mapping ?? sheet.file.replace(/\.\w+$/, '');
  return (
    <form class="enter" method="post" data-record="">
      <input type="hidden" name="file" value={sha256} />
      <input type="hidden" name="shown" value={shown} />
      {foundLater !== undefined && (
        <div class="field">
          <label class="tickbox">
            <input type="checkbox" name="foundLater" value="true" checked={foundLater} />
            <span>{FOUND_LATER}</span>
          </label>
          <small>
            It stands in the mapping. Each record has the flag after-close and needs a reason. Where the acts
            of the study are signed, its director signs them before the study is archived.
          </small>
        </div>
      )}
      <details open={refusedCount > 0 || reason !== '' || foundLater !== undefined}>
        <summary>Rows that repeat or contradict a record</summary>
        <label class="field">
          <span>
            {WHY_ROWS_STAND} <span class="quiet">optional</span>
          </span>
          <input name="rowReason" value={reason} autoComplete="off" />
          <small>Also of rows that have no reason at all, such as late ones.</small>
        </label>
        <label class="tickbox">
          <input type="checkbox" name="skipKnown" value="true" checked={skipKnown} />
          <span>{LEAVE_OUT_KNOWN}</span>
        </label>
        <button name="do" value="look">
          Look again
        </button>
      </details>
      {refusedCount === 0 && fit > 0 && (
        <>
          {saved ? (
            <p>The study keeps this mapping as “{saved.name}”.</p>
          ) : (
            <label class="field">
              <span>Name of the mapping, which is saved with the study</span>
              <input
                name="saveAs"
                value={name}
                maxLength={400}
                autoComplete="off"
                required={sheet.leftOut.length > 0}
              />
              <small>For the next sheet of this layout, and for the command line.</small>
            </label>
          )}
          <button class="send" name="do" value="record">
            Record {counted(fit, 'row')}
          </button>
        </>
      )}
      {refusedCount === 0 && fit === 0 && <p>There is nothing to record: every row is recorded already.</p>}
    </form>
  );
}
