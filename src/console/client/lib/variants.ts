/** Of several forms of a value only the chosen one is shown. */
import { findAll } from './elements.js';
export function watchVariants(form: HTMLFormElement): void {
  showVariants(form);
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement && target.matches('[data-variant]')) show(target);
  });
}

export function showVariants(within: ParentNode): void {
  for (const select of findAll<HTMLSelectElement>('select[data-variant]', within)) show(select);
}

function show(select: HTMLSelectElement): void {
  for (const one of select.closest('fieldset')?.querySelectorAll<HTMLElement>(':scope > .variant') ?? [])
    one.hidden = one.dataset['of'] !== select.value;
}
