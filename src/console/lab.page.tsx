import type { JSX } from 'preact';
import { studyOf } from '../lab/origins.js';
import { showLaboratory, type AnchoredLog, type Laboratory } from '../queries/laboratory.js';
import { masterSchedule, type Scheduled } from '../queries/master-schedule.js';
import { utcInstant } from '../study/instant.js';
import { Refusal } from '../study/refusal.js';
import { ledgerPage, type MainProps } from './page.js';
import { Director } from './parts/director.js';
import { Facts, Table } from './parts/table.js';
import { Standing, Watched } from './parts/watched.js';
import { Day, When } from './parts/when.js';
import { counted, countText } from './words/phrase.js';
import { API } from '../shared/api-prefix.js';

interface LabAnswer extends Laboratory {
  /** Of the studies that the reader may read. */
  readonly schedule: readonly Scheduled[];
  readonly leftOut: number;
}

export const labPage = ledgerPage<LabAnswer>({
  path: '/lab',
  readers: 'signed-in',
  name: 'Laboratory',
  parameters: ['on'],
  title: () => 'Laboratory',
  async answer(engine, { query: { on } }, { mayRead }) {
    const all = await masterSchedule(engine, on);
    if (all instanceof Refusal) return all;
    const schedule = all.filter(({ code }) => mayRead(code)).sort(byTestArticle);
    return { ...(await showLaboratory(engine)), schedule, leftOut: all.length - schedule.length };
  },
  main: Main,
});

/** As 21 CFR 58.35(b)(1) has it; studies that give nothing, or cannot be read, come last. */
function byTestArticle(one: Scheduled, other: Scheduled): number {
  const [a, b] = [one, other].map(({ study }) => study?.testArticle ?? '\uffff') as [string, string];
  return a < b ? -1 : a > b ? 1 : one.number - other.number;
}

function Main({ answer, query }: MainProps<LabAnswer>): JSX.Element {
  const { facility, logs, watched, unwitnessed } = answer;
  return (
    <>
      <h1>Laboratory {facility}</h1>
      <MasterSchedule answer={answer} on={query['on']} />
      <section id="watched">
        <h2>Who watches from outside</h2>
        <Watched status={watched} unwitnessed={unwitnessed} />
      </section>
      <section id="anchors">
        <h2>Anchors</h2>
        <p>
          The state of each log is recorded in the log of the laboratory, which is signed and published. The
          table says how far each log is anchored.
        </p>
        <AnchoredLogs logs={logs} />
      </section>
      <Condition answer={answer} />
    </>
  );
}

function MasterSchedule({
  answer: { schedule, leftOut },
  on,
}: {
  readonly answer: Pick<LabAnswer, 'schedule' | 'leftOut'>;
  readonly on: string | undefined;
}): JSX.Element {
  return (
    <section id="schedule">
      <div class="heading">
        <h2>{on === undefined ? 'Master schedule' : `Master schedule as of ${on}`}</h2>
        <form method="get" action="/lab" class="jump" aria-label="Another day">
          <label>
            As of <input type="date" name="on" value={on} />
          </label>
          <button>Show</button>
          {on !== undefined && <a href="/lab">Now</a>}
        </form>
      </div>
      <Table
        label="Master schedule"
        rows={schedule}
        none={
          leftOut > 0
            ? 'You may not read any study here.'
            : on === undefined
              ? 'No study is registered yet.'
              : 'No study was registered by the end of that day.'
        }
        columns={[
          {
            head: 'Study',
            cell: ({ code, size }) => (
              <a href={on === undefined || size === 0 ? `/studies/${code}` : `/studies/${code}?at=${size}`}>
                {code}
              </a>
            ),
          },
          {
            head: 'Nature',
            as: 'text',
            cell: ({ study, problem }) => (
              <>
                {problem ?? study?.title ?? 'Nothing was recorded in it by then.'}
                {study?.sponsor !== undefined && <div class="quiet">Sponsor: {study.sponsor}</div>}
              </>
            ),
          },
          { head: 'Test system', as: 'wide', cell: ({ study }) => study?.testSystem },
          { head: 'Test article', as: 'wide', cell: ({ study }) => study?.testArticle },
          { head: 'Director', cell: ({ study }) => study && <Director of={study} /> },
          { head: 'Begun', cell: ({ study }) => study?.opened && <Day at={study.opened} /> },
          {
            head: 'State',
            cell: ({ study }) => (
              <>
                {study?.state}
                {study?.closed !== undefined && (
                  <div>
                    <Day at={study.closed} />
                  </div>
                )}
              </>
            ),
          },
          { head: 'Animals', as: 'number', cell: ({ study }) => study?.enrolled },
          { head: 'Records', as: 'number', cell: ({ size }) => countText(size) },
        ]}
      />
      <p class="quiet">
        {leftOut > 0 && `Not listed: ${counted(leftOut, 'study', 'studies')} that you may not read. `}
        {on === undefined
          ? 'Sorted by test article.'
          : 'Sorted by test article. Shown as recorded by the end of that day (UTC), without later corrections.'}
      </p>
    </section>
  );
}

