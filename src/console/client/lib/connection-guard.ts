import { isAnswering } from './ask-server.js';
import { element } from './elements.js';

/** A second tap within this time is none of its own, ms. */
const SECOND_TAP_MS = 1_000;

/**
 * A form that the browser sends by itself leads to its error page where there is no connection, and what was typed is lost.
 * So the server is asked first whether it answers. Forms that a script sends are not concerned.
 */
export function guardForms(): void {
  const answered = new WeakSet<HTMLFormElement>();
  const busy = new WeakSet<HTMLFormElement>();
  const told = element('p', { class: 'refused', role: 'alert' });
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== 'post' || answered.delete(form)) return;
    event.preventDefault();
    // It is sent once, when there is an answer: only then does the page do what it does at a submit.
    event.stopImmediatePropagation();
    if (busy.has(form)) return;
    busy.add(form);
    told.remove();
    const { submitter } = event;
    void isAnswering().then((isThere) => {
      if (isThere) {
        setTimeout(() => busy.delete(form), SECOND_TAP_MS);
        answered.add(form);
        form.requestSubmit(submitter);
        return;
      }
      // Nothing was sent, so the next tap counts at once.
      busy.delete(form);
      told.textContent =
        'No connection. What you typed is still here: send it again when the connection is back.';
      if (submitter) submitter.after(told);
      else form.append(told);
      told.scrollIntoView({ block: 'nearest' });
    });
  });
}
