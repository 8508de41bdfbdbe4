/**
 * The page of a correction. What was shown as before and after is kept on this device where there is no connection, as any
 * entry: it names the record that it replaces, so it is refused where another correction was quicker.
 */
import { Refused } from './lib/ask-server.js';
import { element, find } from './lib/elements.js';
import { sendEntry } from './lib/entries.js';
import { pairsOf } from './lib/form-pairs.js';
import { isUnanswered } from './lib/kept-entry.js';

const form = find<HTMLFormElement>('form[data-correct]');
if (form) watch(form, pairsOf(form).toString());

/** @param shown what the form said when the page was made */
function watch(corrected: HTMLFormElement, shown: string): void {
  let isSending = false;
  let isRefused = false;
  corrected.addEventListener('submit', (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    if (isSending) return event.preventDefault();
    // What has been changed since is shown by the server first.
    if (isRefused || button?.name !== 'confirm' || pairsOf(corrected).toString() !== shown) return;
    event.preventDefault();
    isSending = true;
    void record(corrected, button).then((isOver) => {
      isSending = false;
      if (isOver) return;
      // The page that the server answers with says why, beside what holds now.
      isRefused = true;
      corrected.requestSubmit(button);
    });
  });
}

/** @returns whether nothing more is to be done. */
async function record(corrected: HTMLFormElement, button: HTMLButtonElement): Promise<boolean> {
  const pairs = pairsOf(corrected);
  pairs.set(button.name, button.value);
  find('.refused', corrected)?.remove();
  try {
    const label = corrected.dataset['correct'] ?? '';
    const sent = await sendEntry({ address: corrected.action, pairs, label });
    if (sent.kind === 'recorded') location.assign(sent.receipt.next);
    else
      corrected.replaceChildren(
        element(
          'p',
          { role: 'status' },
          'The correction is kept on this device, not yet recorded: it is sent when the server answers again.',
        ),
      );
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!isUnanswered(error.problem)) return false;
    button.after(element('p', { class: 'refused', role: 'alert' }, error.message));
    return true;
  }
}
