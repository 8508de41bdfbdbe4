import { API } from '../../../shared/api-prefix.js';
import { Refused, get } from './ask-server.js';
import { isAnswering, isConnectionInDoubt, watchConnection } from './connection.js';
import { element } from './elements.js';
import { isOfTheSession } from './kept-entry.js';
import { leadingAway } from './leaving.js';
import { personOfPage, signedInFor } from './unlock.js';

/** A second tap within this time is none of its own, ms. */
const SECOND_TAP_MS = 1_000;

/**
 * Where there is no connection, what the browser sends or follows by itself leads to its error page: what was typed is lost,
 * and the page cannot be opened again. So the server is asked first whether it answers: before a form is posted, and before
 * anything else where the last request had no answer; and before a form, whether its person is still signed in. Forms that
 * a script sends are not concerned.
 */
export function guardPage(): void {
  watchConnection();
  guardForms();
  guardLinks();
  addEventListener('beforeunload', (event) => {
    if (isConnectionInDoubt()) event.preventDefault();
  });
}

function guardForms(): void {
  const answered = new WeakSet<HTMLFormElement>();
  const busy = new WeakSet<HTMLFormElement>();
  const told = element('p', { class: 'refused', role: 'alert' });
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || answered.delete(form)) return;
    if (form.method !== 'post' && !isConnectionInDoubt()) return;
    event.preventDefault();
    // It is sent once, when there is an answer: only then does the page do what it does at a submit.
    event.stopImmediatePropagation();
    if (busy.has(form)) return;
    busy.add(form);
    told.remove();
    const { submitter } = event;
    void whyNot().then((why) => {
      if (why === undefined) {
        setTimeout(() => busy.delete(form), SECOND_TAP_MS);
        answered.add(form);
        form.requestSubmit(submitter);
        return;
      }
      // Nothing was sent, so the next tap counts at once.
      busy.delete(form);
      told.textContent = why;
      if (submitter) submitter.after(told);
      else form.append(told);
      told.scrollIntoView({ block: 'nearest' });
    });
  });
}

function guardLinks(): void {
  const told = element('p', { class: 'unfollowed', role: 'alert' });
  addEventListener('online', () => told.remove());
  document.addEventListener('click', (event) => {
    const link = event.defaultPrevented ? undefined : leadingAway(event);
    if (!link || !isConnectionInDoubt()) return;
    event.preventDefault();
    told.remove();
    void isAnswering().then((isThere) => {
      if (isThere) return location.assign(link.href);
      told.textContent =
        'No connection. This page stays open: follow the link again when the connection is back.';
      // What is behind a dialog is not seen.
      (link.closest('dialog') ?? document.body).append(told);
    });
  });
}

const NO_CONNECTION =
  'No connection. What you typed is still here: send it again when the connection is back.';

/** Why a form is not sent now, in words; somebody whose session has ended signs in again in place. */
async function whyNot(): Promise<string | undefined> {
  if (!(await isAnswering())) return NO_CONNECTION;
  const page = personOfPage();
  if (!page) return undefined;
  try {
    await signedInFor(async () => {
      const { person } = await get<{ readonly person: string }>(`${API}/me`);
      if (person !== page.person)
        throw new Refused({
          status: 409,
          code: 'person-other',
          detail: `This was entered by ${page.person}, and ${person} is signed in.`,
        });
    });
    return undefined;
  } catch (error) {
    return error instanceof Refused && isOfTheSession(error.problem) ? error.message : undefined;
  }
}
