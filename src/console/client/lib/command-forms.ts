import { Refused, post, type Problem } from './ask-server.js';
import { button, element, find, findAll } from './elements.js';
import { clearErrors } from './form-errors.js';
import { signedInFor } from './unlock.js';

/** Sends forms as commands. Fields become members of `data`; a refusal stands at the field that it is about. */
export function sendCommandForms(): void {
  for (const form of findAll<HTMLFormElement>('form[data-command]')) {
    // An answer that was lost is asked for again under the same key, so that a command is recorded once.
    let key = crypto.randomUUID();
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const { ask } = form.dataset;
      if (ask !== undefined && !confirm(ask)) return;
      void send(form, () => key).then((isAnswered) => {
        if (isAnswered) key = crypto.randomUUID();
      });
    });
    form.addEventListener('input', () => (key = crypto.randomUUID()));
  }
}

/** @returns whether there is an answer, yes or no. */
async function send(form: HTMLFormElement, key: () => string): Promise<boolean> {
  clearErrors(form);
  const sending = find<HTMLButtonElement>('button', form)!;
  sending.disabled = true;
  try {
    const answer = await signedInFor(() =>
      post<{ secret?: string }>(form.action, { data: dataOf(form) }, key()),
    );
    if (answer.secret === undefined) location.reload();
    else showSecret(form, answer.secret);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { problem } = error;
    showProblem(form, problem);
    return problem.status !== 0 && problem.status < 500;
  } finally {
    sending.disabled = false;
  }
}

/** What is empty is left out. */
function dataOf(form: HTMLFormElement): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    if (field.name === '' || field.value === '' || (field.type === 'checkbox' && !isChecked(field))) continue;
    const { name, value, dataset } = field;
    if (dataset['as'] === 'list') data[name] = [...((data[name] as string[] | undefined) ?? []), value];
    else setMember(data, name.split('.'), valueOf(value, dataset['as']));
  }
  return data;
}

/** `oidc.issuer` is a member of a member. */
function setMember(data: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) data[first] = value;
  else setMember((data[first] ??= {}) as Record<string, unknown>, rest, value);
}

function isChecked(field: Element): boolean {
  return (field as HTMLInputElement).checked;
}

function valueOf(value: string, as: string | undefined): unknown {
  switch (as) {
    case 'number':
      return Number(value);
    case 'boolean':
      return true;
    case 'lines':
      return value.split(/[\s,]+/).filter(Boolean);
    case 'instant':
      // As typed, in the time zone of this device.
      return new Date(value).toISOString();
    default:
      return value;
  }
}

let refusals = 0;

function showProblem(form: HTMLFormElement, { detail, field, errors }: Problem): void {
  const all = errors ?? [{ field: field ?? '', detail }];
  let first: HTMLElement | undefined;
  for (const { field: name, detail: sentence } of all) {
    const input = find(
      `[name="${CSS.escape(name.replace(/^data\./, '').replace(/[.[].*/, ''))}"]:not([type=hidden])`,
      form,
    );
    const id = `refused-${refusals++}`;
    const told = element('p', { class: 'refused', id, role: 'alert' }, sentence);
    if (input) {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', id);
      (input.closest('fieldset') ?? input.closest('label') ?? input).after(told);
      first ??= input;
    } else form.append(told);
  }
  first?.focus();
}

/** The month in letters: 4/12 is a day of December or of April. */
const UNTIL: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
};

/** It is shown once: the page is loaded anew only when the reader is done with it. */
function showSecret(form: HTMLFormElement, secret: string): void {
  const { before = '', told: about = '', hours = '' } = form.dataset;
  const holdsMs = Number(dataOf(form)[hours]) * 3_600_000;
  const until = Number.isNaN(holdsMs)
    ? ''
    : ` It holds until ${new Date(Date.now() + holdsMs).toLocaleString('en-GB', UNTIL)}.`;
  const text = before + secret;
  const copy = button('Copy', () => {
    void navigator.clipboard.writeText(text).then(() => (copy.textContent = 'Copied'));
  });
  const done = button('Done', () => location.reload());
  const shown = element(
    'section',
    { class: 'secret', role: 'status', tabindex: '-1' },
    element('p', {}, about + until),
    element('p', {}, element('code', {}, text)),
    element('p', {}, copy, ' ', done),
  );
  form.replaceWith(shown);
  shown.focus();
}
