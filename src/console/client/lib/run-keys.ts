import type { StrikeReason } from '../../bench/run.js';
import { ofBrowser } from './browser-storage.js';

export type Response = 'O' | 'X' | '?';

/** What keys do with a run. */
export interface RunByKeys {
  touch(response: Response): void;
  strike(why: StrikeReason): void;
  isOver(): boolean;
  record(): void;
}

const RESPONSES: Readonly<Record<string, Response>> = {
  o: 'O',
  arrowleft: 'O',
  x: 'X',
  arrowright: 'X',
  '?': '?',
  arrowdown: '?',
};
const STRIKES: Readonly<Record<string, StrikeReason>> = { backspace: 'mistyped', m: 'moved' };

const OFF = 'bench-single-keys-off';

/**
 * Single keys act while the stage has the focus, and where they are not turned off (WCAG 2.1.4); this browser keeps that.
 * A pedal types a letter and Enter: once it did so in a run that goes on, the Enter after the last touch is its own as well.
 */
export function watchKeys(stage: HTMLElement, areOn: HTMLInputElement, run: RunByKeys): void {
  let isPedal = false;
  let isEnterOwed = false;
  areOn.checked = ofBrowser.get(OFF) === null;
  areOn.addEventListener('change', () => {
    if (areOn.checked) ofBrowser.remove(OFF);
    else ofBrowser.set(OFF, 'yes');
  });

  const enter = (): void => {
    if (isEnterOwed) isEnterOwed = false;
    else if (run.isOver()) run.record();
    else isPedal = true;
  };
  const act = (key: string): void => {
    const response = RESPONSES[key];
    if (response) run.touch(response);
    else run.strike(STRIKES[key]!);
    isEnterOwed = isPedal && run.isOver() && response !== undefined;
  };

  stage.addEventListener('keydown', (event) => {
    const { ctrlKey, altKey, metaKey, repeat, target } = event;
    if (ctrlKey || altKey || metaKey || target instanceof HTMLInputElement) return;
    const key = event.key.toLowerCase();
    const isEnter = key === 'enter' && target === stage;
    if (!isEnter && !(areOn.checked && (key in RESPONSES || key in STRIKES))) return;
    event.preventDefault();
    if (repeat) return;
    if (isEnter) enter();
    else {
      // From here on Enter belongs to the run, not to the button that was used last.
      if (target !== stage) stage.focus({ preventScroll: true });
      act(key);
    }
  });
}
