import type { Locator, Page } from 'playwright-core';

/** What a hand did: strokes of keys, and taps on the screen or clicks. */
export interface Moves {
  readonly strokes: number;
  readonly taps: number;
}

export function inWords({ strokes, taps }: Moves): string {
  return [...(taps > 0 ? [`${taps} taps`] : []), ...(strokes > 0 ? [`${strokes} strokes`] : [])].join(', ');
}

/** The form of a protocol has hundreds of fields. */
const MOST_TABS = 400;

/** Uses a page as a person does, by keys and taps alone, and counts them. */
export class Hand {
  #strokes = 0;
  #taps = 0;

  constructor(readonly page: Page) {}

  /** What was counted since this was last asked. */
  counted(): Moves {
    const moves = { strokes: this.#strokes, taps: this.#taps };
    this.#strokes = 0;
    this.#taps = 0;
    return moves;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.#strokes++;
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    this.#strokes += [...text].length;
  }

  async tap(target: Locator): Promise<void> {
    await target.click();
    this.#taps++;
  }

  /** Taps a field, and types over what stands in it. */
  async write(target: Locator, text: string): Promise<void> {
    await this.tap(target);
    if ((await target.inputValue()) !== '') await this.press('Control+A');
    await this.type(text);
  }

  /** Opens a list and takes what it offers. */
  async choose(target: Locator, option: string | { label: string }): Promise<void> {
    await target.selectOption(option);
    this.#taps += 2;
  }

  /**
   * Tab, or Shift+Tab to what stands before, until the focus is there; from the top of a page over its link to the content.
   * @throws Error where the focus gets lost on the way, cannot be seen, or does not come there
   */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor({ state: 'attached' });
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      const way = await target.evaluate(wayTo);
      if (way === '') return;
      await this.press(way);
      await this.expectFocus();
      if (tabs === 0 && (await target.evaluate(isPassedOver))) await this.press('Enter');
    }
    throw new Error(`${MOST_TABS} times Tab do not lead to ${String(target)}`);
  }

  /** By keys alone: Tab to a field, and type over what stands in it. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.tabTo(target);
    if ((await target.inputValue()) !== '') await this.press('Control+A');
    await this.type(text);
  }

  /** By keys alone: Tab to a button or link, and press it. */
  async enter(target: Locator): Promise<void> {
    await this.tabTo(target);
    await this.press('Enter');
  }

  /** @throws Error where nothing has the focus, or where one does not see what has it. */
  async expectFocus(): Promise<void> {
    const trouble = await this.page.evaluate(FOCUS_TROUBLE);
    if (trouble !== '') throw new Error(`${this.page.url()}: ${String(trouble)}`);
  }
}

/** A person without a mouse: what others tap is reached by Tab, and pressed. */
export class Keyboard extends Hand {
  override async tap(target: Locator): Promise<void> {
    await this.tabTo(target);
    const kind = await target.evaluate((element) =>
      element.matches('a') ? 'link' : element.matches('[type=checkbox], [type=radio]') ? 'mark' : 'button',
    );
    const left = kind === 'link' ? this.page.waitForEvent('domcontentloaded') : undefined;
    await this.press(kind === 'mark' ? 'Space' : 'Enter');
    await left;
  }

  override write(target: Locator, text: string): Promise<void> {
    return this.fill(target, text);
  }

  /** By the arrow keys, with the list closed. */
  override async choose(target: Locator, option: string | { label: string }): Promise<void> {
    await this.tabTo(target);
    const steps = await target.evaluate(stepsTo, option);
    await this.press(
      ...Array.from<string>({ length: Math.abs(steps) }).fill(steps > 0 ? 'ArrowDown' : 'ArrowUp'),
    );
  }
}

/** In the page: the key that leads to an element from where the focus is; none where it is there. */
function wayTo(element: Element): '' | 'Tab' | 'Shift+Tab' {
  const { activeElement: from, body } = element.ownerDocument;
  if (element === from) return '';
  if (!from || from === body) return 'Tab';
  return from.compareDocumentPosition(element) & 2 ? 'Shift+Tab' : 'Tab';
}

/** In the page: whether the focus is on the link to the content, which an element lies in. */
function isPassedOver(element: Element): boolean {
  return element.closest('main') !== null && element.ownerDocument.activeElement?.matches('.skip') === true;
}

/** In the page: how far down a list an option is from the one that is chosen. */
function stepsTo(element: Element, option: string | { label: string }): number {
  const { options, selectedIndex } = element as HTMLSelectElement;
  const wanted = [...options].findIndex((one) =>
    typeof option === 'string' ? one.value === option : one.label === option.label,
  );
  if (wanted < 0) throw new Error(`there is no such option as ${JSON.stringify(option)}`);
  return wanted - selectedIndex;
}

/** In the page: what is wrong with the focus, or nothing. After the last field Tab leads out of the document: that is no loss. */
const FOCUS_TROUBLE = `(() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return document.hasFocus() && !globalThis.wasOut ? ((globalThis.wasOut = true), '') : 'nothing has the focus';
  globalThis.wasOut = false;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const told = focused.outerHTML.slice(0, 120);
  if (box.width === 0 || box.height === 0) return 'the focus is on what is not shown: ' + told;
  if (box.bottom < 0 || box.top > innerHeight) return 'the focus is outside of the window: ' + told;
  return (outlineStyle === 'none' || outlineWidth === '0px') && boxShadow === 'none' ? 'the focus cannot be seen: ' + told : '';
})()`;
