import type { Locator, Page } from 'playwright-core';

/** What a hand did: strokes of keys, and taps on the screen or clicks. */
export interface Moves {
  readonly strokes: number;
  readonly taps: number;
}

export function inWords({ strokes, taps }: Moves): string {
  return [...(taps > 0 ? [`${taps} taps`] : []), ...(strokes > 0 ? [`${strokes} strokes`] : [])].join(', ');
}

const MOST_TABS = 150;

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
   * Tab, until the focus is there.
   * @throws Error where the focus gets lost on the way, cannot be seen, or does not come there
   */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await target.waitFor({ state: 'attached' });
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await this.press(key);
      await this.expectFocus();
    }
    throw new Error(`${MOST_TABS} times ${key} do not lead to ${String(target)}`);
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
