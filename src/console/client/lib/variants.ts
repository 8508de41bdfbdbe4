/** Of several forms of a value only the chosen one is shown. */
export function watchVariants(form: HTMLFormElement): void {
  for (const select of form.querySelectorAll<HTMLSelectElement>('select[data-variant]')) {
    const forms = select.closest('fieldset')?.querySelectorAll<HTMLElement>(':scope > .variant') ?? [];
    const show = (): void => {
      for (const one of forms) one.hidden = one.dataset['of'] !== select.value;
    };
    select.addEventListener('change', show);
    show();
  }
}
