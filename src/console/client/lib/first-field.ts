/** The field that one types in first gets the focus: what is wrong, else what is due and empty, else the first one. */
import { findAll } from './elements.js';
export function focusFirst(form: HTMLFormElement): void {
  if (document.activeElement !== document.body || location.hash !== '') return;
  const fields = [
    ...findAll<HTMLInputElement>('input:not([type=hidden]), select, textarea', form),
    // What is folded away cannot have the focus.
  ].filter((field) => field.checkVisibility() && field.closest('details:not([open])') === null);
  const first =
    fields.find((field) => field.getAttribute('aria-invalid') !== null) ??
    fields.find((field) => field.getAttribute('aria-required') !== null && field.value === '') ??
    fields[0];
  first?.focus();
}