const STATES: Readonly<Record<NonNullable<AnchoredLog['state']>, string>> = {
  lab: 'in the log of the laboratory',
  cosigned: 'cosigned by witnesses',
  stamped: 'time-stamped',
};

function AnchoredLogs({ logs }: { readonly logs: readonly AnchoredLog[] }): JSX.Element {
  return (
    <Table
      label="Anchored logs"
      rows={logs}
      columns={[
        {
          head: 'Log',
          cell: ({ log }) => {
            const code = studyOf(log);
            return code === undefined ? (
              'access: what was taken out'
            ) : (
              <a href={`/studies/${code}/verify`}>{code}</a>
            );
          },
        },
        { head: 'Records', as: 'number', cell: ({ size }) => countText(size) },
        { head: 'Anchored', as: 'number', cell: ({ anchor }) => countText(anchor?.size ?? 0) },
        {
          head: 'State',
          as: 'wide',
          cell: ({ size, anchor, state }) => {
            if (size === 0) return <Standing stands="open">empty</Standing>;
            if (!anchor || !state) return <Standing stands="open">not anchored yet</Standing>;
            const waiting = size - anchor.size;
            return (
              <>
                <Standing stands="holds">{STATES[state]}</Standing>
                {waiting > 0 && <span class="quiet">, {counted(waiting, 'record')} since</span>}
              </>
            );
          },
        },
        {
          head: 'Lab record',
          cell: ({ anchor }) =>
            anchor && <a href={`${API}/lab/records?from=${anchor.number}&limit=1`}>{`#${anchor.number}`}</a>,
        },
        { head: 'Recorded', cell: ({ anchor }) => anchor && <When at={anchor.recordedtime} /> },
      ]}
    />
  );
}

/** What the server knows of itself, in words. */
function Condition({
  answer: { stopped, damaged, checked, store, timeZone },
}: {
  readonly answer: LabAnswer;
}): JSX.Element {
  return (
    <section id="condition">
      <h2>Condition</h2>
      <Facts
        facts={[
          [
            'Recording',
            stopped === undefined ? (
              <Standing stands="holds">Commands are accepted</Standing>
            ) : (
              <Standing stands="fails">{`Stopped: ${stopped}`}</Standing>
            ),
          ],
          [
            'Studies',
            damaged.length === 0 ? (
              <Standing stands="holds">Every study that was opened can be read</Standing>
            ) : (
              <Standing stands="fails">{`Cannot be read: ${damaged.join(', ')}. Record nothing there, and run study-ledger verify.`}</Standing>
            ),
          ],
          ['Self-check', <SelfCheck checked={checked} />],
          [
            'Backups',
            'The server does not know which backups exist. study-ledger backup makes one; its file backup.json says when. study-ledger restore-drill restores it for a trial and verifies it.',
          ],
          ['Store', store],
          ['Time zone of times that the server sets', timeZone],
        ]}
      />
    </section>
  );
}

function SelfCheck({ checked }: { readonly checked: LabAnswer['checked'] }): JSX.Element {
  if (!checked)
    return (
      <Standing stands="open">
        Not made since the server started. It is made shortly after the start and each night.
      </Standing>
    );
  const { atMs, findings } = checked;
  return (
    <>
      {findings.length === 0 ? (
        <Standing stands="holds">Every log was verified from its bytes; no fault was found</Standing>
      ) : (
        findings.map((finding) => (
          <div>
            <Standing stands="fails">{finding}</Standing>
          </div>
        ))
      )}{' '}
      <span class="quiet">
        <When at={utcInstant(atMs)} />
      </span>
    </>
  );
}
