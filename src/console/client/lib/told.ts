import { code, element, tick, type Outcome, find } from './elements.js';
import type { SignedState } from './signatures.js';

/** The result of all steps in a sentence, its main part set off. */
export function summary(outcome: Outcome, main: string, rest: string): HTMLElement {
  return element(
    'p',
    { class: `checked ${outcome}`, role: 'status' },
    tick(outcome),
    element('span', {}, element('strong', {}, main), rest),
  );
}

/** The worst of steps. */
export function outcomeOf(steps: HTMLElement): Outcome {
  for (const outcome of ['fails', 'open'] as const) if (find(`:scope > .${outcome}`, steps)) return outcome;
  return 'holds';
}

/** Whether the state of a log is signed, for `step`. */
export function aboutSignature({
  signature,
  key,
  checkpoint,
}: SignedState): readonly [Outcome, ...(Node | string)[]] {
  const named = key === undefined ? '' : `${key.name}+${key.id}`;
  switch (signature) {
    case 'signed':
      return ['holds', 'That state is signed (Ed25519) by the key ', code(named), '.'];
    case 'forged':
      return ['fails', 'The signature under that state is not by the key that it names, ', code(named), '.'];
    case 'unsigned':
      return ['fails', `No key of ${checkpoint.origin} that this page knows signed that state.`];
    case 'unchecked':
      return [
        'open',
        'This browser has no Ed25519 here, so the signature by ',
        code(named),
        ' was not checked. A newer browser, or the address 127.0.0.1, has it.',
      ];
  }
}
