import type { Protocol } from '../../protocol.js';
import { refuse, type Refusal } from '../../refusal.js';

type Section = 'assays' | 'ladder' | 'model' | 'sideEffects' | 'stimulation' | 'substances' | 'titration';

/** Refuses a command whose section the protocol leaves out. */
export function lacksSection(
  { title }: Protocol,
  section: Section,
  what: string,
): Refusal<'protocol-lacks-section'> {
  return refuse(
    'protocol-lacks-section',
    `The protocol “${title}” has no section “${section}”, so ${what} has no place in this study: add the section with AmendProtocol first.`,
  );
}
