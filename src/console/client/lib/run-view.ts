import { PLOT_RIGHT, filamentY, logY, plotBox, touchX, PLOT_LEFT } from '../../bench/run-plot.js';
import { chosenDepartures, departuresToBe, type Run, type RunState } from '../../bench/run.js';
import { estimateLines, filamentLines, filamentText, touchText, whyAsked } from '../../bench/run-words.js';
import type { RunData } from '../../bench/run-stage.js';
import { indexOf, logForce, type Filament, type Ladder } from '../../../study/rules/ladder.js';
import { element, findAll } from './elements.js';

/** The places of the stage, by their names. */
export type Parts = (name: string) => HTMLElement;

/** Shows a run on its stage. Marks are added to the plot one by one: a touch has to be painted at once. */
export class RunView {
  #drawn = 0;
  readonly #responses: readonly HTMLElement[];
  readonly #filaments: readonly HTMLElement[];

  constructor(
    private readonly part: Parts,
    private readonly meanings: RunData['meanings'],
    public ladder: Ladder,
  ) {
    this.#responses = [...findAll('[data-response]', part('stage'))];
    this.#filaments = [...findAll('[data-filament]', part('stage'))];
  }

  show(run: Run, state: RunState): void {
    this.#filament(run, state);
    this.#touches(run);
    this.#estimate(state);
    tell(this.part('departures'), this.#departures(run, state).join(' '));
  }

  /** Begins anew, without any touch. */
  clear(): void {
    this.#drawn = 0;
    this.part('marks').replaceChildren();
    this.part('touches').replaceChildren();
  }

  #filament({ isStopped }: Run, { filament, asked }: RunState): void {
    const { part } = this;
    const isToDo = filament !== null && !isStopped;
    const [large, small] = isToDo
      ? filamentLines(this.#named(filament))
      : [isStopped ? 'Stopped' : 'Complete', ''];
    tell(part('do'), isToDo ? 'Take' : '');
    tell(part('label'), large);
    tell(part('grams'), small);
    const isOther = filament !== asked.next;
    tell(
      part('why'),
      isStopped ? '' : isOther ? `In hand instead of ${this.#text(asked.next)}.` : whyAsked(asked),
    );
    for (const button of this.#responses) mark(button, 'aria-disabled', !isToDo);
    for (const button of this.#filaments)
      mark(button, 'aria-pressed', button.dataset['filament'] === filament);
  }

  #touches({ made }: Run): void {
    const { ladder } = this;
    const [marks, list] = [this.part('marks'), this.part('touches')];
    made.slice(this.#drawn).forEach((touch, offset) => {
      const at = this.#drawn + offset;
      marks.append(drawMark(touch.response, touchX(at), filamentY(ladder, indexOf(ladder, touch.filament))));
      list.append(
        element('li', {}, touchText({ filament: touch.filament, response: touch.response }, ladder)),
      );
    });
    this.#drawn = made.length;
    made.forEach((touch, at) => {
      const item = list.children[at]!;
      if (touch.struck === undefined || item.firstElementChild) return;
      item.replaceChildren(element('del', {}, touchText(touch, ladder)));
      marks.children[at]!.classList.add('struck');
    });
    const box = plotBox(ladder, made.length);
    if (this.part('plot').getAttribute('viewBox') !== box) this.part('plot').setAttribute('viewBox', box);
  }

  #estimate({ threshold, isOver }: RunState): void {
    const [value, more] = estimateLines(threshold);
    tell(this.part('so-far'), isOver ? '50 % threshold' : '50 % threshold so far');
    tell(this.part('estimate'), value);
    tell(this.part('more'), more);
    const { ladder } = this;
    const { log10e4, bound } = threshold;
    const level = bound ? boundLog(ladder.filaments, bound.relation) : log10e4;
    this.part('level').setAttribute(
      'd',
      level === null ? '' : `M${PLOT_LEFT} ${logY(ladder, level)}H${PLOT_RIGHT}`,
    );
  }

  /** Sentences about what departs from the rule, made or about to be. */
  #departures(run: Run, state: RunState): string[] {
    const { meanings, ladder } = this;
    const flags = state.isOver ? state.flags : chosenDepartures(state.flags);
    const toBe = run.isStopped ? [] : departuresToBe(ladder, state);
    return [
      ...toBe.map((flag) => `With ${this.#text(state.filament)} this record ${meanings[flag]}.`),
      ...flags.map((flag) => `This record ${meanings[flag]}.`),
    ];
  }

  #text(label: string | null): string {
    return label === null ? '' : filamentText(this.#named(label));
  }

  #named(label: string): Filament {
    const { ladder } = this;
    return ladder.filaments[indexOf(ladder, label)]!;
  }
}

function boundLog(filaments: readonly Filament[], relation: '<' | '>'): number {
  return relation === '<' ? logForce(filaments[0]!) - 1 : logForce(filaments.at(-1)!) + 1;
}

const shown = new WeakMap<HTMLElement, string>();

/** Text that stays is not written again. */
export function tell(place: HTMLElement, text: string): void {
  if (shown.get(place) === text) return;
  shown.set(place, text);
  place.textContent = text;
}

function mark(button: HTMLElement, attribute: string, holds: boolean): void {
  if (button.getAttribute(attribute) !== String(holds)) button.setAttribute(attribute, String(holds));
}

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  O: { tag: 'circle', r: '9' },
  X: { tag: 'path', d: 'M-8-8 8 8M-8 8 8-8' },
  '?': { tag: 'text', class: 'ambiguous', y: '7', 'text-anchor': 'middle' },
} as const;

function drawMark(response: keyof typeof SHAPES, x: number, y: number): SVGElement {
  const { tag, ...attributes } = SHAPES[response];
  const shape = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  if (response === '?') shape.textContent = '?';
  const strike = document.createElementNS(SVG, 'path');
  strike.setAttribute('class', 'strike');
  strike.setAttribute('d', 'M-13 0H13');
  const group = document.createElementNS(SVG, 'g');
  group.setAttribute('transform', `translate(${x} ${y})`);
  group.append(shape, strike);
  return group;
}
