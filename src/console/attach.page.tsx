import type { JSX } from 'preact';
import { StudyIsClosed, closedStudy } from './bench/closed-study.js';
import type { ClosedStudy } from './bench/closed-told.js';
import { benchPage, type MainProps } from './page.js';
import { KINDS } from './parts/attached.js';
import { StudyLink } from './parts/links.js';

/** What the server adds to the page. */
export interface AttachFound {
  /** Why the file was not attached. */
  readonly refused?: string;
  readonly typed?: URLSearchParams;
}

interface Attaching extends AttachFound {
  readonly code: string;
  readonly closed: ClosedStudy | undefined;
  readonly id: string;
}

/** A file is chosen or dropped, and becomes part of the study. */
export const attachPage = benchPage<Attaching>({
  path: '/studies/:code/attach',
  title: () => 'Attach a file',
  hasController: true,
  *answer(asked) {
    yield;
    const { refused, typed } = asked.found as AttachFound;
    return {
      code: asked.view.study.code,
      closed: closedStudy(asked),
      id: asked.newId(),
      ...(refused !== undefined && { refused }),
      ...(typed && { typed }),
    };
  },
  main: Main,
});

function Main({ answer }: MainProps<Attaching>): JSX.Element {
  const { code, refused, typed, id, closed } = answer;
  if (closed?.archive)
    return (
      <section class="bench">
        <h1>Attach a file</h1>
        <StudyIsClosed closed={closed} />
      </section>
    );
  const said = (field: string): string => typed?.get(field) ?? '';
  return (
    <section class="bench">
      <p class="back">
        <StudyLink to="/files">Files</StudyLink>
      </p>
      <h1>Attach a file</h1>
      <p class="lead">
        The file is kept beside the log, and a record holds its SHA-256. Whoever opens it later gets the same
        bytes, or is told that they were changed. Like a record, it is never deleted.
      </p>
      {refused !== undefined && (
        <p class="refused" role="alert">
          {refused}
        </p>
      )}
      {closed && <p class="quiet">The study is closed: say why the file is attached only now.</p>}
      <form class="enter" method="post" action={`/studies/${code}/attach`} encType="multipart/form-data">
        <input type="hidden" name="id" value={id} />
        <label class="field">
          <span>What it is</span>
          <select name="kind" required>
            {Object.entries(KINDS).map(([kind, words]) => (
              <option value={kind} selected={said('kind') === kind}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>
            Who wrote it <span class="quiet">optional</span>
          </span>
          <input name="contributor" value={said('contributor')} autoComplete="off" maxLength={64} />
          <small>The person’s id, such as path-1.</small>
        </label>
        <label class="field">
          <span>
            Comment <span class="quiet">optional</span>
          </span>
          <input name="comment" value={said('comment')} autoComplete="off" />
        </label>
        <label class="field">
          <span>
            Reason <span class="quiet">optional</span>
          </span>
          <input name="reason" value={said('reason')} autoComplete="off" />
        </label>
        <label class="field">
          <span>File</span>
          <input type="file" name="file" required />
          <small>Choose it, or drop it on the field; at most 100 MB.</small>
        </label>
        <button class="send">Attach</button>
      </form>
    </section>
  );
}
