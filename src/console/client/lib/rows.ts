import { element, find, findAll } from './elements.js';
import { showVariants } from './variants.js';

/** Rows of a list are added and taken away in place. Names of fields are counted anew, so that they stay the places in the list. */
export function watchRows(form: HTMLFormElement): void {
  for (const list of findAll('ol.rows', form)) offerRemoval(list);
  form.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button');
    if (button?.name === 'longer') {
      event.preventDefault();
      const list = find(':scope > ol.rows', button.parentElement!);
      if (list) addRow(list, button.value);
    } else if (button?.matches('.shorter')) removeRow(button);
    else return;
    form.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function addRow(list: HTMLElement, name: string): void {
  const row = list.lastElementChild!.cloneNode(true) as HTMLElement;
  // Of a list within the row one empty row is left.
  for (const inner of findAll('ol.rows', row))
    while (inner.children.length > 1) inner.lastElementChild!.remove();
  empty(row);
  list.append(row);
  number(list, name);
  offerRemoval(list);
  showVariants(row);
  find('input:not([type=hidden]), select, textarea', row)?.focus();
}

function removeRow(button: HTMLElement): void {
  const row = button.closest('li')!;
  const list = row.parentElement!;
  const name = nameOf(list);
  const next = (row.nextElementSibling ?? row.previousElementSibling) as HTMLElement | null;
  if (list.children.length > 1) row.remove();
  else empty(row);
  number(list, name);
  offerRemoval(list);
  find('input:not([type=hidden]), select, textarea', next ?? row)?.focus();
}

/** The list that its button makes longer. */
function nameOf(list: HTMLElement): string {
  return find<HTMLButtonElement>(':scope > button.longer', list.parentElement!)!.value;
}

function empty(row: HTMLElement): void {
  // The help stands in the first row.
  for (const told of findAll('.refused, .example, small', row)) told.remove();
  for (const field of findAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(
    'input, select, textarea',
    row,
  )) {
    for (const attribute of ['aria-invalid', 'aria-describedby']) field.removeAttribute(attribute);
    if (field instanceof HTMLSelectElement) field.selectedIndex = 0;
    else if (field.type === 'checkbox') (field as HTMLInputElement).checked = false;
    else if (field.type !== 'hidden') field.value = '';
  }
}

const NAMED = ['id', 'name', 'for', 'list', 'value', 'aria-describedby', 'data-field'] as const;

/** Writes the place of each row into all that names it. */
function number(list: HTMLElement, name: string): void {
  const path = name.replaceAll(/\|\d*/g, '');
  [...list.children].forEach((row, index) => {
    for (const one of [row, ...findAll('*', row)])
      for (const attribute of NAMED) {
        // What is typed into a field is no name.
        if (attribute === 'value' && !one.matches('button.longer')) continue;
        const text = one.getAttribute(attribute);
        if (text?.includes('[')) one.setAttribute(attribute, renamed(text, [name, path], index));
      }
  });
}

function renamed(text: string, lists: readonly string[], index: number): string {
  return text
    .split(' ')
    .map((word) => {
      const list = lists.find((one) => new RegExp(`^([feho]-)?${escaped(one)}\\[`).test(word));
      if (list === undefined) return word;
      const from = word.indexOf(`${list}[`) + list.length;
      return `${word.slice(0, from)}[${index}]${word.slice(word.indexOf(']', from) + 1)}`;
    })
    .join(' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function offerRemoval(list: HTMLElement): void {
  [...list.children].forEach((row, index) => {
    let button = find(':scope > .shorter', row);
    if (!button) row.append((button = element('button', { type: 'button', class: 'shorter' }, 'Remove')));
    button.setAttribute('aria-label', `Remove ${index + 1}`);
  });
}
