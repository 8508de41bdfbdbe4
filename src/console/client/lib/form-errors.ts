import { errorInWords } from '../../forms/error-words.js';
import type { Problem } from './ask-server.js';
import { element, find, findAll } from './elements.js';

let told = 0;

/** All that is wrong, in one line. */
export function problemInWords({ detail, field = '', errors }: Problem): string {
  return (errors ?? [{ field, detail }]).map((error) => errorInWords(error)).join(' ');
}

/** Takes away what was said of an earlier attempt. */
export function clearErrors(form: HTMLFormElement): void {
  for (const one of findAll('.refused', form)) one.remove();
  for (const field of findAll('[aria-invalid]', form)) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
}

/** Says what is wrong, each at its field; what has none stands at the end. The first field gets the focus. */
export function showErrors(form: HTMLFormElement, { detail, field = '', errors }: Problem): void {
  let first: HTMLElement | undefined;
  for (const error of errors ?? [{ field, detail }]) {
    const id = `refused-${told++}`;
    const place = placeOf(form, error.field);
    const said = errorInWords(error, place?.dataset['field'] === error.field ? labelIn(place) : undefined);
    const sentence = element('p', { class: 'refused', id, role: 'alert' }, said);
    if (!place) {
      form.append(sentence);
      continue;
    }
    // What is missing may not be left out.
    find(':scope > label > .quiet', place)?.remove();
    place.closest('details')?.setAttribute('open', '');
    place.append(sentence);
    const input = place.matches('fieldset')
      ? undefined
      : find('input:not([type=hidden]), select, textarea', place);
    input?.setAttribute('aria-invalid', 'true');
    input?.setAttribute('aria-describedby', id);
    first ??= input ?? find('input, select, textarea', place) ?? undefined;
  }
  first?.focus();
}

/** The words of a label, without what is quiet in it. */
function labelIn(place: HTMLElement): string | undefined {
  const words = find('label, legend', place)?.firstChild?.textContent?.trim();
  return words === '' ? undefined : words;
}

/** The field of a path, or the nearest around it: `data.weight.unit` is told at `data.weight.value`, a list’s row at its list. */
function placeOf(form: HTMLFormElement, path: string): HTMLElement | null {
  for (let name = path; name !== ''; name = name.replace(/(\[\d+\]|(^|\.)[^.[]*)$/, '')) {
    const found =
      find(`[data-field="${CSS.escape(name)}"]`, form) ??
      find(`[data-field="${CSS.escape(`${name}.value`)}"]`, form);
    if (found) return found;
  }
  return null;
}
