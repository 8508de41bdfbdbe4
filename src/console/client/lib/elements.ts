export type Child = Node | string;

/** An element with attributes; text in it is text. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says what it finds, as with querySelector
export function find<E extends Element = HTMLElement>(
  selector: string,
  within: ParentNode = document,
): E | null {
  return within.querySelector<E>(selector);
}

export function findAll<E extends Element = HTMLElement>(
  selector: string,
  within: ParentNode = document,
): NodeListOf<E> {
  return within.querySelectorAll<E>(selector);
}

/** A button that sends no form. */
export function button(label: string, act: () => void): HTMLElement {
  const made = element('button', { type: 'button' }, label);
  made.addEventListener('click', act);
  return made;
}

export type Outcome = 'holds' | 'fails' | 'open';

const SHAPES: Readonly<Record<Outcome, readonly [shape: string, word: string]>> = {
  holds: ['✓', 'holds: '],
  fails: ['✕', 'does not hold: '],
  open: ['–', 'not checked: '],
};

/** A shape, and the same as a word for those who do not see it. */
export function tick(outcome: Outcome): HTMLElement {
  const [shape, word] = SHAPES[outcome];
  return element(
    'span',
    { class: `tick ${outcome}` },
    element('span', { 'aria-hidden': 'true' }, shape),
    element('span', { class: 'unseen' }, word),
  );
}

/** What was compared with what, and how it came out. */
export function step(outcome: Outcome, ...told: readonly Child[]): HTMLElement {
  return element('li', { class: outcome }, tick(outcome), element('div', {}, ...told));
}

export function code(text: string): HTMLElement {
  return element('code', {}, text);
}

/** `1,602` */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 record`, `1,602 records` */
export function records(number: number): string {
  return `${count(number)} ${number === 1 ? 'record' : 'records'}`;
}
